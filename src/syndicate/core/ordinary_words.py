"""List ordinary words that a summary may have capitalised though its article has not: no names, whatever they stand beside."""

from functools import cache

_OPENING = {
    "en": """according officials authorities police experts residents researchers critics repairs work plans opponents supporters people residents
        investigators details figures prices results both neither another although despite despite meanwhile separately additionally under local""",
    "fr": "d'après selon plusieurs autorités travaux habitants experts police responsables chercheurs parallèlement ailleurs toutefois néanmoins bien",
    "es": "según autoridades obras vecinos expertos policía responsables investigadores además asimismo mientras aunque pese tras no",
    "it": "secondo autorità lavori residenti esperti polizia responsabili ricercatori inoltre intanto mentre nonostante dopo",
    "pt": "segundo autoridades obras moradores especialistas polícia responsáveis pesquisadores além enquanto embora apesar após",
    "nl": "volgens autoriteiten werkzaamheden bewoners deskundigen politie onderzoekers daarnaast ondertussen hoewel ondanks",
    "ru": "власти жители эксперты полиция чиновники учёные специалисты ремонт согласно мнению несмотря также кроме помимо тем из-за",
    "uk": "влада мешканці експерти поліція чиновники вчені фахівці ремонт згідно думку попри також крім окрім водночас через",
    "pl": "władze zdaniem mieszkańcy eksperci policja urzędnicy naukowcy specjaliści naprawa remont według ponadto jednocześnie mimo choć",
    "tr": "yetkililer uzmanlar polis sakinler araştırmacılar onarım ayrıca öte buna bunun rağmen göre halk vatandaşlar",
}
_GERMAN_NOUNS = """abend abkommen ablauf abschnitt abstand aktion alltag alter anfang angabe angebot angst anlass ansicht anspruch anteil antrag antwort
    anwohner anzahl arbeit arbeiter art arzt aufgabe auftrag aufwand ausbau ausgabe ausland ausnahme auswahl bau bauarbeiten bauwerk beamte bedarf beginn behörde
    beispiel beitrag bereich bericht beruf beschluss besitz besuch besucher betrag betreiber betrieb bewohner beweis bild blick boden brand brief bund bürger
    chance dach daten dauer dank dienst ding dorf druck ebene ehe einblick einfluss einsatz eltern ende energie entwurf erfolg ergebnis ersatz experte fachleute
    fahrer fahrgast fahrt fahrzeug fall familie fehler fläche flug folge form forscher fortschritt frage frau freund frist führer gast gebäude gebiet
    gefahr gegend gegner geld gelände gemeinde gericht geschichte geschäft gesetz gespräch gewalt gewinn gewicht glück grenze größe grund gruppe gutachten hand
    handel haus haushalt heimat herbst hilfe hinweis hoffnung idee industrie inhalt interesse jahr jahrzehnt jahrhundert jugend kampf kind klage konflikt kosten
    kraft kreis krieg krise kritik kritiker kunde land leben leute lage leistung leiter lehrer linie liste lösung luft macht mangel mann markt maschine menge mensch
    milliarde million minute mitarbeiter mitglied mittag mitte mittel moment monat morgen mutter nachfrage nachricht nacht nachmittag natur not nutzer ort
    paar partei partner passagier person pflicht plan platz politik politiker polizei preis problem projekt protest prozent prozess quelle rahmen rand rat raum recht rede
    regel region reihe reise rest richter richtung risiko riss rolle ruhe rückgang rückkehr sache schade schaden schäden schließung schritt schuld schule schutz
    schüler see seite sicht sinn sommer sorge spiel sprecher staat stadt stand start stelle steuer stimme stoff straße strecke streit strom stück stunde suche szene
    tag täter tat teil teilnehmer termin thema tier tod ton tote transport treffen umbau umfang umgang umsatz umstand umwelt unfall unternehmen unterricht urlaub ursache urteil
    vater verband verbot verbraucher verdacht verein verfahren vergleich verhalten verkehr verletzte verlust versuch vertrag vertreter verzicht volk vorfall
    vorschlag vorteil vorwurf wahl wandel wasser weg welt wert wetter widerstand wille winter wirkung wirtschaft woche wohl wort wunsch zahl zeichen zeit zeitpunkt zeuge
    ziel zug zugang zukunft zusage zusammenhang zustand zustimmung zweck zweifel"""


@cache
def opening_words(language: str) -> frozenset[str]:
    """Return the words, beside the small ones, that a sentence of news often begins with."""
    return frozenset(_OPENING.get(language, "").split())


@cache
def german_nouns() -> tuple[str, ...]:
    """Return frequent German nouns."""
    return tuple(_GERMAN_NOUNS.split())
