"""Opinions put together from rated words: sentences that a word list alone cannot judge.

The words and ratings are the VADER lexicon's (copyright C.J. Hutto, MIT licence); the rest is ours.
"""

import re
from random import Random
from typing import NamedTuple

from gradus.data.sentiment import sentiment_words

# How an adjective often ends; of the lexicon's other words we name the most common ones.
ENDINGS = re.compile(r".{2,}(ful|less|ous|ive|able|ible)")
NO_ADJECTIVES = set("bless deceive deprive forgive incentive revive".split())
COMMON = """
    amazing annoying awful bad beautiful boring brave brilliant broken brutal calm charming clean
    clever crazy cruel cute dead dirty disappointing dull dumb elegant excellent exciting fair fake
    fantastic free fresh friendly frustrating fun funny gentle glad good great happy harsh healthy
    honest horrid ideal innocent insane inspiring intelligent interesting irritating kind lame lazy
    lively lonely loyal mad nice outstanding perfect pleasant poor popular pretty rich rotten rude
    sad safe satisfying scary shocking sick sincere smart special strong stupid superb sweet
    talented tense tired tragic ugly unfair unhappy unpleasant upset weak wicked wise worried wrong
""".split()
CLEAR = 1.0  # a rating nearer to 0 than this says too little

SUBJECTS = """
    actor answer artist book chapter city class dog film friend game garden guide home hotel idea
    journey lesson letter meeting neighbour plan play poem report room song story talk teacher
""".split()
VERBS = ("is", "was", "seems", "looks", "sounds")
TURNED_VERBS = ("is", "was")
STRONGER = ("", "", "", "very", "really", "so", "rather", "quite")
TURNED = ("not", "never", "hardly", "anything but")
# Negated in the clause, around it: an even number of times as often as an odd one.
TURNS = ((False, False), (False, False), (True, True), (True, False), (True, False), (False, True))
OUTER = ("it is not true that", "nobody thinks that", "I doubt that")


class Opinion(NamedTuple):
    """A sentence, and whether it speaks well of something."""

    text: str
    positive: bool


class Opinions(NamedTuple):
    """Sentences to learn from, and two sets to test with: see sentiment_sentences."""

    train: list[Opinion]
    same_words: list[Opinion]
    new_words: list[Opinion]


def sentiment_sentences(count: int = 4_000, seed: int = 0) -> Opinions:
    """Return made-up opinions: `count` to learn from, and two test sets of a fifth of that each.

    They are not what people wrote. Each is a template filled with a rated adjective, and its label
    follows by rule: the adjective's sign, turned by each negation ("hardly", "nobody thinks that");
    where two halves are joined by "but", the second decides. Both labels are equally frequent, also
    for each adjective: who looks at the adjective only is right half the time.

    No sentence comes twice. `same_words` holds the adjectives of `train` in other sentences;
    `new_words` holds adjectives that are nowhere in the two others, so that only a model which
    knows them from elsewhere, or reads parts of words, can tell what they mean.
    """
    chance = Random(seed)
    words = clear_adjectives()
    chance.shuffle(words)
    cut = len(words) // 5
    new, known = words[:cut], words[cut:]
    train = _distinct(chance, known, count, [])
    trained = {word for opinion in train for word in re.findall("[a-z]+", opinion.text)}
    same = [(word, positive) for word, positive in known if word in trained]
    tests = count // 5
    return Opinions(train, _distinct(chance, same, tests, train), _distinct(chance, new, tests, []))


def clear_adjectives() -> list[tuple[str, bool]]:
    """Return adjectives of the lexicon and whether they are good, in alphabetic order."""
    return [
        (word, valence > 0)
        for word, valence in sentiment_words()
        if abs(valence) >= CLEAR
        and (word in COMMON or (ENDINGS.fullmatch(word) and word not in NO_ADJECTIVES))
    ]


def _distinct(
    chance: Random, words: list[tuple[str, bool]], count: int, taken: list[Opinion]
) -> list[Opinion]:
    """Make so many sentences that differ from each other and from those that are taken."""
    found = dict.fromkeys(taken)
    while len(found) < count + len(taken):
        found[_opinion(chance, words)] = None
    return list(found)[len(taken) :]


def _opinion(chance: Random, words: list[tuple[str, bool]]) -> Opinion:
    """Make one sentence: a clause, or two with "but"."""
    text, positive = _clause(chance, words)
    if chance.random() < 0.3:
        later, positive = _clause(chance, words)
        text = f"{text}, but {later}"
    return Opinion(f"{text[0].upper()}{text[1:]}.", positive)


def _clause(chance: Random, words: list[tuple[str, bool]]) -> tuple[str, bool]:
    """Say something of a subject, turned no times, once or twice; turned and not equally often."""
    word, positive = chance.choice(words)
    inner, outer = chance.choice(TURNS)
    verb = chance.choice(TURNED_VERBS if inner else VERBS)
    parts = [
        "the",
        chance.choice(SUBJECTS),
        verb,
        chance.choice(TURNED if inner else STRONGER),
        word,
    ]
    if outer:
        parts.insert(0, chance.choice(OUTER))
    return " ".join(part for part in parts if part), positive != (inner != outer)
