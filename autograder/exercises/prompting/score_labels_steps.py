"""score_labels with its parts in the open: what goes wrong is one of them, turned."""

from itertools import takewhile

import torch

from gradus.probability import gather_log_probs
from gradus.scoring import score_labels as right


def shared(asked, ids):
    """How many tokens both begin with."""
    both = zip(asked, ids, strict=False)
    return sum(1 for _ in takewhile(lambda pair: pair[0] == pair[1], both))


def together(encode, prompt, label):
    """The ids of the whole text, and where the label begins."""
    ids = encode(f"{prompt} {label}")
    return ids, shared(encode(prompt), ids)


def score(
    model,
    encode,
    prompt,
    labels,
    cut=together,
    measure=gather_log_probs,
    collect=torch.mean,
    shift=1,
    check=True,
):
    """Score the labels, with every screw in the open."""
    if check:
        right(model, encode, prompt, labels)
    scores = []
    for label in labels:
        ids, start = cut(encode, prompt, label)
        text = torch.tensor(ids)
        logits = model(text.unsqueeze(0))[0]
        scores.append(collect(measure(logits[start - shift : len(ids) - shift], text[start:])))
    return torch.stack(scores)
