"""span_corrupt in steps that can go wrong one by one."""

from itertools import groupby


def corrupt(ids, hidden, sentinel, end_id, step=-1, span=None, closes=True, ends=(1, 1)):
    """The right way, in which single parts can be changed.

    `span(number, tokens)` gives what one span becomes in the inputs and in the targets, and how
    many sentinels it used up.
    """
    inputs, targets, number = [], [], sentinel
    pairs = zip(ids.tolist(), hidden.tolist(), strict=True)
    for is_hidden, run in groupby(pairs, key=lambda pair: pair[1]):
        tokens = [token for token, _ in run]
        if is_hidden:
            here, there, used = (span or usual)(number, tokens)
            inputs += here
            targets += there
            number += step * used
        else:
            inputs += tokens
    check(ids, hidden, sentinel)
    targets += [number] * closes
    return ids.new_tensor(inputs + [end_id] * ends[0]), ids.new_tensor(targets + [end_id] * ends[1])


def check(ids, hidden, sentinel):
    """Refuse a text that holds a sentinel."""
    spans = sum(key for key, _ in groupby(hidden.tolist()))
    if any(sentinel - spans <= token <= sentinel for token in ids.tolist()):
        raise ValueError("a sentinel in the text")


def usual(number, tokens):
    """What a span becomes: in the inputs, in the targets, and the sentinels it uses up."""
    return [number], [number, *tokens], 1
