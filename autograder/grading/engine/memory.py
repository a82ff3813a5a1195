"""Memory and family of a submission's process, as the warm server sees them in /proc."""

import contextlib
import os

PAGE = os.sysconf("SC_PAGE_SIZE")
LITTLE = 2**28  # bytes below which nobody looks closer


def descendants(pid: int) -> set[int]:
    """All processes below this one."""
    parents: dict[int, int] = {}
    for name in filter(str.isdigit, os.listdir("/proc")):
        with (
            contextlib.suppress(OSError, ValueError, IndexError),
            open(f"/proc/{name}/stat") as file,
        ):
            parents[int(name)] = int(file.read().rpartition(")")[2].split()[1])
    found: set[int] = set()
    grown = {pid}
    while grown:
        grown = {other for other, parent in parents.items() if parent in grown} - found
        found |= grown
    return found


def resident(pid: int) -> int:
    """Bytes of memory that a process has in use, shared ones included."""
    try:
        with open(f"/proc/{pid}/statm") as file:
            return int(file.read().split()[1]) * PAGE
    except (OSError, ValueError, IndexError):
        return 0


def proportional(pid: int) -> int:
    """The same with shared pages divided among those who share them; slow to ask."""
    try:
        with open(f"/proc/{pid}/smaps_rollup") as file:
            for line in file:
                if line.startswith("Pss:"):
                    return int(line.split()[1]) * 1024
    except (OSError, ValueError, IndexError):
        pass
    return resident(pid)


def used(pid: int) -> int:
    """Bytes that a submission holds, all processes together, beyond the server's own."""
    own = resident(os.getpid())
    family = {pid} | descendants(pid)
    quick = sum(max(0, resident(member) - own) for member in family)
    return quick if quick < LITTLE else sum(proportional(member) for member in family)
