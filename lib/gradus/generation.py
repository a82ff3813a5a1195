"""Generation: a decoder writes on, one token at a time, reading its own words back."""

from collections.abc import Callable

import torch
from jaxtyping import Bool, Float, Int
from torch import Tensor, nn

from gradus.cache import KVCache
from gradus.penalty import repetition_penalty
from gradus.sampling import apply_temperature, greedy, sample


def generate(
    model: nn.Module,
    ids: Int[Tensor, "batch seq"],
    new: int,
    padding: Bool[Tensor, "batch seq"] | None = None,
    eos: int | None = None,
    temperature: float = 1.0,
    keep: Callable[[Float[Tensor, "batch vocab"]], Float[Tensor, "batch vocab"]] | None = None,
    context: int | None = None,
    cached: bool = True,
    generator: torch.Generator | None = None,
    penalty: float = 1.0,
) -> Int[Tensor, "batch position"]:
    """Let a model write on after each text of a batch, up to `new` tokens.

    `padding` is True at the real tokens; padding must be on the left, so that every text ends where
    the new tokens begin. For each new token, the logits of the last position go through:

    1. `repetition_penalty` by `penalty`, for all tokens of the text so far, prompt included.
    2. `apply_temperature`.
    3. `keep`, if given: it may lower the logits of tokens that shall not come to -inf.
    4. `sample`, with `generator`. With temperature 0, `greedy` in place of steps 2 and 4.

    A text that writes the token `eos` is finished, and is filled up with eos; an eos in the prompt
    finishes nothing. When all texts are finished, generation ends. No more than the last `context`
    tokens are read (None: all of them). With `cached`, the model is called as
    `model(ids, padding, caches)`, with one new `KVCache` for each of `model.blocks`, and reads each
    token once; when the text outgrows the context, every position moves, and new caches are needed.
    Otherwise it reads the whole text for every token, as `model(ids, padding)`, or `model(ids)`
    where there is no padding. `padding` then covers all tokens that are read, those in the caches
    included. The model works in eval mode and without gradients, and is left in the mode it came
    in. The given ids stay as they are.

    Returns the texts with what was written: shape (batch, seq + new), or shorter if all are
    finished. Raises ValueError when there is no token to begin with, when a text ends in padding,
    when temperature is negative, or when context is less than 1.
    """
    if not ids.shape[-1]:
        raise ValueError("there is no token to begin with: give each text at least one")
    if padding is not None and not padding[:, -1].all():
        raise ValueError("a text ends in padding: put the padding on the left")
    if temperature < 0:
        raise ValueError(f"temperature={temperature} is negative: 0 takes the likeliest token")
    if context is not None and context < 1:
        raise ValueError(f"context={context} reads nothing: make it at least 1, or None")
    was_training = model.training
    model.eval()
    text, real = ids, padding
    finished = torch.zeros_like(ids[:, 0], dtype=torch.bool)
    read = 0  # tokens that the caches hold already
    with torch.no_grad():
        for step in range(new):
            seq = text.shape[-1]
            first = 0 if context is None else max(0, seq - context)
            seen = None if real is None else real[:, first:]
            if cached:
                if step == 0 or first > 0:
                    caches = [KVCache() for _ in model.blocks]  # type: ignore[union-attr]
                    read = first
                logits = model(text[:, read:], seen, caches)[:, -1]
                read = seq
            elif seen is None:
                logits = model(text[:, first:])[:, -1]
            else:
                logits = model(text[:, first:], seen)[:, -1]
            if penalty != 1:
                logits = repetition_penalty(logits, text, penalty, real)
            if temperature > 0:
                logits = apply_temperature(logits, temperature)
            if keep is not None:
                logits = keep(logits)
            token = sample(logits, generator) if temperature > 0 else greedy(logits)
            if eos is not None:
                token = token.masked_fill(finished, eos)
                finished = finished | (token == eos)
            text = torch.cat([text, token.unsqueeze(-1)], dim=-1)
            if real is not None:
                real = torch.cat([real, torch.ones_like(real[:, :1])], dim=-1)
            if finished.all():
                break
    model.train(was_training)
    return text
