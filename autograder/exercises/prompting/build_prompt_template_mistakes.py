"""What goes wrong in build_prompt with texts, template and refusals."""

from autograder.exercises.prompting.build_prompt import build_prompt
from autograder.exercises.prompting.build_prompt_steps import checked, write_unchecked
from gradus.prompt import build_prompt as right


@build_prompt.mistake(
    "str.format is called on texts that were put in already.",
    "Somebody writes '{}' in a text. What does your code make of it?",
)
def format_at_last(instruction, examples, query, template):
    text = right(instruction, [(t, "{}") for t, _ in examples], query, template)
    return text.format(*(label for _, label in examples))


@build_prompt.mistake(
    'A text that says "{label}" gets the label put into it.',
    "After the text is put in, how many times may {label} stand there?",
)
def replaced_twice(instruction, examples, query, template):
    checked(examples, query, template)
    shown = [template.replace("{text}", t).replace("{label}", label) for t, label in examples]
    asked = template[: template.index("{label}")].rstrip().replace("{text}", query)
    return "\n\n".join([*([instruction] if instruction else []), *shown, asked])


@build_prompt.mistake(
    "The texts are stripped: spaces around them are lost.",
    "In a line of code, do the spaces at its start matter?",
)
def strips(instruction, examples, query, template):
    right(instruction, examples, query, template)
    pairs = [(text.strip(), label.strip()) for text, label in examples]
    return right(instruction.strip(), pairs, query.strip(), template)


@build_prompt.mistake(
    "The end of the whole prompt is stripped, and with it spaces that are the query's own.",
    "The query is 'three  '. Whose are the last two spaces?",
)
def strips_the_end(instruction, examples, query, template):
    return right(instruction, examples, query, template).rstrip()


@build_prompt.mistake(
    "Whatever follows the label in the template is lost.",
    "The template ends in dots. Do your examples?",
)
def nothing_after(instruction, examples, query, template):
    checked(examples, query, template)
    return right(instruction, examples, query, template.partition("{label}")[0] + "{label}")


@build_prompt.mistake("Texts and labels are exchanged.", "Which of a pair comes first?")
def exchanged(instruction, examples, query, template):
    right(instruction, examples, query, template)
    pairs = [(label, text) for text, label in examples]
    return right(instruction, [p for p in pairs if p[0] != query], query, template)


@build_prompt.mistake(
    "The examples come without their labels.", "What can be learned from an example without it?"
)
def without_labels(instruction, examples, query, template):
    right(instruction, examples, query, template)
    unsolved = [right("", [], text, template) for text, _ in examples]
    start = [instruction] if instruction else []
    return "\n\n".join([*start, *unsolved, right("", [], query, template)])


@build_prompt.mistake(
    "An example that stands there twice is written once.",
    "What becomes of two equal pairs in a dictionary or a set?",
)
def only_once(instruction, examples, query, template):
    return right(instruction, list(dict.fromkeys(map(tuple, examples))), query, template)


@build_prompt.mistake("The last example is missing.", "How far does your loop go?")
def last_missing(instruction, examples, query, template):
    right(instruction, examples, query, template)
    return right(instruction, examples[:-1], query, template)


@build_prompt.mistake(
    "An example with the query itself is left in: it gives the answer away.",
    "What would a model's accuracy be worth if the answer stands in its prompt?",
)
def leak(instruction, examples, query, template):
    return write_unchecked(instruction, examples, query, template)


@build_prompt.mistake(
    "An example with the query itself is left out without a word: the prompt has fewer examples "
    "than was asked.",
    "What does the docstring say that happens then?",
)
def leak_left_out(instruction, examples, query, template):
    return right(instruction, [pair for pair in examples if pair[0] != query], query, template)


@build_prompt.mistake(
    "A template that is none is taken as it comes.",
    "What does a prompt look like whose template has no {text}?",
)
def any_template(instruction, examples, query, template):
    right(instruction, examples, query, "{text}{label}")
    before, _, rest = template.partition("{text}")
    between, _, after = rest.partition("{label}")
    shown = [before + text + between + label + after for text, label in examples]
    asked = before + query + between.rstrip()
    return "\n\n".join([*([instruction] if instruction else []), *shown, asked])


@build_prompt.mistake(
    "The template is not used: every prompt has the same words in it.",
    "What does your code do with `template`?",
)
def fixed_template(instruction, examples, query, template):
    return right(instruction, examples, query, "Text: {text}\nLabel: {label}")


@build_prompt.mistake(
    "The parts are returned as a list, not as one text.", "What does the signature say it returns?"
)
def list_of_parts(instruction, examples, query, template):
    return right(instruction, examples, query, template).split("\n\n")
