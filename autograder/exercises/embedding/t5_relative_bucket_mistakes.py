"""What goes wrong in t5_relative_bucket."""

import math
from functools import partial

import torch

from autograder.exercises.embedding.t5_relative_bucket import t5_relative_bucket


def _refuse(exact, max_distance):
    if not 0 < exact < max_distance:
        raise ValueError("no such buckets")


def _far(distance, exact, n, max_distance):
    growth = (distance.clamp(min=1) / exact).log() / math.log(max_distance / exact)
    return exact + (growth * (n - exact)).long()


def _bucket(
    relative,
    bidirectional=True,
    buckets=32,
    max_distance=128,
    *,
    n=None,
    start=None,
    distance=None,
    exact=None,
    near=torch.lt,
    far=_far,
    refuse=_refuse,
    last=None,
):
    """The right buckets; for mistakes, with one part of them made otherwise."""
    n = (buckets // 2 if bidirectional else buckets) if n is None else n
    if start is None:
        start = n * (relative > 0).long() if bidirectional else 0
    if distance is None:
        distance = relative.abs() if bidirectional else (-relative).clamp(min=0)
    exact = n // 2 if exact is None else exact(n)
    refuse(exact, max_distance)
    distant = far(distance, exact, n, max_distance).clamp(max=n - 1 if last is None else last(n))
    return start + torch.where(near(distance, exact), distance.long(), distant)


def _mistake(name, look, **parts):
    """Add the right buckets with some parts made otherwise."""
    t5_relative_bucket.mistake(name, look)(partial(_bucket, **parts))


@t5_relative_bucket.mistake(
    "Earlier and later keys are exchanged.", "Is a key before the query at a positive relative?"
)
def exchanged(relative, *args, **kwargs):
    return _bucket(-relative, *args, **kwargs)


@t5_relative_bucket.mistake(
    "Keys before and after the query share their buckets.",
    "Which buckets are for keys after the query?",
)
def shared(relative, bidirectional=True, *args, **kwargs):
    return _bucket(relative, bidirectional, *args, start=0, **kwargs)


@t5_relative_bucket.mistake(
    "The distance is made positive before its sign is asked, so no sign is left.",
    "Is anything below 0 after abs()?",
)
def sign_lost(relative, bidirectional=True, buckets=32, max_distance=128):
    start = buckets // 2 * (relative.abs() > 0).long() if bidirectional else None
    return _bucket(relative, bidirectional, buckets, max_distance, start=start)


@t5_relative_bucket.mistake(
    "The query itself counts as a later key.",
    "Is 0 above 0? Which bucket does a distance of 0 get?",
)
def zero_is_later(relative, bidirectional=True, buckets=32, max_distance=128):
    start = buckets // 2 * (relative >= 0).long() if bidirectional else None
    return _bucket(relative, bidirectional, buckets, max_distance, start=start)


@t5_relative_bucket.mistake(
    "The number of buckets is not halved for two directions, so they overlap or run over.",
    "How many buckets does each direction have?",
)
def not_halved(relative, bidirectional=True, buckets=32, max_distance=128):
    return _bucket(relative, bidirectional, buckets, max_distance, n=buckets)


@t5_relative_bucket.mistake(
    "There are two directions even when one is asked for.", "Where do you use bidirectional?"
)
def always_two(relative, bidirectional=True, buckets=32, max_distance=128):
    return _bucket(relative, True, buckets, max_distance)


@t5_relative_bucket.mistake(
    "There is one direction even when two are asked for.", "Where do you use bidirectional?"
)
def always_one(relative, bidirectional=True, buckets=32, max_distance=128):
    return _bucket(relative, False, buckets, max_distance)


@t5_relative_bucket.mistake(
    "One direction: later keys get the buckets of earlier ones, not bucket 0.",
    "Which distance do keys after the query count as, when only one direction is asked for?",
)
def later_mirrored(relative, bidirectional=True, *args, **kwargs):
    return _bucket(relative, bidirectional, *args, distance=relative.abs(), **kwargs)


@t5_relative_bucket.mistake(
    "One direction: only later keys are counted, and earlier ones get bucket 0.",
    "Whom does a decoder read: earlier keys, or later ones?",
)
def only_later(relative, bidirectional=True, *args, **kwargs):
    distance = None if bidirectional else relative.clamp(min=0)
    return _bucket(relative, bidirectional, *args, distance=distance, **kwargs)


@t5_relative_bucket.mistake(
    "The number of buckets is always 32.", "Which argument does your code never read?"
)
def always_32(relative, bidirectional=True, buckets=32, max_distance=128):
    _refuse(buckets // 4, max_distance)
    return _bucket(relative, bidirectional, 32, max_distance)


@t5_relative_bucket.mistake(
    "The distances always end at 128.", "Which argument does your code never read?"
)
def always_128(relative, bidirectional=True, buckets=32, max_distance=128):
    _refuse(buckets // 4, max_distance)
    return _bucket(relative, bidirectional, buckets, 128)


@t5_relative_bucket.mistake(
    "The result is not int64 for other whole numbers.", "Which dtype does the docstring promise?"
)
def same_dtype(relative, *args, **kwargs):
    return _bucket(relative, *args, **kwargs).to(relative.dtype)


@t5_relative_bucket.mistake(
    "The buckets are floats.", "What is needed to look something up in a table?"
)
def floats(relative, *args, **kwargs):
    return _bucket(relative, *args, **kwargs).float()


_mistake(
    "All buckets of a direction are exact: none is for a range of distances.",
    "Which distances are large enough to share a bucket?",
    near=lambda distance, exact: distance < 2 * exact,
)
_mistake(
    "Two more distances than there should be have a bucket each.",
    "Which is the largest distance below n // 2?",
    near=lambda distance, exact: distance <= exact + 1,
)
_mistake(
    "A quarter of the buckets is exact instead of half.",
    "With n buckets for a direction, which distances have one each?",
    exact=lambda n: n // 4,
)
_mistake(
    "The logarithm is of the distance itself, not of distance / (n // 2).",
    "Which bucket should the first far distance get?",
    far=lambda d, e, n, m: e + (d.clamp(min=1).log() / math.log(m / e) * (n - e)).long(),
)
_mistake(
    "The logarithm is divided by ln(max_distance), not by ln(max_distance / (n // 2)).",
    "Which bucket should distance max_distance reach?",
    far=lambda d, e, n, m: e + ((d.clamp(min=1) / e).log() / math.log(m) * (n - e)).long(),
)
_mistake(
    "The logarithm is not divided by anything.",
    "Which bucket should distance max_distance reach?",
    far=lambda d, e, n, m: e + ((d.clamp(min=1) / e).log() * (n - e)).long(),
)
_mistake(
    "The logarithm's share is multiplied by all n buckets, not by those that are left.",
    "How many buckets are left for far distances?",
    far=lambda d, e, n, m: e + ((d.clamp(min=1) / e).log() / math.log(m / e) * n).long(),
)
_mistake(
    "Far buckets begin at 0 again: n // 2 is not added.",
    "Which bucket should the first far distance get?",
    far=lambda d, e, n, m: _far(d, e, n, m) - e,
)
_mistake(
    "Far distances are shared out evenly, not by their logarithm.",
    "Do far buckets get wider and wider in your code?",
    far=lambda d, e, n, m: e + ((d - e) / (m - e) * (n - e)).long(),
)
_mistake(
    "The logarithm's share is rounded to the nearest, not down.",
    "What does the docstring do with what comes after the point?",
    far=lambda d, e, n, m: (
        e + ((d.clamp(min=1) / e).log() / math.log(m / e) * (n - e)).round().long()
    ),
)
_mistake(
    "The logarithm's share is rounded up.",
    "What does the docstring do with what comes after the point?",
    far=lambda d, e, n, m: (
        e + ((d.clamp(min=1) / e).log() / math.log(m / e) * (n - e)).ceil().long()
    ),
)
_mistake(
    "Very far distances run past the last bucket.",
    "How large is the largest bucket that there is?",
    last=lambda n: 10**6,
)
_mistake(
    "The last bucket of a direction is n; the next direction begins there.",
    "Counted from 0, which is the last of n buckets?",
    last=lambda n: n,
)
_mistake(
    "The last bucket of a direction is never used.",
    "Counted from 0, which is the last of n buckets?",
    last=lambda n: n - 2,
)
_mistake(
    "Buckets that cannot be are not refused.",
    "What becomes of the logarithm when max_distance is n // 2?",
    refuse=lambda exact, max_distance: None,
    far=lambda d, e, n, m: (
        _far(d, e, n, m) if 0 < e < m else torch.full_like(d, n - 1, dtype=torch.long)
    ),
)
