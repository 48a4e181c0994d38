"""Recognise whole sentences that sell a subscription, or say that the page is still being written."""

import re

_LONGEST = 160  # characters

# From the first word to the stop; each is too usual in news to be told by its first words alone.
_INVITATION = re.compile(
    r"""[\W_]*(?:
    (?:please\s+)?refresh\s+(?:(?:this|the|your)\s+(?:page|browser|screen)\s+)?(?:(?:regularly|often)\s+)?for\b
    | this\s+(?:page|article|story|post|(?:live\s*)?blog)\s+(?:will\s+be|is(?:\s+being)?)\s+(?:(?:regularly|constantly|continually)\s+)?updated\b
    | we(?:['’]ll|\s+will)\s+(?:be\s+)?updat(?:e|ing)\s+this\s+(?:page|article|story|post|(?:live\s*)?blog)\b
    | (?:please\s+)?check\s+back\s+(?:here|soon|later|often|for)\b
    | (?:jetzt\s+)?weiterlesen\s+mit\b | (?:jetzt|hier)\s+(?:kostenlos\s+|gratis\s+)?(?:abonnieren|anmelden|registrieren|weiterlesen)\b
    | melden\s+sie\s+sich\s+[^.!?]{0,30}\b(?:unsere[nmr]?|den|dem)\s+[^.!?]{0,20}newsletter\b | abonnieren\s+sie\s+(?:jetzt\s+|hier\s+)?(?:unsere?n?\b|[^.!?]{0,20}newsletter\b)
    | diese[rs]?\s+(?:artikel|text|beitrag|bericht|meldung|seite)\s+(?:wurde|wird)\s+(?:(?:ständig|regelmäßig|weiter|derzeit|nachträglich)\s+)?(?:aktualisiert|ergänzt|korrigiert|überarbeitet)\b
    | abonnez[-\s]vous\s+(?:pour|à\s+(?:notre|nos|la\s+newsletter)|dès|maintenant|gratuitement)\b | inscrivez[-\s]vous\s+(?:gratuitement\s+)?à\s+(?:notre|nos|la)\s+(?:newsletter|infolettre|lettre|alertes)
    | (?:cet\s+article|cette\s+page|cet\s+article\s+de\s+blog)\s+(?:a\s+été|sera|est)\s+(?:régulièrement\s+)?(?:mise?\s+à\s+jour|actualisée?|modifiée?|en\s+cours\s+d['’]actualisation)\b
    | (?:actualisez|rafraîchissez)\s+(?:la|cette)\s+page\b | il\s+vous\s+reste\s+[\d.,]+\s*%\s+de\s+cet\s+article\b | plus\s+d['’]informations\s+à\s+(?:venir|suivre)\b | la\s+suite\s+(?:de\s+cet\s+article\s+)?est\s+réservée\s+aux\s+abonnés\b
    | (?:suscr[ií]b(?:ete|ase)|reg[ií]str(?:ate|ese))\s+(?:para\s+(?:seguir|continuar|leer)|(?:gratis\s+)?a\s+(?:nuestr|la\s+newsletter|el\s+bolet)|ahora|aquí)
    | (?:esta\s+(?:noticia|información|página|nota)|este\s+artículo)\s+(?:se\s+(?:está\s+|irá\s+)?actualiz(?:ando|ará)|(?:ha\s+sido|fue|será)\s+(?:actualizad|corregid)[ao]|está\s+en\s+(?:desarrollo|actualización))\b
    | (?:noticia|información)\s+en\s+(?:desarrollo|ampliación|actualización)\b | (?:habrá|seguirá)\s+ampliación\b
    | abbonati\s+(?:per\s+(?:continuare|leggere|proseguire)|ora|subito)\b | iscriviti\s+(?:subito\s+|gratis\s+)?all[ae]\s+(?:nostr[ae]\s+)?newsletter\b | (?:articolo|notizia)\s+in\s+aggiornamento\b
    | (?:quest[ao]|la)\s+(?:articolo|notizia|pagina)\s+(?:(?:è|verrà|sarà)\s+(?:in\s+(?:continuo\s+)?aggiornamento|(?:costantemente\s+)?aggiornat[ao])|è\s+stat[ao]\s+(?:aggiornat|corrett)[ao])\b
    | assine\s+(?:para\s+(?:continuar|ler)|já\b|agora\b|a?\s*nossa\s+newsletter) | inscreva-se\s+(?:na|em)\s+(?:nossa\s+)?newsletter\b | (?:notícia|matéria|reportagem)\s+em\s+atualização\b
    | est[ae]\s+(?:notícia|matéria|reportagem|página|artigo|texto)\s+(?:está\s+(?:em\s+atualização|(?:sendo|a\s+ser)\s+atualizad[ao])|(?:será|foi)\s+(?:atualizad|corrigid)[ao])\b
    | (?:abonneer\s+(?:je|u)|word\s+(?:nu\s+)?abonnee)\b | (?:meld|schrijf)\s+(?:je|u)\s+(?:nu\s+|hier\s+)?(?:aan|in)\s+voor\s+(?:onze|de)\s+[^.!?]{0,20}nieuwsbrief\b
    | dit\s+(?:artikel|bericht|verhaal|liveblog)\s+(?:wordt|is|werd)\s+(?:(?:nog|voortdurend|regelmatig|later)\s+)?(?:bijgewerkt|geactualiseerd|aangepast|aangevuld|gecorrigeerd)\b
    | (?:za)?subskrybuj\s+(?:nas|nasz|aby|by|i\s+czytaj)\b | (?:wykup|kup)\s+(?:dostęp|subskrypcję|prenumeratę)\b | zapisz\s+się\s+(?:na|do)\s+(?:nasz\w*\s+)?newsletter
    | (?:(?:ten\s+)?(?:artykuł|tekst)|(?:ta\s+)?wiadomość)\s+(?:jest|będzie|został)a?\s+(?:na\s+bieżąco\s+|stale\s+)?z?aktualizowan[ya]\b | więcej\s+informacji\s+wkrótce\b
    | подпи(?:шитесь|сывайтесь)\s+(?:на\s+(?:наш|рассылку)|чтобы) | чтобы\s+(?:читать\s+дальше|продолжить\s+чтение)\b | обновите\s+страницу\b
    | (?:новость|материал)\s+(?:дополняется|(?:был[аи]?\s+|будет\s+)?дополнен[аы]?)\b | (?:новость|материал|статья|текст)\s+(?:обновляется|(?:был[аи]?\s+|будет\s+)?обновл[её]н[аы]?)\b
    | підпи(?:шіться|суйтес[яь])\s+(?:на\s+(?:наш|розсилку)|щоб) | щоб\s+(?:читати\s+далі|продовжити\s+читання)\b | оновіть\s+сторінку\b
    | (?:новина|матеріал)\s+(?:доповнюється|(?:бул[оаи]?\s+|буде\s+)?доповнен[оаи]?)\b | (?:новина|матеріал|стаття|текст)\s+(?:оновлюється|(?:бул[оаи]?\s+|буде\s+)?оновлен[оаи]?)\b
    | (?:okumaya\s+devam\s+etmek|devamını\s+okumak)\s+için\b | (?:e-?)?bültenimize\s+(?:abone|üye|kaydol|kayıt)\w* | (?:bu\s+)?haber(?:imiz)?\s+güncellen(?:iyor|mektedir|ecek(?:tir)?|miştir|di)\b | sayfayı\s+yenileyin\b
    | اشترك(?:وا)?\s+(?:الآن|(?:لمتابعة|لمواصلة)\s+القراءة|في\s+(?:نشرتنا|قناتنا|خدمتنا)) | (?:جار[يٍ]?|يجري|تم|جرى)\s+تحديث\s+(?:هذا\s+|هذه\s+)?(?:الخبر|المقال|المادة|القصة|الصفحة)
    | (?:هذا\s+)?الخبر\s+قيد\s+التحديث | (?:لمتابعة|لمواصلة)\s+القراءة\b
    | (?:订阅|訂閱|登录|登入|注册|註冊)(?:以|后|後|即可|并|並)*(?:继续|繼續)?(?:阅读|閱讀) | 订阅我们|訂閱我們 | (?:本文|本新闻|本新聞|本页面?|本頁面?|此页面|此頁面)(?:将|將|会|會|正在|持续|持續|不断|不斷|已)*更新 | 刷新(?:本)?页面|重新整理頁面
    | (?:この記事|本記事|このページ)は(?:随時|順次)?更新(?:し|され|中) | 続きを(?:お読み|ご覧) | ニュースレター(?:に|を)?(?:ご)?(?:登録|購読) | この記事は有料
    | (?:이\s*)?(?:기사|페이지)(?:는|가)\s*(?:계속|수시로|지속적으로)?\s*(?:업데이트|갱신)(?:됩니다|될|되고|중) | (?:계속|이어서|전문을)\s*읽으(?:려면|시려면) | 뉴스레터(?:를)?\s*(?:구독|신청)
    )[^.!?。！？؟]{0,90}[\W_]*$""",
    re.VERBOSE | re.IGNORECASE,
)
# "Correction:" and the like, before what is recognised without it, too.
_LABEL = re.compile(
    r"[\W_]*(?:corrections?|clarification|korrektur|berichtigung|rectificatif|correctif|corrección|rectificación|fe\s+de\s+errores|rettifica|correzione|correção"
    r"|correctie|rectificatie|sprostowanie|исправление|уточнение|виправлення|уточнення|düzeltme|تصحيح|تصويب)\s*[:：]\s*",
    re.IGNORECASE,
)


def is_invitation(sentence: str) -> bool:
    """Say whether a sentence is, as a whole, an invitation to subscribe or to come back."""
    return len(sentence) <= _LONGEST and _INVITATION.match(sentence) is not None


def without_correction_label(sentence: str) -> str:
    """Return a sentence without the "Correction:" that opens it."""
    label = _LABEL.match(sentence)
    return sentence if label is None else sentence[label.end() :]
