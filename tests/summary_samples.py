"""Invented articles, with summaries that a model could write of them: true ones, and ones that name what is not there."""

from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True)
class Sample:
    """An article with summaries of it."""

    language: str
    title: str
    text: str
    true: tuple[str, ...]
    false: tuple[str, ...]


CAPITALS = (
    Sample(
        language="de",
        title="Hafenbrücke in Lübeck wird sechs Wochen gesperrt",
        text="Die Stadt Lübeck sperrt die Hafenbrücke für sechs Wochen. Ingenieure haben in 14 Lagern Risse entdeckt, sagte Bürgermeisterin Ada Penn am "
        "Montag. Die Reparatur kostet 1,2 Millionen Euro. Während der Bauarbeiten bringen Fähren die Pendler kostenlos über die Trave. Händler aus "
        "Travemünde befürchten Verluste; der Hamburger Verkehrsforscher Jens Okafor hält die Sperrung für unvermeidlich.",
        true=(
            "Die Lübecker Hafenbrücke bleibt sechs Wochen geschlossen, weil in 14 Lagern Risse gefunden wurden. Die Reparaturkosten liegen bei 1,2 Millionen Euro.",
            "Wegen Rissen in den Lagern ist die Brücke in Lübeck sechs Wochen lang nicht befahrbar; ein kostenloser Fährverkehr dient als Ersatz.",
            "Bürgermeisterin Penn begründet die Schließung mit Schäden, die bei einer Untersuchung entdeckt wurden. Travemündes Händler fürchten einen Rückgang ihrer Umsätze.",
            "Nach Ansicht des Forschers Okafor aus Hamburg lässt sich die Maßnahme nicht vermeiden. Für die Fahrt mit der Fähre müssen die Pendler nichts bezahlen.",
        ),
        false=(
            "Die Hafenbrücke in Rostock wird sechs Wochen gesperrt, weil Ingenieure in 14 Lagern Risse entdeckt haben.",
            "Die Sperrung der Hafenbrücke ist unvermeidlich, sagte Bürgermeister Karl Winter am Montag in der Stadt Lübeck.",
            "Der Kieler Verkehrsforscher Jens Okafor hält die Sperrung der Hafenbrücke für sechs Wochen für unvermeidlich.",
            "Die Reparatur der Hafenbrücke kostet 1,2 Millionen Euro, die Siemens und die Stadt Lübeck sich teilen.",
        ),
    ),
    Sample(
        language="ru",
        title="Мост в Санкт-Петербурге закроют на шесть недель",
        text="Власти города Санкт-Петербург закрывают портовый мост на шесть недель. Инженеры нашли трещины в 14 опорах, сообщила в понедельник мэр Анна "
        "Ковалёва. Ремонт обойдётся в 1,2 миллиона рублей. Паромы будут бесплатно перевозить пассажиров через Неву. Торговцы из Кронштадта боятся убытков, "
        "а московский учёный Пётр Лебедев считает закрытие неизбежным.",
        true=(
            "Портовый мост Санкт-Петербурга закроют на шесть недель из-за трещин, найденных инженерами в 14 опорах. Ремонт стоит 1,2 миллиона рублей.",
            "По словам Анны Ковалёвой, мост нужно отремонтировать; через Неву людей бесплатно повезут паромы.",
            "Кронштадтские торговцы опасаются потерь, однако учёный из Москвы Лебедев полагает, что другого выхода нет.",
            "Петербургские власти на шесть недель закрывают мост, а пассажиров Невы возьмут на борт бесплатные паромы.",
        ),
        false=(
            "Портовый мост в Новгороде закроют на шесть недель, потому что инженеры нашли трещины в 14 опорах.",
            "Ремонт моста обойдётся в 1,2 миллиона рублей, сообщил мэр города Сергей Орлов в понедельник.",
            "Торговцы из Выборга боятся убытков, пока портовый мост закрыт и паромы возят пассажиров бесплатно.",
        ),
    ),
    Sample(
        language="uk",
        title="Міст у Києві закриють на шість тижнів",
        text="Київ закриває річковий міст на шість тижнів. Інженери знайшли тріщини у 14 опорах, повідомила в понеділок мерка Оксана Шевчук. Ремонт коштуватиме "
        "1,2 мільйона гривень. Пороми безкоштовно перевозитимуть пасажирів через Дніпро. Торговці з Бровар бояться збитків, а вчений Павло Мороз зі Львова "
        "вважає закриття неминучим.",
        true=(
            "Влада Києва на шість тижнів закриває міст, бо у 14 опорах інженери знайшли тріщини. Ремонт коштуватиме 1,2 мільйона гривень.",
            "За словами Оксани Шевчук, київський міст потребує ремонту; через Дніпро людей безкоштовно возитимуть пороми.",
            "Львівський учений Мороз каже, що іншого виходу немає, хоча торговці Броварів побоюються збитків.",
        ),
        false=(
            "Річковий міст у Харкові закриють на шість тижнів, бо інженери знайшли тріщини у 14 опорах.",
            "Ремонт мосту коштуватиме 1,2 мільйона гривень, повідомив у понеділок мер Києва Андрій Бондар.",
            "Одеський вчений Павло Мороз вважає закриття річкового мосту на шість тижнів неминучим.",
        ),
    ),
    Sample(
        language="pl",
        title="Warszawa zamyka most na sześć tygodni",
        text="Warszawa zamyka most portowy na sześć tygodni. Inżynierowie znaleźli pęknięcia w 14 łożyskach, powiedziała w poniedziałek burmistrz Anna Kowalska. "
        "Naprawa pochłonie 1,2 miliona złotych. Promy będą bezpłatnie przewozić pasażerów przez Wisłę. Handlowcy z Pragi obawiają się strat, a naukowiec Marek "
        "Zieliński z Krakowa uważa zamknięcie za nieuniknione.",
        true=(
            "Most portowy w Warszawie będzie zamknięty przez sześć tygodni, bo w 14 łożyskach znaleziono pęknięcia. Naprawa pochłonie 1,2 miliona złotych.",
            "Władze Warszawy zapowiadają bezpłatne promy po Wiśle na czas naprawy, mówi burmistrz Kowalska.",
            "Zdaniem Marka Zielińskiego zamknięcia nie da się uniknąć, choć handlowcy na Pradze boją się strat.",
            "Krakowski naukowiec Zieliński broni decyzji; warszawskim promem przez Wisłę popłynie się za darmo.",
        ),
        false=(
            "Most portowy w Gdańsku będzie zamknięty przez sześć tygodni, bo w 14 łożyskach znaleziono pęknięcia.",
            "Naprawa mostu pochłonie 1,2 miliona złotych, powiedział w poniedziałek burmistrz Tomasz Lis.",
            "Naukowiec Marek Wiśniewski z Krakowa uważa, że zamknięcie mostu w Warszawie jest nieuniknione.",
        ),
    ),
    Sample(
        language="tr",
        title="İstanbul liman köprüsünü altı hafta kapatıyor",
        text="İstanbul liman köprüsünü altı hafta boyunca kapatıyor. Belediye Başkanı Ayşe Demir pazartesi günü, mühendislerin 14 mesnette çatlak bulduğunu "
        "söyledi. Onarım 1,2 milyon liraya mal olacak. Vapurlar yolcuları Haliç üzerinden ücretsiz taşıyacak. Üsküdar esnafı zarardan korkuyor, Ankara'dan "
        "bilim insanı Cem Aydın ise kapatmayı kaçınılmaz buluyor.",
        true=(
            "İstanbul'da liman köprüsü altı hafta kapalı kalacak, çünkü mühendisler 14 mesnette çatlak buldu. Onarım 1,2 milyon liraya mal olacak.",
            "Ayşe Demir'e göre köprü onarılmalı; yolcular Haliç'ten vapurlarla ücretsiz geçecek.",
            "Üsküdarlı esnaf zarardan korkarken Ankaralı bilim insanı Aydın kapatmanın kaçınılmaz olduğunu söylüyor.",
        ),
        false=(
            "İzmir'de liman köprüsü altı hafta kapalı kalacak, çünkü mühendisler 14 mesnette çatlak buldu.",
            "Belediye Başkanı Murat Kaya pazartesi günü onarımın 1,2 milyon liraya mal olacağını söyledi.",
            "Üsküdar esnafı zarardan korkuyor, Bursa'dan bilim insanı Cem Aydın kapatmayı kaçınılmaz buluyor.",
        ),
    ),
    Sample(
        language="fr",
        title="Le pont du port de Nantes fermé six semaines",
        text="La ville de Nantes ferme le pont du port pendant six semaines. Des ingénieurs ont trouvé des fissures dans 14 appuis, a déclaré lundi la maire Anne "
        "Leroy. La réparation coûtera 1,2 million d'euros. Des bacs transporteront gratuitement les voyageurs sur la Loire. Les commerçants de Rezé craignent "
        "des pertes, mais le chercheur Paul d'Orsay, de l'université de Rennes, juge la fermeture inévitable.",
        true=(
            "Le pont du port de Nantes sera fermé six semaines à cause de fissures dans 14 appuis. Les travaux coûteront 1,2 million d'euros.",
            "D'après Anne Leroy, les Nantais prendront des bacs gratuits sur la Loire pendant la réparation.",
            "À Rezé, les commerçants redoutent des pertes, alors que le chercheur rennais d'Orsay estime qu'il n'y a pas d'autre choix.",
        ),
        false=(
            "Le pont du port de Bordeaux sera fermé six semaines à cause de fissures dans 14 appuis, selon les ingénieurs.",
            "La réparation du pont coûtera 1,2 million d'euros, a déclaré lundi le maire Jacques Morel.",
            "Le chercheur Paul d'Estaing, de l'université de Rennes, juge la fermeture du pont inévitable.",
        ),
    ),
    Sample(
        language="es",
        title="Sevilla cierra seis semanas el puente del puerto",
        text="La ciudad de Sevilla cierra el puente del puerto durante seis semanas. Los ingenieros hallaron grietas en 14 apoyos, dijo el lunes la alcaldesa Ana "
        "Torres. La reparación costará 1,2 millones de euros. Los transbordadores llevarán gratis a los viajeros por el Guadalquivir. Los comerciantes de Triana "
        "temen pérdidas, pero el investigador Luis Ortega, de la Universidad de Cádiz, considera inevitable el cierre.",
        true=(
            "El puente del puerto de Sevilla estará cerrado seis semanas por grietas en 14 apoyos. Las obras costarán 1,2 millones de euros.",
            "Según la alcaldesa Torres, los viajeros cruzarán gratis el Guadalquivir en transbordadores mientras dure la reparación.",
            "El investigador Ortega, de Cádiz, ve inevitable el cierre, aunque en Triana los comerciantes temen perder dinero.",
        ),
        false=(
            "El puente del puerto de Málaga estará cerrado seis semanas por grietas en 14 apoyos, según los ingenieros.",
            "La reparación costará 1,2 millones de euros, dijo el lunes el alcalde de Sevilla, Pedro Molina.",
            "El investigador Luis Ortega, de la Universidad de Granada, considera inevitable el cierre del puente.",
        ),
    ),
    Sample(
        language="en",
        title="Harbour bridge in Leith to close for six weeks",
        text="The city of Edinburgh will close the harbour bridge in Leith for six weeks. Engineers found cracks in 14 bearings, Mayor Ada Penn said on Monday. "
        "The repair will cost £1.2 million. Ferries will carry commuters across the Forth free of charge. Traders in Newhaven fear losses, but Ian Johnson, a "
        "researcher from Norway, calls the closure inevitable.",
        true=(
            "Leith's harbour bridge will be shut for six weeks because of cracks in 14 bearings. Repairs will cost £1.2 million.",
            "Commuters will travel free on ferries across the Forth while the bridge is repaired, Edinburgh's mayor, Ada Penn, said.",
            "The closure cannot be avoided, according to Johnson, a researcher. Newhaven traders expect to lose money.",
        ),
        false=(
            "The harbour bridge in Glasgow will be shut for six weeks because engineers found cracks in 14 bearings.",
            "The repair will cost £1.2 million, Mayor Robert Hume of Edinburgh said on Monday after engineers found cracks.",
            "Traders in Newhaven fear losses, but Ian Johnston, a researcher from Norway, calls the closure inevitable.",
        ),
    ),
)


