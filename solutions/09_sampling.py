# %% [markdown]
# # Sampling
#
# A language model does not write. It reads a text and hands you a list: for every token of its
# vocabulary, how likely it is to come next. *You* have to choose one, put it at the end of the
# text, and ask again. **How** you choose is called decoding, and the same model can be a bore, a
# poet or a drunk, depending on it.
#
# So this is the lesson with the most famous knobs: temperature, top-k, top-p. You will build each,
# put them on sliders, and see which tokens survive and what text comes of it. You will also find a
# bug in a sentence that stands in half of all tutorials.
#
# | | |
# | --- | --- |
# | time | About 150 minutes, in seven parts. Stop after any of them. |
# | you need | the softmax (lesson 00); a cache of keys and values (lesson 04) for part 5 |
# | your computer | any laptop; the model of parts 1 to 6 is trained here, in two seconds |
#
# Part 7 uses a larger model, SmolLM2, if you have fetched it (`gradus fetch smollm2`, 93 MB).
# Without it, that part is skipped, and everything else is there.
#
# In every exercise you see a signature and a docstring. Both are the task. Delete the line `raise
# NotImplementedError()`, write your own, run the cell, then run the check below it.

# %%
from collections.abc import Callable

import torch
from jaxtyping import Bool, Float, Int
from torch import Tensor, nn

from autograder.check import check
from gradus.cache import KVCache
from gradus.probability import gather_log_probs, log_softmax

# %% [markdown]
# And what the experiments need:

# %% tags=["demo"]
import math
import re
from functools import partial

from tqdm.auto import tqdm

from gradus.data import published, python_docs
from gradus.device import best_device
from gradus.explore import Explorer, SamplingPlayground
from gradus.explore.sampling import axis_end
from gradus.plots import bars, lines
from gradus.plots.curves import curves
from gradus.trigram import Trigram

torch.set_num_threads(1)  # our tensors are small: more threads would wait for each other
device = best_device()
print(f"Working on: {device}")

# %% [markdown]
# ## 1. A model that says what may come
#
# Any language model will do for this lesson, and a small one shows more. Ours has read Python's own
# manual, which is on your computer already. It is lesson 01's table of pairs with one word more of
# memory: it looks at the last **two** words, and counts what came after them in the manual. Where
# it never met the two, it falls back on the last one, and at worst on what is frequent.
#
# It is called like every model of this course: ids of shape (batch, seq) go in, logits of shape
# (batch, seq, vocab) come out.

# %% tags=["demo"]
plain = python_docs().replace("\u2019", "'")
paragraphs = [part.lower() for part in plain.split("\n\n") if part[:1].isalpha()]
sentences = [re.findall(r"[a-z]+(?:'[a-z]+)?|[.,]", part) for part in paragraphs]
sentences = [words for words in sentences if len(words) > 8]

vocabulary = sorted({word for words in sentences for word in words})
id_of = {word: i for i, word in enumerate(vocabulary)}
texts = [[id_of[word] for word in words] for words in sentences]
model = Trigram(texts, len(vocabulary))


def read(text: str) -> Int[Tensor, "1 seq"]:
    return torch.tensor([[id_of[word] for word in text.split()]])


def say(ids: Int[Tensor, " seq"]) -> str:
    return re.sub(r" ([.,])", r"\1", " ".join(vocabulary[i] for i in ids.tolist()))


print(f"{sum(map(len, texts)):,} words read, {len(vocabulary):,} different ones.")
print("For example:", say(torch.tensor(texts[5][:24])), "...")

# %% [markdown]
# **Predict.** What may follow *if the* in a manual of a programming language? How likely is the
# likeliest word: 90 %, 50 %, or less? Then change the prompt in the cell, and try *instead of*.

# %% tags=["demo"]
prompt = "if the"

logits = model(read(prompt))[:, -1]
shares = logits.softmax(-1)[0]
best = shares.argsort(descending=True)[:12].tolist()
bars(
    [vocabulary[i] for i in best],
    {"": shares[best].tolist()},
    "probability",
    f"The 12 likeliest words after '{prompt}', of {len(vocabulary):,}",
)

