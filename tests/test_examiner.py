"""From an answer to a verdict: every kind of answer and of fault, and what is said of it."""

import pytest
import torch
from jaxtyping import Float, Int
from torch import Generator, Tensor, nn, randn
from torch.nn import functional as F

from autograder.examiner import set_paper
from autograder.exercise import ByHand, Exercise
from autograder.house_rules import NAME
from autograder.judge import Follows, Unmoved
from autograder.rehearsal import sit
from autograder.stand_ins import Scripted, Seeded
from autograder.trial import Trial, ask, build


def weigh(x: Float[Tensor, "batch seq"], w: Float[Tensor, " seq"]) -> Float[Tensor, "batch seq"]:
    """A function of tensors."""
    return x * w / 2


weighing = Exercise(weigh, instead_of=[F.softmax])


@weighing.case("by hand", 1)
def by_hand(rng: Generator) -> ByHand:
    return ByHand(
        ask(torch.tensor([[2.0, 4.0]]), torch.tensor([1.0, 3.0])), torch.tensor([[1.0, 6]])
    )


@weighing.case(
    "other rows have no say", 2, judge=Unmoved("Row 1 must not move row 0.", lambda y: y[0])
)
def rows(rng: Generator) -> list[Trial]:
    x, w = randn(3, 4, generator=rng), randn(4, generator=rng)
    other = x.clone()
    other[1] += 1
    return [ask(x, w), ask(other, w)]


@weighing.case("hidden cases", 1, hidden=True, hint="Mind every position.")
def hidden(rng: Generator) -> Trial:
    return ask(randn(3, 5, generator=rng), randn(5, generator=rng))


@weighing.house_rules(1)
def typical(rng: Generator) -> Trial:
    return ask(randn(3, 4, generator=rng), randn(4, generator=rng))


@weighing.mistake("It does not halve.", "What is divided?")
def whole(x: Tensor, w: Tensor) -> Tensor:
    return x * w


@weighing.mistake("It adds.", "Which operation weighs?")
def adds(x: Tensor, w: Tensor) -> Tensor:
    return (x + w) / 2


@weighing.mistake("It adds, the other way round.", "Which operation weighs?")
def adds_too(x: Tensor, w: Tensor) -> Tensor:
    return (w + x) / 2


def test_the_right_answer_gets_everything():
    verdict = sit(weighing, weigh)

    assert verdict.passed
    assert verdict.points == verdict.max_points == 5
    assert [case.passed for case in verdict.cases] == [True] * 4


def test_a_known_mistake_is_named_and_its_look_given():
    verdict = sit(weighing, whole)

    assert not verdict.passed
    assert [(d.name, d.sure) for d in verdict.diagnoses] == [("It does not halve.", 1.0)]
    assert verdict.cases[0].message == (
        "At batch 0, position 0: expected 1, got 2. All 2 numbers differ."
    )


def test_mistakes_that_cannot_be_told_apart_are_named_together():
    assert [d.name for d in sit(weighing, adds).diagnoses] == [
        "It adds.",
        "It adds, the other way round.",
    ]


def test_an_answer_that_shares_part_of_a_mistake_is_less_sure():
    def whole_mostly(x, w):
        return x * w if len(x) < 3 or x.dtype == torch.float64 or len(w) == 5 else x * w * 1.37

    verdict = sit(weighing, whole_mostly)

    assert all(d.sure < 1 for d in verdict.diagnoses)


def test_hidden_inputs_are_never_shown_but_the_hint_is():
    case = sit(weighing, whole).cases[2]

    assert case.message == "The values are wrong for inputs that are not shown."
    assert case.hint == "Mind every position."


def test_hidden_cases_change_with_the_seed_and_visible_ones_do_not():
    one, other = set_paper(weighing, 1), set_paper(weighing, 2)

    def first(paper, case):
        return paper.cases[case].trials[0].calls[0].args[0]

    assert torch.equal(first(one, 1), first(other, 1))
    assert not torch.equal(first(one, 2), first(other, 2))


def test_a_rule_in_words_comes_with_the_numbers_that_moved():
    def leaky(x, w):
        return x * w / 2 + x.mean()

    message = sit(weighing, leaky).cases[1].message

    assert message.startswith("Row 1 must not move row 0. It did: ")
    assert " became " in message


@pytest.mark.parametrize(
    ("answer", "says"),
    [
        (lambda x, w: x.detach() * w.detach() / 2, "no gradient reaches"),
        (lambda x, w: x.detach() * w / 2, "no gradient reaches x"),
        (lambda x, w: (x * w / 2).mul_(1) + 0 * x.add_(1), "in place"),
        (lambda x, w: (x * w / 2).double(), "dtype should be float32"),
        (lambda x, w: x.view(-1).view_as(x) * w / 2, "not contiguous"),
        (lambda x, w: x * w / 2 + torch.zeros(x.shape, dtype=x.dtype), "on the CPU"),
        (lambda x, w: (torch.manual_seed(0), x * w / 2)[1], "resets the global random generator"),
        (lambda x, w: x * w / 2 + 0 * torch.rand(1, dtype=x.dtype), "draws from the global"),
        (lambda x, w: x * w * 0.5001, "expected"),
    ],
)
def test_every_house_rule_is_kept_for_every_exercise(answer, says):
    verdict = sit(weighing, answer)
    house = next(case for case in verdict.cases if case.name == NAME)

    assert not house.passed
    assert says in house.message


