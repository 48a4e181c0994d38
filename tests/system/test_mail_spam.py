"""SpamAssassin's own rules, without the network, find nothing in our mail to hold against it."""

import email
import mailbox
import re
import shutil
import subprocess
from pathlib import Path

import pytest

from tests.mail_gallery import gallery
from tests.mail_samples import bodies, parsed

pytestmark = [pytest.mark.system, pytest.mark.xdist_group("mail")]

SETTINGS = "use_bayes 0\nadd_header all Scores _TESTSSCORES(,)_"
LIST_MAIL = -1.0
FREE = 0.01  # what SpamAssassin gives rules that only inform


def test_no_rule_has_anything_against_any_kind_of_mail(tmp_path: Path) -> None:
    """No rule gives a point, and mail from a list is known for what it is: that alone is worth a point in its favour."""
    program = shutil.which("spamassassin")
    assert program is not None, "spamassassin is missing; install it"
    box = mailbox.mbox(tmp_path / "box")
    for raw in gallery().values():
        box.add(raw)
    box.close()

    with (tmp_path / "box").open("rb") as messages:
        ran = subprocess.run(
            [program, "--local", "--mbox", f"--cf={SETTINGS}"], stdin=messages, capture_output=True, check=True
        )
    (tmp_path / "judged").write_bytes(ran.stdout)

    judged = {name: scores(message) for name, message in zip(gallery(), mailbox.mbox(tmp_path / "judged"), strict=True)}
    held_against = {
        name: {rule: score for rule, score in found.items() if score > FREE} for name, found in judged.items()
    }
    assert {name: rules for name, rules in held_against.items() if rules} == {}
    assert {name for name, found in judged.items() if found.get("MAILING_LIST_MULTI") != LIST_MAIL} == set()


def scores(message: email.message.Message) -> dict[str, float]:
    """Return rule → score of a judged message."""
    line = "".join(str(message["X-Spam-Scores"]).split())
    return {rule: float(score) for rule, _, score in (one.partition("=") for one in line.split(",")) if score}


def test_addresses_come_in_pairs() -> None:
    """What one body links to the other does, and a picture is a link: rspamd takes an odd number of addresses for a sign of forged bodies."""
    odd = []
    for name, raw in gallery().items():
        if name == "digest-ugly":
            continue  # one of its headlines is an address
        html, text = bodies(parsed(raw))
        links = re.findall(r'(?:href|src)="(http[^"]*)"', re.sub(r"<!--.*?-->", "", html, flags=re.DOTALL))
        if html and (len(links) + len(re.findall(r"^https?://", text, re.MULTILINE))) % 2:
            odd.append(name)

    assert odd == []
