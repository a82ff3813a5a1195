import pytest

from gradus.data import pronunciations
from gradus.data.spoken import Spoken

TEXT = """\
'bout B AW1 T
gradus G R EY1 D AH0 S
aalto AA1 L T OW2 # name, finnish
appellate AH0 P EH1 L IH0 T
appellate(2) AH0 P EH1 L EY2 T
"""


def test_without_the_dictionary_it_says_how_to_get_it(cache):
    with pytest.raises(FileNotFoundError, match="gradus fetch pronunciations"):
        pronunciations()


@pytest.fixture
def dictionary(cache):
    (cache / "pronunciations").mkdir(parents=True)
    (cache / "pronunciations" / "cmudict.dict").write_text(TEXT)
    (cache / "pronunciations" / "LICENSE").write_text("")


def test_words_of_letters_only_each_once_in_order_without_comments(dictionary):
    assert pronunciations() == [
        Spoken("aalto", ("AA1", "L", "T", "OW2")),
        Spoken("appellate", ("AH0", "P", "EH1", "L", "IH0", "T")),
        Spoken("gradus", ("G", "R", "EY1", "D", "AH0", "S")),
    ]


def test_stress_can_be_left_out(dictionary):
    assert pronunciations(stress=False)[-1].phonemes == ("G", "R", "EY", "D", "AH", "S")
