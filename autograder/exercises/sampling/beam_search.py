"""beam_search: its cases and variants. Its mistakes are in a file of their own."""

import math

import torch
from torch import Generator, cat, randint, randn, tensor

from autograder.exercise import ByHand, Exercise
from autograder.stand_ins import Part, Scripted
from autograder.trial import Trial, ask
from gradus import beam

beam_search = Exercise(beam.beam_search, returns=("the text", "the score"))

VOCAB = 8

# After 0, token 1 is likelier than 2. But after 2 all is certain, and after 1 all is open.
TRAP = tensor([[0, 0.6, 0.4, 0], [0.3, 0.26, 0.24, 0.2], [0, 0, 0, 1.0], [0.7, 0.13, 0.09, 0.08]])
START = tensor([0])


def chain(shares, shift=0.0):
    """A model of these probabilities; a shift of the logits changes none of them."""
    return Scripted(shares.log() + shift)


def writer(rng, vocab=VOCAB, scale=1.0):
    """A model that remembers all it has read, the newest token best."""
    return Part("writer", (scale * randn(vocab, vocab, generator=rng),))


@beam_search.case(
    "a step back to go further, by hand",
    0.5,
    hint="0 1 0 has 0.6 * 0.3 = 0.18, and 0 2 3 has 0.4 * 1 = 0.4. Only two beams see both.",
)
def by_hand(rng: Generator) -> ByHand:
    trial = ask(chain(TRAP), START, 2, 2, alpha=0.0)
    return ByHand(trial, (tensor([0, 2, 3]), tensor(math.log(0.4))))


@beam_search.case("one beam is greedy", 0.5)
def one_beam(rng: Generator) -> list[Trial]:
    model = writer(rng)
    return [
        ask(chain(TRAP, shift=2.0), START, 4, 1, alpha=0.0),
        ask(model, tensor([3, 1, 4]), 5, 1),
        ask(model, tensor([2]), 7, 1, eos=5, alpha=2.0),
        ask(chain(tensor([[0.1, 0.9], [0.5, 0.5]])), START, 5, 1, eos=1, alpha=3.0),
    ]


@beam_search.case(
    "several beams, no end",
    1.5,
    hint="The beams compete: two of the best may come from one text, and none from another.",
)
def several(rng: Generator) -> list[Trial]:
    model, ids = writer(rng, scale=0.7), randint(VOCAB, (3,), generator=rng)
    return [ask(model, ids, new, beams, alpha=0.0) for new, beams in ((5, 2), (6, 4), (4, 7))]


# Ends (2) are likely from the start; longer texts have a better mean.
ENDING = tensor([[0.31, 0.28, 0.41], [0.12, 0.79, 0.09], [0.43, 0.38, 0.19]])


@beam_search.case(
    "texts that end",
    1.5,
    hint="An ended text is set aside and waits. An end beyond the best `beams` does not count.",
)
def ends(rng: Generator) -> list[Trial]:
    model = writer(rng, scale=0.7)
    return [
        ask(chain(ENDING), START, 5, 2, eos=2, alpha=0.0),
        ask(chain(ENDING), START, 4, 3, eos=2, alpha=0.3),
        *(ask(model, tensor([4, 1]), 6, 3, eos=eos, alpha=0.5) for eos in (0, 2, 5, 6)),
        ask(model, tensor([3, 7, 6]), 3, 2, eos=6),
    ]


@beam_search.case(
    "what the length is worth",
    1,
    hint="The mass is divided by length**alpha; the length is that of what was written, its end "
    "included, without the prompt.",
)
def lengths(rng: Generator) -> list[Trial]:
    trials = [ask(chain(ENDING), START, 5, 4, eos=2, alpha=alpha) for alpha in (0.5, 1.0, 2.0)]
    long = tensor([0, 1, 1, 1, 0, 1, 0])
    return [*trials, ask(chain(ENDING), long, 4, 3, eos=2), ask(chain(ENDING), long, 1, 2)]


