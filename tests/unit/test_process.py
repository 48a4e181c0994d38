"""Who is taken for dead: a process of this machine that no longer lives, and no other."""

import shutil
import subprocess
import sys

import pytest

from syndicate.process import is_dead, own_name


def test_a_living_process_is_not_dead() -> None:
    """Nor one of another machine, of whom we cannot tell."""
    host, *rest = own_name().split("|")

    assert not is_dead(own_name())
    assert not is_dead("|".join((f"not-{host}", *rest)))
    assert not is_dead("")


def test_one_that_has_ended_or_was_before_the_boot_is_dead() -> None:
    """Also where another process has its number by now."""
    ended = subprocess.run(
        [sys.executable, "-c", "from syndicate.process import own_name; print(own_name())"],
        capture_output=True, text=True, check=True,
    ).stdout.strip()  # fmt: skip
    host, boot, number, started, *rest = own_name().split("|")

    assert is_dead(ended)
    assert is_dead("|".join((host, boot, number, f"{started}1", *rest)))
    assert is_dead("|".join((host, "another boot", number, started, *rest)))


def test_numbers_of_another_container_mean_nothing_here() -> None:
    """Two containers that share the host's name number their processes each for itself."""
    host, boot, _, started, _, drawn = own_name().split("|")

    assert not is_dead("|".join((host, boot, "999999999", started, "4026539999", drawn)))


def may_unshare() -> bool:
    """Tell whether this machine lets us give a process a numbering of its own."""
    program = shutil.which("unshare")
    return (
        program is not None
        and subprocess.run([program, "-p", "-f", "--mount-proc", "true"], capture_output=True, check=False).returncode
        == 0
    )


@pytest.mark.skipif(not may_unshare(), reason="not every machine lets a process have a numbering of its own")
def test_names_never_come_twice() -> None:
    """Even of processes with the same number, begun in the same tick."""
    command = ["unshare", "-p", "-f", "--mount-proc", sys.executable, "-c"]
    program = "from syndicate.process import own_name; print(own_name())"
    running = [subprocess.Popen([*command, program], stdout=subprocess.PIPE, text=True) for _ in range(2)]
    names = [one.communicate()[0].strip() for one in running]

    assert all(names)
    assert len(set(names)) == 2
    assert not any(is_dead(name) for name in names)
