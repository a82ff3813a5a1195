"""The parts of three patients as they were found. Each runs without an error, and each is wrong."""

# Learners copy these functions, so they are as bare as code that one finds.
# mypy: allow-untyped-defs

import torch

from gradus.probability import cross_entropy


def window_mask(query, key, window):
    """Say which keys each query may read, where `window` of them are enough."""
    place = torch.arange(key - query, key)  # the queries are the last ones
    distance = place[:, None] - torch.arange(key)
    return distance.abs() < window


def token_vectors(ids, words, places, caches=None):
    """Turn the new tokens of each text into the vectors that the first block reads."""
    past = len(caches[0]) if caches else 0
    seq = ids.shape[1]
    if past + seq > len(places):
        raise ValueError(f"{past + seq} positions are asked for; there are {len(places)}")
    return words[ids] + places[:seq]


def window_loss(model, data, starts, seq):
    """Measure a model on the windows of a text that begin at `starts`."""
    places = starts[:, None] + torch.arange(seq, device=data.device)
    x, y = data[places], data[places + 1]
    logits = model(x)
    return cross_entropy(logits[:, :-1], y[:, 1:])
