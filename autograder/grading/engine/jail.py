"""The jail: a submission's process shuts itself in before it runs anything.

https://man7.org/linux/man-pages/man7/user_namespaces.7.html
"""

import contextlib
import ctypes
import os
import resource
from collections.abc import Iterable, Iterator
from pathlib import Path

from autograder.grading.engine.limits import Limits

HOME = "/home/learner"
LEARNER = 1000  # the user's number inside
NOBODY = 65534
COVERS = ("/proc/sys", "/proc/sysrq-trigger", "/proc/irq", "/proc/bus")

NEWNS, NEWCGROUP, NEWUTS, NEWIPC = 0x20000, 0x2000000, 0x4000000, 0x8000000
NEWUSER, NEWPID = 0x10000000, 0x20000000
MS_RDONLY, MS_NOSUID, MS_NODEV, MS_NOEXEC = 1, 2, 4, 8
MS_BIND, MS_REC, MS_PRIVATE = 4096, 16384, 1 << 18
STAGE = "/dev/shm"  # where a folder can be held for a moment while another is mounted in its place
MNT_DETACH = 2
PR_SET_PDEATHSIG, PR_SET_DUMPABLE, PR_CAPBSET_DROP = 1, 4, 24
PR_SET_CHILD_SUBREAPER, PR_SET_NO_NEW_PRIVS = 36, 38

_libc = ctypes.CDLL(None, use_errno=True)


class JailError(OSError):
    """A step of shutting the submission in failed; it must not run."""


def _check(result: int, step: str) -> None:
    if result:
        number = ctypes.get_errno()
        raise JailError(number, f"{step}: {os.strerror(number)}")


def control(option: int, value: int, step: str) -> None:
    """Call prctl(2) with one value."""
    _check(_libc.prctl(option, ctypes.c_ulong(value), 0, 0, 0), step)


def mount(source: str, target: str, kind: str | None, flags: int, data: str = "") -> None:
    """Call mount(2)."""
    texts = [None if text is None else text.encode() for text in (source, target, kind)]
    step = f"mount {kind or source} on {target}"
    _check(_libc.mount(*texts, ctypes.c_ulong(flags), data.encode() or None), step)


def unshare(namespaces: int) -> None:
    """Call unshare(2); a new user namespace knows the present user as the learner."""
    user, group = os.getuid(), os.getgid()
    _check(_libc.unshare(ctypes.c_int(namespaces)), "unshare")
    if namespaces & NEWUSER:
        control(PR_SET_DUMPABLE, 1, "PR_SET_DUMPABLE")  # else the maps belong to root
        Path("/proc/self/setgroups").write_text("deny")
        Path("/proc/self/uid_map").write_text(f"{LEARNER} {user} 1")
        Path("/proc/self/gid_map").write_text(f"{LEARNER} {group} 1")
        control(PR_SET_DUMPABLE, 0, "PR_SET_DUMPABLE")


def settle() -> None:
    """Give the warm server namespaces in which it may make others, and make it their process 1.

    Returns in that process only; the one that called stays to wait for it.
    """
    if os.getuid() == 0:
        _become_nobody()
    unshare(NEWUSER | NEWPID | NEWNS)
    if pid := os.fork():
        os.closerange(3, 256)
        os.waitpid(pid, 0)
        os._exit(0)
    mount("none", "/", None, MS_REC | MS_PRIVATE)
    _mount_proc()
    global _own
    _own = os.open("/proc/self/ns/pid", os.O_RDONLY | os.O_CLOEXEC)


_own = -1  # the server's own process namespace


def _become_nobody() -> None:
    """Stop being root, so that limits count and nothing of the machine's belongs to us.

    bubblewrap covers parts of root's /proc; a namespace gets a /proc only if nothing is covered.
    """
    mounted = {line.split()[4] for line in Path("/proc/self/mountinfo").read_text().splitlines()}
    for target in COVERS:
        if target in mounted:
            _check(_libc.umount2(target.encode(), MNT_DETACH), f"unmount {target}")
    os.setgroups([])
    os.setresgid(NOBODY, NOBODY, NOBODY)
    os.setresuid(NOBODY, NOBODY, NOBODY)


