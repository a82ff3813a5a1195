"""attend: scaled dot-product attention. Its mistakes and variants are in files of their own."""

import math

from torch import Generator, nn, rand, randn, randperm, tensor
from torch.nn import functional as F

from autograder.exercise import ByHand, Exercise
from autograder.judge import Unmoved
from autograder.trial import Trial, ask
from gradus import attention

attend = Exercise(
    attention.attend,
    instead_of=[F.scaled_dot_product_attention, nn.MultiheadAttention],
    returns=("the output", "the weights"),
)


def _inputs(rng, batch, query, key, d_head, d_value):
    """Queries, keys and values of unit scale.

    Where the scale matters d_head is 5, and no other size has the root 2: int(5 ** 0.5) shows.
    """
    return (
        randn(*batch, query, d_head, generator=rng),
        randn(*batch, key, d_head, generator=rng),
        randn(*batch, key, d_value, generator=rng),
    )


@attend.case(
    "one query, two keys, by hand", hint="The scores are ln 3 and 0: the weights are 3 : 1."
)
def two_keys(rng: Generator) -> ByHand:
    q = tensor([[2.0, 0, 0, 0]])  # d_head is 4, so the scores are halved
    k = tensor([[math.log(3), 1, 0, 0], [0, 0, 2, 0]])
    v = tensor([[4.0, 0], [0, 8]])
    return ByHand(ask(q, k, v), (tensor([[3.0, 2]]), tensor([[0.75, 0.25]])))


@attend.case(
    "a hidden key has no say",
    2,
    judge=Unmoved(
        "Query 0 may read keys 0 and 1 only, so changing key 3 must not change its output.",
        lambda output: output[0][..., 0, :],
    ),
)
def hidden_key(rng: Generator) -> list[Trial]:
    q, k, v = _inputs(rng, (2, 3), 5, 5, 4, 6)
    mask = rand(5, 5, generator=rng) < 0.5
    mask[:, 0] = True
    mask[0] = tensor([True, True, False, False, False])
    other_k, other_v = k.clone(), v.clone()
    other_k[..., 3, :] += 3
    other_v[..., 3, :] = 1e6
    return [ask(q, k, v, mask), ask(q, other_k, other_v, mask)]


@attend.case(
    "a query that may read nothing",
    hint="The docstring defines what it gets; it teaches nothing, so gradients stay numbers.",
)
def nothing_to_read(rng: Generator) -> Trial:
    mask = rand(2, 1, 8, 7, generator=rng) < 0.6
    mask[..., 0] = True
    mask[1, 0, 2] = False
    return ask(*_inputs(rng, (2, 3), 8, 7, 5, 6), mask).with_gradients()


@attend.case("scores in the thousands")
def large_scores(rng: Generator) -> Trial:
    q, k, v = _inputs(rng, (2, 3), 8, 7, 5, 6)
    return ask(60 * q, 60 * k, v)


@attend.case(
    "half precision",
    0.5,
    hint="The largest number of float16 is 65504; its softmax is fine without any larger one.",
)
def half_precision(rng: Generator) -> Trial:
    # One mask for all queries of a text: padding behind the first, before the second.
    mask = tensor([[1, 1, 1, 1, 0, 0, 0], [0, 0, 1, 1, 1, 1, 1]]).bool()[:, None, None]
    return ask(*(t.half() for t in _inputs(rng, (2, 3), 8, 7, 5, 6)), mask)


@attend.case("hidden inputs", hidden=True)
def any_inputs(rng: Generator) -> Trial:
    # All different, and no square: no mistake is right by luck.
    sizes = tensor([2, 3, 5, 6, 7])[randperm(5, generator=rng)]
    batch, query, key, d_head, d_value = sizes.tolist()
    mask = rand(batch, query, key, generator=rng) < 0.6
    mask[..., 0] = True  # a query that may read nothing is a case of its own
    return ask(*_inputs(rng, (batch,), query, key, d_head, d_value), mask).with_gradients()


@attend.house_rules()
def typical(rng: Generator) -> Trial:
    mask = rand(2, 1, 8, 7, generator=rng) < 0.6
    mask[..., 0] = True
    return ask(*_inputs(rng, (2, 3), 8, 7, 5, 6), mask=mask)
