# %% [markdown]
# # Prompting: learning from the text before you
#
# *About 120 minutes. Each part can be done by itself.*
#
# Three notes lie on a table. Each shows two lines, and a third that somebody did not finish. Finish
# them.
#
# ```
#     note A               note B               note C
#
#     up -> down           up -> u              up -> 2
#     empty -> full        empty -> e           empty -> 5
#     day ->               day ->               day ->
# ```
#
# You wrote *night*, *d* and *3*. The same word, three answers. Nobody told you a task: no line says
# "give the opposite". You took it from two examples, in a second or two, and you were sure of it.
#
# Now the puzzle. A language model does that too: it was trained long ago, its weights are frozen,
# it only ever asks which word comes next. **What in it changes between note A and note B?** If your
# answer is "the weights, a little": how would you prove it, or prove it wrong? Leave your answer
# here. In part 2 we take the fingerprint of a model before and after it has learned something.
#
# Learning that happens in the text, and not in the weights, is called **in-context learning**; the
# text is called a **prompt**. With *k* solved examples in it one speaks of *k shots*: *zero-shot*,
# *one-shot*, *few-shot*.
#
# You will build what is needed to do it properly, and to measure it: prompts, the choice among
# labels, the reading of what a model wrote, two ways to compare texts.
#
# | | |
# | --- | --- |
# | you need | what a decoder does (lesson 07); tokens (lesson 02); log-probabilities (lesson 00) |
# | your computer | any laptop; the model of part 2 is trained in the lesson, in about 20 seconds |
# | optional | a trained model of 135 million parameters: `gradus fetch smollm2` (93 MB) |

# %%
import math
import re
import string
from collections import Counter
from collections.abc import Callable, Sequence
from itertools import takewhile

import torch
from jaxtyping import Float
from torch import Tensor, nn

from autograder.check import check
from gradus.probability import gather_log_probs

# %% tags=["demo"]
import hashlib
from copy import deepcopy
from random import Random
from statistics import mean

from tqdm.auto import tqdm

from gradus.data import docstring_summaries, published, python_docs
from gradus.data.opinions import clear_adjectives
from gradus.device import best_device
from gradus.explore import Explorer
from gradus.generation import generate
from gradus.in_context import Language, practise, toy
from gradus.plots import bars, lines
from gradus.plots.curves import curves
from gradus.prefix import PrefixReader
from gradus.tokenizer import Tokenizer

torch.manual_seed(2020)  # the year of "Language models are few-shot learners"
torch.set_num_threads(1)  # our tensors are small: more threads would wait for each other
device = best_device()
print(f"Working on: {device}")

# %% [markdown]
# ## 1. A text that ends where the answer begins
#
# A prompt has an instruction (perhaps), solved examples (perhaps), and the query. All examples are
# written in one **template**, and so is the query, up to the place of the answer. There the text
# stops, and the model goes on.
#
# ```
#   Is the film good?                        the instruction
#
#   Text: A joy to watch.                    an example
#   Label: positive
#
#   Text: Two hours too long.                another
#   Label: negative
#
#   Text: I want my money back.              the query
#   Label:▮                                  the model goes on here
# ```
#
# Three things go wrong in nearly everybody's first version. The query still has something in the
# place of its label. Texts with braces in them break the template, or are changed by it. And there
# is a space after the last colon. Why that one matters, you will see right below.
#
# One rule more: if the query is among the examples, its answer stands in the prompt, and whatever
# you measure is worth nothing. So that is refused.

# %% exercise="build_prompt"
from gradus.prompt import build_prompt

# %% check="build_prompt"
check(build_prompt)

# %% tags=["demo"]
REVIEW = "Text: {text}\nLabel: {label}"
films = [("A joy to watch.", "positive"), ("Two hours too long.", "negative")]
print(build_prompt("Is the film good?", films, "I want my money back.", REVIEW) + "▮")

# %% [markdown]
# ### The space
#
# **Predict.** Below, a tokenizer that was trained on Python's documentation cuts four texts. The
# first is what a model has read in training, again and again. In which of the other two prompts
# can it go on with the very token that it knows from there?

# %% tags=["demo"]
tokenizer = Tokenizer.train(python_docs()[:150_000], 1_200)
for text in ("The result is: true", "The result is:", "The result is: ", " true", "true"):
    tokens = [tokenizer.decode([one]) for one in tokenizer.encode(text)]
    print(f"{text!r:24}", " | ".join(token.replace(" ", "␣") for token in tokens))

