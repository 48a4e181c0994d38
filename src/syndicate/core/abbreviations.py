"""Know the abbreviations of languages, and what can follow them in the same sentence."""

_OF_AN_HOUR = "ET EST EDT CT CST CDT PT PST PDT GMT BST UTC Mon Tue Wed Thu Fri Sat Sun"
CLOCK = tuple(_OF_AN_HOUR.split())

_COMMON = "no nr vs etc approx fig vol ca cf st dr prof ed"
_ABBREVIATIONS: dict[str, str] = {
    "en": """mr mrs ms messrs dr prof sr jr st mt ft gen lt col sgt capt cmdr adm maj brig rev hon gov sen rep reps sens
        pres supt det insp dept univ inc corp co ltd llc bros assn etc vs v no nos vol fig jan feb mar apr jun jul aug sep
        sept oct nov dec ave blvd rd a.m p.m e.g i.e u.s u.k u.n d.c ph.d est al approx cf ed esq pvt spc cpl atty d-n.y""",
    "de": """abs abt bzw ca d d.h dr evtl gem ggf h.c hl hr hrsg i inkl jh kap lt max mind mio mrd nr o o.ä prof s s.o sog st str
        tel u u.a usw u.u v v.a vgl vs z z.b z.t zzgl dipl ing fr jan feb mär apr aug sept okt nov dez bspw geb gest etc rd e.v""",
    "fr": """m mm mme mmes mlle dr me pr st ste av bd cf env etc ex fig hab no p.ex tél vol janv févr avr juil sept oct nov
        déc art chap éd""",
    "es": """sr sra sres srta d dña dr dra ud uds avda av pág págs p.ej etc ee ee.uu núm no tel art gral lic ing prof sto sta
        ene feb mar abr jun jul ago sept oct nov dic depto cía""",
    "it": "sig sigg sig.ra dott dott.ssa prof ing avv on sen ecc es pag pagg art n tel s.p.a spa v cfr geom mons rag gen feb apr "
    "giu lug ago sett ott nov dic",
    "pt": "sr sra srs dr dra prof profa eng av art etc ex exmo pág págs n no núm tel vol lda s.a gen cel jan fev mar abr jun jul ago nov dez",
    "nl": "dhr mevr mw dr drs ing ir mr prof st nr blz bijv bv ca d.w.z enz etc evt i.v.m jl m.b.t max min mln mld mrt nl o.a okt resp tel "
    "t.a.v t/m vgl zgn",
    "ru": "г гг в вв д др им и.о т.е т.д т.п т.к т.н т.ч стр ул пр просп млн млрд тыс руб коп см рис проф акад гл обл р-н св пос",
    "uk": "р рр ст д др ім і.о т.д т.п т.зв т.ч стор вул просп млн млрд тис грн коп див рис проф акад гол обл м смт св",
    "pl": "al art dr hab im inż itd itp jw m.in mgr mln mld nr np ok os par pl pt por prof proc r św tel tj tys tzw ul ur wg "
    "ww zob zł",
    "cs": "č čl dr ing mgr mj např obr odst p pí prof r resp st tj tzv",
    "fi": "esim klo ks mm n nk os s tms v vrt",
    "el": "αρ βλ δηλ δρ κ κα κκ π.χ σελ τηλ",
    "ar": "ق.م",
    "tr": "dr prof doç av sn vb vs no st cad sok mah bkz örn yrd müh tel alm ing",
    "sv": "bl.a d.v.s dr e.d etc ev f.d fr.o.m jfr kl m.fl m.m nr o.s.v prof s.k st t.ex t.o.m tel",
}
ANY_LANGUAGE = frozenset(" ".join((_COMMON, _ABBREVIATIONS["en"])).split()) - {
    "no",
    "co",
    "est",
    "al",
    "ed",
    "in",
    "mar",
}
BY_LANGUAGE = {language: frozenset(words.split()) | ANY_LANGUAGE for language, words in _ABBREVIATIONS.items()}
# These end a sentence as often as not: they go on only before a number (No. 5, fig. 2).
_NUMBERED = """no nos nr fig vol art n pág págs p pp núm approx ca sec séc godz
    стр ч п пп с ст рис гл кв абз янв фев февр апр июн июл авг сен сент окт ноя нояб дек
    буд січ лют бер берез квіт трав черв лип серп верес вер жовт лист листоп груд"""
BEFORE_NUMBERS = frozenset(_NUMBERED.split())
# With a number before them they are years and centuries ("2026 г.", "XIX w."), which end a sentence or not.
YEARS = frozenset(["г", "гг", "в", "вв", "р", "рр", "r", "w"])
# More of a firm's name: "& Co. KG".
FIRMS = ("KG", "OHG", "Ltd", "LLC", "Inc")
# After these a capital letter is more often a new sentence than a name.
MAY_END = frozenset(["inc", "corp", "co", "ltd", "llc", "bros", "etc", "a.m", "p.m", "u.s", "u.k", "u.n", "d.c", "e.u", "est", "usw", "str", "e.v", "ecc", "enz", "itd", "itp", "т.д", "т.п", "г", "гг", "р", "jr", "sr", "руб", "коп", "грн", "тыс", "млн", "млрд", "тис", "r", "vb", "ph.d", "ee.uu"])  # fmt: skip
# Where one letter before a stop is an initial or a title, though it has no capital form.
CASELESS = frozenset(["ar", "fa", "ur", "he"])
# With these words a sentence begins, and no name goes on: "Plan B. Then", "in the U.S. They".
_STARTING = "The It In He She They But And This That Then There These Those When While After A I We As"
STARTERS = ("“", '"', *(f"{word} " for word in _STARTING.split()))
# Months and numerals before which German, Nordic and Slavic ordinals keep going: "am 3. Oktober".
ORDINALS = frozenset(["de", "da", "no", "nb", "nn", "fi", "cs", "sk", "pl", "hu", "tr", "hr", "sl", "sr", "et", "lv"])