# %% [markdown]
# No word has much. Even the likeliest has about one chance in twenty. The twelve together have
# less than half of the mass, and more than two thousand words share the rest. Keep this **tail** in
# mind: each of its words is nearly impossible, and yet *one of them* is likely to come.
#
# ## 2. The obvious choice
#
# Take the likeliest token. Always. This is called **greedy decoding**.

# %% exercise="greedy"
from gradus.sampling import greedy

# %% check="greedy"
check(greedy)

# %% [markdown]
# Let it write. The loop below is all there is to generation, for a model with two words of memory:
# ask, choose, append, ask again.
#
# **Predict.** Will the text be good? Will it ever end?

# %% tags=["demo"]


def write(choose: Callable, prompt: str, new: int) -> str:
    ids = read(prompt)
    for _ in range(new):
        token = choose(model(ids[:, -2:])[:, -1])
        ids = torch.cat([ids, token[:, None]], dim=-1)
    return say(ids[0])


for start in ("if the", "the class", "a name"):
    print(write(greedy, start, 48), "\n")

# %% [markdown]
# It **runs in a circle**, and it is the same circle wherever it began. That is no accident. Our
# model knows two words, and greedy has no dice: as soon as the same two words come a second time,
# everything after them comes a second time as well, for ever.
#
# A large model remembers thousands of tokens, so it could leave the circle. In fact it is worse
# than that: it has learned that what was said twice is often said a third time, and each turn makes
# the next one likelier (Holtzman et al. 2019). You can watch that in part 7.

# %% [markdown]
# ## 3. Dice
#
# So throw dice. But how heavily should they be loaded? Divide all logits by a number before the
# softmax takes its exponential:
#
# $$p_i \propto \exp(\mathrm{logit}_i / T)$$
#
# $T$ is called the **temperature**, because physicists use the same formula: hot matter tries all
# its states, cold matter sits in the best one. Above 1 the probabilities become more even, below 1
# they become more extreme. At 0 the formula divides by zero, but its limit is clear, and the
# docstring says what it is. (Programs disagree here: some refuse 0, some read it as greedy.)

# %% exercise="apply_temperature"
from gradus.sampling import apply_temperature

# %% check="apply_temperature"
check(apply_temperature)

# %% [markdown]
# **Predict**, then move the slider: can a temperature change *which* token is the likeliest? What
# does the picture look like at 0? And at 1000, if the slider went that far?

# %% tags=["demo"]
degrees = [1.0, 0.0, 0.2, 0.5, 0.8, 1.2, 1.5, 2.0, 3.0]


def tempered(temperature: float):
    changed = apply_temperature(logits, temperature).softmax(-1)[0]
    title = f"Temperature {temperature}: the 12 have {changed[best].sum():.0%} of the mass"
    names = [vocabulary[i] for i in best]
    values = {"temperature 1": shares[best].tolist(), "now": changed[best].tolist()}
    return bars(names, values, "probability", title, axis_end(changed.max().item()))


Explorer(tempered, {"temperature": degrees})

# %% [markdown]
# A temperature never changes the order. At 0 one token has everything; with growing heat all become
# alike, and then the tail wins by numbers: at temperature 3 the twelve best words are nearly out of
# the game.
#
# Now the dice themselves. Right means: for each row one id, drawn with the probabilities of the
# softmax, and each row has a draw of its own. The same generator with the same seed must give the
# same ids, or nobody can ever repeat your experiment.
#
# <details><summary>A hint</summary>
#
# torch has a function that draws from rows of probabilities. Look at the *shape* of what it
# returns.
# </details>

# %% exercise="sample"
from gradus.sampling import sample

# %% check="sample"
check(sample)

# %% [markdown]
# The same model, the same prompt, three temperatures. Run the cell again for another seed.
#
# **Predict.** Which of them will you be able to read?

# %% tags=["demo"]
dice = torch.Generator().manual_seed(1)


def warm(logits: Tensor, temperature: float) -> Tensor:
    return sample(apply_temperature(logits, temperature), dice)


for temperature in (0.3, 1.0, 2.0):
    text = write(partial(warm, temperature=temperature), "if the", 34)
    print(f"temperature {temperature}: {text}\n")