# %% [markdown]
# In running text, a space belongs to the word *after* it: `␣true` is one token. After *is:* it can
# follow. After *is:␣* it cannot, because the space has been used up; what would have to follow is
# `true` without a space, or pieces of it, which hardly ever came after a space in training. The
# model is not stopped by that. It is only worse, and nothing tells you.
#
# ## 2. A model that can learn nothing but from its prompt
#
# To see learning in the prompt by itself, take a world about which nothing can be known beforehand.
# In it are 32 names (*zorvex*, *blick*, ...), 17 small words that mean nothing (*my*, *the*, ...),
# and 8 labels, which are colours. A text is a small word and a name: *my zorvex*. Its label is a
# colour. But which colour a zorvex has is drawn anew **for every prompt**.

# %% tags=["demo"]
NAMES = """
    zorvex blick dax wug toma fep gazzer lirp plim quib ronk snarp tuvel vash yemp morb
    kiv nald pilk rusk selv thob urm vintle wesk xilo yarp zand brell crum dwint elk
""".split()
SMALL = "my your our the a one some any this that every another his her their old new".split()
COLOURS = "red blue green black white brown pink grey".split()
WORDS = "{text} {label}"

language = Language(NAMES, SMALL, COLOURS)
for seed in (1, 2):
    quiz = language.quiz(shots=5, rng=Random(seed))
    print(build_prompt("", quiz.examples, quiz.query, WORDS).replace("\n\n", "   "), "▮")
    print(f"    right: {quiz.answer}\n")

# %% [markdown]
# Can you solve the two? Then you know what the model has to learn: not colours, but *how to find
# them in the text before it*.
#
# It is a decoder like yours of lesson 07, with two blocks of width 64. First it practises on random
# words that begin again and again, as in lesson 04: that grows the heads which look back, and there
# is no label and no task in it. Then prompts come in. All quizzes are about the last eight names.
# No text to train with ever says what one of these means: whatever the toy knows about them, it
# knows from the prompt.

# %% tags=["demo"]
model = toy(language).to(device)
dice = torch.Generator().manual_seed(0)
for step, _ in enumerate(
    tqdm(practise(model, language, rng=dice), total=500, desc="training the toy")
):
    if step == 349:  # from the next step on, prompts come in
        copyist = deepcopy(model)
parameters = sum(parameter.numel() for parameter in model.parameters())
print(f"{parameters:,} parameters, trained")

# %% [markdown]
# From here on it is frozen. Take its fingerprint: one number made of all its weights. If a single
# bit of a single weight changes, the fingerprint is another.


# %% tags=["demo"]
def fingerprint(model: nn.Module) -> str:
    found = hashlib.sha256()
    for name, tensor in sorted(model.state_dict().items()):
        found.update(name.encode())
        found.update(tensor.detach().cpu().contiguous().numpy().tobytes())
    return found.hexdigest()[:16]


before = fingerprint(model)
print("fingerprint of the frozen toy:", before)


# %% [markdown]
# Now give it quizzes, with no example, with one, with more. **Predict** the curve: with *k*
# examples, how often can *anybody* be right? (Four names take part in each prompt. If the query's
# name was not shown, there is nothing but a guess.)


# %% tags=["demo"]
def colours_after(
    prompts: Sequence[str], model: nn.Module = model
) -> Float[Tensor, "prompt label"]:
    """The toy's probabilities of the eight colours after prompts of one length."""
    ids = torch.tensor([language.encode(prompt) for prompt in prompts], device=device)
    with torch.no_grad():
        logits = model(ids)[:, -1, [language.ids[colour] for colour in COLOURS]]
    return logits.softmax(-1).cpu()


def name_of(text: str) -> str:
    return text.split()[-1]


def share_right(
    shots: int, template: str = WORDS, model: nn.Module = model, count: int = 500
) -> tuple[float, float]:
    """How often the toy is right, and how often the query's name was among the examples."""
    chance = Random(7)
    quizzes = [language.quiz(shots, chance) for _ in range(count)]
    prompts = [build_prompt("", quiz.examples, quiz.query, template) for quiz in quizzes]
    guesses = colours_after(prompts, model).argmax(-1).tolist()
    right = [COLOURS[g] == quiz.answer for g, quiz in zip(guesses, quizzes, strict=True)]
    shown = [name_of(q.query) in [name_of(text) for text, _ in q.examples] for q in quizzes]
    return mean(right), mean(shown)


