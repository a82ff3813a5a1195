"""rule_of_thumb: so many tokens for every parameter."""

import math

from torch import Generator, rand

from autograder.exercise import ByHand, Exercise
from autograder.exercises.scaling_laws.compute_optimal import UNITS, judge_of
from autograder.trial import Trial, ask
from gradus.scaling import optimum

rule_of_thumb = Exercise(optimum.rule_of_thumb, returns=UNITS)

BY_HAND = ask(12_000.0)
BUDGETS = [ask(5.88e23), ask(1e18), ask(1e21)]
RATIOS = [ask(1e21, 1.7), ask(1e21, 200.0), ask(6.0, 1.0), ask(6e20, 1875.0), ask(6e18, 0.25)]


@rule_of_thumb.case(
    "12,000 FLOPs, by hand", 0.5, judge=judge_of([BY_HAND], 1e-6), hint="6 · 10 · 200 = 12,000."
)
def by_hand(rng: Generator) -> ByHand:
    return ByHand(BY_HAND, (10.0, 200.0))


@rule_of_thumb.case("Chinchilla's budget, and others", judge=judge_of(BUDGETS, 1e-6))
def budgets(rng: Generator) -> list[Trial]:
    return BUDGETS


@rule_of_thumb.case(
    "other ratios", judge=judge_of(RATIOS, 1e-6), hint="GPT-3: 1.7. LLaMA 3.1 8B: 1,875."
)
def ratios(rng: Generator) -> list[Trial]:
    return RATIOS


@rule_of_thumb.case("a hidden budget", hidden=True, judge=judge_of(share=1e-6))
def hidden(rng: Generator) -> list[Trial]:
    budget, ratio = rand(2, generator=rng).double().tolist()
    return [ask(10 ** (18 + 5 * budget), 2 + 60 * ratio), ask(10 ** (20 + 3 * ratio))]


@rule_of_thumb.house_rules(0.5, judge=judge_of(share=1e-6))
def typical(rng: Generator) -> Trial:
    return ask(7e20, 35.0)


@rule_of_thumb.variant
def tokens_first(flops, ratio=20.0):
    tokens = (flops * ratio / 6) ** 0.5
    return tokens / ratio, tokens


@rule_of_thumb.variant
def from_both(flops, ratio=20.0):
    params = math.sqrt(flops / (6 * ratio))
    return params, flops / (6 * params)


@rule_of_thumb.variant
def in_logarithms(flops, ratio=20.0):
    size = (math.log(flops) - math.log(6) - math.log(ratio)) / 2
    return math.exp(size), math.exp(size + math.log(ratio))


@rule_of_thumb.mistake(
    "The root is divided by the ratio, where the ratio should be under the root.",
    "Put your two numbers into 6 · N · D. Is it the budget?",
)
def outside(flops, ratio=20.0):
    params = math.sqrt(flops / 6) / ratio
    return params, ratio * params


@rule_of_thumb.mistake(
    "The ratio is that of parameters to tokens: a model larger than its data.",
    "Is it 20 tokens for each parameter, or the other way round?",
)
def upside_down(flops, ratio=20.0):
    params = math.sqrt(flops * ratio / 6)
    return params, params / ratio


@rule_of_thumb.mistake(
    "The 6 is left out: parameters times tokens is the whole budget.",
    "How many FLOPs does one token take for each parameter?",
)
def no_six(flops, ratio=20.0):
    params = math.sqrt(flops / ratio)
    return params, ratio * params


@rule_of_thumb.mistake(
    "It counts 2 FLOPs for each parameter and token, as if only for reading.",
    "What does training do besides reading?",
)
def two(flops, ratio=20.0):
    params = math.sqrt(flops / 2 / ratio)
    return params, ratio * params


@rule_of_thumb.mistake(
    "The ratio given is not used: it is always 20.", "What is the second argument for?"
)
def always_twenty(flops, ratio=20.0):
    params = math.sqrt(flops / 120)
    return params, 20 * params


@rule_of_thumb.mistake(
    "The ratio is used for the size but not for the tokens.",
    "How many tokens are there for each parameter in your answer?",
)
def tokens_of_twenty(flops, ratio=20.0):
    params = math.sqrt(flops / 6 / ratio)
    return params, 20 * params


@rule_of_thumb.mistake(
    "No root is taken: the size grows in step with the budget.",
    "When the budget grows by 100, by how much do size and tokens grow?",
)
def no_root(flops, ratio=20.0):
    params = flops / 6 / ratio
    return params, ratio * params


@rule_of_thumb.mistake(
    "Size and budget are related by a root alone, and the tokens are 20 times the budget's root.",
    "Put your two numbers into 6 · N · D. Is it the budget?",
)
def bare_root(flops, ratio=20.0):
    params = math.sqrt(flops / 6)
    return params, ratio * params


@rule_of_thumb.mistake(
    "Tokens are counted as characters: four for each token.", "What is the ratio a ratio of?"
)
def characters(flops, ratio=20.0):
    params = math.sqrt(flops / 6 / (ratio / 4))
    return params, ratio / 4 * params


@rule_of_thumb.mistake(
    "Tokens and parameters come in the wrong order.", "Which of the two is returned first?"
)
def swapped(flops, ratio=20.0):
    params = math.sqrt(flops / 6 / ratio)
    return ratio * params, params


@rule_of_thumb.mistake("The results are in billions.", "In which unit are the results?")
def in_billions(flops, ratio=20.0):
    params = math.sqrt(flops / 6 / ratio) / 1e9
    return params, ratio * params
