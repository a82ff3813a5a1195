"""nbgrader's own commands and its JupyterLab extension read this file.

nbgrader looks for it in the working directory and on Jupyter's configuration path:
`cd autograder && nbgrader ...`, or `JUPYTER_CONFIG_PATH=autograder jupyter lab`.
"""

from pathlib import Path

from autograder.notebooks.config import nbgrader_config

c = get_config()
c.merge(nbgrader_config(Path(__file__).resolve().parents[1]))