SHOTS = range(8)
measured, shown = zip(*[share_right(shots) for shots in SHOTS], strict=True)
by_copyist = [share_right(shots, model=copyist)[0] for shots in SHOTS]
lines(
    SHOTS,
    {
        "the toy": measured,
        "the same before it saw any prompt": by_copyist,
        "name was shown, or a lucky guess": [p + (1 - p) / 8 for p in shown],
    },
    "examples in the prompt",
    "share of right answers",
    "Nobody ever told it what these names mean",
)

# %% [markdown]
# Without an example it guesses: one in eight. Each example helps, up to what is possible at all.
# The line below is the surprise: a model that had only practised *copying*, and had never seen a
# prompt or a label, does most of it already. To find where this word stood before, and read what
# came after it, is all that is needed here. Training on prompts added the last part: which of
# several things to trust.
#
# And now the fingerprint:

# %% tags=["demo"]
after = fingerprint(model)
print("before:", before)
print("after: ", after)
assert before == after

# %% [markdown]
# Not a bit has changed. What changed is the *text*, and with it everything that is computed from
# the text: the keys, the values, the weights of attention. A head of the second block looks for the
# query's name, finds it in an example, and reads the word after it. Take the prompt away, and all
# that was learned is gone.
#
# Move the slider. The prompt stands above the picture. At which shot does the toy become sure, and
# of what is it sure *before* that?


# %% tags=["demo"]
def one_quiz(shots: int):
    quiz = language.quiz(7, Random(28))
    prompt = build_prompt("", quiz.examples[7 - shots :], quiz.query, WORDS)
    shown = prompt.replace("\n\n", ", ")
    title = f"{shown} ...  (right: {quiz.answer})"
    words = title.split(" ")
    half = len(words) // 2 if shots > 3 else 0
    title = "\n".join(" ".join(part) for part in (words[:half], words[half:]) if part)
    return bars(COLOURS, {"": colours_after([prompt])[0].tolist()}, "probability", title, longest=1)


Explorer(one_quiz, {"shots": list(SHOTS)})

# %% [markdown]
# Before the name has come, the toy bets on colours that stand in the prompt: it has learned that
# names repeat. Keep this in mind. Part 4 is about such bets.
#
# ### Order
#
# **Predict.** The prompt contradicts itself: *my zorvex red*, later *the zorvex blue*. Which one
# does the toy believe, the earlier or the later? And if other examples stand between the later one
# and the query?


# %% tags=["demo"]
def contradiction(place: int, chance: Random) -> tuple[str, str, str]:
    """Six examples; two of them, at the start and at `place`, give one name two colours."""
    name, *others = chance.sample(NAMES[-8:], 4)
    first, second, *rest = chance.sample(COLOURS, 5)
    small = chance.sample(SMALL, 7)
    pairs = [(chance.choice(others), "") for _ in range(6)]
    colour_of = dict(zip(others, rest, strict=True))
    pairs = [(other, colour_of[other]) for other, _ in pairs]
    pairs[0], pairs[place] = (name, first), (name, second)
    texts = [
        (f"{word} {other}", colour) for word, (other, colour) in zip(small, pairs, strict=False)
    ]
    return build_prompt("", texts, f"{small[-1]} {name}", WORDS), first, second


earlier, later = [], []
for place in range(1, 6):
    chance = Random(place)
    asked = [contradiction(place, chance) for _ in range(300)]
    chosen = colours_after([prompt for prompt, _, _ in asked]).argmax(-1).tolist()
    said = [COLOURS[one] for one in chosen]
    earlier.append(mean(word == first for word, (_, first, _) in zip(said, asked, strict=True)))
    later.append(mean(word == second for word, (_, _, second) in zip(said, asked, strict=True)))

bars(
    [f"second time at example {place + 1} of 6" for place in range(1, 6)],
    {"believes the first": earlier, "believes the second": later},
    "share of 300 prompts",
    "One name, two colours: who is believed?",
    longest=1,
)

# %% [markdown]
# Nobody told it what to do with contradictions: training never had any. What it does is an accident
# of its weights, and it depends on *where* things stand. Large models have such habits too. With
# the same examples in another order they went from near chance to near the best that was known (Lu
# et al. 2021). So: whoever reports the accuracy of a prompt with one order of its examples has
# reported one draw of a lottery.
#
# ### Format
#
# **Predict.** The same quizzes in four formats. A small word more, which means nothing, stands in
# front of each text, after each label, between name and label, or nowhere. Which hurts?

# %% tags=["demo"]
formats = {
    "my zorvex red": "{text} {label}",
    "old my zorvex red": "old {text} {label}",
    "my zorvex red old": "{text} {label} old",
    "my zorvex old red": "{text} old {label}",
}
by_format = [share_right(5, template)[0] for template in formats.values()]
bars(
    list(formats),
    {"": by_format},
    "share of right answers with five shots",
    "One word more, in three places",
    longest=1,
)

