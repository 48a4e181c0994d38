"""Open connections to a relay with aiosmtplib: TLS, EHLO, login; the only importer of it."""

import asyncio
import re
import socket
import ssl
from dataclasses import dataclass
from functools import partial
from typing import cast

import aiosmtplib

from syndicate.core.characters import one_line
from syndicate.core.legal import legal
from syndicate.errors import TransportError
from syndicate.transports.offer import Offer
from syndicate.transports.smtp_settings import SmtpSettings
from syndicate.values import is_loopback

DNS_PATIENCE = 5.0
NAME = re.compile(r"[A-Za-z0-9.-]+")


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """An open connection, said hello to and logged in; nothing of aiosmtplib is attached to it once its protocol is set."""

    transport: asyncio.Transport
    offer: Offer
    secured: str


class Dialler:
    """Open connections as configured; make one, `prepare` it, `dial` often."""

    def __init__(self, *, name: str, settings: SmtpSettings) -> None:
        self._name, self._settings = name, settings
        self._context: ssl.SSLContext | None = None
        self._hello = settings.hello

    async def prepare(self) -> None:
        """Load the certificates we trust and find out our own name. Raises TransportError."""
        if self._settings.tls != "none" and self._context is None:
            load = partial(ssl.create_default_context, cafile=self._settings.ca_file)
            try:
                self._context = await asyncio.to_thread(load)
            except (OSError, ssl.SSLError) as error:
                raise self._trouble(f"ca-file {self._settings.ca_file} cannot be used: {error}") from error
        if self._hello is None:
            self._hello = await _own_name(self._settings.host)

    async def dial(self) -> Line:
        """Return a connection that is ready for MAIL. Raises TransportError."""
        await self.prepare()
        settings = self._settings
        client = aiosmtplib.SMTP(
            hostname=settings.host,
            port=settings.port,
            username=settings.username,
            password=settings.password,
            local_hostname=self._hello,
            timeout=settings.connect_timeout,
            use_tls=settings.tls == "tls",
            start_tls=settings.tls == "starttls",
            tls_context=self._context,
        )
        try:
            async with asyncio.timeout(settings.connect_timeout):
                await client.connect()
                await _say_hello(client)
        except TimeoutError as error:
            client.close()
            raise self._trouble(f"no answer within {settings.connect_timeout:g} s") from error
        except (aiosmtplib.SMTPException, OSError, ValueError) as error:
            client.close()
            raise self._trouble(_reason(error)) from error
        except BaseException:
            client.close()
            raise
        return self._line(client)

    def _line(self, client: aiosmtplib.SMTP) -> Line:
        if client.transport is None or client.transport.is_closing():
            raise self._trouble("the relay closed the connection after EHLO")
        transport = cast(asyncio.Transport, client.transport)  # aiosmtplib and uvloop type it by its base
        cipher = transport.get_extra_info("ssl_object")
        secured = "no TLS" if cipher is None else cipher.version() or "TLS"
        return Line(transport=transport, offer=Offer.of(client.esmtp_extensions), secured=secured)

    def _trouble(self, text: str) -> TransportError:
        relay = f"{self._settings.host}:{self._settings.port}"
        return TransportError(f"transport {self._name}: relay {relay}: {one_line(legal(text))}")


async def _say_hello(client: aiosmtplib.SMTP) -> None:
    """Say EHLO, or HELO to a relay that does not know it."""
    if not client.is_ehlo_or_helo_needed:
        return
    try:
        await client.ehlo()
    except aiosmtplib.SMTPHeloError:
        if not client.is_connected:
            raise
        await client.helo()


async def _own_name(host: str) -> str:
    """Find what to call ourselves; a relay on this machine needs no name that DNS would have to be asked for."""
    name = socket.gethostname()
    if not is_loopback(host):
        try:
            name = await asyncio.wait_for(asyncio.to_thread(socket.getfqdn), DNS_PATIENCE)
        except TimeoutError:
            pass  # the bare host name will do
    return name if NAME.fullmatch(name) else "localhost"


def _reason(error: Exception) -> str:
    """Say what went wrong, with the certificate's own trouble if it is that."""
    cause: BaseException | None = error
    while cause is not None:
        if isinstance(cause, ssl.SSLCertVerificationError):
            return f"its certificate is not accepted: {cause.verify_message}"
        cause = cause.__cause__
    if isinstance(error, aiosmtplib.SMTPResponseException):
        return f"it answered {error.code} {error.message}"
    if "STARTTLS extension not supported" in str(error):
        return "it does not offer STARTTLS, and nothing is sent in the clear"
    return str(error) or type(error).__name__
