"""fit_budget with its parts in the open: what goes wrong is one of them, turned."""

from gradus.prompt import build_prompt


def whole(instruction, examples, query, template, encode):
    """Tokens of the whole prompt."""
    return len(encode(build_prompt(instruction, examples, query, template)))


def fit(
    instruction,
    examples,
    query,
    template,
    encode,
    room,
    count=whole,
    drop=lambda kept: kept[1:],
):
    """Leave examples out until the prompt fits, with its screws in the open."""
    kept = list(examples)
    while count(instruction, kept, query, template, encode) > room:
        if not kept:
            raise ValueError("the prompt does not fit")
        kept = drop(kept)
    return kept
