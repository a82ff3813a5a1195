"""score_labels: which label does a model find most probable after a prompt?"""

from math import log

import torch
from torch import Generator, randn, tensor
from torch.nn import functional as F

from autograder.exercise import ByHand, Exercise
from autograder.exercises.prompting.told import Told
from autograder.readers import Reader, Spelling
from autograder.stand_ins import Scripted
from autograder.trial import Trial, ask
from gradus import scoring as reference

score_labels = Exercise(reference.score_labels)

# Ids:   0    1    2      3      4       5      6    7      8
PIECES = ["Is", ":", " a", " good", " bad", "der", " ", "good", "bad"]
ENCODE = Spelling(PIECES)
# Here the end of a prompt and the beginning of a label can be one token.
JOINING = Spelling(["Q", "=", "= ", "= y", "no", "yes", " ", "n", "y", "es", "= yes", " no", "o"])


def table(rng: Generator, pieces: list[str], size: float = 2.0) -> torch.Tensor:
    """Logits after each token, one more for what is in no piece."""
    return size * randn(len(pieces) + 1, len(pieces) + 1, generator=rng)


@score_labels.case(
    "two labels, by hand",
    0.5,
    hint="After ':' the model gives ' good' a half and ' bad' a quarter; after ' bad' comes 'der' "
    "for certain.",
)
def by_hand(rng: Generator) -> ByHand:
    shares = torch.full((10, 10), 1e-30)
    shares[1, 3], shares[1, 4], shares[1, 2] = 0.5, 0.25, 0.25
    shares[4, 5] = 1.0
    trial = ask(Scripted(shares.log()), ENCODE, "Is:", ["good", "bad", "badder"])
    return ByHand(trial, tensor([log(0.5), log(0.25), log(0.25) / 2]))


@score_labels.case(
    "labels of several tokens",
    judge=Told(["Labels of one, two and three tokens", "The longer label is the likelier one"]),
)
def several(rng: Generator) -> list[Trial]:
    scripted = Scripted(table(rng, PIECES))
    longer = torch.zeros(10, 10)
    longer[4, 5], longer[1, 4] = 4.0, 1.0
    return [
        ask(scripted, ENCODE, "Is a:", ["bad", "bad good", "badder bad", "a bad good"]),
        ask(Scripted(longer), ENCODE, "Is:", ["good", "badder", "bad"]),
    ]


@score_labels.case(
    "the whole prompt is read",
    hint="This model remembers: each token of the prompt has a say in what comes after it.",
    judge=Told(["A longer prompt", "The same end after another beginning"]),
)
def whole_prompt(rng: Generator) -> list[Trial]:
    reader = Reader(table(rng, PIECES))
    labels = ["good", "bad", "badder"]
    return [
        ask(reader, ENCODE, "Is a good bad a:", labels),
        ask(reader, ENCODE, "Is bad bad good a:", labels),
    ]


@score_labels.case(
    "prompt and label are cut into tokens together",
    judge=Told(
        [
            "The label's space belongs to its token",
            "The prompt's last token grows by the label",
            "The label is swallowed by the prompt's last token",
        ]
    ),
    hint="Look at the ids of prompt + space + label, and at those of the prompt alone.",
)
def together(rng: Generator) -> list[Trial]:
    reader = Reader(table(rng, JOINING.pieces))
    return [
        ask(Reader(table(rng, PIECES)), ENCODE, "Is:", ["good", "bad"]),
        ask(reader, JOINING, "Q=", ["no", "noes"]),
        ask(reader, JOINING, "QQ=", ["yes", "no", "yno"]),
    ]


@score_labels.case(
    "one label, equal labels, long odds",
    judge=Told(["One label", "Equal labels", "Logits of a thousand"]),
)
def edges(rng: Generator) -> list[Trial]:
    return [
        ask(Scripted(table(rng, PIECES)), ENCODE, ":", ["bad"]),
        ask(Scripted(table(rng, PIECES)), ENCODE, "Is:", ["bad", "good", "bad"]),
        ask(Scripted(table(rng, PIECES, 1000.0)), ENCODE, "Is:", ["good", "bad", "badder"]),
    ]


@score_labels.case(
    "what cannot be scored is refused",
    0.5,
    judge=Told(["No labels", "An empty label", "A prompt of no tokens"]),
)
def refused(rng: Generator) -> list[Trial]:
    scripted = Scripted(table(rng, PIECES))
    return [
        ask(scripted, ENCODE, "Is:", []),
        ask(scripted, ENCODE, "Is:", ["good", ""]),
        ask(scripted, ENCODE, "", ["good", "bad"]),
    ]


@score_labels.case("hidden labels", hidden=True)
def hidden(rng: Generator) -> list[Trial]:
    return [
        ask(Reader(table(rng, PIECES)), ENCODE, "Is a bad:", ["good a", "bad", "badder good", "a"]),
        ask(Reader(table(rng, JOINING.pieces)), JOINING, "QQQ=", ["no", "yes", "yesno"]),
    ]


@score_labels.house_rules(0.25)
def typical(rng: Generator) -> Trial:
    return ask(Scripted(table(rng, PIECES)), ENCODE, "Is:", ["good", "badder"])


def parts(encode, prompt, label):
    """The ids of the whole text, and where the label begins."""
    asked, ids = encode(prompt), encode(prompt + " " + label)
    start = 0
    while start < min(len(asked), len(ids)) and asked[start] == ids[start]:
        start += 1
    if not start or not label:
        raise ValueError("nothing to score")
    return ids, start


@score_labels.variant
def with_cross_entropy(model, encode, prompt, labels, device=None):
    if len(labels) == 0:
        raise ValueError("no labels")
    scores = torch.zeros(len(labels), device=device)
    for i, label in enumerate(labels):
        ids, start = parts(encode, prompt, label)
        text = torch.tensor([ids], device=device)
        logits = model(text)[0, start - 1 : len(ids) - 1]
        scores[i] = -F.cross_entropy(logits, text[0, start:])
    return scores


@score_labels.variant
def as_one_batch(model, encode, prompt, labels, device=None):
    cut = [parts(encode, prompt, label) for label in labels]
    longest = max((len(ids) for ids, _ in cut), default=0)
    if not longest:
        raise ValueError("no labels")
    batch = torch.tensor([ids + [0] * (longest - len(ids)) for ids, _ in cut], device=device)
    log_probs = model(batch).log_softmax(-1)
    rows = []
    for row, (ids, start) in enumerate(cut):
        places = range(start, len(ids))
        rows.append(sum(log_probs[row, at - 1, ids[at]] for at in places) / len(places))
    return torch.stack(rows)


@score_labels.variant
def token_by_token(model, encode, prompt, labels, device=None):
    scores = []
    for label in labels:
        ids, start = parts(encode, prompt, label)
        total = 0.0
        for at in range(start, len(ids)):
            logits = model(torch.tensor([ids[:at]], device=device))[0, -1]
            total = total + (logits[ids[at]] - logits.logsumexp(-1))
        scores.append(total / (len(ids) - start))
    if not scores:
        raise ValueError("no labels")
    return torch.stack(scores)
