"""What goes wrong in fit_budget."""

from autograder.exercises.prompting.fit_budget import fit_budget
from autograder.exercises.prompting.fit_budget_steps import fit, whole
from gradus.prompt import build_prompt
from gradus.prompt import fit_budget as right


@fit_budget.mistake(
    "It counts characters, not tokens.", "What does `encode` give you, and where do you use it?"
)
def characters(instruction, examples, query, template, encode, max_tokens, reserve):
    def count(*parts):
        return len(build_prompt(*parts[:4]))

    return fit(instruction, examples, query, template, encode, max_tokens - reserve, count)


@fit_budget.mistake(
    "It counts words, not tokens.", "How many tokens is a word that the tokenizer does not know?"
)
def words(instruction, examples, query, template, encode, max_tokens, reserve):
    def count(*parts):
        return len(build_prompt(*parts[:4]).split())

    return fit(instruction, examples, query, template, encode, max_tokens - reserve, count)


@fit_budget.mistake(
    "It adds up the tokens of the parts: what stands between them is not counted, and pieces that "
    "reach over a border are cut otherwise.",
    "Is the sum of the tokens of two texts that of the two put together?",
)
def sum_of_parts(instruction, examples, query, template, encode, max_tokens, reserve):
    def count(instruction, kept, query, template, encode):
        parts = build_prompt(instruction, kept, query, template).split("\n\n")
        return sum(len(encode(part)) for part in parts)

    return fit(instruction, examples, query, template, encode, max_tokens - reserve, count)


@fit_budget.mistake(
    "It adds up the tokens of the parts, separators included, instead of counting those of the "
    "whole text.",
    "Can one token stand for the end of one part and the beginning of the next?",
)
def sum_with_separators(instruction, examples, query, template, encode, max_tokens, reserve):
    def count(instruction, kept, query, template, encode):
        parts = build_prompt(instruction, kept, query, template).split("\n\n")
        return sum(len(encode(part)) for part in parts) + (len(parts) - 1) * len(encode("\n\n"))

    return fit(instruction, examples, query, template, encode, max_tokens - reserve, count)


@fit_budget.mistake(
    "The examples alone are counted: the query and the instruction need room as well.",
    "What is the whole text that the model reads?",
)
def examples_only(instruction, examples, query, template, encode, max_tokens, reserve):
    right(instruction, [], query, template, encode, max_tokens, reserve)

    def count(instruction, kept, query, template, encode):
        bare = whole("", [], query, template, encode)
        return whole("", kept, query, template, encode) - bare

    return fit(instruction, examples, query, template, encode, max_tokens - reserve, count)


@fit_budget.mistake(
    "The instruction is not counted.", "What is the whole text that the model reads?"
)
def instruction_free(instruction, examples, query, template, encode, max_tokens, reserve):
    right(instruction, [], query, template, encode, max_tokens, reserve)
    return right("", examples, query, template, encode, max_tokens, reserve)


@fit_budget.mistake("The query is not counted.", "What is the whole text that the model reads?")
def query_free(instruction, examples, query, template, encode, max_tokens, reserve):
    right(instruction, [], query, template, encode, max_tokens, reserve)
    return right(instruction, examples, "", template, encode, max_tokens, reserve)


@fit_budget.mistake(
    "Nothing is kept free for the completion: `reserve` is ignored.",
    "The prompt fills the context. Where does the model write?",
)
def no_reserve(instruction, examples, query, template, encode, max_tokens, reserve):
    return right(instruction, examples, query, template, encode, max_tokens, 0)


@fit_budget.mistake(
    "`reserve` is given to the prompt on top of max_tokens.",
    "Do prompt and completion share one context?",
)
def reserve_added(instruction, examples, query, template, encode, max_tokens, reserve):
    return right(instruction, examples, query, template, encode, max_tokens + reserve, 0)


@fit_budget.mistake("A prompt that fits exactly counts as too long.", "Is 20 at most 20?")
def one_less(instruction, examples, query, template, encode, max_tokens, reserve):
    return right(instruction, examples, query, template, encode, max_tokens - 1, reserve)


@fit_budget.mistake(
    "A prompt may be one token too long.", "With `<` in a while loop, when does it stop?"
)
def one_more(instruction, examples, query, template, encode, max_tokens, reserve):
    return right(instruction, examples, query, template, encode, max_tokens + 1, reserve)


@fit_budget.mistake(
    "The last examples are left out first, not the first ones.",
    "Which examples stand nearest to the query?",
)
def newest_out(instruction, examples, query, template, encode, max_tokens, reserve):
    room = max_tokens - reserve
    return fit(instruction, examples, query, template, encode, room, drop=lambda k: k[:-1])