# %% [markdown]
# Cold text is stiff, hot text falls apart. At temperature 1 you hear the model as it is, and it
# stumbles now and then. Why? Because of the tail. If 10 % of the mass lie on words that make no
# sense, a text of 20 words stays clear of them with a chance of $0.9^{20}$, which is 12 %. **One**
# stumble is enough: from then on the model has to continue nonsense.
#
# ## 4. Cut the tail off
#
# What about a rule that leaves only good tokens in the game, and then lets the dice decide? Such a
# rule is a **filter**: it takes logits and gives logits back, where all tokens that shall not come
# have $-\infty$. Filters can be put one behind the other.
#
# ### The k best
#
# The first idea: the *k* likeliest stay, whatever their probabilities are (Fan et al. 2018).
#
# There is a trap in it: two tokens can be *equally* likely. Programs disagree about what happens
# then. The `transformers` library keeps every token that is as likely as the k-th, so it may keep
# more than k. Here, exactly k stay, and between equals the lower id wins: then k means k.

# %% exercise="top_k_filter"
from gradus.filters import top_k_filter

# %% check="top_k_filter"
check(top_k_filter)

# %% [markdown]
# What is a good k? Look at two places in a text: after *if the* anything may come. After *on the
# other* there is hardly a choice. **Predict:** how much mass do the 5 best words have at each?

# %% tags=["demo"]
places = {"after 'if the'": "if the", "after 'on the other'": "on the other"}
ks = [1, 2, 5, 10, 20, 50, 100]
covered = {}
for name, start in places.items():
    here = model(read(start))[:, -1]
    left = [top_k_filter(here, k) > -torch.inf for k in ks]
    covered[name] = [here.softmax(-1)[stays].sum().item() for stays in left]

lines(ks, covered, "k", "mass of the tokens that stay", "One k does not fit two places")

# %% [markdown]
# One k is wrong everywhere. Where all is open, 5 tokens cut off most of what could be said, and the
# text becomes dull. Where all is clear, 5 tokens are 4 too many, and the dice can still pick
# nonsense.
#
# ### The mass p
#
# The second idea fixes not the number of tokens but their **mass**. Sort the tokens, the likeliest
# first. Add up their probabilities. Stop when the sum reaches $p$. Those you have added stay. It is
# called nucleus sampling or **top-p** (Holtzman et al. 2019):
#
# > the *smallest* set of likeliest tokens whose mass is *at least* p
#
# Four tokens with 0.5, 0.25, 0.15 and 0.1, and $p = 0.7$: how many stay? 0.5 is not enough, 0.75
# is. So **two** stay: the token that crosses the line belongs to the set.
#
# <details><summary>A hint for getting home</summary>
#
# After sorting, rank 0 is the likeliest token, but *which* token is that? The sort tells you its id
# too. Think about the direction: do you have "the id at this rank" or "the rank of this id", and
# which of the two does `scatter` want?
# </details>
#
# <details><summary>A hint for the crossing token</summary>
#
# Do not ask how much mass there is *with* this token. Ask how much there was *before* it.
# </details>

# %% exercise="top_p_filter"
from gradus.filters import top_p_filter

# %% check="top_p_filter"
check(top_p_filter)

# %% [markdown]
# ### A sentence in half of all tutorials
#
# *"Top-p limits the choice to tokens whose cumulative probability does not exceed p."* It sounds
# the same. Here it is as code. **Predict** what is left of these three distributions.

# %% tags=["demo"]


def popular_wording(logits: Tensor, p: float) -> Tensor:
    ordered, order = logits.softmax(-1).sort(dim=-1, descending=True, stable=True)
    too_much = ordered.cumsum(-1) > p  # "does not exceed p" stays
    return logits.masked_fill(too_much.scatter(-1, order, too_much), -torch.inf)


three = [
    ([0.5, 0.25, 0.15, 0.1], 0.7),
    ([0.97, 0.01, 0.01, 0.01], 0.9),
    ([0.3, 0.1, 0.1, 0.5], 0.8),
]
print(f"{'probabilities':24} {'p':>4}   {'at least p (yours)':20} at most p (popular)")
for chances, p in three:
    row = torch.tensor([chances], dtype=torch.float64).log()
    kept = [
        (rule(row, p) > -torch.inf)[0].nonzero().flatten().tolist()
        for rule in (top_p_filter, popular_wording)
    ]
    print(f"{chances!s:24} {p:>4}   {kept[0]!s:20} {kept[1]}")