@contextlib.contextmanager
def next_child_apart() -> Iterator[None]:
    """What is forked in here becomes process 1 of a process namespace of its own."""
    unshare(NEWPID)
    try:
        yield
    finally:
        _check(_libc.setns(_own, NEWPID), "setns")


def _mount_proc() -> None:
    mount("proc", "/proc", "proc", MS_NOSUID | MS_NODEV | MS_NOEXEC)


def _empty(target: str, data: str) -> None:
    """Mount an empty folder on `target`; an installation that stands below it stays in sight."""
    points = [line.split()[4] for line in Path("/proc/self/mountinfo").read_text().splitlines()]
    inside = f"{target}/"
    below = {p.removeprefix(inside).partition("/")[0] for p in points if p.startswith(inside)}
    if below:
        mount(target, STAGE, None, MS_BIND | MS_REC)
    mount("tmpfs", target, "tmpfs", MS_NOSUID | MS_NODEV, data)
    for name in sorted(below):
        (Path(target) / name).mkdir(mode=0o755)
        mount(f"{STAGE}/{name}", f"{target}/{name}", None, MS_BIND | MS_REC)
    if below:
        _check(_libc.umount2(STAGE.encode(), MNT_DETACH), f"unmount {STAGE}")


def shut_in(limits: Limits, hidden: Iterable[str]) -> None:
    """Leave the server's namespaces and give up all rights.

    /proc, /tmp, /dev/shm and home are then the submission's own. The `hidden` folders are covered.
    """
    os.close(_own)
    unshare(NEWNS | NEWIPC | NEWUTS | NEWCGROUP)
    _mount_proc()
    own = f"mode=0700,uid={LEARNER},gid={LEARNER}"
    for target, size in (
        ("/tmp", limits.scratch_bytes),
        (HOME, limits.scratch_bytes),
        ("/dev/shm", limits.shared_bytes),
    ):
        _empty(target, f"size={size},{own}")
    for target in hidden:
        mount("tmpfs", target, "tmpfs", MS_NOSUID | MS_NODEV | MS_RDONLY, "size=4k,mode=0755")
    unshare(NEWUSER)
    # Inside a namespace that a submission made itself it would be all-powerful again.
    Path("/proc/sys/user/max_user_namespaces").write_text("0")
    drop_capabilities()


def drop_capabilities() -> None:
    """Give up every capability, for good."""
    last = int(Path("/proc/sys/kernel/cap_last_cap").read_text())
    for capability in range(last + 1):
        control(PR_CAPBSET_DROP, capability, "PR_CAPBSET_DROP")
    header = (ctypes.c_uint32 * 2)(0x20080522, 0)  # version 3, this process
    _check(_libc.capset(header, (ctypes.c_uint32 * 6)()), "capset")


def restrict(limits: Limits) -> None:
    """Set this process's limits; those it starts inherit them."""
    mapped = int(Path("/proc/self/statm").read_text().split()[0]) * os.sysconf("SC_PAGE_SIZE")
    seconds = int(limits.submission_seconds) + 1
    for kind, limit in (
        # Threads reserve far more addresses than they use: 8 MiB of stack and 128 MiB of heap each.
        (resource.RLIMIT_AS, mapped + limits.memory_bytes + 64 * 136 * 2**20),
        (resource.RLIMIT_CPU, seconds * (os.cpu_count() or 1)),
        (resource.RLIMIT_NPROC, limits.processes),
        (resource.RLIMIT_FSIZE, limits.file_bytes),
        (resource.RLIMIT_NOFILE, limits.open_files),
        (resource.RLIMIT_CORE, 0),
    ):
        hard = resource.getrlimit(kind)[1]
        if hard != resource.RLIM_INFINITY:
            limit = min(limit, hard)
        resource.setrlimit(kind, (limit, limit))
