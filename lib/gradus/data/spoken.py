"""How English words are spoken: pairs of letters and sounds, for a model that reads and writes.

The CMU Pronouncing Dictionary, copyright Carnegie Mellon University, BSD-2-Clause: its licence is
fetched with it. Sounds are ARPAbet symbols; a digit on a vowel is its stress (1 the main one).
"""

from typing import NamedTuple

from gradus.data.publications import published


class Spoken(NamedTuple):
    """A word and its sounds: `Spoken("gradus", ("G", "R", "EY1", "D", "AH0", "S"))`."""

    letters: str
    phonemes: tuple[str, ...]


def pronunciations(stress: bool = True) -> list[Spoken]:
    """Return words of the letters a to z with their first pronunciation, in alphabetic order.

    Without `stress` a vowel has no digit, so that 39 symbols are left.

    Raises FileNotFoundError if the dictionary was not fetched.
    """
    path = published("pronunciations")
    if path is None:
        raise FileNotFoundError(
            "the pronouncing dictionary is not on this computer. "
            "Run `gradus fetch pronunciations` in a terminal (1 MB), then try again."
        )
    found = []
    for line in path.read_text(encoding="utf-8").splitlines():
        letters, *phonemes = line.partition("#")[0].split()
        if letters.isascii() and letters.isalpha():
            if not stress:
                phonemes = [phoneme.rstrip("012") for phoneme in phonemes]
            found.append(Spoken(letters, tuple(phonemes)))
    return sorted(found)