# %% [markdown]
# A word in front or behind is borne, more or less: the toy has to look around it. A word *between*
# the name and its colour is ruin. The toy reads *what came right after the name*, and that is *old*
# now. Larger models have heads for many formats, but they too are at their best in those that they
# have read most. Whoever compares two models with one format has compared a model and a format.
#
# ## 3. Room
#
# More examples help, and the context is finite: the toy reads 24 tokens, GPT-2 1,024. A prompt that
# is too long is either refused or, worse, cut without a word: at the end, where the query stands,
# or in front, where the instruction stands.
#
# So count first, and leave out whole examples. Which ones? The exercise leaves out the *first*
# ones, because models weigh the end of a prompt more. Two things to think of: the completion needs
# room as well, and what counts is the number of tokens of the **whole text**.

# %% exercise="fit_budget"
from gradus.prompt import fit_budget

# %% check="fit_budget"
check(fit_budget)

# %% [markdown]
# **Predict.** 40 docstrings of Python functions, each with its one-line summary, as examples of how
# to summarise. How many fit into 512 tokens, 1,024, 4,096? Does twice the room hold twice as many?

# %% tags=["demo"]
documented = [pair for pair in docstring_summaries() if 80 < len(pair.body) < 600][:41]
summaries = [(pair.body, pair.summary) for pair in documented]
SUMMARY = "{text}\nIn one line: {label}"
sizes = [512, 768, 1024, 1536, 2048, 3072, 4096]
kept = []
for size in tqdm(sizes, desc="fitting"):
    query = summaries[40][0]
    arguments = (query, SUMMARY, tokenizer.encode, size, 40)
    kept.append(len(fit_budget("Summarise.", summaries[:40], *arguments)))
lines(
    sizes,
    {"examples": kept},
    "tokens in the context, 40 of them for the answer",
    "examples that fit",
    "What a context has room for",
)

# %% [markdown]
# At first more than twice as many, because instruction, query and answer take their part only once;
# later about twice, more or less as the examples happen to be short or long. And room costs: every
# token of the examples is read again for every query.
#
# ## 4. Choosing among labels
#
# If the answer is one of a few labels, you need not let the model write. Ask how probable each
# label is as a continuation, and take the best. It can then never answer "Well, that depends".
#
# $$\mathrm{score}(\text{label}) = \frac{1}{n} \sum_{i=1}^{n} \log p(t_i \mid \text{prompt},
# t_1, \dots, t_{i-1})$$
#
# $t_1 \dots t_n$ are the label's tokens. Every token takes something off a sum of logarithms, so
# without the $\frac1n$ a long label loses for being long. (Other divisors are in use: characters,
# or the label's probability without the prompt. Say which one you used.)
#
# The trap is in the words *the label's tokens*. Turning prompt and label into ids one by one, and
# putting the ids together, is not the same as turning the whole text into ids: that is what the
# model has read in training. So the whole text is cut, and then compared with the prompt alone.

# %% exercise="score_labels"
from gradus.scoring import score_labels

# %% check="score_labels"
check(score_labels)

# %% [markdown]
# Try it on the toy. Its labels are one token each, so the scores are plain log-probabilities.

# %% tags=["demo"]
quiz = language.quiz(6, Random(28))
prompt = build_prompt("", quiz.examples, quiz.query, WORDS)
scores = score_labels(model, language.encode, prompt, COLOURS, device)
print(prompt.replace("\n\n", ", "))
print({colour: round(score, 2) for colour, score in zip(COLOURS, scores.tolist(), strict=True)})
print("chosen:", COLOURS[scores.argmax()], " right:", quiz.answer)

# %% [markdown]
# ### The three notes, and a real model
#
# SmolLM2 has 135 million parameters and was trained on ordinary text. Give it the three notes from
# the beginning. Its task is never named; for every query it may choose among three answers: the
# opposite, the first letter, the number of letters. **Predict:** which of the three does it prefer
# when it sees no example at all? How many examples does it take to change its mind?
#
# Many of these prompts begin alike, and keys and values depend only on what came before. So the
# reader below, the model with lesson 04's caches kept from one text to the next, reads each shared
# beginning once. Its answers are the same. Services that run large models do this too, and charge
# less for it.
#
# (All cells with SmolLM2 together take about half a minute on an ordinary processor. Without
# SmolLM2 they are skipped.)

