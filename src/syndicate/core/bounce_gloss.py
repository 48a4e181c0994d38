"""Tell what a mail system made of a server's answer from the answer itself."""

import re

# What Sendmail and others put on every bare reply to RCPT, whatever the server meant by it.
_MADE_OF = {550: "5.1.1", 551: "5.1.6", 553: "5.1.3"}
_ANSWER = re.compile(r"(?m)^[ \t]*<<< [45]\d\d|\(reason: [45]\d\d")
_GLOSS = re.compile(r"(?m)^[45]\d\d[ -](?:[45]\.\d{1,3}\.\d{1,3} )?\S{1,300}\.\.\. [^\n]*$")


def is_made_of(status: str, *, code: int, said: str) -> bool:
    """Tell whether a status says no more than the reply code: nobody spoke it, and the reporter has one for each such code."""
    return _MADE_OF.get(code) == status and status not in said


def without_gloss(text: str) -> str:
    """Leave Sendmail's own conclusion out (`550 5.1.1 <ann@x.example>... User unknown`) where the text also shows what the server answered."""
    return _GLOSS.sub("", text) if _ANSWER.search(text) is not None else text
