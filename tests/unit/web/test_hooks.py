"""What mail providers post: believed when it is signed, refused when it is not."""

import base64
import json
import shutil
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path

import httpx2
import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, hmac
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from cryptography.x509.oid import NameOID
from sqlalchemy import func, select
from starlette.applications import Starlette

from syndicate.app import App, opened
from syndicate.clock import StoppedClock
from syndicate.config import load
from syndicate.core.hook_signatures import is_amazon, is_amazon_certificate
from syndicate.flows.ingest_reports import IngestReports
from syndicate.model import SubscriberState
from syndicate.storage.subscribers import find_by_key
from syndicate.storage.tables import bounce
from syndicate.web.hooks import hook_routes
from tests.unit.web.conftest import MORNING

ANN = "ann@readers.example"
TOPIC = "arn:aws:sns:eu-west-1:123456789012:mail"
CERTIFICATE = "https://sns.eu-west-1.amazonaws.com/SimpleNotificationService-1.pem"
EC_KEY = ec.generate_private_key(ec.SECP256R1())
RSA_KEY = rsa.generate_private_key(public_exponent=65537, key_size=2048)
PUBLIC = base64.b64encode(EC_KEY.public_key().public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)).decode()
HOOKS = f"""
[[hook]]
name = "ses"
kind = "ses"
secret = "{TOPIC}"
[[hook]]
name = "pm"
kind = "postmark"
secret = "hook:a long word"
[[hook]]
name = "sendgrid"
kind = "sendgrid"
secret = "{PUBLIC}"
[[hook]]
name = "mailgun"
kind = "mailgun"
secret = "signing key"
"""


def certificate() -> bytes:
    """Make a certificate as Amazon would sign with."""
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "sns.amazonaws.com")])
    made = x509.CertificateBuilder().subject_name(name).issuer_name(name).public_key(RSA_KEY.public_key())
    made = made.serial_number(1).not_valid_before(MORNING).not_valid_after(MORNING + timedelta(days=30))
    return made.sign(RSA_KEY, hashes.SHA256()).public_bytes(Encoding.PEM)


@dataclass(slots=True, kw_only=True)
class Post:
    """An application whose hooks are posted to; `fetched` is what it asked of Amazon."""

    app: App
    clock: StoppedClock
    client: httpx2.AsyncClient
    fetched: list[str] = field(default_factory=list)

    async def post(self, name: str, body: object, **headers: str) -> int:
        """Post an event and return the answer's status."""
        content = body if isinstance(body, bytes) else json.dumps(body).encode()
        named = {key.replace("_", "-"): value for key, value in headers.items()}
        return (await self.client.post(f"/hooks/{name}", content=content, headers=named)).status_code

    async def state(self) -> SubscriberState:
        """Return Ann's state."""
        key = (await self.app.readership()).key.email(ANN)
        async with self.app.database.read() as connection:
            kept = await find_by_key(connection, key)
        assert kept is not None
        return kept.subscriber.state


@asynccontextmanager
async def opened_post(folder: Path) -> AsyncIterator[Post]:
    """Open the application in a folder, with Ann as its reader."""
    clock = StoppedClock(MORNING + timedelta(minutes=1))
    async with opened(load(str(folder / "syndicate.toml"), env={}), clock=clock) as app:
        desk = await app.desk()
        await desk.add(email=ANN, sections=["world"], digests=["daily"], confirmed=True)
        fetched: list[str] = []

        async def get(url: str) -> bytes:
            fetched.append(url)
            return certificate()

        site = Starlette(routes=hook_routes(app, get=get))
        transport = httpx2.ASGITransport(app=site)
        async with httpx2.AsyncClient(transport=transport, base_url="https://elsewhere.example") as client:
            yield Post(app=app, clock=clock, client=client, fetched=fetched)


@pytest.fixture
async def post(founded: Path, tmp_path: Path) -> AsyncIterator[Post]:
    """Yield an application with a hook of each kind."""
    folder = tmp_path / "town"
    shutil.copytree(founded, folder)
    with (folder / "syndicate.toml").open("a") as file:
        file.write(HOOKS)
    async with opened_post(folder) as post:
        yield post


def notification(message: Mapping[str, object] | None = None, /, **changes: str) -> dict[str, str]:
    """Return a notification of SES as SNS posts it, signed."""
    bounced = {"emailAddress": ANN, "status": "5.1.1", "diagnosticCode": "smtp; 550 5.1.1 user unknown"}
    told = message or {
        "notificationType": "Bounce",
        "bounce": {"bounceType": "Permanent", "bounceSubType": "General", "bouncedRecipients": [bounced]},
    }
    fields = {
        "Type": "Notification",
        "MessageId": "22b80b92",
        "TopicArn": TOPIC,
        "Message": json.dumps(told),
        "Timestamp": "2026-05-04T06:00:00.000Z",
        "SignatureVersion": "2",
        "SigningCertURL": CERTIFICATE,
    } | changes
    names = ("Message", "MessageId", "SubscribeURL", "Subject", "Timestamp", "Token", "TopicArn", "Type")
    text = "".join(f"{name}\n{fields[name]}\n" for name in names if name in fields)
    digest = hashes.SHA256() if fields["SignatureVersion"] == "2" else hashes.SHA1()  # version 1
    fields["Signature"] = base64.b64encode(RSA_KEY.sign(text.encode(), padding.PKCS1v15(), digest)).decode()
    return fields