@pytest.mark.parametrize(
    ("answer", "name"),
    [
        (lambda x, w: -x * w / 2, "The sign is flipped."),
        (lambda x, w: (x * w / 2).roll(1, -1), "It is shifted by one to the right."),
        (lambda x, w: (x * w / 2).mT, "The last two axes are swapped."),
        (lambda x, w: x * w * 500, "It is too large by 1000."),
        (lambda x, w: torch.zeros_like(x), "It returns zeros."),
        (
            lambda x, w: torch.cat([x[:1] * w / 2, 0 * x[1:]]),
            "Only the first of the batch is computed; the others are zero.",
        ),
        (lambda x, w: torch.full((1, 2), 3.0), "It returns the same thing whatever it is given."),
    ],
)
def test_slips_have_names_of_their_own(answer, name):
    assert [d.name for d in sit(weighing, answer).diagnoses] == [name]


def positive(x: Tensor) -> Tensor:
    return (x > 0).sum(-1)


counting = Exercise(positive)


@counting.case("two sizes", 1)
def two_sizes(rng):
    return [ask(torch.randn(size, generator=rng)) for size in ((3, 5), (2, 4))]


def test_counting_from_the_wrong_end_is_offered_for_what_was_counted_only():
    [said] = sit(counting, lambda x: (x > 0).sum(-1) + 1).diagnoses

    assert said.name == "Everything is too large by one."
    assert sit(weighing, lambda x, w: x * w / 2 + 1).diagnoses == []


def test_a_mistake_that_fits_once_in_many_trials_is_not_named():
    def mostly_otherwise(x, w):
        return x * w if x.shape == (1, 2) else x * w * 0.3 + x.sum()

    assert sit(weighing, mostly_otherwise).diagnoses == []


def test_a_blank_answer_is_not_written_yet():
    def blank(x, w):
        raise NotImplementedError

    verdict = sit(weighing, blank)

    assert verdict.points == 0
    assert verdict.refused == "weigh is not written yet."


def test_a_forbidden_built_in_is_refused_by_its_usual_name():
    def bypass(x, w):
        return F.softmax(x, -1) * 0 + x * w / 2

    verdict = sit(weighing, bypass)

    assert verdict.points == 0
    assert "torch.nn.functional.softmax" in str(verdict.refused)


def test_an_endless_answer_is_stopped_once_and_told_so():
    def endless(x, w):
        while True:
            pass

    verdict = sit(weighing, endless)

    assert verdict.points == 0
    assert "had not returned after" in verdict.cases[0].message
    assert all("Not tried" in case.message for case in verdict.cases[1:])


def test_a_crash_shows_the_line():
    def crash(x, w):
        return x @ x @ x

    assert "return x @ x @ x" in sit(weighing, crash).cases[0].message


def test_a_sort_that_wants_its_axis_by_name_is_told_how():
    def sorts(x, w):
        return x.sort(-1, stable=True).values

    assert "write dim=-1" in sit(weighing, sorts).cases[0].message


class Scale(nn.Module):
    """A module: weights loaded by name, gradients of inputs and weights compared."""

    def __init__(self, width: int) -> None:
        super().__init__()
        if width < 1:
            raise ValueError(f"width {width} is under 1")
        self.weight = nn.Parameter(torch.ones(width))

    def forward(self, x: Float[Tensor, "batch width"]) -> Float[Tensor, "batch width"]:
        return x * self.weight


scale = Exercise(Scale)


@scale.case("weights", 2)
def weights(rng: Generator) -> Trial:
    state = {"weight": randn(3, generator=rng)}
    return build(3).load(state).call(randn(2, 3, generator=rng)).with_gradients()


@scale.case("refuses a width of 0", 1)
def refuses(rng: Generator) -> Trial:
    return build(0)


def test_a_module_is_built_loaded_called_and_its_gradients_compared():
    class Frozen(Scale):
        def forward(self, x):
            return x * self.weight.detach()

    assert sit(scale, Scale).passed
    assert "no gradient reaches weight" in sit(scale, Frozen).cases[0].message


def test_an_error_that_is_asked_for_must_be_raised():
    class Lenient(nn.Module):
        def __init__(self, width):
            super().__init__()
            self.weight = nn.Parameter(torch.ones(width))

        def forward(self, x):
            return x * self.weight

    message = sit(scale, Lenient).cases[1].message

    assert message == "It should refuse this with ValueError: width 0 is under 1"


class Tally:
    """An object driven by a sequence of calls."""

    def __init__(self) -> None:
        self.items: list[str] = []

    def add(self, item: str) -> int:
        self.items.append(item)
        return len(self.items)

    def all(self) -> list[str]:
        return list(self.items)


tally = Exercise(Tally)


@tally.case("two items")
def two_items(rng: Generator) -> Trial:
    return build().then("add", "a").then("add", "b").then("all")


