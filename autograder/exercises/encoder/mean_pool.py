"""mean_pool: its cases and variants. Its mistakes are in a file of their own."""

import torch
from torch import Generator, einsum, inf, nan, randint, randn, stack, tensor

from autograder.exercise import ByHand, Exercise
from autograder.judge import Unmoved
from autograder.trial import Trial, ask
from gradus import pooling

mean_pool = Exercise(pooling.mean_pool)

PADDING = tensor([[1, 1, 1, 1, 0], [0, 1, 1, 1, 1], [1, 0, 1, 0, 0], [1, 1, 1, 1, 1]]).bool()


@mean_pool.case("a text of three tokens and one of padding, by hand")
def by_hand(rng: Generator) -> ByHand:
    x = tensor([[[1.0, 10], [3, 20], [8, 3], [50, 60]]])
    return ByHand(ask(x, tensor([[True, True, True, False]])), tensor([[4.0, 11]]))


@mean_pool.case("texts of many lengths, padded anywhere", 2)
def many_lengths(rng: Generator) -> list[Trial]:
    return [ask(randn(4, 5, 3, generator=rng), PADDING), ask(randn(1, 1, 3, generator=rng))]


@mean_pool.case(
    "padding has no say",
    judge=Unmoved(
        "Only the vectors of padding were changed, so the means must not move.",
        lambda output: output,
    ),
)
def padding_has_no_say(rng: Generator) -> list[Trial]:
    x = randn(4, 5, 3, generator=rng)
    return [ask(x.masked_fill(~PADDING[..., None], value), PADDING) for value in (0.0, 7.0)]


@mean_pool.case(
    "inf and nan at the padding", hint="What is 0 times infinity? And 0 times not-a-number?"
)
def wild_padding(rng: Generator) -> Trial:
    x = randn(4, 5, 3, generator=rng)
    x[0, 4], x[1, 0], x[2, 1] = inf, -inf, nan
    return ask(x, PADDING).with_gradients()


@mean_pool.case("a text without a real token", 0.5, hint="It gets zeros, and no 0 / 0.")
def empty(rng: Generator) -> Trial:
    padding = tensor([[False, False, False], [True, False, True]])
    return ask(randn(2, 3, 4, generator=rng), padding).with_gradients()


@mean_pool.case("no padding given", 0.5)
def not_given(rng: Generator) -> list[Trial]:
    return [ask(randn(4, 5, 3, generator=rng)), ask(randn(2, 5, 3, generator=rng), padding=None)]


@mean_pool.case("half precision", 0.5, hint="What comes out when half precision meets float32?")
def half(rng: Generator) -> Trial:
    return ask(randn(4, 5, 3, generator=rng).half(), PADDING)


@mean_pool.case("hidden sizes", hidden=True)
def hidden(rng: Generator) -> Trial:
    batch, seq, d_model = (2 + randint(5, (3,), generator=rng)).tolist()
    padding = randint(2, (batch, seq + 3), generator=rng).bool()
    padding[:, -2] = True
    return ask(randn(batch, seq + 3, d_model, generator=rng), padding).with_gradients()


@mean_pool.house_rules()
def typical(rng: Generator) -> Trial:
    return ask(randn(4, 5, 3, generator=rng), PADDING)


@mean_pool.variant
def with_where(x, padding=None):
    if padding is None:
        padding = torch.ones(x.shape[:2], dtype=torch.bool, device=x.device)
    real = torch.where(padding[..., None], x, torch.zeros_like(x))
    count = torch.clamp(padding[..., None].sum(1), min=1)
    return real.sum(1) / count


@mean_pool.variant
def with_einsum(x, padding=None):
    if padding is None:
        return x.sum(-2) / x.shape[-2]
    shares = padding.to(x.dtype)
    shares = shares / shares.sum(1, keepdim=True).clamp_min(1e-9)
    return einsum("bsd,bs->bd", x.masked_fill(~padding[:, :, None], 0), shares)


@mean_pool.variant
def text_by_text(x, padding=None):
    if x.is_meta or padding is None:
        return x.mean(1)
    means = [
        row[real].mean(0) if real.any() else 0 * row.nan_to_num(0, 0, 0).sum(0)
        for row, real in zip(x, padding, strict=True)
    ]
    return stack(means)
