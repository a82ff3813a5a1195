"""Runs a notebook in a kernel of its own, as nbgrader does."""

from pathlib import Path

from nbformat import NotebookNode
from traitlets.config import Config

NOT_ISOLATED = "Not isolated: it ran in a plain kernel."


def in_a_kernel(notebook: NotebookNode, folder: Path, config: Config | None = None) -> str:
    """Run all cells in place, with `folder` as working directory; errors of cells do not stop it.

    Returns a note, which is empty if the kernel lived to the end. Cells after its death stay as
    they are, without a result.
    """
    from nbclient.exceptions import CellTimeoutError, DeadKernelError  # takes seconds to import
    from nbgrader.preprocessors import Execute
    from nbgrader.preprocessors.execute import UnresponsiveKernelError

    for cell in notebook.cells:
        if cell.cell_type == "code":
            cell.outputs, cell.execution_count = [], None
    try:
        Execute(config=config or Config()).preprocess(notebook, {"metadata": {"path": str(folder)}})
    except DeadKernelError:
        return "The kernel died; what came after that was not run."
    except (CellTimeoutError, UnresponsiveKernelError, TimeoutError):
        return "A cell ran too long and could not be stopped; what came after it was not run."
    return ""
