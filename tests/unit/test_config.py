"""The configuration: what is refused, with which words, and what the environment changes."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from syndicate.app import opened
from syndicate.checks import COLUMNS
from syndicate.config import load
from syndicate.errors import ConfigurationError
from syndicate.sources import rows
from syndicate.values import is_loopback, parse_hour, parse_quiet, parse_rate, parse_span

BASE = """
[site]
title = "The Daily Example"
url = "https://news.example/"
public-url = "http://127.0.0.1:8000/"
secret = "0123456789abcdef0123456789abcdef"
[database]
url = "sqlite:///syndicate.db"
"""
STORE = '[[source]]\nname = "s"\nkind = "sql"\nurl = "sqlite:///n.db"\n[source.columns]\n'
PAGES = '[[source]]\nname = "p"\nkind = "files"\npath = "pages/"\n'
MAILDIR = '[[transport]]\nname = "local"\nkind = "maildir"\npath = "public/mail"\n'
RELAY = '[[transport]]\nname = "my-relay"\nkind = "smtp"\n'


def written(folder: Path, text: str) -> str:
    """Write a configuration file and return its name."""
    file = folder / "syndicate.toml"
    file.write_text(text, encoding="utf-8")
    return str(file)


def test_the_least_there_can_be_is_enough(tmp_path: Path) -> None:
    """Everything but title, addresses, secret and database has a default."""
    config = load(written(tmp_path, BASE), env={})

    assert config.document.site.title == "The Daily Example"
    assert config.document.feeds.items == 50
    assert config.path("public/") == (tmp_path / "public").resolve()


def test_the_shipped_example_is_complete_and_right() -> None:
    """config/syndicate.toml loads as it is, but for the secret that `init` writes."""
    example = Path(__file__).parents[2] / "config" / "syndicate.toml"

    config = load(str(example), env={"SYNDICATE_SITE__SECRET": "0123456789abcdef0123456789abcdef"})

    assert [one.name for one in config.document.digest] == ["daily", "weekly", "breaking"]


@pytest.mark.parametrize(
    ("text", "words"),
    [
        (BASE + "[web]\nprot = 1", ("[web]", "prot", "unknown key")),
        (BASE.replace("[database]", 'old-secrets = [""]\n[database]'), ("[site]", "old-secrets", "shorter than 16")),
        (
            BASE.replace("[database]", 'old-secrets = ["0123456789abcdef", "short"]\n[database]'),
            ("[site]", "old-secrets", "shorter than 16"),
        ),
        (BASE + "[wbe]\nport = 1", ("[wbe]", "unknown table or key")),
        (
            BASE + RELAY + RELAY.replace("my-", "your-") + 'port = "x"',
            ("[transport]", "port", "expected int", "in 'your-relay'"),
        ),
        (BASE + RELAY + "[[transport]]\nport = 25", ("[transport]", "name", "is missing", "in entry 2")),
        (BASE + '[web]\nport = "8000"', ("[web]", "port", "expected int")),
        (BASE + "[feeds]\nitems = 0", ("[feeds]", "items", "0 is impossible")),
        (BASE + '[feeds]\nkeep = "soon"', ("[feeds]", "keep", "not a span")),
        (BASE + '[feeds]\nkeep = "99999999999d"', ("[feeds]", "keep", "century")),
        (BASE + '[feeds]\ncontent = "partial"', ("[feeds]", "content", "use one of full, summary")),
        (BASE + '[feeds]\ndirectory = ""', ("[feeds]", "directory", "is empty")),
        (BASE.replace("[database]", 'logo = "x.png"\n[database]'), ("[site]", "logo", "not a web address")),
        (BASE + '[[section]]\nslug = "-"', ("[section]", "slug", "not a slug")),
        (BASE + '[[source]]\nname = "s"\nkind = "files"\npath = "p"\nevery = "0s"', ("[source]", "every", "second")),
        (BASE + '[[digest]]\nname = "d"\nat = "25:00"', ("[digest]", "at", "25:00")),
        (
            BASE + '[[digest]]\nname = "d"\ncadence = "dialy"',
            ("[digest]", "cadence", "dialy", "instant, daily, weekly"),
        ),
        (BASE + '[digest]\nname = "d"', ("[digest]", "[[digest]]")),
        (BASE + '[[digest]]\nname = "d"\n[[digest]]\nname = "d"', ("[digest]", "name", "stands twice")),
        (BASE + '[[section]]\nslug = "All"', ("[section]", "slug", "'All'")),
        (BASE + '[[section]]\nslug = "all"', ("[section]", "slug", "reserved")),
        (BASE + '[[section]]\nslug = "a"\n[[section]]\nslug = "b"\nwas = ["a"]', ("[section]", "was", "stands twice")),
        (BASE + '[[source]]\nname = "s"\nkind = "files"', ("[source]", "path", "is missing")),
        (BASE + '[[source]]\nname = "s"\nkind = "files"\npath = "p"\ntable = "t"', ("[source]", "table", "belong")),
        (BASE + STORE + 'headline = "title"', ("[source.columns]", "headline", "no column", "published_at")),
        (BASE + RELAY + 'host = "mx.example"', ("[transport]", "tls", "not loopback")),
        (BASE + RELAY + 'password-file = "none"', ("[transport]", "password-file", "none cannot be read")),
        (BASE + '[bounces]\nimap-password-file = "."', ("[bounces]", "imap-password-file", "cannot be read")),
        (BASE + '[bounces]\nimap = "imaps://u@mx.example/a%0Db"', ("[bounces]", "imap", "control characters")),
        (BASE + RELAY + 'rate = "fast"', ("[transport]", "rate", "not a rate")),
        (BASE + '[queue]\nkind = "postgres"', ("[queue]", "kind", "PostgreSQL")),
        (BASE + '[web]\ntrusted-proxies = ["here"]', ("[web]", "trusted-proxies", "'here'")),
        (BASE.replace("http://127.0.0.1:8000/", "http://feeds.example/"), ("[site]", "public-url", "https")),
        (BASE.replace("https://news.example/", "ftp://news.example/"), ("[site]", "url", "not a web address")),
        (BASE.replace("secret =", "# secret ="), ("[site]", "secret", "is missing", "syndicate init")),
        (BASE.replace("0123456789abcdef0123456789abcdef", "short"), ("[site]", "secret", "shorter")),
        (BASE.replace("sqlite:///syndicate.db", "mysql://u@h/n"), ("[database]", "url", "not supported")),
        (BASE.replace("sqlite:///syndicate.db", "nonsense"), ("[database]", "url", "not a database URL")),
        (BASE.replace('title = "The Daily Example"', ""), ("[site]", "title", "is missing")),
        (BASE.split("[database]")[0], ("database", "is missing")),
        (BASE + "x = ", ("not valid TOML",)),
        ("site = 3", ("[site]", "expected a table")),
        ("[[site]]", ("[site]", "expected a table, got a list")),
        (BASE.replace("8000/", "8000/ x"), ("[site]", "public-url", "not a web address")),
        (BASE.replace("//127", "//me:pw@127"), ("[site]", "public-url", "password")),
        (BASE.replace("The Daily Example", "The\\nDaily"), ("[site]", "title", "line end")),
        (BASE + RELAY + 'timeout = "0s"', ("[transport]", "timeout", "shorter than a second")),
        (BASE + '[[digest]]\nname = "d"\nsubject = "{{ lead"', ("[digest]", "subject", "not a template")),
        (
            BASE + '[[digest]]\nname = "d"\ncadence = "weekly"\ndays = ["friday"]',
            ("[digest]", "days", 'day = "monday"'),
        ),
        (BASE + '[[digest]]\nname = "d"\ndays = ["someday"]', ("[digest]", "days", "monday")),
        (BASE.replace("///syndicate.db", "///:memory:"), ("[database]", "url", "names no file")),
        (BASE + '[mail]\nbounce-domain = "no domain"', ("[mail]", "bounce-domain", "not a domain")),
        (BASE + '[mail]\nbounce-domain = "https://x"', ("[mail]", "bounce-domain", "not a domain")),
        (BASE + MAILDIR.replace("public/mail", ""), ("[transport]", "path", "is empty")),
        (BASE + RELAY + 'ca-file = "none.pem"', ("[transport]", "ca-file", "none.pem does not exist")),
        (BASE + RELAY + 'rate = "²/s"', ("[transport]", "rate", "not a rate")),
        (BASE + '[[digest]]\nname = "d"\nsubject = "{{ nosuch }}"', ("[digest]", "subject", "nosuch")),
        (BASE + '[bounces]\nlisten = "127.0.0.1:99999"', ("[bounces]", "listen", "not an address")),
        (BASE + '[bounces]\nimap = "imaps://a@b.example:99999/"', ("[bounces]", "imap", "not the address")),
        (BASE + '[editions]\nkeep = "1s"', ("[editions]", "keep", "shorter than a day")),
        (
            BASE + '[[digest]]\nname = "d"\nsubject = "{{ title|foo }}"',
            ("[digest]", "subject", "not a template", "foo"),
        ),
        (BASE + '[web]\nhost = ""', ("[web]", "host", "not a host", "0.0.0.0")),
        (BASE + '[web]\nhost = "not a host"', ("[web]", "host", "not a host")),
        (BASE + '[feeds]\ndirectory = "."', ("[feeds]", "directory", "holds the database")),
        (
            BASE.replace("syndicate.db", "data/s.db") + '[feeds]\ndirectory = "data"',
            ("[feeds]", "directory", "holds the database"),
        ),
        (
            BASE.replace("sqlite:///syndicate.db", "postgresql://h/d") + '[feeds]\ndirectory = ".."',
            ("[feeds]", "directory", "holds the configuration"),
        ),
        (BASE + PAGES + '[feeds]\ndirectory = "pages"', ("[feeds]", "directory", "holds the pages of source 'p'")),
        (BASE + PAGES + '[feeds]\ndirectory = "pages/feeds"', ("[feeds]", "directory", "lies among the pages")),
        (BASE + MAILDIR + '[feeds]\ndirectory = "public"', ("[feeds]", "directory", "holds the mail")),
    ],
)
def test_what_cannot_be_is_refused_in_one_line(tmp_path: Path, text: str, words: tuple[str, ...]) -> None:
    """The line names file, table, key and remedy, and the program ends with 78."""
    file = written(tmp_path, text)

    with pytest.raises(ConfigurationError) as caught:
        load(file, env={})

    line = str(caught.value)
    assert caught.value.exit_code == 78
    assert "\n" not in line
    assert file in line
    assert all(word in line for word in words), line
    assert "; " in line


def test_no_file_is_refused_with_the_way_out(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whoever has none is told how to make one."""
    monkeypatch.chdir(tmp_path)

    with pytest.raises(ConfigurationError, match="syndicate init"):
        load(None, env={})
    with pytest.raises(ConfigurationError, match=r"nowhere\.toml"):
        load(None, env={"SYNDICATE_CONFIG": "nowhere.toml"})


