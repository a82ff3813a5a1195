"""Choosing among labels: how probable a model finds each of them after a prompt.

Calibration: Zhao et al. 2021, "Calibrate Before Use", https://arxiv.org/abs/2102.09690
"""

import math
from collections.abc import Callable, Sequence
from itertools import takewhile

import torch
from jaxtyping import Float
from torch import Tensor, nn

from gradus.probability import gather_log_probs


def score_labels(
    model: nn.Module,
    encode: Callable[[str], list[int]],
    prompt: str,
    labels: Sequence[str],
    device: torch.device | None = None,
) -> Float[Tensor, " label"]:
    """Return a score for every label: the mean log-probability of its tokens after the prompt.

    For each label the text is the prompt, one space, and the label; `encode` turns this whole text
    into ids. The label's tokens are those from the first on that differs from the tokens of the
    prompt alone. Each is scored by the model given all tokens before it, over the whole vocabulary.
    The mean makes labels of different lengths comparable; the prompt's own tokens have no part in
    it.

    `model(ids)` gives logits (batch, seq, vocab) from ids (batch, seq); `device` is where it lives.
    No gradient is kept. Raises ValueError when there are no labels, when a label is empty, and when
    a label shares no token with the prompt, so that nothing stands before it.
    """
    if not labels or "" in labels:
        raise ValueError(f"there must be labels to score, none of them empty: {list(labels)}")
    asked = encode(prompt)
    scores = []
    for label in labels:
        ids = encode(f"{prompt} {label}")
        both = zip(asked, ids, strict=False)
        start = sum(1 for _ in takewhile(lambda pair: pair[0] == pair[1], both))
        if start == 0:
            raise ValueError(f"no token of the prompt {prompt!r} stands before the label {label!r}")
        text = torch.tensor(ids, device=device)
        with torch.no_grad():
            logits = model(text.unsqueeze(0))[0]
        # What the model says after a token is about the token that follows.
        scores.append(gather_log_probs(logits[start - 1 : -1], text[start:]).mean())
    return torch.stack(scores)


def calibrate(
    scores: Float[Tensor, "*query label"], free: Float[Tensor, "prompt label"]
) -> Float[Tensor, "*query label"]:
    """Return probabilities of the labels from which the prompt's own preference is taken out.

    `scores` are logarithms, as `score_labels` gives them; their softmax over the labels gives
    probabilities. `free` holds the scores of the same labels after content-free prompts: the same
    instruction and examples, but a query that says nothing, such as "N/A". Their softmaxes,
    averaged over these prompts, are the preference. The probabilities are divided by it, label by
    label, and then scaled to sum to 1 over the labels again. It stays exact where probabilities are
    too small for a float.

    Raises ValueError when `free` has no prompts, or another number of labels than `scores`.
    """
    if free.shape[0] == 0 or free.shape[-1] != scores.shape[-1]:
        raise ValueError(
            f"free has shape {tuple(free.shape)}: it needs at least one prompt, and as many labels "
            f"as scores, {scores.shape[-1]}"
        )
    preference = free.log_softmax(dim=-1).logsumexp(dim=0) - math.log(free.shape[0])
    # A quotient of probabilities is a difference of logarithms; the softmax makes the sum 1.
    return (scores.log_softmax(dim=-1) - preference).softmax(dim=-1)