@pytest.mark.parametrize("version", ["1", "2"])
async def test_ses(post: Post, version: str) -> None:
    """A signed bounce suppresses; the certificate is fetched once."""
    signed = notification(SignatureVersion=version)

    assert [await post.post("ses", signed), await post.post("ses", signed)] == [200, 200]
    assert await post.state() is SubscriberState.BOUNCED
    assert post.fetched == [CERTIFICATE]


@pytest.mark.parametrize(
    "change",
    [
        {"Message": "{}"},
        {"Signature": "AAAA"},
        {"Signature": "not base64"},
        {"TopicArn": "arn:aws:sns:eu-west-1:999:theirs"},
        {"Type": "Other"},
        {"SigningCertURL": "https://sns.eu-west-1.amazonaws.com.evil.example/x.pem"},
        {"SigningCertURL": "http://sns.eu-west-1.amazonaws.com/x.pem"},
        {"SigningCertURL": ""},
    ],
    ids=str,
)
async def test_ses_forged(post: Post, change: dict[str, str]) -> None:
    """Whatever does not fit, nobody is suppressed."""
    assert await post.post("ses", notification() | change) == 403
    assert await post.state() is SubscriberState.CONFIRMED


async def test_somebody_else_s_topic_is_refused_though_amazon_signed_it(post: Post) -> None:
    """Anybody can have a topic."""
    assert await post.post("ses", notification(TopicArn="arn:aws:sns:eu-west-1:999:theirs")) == 403
    assert post.fetched == []


async def test_ses_subscription_confirms_itself(post: Post) -> None:
    """By asking for the address that Amazon gave, and no other host's."""
    address = "https://sns.eu-west-1.amazonaws.com/?Action=ConfirmSubscription&Token=t"
    kind = "SubscriptionConfirmation"

    assert await post.post("ses", notification(Type=kind, Token="t", SubscribeURL=address)) == 200  # no secret
    assert await post.post("ses", notification(Type=kind, Token="t", SubscribeURL="https://10.0.0.1/")) == 403
    assert post.fetched == [CERTIFICATE, address]


async def test_a_complaint_to_ses(post: Post) -> None:
    """The reader is suppressed."""
    told = {"notificationType": "Complaint", "complaint": {"complainedRecipients": [{"emailAddress": ANN}]}}

    assert await post.post("ses", notification(told)) == 200
    assert await post.state() is SubscriberState.SUPPRESSED


@pytest.mark.parametrize(
    ("url", "certificate_too"),
    [
        (CERTIFICATE, True),
        ("https://sns.cn-north-1.amazonaws.com.cn/a.pem", True),
        ("https://sns.eu-west-1.amazonaws.com/", False),
        ("https://sns.eu-west-1.amazonaws.com:443/a.pem", True),
    ],
)
def test_amazon_s_own_addresses(url: str, certificate_too: bool) -> None:
    """The service's hosts, in every region."""
    assert is_amazon(url)
    assert is_amazon_certificate(url) is certificate_too


@pytest.mark.parametrize(
    "url",
    [
        "http://sns.eu-west-1.amazonaws.com/a.pem",
        "https://sns.eu-west-1.amazonaws.com@evil.example/a.pem",
        "https://evil.example/sns.eu-west-1.amazonaws.com/a.pem",
        "https://sns.eu-west-1.amazonaws.com.evil.example/a.pem",
        "https://s3.eu-west-1.amazonaws.com/a.pem",
        "https://sns.a/b.amazonaws.com/a.pem",
        "https://sns.eu-west-1.amazonaws.com:8443/a.pem",
        "https://sns.eu-west-1.amazonaws.com\\@evil.example/a.pem",
        "https://[::1/a.pem",
        "",
    ],
)
def test_addresses_of_others(url: str) -> None:
    """Nothing else is ever fetched."""
    assert not is_amazon(url)


async def test_postmark(post: Post) -> None:
    """Believed with the name and password of the webhook's address."""
    event = {"RecordType": "Bounce", "Type": "HardBounce", "ID": 42, "Email": ANN, "Description": "unknown user"}
    right, wrong = (base64.b64encode(text).decode() for text in (b"hook:a long word", b"hook:another"))

    assert await post.post("pm", event) == 403
    assert await post.post("pm", event, authorization=f"Basic {wrong}") == 403
    assert await post.post("pm", event, authorization="Basic ?") == 403
    assert await post.state() is SubscriberState.CONFIRMED
    assert await post.post("pm", event, authorization=f"Basic {right}") == 200
    assert await post.state() is SubscriberState.BOUNCED