@beam_search.case(
    "texts that had to stop",
    0.5,
    hint="After `new` tokens, what has not ended counts as well.",
)
def stopped(rng: Generator) -> list[Trial]:
    rare = tensor([[0.9, 0.08, 0.02], [0.6, 0.3, 0.1], [0.31, 0.4, 0.29]])
    return [
        ask(chain(rare), START, 3, 3, eos=2, alpha=1.0),
        ask(chain(rare), START, 2, 2, eos=1, alpha=1.0),
        ask(chain(rare), START, 3, 2, eos=2, alpha=0.0),
    ]


@beam_search.case("a long text", 0.5, hint="A product of 150 small probabilities is 0 in float32.")
def long(rng: Generator) -> Trial:
    return ask(Scripted(randn(12, 12, generator=rng) / 2), START, 150, 3)


@beam_search.case("more beams than tokens, and what makes no sense", 0.5)
def edges(rng: Generator) -> list[Trial]:
    return [
        ask(chain(ENDING), START, 2, 20, alpha=0.0),
        ask(chain(ENDING), START, 1, 9, eos=2),
        ask(chain(ENDING), START[:0], 2, 2),
        ask(chain(ENDING), START, 0, 2),
        ask(chain(ENDING), START, 2, 0),
    ]


@beam_search.case("hidden models", 0.5, hidden=True)
def hidden(rng: Generator) -> list[Trial]:
    model, ids = writer(rng, scale=0.7), randint(VOCAB, (2,), generator=rng)
    return [ask(model, ids, 5, 3, eos=7, alpha=0.7), ask(model, ids, 5, 4, alpha=0.0)]


@beam_search.house_rules(0.5)
def typical(rng: Generator) -> Trial:
    return ask(writer(rng), randint(VOCAB, (3,), generator=rng), 4, 3, 5, 0.8)


@beam_search.variant
@torch.no_grad()
def with_python_lists(model, ids, new, beams, eos=None, alpha=1.0):
    """Every text by itself, ranked by Python's sort, which keeps the order of equals."""
    if len(ids) == 0 or new < 1 or beams < 1:
        raise ValueError("nothing to search")
    live, over = [(0.0, ids)], []
    for length in range(1, new + 1):
        pool = []
        for mass, text in live:
            logs = model(text[None])[0, -1].double().log_softmax(-1).tolist()
            pool += [(mass + log, text, token) for token, log in enumerate(logs)]
        pool.sort(key=lambda one: -one[0])
        pool = [
            (mass, cat([text, text.new_tensor([token])])) for mass, text, token in pool[: 2 * beams]
        ]
        over += [(m / length**alpha, t) for m, t in pool[:beams] if t[-1] == eos]
        live = [(m, t) for m, t in pool if eos is None or t[-1] != eos][:beams]
        if length == new:
            over += [(m / new**alpha, t) for m, t in live]
        if len(over) >= beams:
            break
    score, text = max(over, key=lambda one: one[0])
    return text, torch.tensor(score, dtype=torch.float32, device=ids.device)


@beam_search.variant
def with_topk(model, ids, new, beams, eos=None, alpha=1.0):
    """topk in place of sorting; the best finished text is remembered, not all of them."""
    if ids.numel() < 1 or new <= 0 or beams <= 0:
        raise ValueError("give it something to do")
    texts, mass = ids[None, :], torch.zeros(1, 1, device=ids.device)
    best, found = (None, -torch.inf), 0
    with torch.inference_mode():
        for length in range(1, new + 1):
            logs = torch.log_softmax(model(texts)[:, -1, :], dim=-1)
            vocab = logs.shape[-1]
            totals = (mass + logs).reshape(-1)
            values, places = totals.topk(min(2 * beams, len(totals)))
            grown = cat([texts[places // vocab], (places % vocab)[:, None]], 1)
            ended = grown[:, -1] == (-1 if eos is None else eos)
            for rank in range(len(values)):
                last = length == new and not ended[rank]
                if (ended[rank] and rank < beams) or last:
                    found += 1
                    score = values[rank] / length**alpha
                    if score > best[1]:
                        best = (grown[rank], score)
            if found >= beams:
                break
            texts, mass = grown[~ended][:beams], values[~ended][:beams, None]
    return best[0].clone(), best[1].clone()