# %% tags=["demo"]
path = published("smollm2")
smol = None
if path is None:
    print("SmolLM2 was not fetched, so its cells are skipped: here the three notes, below a bias")
    print("found and taken out, and what it writes freely. `gradus fetch smollm2` gets it (93 MB).")
else:
    from gradus.zoo.trained import smollm2, smollm2_tokenizer

    smol, smol_words = smollm2(path).to(device), smollm2_tokenizer(path)
    reader = PrefixReader(smol)
    smol_before = fingerprint(smol)
    print("fingerprint of SmolLM2:", smol_before)

# %% tags=["demo"]
OPPOSITES = """
    day night, hot cold, big small, early late, open closed, fast slow,
    young old, rich poor, up down, empty full, light dark, high low
"""
pairs = [tuple(pair.split()) for pair in OPPOSITES.split(",")]
NOTES = {
    "note A: the opposite": lambda word, opposite: opposite,
    "note B: the first letter": lambda word, opposite: word[0],
    "note C: how many letters": lambda word, opposite: str(len(word)),
}
ARROW = "{text} -> {label}"
FEW = (0, 1, 2, 3)


def right_after(task: Callable[[str, str], str], number: int) -> list[bool]:
    """Is the answer to one query right after 0, 1, 2 and 3 examples?"""
    word, opposite = pairs[number]
    shown = Random(number).sample(pairs[4:], max(FEW))  # never from the queries
    examples = [(other, task(other, its)) for other, its in shown]
    choices = [other_task(word, opposite) for other_task in NOTES.values()]
    right = []
    for shots in FEW:
        prompt = build_prompt("", examples[:shots], word, ARROW)
        scores = score_labels(reader, smol_words.encode, prompt, choices, device)
        right.append(choices[scores.argmax()] == task(word, opposite))
    return right


def notes_picture():
    bar = tqdm(total=len(NOTES) * 4, desc="three notes")
    found = {}
    for name, task in NOTES.items():
        right = []
        for number in range(4):
            right.append(right_after(task, number))
            bar.update()
        found[name] = (FEW, [mean(column) for column in zip(*right, strict=True)])
    bar.close()
    return curves(
        found,
        "examples in the prompt",
        "share right, of 4 queries",
        "The same queries; only the examples differ",
        levels={"blind guess": 1 / 3},
        y_span=(-0.05, 1.05),
    )


notes_picture() if smol is not None else None

# %% [markdown]
# With no example it always prefers the number. (So it is "right" on note C from the start, for
# which it need not count: there is one number to choose.) One example hardly turns it, two or three
# are enough. That is your own performance at the start of this lesson, by a machine whose weights
# stay as they are.
#
# Look at how the curve was measured: **the same queries for every number of shots**, and examples
# that are never among the queries. Four queries are few: a step of the curve is a quarter. On a
# real task take hundreds, and several draws of the examples.
#
# ### A prompt has opinions of its own
#
# A model that always prefers the digit is not wrong about *day*; it has not looked at *day*. To
# measure what it prefers **before** it looks, ask it about nothing: put *N/A* in the place of the
# query. An unbiased model would find all labels equally probable. What it finds instead is the
# prompt's own preference, and you can divide by it:
#
# $$q(\text{label}) \propto \frac{p(\text{label} \mid \text{query})}{p(\text{label} \mid
# \text{N/A})}$$
#
# The $\propto$ says: then scale so that the sum is 1. With several content-free queries ("N/A", an
# empty text, "[MASK]"), take the mean of their probabilities. This is called contextual calibration
# (Zhao et al. 2021). Your scores are logarithms, and may be very low: how do you divide without
# leaving the logarithms?

# %% exercise="calibrate"
from gradus.scoring import calibrate

# %% check="calibrate"
check(calibrate)

# %% [markdown]
# First the toy. Its prompt shows four red things, two blue ones and one green. The query is a name
# that it does not mention. **Predict:** what does the toy think of it, and what is left of that
# after calibration with twelve other names that the prompt does not mention?

# %% tags=["demo"]
lopsided = [
    ("my dax", "red"), ("the wug", "red"), ("his fep", "blue"), ("old dax", "red"),
    ("our toma", "green"), ("a wug", "red"), ("this fep", "blue"),
]  # fmt: skip


def toy_scores(query: str) -> Float[Tensor, " label"]:
    prompt = build_prompt("", lopsided, query, WORDS)
    return score_labels(model, language.encode, prompt, COLOURS, device).cpu()


