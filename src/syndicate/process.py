"""Name this process for the ledger, and tell whether a named one still lives."""

import os
import secrets
import socket
from functools import cache
from pathlib import Path


@cache
def _boot() -> str:
    try:
        return Path("/proc/sys/kernel/random/boot_id").read_text(encoding="ascii").strip()
    except OSError:
        return "-"


def _started(pid: int) -> str | None:
    """Return when a process started, in the kernel's ticks; None when there is no such process."""
    try:
        # the command's name may hold spaces and brackets; the fields after the last bracket are numbers
        return Path(f"/proc/{pid}/stat").read_text(encoding="utf-8", errors="replace").rpartition(")")[2].split()[19]
    except OSError:
        pass
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return None
    except PermissionError:
        return "-"
    return "-"


@cache
def _space() -> str:
    """Return which numbering of processes this one is in; containers of one host may each have their own."""
    try:
        return str(Path("/proc/self/ns/pid").stat().st_ino)
    except OSError:
        return "-"


@cache
def own_name() -> str:
    """Return host, boot, process number, start and where that number counts, and something drawn: together they never come again."""
    number = os.getpid()
    return f"{socket.gethostname()}|{_boot()}|{number}|{_started(number)}|{_space()}|{secrets.token_hex(4)}"


def is_dead(name: str) -> bool:
    """Tell whether a process of this machine, named by own_name, no longer lives; of other machines we cannot tell."""
    host, boot, pid, started, space = [*name.split("|"), "", "", "", "", ""][:5]
    if host != socket.gethostname() or not pid.isdigit():
        return False
    if boot != _boot():
        return True
    return space == _space() and _started(int(pid)) != started


def process_number() -> int:
    """Return the number of this process."""
    return os.getpid()


def parent_number() -> int:
    """Return the number of the process that started this one, or of whoever has adopted it since."""
    return os.getppid()


def processors() -> int:
    """Return how many processors this process may use."""
    try:
        return len(os.sched_getaffinity(0))
    except AttributeError:  # not every system has it
        return os.cpu_count() or 1


def resident_bytes() -> int:
    """Return the memory this process holds; 0 where the system does not tell."""
    try:
        return int(Path("/proc/self/statm").read_text(encoding="ascii").split()[1]) * os.sysconf("SC_PAGE_SIZE")
    except OSError:
        return 0
