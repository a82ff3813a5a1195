"""What goes wrong in build_prompt."""

from autograder.exercises.prompting.build_prompt import build_prompt
from autograder.exercises.prompting.build_prompt_steps import checked, write
from gradus.prompt import build_prompt as right


@build_prompt.mistake(
    "The prompt ends in whitespace: the space before the answer is left in.",
    'A model\'s tokens are " yes" and " no", with their space. What can follow "Label: "?',
)
def space_left(instruction, examples, query, template):
    return write(instruction, examples, query, template, cut=str)


@build_prompt.mistake(
    "The query still has {label} in the place of its answer.",
    "What would a model think that it should write after {label}?",
)
def placeholder_left(instruction, examples, query, template):
    return write(instruction, examples, query, template, cut=str, last="{label}")


@build_prompt.mistake(
    "The empty place of the query's label is filled with nothing, and what follows the label in "
    "the template is written all the same.",
    "Where is the model to go on writing?",
)
def after_the_query(instruction, examples, query, template):
    return write(
        instruction, examples, query, template, cut=str, last=checked([], query, template)[2]
    )


@build_prompt.mistake(
    "The query comes with the label of the last example: the answer is not the model's any more.",
    "Which variable holds the label when the loop over the examples is over?",
)
def label_of_the_last(instruction, examples, query, template):
    last = checked([], query, template)[1][-1:] + examples[-1][1] if examples else ""
    return write(instruction, examples, query, template, last=last)


@build_prompt.mistake(
    "The examples come in reverse order.", "Which example stands next to the query?"
)
def reversed_order(instruction, examples, query, template):
    return right(instruction, examples[::-1], query, template)


@build_prompt.mistake(
    "There is no empty line between the parts, only a new line.",
    "How many new lines make an empty line?",
)
def one_new_line(instruction, examples, query, template):
    return write(instruction, examples, query, template, join="\n")


@build_prompt.mistake(
    "Nothing stands between the parts.", "Where does one example end for somebody who reads them?"
)
def no_separator(instruction, examples, query, template):
    return write(instruction, examples, query, template, join="")


@build_prompt.mistake(
    "A separator follows the query too.", "Between how many parts must you put a separator?"
)
def separator_last(instruction, examples, query, template):
    return write(instruction, examples, query, template, end="\n\n")


@build_prompt.mistake(
    "An empty instruction still gets its empty line.",
    "What does the text begin with when it is ''?",
)
def empty_instruction(instruction, examples, query, template):
    return ("" if instruction else "\n\n") + right(instruction, examples, query, template)


@build_prompt.mistake("The instruction is left out.", "What does your code do with `instruction`?")
def no_instruction(instruction, examples, query, template):
    return right("", examples, query, template)


@build_prompt.mistake(
    "The instruction stands after the examples.", "In which order do the parts come?"
)
def instruction_late(instruction, examples, query, template):
    right("", examples, query, template)
    shown = [right("", examples, query, template)[: -len(right("", [], query, template))]]
    return "".join(shown) + right(instruction, [], query, template)


@build_prompt.mistake(
    "The query stands before the examples.", "Where does a model that reads this go on?"
)
def query_first(instruction, examples, query, template):
    before, between, after = checked(examples, query, template)
    shown = [before + text + between + label + after for text, label in examples]
    asked = before + query + between.rstrip()
    return "\n\n".join([*([instruction] if instruction else []), asked, *shown])


@build_prompt.mistake(
    'A heading such as "Examples:" is written although nobody asked for one.',
    "Is every word of your prompt in one of the arguments?",
)
def heading(instruction, examples, query, template):
    return right(f"{instruction}\n\nExamples:".lstrip(), examples, query, template)


@build_prompt.mistake(
    "str.format is called on the template, which takes every brace for a place of its own.",
    "What does '{x}'.format(text='hello') do?",
)
def with_format(instruction, examples, query, template):
    right(instruction, examples, query, template)
    shown = [template.format(text=text, label=label) for text, label in examples]
    asked = template.partition("{label}")[0].rstrip().format(text=query)
    return "\n\n".join([*([instruction] if instruction else []), *shown, asked])