nothing = "lirp plim ronk snarp tuvel vash yemp morb kiv nald pilk rusk".split()
free = torch.stack([toy_scores(f"any {name}") for name in nothing])
unknown, known = toy_scores("any zorvex"), toy_scores("any toma")
for name, scores in (("zorvex", unknown), ("toma", known)):
    plain, calibrated = scores.softmax(-1), calibrate(scores, free)
    told = [f"{COLOURS[p.argmax()]} with {p.max().item():.2f}" for p in (plain, calibrated)]
    print(f"{name}: {told[0]}; calibrated: {told[1]}")
bars(
    COLOURS,
    {"as it is": unknown.softmax(-1).tolist(), "calibrated": calibrate(unknown, free).tolist()},
    "probability",
    "What the prompt says of a zorvex, which it never mentions",
    longest=1,
)

# %% [markdown]
# About a thing that was never mentioned, the toy repeats what the prompt is full of: this is the
# **majority bias**, and large models have it as well, together with a liking for the labels near
# the end (**recency**) and for words that are common anyway. Calibration takes much of it away. The
# toma, which was shown once, stays green: there the toy *has* looked.
#
# Now SmolLM2 on a task that means something: is a word friendly or not? Zero-shot, and with four
# examples in two orders. **Predict** which of the three prompts is best, before calibration and
# after.

# %% tags=["demo"]
FEELING = "Word: {text}\nFeeling: {label}"
FEELINGS = ["positive", "negative"]
chance = Random(3)
rated = clear_adjectives()
chance.shuffle(rated)
friendly = [word for word, good in rated if good]
unfriendly = [word for word, good in rated if not good]
asked = [(word, i) for i, some in enumerate((friendly, unfriendly)) for word in some[:6]]
p1, p2 = [(word, "positive") for word in friendly[20:22]]
n1, n2 = [(word, "negative") for word in unfriendly[20:22]]
prompts = {
    "no examples": [],
    "+ + - -": [p1, p2, n1, n2],
    "+ - - +": [p1, n1, n2, p2],
}


def feelings(examples: Sequence[tuple[str, str]], query: str) -> Float[Tensor, " label"]:
    instruction = "Is the feeling of the word positive or negative?"
    prompt = build_prompt(instruction, examples, query, FEELING)
    return score_labels(reader, smol_words.encode, prompt, FEELINGS, device).cpu()


def feelings_picture():
    plain, calibrated, preferred = [], [], []
    answers = torch.tensor([answer for _, answer in asked])
    for examples in tqdm(prompts.values(), desc="three prompts"):
        scores = torch.stack([feelings(examples, word) for word, _ in asked])
        free = torch.stack([feelings(examples, query) for query in ("N/A", "[MASK]")])
        plain.append((scores.argmax(-1) == answers).float().mean().item())
        right = calibrate(scores, free).argmax(-1) == answers
        calibrated.append(right.float().mean().item())
        preferred.append(free.softmax(-1).mean(0)[0].item())
    return bars(
        list(prompts),
        {
            "right": plain,
            "right, calibrated": calibrated,
            "says positive of nothing": preferred,
        },
        "share (12 words; half of them are positive)",
        "One model, one question, three prompts",
        longest=1,
    )


feelings_picture() if smol is not None else None

# %% [markdown]
# The same four examples, all correct: in one order the model is hardly better than a coin, in the
# other it gets most words right. Without examples it answers *positive* to nearly everything. What
# it says of nothing tells that before a single word has been judged. Calibration mends much of it
# without a weight changed and without one more label; but not everything, and not in every order.
#
# Twelve words are few, and this model is small. What is to be kept is not the numbers but the
# habit: **look at what the prompt says about nothing, and try more than one order.**

# %% tags=["demo"]
if smol is not None:
    assert fingerprint(smol) == smol_before
    print("fingerprint of SmolLM2:", smol_before, "- as it was")

# %% [markdown]
# ## 5. Reading what was written
#
# Often you have no probabilities, only text: the model is behind a service, or its answer is free.
# Then somebody has to *read* the answer, and that somebody is code. A careless reader can change a
# published number by as much as a better model would. Which label is meant here?
#
# ```
#   " positive\n\nText: Another film\nLabel: negative"     the model wrote on, a whole new example
#   "Text: I want my money back.\nLabel: negative"         it repeated the prompt first
#   "**Positive.** The reviewer likes..."                  capitals, marks, an explanation
#   "not positive"                                         ?
#   "positively awful"                                     ?
# ```
#
# Your parser is strict: the label must stand at the *start*, as a whole word. Everything else is
# `None`, which is not wrong but *no answer*, and is counted apart. A parser that guesses makes
# models look better or worse than they are, and nobody can see by how much.

