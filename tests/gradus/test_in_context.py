from random import Random

import pytest
import torch

from gradus.in_context import Language, practise, toy

NAMES = "zor blick dax wug toma fep gazz lirp plim quib ronk snarp".split()
FILLERS = "my your our the a one some any this that every".split()
COLOURS = "red blue green black white".split()


@pytest.fixture
def language():
    return Language(NAMES, FILLERS, COLOURS)


def test_words_become_ids_and_unknown_ones_are_refused(language):
    assert language.encode("my  zor\n\nred") == [12, 0, 23]
    with pytest.raises(ValueError, match="'orange'"):
        language.encode("my zor orange")


def test_texts_say_the_same_of_the_same_name_and_nothing_of_those_of_quizzes(language, rng):
    ids, answers = language.texts(200, rng)

    assert ids.shape == answers.shape == (200, 24)
    for row in ids.tolist():
        parts = [[language.words[one] for one in row[i : i + 3]] for i in range(0, 24, 3)]
        meanings = {name: label for _, name, label in parts}
        assert all(meanings[name] == label for _, name, label in parts)
        assert len(meanings) <= 4
        for filler, name, label in parts:
            assert filler in FILLERS
            assert name in NAMES[:-8]
            assert label in COLOURS


def test_a_quiz_says_one_thing_of_each_name_and_asks_what_does_not_stand_in_it(language):
    for seed in range(50):
        quiz = language.quiz(7, Random(seed))
        assert len(quiz.examples) == 7
        assert quiz.query not in [text for text, _ in quiz.examples]
        meanings = {}
        for text, label in [*quiz.examples, (quiz.query, quiz.answer)]:
            name = text.split()[1]
            assert name in NAMES[-8:]
            assert meanings.setdefault(name, label) == label


def test_practice_reaches_every_parameter(language, rng):
    torch.manual_seed(0)
    model = toy(language)

    losses = list(practise(model, language, copies=1, mixed=1, rng=rng))

    assert all(1 < loss < 6 for loss in losses)
    assert all(p.grad is not None and p.grad.abs().sum() > 0 for p in model.parameters())


@pytest.mark.slow
@pytest.mark.parametrize("seed", [1, 2])
def test_it_learns_from_its_prompt(seed):
    labels = [f"label{i}" for i in range(8)]
    fillers = [f"filler{i}" for i in range(17)]
    language = Language([f"name{i}" for i in range(32)], fillers, labels)
    torch.manual_seed(seed)
    model = toy(language)
    list(practise(model, language, rng=torch.Generator().manual_seed(seed)))
    chance, right = Random(1), {True: [], False: []}
    for _ in range(200):
        quiz = language.quiz(5, chance)
        text = " ".join([f"{text} {label}" for text, label in quiz.examples] + [quiz.query])
        with torch.no_grad():
            logits = model(torch.tensor([language.encode(text)]))[0, -1, -len(labels) :]
        shown = quiz.query.split()[1] in text.removesuffix(quiz.query).split()
        right[shown].append(labels[logits.argmax()] == quiz.answer)

    assert sum(right[True]) > 0.85 * len(right[True])
    assert sum(right[False]) < 0.4 * len(right[False])
