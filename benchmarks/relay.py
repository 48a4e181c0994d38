"""Measure whole sends through a real Postfix on this machine, ledger included, against its own load generator."""

import uvloop

from benchmarks.postfix import obstacle, running
from benchmarks.sending import sender
from benchmarks.smtp import Result, best, load_generator

READERS = 4_000
ROUNDS = 3
WANTED = 0.7
DOMAIN = "discard.example"  # Postfix takes and queues it, and throws it away instead of delivering it


async def measure(port: int) -> dict[str, Result]:
    """Take turns; the best round of each."""
    found: dict[str, list[Result]] = {"ours": [], "theirs": []}
    async with sender(port, readers=READERS, domain=DOMAIN) as ours:
        for _ in range(ROUNDS):
            theirs = load_generator(port, messages=READERS, to=f"r@{DOMAIN}")
            assert theirs is not None, "Postfix without its smtp-source"
            found["theirs"].append(theirs)
            found["ours"].append(await ours.send())
    return best(found)


def main() -> None:
    """Print the ratio, or why there is none."""
    if (reason := obstacle()) is not None:
        print(f"  skipped: {reason}")
        return
    with running() as postfix:
        found = uvloop.run(measure(postfix.port))
    ours, theirs = found["ours"], found["theirs"]
    print(f"a whole send to {READERS:,} readers through a Postfix of this machine, ledger on SQLite, 10 connections")
    print(f"  smtp-source -d: {theirs[0]:,.0f}/s")
    print(
        f"  ours: {ours[0]:,.0f}/s; {ours[0] / theirs[0]:.2f} of it (wanted: {WANTED:.2f}); best of {ROUNDS} rounds each"
    )


if __name__ == "__main__":
    main()
