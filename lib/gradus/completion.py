"""Reading a completion: which of the labels did the model write, if any?"""

from collections.abc import Sequence


def parse_completion(
    text: str, labels: Sequence[str], prompt: str = "", stop: Sequence[str] = ("\n",)
) -> str | None:
    """Return the label with which a model's text begins, as it is spelled in `labels`, or None.

    1. If the text begins with `prompt`, that is an echo: take it off.
    2. Take off whitespace at the start. Then cut the text at the first place where any of the
       strings in `stop` begins.
    3. Take off whitespace, quotation marks and asterisks at the start: " \\n\\t\\"'*".
    4. A label is found if what is left begins with it, whether in capitals or not, and no letter
       or digit follows it at once. Of several that are found, the longest counts.

    Raises ValueError for an empty label or an empty stop: they would be found everywhere.
    """
    if "" in labels or "" in stop:
        raise ValueError(
            f"no label and no stop may be empty: labels {list(labels)}, stop {list(stop)}"
        )
    answer = text.removeprefix(prompt).lstrip()
    for end in stop:
        answer = answer.partition(end)[0]
    answer = answer.lstrip(" \n\t\"'*").lower()
    found = []
    for label in labels:
        start, after = answer[: len(label)], answer[len(label) : len(label) + 1]
        if start == label.lower() and not after.isalnum():
            found.append(label)
    return max(found, key=len, default=None)
