"""The built lessons go through nbgrader's own machinery, with our configuration."""

import shutil
import sys
from pathlib import Path

import nbformat
import pytest
from nbconvert.exporters import HTMLExporter
from nbgrader.api import Gradebook
from nbgrader.converters import Autograde, GenerateFeedback
from nbgrader.coursedir import CourseDirectory
from traitlets.config import Config, PyFileConfigLoader

import autograder
from autograder.notebooks.build import notebook_path
from autograder.notebooks.config import nbgrader_config


def submit(root: Path, student: str, notebook: Path) -> None:
    path = root / "build" / "submitted" / student / "00_warmup" / "00_warmup.ipynb"
    path.parent.mkdir(parents=True)
    shutil.copy(notebook, path)


def test_the_configuration_file_is_ours_for_this_repository() -> None:
    folder = Path(autograder.__file__).parent
    loaded = PyFileConfigLoader("nbgrader_config.py", path=str(folder)).load_config()
    assert loaded == nbgrader_config(folder.parent)
    assert loaded.CourseDirectory.root == str(folder.parent)


def test_every_setting_is_one_that_nbgrader_knows(tmp_path: Path) -> None:
    import nbgrader.preprocessors as preprocessors

    converters = {Autograde, CourseDirectory, GenerateFeedback, HTMLExporter}
    known = {*converters, *(getattr(preprocessors, name) for name in preprocessors.__all__)}
    traits = {cls.__name__: cls.class_trait_names(config=True) for cls in known}
    config: Config = nbgrader_config(tmp_path)
    for section, settings in config.items():
        assert set(settings) <= set(traits[section]), section


# nbgrader's own, whenever it adds a submission.
@pytest.mark.filterwarnings("ignore::sqlalchemy.exc.SAWarning")
@pytest.mark.slow
@pytest.mark.skipif(sys.platform == "win32", reason="nbgrader's autograde runs on POSIX only")
def test_the_solution_gets_full_points_the_release_none_and_warnings_cost_nothing(
    built: Path,
) -> None:
    solution = notebook_path(built, "build/source", "00_warmup")
    submit(built, "solution", solution)
    submit(built, "release", notebook_path(built, "course", "00_warmup"))

    loud = nbformat.read(solution, as_version=4)
    rms = next(cell for cell in loud.cells if cell.id == "rms")
    rms.source = rms.source.replace(
        "### BEGIN SOLUTION", "import sys; print('a warning', file=sys.stderr)"
    )
    nbformat.write(loud, built / "loud.ipynb")
    submit(built, "loud", built / "loud.ipynb")

    tagged = nbformat.read(notebook_path(built, "course", "00_warmup"), as_version=4)
    for cell in tagged.cells:
        cell.metadata.tags = ["skip-execution"]
    nbformat.write(tagged, built / "tagged.ipynb")
    submit(built, "tagged", built / "tagged.ipynb")

    config = nbgrader_config(built)
    config.CourseDirectory.assignment_id = "00_warmup"
    Autograde(coursedir=CourseDirectory(config=config), config=config).start()

    with Gradebook(config.CourseDirectory.db_url, "gradus") as gradebook:
        scores = {
            student: gradebook.find_submission("00_warmup", student).score
            for student in ("solution", "release", "loud", "tagged")
        }
        assert scores == {"solution": 3.5, "release": 0.0, "loud": 3.5, "tagged": 0.0}