# %% [markdown]
# The first row loses its crossing token. The second is the disaster: **one token has more than p,
# so no token is allowed at all.** The set is empty, every logit is $-\infty$, and the softmax of
# that is `nan`. It happens exactly where the model is most certain. This bug has been found in a
# good number of published programs.
#
# The third row shows something else. On paper, $0.5 + 0.3$ reaches 0.8 exactly, and two tokens are
# enough. In a computer the sum may come out a hair too small, and a third one is kept. Never build
# an experiment on a sum that hits p exactly.
#
# Now the two filters at the same two places. **Predict:** how many words does $p = 0.9$ leave?

# %% tags=["demo"]
ps = [0.1, 0.3, 0.5, 0.7, 0.8, 0.9, 0.95]
numbers = {}
for name, start in places.items():
    here = model(read(start))[:, -1]
    numbers[name] = [int((top_p_filter(here, p) > -torch.inf).sum()) for p in ps]

for name, found in numbers.items():
    print(f"{name:22}", "  ".join(f"p={p}: {n}" for p, n in zip(ps, found, strict=True)))
lines(ps, numbers, "p", "tokens that stay", "Top-p adapts: few where all is clear, many where not")

# %% [markdown]
# One p fits both places. (It does not fit everything. Where a thousand words are equally good, 0.9
# still throws a hundred away, and where the model is confident and wrong, no filter helps.)
#
# **The order matters.** Here it is: temperature, top-k, top-p. Each step sees only what the one
# before it has left, with probabilities that sum to 1 again. Put the temperature last, and top-p
# would choose its set by other probabilities: another set. When two programs give different text
# with the same settings, look here first.
#
# With $T = 1$, $k$ = all and $p = 1$ nothing is changed, and you draw from the model itself.
#
# ### Do not repeat yourself
#
# All filters look at probabilities only. A **penalty** looks at the text: what stands there already
# becomes less likely (Keskar et al. 2019). The rule has a twist, and the twist is its best-known
# bug: logits have a sign.

# %% exercise="repetition_penalty"
from gradus.penalty import repetition_penalty

# %% check="repetition_penalty"
check(repetition_penalty)

# %% [markdown]
# ## 5. The whole machine
#
# You have all parts. Now the loop, as it is in real programs. What it has to take care of, beyond
# the loop of part 2:
#
# - Several texts are written at once. They stop at **different** times: a text is finished when it
#   writes the token `eos`, and then waits, filled up with `eos`, until all are.
# - They have different lengths at the start. Padding goes on the **left**, so that all texts *end*
#   at the same place, where the new tokens begin.
# - With a **cache** for each block (lesson 04) the model reads every token once. Without, it reads
#   the whole text for every token. The result must be the same.
# - Models have a longest text. Beyond `context` tokens the oldest are left out. Then every position
#   moves, and what the caches hold is void.
# - The model must be in eval mode, without gradients, and be left as it was found.
#
# It is the longest function of this course. Build it in this order, and check after each step:
# greedy without caches, then `eos`, then chance and the filters, then caches, then padding, then
# the context.

# %% exercise="generate"
from gradus.generation import generate

# %% check="generate"
check(generate)

# %% [markdown]
# ### The playground
#
# Here is the next word after *if the*, and below it a text that your `generate` writes with the
# same settings, always with the same dice. Three sliders: temperature, top-k, top-p. (Use the arrow
# keys, or the mouse. Below the picture it says in words what can come.)
#
# Things to try. **Predict** each time:
#
# 1. Top-k 1: does the temperature still matter?
# 2. Temperature 0, then 0.2: the same text?
# 3. Temperature 3 and top-p 1. Now save the text with top-p alone. Which p do you need?
# 4. Temperature 3 and top-k 3: wild dice, tame words. Is it wild?

# %% tags=["demo"]


def filtered(logits: Tensor, temperature: float, k: int, p: float) -> Tensor:
    return top_p_filter(top_k_filter(apply_temperature(logits, temperature), k), p)


