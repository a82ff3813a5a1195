"""build_prompt with its parts in the open: what goes wrong is one of them, turned."""

from gradus.prompt import build_prompt as right


def checked(examples, query, template):
    """Refuse what the reference refuses; return the three parts of the template."""
    right("", examples, query, template)
    before, _, rest = template.partition("{text}")
    between, _, after = rest.partition("{label}")
    return before, between, after


def write(instruction, examples, query, template, cut=str.rstrip, join="\n\n", last="", end=""):
    """Write a prompt with its screws in the open."""
    before, between, after = checked(examples, query, template)
    shown = [before + text + between + label + after for text, label in examples]
    asked = before + query + cut(between) + last
    return join.join([*([instruction] if instruction else []), *shown, asked]) + end


def write_unchecked(instruction, examples, query, template):
    """As the reference, for any query."""
    checked([], query, template)
    marked = [(f"\0{text}", label) for text, label in examples]
    return right(instruction, marked, query, template).replace("\0", "")
