"""More invented articles with summaries, written when the rules were done and not fitted to: what to expect of others."""

from tests.summary_samples import Sample

CAPITALS = (
    Sample(
        language="de",
        title="Werk in Chemnitz streicht 300 Stellen",
        text="Der Autozulieferer Falkner streicht in Chemnitz 300 Stellen. Vorstandschefin Miriam Engel nannte am Dienstag die schwache Nachfrage aus Frankreich als "
        "Grund. Die Gewerkschaft kündigte Widerstand an: Man werde jeden Arbeitsplatz verteidigen, sagte Betriebsrat Deniz Yilmaz. Sachsens Regierung will mit "
        "dem Unternehmen sprechen. Falkner beschäftigt weltweit 5.200 Menschen.",
        true=(
            "Falkner baut in seinem Chemnitzer Werk 300 Arbeitsplätze ab. Das Unternehmen begründet den Schritt mit der geringen Nachfrage französischer Kunden.",
            "Betriebsrat Yilmaz kündigt Proteste gegen den Stellenabbau an; die sächsische Landesregierung sucht das Gespräch mit der Firma.",
            "Weil in Frankreich weniger Autos verkauft werden, verlieren 300 Beschäftigte in Chemnitz ihre Arbeit.",
        ),
        false=(
            "Der Autozulieferer Falkner streicht in Zwickau 300 Stellen, weil die Nachfrage aus Frankreich schwach ist.",
            "Vorstandschef Holger Baum nannte am Dienstag die schwache Nachfrage aus Frankreich als Grund für die Streichung.",
            "Falkner streicht 300 Stellen in Chemnitz und verlagert die Arbeit nach Polen, sagte Miriam Engel.",
        ),
    ),
    Sample(
        language="ru",
        title="В Томске нашли древнюю лодку",
        text="Археологи нашли в Томске лодку, которой около 2000 лет. Её обнаружил студент Игорь Павлов во время работ на берегу реки Томь. Руководитель экспедиции "
        "Мария Зайцева назвала находку редкой для Сибири. Лодку перевезут в музей Новосибирска, где её изучат специалисты из Казани.",
        true=(
            "Студент Игорь Павлов нашёл на берегу Томи лодку возрастом около 2000 лет. Её отправят в новосибирский музей.",
            "По мнению Зайцевой, для Сибири это редкая находка; изучать её будут учёные Казани в музее Новосибирска.",
            "Томские археологи обнаружили древнюю лодку. Находку Павлова изучат казанские специалисты.",
        ),
        false=(
            "Археологи нашли в Омске лодку, которой около 2000 лет, и перевезут её в музей Новосибирска.",
            "Руководитель экспедиции Виктор Громов назвал находку на берегу реки Томь редкой для Сибири.",
            "Лодку, найденную Игорем Павловым, перевезут в музей Новосибирска, а потом покажут в Китае.",
        ),
    ),
    Sample(
        language="uk",
        title="У Полтаві відкрили бібліотеку",
        text="У Полтаві після ремонту відкрили міську бібліотеку. Роботи тривали два роки й коштували 40 мільйонів гривень, сказав директор Ігор Ткач. Частину грошей "
        "дала Швеція. Першою читачкою стала школярка Марія з Кременчука. Наступного року оновлять бібліотеку в Лубнах.",
        true=(
            "Міська бібліотека Полтави знову працює після дворічного ремонту, на який Швеція виділила частину грошей.",
            "Директор Ткач розповів, що роботи коштували 40 мільйонів гривень. Першою прийшла Марія з Кременчука.",
            "Полтавську бібліотеку відкрили після ремонту; далі черга Лубен, де роботи почнуться наступного року.",
        ),
        false=(
            "У Чернігові після ремонту відкрили міську бібліотеку, роботи коштували 40 мільйонів гривень.",
            "Частину грошей на ремонт бібліотеки в Полтаві дала Норвегія, сказав директор Ігор Ткач.",
        ),
    ),
    Sample(
        language="pl",
        title="Łódź kupuje 30 tramwajów",
        text="Łódź kupi 30 nowych tramwajów od firmy Wektor z Bydgoszczy. Umowę podpisała prezydent miasta Hanna Nowak. Pierwsze wozy przyjadą wiosną z fabryki pod "
        "Toruniem. Unia Europejska pokryje połowę kosztów. Opozycja w radzie, którą kieruje Paweł Sikora, chce tańszych pojazdów z Czech.",
        true=(
            "Za połowę tramwajów, które Łódź zamówiła w bydgoskiej firmie Wektor, zapłaci Unia Europejska.",
            "Paweł Sikora i jego opozycja woleliby tańsze czeskie pojazdy. Prezydent Łodzi Hanna Nowak podpisała już umowę.",
            "Toruńska fabryka Wektora dostarczy wiosną pierwsze z 30 tramwajów; radni Pawła Sikory są przeciw.",
        ),
        false=(
            "Poznań kupi 30 nowych tramwajów od firmy Wektor z Bydgoszczy, a Unia Europejska pokryje połowę kosztów.",
            "Opozycja w radzie, którą kieruje Adam Dudek, chce tańszych pojazdów z Czech dla miasta Łódź.",
        ),
    ),
    Sample(
        language="tr",
        title="Konya'da yeni hastane açıldı",
        text="Konya'da 400 yataklı yeni bir hastane açıldı. Sağlık Bakanı Elif Şahin açılışta konuştu. Hastaneyi Mavi Yapı şirketi üç yılda inşa etti. Doktorların bir "
        "kısmı Eskişehir'den gelecek. Hasta hakları derneği başkanı Okan Tunç, ulaşımın yetersiz olduğunu söyledi.",
        true=(
            "Konya'nın 400 yataklı yeni hastanesi Sağlık Bakanı Şahin'in katıldığı törenle açıldı.",
            "Dernek başkanı Okan Tunç'a göre hastaneye ulaşım yetersiz; Eskişehirli doktorlar da burada çalışacak.",
        ),
        false=(
            "Kayseri'de 400 yataklı yeni bir hastane açıldı, Sağlık Bakanı Elif Şahin açılışta konuştu.",
            "Hastaneyi Yıldız Yapı şirketi üç yılda inşa etti, doktorların bir kısmı Eskişehir'den gelecek.",
        ),
    ),
    Sample(
        language="fr",
        title="Un loup aperçu près de Dijon",
        text="Un loup a été aperçu dimanche près de Dijon. L'éleveuse Claire Morin a perdu six brebis. Le préfet Hugo Lambert a demandé une analyse à un laboratoire de "
        "Grenoble. L'association Prairies Libres réclame des chiens de garde. Selon elle, l'animal vient d'Italie.",
        true=(
            "Six brebis de Claire Morin ont été tuées près de Dijon, sans doute par un loup venu d'Italie.",
            "L'association Prairies Libres veut des chiens de garde. Un laboratoire grenoblois analysera les traces à la demande du préfet Lambert.",
        ),
        false=(
            "Un loup a été aperçu dimanche près de Beaune, où l'éleveuse Claire Morin a perdu six brebis.",
            "Le préfet Hugo Lambert a demandé une analyse à un laboratoire de Grenoble, et l'animal vient d'Espagne.",
        ),
    ),
    Sample(
        language="es",
        title="Bilbao prueba autobuses de hidrógeno",
        text="Bilbao probará en otoño cinco autobuses de hidrógeno. La concejala Marta Ibáñez dijo que cada uno cuesta 600.000 euros. Los fabrica la empresa Norvia en "
        "Vitoria. El sindicato de conductores, dirigido por Jon Arana, pide formación. Si funcionan, San Sebastián comprará otros diez.",
        true=(
            "Cinco autobuses de hidrógeno, fabricados por Norvia, circularán en otoño por Bilbao. Cada uno cuesta 600.000 euros.",
            "Los conductores bilbaínos piden formación. San Sebastián espera el resultado de la prueba para comprar diez autobuses.",
        ),
        false=(
            "Pamplona probará en otoño cinco autobuses de hidrógeno, fabricados por la empresa Norvia en Vitoria.",
            "El sindicato de conductores, dirigido por Iker Lasa, pide formación para los autobuses de hidrógeno.",
        ),
    ),
    Sample(
        language="en",
        title="Welsh choir wins prize in Vienna",
        text="A choir from Swansea won first prize at a festival in Vienna on Saturday. Its conductor, Megan Rees, said that the singers had rehearsed since March. The "
        "jury, led by the Austrian composer Lukas Hofer, praised their Welsh songs. The choir from Estonia came second. The winners will sing in Cardiff in June.",
        true=(
            "Swansea's choir took first prize in Vienna, ahead of the Estonian singers, after rehearsals that began in March.",
            "Jurors under Lukas Hofer liked the Welsh songs best. Cardiff will hear the winning choir in June.",
            "The choir led by Rees has won a festival in Austria. Its next concert is in Cardiff in June.",
        ),
        false=(
            "A choir from Newport won first prize at a festival in Vienna and will sing in Cardiff in June.",
            "The jury, led by the Austrian composer Franz Gruber, praised the Welsh songs of the choir from Swansea.",
            "The choir from Latvia came second at the festival in Vienna, which a choir from Swansea won.",
        ),
    ),
)

