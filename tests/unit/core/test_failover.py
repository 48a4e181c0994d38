"""What several relays say of one message."""

from itertools import pairwise

from syndicate.core.failover import is_open, outweighs
from syndicate.model import Outcome, Receipt

UNFIT, UNSENT = Receipt(outcome=Outcome.UNFIT, code=553), Receipt(outcome=Outcome.UNSENT)
FULL = Receipt(outcome=Outcome.DEFERRED, code=452, elsewhere=True)
SETTLED = [
    Receipt(outcome=outcome) for outcome in (Outcome.ACCEPTED, Outcome.DEFERRED, Outcome.REFUSED, Outcome.UNCERTAIN)
]


def test_another_is_asked_only_where_nothing_was_taken() -> None:
    """And where it is no word about the recipient."""
    assert all(is_open(receipt) for receipt in (UNFIT, UNSENT, FULL))
    assert not any(is_open(receipt) for receipt in SETTLED)


def test_a_word_that_settles_the_message_counts_most() -> None:
    """A message is unfit only where nobody says anything else; of equal words the first counts."""
    for former, latter in pairwise([UNFIT, UNSENT, FULL, SETTLED[0]]):
        assert outweighs(latter, former)
        assert not outweighs(former, latter)
        assert not outweighs(former, former)