def test_the_environment_wins(tmp_path: Path) -> None:
    """Any key, hyphens as underscores, entries of arrays by their name, secrets from files."""
    (tmp_path / "password").write_text("from a file\n", encoding="utf-8")
    (tmp_path / "new-secret").write_text("another secret, long enough\n", encoding="utf-8")
    env = {
        "SYNDICATE_SITE__PUBLIC_URL": "https://feeds.example/",
        "SYNDICATE_SITE__SECRET_FILE": "new-secret",
        "SYNDICATE_WEB__PORT": "9000",
        "SYNDICATE_WEB__TRUSTED_PROXIES": "10.0.0.0/8, 127.0.0.1",
        "SYNDICATE_SECTIONS__AUTO": "false",
        "SYNDICATE_TRANSPORT__MY_RELAY__PORT": "2525",
        "SYNDICATE_TRANSPORT__MY_RELAY__PASSWORD_FILE": "password",
        "UNRELATED": "x",
    }

    config = load(written(tmp_path, BASE + RELAY), env=env)

    assert config.document.site.public_url == "https://feeds.example/"
    assert config.secrets == ("another secret, long enough",)
    assert config.document.web.port == 9000
    assert config.document.web.trusted_proxies == ["10.0.0.0/8", "127.0.0.1"]
    assert config.document.sections.auto is False
    assert (config.document.transport[0].port, config.document.transport[0].password) == (2525, "from a file")


