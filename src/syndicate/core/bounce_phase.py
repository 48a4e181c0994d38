"""Tell at what point of the SMTP dialogue a refusal came."""

import re

_AT = r"(?:in (?:reply|response) to|after|during) (?:(?:the|a|pipelined|sending) ){0,2}"
_ANSWERED = r"\b[^\n]*\s+(?:[^\n]*: )?<<< 5(?!03)"


def _foldable(pattern: str) -> re.Pattern[str]:
    """Compile a pattern whose blanks may each be the end of a line: what is written for people is folded anywhere."""
    return re.compile(pattern.replace(" ", r"[ \t]*[ \t\n][ \t]*"), re.IGNORECASE)


_BEFORE_RECIPIENT = _foldable(
    rf"{_AT}(?:mail from(?:\s*[:<,)]| command)|[eh][eh]lo\b|initial connection)|>>> (?:mail|[eh][eh]lo){_ANSWERED}"
    # Postfix at the greeting; qmail at the greeting, HELO and MAIL FROM
    r"|refused to talk to me|\bbut (?:the )?greeting failed|my name was rejected|does not like (?:the )?sender|\bbut (?:the )?sender was rejected"
)
_AT_RECIPIENT = _foldable(rf"{_AT}rcpt\b|>>> rcpt{_ANSWERED}|does not like (?:the )?recipient")
_AFTER_RECIPIENT = _foldable(rf"{_AT}(?:end of )?data\b|>>> data{_ANSWERED}|failed (?:on data|after i sent)")
_NO_RECIPIENT_LEFT = _foldable(r"<<< 503\b")


def before_recipient(text: str) -> bool:
    """Tell whether a server refused before it heard of any recipient: at the greeting, at EHLO or at MAIL FROM."""
    return _BEFORE_RECIPIENT.search(text) is not None and _AT_RECIPIENT.search(text) is None


def after_recipient(text: str) -> bool:
    """Tell whether a server took the recipient, and refused the message.

    Where RCPT and DATA went out together, Sendmail shows the answer to RCPT below DATA, and then the 503 to DATA itself.
    """
    return _AFTER_RECIPIENT.search(text) is not None and _NO_RECIPIENT_LEFT.search(text) is None
