"""Prompts: a task told by examples, in a text that ends where the answer begins.

Brown et al. 2020 (GPT-3), section 2, https://arxiv.org/abs/2005.14165
"""

from collections.abc import Callable, Sequence


def build_prompt(
    instruction: str, examples: Sequence[tuple[str, str]], query: str, template: str
) -> str:
    """Write a prompt: the instruction, the solved examples, and the query without its label.

    `template` says how one example is written, such as "Text: {text}\\nLabel: {label}". It holds
    {text} once and, after it, {label} once. Each example is a pair (text, label); both are put in
    as they are, with all their spaces, and braces in them mean nothing. The query is put into the
    same template, which for it ends before {label} and before any whitespace there: "...\\nLabel:".

    The parts come in the order given, with one empty line between them. An instruction that is
    empty is left out.

    Raises ValueError for any other template, and when the text of an example is the query.
    """
    before, _, rest = template.partition("{text}")
    between, _, after = rest.partition("{label}")
    if [template.count("{text}"), rest.count("{label}"), before.count("{label}")] != [1, 1, 0]:
        raise ValueError(f"a template holds {{text}} and then {{label}}, once each: {template!r}")
    if query in [text for text, _ in examples]:
        raise ValueError(f"the query {query!r} is among the examples, with its label: take it out")
    shown = [before + text + between + label + after for text, label in examples]
    asked = before + query + between.rstrip()
    return "\n\n".join([*([instruction] if instruction else []), *shown, asked])


def fit_budget(
    instruction: str,
    examples: Sequence[tuple[str, str]],
    query: str,
    template: str,
    encode: Callable[[str], list[int]],
    max_tokens: int,
    reserve: int,
) -> list[tuple[str, str]]:
    """Return the examples that a prompt has room for: the first ones are left out until it fits.

    A prompt fits if its tokens, and `reserve` more for the completion, are at most `max_tokens`.
    What counts is the whole text that `build_prompt` writes, as `encode` (text to ids) cuts it.
    Examples stay whole and in their order. The instruction and the query are never cut.

    Raises ValueError when even the prompt without examples does not fit, and as `build_prompt`.
    """
    for first in range(len(examples) + 1):
        kept = list(examples[first:])
        tokens = len(encode(build_prompt(instruction, kept, query, template)))
        if tokens + reserve <= max_tokens:
            return kept
    raise ValueError(
        f"without any examples the prompt has {tokens} tokens, and {reserve} are reserved, but "
        f"max_tokens={max_tokens}: shorten the instruction or the query, or reserve less"
    )