def test_an_object_is_driven_by_calls():
    class Forgetful(Tally):
        def add(self, item):
            self.items = [item]
            return 1

    assert sit(tally, Tally).passed
    assert sit(tally, Forgetful).cases[0].message == "After call 2: Expected 2, got 1."


def test_a_plain_value_and_its_unit_slip():
    size = Exercise(2**30, name="size")
    size.case("the number", 1)(lambda rng: Trial())
    size.mistake("It forgets the values.", "What is kept besides keys?")(lambda: 2**29)

    assert sit(size, 2**30).passed
    assert sit(size, float(2**30)).passed
    assert [d.name for d in sit(size, 2**29).diagnoses] == ["It forgets the values."]
    assert [d.name for d in sit(size, 2**33).diagnoses] == ["It counts bits where bytes are asked."]
    assert "number" in sit(size, "a lot").cases[0].message


PROBABILITIES = torch.tensor([0.5, 0.2, 0.3, 0.0])


def draw(p: Float[Tensor, " vocab"], generator: Generator) -> Int[Tensor, ""]:
    """A stochastic answer."""
    return torch.multinomial(p, 1, generator=generator)[0]


drawing = Exercise(draw)


@drawing.case("frequencies", judge=Follows(PROBABILITIES))
def frequencies(rng: Generator) -> Trial:
    return ask(PROBABILITIES, Seeded(7)).times(1500)


@drawing.mistake("It draws uniformly.", "Where do the probabilities go in?")
def uniform(p, generator):
    return torch.randint(0, 3, (), generator=generator)


def test_a_stochastic_answer_is_judged_by_its_frequencies():
    def other_stream(p, generator):
        return (torch.rand((), generator=generator) > p.cumsum(0)).sum()

    def uniform_too(p, generator):
        return (torch.rand((), generator=generator) * 3).long()

    assert sit(drawing, draw).passed
    assert sit(drawing, other_stream).passed
    verdict = sit(drawing, uniform_too)
    assert "Chance alone" in verdict.cases[0].message
    assert [d.name for d in verdict.diagnoses] == ["It draws uniformly."]
    assert "whose probability is 0" in (
        sit(drawing, lambda p, generator: torch.tensor(3)).cases[0].message
    )
    assert "ids go from 0 to 3" in (
        sit(drawing, lambda p, generator: torch.tensor(4)).cases[0].message
    )


def continue_greedily(model: nn.Module, ids: Int[Tensor, "batch seq"]) -> Int[Tensor, " batch"]:
    """An answer that takes a model."""
    return model(ids)[:, -1].argmax(-1)


def test_an_answer_that_takes_a_model():
    exercise = Exercise(continue_greedily)
    table = torch.eye(5).roll(2, 1)
    exercise.case("last token decides")(lambda rng: ask(Scripted(table), torch.tensor([[1, 4]])))

    assert sit(exercise, continue_greedily).passed
    verdict = sit(exercise, lambda model, ids: model(ids)[:, 0].argmax(-1))
    assert verdict.cases[0].message == "At batch 0: expected 1, got 3."


def halve(x: Float[Tensor, " seq"]) -> Float[Tensor, " seq"]:
    return x / 2


def halve_and_add(x: Float[Tensor, " seq"]) -> Float[Tensor, " seq"]:
    return halve(x) + 1


halving = Exercise(halve)
halving.case("halves")(lambda rng: ask(randn(3, generator=rng)))
halving.mistake("It doubles.", "Which way?")(lambda x: x * 2)
adding = Exercise(halve_and_add, uses=[halving])
adding.case("adds one", 3)(lambda rng: ask(randn(3, generator=rng)))
adding.case("in a longer row", 1)(lambda rng: ask(randn(7, generator=rng)))


def test_an_earlier_mistake_costs_its_points_only_once():
    earlier = {"halve": halving.mistakes}
    built_on_it = sit(adding, lambda x: x * 2 + 1, earlier=earlier)

    assert built_on_it.passed
    assert "It doubles" in str(built_on_it.carried)
    assert not sit(adding, lambda x: x * 2 + 1).passed
    assert sit(adding, halve_and_add, earlier=earlier).carried is None
    assert halve(torch.ones(1)) == 0.5  # the reference is put back


def test_an_earlier_mistake_excuses_no_mistake_of_ones_own():
    earlier = {"halve": halving.mistakes}

    assert sit(adding, lambda x: x * 2 - 1, earlier=earlier).points == 0


def test_an_earlier_mistake_that_only_crashes_excuses_nothing():
    crashing = Exercise(halve)
    crashing.case("halves")(lambda rng: ask(randn(3, generator=rng)))
    crashing.mistake("It multiplies matrices.", "Which operation?")(lambda x: x @ x @ x)

    def crash(x):
        return x @ x @ x

    assert sit(adding, crash, earlier={"halve": crashing.mistakes}).points == 0


def test_what_the_wire_cannot_carry_is_told_not_lost():
    verdict = sit(weighing, lambda x, w: object())

    assert "cannot be looked at" in verdict.cases[0].message
