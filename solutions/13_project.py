# %% [markdown]
# # A project of your own: the life of a model
#
# *About 240 minutes. Each part can be done by itself.*
#
# In 2022 a company that sells news and numbers to banks wanted a language model of its own. It had
# forty years of financial documents, and it could rent its graphics processors for 1.3 million
# hours. Four questions stood at the beginning. Write down what *you* would have answered:
#
# > 1. How many **parameters**? (GPT-3 had 175 billion.)
# > 2. How many **tokens** to train on? (GPT-3 had read 300 billion.)
# > 3. Which **share** of them from finance, which from everywhere else?
# > 4. When half of the time is used: go on to the end, or stop?
#
# What they did is in their paper, and you will find three of the four answers in part 6 with
# functions of your own. On the way there you will do everything that they did, on your computer, at
# a ten-millionth of the size: choose, clean, mix, train, adapt, measure, and predict.
#
# | | |
# | --- | --- |
# | you need | lessons 07 (training) and 11 (scaling laws); all is imported |
# | your computer | any laptop; no GPU and no download |
# | takes time | about a minute of training, in five places, each with a progress bar |

# %%
import math
import string
from collections import Counter, defaultdict
from collections.abc import Callable, Mapping, Sequence
from typing import Any

import torch
from jaxtyping import Bool, Float, Int
from torch import Generator, Tensor, nn
from tqdm.auto import tqdm

from autograder.check import check
from gradus.batches import get_batch
from gradus.block import Block
from gradus.cache import KVCache
from gradus.count import count_parameters
from gradus.data import python_docs
from gradus.decoder import Gpt
from gradus.embedding import Embedding
from gradus.initialise import init_weights
from gradus.norm import LayerNorm
from gradus.position import LearnedPositions
from gradus.probability import cross_entropy, gather_log_probs
from gradus.schedule import cosine_lr
from gradus.tokenizer import Tokenizer
from gradus.training import Settings, train
from gradus.training.loop import evaluate

# %% tags=["demo"]
from copy import deepcopy
from random import Random
from statistics import mean, stdev

from gradus.data import code_tokens, docstrings, interface_strings
from gradus.data.documented import sources
from gradus.device import best_device
from gradus.evaluation.bootstrap import paired_bootstrap
from gradus.explore import Explorer
from gradus.plots import bars
from gradus.plots.curves import curves
from gradus.plots.shares import shares
from gradus.plots.windows import windows
from gradus.scaling import (
    BESIROGLU,
    chinchilla_loss,
    compute_optimal,
    forward_flops,
    param_count,
    train_flops,
)
from gradus.scaling.repeated import REPEATS, worth

torch.manual_seed(0)
torch.set_num_threads(1)  # our tensors are small: more threads would wait for each other
device = best_device()

# %% [markdown]
# ## 1. Choosing
#
# A model is the *last* thing to choose. First comes the use: who asks, what do they get, and what
# happens when it is wrong? Then come four decisions, each cheaper to change than the next one:
#
# | | the question | from cheap to dear |
# | --- | --- | --- |
# | **use case** | one task, or many? | a task that can be *measured*; a helper for all |
# | **model** | whose, and how large? | a small open one; a large open one; your own |
# | **adaptation** | what must it learn? | a prompt; more training; all from scratch |
# | **integration** | where does it run? | a batch at night; a service; a laptop without a network |
#
# The rule behind the table: **go right only when you have measured that left is not enough.**
#
# Here are four wishes. **Decide for each** before you read on: which family (lesson 08's question),
# and which adaptation?
#
# > **A.** Sort 2,000 letters a day into 12 departments. 50,000 sorted letters are there.
# >
# > **B.** Answer questions about our handbook, which changes every week.
# >
# > **C.** Finish lines of code, while people type, on laptops without a network.
# >
# > **D.** Write in the style of our reports, in a trade whose words no public text uses.
#
# **A** is an encoder with a classifier on top: labels are there, nothing is written, and a small
# model that reads both ways is cheap to run for years. **B** is *no training at all*: what changes
# weekly belongs into the prompt, looked up for each question. Training teaches manners, not news.
# **C** is a small decoder, and *small* is the whole point. **D** is the one where a trained decoder
# should **go on training**: the words are missing, not the manners. That is what the company from
# the beginning was after, and what you will do in part 4, for use case C: a model that has read
# *about* Python is to learn Python.
#
# How much dearer is the next step? **Predict** the ratios for a model of a billion parameters: one
# question of 2,000 tokens, going on with 100 million tokens of your own, training from scratch on
# 20 billion.

# %% tags=["demo"]
BILLION = 10**9
costs = {
    "one question of 2,000 tokens": forward_flops(BILLION, 2_000),
    "a million questions": forward_flops(BILLION, 2_000 * 1_000_000),
    "going on with 100 million tokens": train_flops(BILLION, 100_000_000),
    "from scratch, 20 billion tokens": train_flops(BILLION, 20 * BILLION),
}
for name, flops in costs.items():
    print(f"{name:34} {flops:.1e} FLOPs = {flops / costs['one question of 2,000 tokens']:>12,.0f}")

# %% [markdown]
# Going on costs 150,000 questions. From scratch costs 200 times that again. And look at the second
# line: a million long questions cost more than the adaptation. So whoever repeats 1,900 tokens of
# examples in every question may save money by training once.
#
# ## 2. Curating: most of it goes
#
# The web is not a library. A crawl is menus, cookie notices, the same licence ten thousand times,
# tables, and here and there a page that somebody wrote. DCLM, an open project, published its
# sums: of 240 *trillion* tokens crawled, 3.8 trillion were worth training on. That is 1.6 %.
#
# Your own computer holds a small crawl: all source files of Python's standard library, of NumPy and
# of PyTorch. Suppose we want *English prose about programming*. **Predict** which share of the
# bytes is left at the end.
#
# Step one is **extraction**: get the text out of the wrapping. On the web that is HTML; here it is
# code around docstrings.

# %% tags=["demo"]
raw_bytes = sum(path.stat().st_size for package in sources() for path in package)
extracted = docstrings()


def size(documents: Sequence[str]) -> int:
    return sum(len(document.encode()) for document in documents)


funnel = {"files, as they are": raw_bytes, "text taken out": size(extracted)}
print(f"{len(extracted):,} documents, {size(extracted):,} of {raw_bytes:,} bytes\n")
for document in extracted[3000:3400:100]:
    print("-" * 60, document[:200], sep="\n")

# %% [markdown]
# ### Rules of thumb for prose
#
# Is a document worth reading? Nobody can look at a billion of them. DeepMind's *Gopher* used eight
# rules so simple that each fits in a line, and so fast that they run on everything. None of them
# understands a word. What would each of these do to a menu, to a table of numbers, to a page in
# Finnish?
#
# Two traps. The bounds are **inclusive**: 50 words are enough. And a document may have no words at
# all: then there is nothing to divide by.

