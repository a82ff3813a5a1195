"""Documents that keep all rules of Gopher but one, and how to tell which."""

from typing import Any

from autograder.exercises.project.tellings import Tellings

# Sixty words of prose that keeps all rules: what each document here is made from.
PROSE = (
    "The road to the old mill was long and we had to be there before noon. Nobody knew that the "
    "bridge had gone in spring. Then rain began, so everybody ran down with the bags of corn, and "
    "two boys who have good boots went across first. All of this was told later in many ways, but "
    "nobody forgot that bridge"
)
WORDS = PROSE.split()
PLAIN = [word for word in WORDS if word.isalpha()]


def rules(got: Any, expected: Any) -> str | None:
    """Say which rule should or should not have been broken."""
    if not isinstance(got, list | tuple) or len(got) != 2:
        return None
    keep, broken = got
    if not isinstance(broken, list | tuple) or not all(isinstance(name, str) for name in broken):
        return f"the rules broken come as a list of names, not as a {type(broken).__name__}."
    for name in {**dict.fromkeys(expected[1]), **dict.fromkeys(broken)}:
        if name in expected[1] and name not in broken:
            return f"the rule {name!r} is broken here, and is not among those returned."
        if name in broken and name not in expected[1]:
            return f"the rule {name!r} is kept here, and was returned as broken."
    if list(broken) != list(expected[1]):
        return f"each rule once, in the order of the list: {expected[1]}, not {list(broken)}."
    if keep is not expected[0]:
        return f"whether it is kept: expected {expected[0]}, got {keep!r}."
    return None


def judge(*tellings: str) -> Tellings:
    """Name what is in the document."""
    return Tellings(tellings, rules)


def of(words: int, *others: str) -> str:
    """Words of prose, as many as asked, of which the last ones are given."""
    return " ".join([*(PLAIN * 5)[: words - len(others)], *others])


def lined(*lines: str) -> str:
    """Lines one under the other."""
    return "\n".join(lines)