@pytest.mark.parametrize(
    "name",
    [
        "SYNDICATE_WEB__PROT", "SYNDICATE_NOWHERE__X", "SYNDICATE_TRANSPORT__OTHER__PORT", "SYNDICATE_TRANSPORT__PORT", "SYNDICATE_SITE",
        "SYNDICATE_TRANSPORT", "SYNDICATE_SITE__", "SYNDICATE_SITE__TITLE__X", "SYNDICATE_SITE__SECRET_FILE__X", "SYNDICATE_FEEDS__HUBS__X",
        "SYNDICATE_SOURCE__S__COLUMNS__TITLE__X", "SYNDICATE_TRANSPORT__MY_RELAY__PORT__X",
    ],
)  # fmt: skip
def test_a_misspelt_variable_is_refused(tmp_path: Path, name: str) -> None:
    """A variable of ours that sets nothing is an error, not silence."""
    with pytest.raises(ConfigurationError, match=name):
        load(written(tmp_path, BASE + RELAY + STORE), env={name: "1"})


def test_variables_that_are_not_of_ours_are_let_be(tmp_path: Path) -> None:
    """What others derive from a service called syndicate names no table, and a column may be renamed."""
    env = {
        "SYNDICATE_PORT": "tcp://10.0.0.1:8000",
        "SYNDICATE_SERVICE_HOST": "10.0.0.1",
        "SYNDICATE_CONFIG": "unread.toml",
        "SYNDICATE_SOURCE__S__COLUMNS__PUBLISHED_AT": "date",
    }

    config = load(written(tmp_path, BASE + STORE), env=env)

    assert config.document.source[0].columns == {"published_at": "date"}


