"""Name this process for the ledger, and tell whether a named one still lives."""

import os
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


def own_name() -> str:
    """Return host, boot, process number and start: together they never come again."""
    return f"{socket.gethostname()}|{_boot()}|{os.getpid()}|{_started(os.getpid())}"


def is_dead(name: str) -> bool:
    """Tell whether a process of this machine, named by own_name, no longer lives; of other machines we cannot tell."""
    host, boot, pid, started = [*name.split("|"), "", "", "", ""][:4]
    if host != socket.gethostname() or not pid.isdigit():
        return False
    return boot != _boot() or _started(int(pid)) != started


def process_number() -> int:
    """Return the number of this process."""
    return os.getpid()


def parent_number() -> int:
    """Return the number of the process that started this one, or of whoever has adopted it since."""
    return os.getppid()


def resident_bytes() -> int:
    """Return the memory this process holds; 0 where the system does not tell."""
    try:
        return int(Path("/proc/self/statm").read_text(encoding="ascii").split()[1]) * os.sysconf("SC_PAGE_SIZE")
    except OSError:
        return 0
