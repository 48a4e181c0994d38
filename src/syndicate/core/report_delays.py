"""Tell notices that a message is late from reports that it failed, in the languages that servers speak."""

import re

from syndicate.core.report_parts import ReportParts

BEGINNING = 3_000

# How each language calls what is late, in a subject.
_LATE = (
    r"\bwarning:? (?:(?:could|can) ?not send|message .{0,80}delayed|mail(?! ?loop))|\bdelay(?:ed)?\b|\(delay\)|still being retried|will (?:be )?(?:continue|retr)|not (?:yet )?been delivered|could not send message for past",
    r"verz[oö]ger|versp[aä]tet|(?:noch|bisher|bislang) nicht (?:zugestellt|ausgeliefert)|vertra(?:ging|agd)|uitgesteld|f[oö]rsena[dt]|f[oö]rdr[oö]j|forsinke",
    r"retard|délai|retras|demorad|atraso|atrasad|ritard|(?:î|i)nt(?:â|a)rzi",
    r"op[oó][zź]ni|zpo[zž]d[eě]n|opožd|oneskor|задерж|отложен|затрим|відкладен",
    r"viivästy|myöhästy|késleltet|késedelm|késés|gecik|καθυστέρ|καθυστερ",
    r"遅延|遅れ|延迟|延遲|延误|지연|تأخ[ري]|עיכוב|ล่าช้า|chậm trễ|trì hoãn|tertunda|забав|закъсн",
)
_LATE_SUBJECT = re.compile(rf"(?i){'|'.join(_LATE)}")
# That it goes on, in English; the words of each other language follow.
_GOES_ON = (
    r"this is a warning message only|(?:you )?do(?:n'?t| not) need to re-?send (?:your|the|this) message|(?:delivery|server|system|host|we|mta|agent|attempts?)\w* will (?:continue|keep|be (?:continued|retried))[^.\n]{0,60}",
    r"will (?:be retried|keep trying|continue to (?:try|be)|try again|retry)(?! until a human)|ha(?:s|ve) been delayed|has not (?:yet )?been delivered (?:yet|to|after)|no action is required on your part|is delayed|(?:was|been) delayed",
    r"will be attempted again|has not yet been delivered|still trying to deliver|delivery attempts will continue|could ?not be delivered (?:so far|yet)|cannot be delivered (?:so far|yet)|message will be retried",
    r"re-?(?:tried|attempted) (?:every|later|again|until|for|in)\b|(?:will|to) be re-?(?:tried|attempted)|keep (?:re-?)?trying|will retry\b|retry (?:it )?for \d|in the retry queue",
    r"(?:further|more) attempts? (?:will|are)|attempts to deliver[^.\n]{0,40}will continue|attempts? (?:is|are) (?:still )?pending|still (?:queued|undelivered)|(?:not|have|has) yet (?:been|to be) (?:\w+ )?delivered",
    r"not (?:been )?(?:received|delivered)\b[^.;\n]{0,20}\byet\b|temporarily unable|transient,? non-?fatal|(?:was|been) deferred|\.\.\. deferred",
    r"still in (?:the|our) queue|(?:not necessary|no need|need not|not need) to (?:re-?)?send|another attempt (?:will|is)|continues to (?:try|attempt)|next (?:delivery )?attempt (?:will|is|in)",
)
_LEFT = r"(?<!\d)[1-9]\d* attempts? (?:left|remaining)|will attempt (?:the )?delivery (?:until|for)|(?:stays|remains|is (?:still )?(?:waiting|held|kept)|will be (?:held|kept)) in (?:our |the )?queue"
_GOES_ON_ABROAD = (
    r"noch nicht (?:zu|aus)ge(?:stellt|liefert)|konnte (?:bisher|bislang|noch) nicht|bisher nicht (?:zu|aus)ge|wird (?:es )?weiter(?:hin)? versuch|versucht es (?:noch|weiter)|weitere? (?:zustell)?versuche|(?:nächster|erneuter) (?:zustell)?versuch",
    r"nog niet (?:worden )?(?:bezorgd|afgeleverd|geleverd)|blijf(?:t|ven)? (?:het )?prober|(?:verdere|nieuwe) (?:bezorg|aflever)?pogingen",
    r"ännu inte (?:har )?(?:kunnat )?levere|inte levererats ännu|nya försök (?:görs|kommer)|leveransförsöken fortsätter|fortsätter att försöka",
    r"endnu ikke (?:blevet )?leveret|ikke (?:blevet )?leveret endnu|ennå ikke (?:blitt )?levert|ikke (?:blitt )?levert ennå|(?:yderligere|nye) (?:leverings)?forsøg|nye (?:leverings)?forsøk|(?:vil )?fortsæt(?:te|ter) med at|vil fortsette å",
    r"pas encore (?:été|pu)|continuer d'essayer|continuera d'essayer|nouvelles tentatives|tentatives (?:de remise )?(?:se poursuiv|vont)",
    r"todav[ií]a no|a[uú]n no (?:se )?(?:ha|pudo)|se seguir[aá]|se realizarán (?:m[aá]s|nuevos) intentos|continuar[aá] intentando",
    r"ainda não (?:foi|p[ôo]de)|tentativas de entrega continuar|continuar[aá] (?:a tentar|tentando)|(?:ser[ãa]o feitas|haver[áa]) novas tentativas",
    r"non è ancora (?:stato|possibile)|(?:verranno|saranno) (?:eseguiti|effettuati) (?:ulteriori|nuovi) tentativi|continuerà a (?:tentare|provare)",
    r"(?:încă nu|nu a fost încă|nu a putut fi încă)|va continua să|încercările (?:de livrare )?vor continua|se va reîncerca",
    r"nie został[aoy]? jeszcze|jeszcze nie (?:został[aoy]? )?(?:dostarcz|doręcz)|(?:ponowna|kolejna) próba (?:na|zost|będ)|(?:będzie )?nadal (?:będzie )?podejmowan|będzie (?:nadal )?próbował",
    r"(?:zatím|dosud) (?:se )?ne(?:podařilo|byl)|ještě nebyl|bude (?:se )?(?:dále )?(?:pokoušet|opakov)|další pokus(?!\w* (?:ne|již))|zatiaľ (?:sa )?nepodarilo|ešte nebol",
    r"(?:ещ[её]|пока|до сих пор) не (?:был[ао]? )?(?:доставлен|удалось)|попытк\w+ (?:доставки )?буд(?:ут|ет) (?:продолж|повтор|предприн)|повторная попытка будет|будет пытаться|продолжит попытки",
    r"(?:ще|поки|досі) не (?:було )?(?:доставлен|вдалося)|спроби (?:доставки |доставлення )?(?:будуть|тривають|продовж)|повторна спроба буде|намагатиметься",
    r"ei ole vielä|yrityksiä jatketaan|toimitusyritykset jatkuvat|yrittää (?:edelleen|uudelleen)|még nem (?:sikerült|kézbesít|lett)|további (?:kísérlet|próbálkoz)|továbbra is (?:megkísérl|próbál)",
    r"henüz (?:teslim|iletil)|yeniden denenecek|denemeye devam|denemeleri (?:devam|sürecek)|δεν έχει (?:ακόμ[ηα] παραδοθεί|παραδοθεί ακόμ[ηα])|δεν παραδόθηκε ακόμ[ηα]|θα συνεχίσει|προσπάθειες (?:παράδοσης )?θα",
    r"引き続き(?:配|再|送)|まだ配(?:送|信|達)|再送(?:を試|いたし)|再試行(?:します|されます|を続)|配信を試み(?:ます|続)",
    r"(?:继续|繼續)(?:尝试|嘗試|投递|投遞|重试|重試)|尚未(?:送达|送達|投递|投遞|传递|傳遞|送到)|(?:将|將|会|會)(?:再次|重新|自动|自動)?(?:尝试|嘗試|重试|重試)",
    r"još nije (?:isporučen|dostavljen)|pokušat ćemo ponovno|sẽ tiếp tục thử|سيواصل|ستستمر|akan (?:mencoba|dicoba) lagi|จะพยายาม|ימשיך לנסות|ще опитва",
    r"아직 (?:배달|전송|전달|배송|발송)되지|계속(?:해서)? (?:시도|재시도)|재시도(?:합니다|할 예정|될 예정|됩니다)|다시 시도(?:합니다|할 예정|됩니다)",
)
# What failures say as well, now and then.
_PERHAPS = r"todav[ií]a|seguir[aá] |(?:continuera|poursuivra) |引き続き|暂时无法"
_LATE_TEXT = re.compile(rf"(?i){'|'.join((*_GOES_ON, _LEFT, *_GOES_ON_ABROAD, _PERHAPS))}")
_STILL = re.compile(
    r"(?i)transient,? non-?fatal|not yet been delivered|still (?:in (?:the|our) queue|trying|being (?:tried|retried))|will (?:continue|keep) (?:to )?(?:try|attempt)"
    rf"|will (?:try again|be retried) (?:for|until|in)|{_LEFT}|{'|'.join(_GOES_ON_ABROAD)}"
)
_FAILED_SUBJECT = re.compile(
    r"(?i)\(failure\)|undeliverable|failure notice|returned mail|delivery failed"
    r"|^\s*(?:unzustellbar|onbestelbaar|non remis|impossible|no se puede|no se pudo|no entreg|n[aã]o (?:foi|é) poss|non recapit|impossibile|kan (?:ikke|inte|ei)|det (?:går|gick) inte"
    r"|toimitus ei|nie można|nelze|nedoru|nem kézbesít|kézbesíthetetlen|teslim edil|не удается|не удалось|недоставл|не доставл|配信不能|配達不能|配信できま|无法(?:送达|投递|传递)|無法(?:送達|傳遞|投遞)|未送达|배달되지)"
)
_FINAL = re.compile(
    r"(?i)(?<!not a )(?<!non-)permanent|giving up|given up|gave up|(?<!non-)(?<!non )fatal error|will not (?:be )?(?:retr|tr)|no (?:further|more|longer) (?:attempts|tr)|could not be delivered for|(?<!will be )returned to (?:you|sender)|failed permanently|was undeliverable|unable to deliver (?:message )?after|expired"
    r"|endg[uü]ltig|keine weiteren (?:zustell)?versuche|d[ée]finitiv|ne sera plus|no se (?:har|realizar)[aá]n? (?:m[aá]s|nuevos)|non (?:verranno|saranno)|окончательн|попыток (?:больше )?не будет|不再(?:尝试|嘗試|重试|投递)|これ以上"
)