# %% exercise="quality_filter"
from gradus.curation.quality import quality_filter

# %% check="quality_filter"
check(quality_filter)

# %% [markdown]
# Now let the rules loose on the docstrings. **Predict**: which rule throws away most *documents*?
# And does the same rule throw away most *text*?

# %% tags=["demo"]
judged = [quality_filter(document) for document in tqdm(extracted, desc="quality")]
prose = [text for text, (keep, _) in zip(extracted, judged, strict=True) if keep]
funnel["kept by all rules"] = size(prose)
rules = list(dict.fromkeys(rule for _, broken in judged for rule in broken))
hit = {
    rule: [text for text, (_, broken) in zip(extracted, judged, strict=True) if rule in broken]
    for rule in rules
}
rules.sort(key=lambda rule: -len(hit[rule]))
bars(
    rules,
    {
        "% of the documents": [100 * len(hit[rule]) / len(extracted) for rule in rules],
        "% of the text": [100 * size(hit[rule]) / size(extracted) for rule in rules],
    },
    "broken in so many per cent (a document may break several)",
    "What each rule throws away",
)

# %% tags=["demo"]
documents_kept, text_kept = len(prose) / len(extracted), size(prose) / size(extracted)
print(f"{documents_kept:.0%} of the documents are kept, and {text_kept:.0%} of the text\n")
for rule in ("letters", "word length", "hashes", "ellipses"):
    text = next(d for d, (_, b) in zip(extracted, judged, strict=True) if b == [rule])
    print(f"--- broken: {rule}\n{text[:260]}\n")

# %% [markdown]
# Two very different numbers: most *documents* go, and most of the *text* stays, because short
# documents are many and small. Always say which share you mean. For training, what counts is
# tokens.
#
# Look at what else goes: tables and program sessions fail *letters*. For a model that is to write
# prose that is right. For one that is to write code it would be a disaster: the rules hold a
# decision about the use case, and nobody sees it in the name "quality". (A page of Finnish fails by
# *stop words*; that is how an English corpus stays English.)
#
# ### The same again
#
# Every function that takes an `axis` explains `axis` in the same paragraph. On the web it is worse:
# licences, quotes, mirrors. Duplicates cost three times: compute is spent on nothing new; the model
# learns them **by heart**; and when a copy sits in the test set, the score is a lie.
#
# Equal copies are easy. *Nearly* equal ones need a measure. Cut both documents into **shingles**,
# runs of a few words that overlap like roof tiles, and compare the two *sets*:
#
# $$J(A, B) = \frac{|A \cap B|}{|A \cup B|}$$
#
# This is the Jaccard similarity: 1 for equal sets, 0 for sets with nothing in common. With 3
# documents there are 3 pairs; with a million, 500 billion. But two documents that share no shingle
# need no comparing. Can you find those that do share one, without trying all pairs?

# %% exercise="deduplicate"
from gradus.curation.duplicates import deduplicate

# %% check="deduplicate"
check(deduplicate)

# %% [markdown]
# Now on PyTorch's and NumPy's documentation. Move the threshold. **Predict** first: how much goes
# at
# 1.0, where only equal sets of shingles count? (`docstrings` has dropped equal *texts* already.)

# %% tags=["demo"]
SHINGLE = 5
some = prose[-1000:]
kept_at: dict[float, list[int]] = {}


def at_threshold(threshold: float):
    if threshold not in kept_at:
        kept_at[threshold] = deduplicate(some, threshold, SHINGLE)
    left = [some[i] for i in kept_at[threshold]]
    parts = {
        "kept, %": [100 * len(left) / len(some), 100 * size(left) / size(some)],
    }
    title = f"Threshold {threshold}: {len(some) - len(left)} of {len(some)} documents dropped"
    return bars(["of the documents", "of the text"], parts, "kept, in %", title, longest=100)


Explorer(at_threshold, {"threshold": [0.5, 0.2, 0.3, 0.4, 0.6, 0.7, 0.8, 0.9, 1.0]})


# %% tags=["demo"]
def words_of(text: str) -> set[tuple[str, ...]]:
    words = text.lower().split()
    return {tuple(words[i : i + SHINGLE]) for i in range(max(1, len(words) - SHINGLE + 1))}


