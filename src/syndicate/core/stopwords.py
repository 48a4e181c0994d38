"""Hold the small words of each language: what recognises it, and what says nothing about a story."""

from functools import cache

_LISTS: dict[str, str] = {
    "en": """a about above across after again against ago all almost along already also although always am amid among an and
        another any anyone anything are aren't around as at away back be became because become been before began behind being
        below between both but by came can can't cannot come could couldn't day days did didn't do does doesn't doing don't
        done down during each either else ever every everyone few first for from further gave get gets getting give given go
        goes going got had hadn't has hasn't have haven't having he he'd he'll he's her here hers herself him himself his how
        however i i'd i'll i'm i've if in into is isn't it it's its itself just last later least less let let's like made make
        makes making many may maybe me mean might more most much must my myself near never new next no nor not nothing now of
        off often on once one only onto or other others our ours ourselves out over own part per perhaps put quite rather
        really said same saw say saying says see seen several shall she she'd she'll she's should shouldn't since so some
        something soon still such take taken takes tell than that that's the their theirs them themselves then there there's
        these they they'd they'll they're they've thing things think this those though three through time to today told
        tomorrow too took toward towards two under until up upon us use used very via want wants was wasn't way we we'd we'll
        we're we've well went were weren't what what's when where whether which while who who's whom whose why will with
        within without won't would wouldn't year years yes yesterday yet you you'd you'll you're you've your yours yourself
        monday tuesday wednesday thursday friday saturday sunday mr mrs ms according added asked called""",
    "de": """aber alle allem allen aller alles als also am an ander andere anderen anderem anderer anderes auch auf aus bei
        beim beiden bereits besonders bin bis bisher bist da dabei dadurch dafür dagegen daher damit danach dann daran darauf
        daraus darf darüber darum das dass dazu dein deine dem demnach den denen denn dennoch der deren des deshalb dessen dich
        die dies diese diesem diesen dieser dieses dir doch dort du durch ein eine einem einen einer eines einige einigen einmal
        er erst erste ersten es etwa etwas euch eure für gab ganz gar gegen geht gibt ging habe haben hat hatte hatten hätte
        hätten hier hin hinter ich ihm ihn ihnen ihr ihre ihrem ihren ihrer im immer in indem ins ist ja jahr jahre jahren jede
        jedem jeden jeder jedes jedoch jetzt kann kein keine keinem keinen keiner kommen kommt können könnte konnte lassen man
        mehr mein meine mich mir mit muss müssen musste nach nachdem nicht nichts noch nun nur ob oder ohne rund sagt sagte sehr
        sein seine seinem seinen seiner seit seitdem selbst sich sie sind so sogar solche soll sollen sollte sollten somit
        sondern sonst sowie später statt trotz über um und uns unser unsere unter viel viele vielen vom von vor war wäre waren
        warum was wegen weil weiter weitere weiteren welche welcher wenn wer werde werden wie wieder will wir wird wo wohl
        wollen wollte worden wurde wurden würde würden zu zum zur zwar zwei zwischen uhr montag dienstag mittwoch donnerstag
        freitag samstag sonntag""",
    "fr": """a à ai ainsi alors après au aucun aucune aujourd'hui auprès auquel aussi autre autres aux avait avaient avant avec
        avoir ayant beaucoup bien car ce ceci cela celle celles celui cependant ces cet cette ceux chaque chez comme comment
        contre d'un d'une dans de déjà depuis dernier dernière des dès deux devant doit doivent donc dont du durant elle elles
        en encore enfin ensuite entre est et étaient était étant état été être eu eux faire fait faut fois font grand hier hors
        ici il ils jamais je jour jours jusqu'à l'on la là laquelle le lequel les lesquels leur leurs lors lorsque lui ma mais
        malgré me même mêmes mes moi moins mon ne ni nombre non nos notamment notre nous on ont ou où par parce parmi pas
        pendant peu peut peuvent plus plusieurs point pour pourquoi pourrait près presque puis qu'il qu'elle qu'ils qu'un
        qu'une quand que quel quelle quelles quelque quelques quels qui quoi sa sans sauf se selon sera seront ses seulement si
        sien soi soit son sont sous souvent sur ta tandis tant te tel telle tels tes toi ton toujours tous tout toute toutes
        très trois trop tu un une va vers voici voilà vos votre vous vu y an ans année années c'est n'est s'est qu' d' l' n' s'
        j' c' m' lundi mardi mercredi jeudi vendredi samedi dimanche""",
    "es": """a al algo algún alguna algunas alguno algunos además ahora allí ambos ante antes año años aquel aquella aquellos
        aquí así aún aunque ayer bajo bien cada casi como cómo con contra cosas cual cuál cuales cualquier cuando cuándo cuanto
        da de debe deben debido decir del desde después día días dice dicen dicho dijo donde dónde dos durante e el él ella
        ellas ello ellos en entonces entre era eran es esa esas ese eso esos esta está ésta estaba estaban están estar estas
        este éste esto estos estuvo fue fuera fueron ha haber había habían hace hacer hacia han hasta hay he hecho hoy incluso
        la las le les lo los luego más mayor me mediante mejor menos mi mí mientras mis mismo misma mismos mucho mucha muchos
        muchas muy nada ni ningún ninguna no nos nosotros nuestra nuestras nuestro nuestros nunca o os otra otras otro otros
        para parte pero poco pocos podrá podría por porque primer primera primero pudo pueda puede pueden pues que qué quien
        quién quienes se sea sean según ser será serán sería si sí sido siempre siendo sin sino sobre solo sólo son su sus tal
        también tampoco tan tanto te tenía tener tiene tienen toda todas todavía todo todos tras tres tu tú tus tuvo última
        último últimos un una unas uno unos usted va van varios veces vez y ya yo lunes martes miércoles jueves viernes sábado
        domingo""",
    "it": """a abbia abbiamo agli ai al alcuni alcune all' alla alle allo allora altra altre altri altro anche ancora anni anno
        appena aveva avevano avere ben c'è che chi ci ciò cioè circa col come con contro cosa cosi così cui da dagli dai dal
        dall' dalla dalle dallo davanti degli dei del dell' della delle dello dentro deve devono di dice dopo dove dovrà due e è
        ed era erano essere fa fanno fare fatto finora fino fra fuori già gli ha hai hanno ho i ieri il in infatti insieme
        invece io l' la là lavoro le lei li lo loro lui ma mai me mediante meno mentre mi mia mie miei mila mio modo molta molte
        molti molto ne né negli nei nel nell' nella nelle nello nessun nessuna niente no noi non nostra nostre nostri nostro
        nulla o od oggi ogni oltre oppure ora ormai parte per perché però più poco poi possa possono prima primo proprio può
        pur pure qual quale quali qualche quando quanto quasi quella quelle quelli quello questa queste questi questo qui
        quindi sarà sarebbe se sé secondo sei sempre senza si sia siamo siano sino solo sono sopra sotto sta stata state stati
        stato stesso su sua sue sugli sui sul sull' sulla sulle suo suoi tale tali tanto te tra tre troppo tu tua tutta tutte
        tutti tutto un un' una uno va verso vi viene volta vuole lunedì martedì mercoledì giovedì venerdì sabato domenica""",
    "pt": """a à agora ainda além algo alguém algum alguma algumas alguns ano anos antes ao aos apenas após aquela aquele
        aqueles aqui as às assim até bem cada com como contra cujo da dá daquele das de dela delas dele deles depois desde
        dessa desse desta deste deve devem dia dias diante disse disso diz do dois dos durante duas e é ela elas ele eles em
        embora enquanto então entre era eram essa essas esse esses esta está estão estar estas estava estavam este estes eu
        fazer feito fez foi for fora foram grande há hoje isso isto já lá lhe lhes logo maior mais mas me meio menos mesma
        mesmo meu meus minha muita muitas muito muitos na nada nas nem nenhum nessa nesse nesta neste no nos nós nossa nosso
        num numa nunca o onde ontem os ou outra outras outro outros para parte pela pelas pelo pelos per pode podem poder
        poderá pois por porque pouco primeira primeiro próprio qual quais qualquer quando quanto quase que quem se segundo
        seja sem sempre sendo ser será serão seria seu seus si sido sob sobre sua suas só tal também tanto tem têm tendo ter
        teve teria tinha tinham toda todas todo todos três tu tudo um uma umas uns vai vão vez você vocês segunda-feira
        terça-feira quarta-feira quinta-feira sexta-feira sábado domingo""",
    "nl": """aan achter af al alle alleen alles als altijd ander andere anders beetje ben bij bijna binnen boven buiten daar
        daarna daarom dan dat de deze die dit doen doet door dus echter een eens eerst eerste eigen elk elke en enige enkele er
        erg even gaan gaat geen geweest haar had hadden heb hebben heeft heel hem hen het hier hij hoe hun iemand iets ik in
        inmiddels is ja jaar jaren je jij jullie kan komen komt kon kunnen laat laatste maar maken maakt me mee meer meest men
        met mij mijn minder moest moet moeten mogelijk na naar naast niet niets nieuwe nog nooit nu of om omdat onder ondanks
        ons onze ook op over pas sinds slechts sommige staat steeds te tegen ten ter terug terwijl tijdens toch toe toen tot
        tussen twee u uit uur vaak van vanaf vanuit veel verder vier vinden volgens voor vooral voorbij vorig waar waarbij
        waarin waarom wanneer want waren was wat we weer wel welke werd werden wie wij wil worden wordt zal ze zegt zei zeer
        zelf zich zij zijn zo zoals zonder zou zouden zulke maandag dinsdag woensdag donderdag vrijdag zaterdag zondag""",
    "pl": """a aby ale bardzo bez bo by była było były być był będą będzie chce choć ci co coś czy czyli dla do dwa gdy gdzie go
        i ich ile im inne innych ja jak jako je jeden jednak jego jej jest jeszcze jeśli już każdy kiedy kto która które którego
        której który których którym którzy lat lub ma mają mi między może można mu my na nad nam nas nasz nawet nic nich nie
        niego niej nim niż no o od on ona one oni oraz po pod podczas ponad ponieważ poza przed przez przy roku również są się
        sobie swój swoje swoich ta tak takie także tam te tego tej ten to tu tych tylko tym u w we wiele więc wszystko wszystkich
        z za zaś ze został została zostały że żeby""",
    "sv": """alla allt andra att av bara blev bli blir då de dem den denna deras dess det detta där efter eller en enligt ett
        finns flera från för före får ha hade han har hans henne hennes hon honom hur här i idag in inte jag kan kommer kunde
        man med mellan men mer mot mycket måste ni nu när någon något några och också om oss på redan sade samma sedan sig sin
        sina ska skulle som säger så till under upp ut utan vad var vara vi vid vilket är år över""",
    "da": """af alle at blev blive bliver da de dem den denne der deres det dette dog efter eller en end er et flere for fra
        får før ham han hans har havde hende hendes her hun hvad hvis hvor i ifølge ikke ind jeg kan kom kommer kunne man med
        meget mellem men mere mod når nogle nu og også om op os over på sagde samme siden sig siger sin skal skulle som så til
        ud uden under var ved vi vil ville være været år""",
    "no": """alle at av bare ble bli blir da de dem den denne der deres det dette eller en enn er et etter flere for fra får
        før ham han hans har hadde henne hennes her hun hva hvis hvor i ifølge ikke inn jeg kan kom kommer kunne man med meget
        mellom men mer mot når noen nå og også om opp oss over på sa samme seg siden sier sin skal skulle som så til ut uten
        under var ved vi vil ville være vært år""",
    "fi": """ei eli ennen enää että ettei hän hänen he heidän hyvin ja jo joka jolla jonka jos jossa jota jotka kaikki kanssa
        kertoo kertoi koska kuin kuitenkin kun lisäksi mitä mukaan mutta muun myös nyt näin olemme olen oli olivat olla olleet
        ollut on ovat pitää sanoi sanoo se sekä sen siitä sitä siis tai tämä tämän tässä tätä vaan vai vain vielä voi voisi
        vuoden vuonna""",
    "cs": """a aby ale ani asi až bez bude budou by byl byla byli bylo být co což dále do ho i jak jako je jeho její jejich jen
        ještě jich již jsem jsme jsou k kde kdo kdy když která které kterou který kteří ke letech má mají mezi mu může na nad
        nebo než není o od on po pod podle pokud pouze pro proti protože první před při roce s se si své svou tak také tam ten
        tím to toho tom tomu tu ty u už v ve však všech z za ze že""",
    "ro": """a acest această acestea acesta aceste ai al ale am anul ani ar are au avea ca că care cât ce cea cei cel cele cum
        cu dar de decât deja despre din după ea ei el este eu fi fiind fost în între la le lor lui mai mult ne nu nici o or
        pe pentru peste prin s-a sa sau se si și spus sunt sub toate tot un una unei unor unui va vor""",
    "hu": """a az abban ahogy akik aki ami amely amelyek amikor arra azonban azt be csak de e egy egyik el elő és ez ezek ezt
        fel ha hanem hogy hozzá illetve is itt kell ki kívül le legyen lehet lesz lett még meg mert mi minden mint mondta most
        nagyon ne nem nincs olyan ő őket pedig s saját sem során szerint szóló tehát több úgy után utolsó vagy van vannak volt
        voltak""",
    "ca": """a al als això amb any anys aquest aquesta aquests així com de del dels des després dos el els en entre era és està
        estan fa fer fins ha han havia hi i ja la les li lo més molt no o on para per perquè però pot que què qui sense ser
        seva seu seus són també té tot tots un una va van""",
    "id": """ada adalah agar akan antara atau bagi bahwa banyak baru belum bisa dalam dan dapat dari dengan di dia hanya harus
        hingga ia ini itu jika juga karena kata kami ke kepada ketika kita lain lebih maka masih mereka namun oleh pada para
        sangat saat saya sebagai sebuah secara sejak seperti serta setelah sudah tahun tak telah tentang terhadap tersebut
        tidak untuk yang""",
    "tr": """ama ancak arasında artık aslında az bana bazı belki ben beni bile bin bir biraz birçok biri birkaç biz bu buna
        bunlar bunu bunun burada böyle büyük çok çünkü da daha de değil dedi diğer diye dolayı dört en etti eden edilen ettiği
        fazla gibi göre gün hem henüz hep her hiç için ile ilgili ilk ise işte kadar kendi ki kim mi mı mu mü nasıl ne neden
        nedeniyle o olan olarak oldu olduğu olduğunu olması olmak olur on ona onlar onu onun önce sadece sahip şekilde sonra
        söyledi şey şimdi şu tarafından tek tüm üç üzerinde var ve veya ya yaptığı yapılan yeni yer yıl yılında yok yüzde
        zaman""",
    "vi": """các cho có của đã đang để đến được khi không là làm lại một này năm người nhiều những như ở phải ra sẽ tại theo
        thì trong trên từ và vào về với""",
    "ru": """а без более больше будет будут бы был была были было быть в вам вас весь во вот все всего всех вы где год года
        году да даже для до его ее её если есть еще ещё же за здесь и из или им их к как какой когда который которая которые
        которого которой которых кто ли лишь между меня мне много может можно мы на над надо нас не него нее неё нет ни них но
        ну о об один одна однако он она они оно от очень по под после потом потому при про раз с сам свой своего своей свои
        своих себя сегодня сейчас сказал со стал стала так также такой там те тем теперь то того тоже той только том тот тут
        ты у уже хотя чего чем через что чтобы эта эти этим этих это этого этой этом этот я словам сообщил сообщает""",
    "uk": """а або але без би більше був була були було бути в вам вас вже ви від він вона вони воно все всі всіх він где
        далі для до його її їх їй є же за зі й і із інших їм й ж коли який яка яке які якого якої яких як якщо ким між мене
        мені ми може можна на над нам нас не нього неї нема ні них ну о об один одна однак от по під після при про раз з сам
        свій свого своєї свої своїх себе сьогодні та так також такий там те тепер ти то того тоді той тому тільки тут у хоча
        хто це цей ця ці цього цієї цим цих через чи чого що щоб я року років рік""",
    "bg": """а ако бе без беше бъде във все г го да до е за и из или им има как като към ли между ми му на най не него но
        обаче от по под пред през при с са само се след си според със също така там те това този той тя тя тях че ще""",
    "sr": """а али без би био била били било бити већ је јер још као када која које који коју ли међу на над не него није о
        од он она они оне по под после при са само се сам смо су та тај такође те то тога у уз што ће""",
    "ar": """أبو أحد أخرى أكثر أكد إذا إلا إلى أم أما أمام أن إن أنه إنه أنها أو أول أي أيضا أيضاً الآن التي الذي الذين اللذين
        الى اليوم أمس ان انه بأن بسبب بعد بعض بل بها به بين تحت تكون تم ثم حتى حول حيث حين خلال دون ذات ذلك سوف عام عبر عدد
        عدم على علي عليه عليها عن عند عندما عنه غير فإن فقد فقط فوق في فيه فيها قال قالت قبل قد كان كانت كل كما كيف لا لدى لذلك
        لكن لم لن له لها لهم ليس ما مثل مع معظم من منذ منه منها نحو نفس نفسه هذا هذه هل هم هنا هناك هو هي و وأن وأضاف وأكد وفي
        وقال وقالت وقد وكان ولا ولم ومن وهو وهي يتم يجب يكون يمكن يوم""",
    "fa": """آن آنها از است اند این اگر با باید برای بر بعد به بود بودند بین تا تر چه خواهد خود داد دارد دارند در دو را سال
        شد شده شود کرد کرده کند که گفت ما می نیز هم های هر هستند و ولی وی یا یک""",
    "he": """אבל או אולי אותו אותה אחרי אחת אחד אך אל אלא אלה אם אמר אמרה אנחנו אני את אתה בין בו בה גם הוא היא היה היו הם
        הן הזה הזאת ו זה זו זאת יותר יש כאשר כי כך כל כמו לא לאחר לה להם לו לפני ללא מה מי מאוד מן על עד עוד עם פי רק של שלא
        שלו שלה שלהם שם תחת""",
    "el": """αλλά αν από αυτά αυτές αυτή αυτό αυτός αυτού για δεν είναι είχε ένα ένας έναν εκεί ενώ επίσης έχει έχουν ή ήταν
        η θα και κατά με μετά μέχρι μια μία μας μου να ο οι όπως όταν ότι όχι πιο που πολύ πριν προς πως σας σε στα στη στην
        στις στο στον στους τα τη την της τι τις το τον του τους των ως""",
    "hi": """अपनी अपने अब आज इस इसके उन उनके उस उसके एक और कर करने कहा का कि किया की कुछ के को कोई गई गए गया जा जो तक तो था
        थी थे दिया द्वारा नहीं ने पर बाद भी में यह या ये रहा रही रहे लिए वह वे साथ से हम ही हुआ हुई हुए है हैं हो होने""",
    "zh": """的 了 在 是 和 与 及 或 也 都 就 而 但 不 没 有 这 那 他 她 它 我 你 们 为 以 于 对 从 到 被 把 将 让 向 等 之 其
        此 个 一 上 中 下 后 前 时 说 要 会 能 可 并 还 很 更 最 由 所 因 如 我们 他们 一个 没有 表示 进行 以及 已经 可以 这个
        因为 所以 但是 如果 自己 目前 对于 关于 同时 其中 通过 成为 这些 那些 还是 不是 就是""",
    "ja": """これ それ あれ この その あの ここ そこ ため よう こと もの とき など から まで より ので のに ける する した して いる
        いた ある あり なる なっ れる られ です ます ない という について による として において 同日 年月 月日""",
    "ko": """그 이 저 것 수 등 및 또 더 를 을 은 는 이 가 의 에 에서 으로 로 와 과 도 만 까지 부터 하는 한 할 했다 있다 있는
        있습니다 합니다 했습니다 대한 위해 통해 따라 대해 지난 이번 오는 밝혔다 말했다 그는 그리고 그러나 하지만 또한""",
}


@cache
def stop_words(language: str) -> frozenset[str]:
    """Return the stop words of a language, lower case; none for a language we do not know."""
    return frozenset(_LISTS.get(language, "").split())


@cache
def languages_by_word() -> dict[str, tuple[str, ...]]:
    """Return, for every stop word, the languages that use it."""
    index: dict[str, list[str]] = {}
    for language, words in _LISTS.items():
        for word in dict.fromkeys(words.split()):
            index.setdefault(word, []).append(language)
    return {word: tuple(languages) for word, languages in index.items()}
