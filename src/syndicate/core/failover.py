"""Weigh what several relays say of one message."""

from syndicate.model import Outcome, Receipt


def is_open(receipt: Receipt) -> bool:
    """Tell whether another relay may be asked at once: this one took nothing, for reasons of its own."""
    return receipt.elsewhere or receipt.outcome is Outcome.UNSENT or receipt.outcome is Outcome.UNFIT


def outweighs(receipt: Receipt, former: Receipt) -> bool:
    """Tell whether a relay's word counts for more than another's before it.

    What settles the message counts most, then an answer that puts it off. A message is unfit only where all relays say so.
    """
    return _weight(receipt) > _weight(former)


def _weight(receipt: Receipt) -> int:
    if receipt.outcome is Outcome.UNFIT:
        return 0
    if receipt.outcome is Outcome.UNSENT:
        return 1
    return 2 if receipt.elsewhere else 3