kept = kept_at[0.5]
dropped = [i for i in range(len(some)) if i not in set(kept)]
for i in dropped[:: max(1, len(dropped) // 3)][:3]:
    mine = words_of(some[i])
    twin = max((j for j in kept if j < i), key=lambda j: len(mine & words_of(some[j])))
    theirs = words_of(some[twin])
    print(f"--- Jaccard {len(mine & theirs) / len(mine | theirs):.2f}")
    print(" ".join(some[twin].split())[:230])
    print(" ".join(some[i].split())[:230], "\n")

# %% [markdown]
# These are no accidents: one is the other with a word exchanged, *1d* and *2d*, *max* and *min*.
# Are they duplicates? At a threshold of 0.5 you say yes. Look at what goes at 0.3, and you will
# find documents that you would miss. There is no right threshold; 0.7 to 0.8 is usual for web
# pages.
#
# (For a million documents even the index of shingles is too large. Then one keeps a *sketch* of
# each document, its smallest hash values: **MinHash**. The chance that two documents share the
# smallest hash is exactly their Jaccard similarity. But do not take Python's `hash`: it is salted,
# and gives other numbers tomorrow.)
#
# ### Before you split, not after
#
# Now put a tenth aside to measure on. What if we split *first*? **Predict**: of the documents put
# aside, how many share a run of 13 words with the training text, before and after deduplication?


# %% tags=["demo"]
def overlap(documents: Sequence[str], run: int = 13) -> float:
    """The share of the last tenth that has a run of words in common with the rest."""
    order = list(documents)
    Random(0).shuffle(order)
    cut = len(order) * 9 // 10

    def runs(text: str) -> set[str]:
        words = text.lower().split()
        return {" ".join(words[i : i + run]) for i in range(len(words) - run + 1)}

    seen = set().union(*(runs(text) for text in order[:cut]))
    return mean(bool(runs(text) & seen) for text in order[cut:])


general_texts = [prose[i] for i in tqdm(deduplicate(prose, 0.4, SHINGLE), desc="kept")]
funnel["each thing once"] = size(general_texts)
bars(
    ["before deduplication", "after, threshold 0.4"],
    {"": [overlap(prose), overlap(general_texts)]},
    "share of held-out documents with 13 words in a row from training",
    "What the model could know by heart",
    longest=1,
)

# %% [markdown]
# It is less, and not nothing. Common paragraphs stand in documents that are otherwise different,
# and Jaccard over whole documents does not see them. That is why one also removes repeated
# *pieces*, and checks every test set against the training text: GPT-3's authors did so with runs of
# 13 words, and found a bug in their own filter when it was too late to train again. They said so in
# the paper.
#
# And here is the funnel:

# %% tags=["demo"]
bars(
    list(funnel),
    {"": [100 * value / raw_bytes for value in funnel.values()]},
    "% of the bytes",
    "What is left of the crawl",
)

# %% [markdown]
# These are *good* sources, written by careful people, and yet more than four fifths are gone. From
# a web crawl, one or two per cent is normal. When you read "trained on 15 trillion tokens", think
# of the thousand trillion that somebody looked at.
#
# ## 3. Mixing: how much of what
#
# There are several sources now, of very different size. Taking each by its size means that the
# small ones drown. Taking the same of each means that the small ones are read again and again. In
# between there is a dial, $\alpha$:
#
# $$\text{share}_i = \frac{n_i^\alpha}{\sum_j n_j^\alpha}$$
#
# And for each source it must be asked how often it is read. **Epochs** = what is drawn from it,
# divided by its size. Up to about four epochs, repeated text is nearly as good as new text
# (Muennighoff et al. 2023). Beyond, it wears out.

# %% exercise="mixture_weights"
from gradus.curation.mixture import mixture_weights

# %% check="mixture_weights"
check(mixture_weights)

# %% [markdown]
# Four sources from your computer, in tokens of one tokenizer. **Predict**, for a budget of as many
# tokens as there are in all: at which $\alpha$ does the smallest source wear out?

# %% tags=["demo"]
tokenizer = Tokenizer.train("\n\n".join(general_texts)[:400_000], 512)
code_lines = [line.text for line in code_tokens()]
by_source = {
    "prose": "\n\n".join(general_texts)[:800_000],
    "help topics": python_docs(),
    "code": "\n".join(code_lines),
    "menus": "\n".join(pair.english for pair in interface_strings("fr")),
}
counts = {
    name: len(tokenizer.encode(text)) for name, text in tqdm(by_source.items(), desc="encoding")
}


def with_alpha(alpha: float, budget: float):
    part, times, worn = mixture_weights(counts, alpha, budget * sum(counts.values()))
    told = ", ".join(worn) if worn else "none"
    names = [f"{name}: {counts[name]:,} tokens, share {part[name]:.0%}" for name in counts]
    return bars(
        names,
        {"": list(times.values())},
        "epochs",
        f"alpha {alpha}, {budget} times what there is. More than 4 epochs: {told}",
        longest=16,
    )


Explorer(with_alpha, {"alpha": [0.5, 0.0, 0.1, 0.3, 0.7, 1.0, 1.5], "budget": [1, 0.5, 2, 3, 4]})

# %% [markdown]
# **Do not believe the rule of four: measure.** Three runs read the same number of tokens. One reads
# new text all the time; one reads a fourth of it four times; one reads a page of it 120 times.
# **Predict** their losses on text that none has seen: which two are close together?


# %% tags=["demo"]
def small_gpt(d_model: int, layers: int = 2, heads: int = 4, seq: int = 32, seed: int = 0) -> Gpt:
    """A GPT with fresh weights, larger than GPT-2's of 0.02, because it is so narrow."""
    generator = Generator().manual_seed(seed)
    torch.manual_seed(seed)
    model = Gpt(
        Embedding(len(tokenizer), d_model),
        [Block(d_model, heads, 4 * d_model) for _ in range(layers)],
        LayerNorm(d_model),
        LearnedPositions(seq, d_model),
    )
    init_weights(model, layers, std=0.08, generator=generator)
    return model.to(device)


def corpus(texts: Sequence[str], join: str) -> tuple[Tensor, Tensor, int]:
    """Ids to train on, ids held out, and the bytes of what is held out."""
    cut = len(texts) * 9 // 10
    held = join.join(texts[cut:])[:60_000]
    learned = join.join(texts[:cut])[:1_200_000]
    ids = [torch.tensor(tokenizer.encode(text)) for text in (learned, held)]
    return ids[0], ids[1], len(held.encode())


mixed = list(general_texts)
Random(1).shuffle(mixed)  # otherwise what is held out would all be from PyTorch
general = corpus(mixed, "\n\n")
blocks_of_code = ["\n".join(code_lines[i : i + 20]) for i in range(0, len(code_lines), 20)]
Random(1).shuffle(blocks_of_code)
domain = corpus(blocks_of_code, "\n")
print(f"general: {len(general[0]):,} tokens; code: {len(domain[0]):,} tokens")

READ, WIDTH = 120 * 16 * 32, 32
repeated = {}
for times in (1, 4, 120):
    model = small_gpt(WIDTH)
    settings = Settings(steps=120, batch=16, seq=32, peak=8e-3, warmup=10)
    pieces = general[0][: READ // times]
    for _ in train(model, pieces, settings, generator=Generator().manual_seed(0)):
        pass
    repeated[f"{READ // times:,} tokens, {times} times"] = evaluate(model, general[1], 32)
bars(
    list(repeated),
    {"": list(repeated.values())},
    "loss on text held out, in nats per token",
    "The same number of tokens, new or again",
)

# %% [markdown]
# 120 times the same page is a disaster: the model knows the page, and nothing else. Four times is
# not far behind new text, although a fourth of a small text is also less varied. With large models,
# trained for long, four epochs cost next to nothing: the law that was fitted to hundreds of such
# runs says what repeated tokens are *worth*, in new ones.

# %% tags=["demo"]
epochs = [1 + 0.5 * i for i in range(80)]
curves(
    {
        "if repeats were as good as new": (epochs, epochs),
        "what they are worth": (epochs, [worth(1, n, REPEATS) for n in epochs]),
    },
    "epochs",
    "worth so many epochs of new text",
    "Four epochs are worth 3.7 new ones; forty are worth 15",
)

# %% [markdown]
# ## 4. Training, and going on
#
# Now the general model. It reads the curated prose, about Python and hardly any Python. (This is
# the longest run of the lesson.)

# %% tags=["demo"]
gpt = small_gpt(64)
settings = Settings(steps=360, batch=16, seq=32, peak=5e-3, warmup=30)
path = []
for step in train(gpt, general[0], settings, generator=Generator().manual_seed(0)):
    path.append(step.loss)
print(f"{count_parameters(gpt):,} parameters, {360 * 16 * 32:,} tokens")
smooth = [mean(path[max(0, i - 15) : i + 1]) for i in range(len(path))]
curves(
    {"loss": (list(range(len(path))), smooth)},
    "step",
    "loss in nats per token",
    "A small model reads about Python",
    {"knows nothing": math.log(len(tokenizer))},
)

# %% [markdown]
# ### Bits per byte
#
# How good is it on prose, how good on code? Nats per token would mislead: code is cut into shorter
# pieces by this tokenizer, and short pieces are easier to guess. **Bits per byte** (lesson 01)
# asks for the same thing on both sides: what does it cost to write this text down?
#
# $$\text{bits per byte} = \frac{\text{nats per token}}{\ln 2}
# \cdot \frac{\text{tokens}}{\text{bytes}}$$
#
# Now the use case: it is to write Python. The general model is the *starting point*: its weights,
# and its tokenizer, go on. **Adapting** is the training loop once more, with two questions:
#
# - **What does it forget?** You can only tell if you measure the old text as well.
# - **How much of the old text goes on being read?** The fraction of the domain counts *tokens*.
#   With fractions like 3 % and batches of 16, no step has exactly the right number, so count over
#   the whole run.

# %% exercise="adapt"
from gradus.adaptation import adapt

# %% check="adapt"
check(adapt)

# %% [markdown]
# Four times the same model, the same 60 steps. Nothing but the mixture changes: no code at all, a
# tenth, a half, code only. **Draw** two lines by hand before you run it: how do the bits per byte
# on code change with the fraction, and how those on prose?

# %% tags=["demo"]
fractions = [0.0, 0.1, 0.5, 1.0]
adapted = {}
for fraction in fractions:
    model = deepcopy(gpt)
    dice = Generator().manual_seed(1)
    report = adapt(model, general, domain, fraction, 60, 16, 32, 2e-3, dice)
    adapted[fraction] = (model, report)
before = adapted[0.0][1]
curves(
    {
        "prose, after": (fractions, [adapted[f][1]["general"][1] for f in fractions]),
        "code, after": (fractions, [adapted[f][1]["domain"][1] for f in fractions]),
    },
    "fraction of the tokens that is code",
    "bits per byte, on text held out",
    "60 more steps: what is won and what is forgotten",
    {"prose, before": before["general"][0], "code, before": before["domain"][0]},
)

# %% [markdown]
# The first tenth wins much on code and costs the prose little. The last half wins less, and the
# prose pays for it: that is **catastrophic forgetting**, and the cure is to go on reading some of
# the old. How much? Ibrahim et al. (2024) took 5 % where new and old text were alike, and 25 %
# where they were in different languages. It depends on what the model will be asked: nobody asks a
# code completer for an essay.
#
# Two more things that bite in practice:
#
# - The **rate**. The old run ended at a small learning rate. The new one needs a warm-up and a rate
#   in between: too small, and it learns nothing; too large, and it forgets at the first step.
# - The **tokenizer** stays. With another one, every row of the embedding would mean another word.

# %% [markdown]
# ## 5. Measuring
#
# ### A text longer than the window
#
# Our model reads 32 tokens at once; the held-out text has thousands. Cut it into pieces, and every
# piece begins blind: its first token is guessed from nothing. That makes the model look *worse*
# than it is. So let the windows **overlap**, and count only the tokens that no window has counted
# before. The rest is read for context. Move the stride:

# %% tags=["demo"]
Explorer(lambda stride: windows(25, 8, stride), {"stride": [4, 1, 2, 3, 5, 6, 7, 8]})

# %% [markdown]
# A small stride gives every token a long context, and reads everything many times. A stride as long
# as the window is cheapest. Every token but the first must count *exactly once*, whatever the
# stride.
#
# (There are two ways to count. Here a window of 8 *reads* 8 tokens and makes 8 predictions, so the
# stride can be 8. Elsewhere, a window of 8 holds 7 predictions and their targets, and then a stride
# of 8 leaves a token out between any two windows. Ask before you compare.)

# %% exercise="strided_perplexity"
from gradus.evaluation.strided import strided_perplexity

# %% check="strided_perplexity"
check(strided_perplexity)

# %% [markdown]
# **Predict**: the same model, the same text, strides of 32, 16, 8, 4. By how many per cent does
# the perplexity move?

# %% tags=["demo"]
piece = general[1][:1500].to(device)
strides = [32, 16, 8, 4]
by_stride = [
    strided_perplexity(gpt.eval(), piece, 32, stride) for stride in tqdm(strides, desc="strides")
]
bars(
    [f"stride {stride}: about {32 // stride} times the work" for stride in strides],
    {"": by_stride},
    "perplexity: same model, same text",
    "Which of them is the perplexity?",
)

# %% [markdown]
# All of them. Ours moves by a per cent or two, and not even always downwards: after so little
# training it hardly looks further back than a few tokens, so more context has little to give. A
# model that *uses* its context moves far more: GPT-2 large has a window of 1,024, and comes to
# about 19.4 on Wikipedia articles with a stride of 1,024, to about 16.4 with 512. A perplexity
# without its window, stride and tokenizer is like a speed without a unit, and a "better model" is
# easily made by a smaller stride.
#
# ### Luck
#
# Two models differ by a hundredth of a bit on our held-out text. Is one better, or was it lucky
# with *these* documents? Take the documents we have as all the world we know. Draw from them as
# many as there are, **with replacement**; measure the difference; do it again 10,000 times. The
# middle
# 95 % of the differences is what other documents could have shown. This is the **bootstrap**.
#
# Two rules. Draw *documents*, not tokens: tokens of one document stand and fall together. And draw
# them **in pairs**, the same documents for both models: a hard document is hard for both, and in
# the difference that cancels. **Predict**: how much wider does the interval get if you forget that?

# %% tags=["demo"]
tests = blocks_of_code[len(blocks_of_code) * 9 // 10 :: 2]


@torch.no_grad()
def bits_of(model: Gpt, text: str) -> float:
    ids = torch.tensor(tokenizer.encode(text), device=device)
    return (len(ids) - 1) * math.log2(strided_perplexity(model.eval(), ids, 32, 32))


sizes = torch.tensor([float(len(text.encode())) for text in tests])
few, half = (
    torch.tensor([bits_of(adapted[f][0], text) for text in tqdm(tests, desc=f"{f:.0%} code")])
    for f in (0.1, 0.5)
)
paired = paired_bootstrap(few, half, sizes, generator=Generator().manual_seed(0))
pick = torch.randint(len(tests), (2, 10_000, len(tests)), generator=Generator().manual_seed(0))
apart = few[pick[0]].sum(1) / sizes[pick[0]].sum(1) - half[pick[1]].sum(1) / sizes[pick[1]].sum(1)
low, high = apart.double().quantile(torch.tensor([0.025, 0.975]).double()).tolist()
print(f"a tenth of code needs {paired.difference:+.4f} bits per byte more than half of it")
print(f"in pairs:      {paired.low:+.4f} to {paired.high:+.4f}")
print(f"not in pairs:  {low:+.4f} to {high:+.4f}")

# %% [markdown]
# The interval in pairs is far narrower: the same documents, the same two models, and with one way
# of counting you are sure where with the other you are less so. (And it says nothing about other
# *seeds*: train twice, and the difference may well be another. That needs more runs, not more
# documents.)
#
# ## 6. BloombergGPT's four questions
#
# Everything is there to answer the questions from the beginning. The numbers are from the paper (Wu
# et al. 2023, *BloombergGPT: A Large Language Model for Finance*).
#
# **1 and 2. How large, how many tokens?** The budget: 1.3 million hours on GPUs of the kind A100.
# To save memory, they compute each block's activations a second time (lesson 12), which costs a
# third more; a factor of 0.75 remains. In the end they got 102 TFLOP/s out of each GPU, on average.
# The paper does not say which number it planned with, so we take that one.
#
# The authors took the nine runs in Chinchilla's Table 3 and laid a line through their logarithms.
# **Predict** with 20 tokens per parameter in mind: where will it land?

# %% tags=["demo"]
hours, rate = 1.3e6, 102e12
budget = hours * 3600 * rate * 0.75
line_params = 10 ** (0.498 * math.log10(budget) - 1.004)
line_tokens = 10 ** (0.502 * math.log10(budget) + 0.229)
law_params, law_tokens = compute_optimal(budget, BESIROGLU.law)
FINPILE, PUBLIC, READ_BY_THEM, SIZE = 363.5e9, 345.4e9, 569e9, 50.6e9
print(f"the budget: {budget:.2e} FLOPs\n")
for name, params, tokens in (
    ("their line through Table 3", line_params, line_tokens),
    ("Chinchilla's law, refitted", law_params, law_tokens),
    ("what they did", SIZE, READ_BY_THEM),
):
    print(f"{name:30} {params / 1e9:6.1f} billion parameters, {tokens / 1e9:7.0f} billion tokens")

# %% [markdown]
# The best size for the budget is about 50 billion: that is question 1. But it wants 1,100 billion
# tokens, and **there were 709**. So the model was not "sized compute-optimally", as one often
# reads: it was *limited by data*. And it stopped after 569 billion tokens, 0.8 epochs, when the
# loss on held-out text hardly fell any more: question 4.
#
# (The law is that of lesson 11 with Besiroglu's coefficients. With those that Chinchilla's authors
# printed, rounded, it says half the size: try `HOFFMANN`. A line through a table that everybody can
# read was a good choice.)
#
# What did the missing tokens cost? The law can say, for what it is worth.

# %% tags=["demo"]
choices = {
    "done: 50.6 B, 569 B tokens": (SIZE, READ_BY_THEM),
    "all there was: 50.6 B, 709 B tokens": (SIZE, FINPILE + PUBLIC),
    "their line: 53 B, 1,130 B tokens": (line_params, line_tokens),
    "half the size: 25.3 B, 709 B tokens": (SIZE / 2, FINPILE + PUBLIC),
    "GPT-3's way: 175 B, 300 B tokens": (175e9, 300e9),
}
law_loss = [chinchilla_loss(n, d, BESIROGLU.law) for n, d in choices.values()]
bars(
    [f"{name}; {train_flops(*nd):.1e} FLOPs" for name, nd in choices.items()],
    {"": law_loss},
    "loss in nats per token, by the law",
    "How much did the missing tokens cost?",
)

# %% [markdown]
# Little. Near the best point the valley is flat: all are within a few hundredths. That is the
# comfort of scaling laws: *about* right is right. Check the paper's sums, as you should with every
# paper:

# %% tags=["demo"]
layers, width, heads, vocabulary = 70, 7680, 40, 131_072
ours = (
    param_count(vocabulary, width, layers, heads, 4 * width) + 2 * width
)  # a norm after embedding
per_step, steps = 2048 * 2048, 139_200
all_tokens = 7_200 * 1024 * 2048 + (steps - 7_200) * per_step
print(f"parameters from the shape: {ours / 1e9:.1f} billion (the paper: 50.6)")
print(f"tokens from the steps:     {all_tokens / 1e9:.0f} billion (569)")
print(f"6 N D = {train_flops(SIZE, all_tokens):.2e}; with recomputing, 8 N D = ", end="")
print(f"{train_flops(SIZE, all_tokens) * 4 / 3:.2e} (2.36e23 reported)")
used = 512 * 32.5 * steps / 3600
print(f"512 GPUs for {steps:,} steps of 32.5 s: {used:,.0f} GPU-hours of {hours:,.0f}")

# %% [markdown]
# Everything agrees, and the last line answers question 4 again: half of the budget was never used.
# When more training no longer helps, stop.
#
# **3. Which share of finance?** 51 % finance, 49 % public text: *by size*, more or less, because
# that is what there was. With your `mixture_weights` you can ask what else they could have done.
# Move
# $\alpha$: what happens to the 5 billion tokens that the company itself had written?

# %% tags=["demo"]
SOURCES = {  # billions of tokens, table 1
    "financial web": 298e9, "news": 38e9, "filings": 14e9, "press": 9e9, "Bloomberg's own": 5e9,
    "The Pile": 184e9, "C4": 138e9, "Wikipedia": 24e9,
}  # fmt: skip


def bloomberg(alpha: float):
    part, times, worn = mixture_weights(SOURCES, alpha, READ_BY_THEM)
    names = [f"{name}: {part[name]:.1%}" for name in SOURCES]
    title = f"alpha {alpha}: more than 4 epochs of {', '.join(worn) or 'nothing'}"
    return bars(names, {"": list(times.values())}, "epochs", title, longest=16)


Explorer(bloomberg, {"alpha": [1.0, 0.0, 0.3, 0.5, 0.7]})

# %% [markdown]
# They trained from scratch on the mixture, and did not adapt a public model as you did in part 4:
# in
# 2022 there were few open ones of that size, and they wanted a tokenizer of their own. A year later
# many would have gone on from an open model, for a small part of the money. The right answer to
# "build or adapt" has a date on it.
#
# ## 7. Your model, and your word for it
#
# Now choose for yourself, and then **say what will come out before it does**. That is the craft:
# whoever can forecast a run from small ones does not waste the large one.
#
# Loss falls with size along a straight line, when both are drawn as logarithms, as long as nothing
# else is in the way (lesson 11). Fit the line by least squares:

# %% exercise="predict_loss"
from gradus.evaluation.forecast import predict_loss

# %% check="predict_loss"
check(predict_loss)

# %% [markdown]
# Now the model. The **budget** is `BUDGET` FLOPs for the largest run, with `TOKENS` tokens each.
# Any family is allowed that never looks ahead: a decoder as below, with other norms or positions or
# SwiGLU, an RNN (lesson 01), or something of your own. `width` is the dial that makes it larger.
# `my_rate` is the learning rate for a width: wide models want smaller steps, and a badly tuned
# large run is the usual reason why forecasts fail.
#
# Right means: `model(ids)` gives logits (batch, seq, vocab); at `LARGE`, it stays in the budget;
# and the forecast from the widths in `SMALL` is within 8 % of what is measured, *on a text that
# the checker chooses*. So no number that you type can help you.

# %%
SMALL, LARGE = (8, 16, 24, 32), 48
STEPS, BATCH, WINDOW = 150, 16, 32
TOKENS = STEPS * BATCH * WINDOW
BUDGET = 6e10  # FLOPs: 6 for each parameter and token


# %% answer="my_model"
def my_model(vocab: int, width: int) -> nn.Module:
    """Return a fresh model that reads up to WINDOW tokens and predicts each next one."""
    ### BEGIN SOLUTION
    model = Gpt(
        Embedding(vocab, width),
        [Block(width, heads=2, d_ff=4 * width)],
        LayerNorm(width),
        LearnedPositions(WINDOW, width),
    )
    init_weights(model, layers=1, std=0.1)
    return model
    ### END SOLUTION


def my_rate(width: int) -> float:
    """Return the peak of the learning rate for a model of this width."""
    ### BEGIN SOLUTION
    return 0.3 / width
    ### END SOLUTION


# %%
def one_run(ids: Tensor, vocab: int, width: int, seed: int = 0) -> tuple[int, float]:
    """Train a model of this width; return its size, and its loss on the last tenth of the text."""
    torch.manual_seed(seed)
    model, cut = my_model(vocab, width), len(ids) * 9 // 10
    settings = Settings(STEPS, BATCH, WINDOW, peak=my_rate(width), warmup=15, floor=0.0)
    dice = Generator().manual_seed(seed)
    for _ in train(model, ids[:cut], settings, generator=dice, progress=False):
        pass
    return count_parameters(model), evaluate(model, ids[cut:], WINDOW)


# %% [markdown]
# The small runs first. Then **write down your own forecast** for the large one, by eye, next to
# that of the line.

# %% tags=["demo"]
characters = torch.tensor([min(byte, 127) for byte in by_source["prose"][:200_000].encode()])
runs = [one_run(characters, 128, width) for width in tqdm(SMALL, desc="small runs")]
large = count_parameters(my_model(128, LARGE))
forecast = predict_loss([n for n, _ in runs], [loss for _, loss in runs], large)
print(f"budget used at width {LARGE}: {6 * large * TOKENS / BUDGET:.0%}")
print(f"forecast for {large:,} parameters: {forecast:.3f} nats per byte")

# %% tags=["demo"]
_, measured = one_run(characters, 128, LARGE)
grid = [10 ** (3.3 + 0.05 * i) for i in range(30)]
fit = [predict_loss([n for n, _ in runs], [loss for _, loss in runs], n) for n in grid]
print(f"measured: {measured:.3f}; off by {forecast / measured - 1:+.1%}")
curves(
    {
        "forecast": ([math.log10(n) for n in grid], fit),
        "small runs": ([math.log10(n) for n, _ in runs], [loss for _, loss in runs]),
        "the large run": ([math.log10(large)], [measured]),
    },
    "parameters (3 is a thousand, 4 ten thousand)",
    "loss in nats per byte",
    "What was promised, and what came",
)

# %% [markdown]
# On which side of the forecast did it come out? A straight line knows no **floor**, and there is
# one: text is never certain (lesson 11). So the line promises a little too much, and the more, the
# further it is continued. One run each is little, too: another seed moves such a small run by a per
# cent or so. Large labs know the spread of their runs before they believe a trend. Now the check:
# another text, the same question.

# %% tests="my_model" points=2
probe = torch.randint(50, (2, WINDOW), generator=Generator().manual_seed(0))
probe_model = my_model(50, SMALL[0]).eval()
with torch.no_grad():
    scores = probe_model(probe)
    assert scores.shape == (2, WINDOW, 50), (
        f"logits should be (2, {WINDOW}, 50), not {scores.shape}"
    )
    turned = probe.clone()
    turned[:, -1] = (turned[:, -1] + 1) % 50
    moved = (probe_model(turned) - scores)[:, :-1].abs().max()
    assert moved < 1e-5, "the last token was changed, and earlier scores moved: it looks ahead"
sizes_tried = [count_parameters(my_model(128, width)) for width in (*SMALL, LARGE)]
assert sizes_tried == sorted(set(sizes_tried)), "a wider model must have more parameters"
cost = 6 * sizes_tried[-1] * TOKENS
assert cost <= BUDGET, f"the largest model costs {cost:.1e} FLOPs; the budget is {BUDGET:.0e}"

# %% tests="my_model-forecast" points=3
unseen = torch.tensor([min(byte, 127) for byte in python_docs()[100_000:300_000].encode()])
assert 6 * count_parameters(my_model(128, LARGE)) * TOKENS <= BUDGET, "over the budget"
tried = [one_run(unseen, 128, width, seed=1) for width in SMALL]
promised = predict_loss([n for n, _ in tried], [loss for _, loss in tried], sizes_tried[-1])
_, came = one_run(unseen, 128, LARGE, seed=1)
assert came < 3.1, f"after training, {came:.2f} nats per byte: it has learned next to nothing"
gap = abs(promised / came - 1)
assert gap < 0.08, f"promised {promised:.2f}, measured {came:.2f} nats: off by {gap:.0%}"

# %% [markdown]
# ## When it goes wrong
#
# A program with an error in it stops and says so. A *model* with an error in it trains, writes, and
# says nothing. The three patients of this part are small decoders that run without a murmur. One
# part of each is wrong. You get symptoms, instruments and, in the end, the code of the part.
#
# They all read sentences out of a small grammar, letter by letter: *the old fox sees the new
# river.* There is a reason for this. Each sentence is five choices out of eight words, and nothing
# else in it is free. So we know to the last digit how uncertain this text *is*: $\ln 8^5$ nats for
# each sentence, shared among its letters.

# %% tags=["demo"]
import inspect

from gradus.bug_hunt import found
from gradus.bug_hunt.patient import SEQ, Patient, treat, write
from gradus.bug_hunt.sentences import LETTERS, decode, encode, floor, sentences
from gradus.plots.maps import attention_map
from gradus.suspects import suspect

grammar = sentences(2000, Generator().manual_seed(0))
letters = encode(grammar)
print(grammar[:140], "...")
print(f"\n{len(letters):,} letters; nobody gets below {floor():.2f} nats a letter")

# %% [markdown]
# ### The first patient: too good to be true
#
# Its training went better than anything you have seen in this course. The dotted line is what
# nobody can get below.
#
# **Predict** what such a model writes.

# %% tags=["demo"]
first = Patient(mask=found.window_mask).to(device)
too_good = treat(first, letters)
curves(
    {"the first patient": (list(range(len(too_good))), too_good)},
    "step",
    "nats a letter",
    f"In the end {sum(too_good[-20:]) / 20:.2f} nats a letter",
    levels={"the uncertainty of the text:": floor()},
    x_end=len(too_good),
)

# %% tags=["demo"]
print(write(first))

# %% [markdown]
# It predicts what cannot be predicted, and it cannot write. Both are one symptom: in training it
# knew something that it does not know when it writes. What could that be? Do not guess: build an
# instrument.
#
# Change one token, and see which positions notice. Do this for every token, and you know who reads
# whom, whatever stands in the code. Right means: a row for each position, a column for each token
# that was changed, and in it how far the logits moved.

# %% exercise="influence"
from gradus.bug_hunt.influence import influence

# %% check="influence"
check(influence)

# %% [markdown]
# **Predict** what the picture looks like for a decoder that is well: which half is empty?


# %% tags=["demo"]
def who_reads_whom(patient: Patient, title: str):
    text = "the old fox"
    moved = influence(patient, encode(text).to(device)).cpu()
    names = [f"{i} {letter!r}" for i, letter in enumerate(text)]
    share = moved / moved.amax(dim=1, keepdim=True)
    return attention_map(share, names, title=title, shade="share of the row's largest move")


who_reads_whom(first, "Rows: who notices. Columns: which letter was changed")

# %% [markdown]
# Look at one row. Which letters does position 3 take notice of, and which one is it to predict?
#
# The part of the code that decides this makes a mask with a short memory: a position reads only the
# nearest tokens, and distant ones through the block below. Here it is, as it was found. It runs,
# its shape is right, and its picture looks orderly.

# %% tags=["demo"]
print(inspect.getsource(found.window_mask))

# %% [markdown]
# Mend it: copy it into the next cell, change what is wrong, and leave the rest as it was. A good
# mend is small. Right means: the symptom is gone, and the window is as wide to its one side as it
# was, a position itself included. It is used with caches, too, where the queries are fewer than the
# keys.

# %% exercise="window_mask"
from gradus.bug_hunt.window_mask import window_mask

# %% check="window_mask"
check(window_mask)

# %% [markdown]
# Your mask goes into the patient, and it is trained again. **Predict:** where does the curve end
# now: above the dotted line, or on it?

# %% tags=["demo"]
cured = Patient(mask=window_mask).to(device)
honest = treat(cured, letters)
steps = list(range(len(honest)))
curves(
    {"as found": (steps, too_good), "mended": (steps, honest)},
    "step",
    "nats a letter",
    f"Mended, it ends at {sum(honest[-20:]) / 20:.2f} nats a letter",
    levels={"the uncertainty of the text:": floor()},
    x_end=len(honest),
)

# %% tags=["demo"]
print(write(cured))
assert sum(too_good[-20:]) / 20 < floor() < sum(honest[-20:]) / 20

# %% [markdown]
# A worse curve and a better model. (It stays a little above the line: its windows begin in the
# middle of a sentence, where nobody can know what came before.)
#
# ### The second patient: well by day
#
# This one has the very weights that you have just trained, so its loss is the same to the last
# digit. When it reads its whole text again for each letter, it writes as well. With caches, which
# should change nothing but the time, it writes this:

# %% tags=["demo"]
second = Patient(mask=window_mask, vectors=found.token_vectors).to(device)
second.load_state_dict(cured.state_dict())
print("reads all anew:", write(second, cached=False))
print("with caches:   ", write(second))

# %% [markdown]
# Two ways to the same thing, and they part. So hold them side by side, letter by letter, and look
# for the *first* place where they do. **Predict:** is the first letter after the beginning wrong
# already? The second?


# %% tags=["demo"]
def cached_and_whole(patient: Patient, text: str = "the old fox sees", first_read: int = 8):
    """How far the logits lie apart: the text read whole, and its end read one by one."""
    ids = encode(text)[None].to(device)
    caches = [KVCache() for _ in patient.blocks]
    with torch.no_grad():
        whole = patient(ids)[0]
        pieces = [patient(ids[:, :first_read], caches=caches)[0]]
        for i in range(first_read, ids.shape[1]):
            pieces.append(patient(ids[:, i : i + 1], caches=caches)[0])
    apart = (torch.cat(pieces) - whole).norm(dim=-1).tolist()
    names = [f"{i} {letter!r}" for i, letter in enumerate(text)]
    title = f"The first {first_read} letters come at once, the others one by one"
    return bars(names, {"": apart}, "how far the logits lie apart", title)


cached_and_whole(second)

# %% [markdown]
# All is well while the letters come at once. From the first one that comes by itself, it is not.
# The attention and the caches have been looked at and are fine. What else has to know how many
# tokens came before? This part:

# %% tags=["demo"]
print(inspect.getsource(found.token_vectors))

# %% exercise="token_vectors"
from gradus.bug_hunt.token_vectors import token_vectors

# %% check="token_vectors"
check(token_vectors)

# %% tags=["demo"]
mended = Patient(mask=window_mask, vectors=token_vectors).to(device)
mended.load_state_dict(cured.state_dict())
print("reads all anew:", write(mended, cached=False))
print("with caches:   ", write(mended))
assert write(mended) == write(mended, cached=False)

# %% [markdown]
# No training would ever have shown this. In training, `past` is always 0. Whatever has two ways
# through the code needs a test that both agree.
#
# ### The third patient: something is missing
#
# Its curve falls as it should, and stops too high. Its text looks like noise. Or does it? **Read it
# letter by letter**, and try to say the words that it seems to think of.

# %% tags=["demo"]
third = Patient().to(device)
too_high = treat(third, letters, found.window_loss)
curves(
    {"the third patient": (steps, too_high), "the cured one": (steps, honest)},
    "step",
    "nats a letter",
    f"It ends at {sum(too_high[-20:]) / 20:.2f}, the cured one at {sum(honest[-20:]) / 20:.2f}",
    levels={"the uncertainty of the text:": floor()},
    x_end=len(steps),
)

# %% tags=["demo"]
print(write(third))

# %% [markdown]
# Here is an experiment. Give it a sentence, and ask it at each letter which one it holds for the
# likeliest *next*. Compare its answers with the text. The mask is fine (you could take your
# instrument to it), the vectors are yours.

# %% tags=["demo"]
text = "the old fox sees the great river."
with torch.no_grad():
    guesses = decode(third(encode(text)[None].to(device))[0].argmax(-1).cpu())
print("it reads:  ", " ".join(text))
print("it expects:", " ".join(guesses))

# %% [markdown]
# Look below *s e e s*, or below *g r e a t*. When you have seen it, here is the code that it was
# trained with. In the mended one, every token of a window makes a prediction, `seq` of them in
# each.

# %% tags=["demo"]
print(inspect.getsource(found.window_loss))

# %% exercise="window_loss"
from gradus.bug_hunt.window_loss import window_loss

# %% check="window_loss"
check(window_loss)

# %% tags=["demo"]
begin = torch.arange(0, 800, 50, device=device)
with torch.no_grad():
    now = window_loss(third, letters.to(device), begin, SEQ).item()
print(f"measured as you measure: {now:.2f} nats a letter (knows nothing: {math.log(28):.2f})")
treat(third, letters, window_loss, steps=90)
print("after 90 steps with your loss:", write(third))
assert now > 3

# %% [markdown]
# It was a good student of the wrong subject. Three patients, three habits to keep:
#
# | symptom | look at |
# | --- | --- |
# | better than the text allows, writes nonsense | who reads whom (`influence`) |
# | two ways to one thing, two results | the first place where they part |
# | learns, and stops too high | what it was really asked: print what it expects |
#
# ### Write the test
#
# All three were found late, by their symptoms. A test would have found them before the training.
# But who tests the test? We do, the way your own answers have been tested all along: with
# implementations that are wrong in ways that people really are, and with right ones that are
# written in another way. **A good test catches all of the first and none of the second.**
#
# Here are three implementations of `attend`. One is right. **Predict:** does the test below, which
# looks at shapes, find out the two others?

# %% tags=["demo"]
ways = {"A": "over queries", "B": "double", "C": "unscaled"}
q, k, v = (torch.randn(2, 4, 4, generator=Generator().manual_seed(i)) for i in range(3))
for name, way in ways.items():
    output, weights = suspect("attend", way)(q, k, v)
    fine = output.shape == (2, 4, 4) and weights.shape == (2, 4, 4)
    print(f"{name}: shapes {'right' if fine else 'wrong'}, numbers {output[0, 0, 0]:.3f}, ...")

# %% [markdown]
# Shapes say nothing. So: what else do you ask? Where does what you *expect* come from? (Never from
# the one on trial.) Which sizes, which mask, which numbers? And how far apart may two results lie?
# Measure this one:

# %% tags=["demo"]
right = suspect("attend", "library")(q, k, v)[0]
for way in ("double", "backwards", "rounded", "filled with -10", "unscaled"):
    mask = torch.ones(4, 4, dtype=torch.bool).tril() if way.startswith("filled") else None
    there = suspect("attend", "library")(q, k, v, mask)[0]
    apart = (suspect("attend", way)(q, k, v, mask)[0] - there).abs().max().item()
    print(f"{way:16} at most {apart:.0e} from the library's")

# %% [markdown]
# `double` and `backwards` are right, the others are not. Between them lie powers of ten, and your
# tolerance has to stand there: at 1 it catches nobody, at 0 it accuses the innocent.
#
# Write the test. It is given an implementation, calls it as it likes, and raises an error if
# something is wrong: `assert condition, "what is wrong"`, or `torch.testing.assert_close`. What is
# right stands in the docstring. You may hold it against anything you trust, your own definition or
# PyTorch's. The check hands it some fifty suspects, in groups. Your points are those groups in
# which every wrong one is caught and no right one accused. Draw random numbers from a
# `torch.Generator` with a seed: a test that asks something else tomorrow is a test that fails
# tomorrow.

# %% exercise="check_attend"
from gradus.checks.attend import check_attend

# %% check="check_attend"
check(check_attend)

# %% [markdown]
# Twice more, where the traps are others. For the loss: the shift, the padding on either side, the
# mean (over what?), and a model that is sure and wrong.

# %% exercise="check_lm_loss"
from gradus.checks.lm_loss import check_lm_loss

# %% check="check_lm_loss"
check(check_lm_loss)

# %% [markdown]
# And for top-p: the token that crosses the bound, what stands where after the sorting, both ends
# of p, and an error that has to come.

# %% exercise="check_top_p_filter"
from gradus.checks.top_p_filter import check_top_p_filter

# %% check="check_top_p_filter"
check(check_top_p_filter)

# %% [markdown]
# If a test of yours spared a wrong one, you have learned where it does not look. This is called
# **mutation testing**, and this whole course stands on it: each of its exercises was held against
# the mistakes that people make before you were given it.

# %% [markdown]
# ## 8. Into the world, and the way back
#
# A model in a notebook helps nobody. Before it goes out: does it fit (lesson 12: half the bytes in
# int8), is it quick enough (lesson 04: the cache), what does it read besides the question (a
# document looked up, the result of a program), who may ask what, and what is shown when it does not
# know? Then it is used, and the questions people *really* ask are the next test set. The life of a
# model is a circle:
#
# ```
#   use case ──► data ──► mixture ──► training ──► adapting ──► measuring ──► in use
#      ▲                                                                        │
#      └──────────────── what people asked, and where it failed ────────────────┘
# ```
#
# | you built | what for | in a real project |
# | --- | --- | --- |
# | `quality_filter` | prose from noise | Gopher; FineWeb uses most of these rules, too |
# | `deduplicate` | each thing once | without copies a model wrote ten times less by heart |
# | `mixture_weights` | small sources heard | mT5: alpha = 0.3 for 101 languages |
# | `adapt` | learn, and not forget | Code Llama: Llama 2 and 500 billion tokens more |
# | `strided_perplexity` | a fair number | any published perplexity; ask for its stride |
# | `predict_loss` | a promise | GPT-4, from runs with a ten-thousandth of its compute |
#
# (Ten times: Lee et al. 2021. GPT-4's report says *at most* a ten-thousandth.)
#
# Back to the four questions: 50 billion; 1,100 wanted and 709 there; half and half; and *stop when
# it no longer helps*. Compare with what you wrote down. Most people say: larger, less, and nearly
# all finance. Large models were the fashion; the data decided.
#
# ### Questions to leave with
#
# 1. Run the eight rules on `by_source["code"]`. Which rule would you change first for a code model?
# 2. Two fractions, 0.1 and 0.5, are close on code. How many *seeds* would you need to tell which is
#    better, if seeds move the result by 0.02 bits?
# 3. Adapt with ten times the rate, and with a tenth. Where does the prose suffer most?
# 4. Your forecast was for twice the size. Try four times. When does the line stop being one?
#
# ### To read on
#
# - Wu et al. 2023, *BloombergGPT*: chronicle of a training run included, with all its failures.
# - Lee et al. 2021, *Deduplicating Training Data Makes Language Models Better*.
# - Muennighoff et al. 2023, *Scaling Data-Constrained Language Models*.
# - Gururangan et al. 2020, *Don't Stop Pretraining*.
# - Rae et al. 2021, *Gopher*: appendix A has the rules, and the reasons.
