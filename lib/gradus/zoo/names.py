"""Names of weights: from those that a family was published with to ours.

A map of names has lines like `"h.*.attn.c_proj": "blocks.*.attention.out"`. A star stands for a
number. A line for a layer holds for its weight and its bias; a line may also name one parameter.
"""

import re
from collections.abc import Iterable, Mapping

from torch import nn

# What TensorFlow calls the two numbers of a LayerNorm; some published files kept it.
LEAVES = {"gamma": "weight", "beta": "bias"}
TABLES = {"tokens", "positions", "types", "relative"}


def pattern(starred: str) -> str:
    """Return the regular expression of a name with stars: each is a group of digits."""
    return re.escape(starred).replace(r"\*", r"(\d+)")


def matches(name: str, starred: Iterable[str]) -> bool:
    """Tell whether a name is one of several with stars; a star at the end stands for any rest."""
    rest = [re.sub(r"\(\\d\+\)$", ".*", pattern(one)) for one in starred]
    return any(re.fullmatch(one, name) for one in rest)


def our_name(name: str, names: Mapping[str, str]) -> str | None:
    """Return the name that a published name has with us, None when no line of `names` fits it."""
    for published, ours in names.items():
        found = re.fullmatch(pattern(published) + r"(?:\.(weight|bias|gamma|beta))?", name)
        if found:
            *numbers, leaf = found.groups()
            for number in numbers:
                ours = ours.replace("*", number, 1)
            return f"{ours}.{LEAVES.get(leaf, leaf)}" if leaf else ours
    return None


def counterparts(
    ours: nn.Module, published: nn.Module, names: Mapping[str, str], prefix: str = ""
) -> dict[str, str]:
    """Pair the layers of two models of one family: the `pairs` of `first_divergence`.

    `names` is the family's map, `prefix` stands before the names of the published model. Left out
    are layers that one of the two does not have (a fused projection, say), and tables: ours may
    scale what they look up, or add it to the stream at once.
    """
    mine = dict(ours.named_modules(remove_duplicate=False))
    found = {}
    for name, _ in published.named_modules():
        own = our_name(name.removeprefix(prefix), names)
        if own is not None and own in mine and own.rpartition(".")[2] not in TABLES:
            found[own] = name
    return found