# A sentence with one of these speaks of what may be, and says nothing of today.
_IF = re.compile(
    r"(?i)\b(?:if|unless|eventually|wenn|falls|sobald|si (?:no|l[aeo]s?|elle|el|los|votre|su|vous|ce|cette)|lorsque|indien|hvis|jos|jeśli|если|якщо)\b"
)
_NOTICE = re.compile(r"(?i)^\s*delivery status notification \(delay\)")


def is_delay(parts: ReportParts) -> bool:
    """Tell whether a report only says that a message is late and will be tried again."""
    subject, text = parts.header("subject"), _unfolded(parts.text[:BEGINNING])
    if _NOTICE.search(subject) is not None:
        return True
    if _FAILED_SUBJECT.search(subject) is not None:
        return _STILL.search(text) is not None and not _is_final(text)
    if _LATE_TEXT.search(text) is not None:
        return not _is_final(text) or _LATE_SUBJECT.search(subject) is not None
    return _LATE_SUBJECT.search(subject) is not None and not _is_final(text)


def _is_final(text: str) -> bool:
    """Tell whether a text says that nothing more is tried, and not only what will be if it comes to that."""
    return any(_FINAL.search(one) and not _IF.search(one) for one in re.split(r"[.!?;。！？]\s|\n", text))


def _unfolded(text: str) -> str:
    """Return a text with a line for each of its paragraphs."""
    return re.sub(r"(?<!\n)\n(?![ \t]*\n)[ \t]*", " ", text)
