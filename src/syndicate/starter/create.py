"""Write a starter folder: a configuration with a fresh secret, a page to begin with, and templates to change."""

import secrets
from datetime import datetime
from pathlib import Path

from syndicate.errors import UsageError

CONFIG = """\
# Made by `syndicate init`. It runs as it is: `syndicate run`, then open http://127.0.0.1:8000/
# Every key there is, with its default: docs/configuration.md and the shipped config/syndicate.toml.

[site]
title = "My Newsroom"
url = "http://127.0.0.1:8000/"           # where your articles are read
public-url = "http://127.0.0.1:8000/"    # where syndicate is reached; https in production
language = "en"
timezone = "UTC"
postal-address = "Our Street 1, Our Town"  # yours: it stands in every mail
secret-file = "secret.key"

[database]
url = "sqlite:///syndicate.db"

[[source]]
name = "pages"
kind = "files"
path = "pages/"                          # put .md, .html, .json or .txt articles here
every = "10s"

[[section]]
slug = "world"
title = "World"
match = ["World"]

[feeds]
directory = "public/"

[[digest]]
name = "daily"
cadence = "daily"
at = "07:00"

[mail]
from = "My Newsroom <digest@example.org>"

[[transport]]
name = "local"
kind = "maildir"                         # mails are files in mail/; for real ones: kind = "smtp", host, port, tls
path = "mail/"
"""

PAGE = """\
---
title: Our feeds are open
date: {moment}
section: World
author: The Newsroom
---

From today our articles can be read in any feed reader, and by e-mail.

This page lies in the folder `pages/`. Change it, add another beside it, and look at the feeds again a few
seconds later: what you write there is what readers get.
"""


def create_starter(directory: Path, *, now: datetime) -> list[Path]:
    """Write the starter's files and return their paths. Raises UsageError rather than replace a file."""
    files = {
        "syndicate.toml": CONFIG,
        "secret.key": secrets.token_urlsafe(48) + "\n",
        "pages/our-feeds-are-open.md": PAGE.format(moment=now.strftime("%Y-%m-%d %H:%MZ")),
    }
    for name in files:
        if (directory / name).exists():
            raise UsageError(f"{directory / name}: is there already; choose an empty folder")
    written = []
    for name, text in files.items():
        path = directory / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.touch(mode=0o600 if name == "secret.key" else 0o644)
        path.write_text(text, encoding="utf-8")
        written.append(path)
    return written
