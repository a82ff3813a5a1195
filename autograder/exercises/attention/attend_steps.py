"""attend in steps that can go wrong one by one: score, weigh, read."""

NOTHING = float("-inf")


def score(q, k, scale=None):
    """Every query against every key, divided by `scale` (right where it is not given)."""
    return q @ k.mT / (q.shape[-1] ** 0.5 if scale is None else scale)


def weigh(scores, mask, fill=NOTHING, dim=-1, empty=0.0):
    """Weights as they should be, unless told otherwise; `empty` None leaves the softmax alone."""
    if mask is None:
        return scores.softmax(dim)
    weights = scores.masked_fill(~mask, fill).softmax(dim)
    return weights if empty is None else weights.masked_fill(~mask, empty)


def read(scores, v, mask):
    """Output and weights, given the scores."""
    weights = weigh(scores, mask)
    return weights @ v, weights
