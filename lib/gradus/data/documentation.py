"""Python's own documentation: half a megabyte of English that comes with every Python.

Copyright Python Software Foundation; PSF License Version 2, https://docs.python.org/3/license.html
"""

from pydoc_data.topics import topics


def python_docs() -> str:
    """Return the help topics of this Python, as `help("if")` shows them, in alphabetical order.

    The text is always the same with one version of Python; other versions word some topics anew.
    """
    return "\n\n".join(topics[name].strip() for name in sorted(topics)) + "\n"