WITHOUT = (
    Sample(
        language="zh",
        title="海港大桥将关闭六周",
        text="滨海市将关闭海港大桥六周。市长李华周一表示，工程师在14个支座上发现裂缝。维修费用为120万元。渡轮将免费运送乘客过江。南岸商户担心蒙受损失，"
        "北方大学研究员陈思远认为关闭不可避免。",
        true=(
            "海港大桥将关闭六周，因为工程师在14个支座上发现裂缝，维修费用为120万元。",
            "市长李华说，大桥维修期间，乘客可以免费乘渡轮过江，南岸商户则担心损失。",
            "研究员陈思远认为大桥的关闭不可避免，市长宣布渡轮将免费运送乘客。",
        ),
        false=(
            "市长赵建国周一表示，海港大桥将关闭六周，工程师在14个支座上发现裂缝。",
            "海港大桥将关闭六周，市长王芳表示，渡轮将免费运送乘客过江，维修费用为120万元。",
            "北方大学研究员欧阳文博认为关闭不可避免，海港大桥将关闭六周，渡轮免费运送乘客。",
        ),
    ),
    Sample(
        language="ja",
        title="港の橋、6週間閉鎖へ",
        text="浜松市は港の橋を6週間閉鎖する。鈴木花子市長は月曜日、技術者が14個の支承に亀裂を見つけたと発表した。修理費は120万円に上る。渡し船が無料で通勤客を"
        "運ぶ。南岸の商店主は損失を心配しているが、東海大学のケイン研究員は閉鎖は避けられないと話す。",
        true=(
            "港の橋が6週間閉鎖される。技術者が14個の支承に亀裂を見つけたためで、修理費は120万円に上る。",
            "鈴木花子市長によると、閉鎖の間は渡し船が無料で通勤客を運ぶ。南岸の商店主は損失を心配している。",
            "東海大学のケイン研究員は、橋の閉鎖は避けられないと見ている。通勤客は渡し船を無料で利用できる。",
        ),
        false=(
            "山田太郎市長は月曜日、技術者が14個の支承に亀裂を見つけたと発表した。港の橋は6週間閉鎖される。",
            "港の橋が6週間閉鎖される。佐藤市長によると、渡し船が無料で通勤客を運び、修理費は120万円に上る。",
            "東海大学のミラー研究員は閉鎖は避けられないと話す。港の橋は6週間閉鎖され、渡し船が通勤客を運ぶ。",
        ),
    ),
    Sample(
        language="ko",
        title="항구 다리 6주간 폐쇄",
        text="부산시가 항구 다리를 6주 동안 폐쇄한다. 이지은 시장은 월요일 기술자들이 받침 14개에서 균열을 발견했다고 밝혔다. 수리 비용은 120만 원이다. 여객선이 통근자를 "
        "무료로 나른다. 남쪽 상인들은 손실을 걱정하지만 한빛대 박도윤 연구원은 폐쇄가 불가피하다고 말했다.",
        true=(
            "항구 다리가 6주 동안 폐쇄된다. 기술자들이 받침 14개에서 균열을 발견했기 때문이며 수리 비용은 120만 원이다.",
            "이지은 시장은 다리 수리 동안 여객선이 통근자를 무료로 나른다고 밝혔다. 남쪽 상인들은 손실을 걱정한다.",
        ),
        false=(
            "김철수 시장은 월요일 기술자들이 받침 14개에서 균열을 발견했다고 밝혔다. 항구 다리는 6주 동안 폐쇄된다.",
            "항구 다리가 6주 동안 폐쇄된다. 최민호 시장은 여객선이 통근자를 무료로 나른다고 말했다.",
        ),
    ),
    Sample(
        language="ar",
        title="إغلاق جسر الميناء ستة أسابيع",
        text="تغلق مدينة الإسكندرية جسر الميناء لمدة ستة أسابيع. وقالت العمدة سلمى حداد يوم الاثنين إن المهندسين عثروا على شقوق في 14 دعامة. وتبلغ كلفة الإصلاح "
        "120 ألف جنيه. وستنقل العبارات الركاب مجانا. ويخشى التجار الخسائر، لكن الباحث عمر نجيب يرى أن الإغلاق لا مفر منه.",
        true=(
            "يُغلق جسر الميناء في الإسكندرية ستة أسابيع بعد العثور على شقوق في 14 دعامة، وتبلغ كلفة الإصلاح 120 ألف جنيه.",
            "قالت العمدة سلمى حداد إن العبارات ستنقل الركاب مجانا خلال الإصلاح، بينما يخشى التجار الخسائر.",
        ),
        false=(
            "وقال العمدة كريم منصور يوم الاثنين إن المهندسين عثروا على شقوق في 14 دعامة في جسر الميناء.",
            "تغلق مدينة طنطا جسر الميناء لمدة ستة أسابيع، وتبلغ كلفة الإصلاح 120 ألف جنيه، وستنقل العبارات الركاب مجانا.",
        ),
    ),
    Sample(
        language="he",
        title="גשר הנמל ייסגר לשישה שבועות",
        text="עיריית חיפה סוגרת את גשר הנמל לשישה שבועות. ראש העיר דנה לוי אמרה ביום שני כי מהנדסים מצאו סדקים ב-14 סמכים. התיקון יעלה 120 אלף שקלים. "
        "מעבורות יסיעו את הנוסעים בחינם. הסוחרים חוששים מהפסדים, אך החוקר יואב כהן סבור שהסגירה בלתי נמנעת.",
        true=(
            "גשר הנמל בחיפה ייסגר לשישה שבועות לאחר שמהנדסים מצאו סדקים ב-14 סמכים. התיקון יעלה 120 אלף שקלים.",
            "ראש העיר דנה לוי אמרה כי מעבורות יסיעו את הנוסעים בחינם, אך הסוחרים חוששים מהפסדים.",
        ),
        false=(
            "ראש העיר משה פרץ אמר ביום שני כי מהנדסים מצאו סדקים ב-14 סמכים בגשר הנמל.",
            "גשר הנמל ייסגר לשישה שבועות, אמרה ראש העיר רונית ברק. מעבורות יסיעו את הנוסעים בחינם.",
        ),
    ),
    Sample(
        language="fa",
        title="پل بندر شش هفته بسته می‌شود",
        text="شهر شیراز پل بندر را شش هفته می‌بندد. شهردار مریم کاظمی روز دوشنبه گفت مهندسان در 14 تکیه‌گاه ترک پیدا کرده‌اند. هزینه تعمیر 120 میلیون تومان است. "
        "قایق‌ها مسافران را رایگان جابه‌جا می‌کنند. کاسبان نگران زیان هستند، اما پژوهشگر رضا نادری بستن پل را گریزناپذیر می‌داند.",
        true=(
            "پل بندر شیراز شش هفته بسته می‌شود، چون مهندسان در 14 تکیه‌گاه ترک پیدا کرده‌اند و هزینه تعمیر 120 میلیون تومان است.",
            "شهردار مریم کاظمی گفت قایق‌ها مسافران را رایگان جابه‌جا می‌کنند، اما کاسبان نگران زیان هستند.",
        ),
        false=(
            "شهردار حسین احمدی روز دوشنبه گفت مهندسان در 14 تکیه‌گاه پل بندر ترک پیدا کرده‌اند.",
            "شهر تبریز پل بندر را شش هفته می‌بندد، چون مهندسان در 14 تکیه‌گاه ترک پیدا کرده‌اند.",
        ),
    ),
    Sample(
        language="th",
        title="ปิดสะพานท่าเรือหกสัปดาห์",
        text="เมืองระยองจะปิดสะพานท่าเรือเป็นเวลาหกสัปดาห์ นายสมชาย ใจดี นายกเทศมนตรีกล่าวเมื่อวันจันทร์ว่าวิศวกรพบรอยร้าวใน 14 ฐานรองรับ ค่าซ่อมอยู่ที่ 120 ล้านบาท "
        "เรือข้ามฟากจะรับส่งผู้โดยสารโดยไม่คิดค่าใช้จ่าย ผู้ค้ากังวลว่าจะขาดทุน",
        true=(
            "สะพานท่าเรือจะปิดเป็นเวลาหกสัปดาห์ หลังวิศวกรพบรอยร้าวใน 14 ฐานรองรับ ค่าซ่อมอยู่ที่ 120 ล้านบาท",
            "นายสมชาย ใจดี กล่าวว่าเรือข้ามฟากจะรับส่งผู้โดยสารโดยไม่คิดค่าใช้จ่าย แต่ผู้ค้ากังวลว่าจะขาดทุน",
        ),
        false=(
            "นายประเสริฐ ทองคำ กล่าวเมื่อวันจันทร์ว่าวิศวกรพบรอยร้าวใน 14 ฐานรองรับของสะพานท่าเรือ",
            "เมืองเชียงใหม่จะปิดสะพานท่าเรือเป็นเวลาหกสัปดาห์ หลังวิศวกรพบรอยร้าวใน 14 ฐานรองรับ",
        ),
    ),
)
