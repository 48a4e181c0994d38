"""Take in what mail providers post about our messages, once their signature is checked."""

import json
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from typing import Any

import structlog
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import BaseRoute, Route

from syndicate.app import App
from syndicate.core.bounce import Reported
from syndicate.core.hook_events import mailgun_events, mailgun_name, postmark_events, sendgrid_events, ses_events
from syndicate.core.hook_signatures import (
    is_amazon,
    is_amazon_certificate,
    knows_secret,
    signed_by_amazon,
    signed_by_key,
    signed_with_secret,
)
from syndicate.web.amazon import Fetch, fetch

log = structlog.get_logger()

LARGEST = 1024 * 1024
FRESH = 300  # seconds that Mailgun's signature is good for
MOST_TOKENS = 10_000
USED = "syndicate.used"  # where a request keeps the token that it used up

Event = tuple[str, Reported]
JSON = Any  # Any: what a provider posts


def hook_routes(app: App, *, get: Fetch = fetch) -> list[BaseRoute]:
    """Return the routes of the configured hooks. `get` fetches from Amazon's notification service."""
    if not app.document.hook:
        return []
    hooks = Hooks(app=app, get=get)
    return [Route("/hooks/{provider}", hooks.take, methods=("POST",), max_body_size=LARGEST)]


@dataclass(slots=True, kw_only=True)
class Hooks:
    """The hooks of an application."""

    app: App
    get: Fetch
    _certificates: dict[str, bytes] = field(default_factory=dict)
    _tokens: dict[str, None] = field(default_factory=dict)

    async def take(self, request: Request) -> Response:
        """Answer 200 to what is signed, 403 to what is not, 404 where there is no such hook, 400 to what is no event at all."""
        options = self.app.config.hook(request.path_params["provider"])
        if options is None:
            raise HTTPException(404)
        readers: dict[str, Callable[[Request, bytes, str], Awaitable[list[Event]]]] = {
            "ses": self._ses,
            "postmark": self._postmark,
            "sendgrid": self._sendgrid,
            "mailgun": self._mailgun,
        }
        body = await request.body()
        events = await readers[options.kind](request, body, options.secret)
        try:
            flow, taken = await self.app.reports(), 0
            for name, one in events:
                taken += len(await flow.take_events(f"{options.name}:{name}", [one]))
        except BaseException:
            self._tokens.pop(request.scope.get(USED, ""), None)  # it was not kept, and will be told again under it
            raise
        return JSONResponse({"taken": taken})

    async def _ses(self, _request: Request, body: bytes, topic: str) -> list[Event]:
        """Read a notification; the secret is the topic's name (ARN), for anybody's topic has Amazon's signature."""
        message = _read(body)
        if not isinstance(message, dict) or message.get("TopicArn") != topic or not topic:
            raise HTTPException(403)
        url = str(message.get("SigningCertURL") or message.get("SigningCertUrl") or "")
        if not is_amazon_certificate(url):
            raise HTTPException(403)
        if url not in self._certificates:
            self._certificates[url] = await self._from_amazon(url)
        if not signed_by_amazon(message, self._certificates[url]):
            raise HTTPException(403)
        if message["Type"] == "SubscriptionConfirmation":
            address = str(message.get("SubscribeURL", ""))
            if not is_amazon(address):
                raise HTTPException(403)
            await self._from_amazon(address)
            log.info("hook_confirmed", hook="ses")
        if message["Type"] != "Notification":
            return []
        name = str(message.get("MessageId", ""))
        return [(name, one) for one in ses_events(str(message.get("Message", "")))]

    async def _from_amazon(self, url: str) -> bytes:
        try:
            return await self.get(url)
        except OSError as error:
            raise HTTPException(503) from error

    async def _postmark(self, request: Request, body: bytes, secret: str) -> list[Event]:
        if not secret or not knows_secret(request.headers.get("authorization", ""), secret):
            raise HTTPException(403)
        event = _read(body)
        name = f"{event.get('RecordType')}:{event.get('ID')}" if isinstance(event, dict) else ""
        return [(name, one) for one in postmark_events(event)]

    async def _sendgrid(self, request: Request, body: bytes, secret: str) -> list[Event]:
        signed = signed_by_key(
            body,
            signature=request.headers.get("x-twilio-email-event-webhook-signature", ""),
            timestamp=request.headers.get("x-twilio-email-event-webhook-timestamp", ""),
            public_key=secret,
        )
        if not signed:
            raise HTTPException(403)
        return list(sendgrid_events(_read(body)))

    async def _mailgun(self, request: Request, body: bytes, secret: str) -> list[Event]:
        """Read an event; its signature does not cover the body, so it is good once, and not for long."""
        event = _read(body)
        signature = event.get("signature") if isinstance(event, dict) else None
        if not isinstance(signature, dict) or not secret:
            raise HTTPException(403)
        timestamp, token, mark = (str(signature.get(name, "")) for name in ("timestamp", "token", "signature"))
        if not signed_with_secret(timestamp=timestamp, token=token, signature=mark, secret=secret):
            raise HTTPException(403)
        age = abs(self.app.clock.now().timestamp() - float(timestamp)) if timestamp.isdigit() else FRESH + 1
        if age > FRESH or token in self._tokens:
            raise HTTPException(403)
        self._tokens[token], request.scope[USED] = None, token
        while len(self._tokens) > MOST_TOKENS:
            del self._tokens[next(iter(self._tokens))]
        return [(mailgun_name(event) or token, one) for one in mailgun_events(event)]


def _read(body: bytes) -> JSON:
    try:
        return json.loads(body)
    except (ValueError, RecursionError) as error:
        raise HTTPException(400) from error