def written(temperature: float, k: int, p: float) -> str:
    def keep(logits: Tensor) -> Tensor:
        return top_p_filter(top_k_filter(logits, k), p)

    dice = torch.Generator().manual_seed(4)
    # Two words are all that this model remembers, so two are enough to read.
    ids = generate(
        model, read(prompt), 30, temperature=temperature, keep=keep, context=2, cached=False,
        generator=dice,
    )  # fmt: skip
    return say(ids[0])


SamplingPlayground(logits, vocabulary, filtered, written)

# %% [markdown]
# With k = 1 only one token is left, and dice with one side always fall alike. At temperature 3 even
# a small p lets many words through, because heat comes *first* and makes the best words unlikely:
# their mass no longer reaches p. That is the order of the steps at work.
#
# Now the penalty against the circle of part 2, without any dice. **Predict:** does a penalty of 1.1
# break it?

# %% tags=["demo"]
for penalty in (1.0, 1.1, 1.5):
    ids = generate(
        model, read("if the"), 40, temperature=0.0, penalty=penalty, context=2, cached=False
    )
    different = len(set(ids[0].tolist()))
    print(f"penalty {penalty}, {different} different words: {say(ids[0])}\n")

# %% [markdown]
# The circle breaks, and you see the price as well: *the*, *a* and the full stop are penalised like
# everything else, and soon the text may hardly use them. A penalty is a crude tool. It has no idea
# which repetitions are good language.

# %% [markdown]
# ## 6. The likeliest text
#
# Enough dice. Is there a *best* text, and can it be found? First we must be able to say how likely
# a text is. The rule of lesson 01: multiply the probabilities of its tokens, each given all before
# it. In logarithms: add.

# %% exercise="sequence_log_prob"
from gradus.likelihood import sequence_log_prob

# %% check="sequence_log_prob"
check(sequence_log_prob)

# %% [markdown]
# ### Greedy does not find it
#
# Here is a world of six words. After *we* comes *can* (0.55) or *must* (0.45). After *can*, five
# words are equally likely. After *must* comes *go*, always.
#
# **Predict.** What does greedy write after *we*? What is the likeliest text of three words?

# %% tags=["demo"]
world = ["we", "can", "must", "go", "wait", "sing"]
table = torch.full((6, 6), 1e-9)
table[0, 1], table[0, 2] = 0.55, 0.45
table[1, [1, 2, 3, 4, 5]] = 0.2
table[2, 3] = 1.0
table[3:, 0] = 1.0
tiny = nn.Embedding.from_pretrained(table.log())  # a model: ids in, logits out

pairs = [(a, b) for a in (1, 2) for b in range(1, 6)]
all_texts = torch.tensor([(0, a, b) for a, b in pairs])
likely = sequence_log_prob(tiny, all_texts).exp()
seen = [i for i in range(len(pairs)) if likely[i] > 1e-6]
first = generate(tiny, torch.tensor([[0]]), 2, temperature=0.0, cached=False)[0]
print("greedy:", " ".join(world[i] for i in first.tolist()))
bars(
    [" ".join(world[i] for i in all_texts[row].tolist()) for row in seen],
    {"": likely[seen].tolist()},
    "probability of the whole text",
    "Greedy takes 'can' and can no longer reach the best",
    longest=1,
)

# %% [markdown]
# Every text with *can* has 0.11, and *we must go* has 0.45, four times as much. Greedy never sees
# it: it took the better **first step**. Greedy is a walker who always climbs the steepest way, and
# ends on a hill.
#
# ### Several walkers
#
# To try all texts is out of the question: with 2,000 words there are $2000^{10}$ texts of ten. But
# one can follow more than one beginning. **Beam search** follows the *b* best. In each step, every
# one of them is extended by every token, and of all these the *b* best go on. So two of them may
# have the same parent, and another may die out.
#
# What about length? Each further token makes a text less likely, so by probability alone the
# shortest text wins. That is why the sum of logarithms is divided by $\mathrm{length}^\alpha$. With
# $\alpha = 0$ nothing is divided, with $\alpha = 1$ it is the mean. (Programs disagree here too:
# another formula in use is $((5 + \mathrm{length})/6)^\alpha$, from Wu et al. 2016. The same
# $\alpha$ means something else in each.)

