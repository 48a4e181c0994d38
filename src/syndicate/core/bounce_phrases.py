"""Know what mail servers say when they turn a message away, in the words and languages they say it in."""

import re
from enum import StrEnum
from functools import lru_cache

from syndicate.core.bounce_sender import OUR_ADDRESS, about_us


class Saying(StrEnum):
    """What a server's words mean, the surest first."""

    SENDER = "sender"  # it minds who we are
    FULL = "full"
    PASSING = "passing"  # greylisting, a message too big
    UNKNOWN = "unknown"  # no such reader
    DISABLED = "disabled"
    UNWANTED = "unwanted"  # spam, lists, authentication, content
    NOWHERE = "nowhere"  # no such host
    TROUBLE = "trouble"  # something that may pass
    TURNED_AWAY = "turned-away"  # the address is not taken, no reason given
    BARRED = "barred"  # some rule, unspecific


_WHO = r"(?:users?|recipients?|mail ?box(?:es)?|mailaddress|accounts?|(?:e-?mail )?address(?:es)?|addressees?|alias(?:es)?|person|customer|subscriber|member|username|user ?id|local[ -]?part|rcpt|destinataire|login)"
_GONE = r"(?:unknown|not (?:be )?found|(?:does|do|did|could)(?:n'?t| ?not)(?: currently)? exists?|not exist(?:s|ing)?|nonexist[ae]nt|non-existent|no longer (?:exist|valid|available|active|accept|in use|a valid|used|on|works?|here)[a-z]*|not (?:a )?(?:valid|known|local|listed|recogni[sz]ed|registered|present)|isn'?t (?:known|valid|listed|registered)|not our customer|invalid|is bad|undeliverable|doesn'?t have)"