# %% exercise="parse_completion"
from gradus.completion import parse_completion

# %% check="parse_completion"
check(parse_completion)

# %% tags=["demo"]
completions = [
    " positive\n\nText: Another film\nLabel: negative",
    "**Positive.** The reviewer likes it.",
    "not positive",
    "positively awful",
    "\n\n'negative'",
    "I think the review is negative.",
]
for text in completions:
    found = parse_completion(text, FEELINGS)
    lazy = next((label for label in FEELINGS if label in text.lower()), None)
    print(f"{text!r:56} {found!s:9} a parser with `in`: {lazy}")

# %% [markdown]
# *not positive* and *positively awful* are where the lazy parser is wrong. *I think the review is
# negative* is where the strict one gives up: ask the model for the label only, and give it
# examples, which show the form better than any instruction can say it. Now let SmolLM2 write
# freely. **Predict:** how many of its six answers can be read, how many are right, and what will it
# write *after* its answer?

# %% tags=["demo"]
if smol is not None:
    for examples in ([], [p1, n1]):
        instruction = "Is the feeling of the word positive or negative?"
        written = [build_prompt(instruction, examples, word, FEELING) for word, _ in asked[3:9]]
        texts = [smol_words.encode(prompt) for prompt in written]
        longest = max(map(len, texts))
        ids = torch.tensor([[0] * (longest - len(text)) + text for text in texts], device=device)
        real = torch.tensor([[0] * (longest - len(text)) + [1] * len(text) for text in texts])
        answers = generate(smol, ids, 6, real.bool().to(device), temperature=0)
        read = right = 0
        for i, (word, answer) in enumerate(asked[3:9]):
            prompt = written[i]
            text = smol_words.decode(answers[i, longest - len(texts[i]) :].tolist())
            label = parse_completion(text, FEELINGS, prompt)
            read += label is not None
            right += label == FEELINGS[answer]
            print(f"  {word:12} {text.removeprefix(prompt)!r:32} {label}")
        print(f"{len(examples)} shots: {read} of 6 could be read, {right} are right\n")

# %% [markdown]
# Whoever has SmolLM2 sees three things. The answers can be read. After each of them the model goes
# on and makes up the next example itself, as a good continuation of such a text should; that is
# what `stop` is for. And its bias is in them: it calls a cruel word positive. Text cannot be
# calibrated any more. Probabilities can, so where you can have them, take part 4's way.
#
# ## 6. Comparing texts
#
# Some answers are no labels: *Who wrote it?*, *Summarise this.* There are references, written by
# people, and many good answers that are not letter for letter the same. Two simple measures count
# shared words.
#
# **Token F1** is for short answers. Of the words in the answer, which share is in the reference?
# That is **precision**. Of the words in the reference, which share is in the answer? That is
# **recall**. F1 is their *harmonic* mean, which is small as soon as one of them is:
#
# $$F_1 = \frac{2 \cdot \text{precision} \cdot \text{recall}}{\text{precision} + \text{recall}}$$
#
# What counts as the same word must be said exactly, or numbers from two papers cannot be compared.
# Here it is as in SQuAD: small letters, no punctuation, no articles.

# %% exercise="token_f1"
from gradus.overlap import token_f1

# %% check="token_f1"
check(token_f1)

# %% [markdown]
# **Predict** the order of these answers to *When did people first walk on the Moon?* with the
# reference *in July 1969*.

# %% tags=["demo"]
moon = [
    "July 1969",
    "in July, 1969.",
    "1969",
    "in the summer of 1969, in July, I believe",
    "not in July 1969",
    "in July 1869",
    "at the end of the sixties",
]
bars(
    moon,
    {"": [token_f1(answer, ["in July 1969"]) for answer in moon]},
    "token F1 with 'in July 1969'",
    "Words in common are not truth",
    longest=1,
)

# %% [markdown]
# *Not in July 1969* is the wrong answer with the highest score, and *in July 1869* is a century off
# and beats *1969*. Counting words is cheap, fast, and the same everywhere. It does not read.
#
# **ROUGE-N** is the same idea for longer texts, such as summaries: instead of words it compares
# *n-grams*, n words in a row, so that order counts a little. (The R stands for recall; that was
# what mattered when summaries had a fixed length. Today F1 is reported; look before you compare.)
# Repeats are counted as often as they stand in *both* texts: otherwise *the the the the* would have
# perfect precision.

# %% exercise="rouge_n"
from gradus.overlap import rouge_n

# %% check="rouge_n"
check(rouge_n)