# %% exercise="beam_search"
from gradus.beam import beam_search

# %% check="beam_search"
check(beam_search)

# %% [markdown]
# First the small world, with two beams. Then our manual: twelve words after *if the*, with more and
# more beams. **Predict:** how much likelier is the text of 32 beams than that of greedy: twice, ten
# times, ten thousand times?

# %% tags=["demo"]
found, score = beam_search(tiny, torch.tensor([0]), 2, beams=2, alpha=0.0)
print("two beams:", " ".join(world[i] for i in found.tolist()), f"({score.exp():.2f})\n")

start = read("if the")[0]
widths, mass = [1, 2, 4, 8, 16, 32], []
for width in tqdm(widths, desc="searching"):
    found, score = beam_search(model, start, 12, width, alpha=0.0)
    mass.append(score.item())
    print(f"{width:2} beams, log-probability {score:6.2f}: {say(found)}")

print(f"\nThe last is {math.exp(mass[-1] - mass[0]):,.0f} times as likely as the first, greedy's.")
lines(widths, {"best text found": mass}, "beams", "log-probability", "Wider search, likelier text")

# %% [markdown]
# The likelier texts are there, and the search finds them. (Not every step is a gain: a wider beam
# may follow what looks good and lose what would have been better. Beam search promises nothing.)
#
# But read them. Is the likelier text *better*?
#
# ### Likely is not good
#
# Let us give many texts a beginning from the manual, and write on in four ways. Then measure
# **variety**: of all pairs of neighbouring words in all texts, the share of different ones. The
# manual's own continuations are measured too.
#
# **Predict** the order. Is the manual more like the texts that were searched for, or more like
# those that were drawn?

# %% tags=["demo"]
long_enough = [text[:26] for text in texts[::2] if len(text) > 26]
manual = torch.tensor(long_enough[:64])
writer, reader = (Trigram(texts[side::2], len(vocabulary)) for side in (0, 1))


def compose(new: int = 24, **how) -> Int[Tensor, "batch position"]:
    dice = torch.Generator().manual_seed(9)
    return generate(writer, manual[:, :2], new, context=2, cached=False, generator=dice, **how)


def variety(ids: Int[Tensor, "batch position"]) -> float:
    found = [pair for row in ids.tolist() for pair in zip(row, row[1:], strict=False)]
    return len(set(found)) / len(found)


begun = manual[:16, :2]
searched = [beam_search(writer, row, 24, 4, alpha=0.0)[0] for row in tqdm(begun, desc="searching")]
kinds = {
    "greedy": compose(temperature=0.0)[:16],
    "beam search, 4 beams": torch.stack(searched),
    "top-p 0.9": compose(keep=partial(top_p_filter, p=0.9))[:16],
    "drawn from the model itself": compose()[:16],
    "the manual itself": manual[:16],
}
bars(
    list(kinds),
    {"": [variety(ids) for ids in kinds.values()]},
    "share of different pairs of words",
    "People write with variety; likely texts repeat themselves",
    longest=1,
)

# %% [markdown]
# Sixteen different beginnings, and greedy leads them all to the same few phrases. A search for
# likely texts does not care that it has found the same one before. People do: in a text, some
# surprise is the *point*. (Beam search is good where there is little to choose: in translation, or
# in turning speech into text. Lesson 08 is such a place.)
#
# ### Two things to want
#
# So variety is good, but it is cheap: draw words from a hat, and you have all the variety there is.
# A text must make sense, too. Who judges that? Above, half of the manual has trained the model that
# *writes*. The other half has trained another one, the *reader*. It tells how much each word
# surprises it: $-\log p$ in nats, on average.
#
# Turn each of the three knobs by itself, from tame to wild, and plot **variety** against
# **surprise**. Good texts lie on the right (varied) and low (they make sense to somebody who has
# not written them).
#
# **Predict.** Which knob gives the best texts? Where does the manual lie?

# %% tags=["demo"]


def surprise(ids: Int[Tensor, "batch position"]) -> float:
    return -sequence_log_prob(reader, ids, prompt=2).mean().item() / (ids.shape[1] - 2)


