"""Try a digest out: one real message, marked as a test, to any address."""

from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta

from syndicate.core.addresses import check_address
from syndicate.core.digest import compose
from syndicate.core.filling import fill
from syndicate.core.message import MessageComposer
from syndicate.core.window import Cohort, Window
from syndicate.errors import NotFoundError
from syndicate.flows.envelopes import Postman
from syndicate.flows.preview import Previewing
from syndicate.flows.route import Router
from syndicate.model import Choice, Envelope, Receipt, Rhythm, Slot, SubscriberId, VariantId
from syndicate.storage.audience import ReaderRow

NOBODY = "testtesttesttest"  # a public id that no reader has, so that the links of a test leave nobody, and say so
REACH = timedelta(days=31)


@dataclass(frozen=True, slots=True, kw_only=True)
class TryingOut:
    """Sends tests: the newest articles of all sections, as a new reader of everything would get them."""

    previewing: Previewing
    composer: MessageComposer
    postman: Postman

    async def send(
        self, router: Router, *, digest: str, address: str, language: str, at: datetime | None, subject: str | None
    ) -> tuple[Receipt, str]:
        """Send one test and return the receipt and the transport's name. Raises NotFoundError when there is no article to show."""
        target = check_address(address)
        now = self.previewing.clock.now()
        moment = at or now
        slot = Slot(name=moment.astimezone(UTC).date().isoformat(), at=moment)
        work = await self.previewing.work_for(
            digest=digest, rhythm_id=0, rhythm=Rhythm(zone="UTC", minute=0), slot=slot, replay=True
        )
        slugs = tuple((slug, (digest,)) for slug in work.rules.titles)
        window = Window(to_seq=work.window.to_seq, first_from=moment - REACH, at=moment)
        cohort = Cohort(choice=Choice(sections=slugs, language=language), mark=None)
        composed = compose(
            work.candidates, rules=replace(work.rules, min_items=1), cohort=cohort, window=window, day=work.day
        )
        if composed is None:
            raise NotFoundError(f"digest {digest}: there is no article of the last {REACH.days} days to show in a test")
        marked = f"[Test] {self.composer.subject(composed, subject)}"
        message = self.composer.compose(composed, subject="{{ '" + marked.replace("\\", "").replace("'", "’") + "' }}")
        reader = _nobody(target.text, now)
        values = self.postman.values(reader, work.edition, VariantId(0), now=now)
        values |= {**self.composer.test_notice(language), "web_url": ""}  # nothing of a test is kept to be shown
        envelope = Envelope(
            sender=self.postman.mail.from_address,
            recipient=target.text,
            parts=fill(message, values),
            message_id=values["message_id"],
            smtputf8=target.smtputf8,
            head=message.head,
        )
        return (await router.send([self.postman.signed(envelope, now=now)]))[0]


def _nobody(email: str, now: datetime) -> ReaderRow:
    return ReaderRow(
        subscriber=SubscriberId(0),
        public_id=NOBODY,
        email=email,
        name="",
        state="confirmed",
        subscribed="active",
        paused_until=None,
        choice=0,
        mark=None,
        since=now,
        since_seq=0,
        suppressed=False,
    )
