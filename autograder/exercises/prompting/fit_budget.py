"""fit_budget: as many examples as the context has room for."""

from torch import Generator, randint

from autograder.exercise import ByHand, Exercise
from autograder.exercises.prompting.build_prompt import build_prompt
from autograder.exercises.prompting.told import Parted, Told
from autograder.readers import Spelling
from autograder.trial import Trial, ask
from gradus import prompt as reference

fit_budget = Exercise(reference.fit_budget, uses=[build_prompt])

LINE = "{text}: {label}"
# Every character is a token.
LETTERS = Spelling([])
# As a real vocabulary: words with their space, and some pieces that reach over the end of a part.
WORDS = Spelling(
    ["Good", " or", " bad", "?", ":", " good", "\n\n", " bad\n\n", " a", " very", " long", " one"]
)
FEW = [("ab", "x"), ("cd", "y"), ("ef", "z")]  # 5 letters each, and 2 between the parts
UNEQUAL = [("a", "x"), ("cccccccccc", "y"), ("e", "z")]


@fit_budget.case(
    "room for two of three, by hand",
    0.5,
    judge=Parted(),
    hint="Two examples, the query and what stands between them: 5 + 2 + 5 + 2 + 3 letters.",
)
def by_hand(rng: Generator) -> ByHand:
    return ByHand(ask("", FEW, "gh", LINE, LETTERS, 19, 2), [("cd", "y"), ("ef", "z")])


@fit_budget.case(
    "it fits exactly, and by one token not",
    judge=Told(
        [
            "All fit exactly",
            "One token too few for all",
            "One fits exactly",
            "One token too few for one",
            "There is room for much more",
        ]
    ),
)
def exactly(rng: Generator) -> list[Trial]:
    return [
        ask("", FEW, "gh", LINE, LETTERS, 34, 10),
        ask("", FEW, "gh", LINE, LETTERS, 33, 10),
        ask("", FEW, "gh", LINE, LETTERS, 17, 7),
        ask("", FEW, "gh", LINE, LETTERS, 16, 7),
        ask("", FEW, "gh", LINE, LETTERS, 500, 0),
    ]


@fit_budget.case(
    "the first are left out first",
    judge=Told(
        [
            "A long example in the middle",
            "A long example at the end",
            "A long example at the start",
        ]
    ),
    hint="Whoever leaves out an example in the middle has chosen, not cut.",
)
def first_out(rng: Generator) -> list[Trial]:
    # Without the long one there would be room for more.
    long = UNEQUAL[1]
    return [
        ask("", UNEQUAL, "gh", LINE, LETTERS, 18, 0),
        ask("", [UNEQUAL[0], UNEQUAL[2], long], "gh", LINE, LETTERS, 22, 0),
        ask("", [long, UNEQUAL[0], UNEQUAL[2]], "gh", LINE, LETTERS, 20, 0),
    ]


@fit_budget.case(
    "the instruction and the query count too",
    0.5,
    judge=Told(["A long instruction", "A long query", "Room for the instruction and no example"]),
)
def all_counts(rng: Generator) -> list[Trial]:
    return [
        ask("Say x, y or z.", FEW, "gh", LINE, LETTERS, 34, 0),
        ask("", FEW, "g" * 20, LINE, LETTERS, 40, 0),
        ask("Say x, y or z.", FEW, "gh", LINE, LETTERS, 19, 0),
    ]


@fit_budget.case(
    "tokens are what the tokenizer makes of the whole text",
    judge=Told(["Room for 18 tokens", "Room for 22 tokens", "Room for 26 tokens"]),
    hint="Two parts that meet may share a token, and what stands between them costs tokens too.",
)
def whole(rng: Generator) -> list[Trial]:
    examples = [(" a very", "bad"), (" one", "good"), (" a long", "bad"), (" very", "good")]
    return [
        ask("Good or bad?", examples, " a very long one", LINE, WORDS, size, 1)
        for size in (19, 23, 27)
    ]


@fit_budget.case(
    "what cannot fit is refused",
    0.5,
    judge=Told(["The query alone is too long", "So much is reserved that nothing is left"]),
)
def refused(rng: Generator) -> list[Trial]:
    return [
        ask("", FEW, "a long query", LINE, LETTERS, 12, 0),
        ask("Say.", FEW, "gh", LINE, LETTERS, 60, 55),
    ]


@fit_budget.case("hidden budgets", hidden=True, judge=Parted())
def hidden(rng: Generator) -> list[Trial]:
    lengths = randint(2, 9, (6,), generator=rng).tolist()
    letter = chr(97 + int(randint(20, (1,), generator=rng)))
    examples = [(letter * length, f"{i}") for i, length in enumerate(lengths)]
    sizes = [len(f"{text}: {label}\n\n") for text, label in examples]
    asked = len("Which?\n\nzzz:")
    return [
        ask("Which?", examples, "zzz", LINE, LETTERS, asked + sum(sizes[first:]) + 4 + more, 4)
        for first, more in ((1, 0), (2, -1), (4, 1), (0, 0), (6, 0))
    ]


@fit_budget.house_rules(0.25)
def typical(rng: Generator) -> Trial:
    return ask("", FEW, "gh", LINE, LETTERS, 20, 3)


def size_of(instruction, examples, query, template, encode):
    """Tokens of a prompt."""
    return len(encode(reference.build_prompt(instruction, examples, query, template)))


@fit_budget.variant
def from_the_end(instruction, examples, query, template, encode, max_tokens, reserve):
    kept = []
    room = max_tokens - reserve
    if size_of(instruction, kept, query, template, encode) > room:
        raise ValueError("no room")
    for pair in reversed(examples):
        if size_of(instruction, [pair, *kept], query, template, encode) > room:
            break
        kept.insert(0, pair)
    return kept


@fit_budget.variant
def by_recursion(instruction, examples, query, template, encode, max_tokens, reserve):
    if size_of(instruction, examples, query, template, encode) <= max_tokens - reserve:
        return [tuple(pair) for pair in examples]
    if not examples:
        raise ValueError("too long")
    rest = examples[1:]
    return by_recursion(instruction, rest, query, template, encode, max_tokens, reserve)


@fit_budget.variant
def with_pop(instruction, examples, query, template, encode, max_tokens, reserve):
    kept = list(examples)
    while size_of(instruction, kept, query, template, encode) + reserve > max_tokens:
        if not kept:
            raise ValueError("nothing is left to leave out")
        kept.pop(0)
    return kept