sweeps = {
    "temperature": [{"temperature": t} for t in (0.2, 0.4, 0.7, 1.0)],
    "top-k": [{"keep": partial(top_k_filter, k=k)} for k in (2, 4, 10, 100)],
    "top-p": [{"keep": partial(top_p_filter, p=p)} for p in (0.3, 0.5, 0.7, 0.95)],
}
paths = {}
for name, settings in sweeps.items():
    made = [compose(**how) for how in tqdm(settings, desc=name)]
    paths[name] = ([variety(ids) for ids in made], [surprise(ids) for ids in made])

paths["the manual"] = ([variety(manual)], [surprise(manual)])
curves(
    paths,
    "variety: share of different pairs of words",
    "surprise of the reader, nats a word",
    "More variety, more surprise: the three knobs",
)

# %% [markdown]
# All three roads lead from tame to wild, and they lie close together: no knob is magic. Small
# differences between them here are luck. What differs is the *end* of the road: temperature alone
# can be turned on into nonsense, because it never cuts the tail off.
#
# The manual lies a little below the roads: for its variety, it surprises the reader less than what
# was written here. The gap looks small only because this reader, too, remembers no more than two
# words. To you, who have read the texts above, it is large. That gap is what a better **model** is
# for. Decoding cannot close it.

# %% [markdown]
# ## 7. A real model
#
# SmolLM2 has 135 million parameters and has read a few hundred billion words. It runs on your
# computer if you have fetched it (`gradus fetch smollm2`). Without it, the cells of this part say
# so and do nothing; you miss the same experiments with better English.
#
# Loading takes some seconds, and so does writing: on a CPU it reads about eight tokens a second.

# %% tags=["demo"]
weights = published("smollm2")
if weights is None:
    print("SmolLM2 is not here. What is skipped: its next-token distribution, and its texts.")
else:
    from gradus.zoo.trained import smollm2, smollm2_tokenizer

    tokenizer = smollm2_tokenizer(weights)
    large = smollm2(weights).to(device)
    print(f"{sum(p.numel() for p in large.parameters()):,} parameters, {len(tokenizer):,} tokens")

# %% [markdown]
# **Predict:** how many of its 49,152 tokens does top-p 0.9 leave after *The capital of France is*?
# And after *My favourite*? Move the sliders, then change the prompt.

# %% tags=["demo"]
question = "My favourite"

playground = None
if weights is not None:
    ids = torch.tensor([tokenizer.encode(question)], device=device)
    with torch.no_grad():
        scores = large(ids)[:, -1].cpu()
    names = [repr(tokenizer.decode([i])) for i in range(len(tokenizer))]
    playground = SamplingPlayground(scores, names, filtered)
playground

# %% [markdown]
# And texts. Greedy first, then three texts with dice at once (a batch costs hardly more than one).
# **Predict:** does a model of this size run in circles too?

# %% tags=["demo"]
if weights is not None:
    ids = torch.tensor([tokenizer.encode("The old house at the end of the street")], device=device)
    tame = generate(large, ids, 32, temperature=0.0)
    keep = partial(top_p_filter, p=0.9)
    dice = torch.Generator().manual_seed(3)
    wild = generate(large, ids.repeat(3, 1), 20, temperature=0.9, keep=keep, generator=dice)
    print("greedy:", tokenizer.decode(tame[0].tolist()))
    for row in wild.tolist():
        print("\ntop-p 0.9:", tokenizer.decode(row))

# %% [markdown]
# It does not quite run in a circle yet, but listen: it has found a phrase, and comes back to it.
#
# Now let the model itself say how much each token surprises it: in its own texts, and in a sentence
# that a person wrote on from the same beginning. **Predict** the order.

# %% tags=["demo"]
picture = None
if weights is not None:
    by_a_person = (
        "The old house at the end of the street has not seen a postman since the war, and still "
        "its letter box is polished every Friday, by somebody whom nobody has met."
    )
    person = torch.tensor([tokenizer.encode(by_a_person)], device=device)
    size = ids.shape[1]
    surprises = {}
    for name, found in {"greedy": tame, "top-p 0.9": wild, "a person": person}.items():
        with torch.no_grad():
            total = sequence_log_prob(large, found, prompt=size).mean().item()
        surprises[name] = -total / (found.shape[1] - size)
    title = "People do not write what is likeliest"
    picture = bars(list(surprises), {"": list(surprises.values())}, "nats a token", title)
