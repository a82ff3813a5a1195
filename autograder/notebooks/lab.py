"""How JupyterLab is started so that nbgrader's buttons work in it."""

import os
import sys
from pathlib import Path


def lab_command(root: Path, instructor: bool = False) -> tuple[list[str], dict[str, str]]:
    """Return the command line and the environment that open JupyterLab.

    Learners see the course. Instructors see the whole repository, because formgrader needs the
    folders in build/.
    """
    command = [sys.executable, "-m", "jupyterlab"]
    if instructor:
        command += [f"--ServerApp.root_dir={root}", "--LabApp.default_url=/lab/tree/solutions"]
    else:
        command += [f"--ServerApp.root_dir={root / 'course'}"]
    folders = [str(Path(__file__).resolve().parents[1]), os.environ.get("JUPYTER_CONFIG_PATH", "")]
    # nbgrader starts `alembic` by its bare name, also where the environment is not activated.
    programs = [str(Path(sys.executable).parent), os.environ.get("PATH", "")]
    return command, {
        **os.environ,
        "JUPYTER_CONFIG_PATH": os.pathsep.join(filter(None, folders)),
        "PATH": os.pathsep.join(filter(None, programs)),
    }