# %% [markdown]
# Now use it as people do. Here are 300 docstrings and the one-line summaries that their authors
# wrote. Three summarisers that know nothing: the first ten words of the body, its last ten words,
# and *Return the value of the object.* for everything. **Predict** which is best, and how far a
# good score is from a good summary.

# %% tags=["demo"]
bodies = [pair for pair in docstring_summaries() if len(pair.body.split()) > 20][:300]
summarisers = {
    "first ten words": lambda body: " ".join(body.split()[:10]),
    "last ten words": lambda body: " ".join(body.split()[-10:]),
    "one sentence for all": lambda body: "Return the value of the object.",
}
rouge = {
    f"ROUGE-{n}, F1": [
        mean(rouge_n(summarise(pair.body), [pair.summary], n)[2] for pair in bodies)
        for summarise in summarisers.values()
    ]
    for n in (1, 2)
}
bars(list(summarisers), rouge, "mean F1 over 300 docstrings", "Three summarisers that know nothing")

# %% [markdown]
# One fixed sentence, which looks at nothing, is in the same range as the others by ROUGE-1. So a
# score by itself says little: report what such a simple rival gets, too. Mean of F1 is what is
# reported here; the F1 of mean precision and mean recall would be another number.
#
# Move the slider to see what n does. A summary, the same words shuffled in pairs, and the same
# words shuffled entirely, against the original:

# %% tags=["demo"]
original = "Return a copy of the list with all items in sorted order, the smallest item first"
words = original.split()
in_pairs = [words[i : i + 2] for i in range(0, len(words), 2)]
Random(1).shuffle(in_pairs)
shuffled = words.copy()
Random(2).shuffle(shuffled)
versions = {
    "as it was": original,
    "pairs shuffled": " ".join(word for pair in in_pairs for word in pair),
    "all shuffled": " ".join(shuffled),
    "first half only": " ".join(words[: len(words) // 2]),
}


def by_n(n: int):
    found = [rouge_n(text, [original], n) for text in versions.values()]
    parts = dict(zip(("precision", "recall", "F1"), zip(*found, strict=True), strict=True))
    return bars(list(versions), parts, "share", f"ROUGE-{n}", longest=1)


Explorer(by_n, {"n": [1, 2, 3, 4]})

# %% [markdown]
# ## 7. The puzzle, solved
#
# *What changes between note A and note B?* Not the weights: their fingerprint is the same to the
# last bit. The text changes, and a decoder computes everything it does from the text. In training,
# millions of texts were such that whoever looked back guessed better. So looking back is what the
# weights have learned: a way to learn, not the thing that is learned.
#
# This is why it has the limits that it has:
#
# | | in the prompt | in the weights |
# | --- | --- | --- |
# | to learn a thing | put it into the text | thousands of steps, a gradient each |
# | lasts | until the text ends | for good |
# | room | the context, shared with question and answer | billions of numbers |
# | paid | for every query again, examples and all | once |
# | begins to flag | often after a few to some dozens of examples | with too little data |
# | depends on | order, format, words of the prompt | data and training |
#
# A rule of thumb: begin with a prompt, because it takes an afternoon and tells you what is
# possible. Go on to training (lesson 13) when more examples no longer help, when the examples cost
# more than the queries, or when answers must not depend on how you put the question.
#
# And a checklist for every number that you report about a prompt:
#
# - the same queries for every prompt and every number of shots, none of them among the examples;
# - more than one draw and more than one order of the examples, with their spread;
# - the template to the letter, the label words, and what the scores are divided by;
# - what a rival gets that knows nothing, and how many answers could not be read.
#
# ### Questions to leave with
#
# 1. The toy had eight shots at most, because its positions end there. What would you have to change
#    to let it read eighty? (Lesson 03 has two answers.)
# 2. Give the toy a contradiction three times, two against one. Does it count votes?
# 3. `score_labels` hands over the whole prompt anew for each label, and `PrefixReader` reads only
#    what is new in it. How much time does that save with 8 shots and 20 labels?
# 4. Write a content-free query for a task of your own. How do you know that it is free of content?
#
# ### To read on
#
# - Brown et al. 2020, *Language Models are Few-Shot Learners* (GPT-3): the curves that began it.
# - Olsson et al. 2022, *In-context Learning and Induction Heads*: the heads that look back.
# - Zhao et al. 2021, *Calibrate Before Use*; Lu et al. 2021, *Fantastically Ordered Prompts*.
# - Min et al. 2022, *Rethinking the Role of Demonstrations*: what examples show besides labels.