_TABLE: tuple[tuple[Saying, tuple[str, ...]], ...] = (
    (
        Saying.SENDER,
        (
            r"\bsender(?:'?s)?(?: e-?mail)?(?: address| domain| verif\w+| callout| host| ip| id| policy)?(?: was| is| has been)?(?: <?ADDR>?)?:? (?:rejected|denied|refused|blocked|unknown|invalid|failed|fail\b|error|not (?:allowed|permitted|accepted|authenticated|authorized|found|exist)|unverified|unauthenticated)",
            r"(?:invalid|unknown|unresolvable|bad|unauthenticated|spoofed|forged|blocked|illegal|banned) (?:envelope )?(?:sender|return[- ]path|mail from)\b",
            r"(?:verify|verification of|validate|resolve) (?:the |your )?(?:sender|return address|mail from)",
            r"(?:sender|from|mail from|envelope)[- ](?:address )?(?:domain|address)[^.;]{0,60}(?:must|not|does|no valid|could)",
            r"domain of (?:the )?sender",
            r"sender(?:'s)? (?:domain|address) (?:must|does|has|is not|not)",
            r"your (?:domain|address|e-?mail|server|host|ip)[^.;]{0,40}(?:rejected|blocked|denied|refused|banned|not accepted|not allowed)",
            r"not (?:authori[sz]ed|allowed|permitted|have permission) to (?:send|post|submit|relay|deliver)",
            r"(?:do not|don'?t) have (?:the )?permission to",
            r"(?:this|your|sending|client|source)(?: \w+)? (?:ip|client|host|server|network)\b[^.;\n]{0,60}(?:blocked|banned|black-?list|listed (?:in|on|at|by))",
            rf"{OUR_ADDRESS}[ >\"'():,.]*(?:(?:recipient|address|user|mailbox|host|domain|rejected|is|was|are|has|have|does)\b:? ?)*(?:{_GONE}|(?:no such|unknown) (?:\w+ )?(?:{_WHO}|host|domain)\b|(?:with )?no (?:valid |usable )?(?:mx|a|dns)\b)",
            rf"(?:no such|unknown|invalid|bad|non-?existent|can(?:no|')t (?:find|resolve)|could not (?:find|resolve)) (?:\w+ )?(?:(?:{_WHO}|host(?: ?name)?|domain(?: name)?)\b)?(?: at| in| on)?[ :<\"'(]*{OUR_ADDRESS}",
            r"(?:return[- ]path|return address|envelope (?:from|sender)|reply-?to)\b[^.;:]{0,30}(?:does(?: ?no|n')t exist|unknown|not found|invalid)|your (?:domain|host|hostname|server)\b[^.;:]{0,60}(?:no (?:valid |usable )?(?:mx|a|dns)\b|not (?:be )?(?:found|resolved)|unknown|invalid|does(?: ?no|n')t (?:exist|resolve)|non-?existent)",
            r"too many (?:\w+ ){0,2}(?:invalid|unknown|non-?existent|nonexistent|bad|wrong|undeliverable)\b|directory[- ]harvest|harvest(?:ing)? attack|dictionary attack",
            r"(?:account|user|mail ?box|login)\b[^.;]{0,40}(?:disabled|suspended|blocked|locked|closed|barred) (?:for|from|due to|because of) (?:\w+ )?(?:sending|spam\w*|abuse|out(?:going|bound))",
            r"(?:does(?: ?no|n')t|not|only) accept(?:s|ing)? (?:any )?(?:e-?)?(?:mails?|messages?) (?:from|without|unless|except|by|via|over|with|that)\b|opted[- ]out|do(?:es)?(?: ?no|n')t (?:wish|want) to (?:receive|get|accept)\b",
            r"\bbatv\b|backscatter|bogus mail from|third-?party dsn|unsigned dsn|(?:null|empty)(?: envelope)? sender|from: (?:domain|address)|address is not verified|sender not\b|sender domain|unroute?able sender|recursive cname|(?:my name|sender) was rejected|(?:daily|hourly|relay|sending) (?:\w+ )?(?:quota|limit)|submitter|smtp auth|authenticated relay",
            r"\bmail from\b[^.;]{0,40}(?:reject|denied|refused|not accepted|not owned)|[eé]metteur invalide|rule imposed|invalid domain, see|(?:resolve|confirm) (?:your|this) (?:address|host|mail server|server)|server requires confirmation",
        ),
    ),
    (
        Saying.FULL,
        (
            r"(?:mail ?box|in-?box|account|quota|storage|disk|mail ?folder|maildir|maildrop|mail ?store|spool|folder|user|home ?directory|file ?system)[^.;\n]{0,50} (?:is |are |was |has become )?(?:already )?(?:too )?full\b",
            r"\bfull (?:mail ?box|in-?box|quota)|mailboxfull|mailfull|mbox(?:is)? full|mailbox_full",
            r"over ?-?(?:the )?(?:[a-z' ]{0,30})?quota|quota[^.;\n]{0,40}(?:exc|full|reach|violat|overrun|over\b|err|depass|excedid|überschritten|superata)|(?:exceed|excede|reach|depass|over)[a-z]*[^.;\n]{0,40}(?:quota|storage|mail ?box size|mail ?box limit|disk space|allowed space|space allocat|allocation)|\bquota exceed|out of (?:storage|quota)|disk quota|overquota|limit on (?:the )?mailbox",
            r"(?:insufficient|not enough|no|lack of|out of|low on|inadequate)(?: \w+){0,3} (?:storage|disk ?space|space (?:left|available|on|in|for))|insufficient (?:system |mail )?(?:storage|space|resources)|not enough (?:disk |free )?space|out of (?:disk )?space|no (?:more )?(?:free )?space|no room",
            r"(?:storage|mail ?box|maximum|size|space|message)[- ](?:size )?(?:limit|quota)[^.;\n]{0,20}(?:mailbox|reached)|mail ?box (?:has )?(?:exceeds|exceeded|too large|size|is over|space)|too many (?:messages|mails) (?:in|on|stored)|user(?:'s)? (?:mail ?box )?(?:is )?over (?:the |its |his |their )?(?:quota|limit)|mailbox for ADDR is full|temporarily over",
            r"(?:have|has) enough space|space\b[^.;\n]{0,40}\bused up|too much mail (?:data|stored)|storage limit|message (?:store|storage) (?:is )?(?:full|exceed)|mail ?box usage|recipient (?:has )?reached (?:disk|its|his)",
            r"buz[oó]n[^.;\n]{0,30}llen|cuota (?:de \w+ )?exced|casilla[^.;\n]{0,30}llena|bo[iî]te[^.;\n]{0,50}pleine|postfach[^.;\n]{0,30}voll|casella[^.;\n]{0,30}piena|caixa[^.;\n]{0,40}(?:cheia|lotada)|skrzynka[^.;\n]{0,30}pełna|переполнен|speicherplatz|quota superata|espace (?:disque )?insuffisant",
            r"(?:brevlåd|postkasse|postilaatik|schránk|postafiók|posta kutusu|căsuț|postvak|skrzynk)[^.;\n]{0,40}(?:\bfull|fuld|fyldt|täynnä|\bpln|megtelt|\btele\b|dolu|plin|\bvol\b|przepełn|pełn)|переповнен|γεμάτ|가득",
            r"(?:容量|空間|空间)[^\n]{0,10}(?:不足|超|制限|いっぱい|已满|已滿|満)|(?:邮箱|郵箱|信箱|メールボックス|受信)[^\n]{0,14}(?:满|滿|満|一杯|いっぱい|溢)|ディスク容量|용량",
        ),
    ),
    (
        Saying.PASSING,
        (
            r"gr[ae]y-?[ _]?list",
            r"(?:message|mail|e-?mail|attachment|body|header|content|file|line)[^.;\n]{0,30}(?:(?<!queue )too (?:big|large|long)|(?:size|length) (?:exceeds?|exceeded|limit|restriction)|exceeds[^.;\n]{0,50}(?:size|limit|maximum|length))|(?:exceed[a-z]*|over|larger than|greater than|bigger than|longer than)[^.;\n]{0,50}(?:message size|size limit|size of|maximum (?:message |allowed )?size|inbound message|message length|max(?:imum)? size|byte|megabyte|limit of \d+ ?[mk]b)|(?:max|maximum)(?: \w+)? (?:message )?size|size limit|sizelimit|too large for|msg ?size|mesg ?too ?big",
            r"too many (?:recipients|rcpts|hops|received)|hop count|hops? exceeded|mail(?:ing)?[- ](?:forwarding )?loop|routing loop|loops? (?:back )?(?:to myself|detected)|looping|maximum hop|mail loop",
            r"too many (?:concurrent |simultaneous |smtp )*(?:connections|sessions)|(?:maximum )?connection (?:rate )?limit|trop de connexions|forwarding loop|taille limite|line limit|(?:message|mail)(?: size)? \d+ exceeds|e?xc?eeded the maximum size",
            r"(?:in|into|possible|suspected) (?:a )?(?:mail )?loop\b|loop (?:alert|back warning)|unix from loop|already passed x-loop|hops ?= ?\d",
            r"recipient has exceeded (?:their|its|his|her|the) limit|messages (?:they|he|she|it) can receive",
            r"receiving mail (?:at a rate|too quickly)|too (?:many messages|much mail) (?:too|for (?:this|the) (?:user|recipient))",
        ),
    ),
    (
        Saying.UNKNOWN,
        (
            rf"\bno such (?:\w+ )?(?:{_WHO}|name|person|e-?mail|here|mail drop|contact)\b",
            rf"\bunknown (?:or (?:illegal|invalid|inactive) )?(?:virtual |local |mail ?|e-?mail |destination |recipient |external |remote )?{_WHO}|unknown (?:mailbox|to address)",
            rf"\b{_WHO}(?: (?:name|address|account|id|mailbox|named|with|for|you|at|the|that|in|on|of|has|have|is|was|were|are|entered|specified|given|supplied|associated|e-?mail|'s))*[ :<>\"'()\[\],-]*(?:ADDR)?[ :<>\"'()\[\],.-]*(?:is |was |were |are |has been |currently |apparently |seems |the |a |an |some )*{_GONE}",
            rf"\b{_GONE} (?:or \w+ )?(?:virtual |local |destination |final |mail |e-?mail )?{_WHO}\b",
            rf"(?:invalid|illegal|incorrect|bad|wrong|non-existent|nonexistent)(?:[ :_-]|final |delivery |destination |mail |e-?mail |or )*{_WHO}",
            r"\bADDR[ >\"'():,.]*(?:is |was |does |has been )?(?:not (?:be )?found|not exist|unknown|not (?:a )?(?:known|valid|listed)|does(?:n'?t| not) exist|invalid|no longer)",
            r"no (?:mail ?box|user|account|recipient|one|body|person|local mailbox|valid (?:recipient|mailbox|user)|mail ?drop|mail[- ]?address|match(?:es|ing)?)[^.;\n]{0,30} (?:here|by that name|by this name|with that|with this|under that|of that|at this|named|known|found|exists?|available for|currently available|for (?:this|that)|for recipient)",
            r"not a registered|no matches to name ?server|address is wrong|no valid (?:recipient|host or recipient|address)|there is no (?:one|such|user|mailbox|account)|nobody (?:here|by|with|at)|no (?:account|mailbox) (?:here|by|with)",
            r"not (?:listed|found) in (?:the )?(?:public |domino |lotus |global |local )?(?:name|address|names|recipient|user|directory)|name (?:and |& )?address book|no[t ]+ ?in[^.;\n]{0,20}directory|not in (?:my|our|the) (?:user|mailbox|local|alias)",
            r"badrcptto|RecipientNotFound|RecipNotFound|recipient_not_found|unknown_user|user_unknown|no_such_user|bad-recipient|5\.1\.1 (?:bad|invalid)|bad destination (?:mailbox|email)|err_unknown_user|invalid_recipient",
            r"recipient address rejected: (?:access denied|undeliverable|unverified|user|no such|invalid|not found|this (?:user|account)|address|unknown|mailbox|recipient)",
            r"(?:user|person|employee|recipient|he|she|member|staff)[^.;\n]{0,40}(?:has (?:moved|left|changed|gone)|no longer (?:employed|works?|with|at|here|part|has|receiv)|left (?:the )?(?:company|organi[sz]ation))|(?:address|e-?mail)[^.;\n]{0,20}has (?:been )?changed|has been (?:replaced|moved to)|new (?:e-?mail )?address|relocated|this address no longer",
            r"(?:user|recipient)s?[^.;\n]{0,60}(?:doesn'?t|does not|didn'?t|has no|have no|did not) (?:have|has|own|yahoo|an?)[^.;\n]{0,30}(?:account|mail ?box|address)",
            r"unroute?able (?:mail )?(?:address|domain)|address(?:es)? (?:were|was|is|are)?(?: ?un|in)valid|following (?:address(?:es)?|recipients?) (?:was|were|is|are)? ?(?:invalid|unknown|undeliverable|not found|bad)|can'?t (?:accept|find|identify) (?:this )?(?:user|recipient|mailbox)|cannot find (?:your |the )?recipient|couldn'?t (?:be found or|find)[^.;\n]{0,40}(?:invalid|recipient|user|address|mailbox)|(?:wasn'?t|could ?n[o']?t be|was not) found (?:at|on|in)\b|address you (?:entered|sent) [^.;\n]{0,30}(?:not|couldn)|address (?:couldn'?t|could not) be found|unable to (?:find|locate|verify) (?:the )?(?:recipient|user|mailbox)",
            r"(?:usuario|destinatario|cuenta|buz[oó]n|direcci[oó]n|persona)[^.;\n]{0,60}(?:desconocid|no existe|inexistente|inv[aá]lid|no (?:fue |se )?(?:encontrad|v[aá]lid)|no se encontr)|no existe[^.;\n]{0,30}(?:usuario|persona|cuenta|buz)",
            r"(?:utilisateur|destinataire|adresse|bo[iî]te|compte)[^.;\n]{0,60}(?:inconnu|inexist|invalide|n'existe|introuvable|n'a pas été trouv|erron)|(?:utilisateur|destinataire) inconnu",
            r"(?:empf[aä](?:e)?nger|benutzer|adresse|postfach|mailbox|konto)[^.;\n]{0,60}(?:unbekannt|existiert nicht|nicht (?:gefunden|bekannt|vorhanden|existier)|ung[uü](?:e)?ltig)|unbekannte[rs]? (?:empf|benutzer|adress)",
            r"(?:utente|destinatario|casella|indirizzo)[^.;\n]{0,60}(?:sconosciut|inesistente|non (?:esiste|valid|trovat|[eè] valid))|(?:usu[aá]rio|destinat[aá]rio|\bconta\b|endere[cç]o)[^.;\n]{0,60}(?:desconhecid|inexistente|inv[aá]lid|n[aã]o (?:existe|encontrad))",
            r"(?:пользовател|адресат|почтов\w+ ящик|получател|ящик|адрес)[^.;\n]{0,60}(?:не (?:найден|существует|зарегистрирован)|неизвест)|(?:użytkownik|odbiorc)[^.;\n]{0,40}(?:nieznan|nie istnieje)|(?:gebruiker|ontvanger|adres)[^.;\n]{0,40}(?:onbekend|bestaat niet)",
            r"(?:mottagar|mottaker|modtager|användar|bru[gk]er|kontoe?t?|adress?e?n?)[^.;\n]{0,40}(?:okänd|uke?n[dj]t|(?:finns|findes|finnes|eksisterer) (?:inte|ikke)|(?:hittades|fundet|funnet) (?:inte|ikke)|(?:inte|ikke) (?:hittas|hittades|fundet|funnet))|(?:vastaanottaja|osoite|käyttäjä)\w*[^.;\n]{0,40}(?:tuntematon|ei ole olemassa|ei löy)",
            r"(?:uživatel|adres|příjemc|schránk|použ[ií]vateľ|príjemc)\w*[^.;\n]{0,40}(?:neexist|neznám|nenalezen|nebyl[ao]? nalezen)|(?:címzett|felhasználó|postafiók|\bcím)[^.;\n]{0,40}(?:ismeretlen|nem létezik|nem található)|(?:adres|skrzynk|kont)[^.;\n]{0,40}(?:nie istnieje|nie znaleziono|nieznan)",
            r"(?:kullanıcı|alıcı|adres|posta kutusu)[^.;\n]{0,40}(?:bulunama|bilinmiyor|bilinmeyen|mevcut değil|geçersiz)|(?:utilizator|destinatar|adres[aă])[^.;\n]{0,40}(?:necunoscut|inexistent|nu exist)|(?:χρήστη|παραλήπτη|διεύθυνση)[^.;\n]{0,40}(?:άγνωστ|δεν υπάρχει|δεν βρέθηκε)|(?:користувач|одержувач|отримувач|адрес)[^.;\n]{0,40}(?:не знайден|не існує|невідом)",
            r"(?:用户|用戶|收件人|地址|邮箱|郵箱|帐号|帳號|账号|使用者|收信人)[^\n]{0,16}(?:不存在|无效|無效|找不到|未找到|错误|錯誤|有误)|(?:查无|查無|无此|無此|没有此|沒有此|没有该|找不到)[^\n]{0,10}(?:人|用户|用戶|收件|地址|邮|使用者|帐)|(?:宛先|あて先|アドレス|ユーザ|受信者|メールボックス|利用者)[^\n]{0,60}?(?:見つかりません|見つけられません|存在し|存在致し|ありません|不明|誤り|間違|正しく|無効|確認できません)|알 수 없는|존재하지",
        ),
    ),
    (
        Saying.DISABLED,
        (
            r"(?:account|mail ?box|user|e-?mail|address|recipient|login|customer|subscri\w+|service)(?: (?:account|name|id|address|mailbox|status|for|of))*[ <>:\"'()]*(?:ADDR)?[ <>:\"'()]*(?:is |was |are |has |have |been |currently |now |temporarily |permanently |administratively )*(?:disabled?|deactivated|suspended|in-?active|not (?:yet )?(?:active|enabled|activated)|closed|locked|expired|cancell?ed|terminated|discontinued|frozen|deleted|removed|archived|retired)\b",
            r"(?:disabled|inactive|suspended|deactivated|closed|expired|archived|locked|discontinued|deleted) (?:e-?mail |mail )?(?:account|mail ?box|user|recipient|address)",
            r"mail ?box (?:is )?(?:disabled|inactive|not accepting)|not accepting (?:any )?(?:mail|messages)(?: at this|$|[.;:])|(?:user|account|recipient) (?:is )?not accepting(?! (?:any )?(?:e-?)?(?:mails?|messages?) (?:with|from|containing|of)\b)|extended inactivity|(?:account|mail ?box|user)(?![^.;]{0,40}(?:connection|session|time))[^.;]{0,40}(?:inactivity|(?:was|has) not (?:been )?used)|(?:account|mail ?box|user)[ <\"']*ADDR[> \"']*(?:is|was|has been) (?:blocked|banned)(?! (?:by|using|from|for|due|because|at|until)\b)|d[eé]sactiv[eé]|desactivad|deaktiviert|disattivat|заблокирован|отключен|停用|禁用|冻结",
        ),
    ),
    (
        Saying.UNWANTED,
        (
            r"\bspam|unsolicited|\bjunk ?mail|\bube\b|\bbulk (?:e-?)?mail|unusual rate|mass ?mail",
            r"black-?[ _]?list|block-?[ _]?list|deny-?list|\brbl\b|dnsbl|spamhaus|spamcop|sorbs|barracuda|cloudmark|uribl|surbl|invaluement|senderbase|senderscore|mail-?abuse|\bmaps\b rbl|\bxbl\b|\bpbl\b|\bsbl\b|listed (?:in|on|at|by) |white ?-?list",
            r"reputation|untrusted|suspicious|complain|abus(?:e|ive)\b|harvest|\bbanned\b|spoof",
            r"virus(?!wall)|malware|infected|trojan|\bworm\b|phish|malicious",
            r"\bdmarc|\bspf\b|\bdkim|domainkeys|senderid|sender policy framework|sender[- ]?id\b|5\.7\.26|authentication (?:checks?|information|result)|not (?:pass|meet) authentication|unauthenticated (?:e-?mail|mail|message)|arc\b chain",
            r"(?:content|attachment|subject|extension|url|link|body|file ?type|executable|header)[^.;\n]{0,40}(?:reject|block|not (?:allowed|accept|permit)|filter|denied|prohibit|restrict|violat|forbidden|banned|refus|contain)|(?:reject|block|filter|prohibit|restrict)[a-z]*[^.;\n]{0,30}(?:content|attachment|subject|keyword|filter)|content filter|content restriction",
            r"(?:ip|client|host|server|connection|connecting|remote|domain|network|address range)[^.;\n]{0,60}(?:is |was |has been |are )?(?:blocked|banned|blacklist|rejected (?:due|because|for|by)|denied by|not welcome)|client host[^.;\n]{0,60}(?:reject|blocked)|blocked (?:using|by (?!recipient|the recipient)|for|due|at|until|because)|connection (?:rejected|not authorized)",
            r"(?:no )?access from|access denied\.? ip\b|accepting (?:mail|messages|connections) from|mismatch\w* (?:the )?client|\bgo away\b|open (?:proxy|relay)|unresolvable relay|protocol violation|blocked[ :;,-]+see\b|\bexcommunicat|proxy (?:server )?(?:detected|found)",
            r"reverse (?:dns|lookup|mapping|hostname)|\bptr\b|\brdns\b|(?:helo|ehlo)\b[^.;\n]{0,60}(?:reject|invalid|denied|not|forged|bad|fail)|dynamic (?:ip|dns|address|host)|dial-?up|residential|no (?:valid )?rdns|must (?:have|use) (?:a )?(?:valid|fully)",
            r"rate[- ]?limit|throttl|(?:exceed\w*|over)[^.;\n]{0,30}(?:sending|hourly|daily|message rate|rate\b|maximum (?:number of )?(?:messages|e-?mails))|too many (?:messages|e-?mails|mails) (?:from|per|sent|received)|sending limit",
            r"polic(?:y|ies) (?:reason|violation|restrict|reject|rule|filter|of)|(?:violat|against|due to|because of|by|for|local|security|company|site|domain|recipient|administrative|mail|anti-?spam|message|usage|corporate|access|content)\w* (?:\w+ )?(?:polic(?:y|ies))\b|polic(?:y|ies)\b",
            r"relay(?:ing)? (?:access )?(?:is |was )?(?:denied|not|prohibited|forbidden|rejected|mail|restrict)|(?:not|no|unable to|cannot|refus\w*|do not|don'?t|won'?t|can'?t) (?:\w+ )?relay|not (?:a )?(?:gateway|open relay)|relay not|rcpthosts|we do ?n[o']t (?:accept|relay)|nicht weiterleiten|not (?:an? )?accepted domain",
            r"(?:forged|false|fake|bad|invalid) [he][eh]lo\b|must authenticate|pol[ií]tica|dangerous|will not accept (?:delivery|this|your)|(?:mail|message)[^.;\n]{0,20}(?:rejected|refused) by (?:the |its )?recipients?\b(?! \w)|frequency limit|only[^.;\n]{0,30}(?:members|subscribers)|smtp server of your isp|illegal attachment|non-?member|members-only|organi[sz]ational settings|low priority|multiple addresses|recipient preferences|notauthori[sz]ed|is protected by|blocked by (?:the )?recipient|not accepting (?:any )?(?:e-?)?(?:mails?|messages?) (?:with|from|containing)\b|message filtered|our system has detected|bulk\.advertis|insecure mail relay|allowed rcpthost|credentials|authentication turned on|authentificat|verification failure|dead domain|max e-?mails|captcha|mime (?:headers|complexity)|connection refused from|unwanted|no third",
            r"prohibited|administratively|administrative(?:ly)? (?:prohib|den|block|reject|hold)|delivery not authori[sz]ed|not authori[sz]ed|message (?:was )?(?:refused|blocked)|(?:mail|message|e-?mail)[^.;\n]{0,20} (?:was |has been |is )?(?:blocked|quarantin|discarded|undesirable|unacceptable)|restricted|closed (?:mailing )?list|moderat|(?:only|just) (?:accepts?|allow)[^.;\n]{0,30}(?:from|member|internal)|not (?:a )?(?:member|subscribed)|requires? (?:tls|encryption|authenticat|smtp auth)|must issue a starttls|authentication (?:is )?required|auth\w* (?:fail|required)|tls (?:session |connection )?(?:required|negotiation|is required)|need to authenticate",
            r"(?:header|message|mail)[^.;\n]{0,30}(?:malformed|not rfc|non-?rfc|not compliant|invalid format|bare lf|bare cr)|rfc ?-?[25]3?[28]22|non-?compliant|bad (?:header|message)|missing (?:from|date|message-id|header)|duplicate header|8-?bit|improper|header error|syntax error in (?:header|from)",
            r"スパム|迷惑メール|受信拒否|拒否|垃圾|拒收|被拒|反垃圾|спам|отклонен|bloqu[eé]|bloquead|abgelehnt wegen",
        ),
    ),
    (
        Saying.NOWHERE,
        (
            r"(?:host|domain|destination|server|name|site|node|mx|dns|machine|system|recipient'?s? domain)(?: (?:name|server|system|host|record|part|lookup|entry|for|address|of|in|the|domain))*[ <>:\"'()\[\],]*(?:[\w.-]+\.\w+)?[ <>:\"'()\[\],]*(?:ADDR)?[ ]?(?:is |was |could |has |were )*(?:unknown|not (?:be )?(?:found|resolved?|located|exist|known|valid)|does(?:n'?t| not) exist|doesn'?t|invalid|lookup (?:fail|error)|non-?exist[ae]nt|un(?:resolv|rout)able|no longer (?:exists|valid)|not (?:valid|hosted|configured|handled|local))",
            r"no such (?:host|domain)|unknown (?:\w+ )?(?:host|domain|destination|node|mail ?host)|nxdomain|(?:no|null|bad|invalid|missing) mx\b|mx (?:record|host|is)s?[^.;\n]{0,30}(?:not found|invalid|missing|null|does not|unresolv)|no (?:valid |usable )?(?:mx|mail) (?:host|exchanger|server|record|records)|does not (?:accept|receive|handle) (?:any )?(?:e-?)?mail\b|host or domain name not found|domain name (?:not found|does not)|name service error[^.;\n]{0,80}(?:not found|unknown)|(?:unable|cannot|can'?t|couldn'?t|could not|failed) (?:to )?(?:find|resolve|locate|look ?up)[^.;\n]{0,30}(?:host|domain|mx|mail server|dns|name|exchanger)|couldn'?t find any host|bad destination (?:system|host)|domain not in|no (?:dns|a) record|address lookups failed permanently|returned answer with no data|no smtp service|invalid (?:mail )?domain|illegal (?:host|domain)|all relevant mx records point to non-?existent|lookup of \S+ failed|not a (?:valid )?domain|HostNotFound|DnsDomainDoesNotExist|DNS query failed[^.;\n]{0,30}(?:domain|exist)|not routable",
            r"(?:domain[eä]?|dominio|domaine|hôte|домен|域名|ドメイン)[^.;\n]{0,40}(?:no (?:existe|encontrad)|n'existe|inconnu|nicht gefunden|unbekannt|не найден|не существует|不存在|無法|无法|見つかりません)",
        ),
    ),
    (
        Saying.TROUBLE,
        (
            r"temporar|not been collected|try(?:ing)? (?:it )?again|(?:try|again) later|tryagain|too busy|server busy|busy|too many|time(?:d)?[- ]?out|retr(?:y|ies)|expired|undelivered for|within|lifetime|connection (?:was )?(?:refused|reset|closed|lost|dropped|failed|died|timed|broken|error|aborted)|unreachable|no (?:route|answer|response|reply)|not respond|did not respond|unresponsive|(?:network|system|server|local|internal|resource|i/o|database|disk|service|ldap|sql|lookup|processing|protocol|program|software)[^.;\n]{0,20}(?:error|fail|problem|trouble|unavailable|down)|mailer error|resources|maintenance|overload|shut(?:ting)? ?down|service (?:is )?(?:not available|unavailable|currently)|cannot (?:open|lock|create|write|append|connect|contact|access|execute)|can'?t (?:open|lock|create|write|append|connect|contact|access|execute)|unable to (?:open|lock|create|write|connect|contact|deliver|append|complete|access|reach|establish)|could ?n[o']t (?:open|lock|create|write|connect|contact|deliver (?:the )?(?:mail|message) (?:for|in|within|after))|command (?:failed|died|not|output)|terminated by|exit(?:ed)? (?:status|code)|misconfig|config(?:uration)? (?:error|problem)|host (?:is )?down|(?:delivery|failed \d+|after \d+) attempts|giving up|gave up|defer|suspended|did not complete|could not complete|not currently|too long|unexpected|broken|crash|transport|pipe|lost connection|no (?:valid )?route|destination mxs|failing for a long|interrupted system|encountered an error|loop (?:was|is|detected)|write error|gateway for|unable to resolve route|procmail|maildrop|x-unix; \d|numerous attempts|several matches|not unique|ambiguous|requests to connect",
            r"временно|vor[uü]bergehend|temporairement|タイムアウト|超时|超時|後ほど|稍后|連接|连接|時間内",
        ),
    ),
    (
        Saying.TURNED_AWAY,
        (
            r"(?:mail ?box|recipient|user|account|address|addressee|rcpt(?: to)?)[^.;\n]{0,60}(?:unavailable|not available|reject|refus|denied|not accept|undeliver|not deliver|cannot|can'?t|fail|error)|(?:reject|refus)[a-z]*[^.;\n]{0,30}(?:recipient|address|user|mailbox|rcpt)|action not taken|no longer",
        ),
    ),
    (
        Saying.BARRED,
        (
            r"access denied|permission denied|\bblocked\b|not (?:permitted|allowed|accepted|authori[sz]ed)|denied|refused (?:by|to)|rejected (?:by|for|due|because|at)|(?:message|mail|e-?mail|delivery|transaction) (?:was |has been |is )?rejected|reject(?:ed|ing) (?:your|this|the) (?:message|mail|e-?mail)|disallowed|forbidden|unacceptable|rejection",
        ),
    ),
)
_COMPILED = tuple(
    (saying, re.compile("|".join(f"(?:{one})" for one in ones), re.IGNORECASE)) for saying, ones in _TABLE
)
_ADDRESS = re.compile(r"[<(\[\"']?(?:mailto:)?[^\s<>()\[\]\"',;:@]{1,80}@[\w.-]{1,255}[>)\]\"']?")
_LINK = re.compile(r"(?:https?://|www\.)\S{1,300}", re.IGNORECASE)
# What qmail, Exim and others say of every failure.
_EMPTY = re.compile(
    r"giving up on [\w.:\[\]-]+|does not like (?:the )?recipient|following (?:address|recipient)(?:s|es|\(es\)|\(s\))?:? (?:has |have )?failed|one or more (?:of its )?recipients",
    re.IGNORECASE,
)
LONGEST = 4_000
_OF_HIM = {Saying.UNKNOWN, Saying.DISABLED, Saying.NOWHERE}  # what may be said of us as well


@lru_cache(maxsize=64)  # what a report says to people is asked again for each of its recipients
def sayings(text: str) -> tuple[Saying, ...]:
    """Return what a server's words mean, the surest first; addresses and links in them mean nothing."""
    bare = re.sub(r"\s+", " ", _ADDRESS.sub(" ADDR ", _LINK.sub(" ", text[:LONGEST])))
    bare = re.sub(r"([^\w\s])\1{3,}", r"\1\1", re.sub(r"[’`´]", "'", _EMPTY.sub(" ", bare)))
    bare = re.sub(
        r"(?<= )[245]\d\d-(?:[245]\.\d{1,3}\.\d{1,3} )?", "", f" {bare}"
    )  # the middle of a reply of several lines
    said, of_us = [], False
    for saying, words in _COMPILED:
        places = [found.span() for found in words.finditer(bare)]
        if places and saying in _OF_HIM and all(about_us(bare, *place) for place in places):
            of_us = True
        elif places:
            said.append(saying)
    return (Saying.SENDER, *said) if of_us and Saying.SENDER not in said else tuple(said)
