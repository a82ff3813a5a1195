import re

import pytest
from vaderSentiment.vaderSentiment import SentimentIntensityAnalyzer

from gradus.data import sentiment_sentences, sentiment_words
from gradus.data.opinions import OUTER, TURNED, Opinion, clear_adjectives


def test_words_and_ratings_are_those_of_vaders_own_reader():
    oracle = SentimentIntensityAnalyzer().lexicon
    words = sentiment_words()

    assert words == sorted(words)
    assert len(words) > 7_000
    assert dict(words) == {
        word: valence for word, valence in oracle.items() if re.fullmatch("[A-Za-z]+", word)
    }


def test_a_missing_lexicon_is_told_with_the_way_out(monkeypatch):
    monkeypatch.setattr("importlib.util.find_spec", lambda name: None)

    with pytest.raises(ModuleNotFoundError, match="pip install vaderSentiment"):
        sentiment_words()


def judged(opinion: Opinion, words: dict[str, bool]) -> bool:
    """Work the label out from the text: the half that decides, its adjective, its negations."""
    half = opinion.text.lower().rstrip(".").split(", but ")[-1]
    [adjective] = [word for word in half.split() if word in words]
    outer = sum(half.startswith(words.lower()) for words in OUTER)
    inner = sum(f" {turn} " in half.rpartition(" the ")[2] for turn in TURNED)
    negations = outer + inner
    return words[adjective] != (negations % 2 == 1)


def test_every_label_follows_from_the_text():
    words = dict(clear_adjectives())
    for part in sentiment_sentences():
        assert all(judged(opinion, words) == opinion.positive for opinion in part)


def test_no_sentence_comes_twice_and_the_new_words_are_new():
    train, same, new = sentiment_sentences(1_000)
    words = {word for word, _ in clear_adjectives()}

    def adjectives(part):
        return words & {word for opinion in part for word in re.findall("[a-z]+", opinion.text)}

    assert [len(train), len(same), len(new)] == [1_000, 200, 200]
    assert len(set(train + same + new)) == 1_400
    assert not adjectives(new) & adjectives(train + same)
    assert adjectives(same) <= adjectives(train)


def test_a_seed_gives_the_same_and_another_seed_others():
    assert sentiment_sentences(50) == sentiment_sentences(50)
    assert sentiment_sentences(50) != sentiment_sentences(50, seed=1)


def test_labels_are_balanced_and_the_adjective_alone_says_nothing():
    words = dict(clear_adjectives())
    for part in sentiment_sentences():
        right = 0
        for opinion in part:
            last = [word for word in re.findall("[a-z]+", opinion.text) if word in words][-1]
            right += words[last] == opinion.positive
        assert 0.43 < right / len(part) < 0.57
        assert 0.43 < sum(opinion.positive for opinion in part) / len(part) < 0.57
