"""Right answers to generate, written otherwise."""

import torch
from torch import cat, full

from autograder.exercises.sampling.generate import generate
from gradus import generation
from gradus.cache import KVCache


def _check(ids, padding, temperature, context):
    if ids.size(1) == 0 or (padding is not None and not bool(padding[:, -1].all())):
        raise ValueError("texts must begin somewhere, and end in a token")
    if temperature < 0 or (context is not None and context <= 0):
        raise ValueError("temperature or context")


@generate.variant
@torch.no_grad()
def into_a_table(
    model, ids, new, padding=None, eos=None, temperature=1.0, keep=None, context=None,
    cached=True, generator=None, penalty=1.0,
):  # fmt: skip
    """A table of the full size fills up, and is cut where all texts have ended."""
    _check(ids, padding, temperature, context)
    batch, seq = ids.shape
    mode, limit = model.training, context or seq + new
    model.eval()
    text = cat([ids, full((batch, new), eos or 0, device=ids.device)], 1)
    real = torch.ones_like(text, dtype=torch.bool)
    if padding is not None:
        real[:, :seq] = padding
    ended = torch.zeros(batch, dtype=torch.bool, device=ids.device)
    caches, start, end = None, 0, seq
    for end in range(seq, seq + new + 1):
        if end == seq + new or bool(ended.all()):
            break
        first = max(0, end - limit)
        seen = None if padding is None else real[:, first:end]
        if not cached:
            window = text[:, first:end]
            logits = model(window) if seen is None else model(window, seen)
        else:
            if caches is None or first:
                caches, start = [KVCache() for _ in range(len(model.blocks))], first
            logits = model(text[:, start:end], seen, caches)
            start = end
        scores = generation.repetition_penalty(logits[:, -1], text[:, :end], penalty, real[:, :end])
        if temperature:
            scores = scores / temperature
        scores = scores if keep is None else keep(scores)
        if temperature:
            drawn = torch.multinomial(scores.softmax(-1), 1, generator=generator)[:, 0]
        else:
            drawn = scores.argmax(-1)
        if eos is not None:
            drawn = torch.where(ended, eos, drawn)
            ended |= drawn == eos
        text[:, end] = drawn
    model.train(mode)
    return text[:, :end]


@generate.variant
def with_a_list(
    model, ids, new, padding=None, eos=None, temperature=1.0, keep=None, context=None,
    cached=True, generator=None, penalty=1.0,
):  # fmt: skip
    """Tokens are collected in a list; caches are used only as long as nothing has to move."""
    _check(ids, padding, temperature, context)
    was = model.training
    model.train(False)
    tokens, done = list(ids.unbind(1)), torch.zeros(len(ids), device=ids.device).bool()
    masks = None if padding is None else list(padding.unbind(1))
    caches = [KVCache() for _ in model.blocks] if cached else None
    unread = len(tokens)
    with torch.inference_mode():
        for _ in range(new):
            size = min(context or len(tokens), len(tokens))
            fits = size == len(tokens)
            seen = None if masks is None else torch.stack(masks[-size:], 1)
            if caches is not None and fits:
                logits = model(torch.stack(tokens[-unread:], 1), seen, caches)
            elif cached:
                fresh = [KVCache() for _ in model.blocks]
                logits = model(torch.stack(tokens[-size:], 1), seen, fresh)
            else:
                asked = [torch.stack(tokens[-size:], 1)] + ([] if seen is None else [seen])
                logits = model(*asked)
            unread, logits = 1, logits[:, -1]
            real = None if masks is None else torch.stack(masks, 1)
            logits = generation.repetition_penalty(logits, torch.stack(tokens, 1), penalty, real)
            if temperature > 0:
                logits = generation.apply_temperature(logits, temperature)
            if keep:
                logits = keep(logits)
            token = generation.sample(logits, generator) if temperature else logits.argmax(-1)
            tokens.append(token if eos is None else token * ~done + eos * done)
            if eos is not None:
                done = done | (tokens[-1] == eos)
            if masks is not None:
                masks.append(torch.ones_like(masks[0]))
            if done.all():
                break
    model.train(was)
    return torch.stack(tokens, 1).clone()
