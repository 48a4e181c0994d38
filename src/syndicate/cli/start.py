"""Start the command line, so that a `run` which is told to stop ends well from its first moment on."""

import os
import signal
import sys
from collections.abc import Sequence

_WITH_VALUE = ("--config", "-c")


def main() -> None:
    """Run the command line. Until `run` hears signals itself it has begun nothing, and is simply over."""
    if command_of(sys.argv[1:]) == "run":
        signal.signal(signal.SIGTERM, lambda _number, _frame: os._exit(0))
    from syndicate.cli.main import main as command_line  # takes a second, in which the signal may come

    command_line()


def command_of(arguments: Sequence[str]) -> str | None:
    """Return the command among what was said, behind the options that stand before it."""
    before = ""
    for argument in arguments:
        if before not in _WITH_VALUE and not argument.startswith("-"):
            return argument
        before = "" if before in _WITH_VALUE else argument
    return None