@pytest.mark.parametrize(
    ("event", "state"),
    [
        ({"event": "bounce", "status": "5.1.1", "reason": "550 5.1.1 no such user"}, SubscriberState.BOUNCED),
        ({"event": "bounce", "status": "5.7.1", "reason": "550 blocked as spam"}, SubscriberState.CONFIRMED),
        ({"event": "bounce", "type": "blocked", "status": "5.0.0", "reason": ""}, SubscriberState.CONFIRMED),
        ({"event": "deferred", "reason": "450 no such user"}, SubscriberState.CONFIRMED),
        ({"event": "dropped", "reason": "Bounced Address"}, SubscriberState.BOUNCED),
        ({"event": "spamreport"}, SubscriberState.SUPPRESSED),
        ({"event": "open"}, SubscriberState.CONFIRMED),
    ],
)
async def test_sendgrid(post: Post, event: dict[str, str], state: SubscriberState) -> None:
    """Believed with a signature over the timestamp and the very bytes."""
    body = json.dumps([event | {"email": ANN, "sg_event_id": "e1"}]).encode()
    mark = base64.b64encode(EC_KEY.sign(b"1777874460" + body, ec.ECDSA(hashes.SHA256()))).decode()
    headers = {
        "x_twilio_email_event_webhook_signature": mark,
        "x_twilio_email_event_webhook_timestamp": "1777874460",
    }

    assert await post.post("sendgrid", body + b" ", **headers) == 403
    assert await post.post("sendgrid", body) == 403
    assert await post.state() is SubscriberState.CONFIRMED
    assert await post.post("sendgrid", body, **headers) == 200
    assert await post.state() is state


def mailgun(post: Post, *, token: str, event: str = "failed", seconds: int = 0, key: bytes = b"signing key") -> object:
    """Return an event of Mailgun's about Ann."""
    timestamp = str(int(post.clock.now().timestamp()) + seconds)
    mark = hmac.HMAC(key, hashes.SHA256())
    mark.update(f"{timestamp}{token}".encode())
    told = {"code": 550, "message": "5.1.1 no such user", "enhanced-code": "5.1.1"}
    return {
        "signature": {"timestamp": timestamp, "token": token, "signature": mark.finalize().hex()},
        "event-data": {"event": event, "severity": "permanent", "recipient": ANN, "delivery-status": told},
    }


async def test_mailgun(post: Post) -> None:
    """Believed once and for a while: its signature does not cover the event."""
    assert await post.post("mailgun", mailgun(post, token="t1", key=b"another")) == 403
    assert await post.post("mailgun", mailgun(post, token="t2", seconds=-3_600)) == 403
    assert await post.post("mailgun", {"event-data": {}}) == 403
    assert await post.post("mailgun", mailgun(post, token="t3", event="opened")) == 200
    assert await post.post("mailgun", mailgun(post, token="t3")) == 403
    assert await post.state() is SubscriberState.CONFIRMED
    assert await post.post("mailgun", mailgun(post, token="t4")) == 200
    assert await post.state() is SubscriberState.BOUNCED


async def test_mailgun_s_event_posted_again_is_one(post: Post) -> None:
    """Its id tells, whatever it is signed with."""
    for token in ("t6", "t7"):
        event = mailgun(post, token=token, event="complained")
        assert isinstance(event, dict)
        event["event-data"]["id"] = "G9Bn5sl1TC6nu79C8C0bwg"
        assert await post.post("mailgun", event) == 200

    async with post.app.database.read() as connection:
        assert (await connection.execute(select(func.count()).select_from(bounce))).scalar_one() == 1


async def test_what_could_not_be_kept_may_be_told_again(post: Post, monkeypatch: pytest.MonkeyPatch) -> None:
    """Mailgun repeats an event that was answered with 500, under the signature that is good once."""
    event = mailgun(post, token="t5")

    async def fail(*_: object) -> None:
        raise OSError("the database is away")

    with monkeypatch.context() as away:
        away.setattr(IngestReports, "take_events", fail)
        with pytest.raises(OSError, match="away"):
            await post.post("mailgun", event)

    assert await post.post("mailgun", event) == 200
    assert await post.state() is SubscriberState.BOUNCED
    assert await post.post("mailgun", event) == 403


@pytest.mark.parametrize("body", [b"", b"[]", b"{", b"null", b"3", b"\xff", b"[" * 100_000, b'{"signature": 3}'])
async def test_bodies_that_are_no_events(post: Post, body: bytes) -> None:
    """They are refused, and that is all."""
    for name in ("ses", "pm", "sendgrid", "mailgun"):
        assert 400 <= await post.post(name, body) < 500


async def test_a_hook_that_is_not_configured(post: Post) -> None:
    """Is not there; nor does a hook answer to GET."""
    assert await post.post("other", {}) == 404
    assert (await post.client.get("/hooks/ses")).status_code == 405
