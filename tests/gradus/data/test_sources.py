"""The files that docstrings come from."""

import json

from gradus.data.documented import in_source, sources


def test_there_are_three_packages_and_their_files_hold_docstrings():
    packages = sources()
    assert len(packages) == 3
    paths = [path for package in packages for path in package]
    assert len(paths) == len(set(paths)) > 500
    decoder = next(path for path in packages[0] if path.parts[-2:] == ("json", "__init__.py"))
    assert next(in_source(decoder.read_bytes())) == json.__doc__.strip()