def test_a_secret_may_stand_in_a_file_of_its_own(tmp_path: Path) -> None:
    """Its path starts at the configuration's folder; a value that is given beside it wins."""
    for name in ("key", "pw", "imap", "hook"):
        (tmp_path / name).write_text(f"  {name}'s secret\n", encoding="utf-8")
    text = (
        BASE
        + RELAY
        + 'password-file = "pw"\n[[transport]]\nname = "other"\nkind = "smtp"\npassword = "open"\npassword-file = "pw"\n'
        + '[summariser]\nkey-file = "key"\n[bounces]\nimap-password-file = "imap"\n'
        + '[[hook]]\nname = "h"\nkind = "postmark"\nsecret-file = "hook"\n'
    )

    document = load(written(tmp_path, text), env={}).document

    assert [one.password for one in document.transport] == ["pw's secret", "open"]
    assert (document.summariser.key, document.bounces.imap_password) == ("key's secret", "imap's secret")
    assert [one.secret for one in document.hook] == ["hook's secret"]


def test_secrets_do_not_show(tmp_path: Path) -> None:
    """Nothing that is printed of a configuration holds a secret."""
    text = BASE + RELAY + 'username = "u"\npassword = "hunter2hunter2"\n'
    config = load(written(tmp_path, text), env={})

    shown = f"{config!r} {config.document!r} {config.secrets!r}"

    assert "0123456789abcdef" not in shown
    assert "hunter2" not in shown


@given(text=st.text(max_size=12))
def test_small_languages_refuse_what_they_do_not_know(text: str) -> None:
    """Spans, rates and hours are read, or refused with ValueError, whatever is written."""
    for parse in (parse_span, parse_rate, parse_hour, parse_quiet):
        try:
            parse(text)
        except ValueError:
            continue


@pytest.mark.parametrize(
    ("host", "loopback"),
    [
        ("127.0.0.1", True),
        ("127.9.9.9", True),
        ("localhost", True),
        ("[::1]", True),
        ("::1", True),
        ("10.0.0.1", False),
        ("news.example", False),
    ],
)
def test_loopback_is_recognised(host: str, loopback: bool) -> None:
    """Only this machine itself is loopback."""
    assert is_loopback(host) is loopback


def test_the_columns_that_can_be_renamed_are_those_that_are_read() -> None:
    """The configuration knows the same columns of a store as the source that reads it."""
    assert {*rows.REQUIRED, *rows.OPTIONAL} == COLUMNS


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ('[[source]]\nname = "s"\nkind = "gopher"', ("[source]", "kind", "'gopher' is not installed", "files")),
        ('[[transport]]\nname = "t"\nkind = "uucp"', ("[transport]", "kind", "'uucp' is not installed", "smtp")),
        ('[summariser]\nkind = "nope"', ("[summariser]", "kind", "'nope' is not installed", "openai")),
        ('[mail]\nfrom = "jürgen@news.example"', ("[mail]", "from", "ASCII")),
        ('[mail]\nfrom = "nobody"', ("[mail]", "from", "is not an address")),
        ('[mail]\nreply-to = "a b@news.example"', ("[mail]", "reply-to", "is not an address")),
    ],
)
async def test_nothing_starts_with_what_cannot_be(tmp_path: Path, text: str, words: tuple[str, ...]) -> None:
    """A kind that is not installed and an address that is none stop every command before it opens the database."""
    config = load(written(tmp_path, BASE + text), env={})

    with pytest.raises(ConfigurationError) as caught:
        async with opened(config):
            pass

    assert all(word in str(caught.value) for word in words)
    assert not (tmp_path / "syndicate.db").exists()


@pytest.mark.parametrize(
    "subject",
    [
        "{{ title|wrap }}",
        "{{ foo|default('News') }}",
        "{% if foo is defined %}{{ foo }}{% endif %}News",
        "{{ lead.title|upper }}",
    ],
)
def test_a_subject_may_use_what_templates_have(tmp_path: Path, subject: str) -> None:
    """Our filters, and what there need not be."""
    assert load(written(tmp_path, BASE + f'[[digest]]\nname = "d"\nsubject = "{subject}"\n'), env={}).document.digest