WITHOUT = (
    Sample(
        language="zh",
        title="长江水文站迁至新址",
        text="武汉一座水文站周二迁至新址。站长孙丽娟说，旧楼建于1957年，已经不安全。新站由湖北水利公司建造，耗资3000万元，可以自动测量水位。当地学校的学生参加了启用仪式。",
        true=(
            "武汉的水文站搬到新址，站长孙丽娟说1957年建的旧楼已不安全。新站可以自动测量水位。",
            "耗资3000万元的新水文站周二启用，由湖北水利公司建造，当地学生参加了仪式。",
        ),
        false=(
            "武汉一座水文站周二迁至新址，站长马东说旧楼建于1957年，已经不安全。",
            "成都一座水文站周二迁至新址，旧楼建于1957年，新站可以自动测量水位。",
        ),
    ),
    Sample(
        language="ja",
        title="富山の図書館に古地図",
        text="富山県の図書館で江戸時代の古地図が見つかった。司書の森下恵さんが火曜日、倉庫の整理中に見つけた。地図は縦2メートルで、金沢大学が調査する。来年春に公開される予定だ。",
        true=(
            "富山県の図書館の倉庫で江戸時代の古地図が見つかり、金沢大学が調査することになった。",
            "古地図を見つけたのは司書の森下さんで、縦2メートルある。来年の春に公開される見通しだ。",
        ),
        false=(
            "富山県の図書館で江戸時代の古地図が見つかった。司書の高橋さんが倉庫の整理中に見つけた。",
            "石川県の図書館で江戸時代の古地図が見つかり、金沢大学が調査する。来年春に公開される予定だ。",
        ),
    ),
    Sample(
        language="ar",
        title="افتتاح مكتبة عامة في تونس",
        text="افتتحت تونس أمس مكتبة عامة جديدة تضم 80 ألف كتاب. وقال المدير سامي بن يوسف إن البناء استغرق ثلاث سنوات. وموّل المشروع صندوق من السويد. وستكون المكتبة "
        "مفتوحة للطلاب مجانا كل يوم.",
        true=(
            "فتحت مكتبة عامة جديدة أبوابها في تونس، وفيها 80 ألف كتاب، بعد بناء استغرق ثلاث سنوات.",
            "قال المدير سامي بن يوسف إن صندوقا من السويد موّل المكتبة التي يدخلها الطلاب مجانا.",
        ),
        false=(
            "افتتحت تونس أمس مكتبة عامة جديدة، وقال المدير نبيل الطرابلسي إن البناء استغرق ثلاث سنوات.",
            "افتتحت تونس أمس مكتبة عامة جديدة تضم 80 ألف كتاب، وموّل المشروع صندوق من النرويج.",
        ),
    ),
)
