"""What goes wrong in parse_completion."""

import re

from autograder.exercises.prompting.parse_completion import parse_completion
from autograder.exercises.prompting.parse_completion_steps import (
    by_start,
    parse,
)
from gradus.completion import parse_completion as right


@parse_completion.mistake(
    "The echo of the prompt is left in, and searched with the answer.",
    "What does the text begin with when a program returns the prompt as well?",
)
def echo_left(text, labels, prompt="", stop=("\n",)):
    return parse(text, labels, prompt, stop, unecho=lambda text, prompt: text)


@parse_completion.mistake(
    "The prompt's length is cut off whether the text begins with the prompt or not.",
    "Does the text always begin with the prompt?",
)
def always_cut(text, labels, prompt="", stop=("\n",)):
    return parse(text, labels, prompt, stop, unecho=lambda text, prompt: text[len(prompt) :])


@parse_completion.mistake(
    "Everything up to the last repetition of the prompt is taken off.",
    "If the model goes on with the same question once more, whose answer comes last?",
)
def last_echo(text, labels, prompt="", stop=("\n",)):
    def unecho(text, prompt):
        return text.rpartition(prompt)[2] if prompt else text

    return parse(text, labels, prompt, stop, unecho=unecho)


@parse_completion.mistake(
    "lstrip(prompt) takes off letters, not the prompt.",
    "What does 'negative'.lstrip('gen') give?",
)
def strips_letters(text, labels, prompt="", stop=("\n",)):
    return parse(text, labels, prompt, stop, unecho=lambda text, prompt: text.lstrip(prompt))


@parse_completion.mistake(
    "A label is found anywhere in the answer, even after 'not'.",
    "Which label does 'not positive' name?",
)
def anywhere(text, labels, prompt="", stop=("\n",)):
    def find(answer, labels):
        places = [(answer.lower().find(label.lower()), -len(label), label) for label in labels]
        return min((p for p in places if p[0] >= 0), default=(0, 0, None))[2]

    return parse(text, labels, prompt, stop, find=find)


@parse_completion.mistake(
    "A label is found as a word anywhere in the answer.", "Which label does 'not positive' name?"
)
def any_word(text, labels, prompt="", stop=("\n",)):
    def find(answer, labels):
        places = []
        for label in labels:
            match = re.search(rf"(?<![^\W_]){re.escape(label)}(?![^\W_])", answer, re.IGNORECASE)
            if match:
                places.append((match.start(), -len(label), label))
        return min(places, default=(0, 0, None))[2]

    return parse(text, labels, prompt, stop, find=find)


@parse_completion.mistake(
    "The last label that is named counts, not the one at the start.",
    "A model may go on and name others. Where does its answer stand?",
)
def last_named(text, labels, prompt="", stop=("\n",)):
    def find(answer, labels):
        places = [(answer.lower().rfind(label.lower()), len(label), label) for label in labels]
        return max((p for p in places if p[0] >= 0), default=(0, 0, None))[2]

    return parse(text, labels, prompt, stop, find=find)


@parse_completion.mistake(
    "A label that is only the beginning of a longer word is taken for the label.",
    "Does 'positively' begin with a label?",
)
def beginnings(text, labels, prompt="", stop=("\n",)):
    def find(answer, labels):
        found = [label for label in labels if answer.lower().startswith(label.lower())]
        return max(found, key=len, default=None)

    return parse(text, labels, prompt, stop, find=find)


@parse_completion.mistake(
    "The whole answer must be the label: 'positive.' is not found.",
    "May something follow the label that is no letter and no digit?",
)
def whole_answer(text, labels, prompt="", stop=("\n",)):
    def find(answer, labels):
        return next((x for x in labels if x.lower() == answer.strip().lower()), None)

    return parse(text, labels, prompt, stop, find=find)


@parse_completion.mistake(
    "Only the first word of the answer is looked at, as it is between spaces.",
    "Is 'positive.' the same word as 'positive'? How many words has 'very good'?",
)
def first_word(text, labels, prompt="", stop=("\n",)):
    def find(answer, labels):
        words = answer.lower().split()
        return next((x for x in labels if words and x.lower() == words[0]), None)

    return parse(text, labels, prompt, stop, find=find)


@parse_completion.mistake(
    "Capitals matter: 'Positive' is not found.", "Is 'Positive' equal to 'positive'?"
)
def capitals_matter(text, labels, prompt="", stop=("\n",)):
    def find(answer, labels):
        found = by_start(answer, labels)
        return found if found and answer.startswith(found) else None

    return parse(text, labels, prompt, stop, find=find)


@parse_completion.mistake(
    "The answer is made small, but the labels are not: a label with a capital is never found.",
    "What is 'World'.lower()? And what do you compare it with?",
)
def labels_not_lowered(text, labels, prompt="", stop=("\n",)):
    def find(answer, labels):
        return by_start(answer, [label for label in labels if label == label.lower()])

    return parse(text, labels, prompt, stop, find=find)


@parse_completion.mistake(
    "The label is returned in small letters, not as it is spelled in `labels`.",
    "Could you find what you return in the list of labels?",
)
def lowered(text, labels, prompt="", stop=("\n",)):
    found = right(text, labels, prompt, stop)
    return None if found is None else found.lower()


@parse_completion.mistake(
    "The first label that fits is taken, although a longer one fits too.",
    "The labels are 'very' and 'very good'. Which of them is the answer 'very good'?",
)
def first_fit(text, labels, prompt="", stop=("\n",)):
    def find(answer, labels):
        return next((label for label in labels if by_start(answer, [label])), None)

    return parse(text, labels, prompt, stop, find=find)


@parse_completion.mistake(
    "Of several labels that fit, the shortest is taken.",
    "The labels are 'very' and 'very good'. Which of them is the answer 'very good'?",
)
def shortest(text, labels, prompt="", stop=("\n",)):
    def find(answer, labels):
        fit = [label for label in labels if by_start(answer, [label])]
        return min(fit, key=len, default=None)

    return parse(text, labels, prompt, stop, find=find)
