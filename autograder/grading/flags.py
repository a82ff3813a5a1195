"""Flags: what the note on a submission asks an instructor to look at, in a word."""

FLAGS = {
    "tampering": (
        " had been changed",
        " had been moved",
        " had been turned into",
        " carried the tag ",
        " is not part of the lesson",
        " was there ",
    ),
    "restored cells": ("the released one is back", "the released one was used"),
    "crashed": ("Crashed:", "The kernel died"),
    "limits": ("Stopped:", "Not run:", "Cut:", "ran too long"),
    "not isolated": ("Not isolated:",),
    "checked inside": ("Checked inside:",),
    "not graded": (" is not a notebook", " could not be ", " is missing", " is damaged"),
}


def flags(note: str) -> list[str]:
    """Return the flags of a note, the gravest first."""
    return [flag for flag, phrases in FLAGS.items() if any(phrase in note for phrase in phrases)]
