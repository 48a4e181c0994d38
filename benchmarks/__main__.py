"""Run every benchmark, or those named: python -m benchmarks [NAME]…"""

import importlib
import sys
import time

NAMES = (
    "collecting",
    "feeds",
    "messages",
    "smtp",
    "sending",
    "workers",
    "relay",
    "planning",
    "ledger",
    "memory",
    "related",
)


def main() -> None:
    """Run the benchmarks one after the other, each printing its ratios against a reference from the same run."""
    wanted = sys.argv[1:] or NAMES
    if unknown := set(wanted) - set(NAMES):
        raise SystemExit(f"no benchmark {', '.join(sorted(unknown))}; there are {', '.join(NAMES)}")
    for name in wanted:
        print(f"== {name}", flush=True)
        started = time.perf_counter()
        importlib.import_module(f"benchmarks.{name}").main()
        print(f"   ({time.perf_counter() - started:.0f} s)\n", flush=True)


main()
