"""What goes wrong in fit_budget when examples are chosen and returned."""

from autograder.exercises.prompting.fit_budget import fit_budget
from autograder.exercises.prompting.fit_budget_steps import fit, whole
from gradus.prompt import build_prompt
from gradus.prompt import fit_budget as right


@fit_budget.mistake(
    "An example that is too long is passed over, and others that stand before it are kept.",
    "If example 2 does not fit, may example 1 stay?",
)
def passes_over(instruction, examples, query, template, encode, max_tokens, reserve):
    room, kept = max_tokens - reserve, []
    right(instruction, [], query, template, encode, max_tokens, reserve)
    for pair in reversed(examples):
        if whole(instruction, [pair, *kept], query, template, encode) <= room:
            kept = [pair, *kept]
    return kept


@fit_budget.mistake(
    "The longest examples are left out first.", "Does it matter how long an example is?"
)
def longest_out(instruction, examples, query, template, encode, max_tokens, reserve):
    def drop(kept):
        longest = max(kept, key=lambda pair: len(encode(pair[0])))
        return [pair for pair in kept if pair is not longest]

    room = max_tokens - reserve
    return fit(instruction, examples, query, template, encode, room, drop=drop)


@fit_budget.mistake(
    "The examples are returned in reverse order.", "In which order were they collected?"
)
def backwards(instruction, examples, query, template, encode, max_tokens, reserve):
    return right(instruction, examples, query, template, encode, max_tokens, reserve)[::-1]


@fit_budget.mistake(
    "It is all or nothing: when not all examples fit, none is kept.",
    "How many could stay if the first were left out?",
)
def all_or_nothing(instruction, examples, query, template, encode, max_tokens, reserve):
    room = max_tokens - reserve
    return fit(instruction, examples, query, template, encode, room, drop=lambda kept: [])


@fit_budget.mistake(
    "One example only is left out, whether that is enough or not.",
    "Does your code look again after it has left one out?",
)
def only_once(instruction, examples, query, template, encode, max_tokens, reserve):
    right(instruction, [], query, template, encode, max_tokens, reserve)
    tokens = whole(instruction, examples, query, template, encode)
    return list(examples[1:] if tokens + reserve > max_tokens else examples)


@fit_budget.mistake(
    "The prompt is returned, not the examples.", "What does the docstring say it returns?"
)
def returns_prompt(instruction, examples, query, template, encode, max_tokens, reserve):
    kept = right(instruction, examples, query, template, encode, max_tokens, reserve)
    return build_prompt(instruction, kept, query, template)


@fit_budget.mistake(
    "The number of examples is returned, not the examples.",
    "What does the docstring say it returns?",
)
def returns_number(instruction, examples, query, template, encode, max_tokens, reserve):
    return len(right(instruction, examples, query, template, encode, max_tokens, reserve))


@fit_budget.mistake(
    "The query is cut when it does not fit.", "What is the model asked when its query is cut?"
)
def cuts_query(instruction, examples, query, template, encode, max_tokens, reserve):
    try:
        return right(instruction, examples, query, template, encode, max_tokens, reserve)
    except ValueError:
        shorter = query[:-1]
        if not query:
            raise
    return cuts_query(instruction, examples, shorter, template, encode, max_tokens, reserve)


@fit_budget.mistake(
    "A prompt that cannot fit is not refused: it returns no examples, as if they were the trouble.",
    "Without examples, does the prompt fit?",
)
def never_refuses(instruction, examples, query, template, encode, max_tokens, reserve):
    try:
        return right(instruction, examples, query, template, encode, max_tokens, reserve)
    except ValueError:
        return []


@fit_budget.mistake(
    "It refuses when no example fits, although the prompt would do without.",
    "May a prompt have no examples?",
)
def needs_one(instruction, examples, query, template, encode, max_tokens, reserve):
    kept = right(instruction, examples, query, template, encode, max_tokens, reserve)
    if examples and not kept:
        raise ValueError("no example fits")
    return kept


@fit_budget.mistake(
    "Every example is counted by itself: the query, the instruction and what stands between the "
    "parts take room too.",
    "What is the whole text that the model reads?",
)
def one_by_one(instruction, examples, query, template, encode, max_tokens, reserve):
    def count(instruction, kept, query, template, encode):
        filled = [template.replace("{text}", t).replace("{label}", label) for t, label in kept]
        return sum(len(encode(text)) for text in filled)

    return fit(instruction, examples, query, template, encode, max_tokens - reserve, count)
