"""Recognise lines that are a picture's caption, by the credit that ends them."""

import re

_LONGEST = 400  # characters of a caption
_ENDING = 90  # characters in which a credit has room

_HOUSES = r"AP|AFP|EPA|Reuters|REUTERS|Getty(?:\s+Images)?|PA(?:\s+Wire|\s+Images)?|dpa|EFE|ANSA|ANP|Shutterstock|Bloomberg|Xinhua|Anadolu|Alamy|Corbis|iStock|Rex|UPI"
_PICTURE = r"(?:(?:file|handout|courtesy)\s+)?(?:photo(?:graph)?s?|pictures?|images?|foto(?:s|graf)?|bild(?:er)?|imagen|imagem|immagine|beeld|zdjęcie|фото|світлина|صورة)"
_CREDIT = re.compile(
    rf"""(?: \(\s*(?:(?:{_HOUSES})\s+)?{_PICTURE}\b[^()]{{0,60}}\)\.?  # (AP Photo/Ada Reed)
    | \([^()]{{0,50}}\b(?:{_HOUSES})/[^()]{{0,40}}\)\.?  # (Ada Reed/AFP/Getty Images)
    | \([^()]{{2,40}}/\s?(?:{_HOUSES})\s*\)\.?
    | (?:^|(?<=[.!?"”»)\]]\s)){_PICTURE}(?:\s+(?:credit|by|courtesy))?\s*[:：]\s*[^.!?:]{{1,60}}\.?   # Picture: PA
    | (?:^|(?<=[.!?"”»)\]]\s))[^\W\d_][^.!?:;,()/]{{2,40}}/\s?(?:{_HOUSES})\b[^.!?:;()]{{0,30}}      # Ada Reed/AFP via Getty Images
    )$""",
    re.VERBOSE | re.IGNORECASE,
)


def without_captions(text: str) -> str:
    """Return a text without its lines that are captions, unless there are no others."""
    lines = text.split("\n")
    kept = [line for line in lines if not _is_caption(line)]
    return text if len(kept) == len(lines) or not any(map(str.strip, kept)) else "\n".join(kept)


def _is_caption(line: str) -> bool:
    line = line.rstrip()
    return len(line) < _LONGEST and _CREDIT.search(line, max(0, len(line) - _ENDING)) is not None