picture

# %% [markdown]
# (If SmolLM2 is here:) the person surprises the model most. That is not noise: it is what the
# sentence has to say. A text that never surprises has told you nothing.

# %% [markdown]
# ## If you want more: two younger filters
#
# **min-p** asks each token one question: are you at least a tenth as likely as the best? (A tenth
# is p = 0.1; Nguyen et al. 2024.) It needs no sorting and no sum. In the order of the steps it
# comes after top-p.

# %% exercise="min_p_filter"
from gradus.filters import min_p_filter

# %% check="min_p_filter"
check(min_p_filter)

# %% [markdown]
# **Typical sampling** takes what you saw in part 6 seriously: people do not say the likeliest
# thing. So it keeps the tokens that surprise *about as much as is to be expected*, and the
# likeliest may be too dull to stay (Meister et al. 2022). What is to be expected is the entropy of
# the distribution.

# %% exercise="typical_filter"
from gradus.filters import typical_filter

# %% check="typical_filter"
check(typical_filter)

# %% [markdown]
# All four filters after *if the*, with settings that leave a similar number of words. **Predict:**
# which of them drops the best word?

# %% tags=["demo"]
rules = {
    "top-k 8": partial(top_k_filter, k=8),
    "top-p 0.3": partial(top_p_filter, p=0.3),
    "min-p 0.5": partial(min_p_filter, p=0.5),
    "typical 0.05": partial(typical_filter, p=0.05),
}
for name, rule in rules.items():
    stays = (rule(logits) > -torch.inf)[0].nonzero().flatten().tolist()
    stays.sort(key=lambda i: -shares[i].item())
    print(f"{name:13}{len(stays):4} words:", ", ".join(vocabulary[i] for i in stays[:9]))

# %% [markdown]
# ## What you have built
#
# | you wrote | where you meet it |
# | --- | --- |
# | `greedy` | temperature 0 in many programs; others refuse 0 |
# | `apply_temperature` | every interface to every model |
# | `sample` | the only place where chance comes in |
# | `top_k_filter` | 50 is the default of `transformers` when it draws |
# | `top_p_filter` | 0.9 and 0.95 are usual |
# | `repetition_penalty` | 1.1 to 1.3 are usual; it includes the prompt |
# | `generate` | the loop inside every chat program |
# | `sequence_log_prob` | scoring answers, in lesson 10 |
# | `beam_search` | translation and speech; 4 beams in the first transformer paper |
#
# Things to remember, and to tell someone else:
#
# - A model gives probabilities. Text is what *decoding* makes of them.
# - Temperature changes how even they are, never their order. Filters cut the tail.
# - Top-p keeps the *smallest* set with *at least* p: the crossing token stays, and one always does.
# - Temperature, top-k, top-p, min-p: the order is part of the definition.
# - Greedy does not find the likeliest text, and the likeliest text is not the best.
# - Randomness is not creativity. It is the dice that choose among what the model has understood.
#
# ### If you want to go on
#
# - Give `generate` a filter that rules out every word that would make three words come a second
#   time. Does the text end its circles? What else can it no longer say?
# - Draw 1,000 texts from the small world of part 6, and count them. Does *we must go* come in 45 %?
# - Holtzman et al. 2019, [The curious case of neural text
#   degeneration](https://arxiv.org/abs/1904.09751): why likely texts are bad, and top-p.
# - Fan et al. 2018, [Hierarchical neural story generation](https://arxiv.org/abs/1805.04833):
#   top-k.
# - Meister et al. 2022, [Locally typical sampling](https://arxiv.org/abs/2202.00666); Nguyen et al.
#   2024, [Turning up the heat: min-p sampling](https://arxiv.org/abs/2407.01082).
# - Stahlberg and Byrne 2019, [On NMT search errors and model
#   errors](https://arxiv.org/abs/1908.10090): when the truly likeliest translation is empty.
