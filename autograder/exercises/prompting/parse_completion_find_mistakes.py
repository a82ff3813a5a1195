"""What goes wrong in parse_completion when the label is looked for."""

import re

from autograder.exercises.prompting.parse_completion import parse_completion
from autograder.exercises.prompting.parse_completion_steps import (
    by_start,
    parse,
)
from gradus.completion import parse_completion as right


@parse_completion.mistake("The text is not cut at a stop.", "What does your code do with `stop`?")
def no_stop(text, labels, prompt="", stop=("\n",)):
    return parse(text, labels, prompt, stop, cut=lambda text, stop: text)


@parse_completion.mistake(
    "It always stops at a new line, whatever `stop` says.", "What does your code do with `stop`?"
)
def new_line_only(text, labels, prompt="", stop=("\n",)):
    return parse(text, labels, prompt, stop, cut=lambda text, stop: text.partition("\n")[0])


@parse_completion.mistake(
    "Only the stop that is named first counts.", "Which of the stops begins first in the text?"
)
def one_stop(text, labels, prompt="", stop=("\n",)):
    def cut(text, stop):
        here = [end for end in stop if end in text]
        return text.partition(here[0])[0] if here else text

    return parse(text, labels, prompt, stop, cut=cut)


@parse_completion.mistake(
    "A stop is taken for a set of characters: each of them ends the answer.",
    "Is '<end>' one stop, or five?",
)
def stop_letters(text, labels, prompt="", stop=("\n",)):
    def cut(text, stop):
        places = [text.index(letter) for letter in set("".join(stop)) if letter in text]
        return text[: min(places)] if places else text

    return parse(text, labels, prompt, stop, cut=cut)


@parse_completion.mistake(
    "The text is cut at the last place of a stop, not the first.",
    "How many new lines may follow the answer?",
)
def last_stop(text, labels, prompt="", stop=("\n",)):
    def cut(text, stop):
        for end in stop:
            text = text.rpartition(end)[0] if end in text else text
        return text

    return parse(text, labels, prompt, stop, cut=cut)


@parse_completion.mistake(
    "It looks for the stop before the whitespace at the start is off: a new line there ends all.",
    "A text begins with two new lines. What comes before the first one?",
)
def stop_first(text, labels, prompt="", stop=("\n",)):
    return parse(text, labels, prompt, stop, ahead=str)


@parse_completion.mistake(
    "Quotation marks and asterisks are left on: '**positive**' is not found.",
    "What does the answer begin with?",
)
def marks_left(text, labels, prompt="", stop=("\n",)):
    return parse(text, labels, prompt, stop, bare=str)


@parse_completion.mistake(
    "Brackets and all other marks at the start are taken off too.",
    "Which marks does the docstring name?",
)
def all_marks(text, labels, prompt="", stop=("\n",)):
    return parse(text, labels, prompt, stop, bare=lambda text: re.sub(r"^[\W_]+", "", text))


@parse_completion.mistake(
    "It breaks on an empty answer.", "What is the first character, or word, of a text without any?"
)
def breaks_on_empty(text, labels, prompt="", stop=("\n",)):
    def find(answer, labels):
        answer[0]
        return by_start(answer, labels)

    return parse(text, labels, prompt, stop, find=find)


@parse_completion.mistake(
    "Where no label is found, the first one is returned as a guess.",
    "How could anybody tell that the model did not answer?",
)
def guesses(text, labels, prompt="", stop=("\n",)):
    found = right(text, labels, prompt, stop)
    return labels[0] if found is None and labels else found


@parse_completion.mistake(
    "Where no label is found, the bare text is returned, not None.",
    "What does the docstring return then?",
)
def returns_text(text, labels, prompt="", stop=("\n",)):
    found = right(text, labels, prompt, stop)
    return text.strip() if found is None else found


@parse_completion.mistake(
    "Where no label is found, '' is returned, not None.", "What does the docstring return then?"
)
def returns_empty(text, labels, prompt="", stop=("\n",)):
    return right(text, labels, prompt, stop) or ""


@parse_completion.mistake(
    "Empty labels and stops are not refused.", "Where in 'hello' does '' stand?"
)
def refuses_nothing(text, labels, prompt="", stop=("\n",)):
    if "" in stop:
        return None
    return right(text, [label for label in labels if label], prompt, stop)


@parse_completion.mistake(
    "The label that is named most often is taken.", "Where does the answer stand in the text?"
)
def most_often(text, labels, prompt="", stop=("\n",)):
    def find(answer, labels):
        counts = {label: answer.lower().count(label.lower()) for label in labels}
        best = max(counts, key=counts.get, default=None)
        return best if counts.get(best) else None

    return parse(text, labels, prompt, stop, find=find)
