"""parse_completion with its parts in the open: what goes wrong is one of them, turned."""

from gradus.completion import parse_completion as right

MARKS = " \n\t\"'*"


def by_start(answer, labels):
    """The longest label that the answer begins with, as a whole word."""
    found = []
    for label in labels:
        behind = answer[len(label) : len(label) + 1]
        if answer.lower().startswith(label.lower()) and not behind.isalnum():
            found.append(label)
    return max(found, key=len, default=None)


def cut_at_first(text, stop):
    """The text up to the first stop."""
    for end in stop:
        text = text.partition(end)[0]
    return text


def parse(
    text,
    labels,
    prompt="",
    stop=("\n",),
    unecho=str.removeprefix,
    ahead=str.lstrip,
    cut=cut_at_first,
    bare=lambda text: text.lstrip(MARKS),
    find=by_start,
):
    """Parse with every screw in the open."""
    right("", labels, prompt, stop)
    return find(bare(cut(ahead(unecho(text, prompt)), stop)), labels)
