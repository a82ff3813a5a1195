# %% [markdown]
# # The decoder: a model that writes
#
# *About 150 minutes. Each part can be done by itself.*
#
# Five texts that begin with *The*. One was written by a human being. One by a trained model of 135
# million parameters. And three by the model that you will build and train in this lesson: before it
# had learned anything, after 100 steps, and after 700 steps, some twenty seconds later.
#
# > **A.** The must not core Liiting a class, and xt are used fied variable. The trac
# >
# > **B.** The class of all objects that has a memory location where a particular object is stored.
# > The classes are the foundation of object-oriented
# >
# > **C.** Theup liultbjecttribute�Iere ha�il%low0+ction s poQble not liaryK returnse��
# >
# > **D.** The returned value is bound to the function name instead of the function object.
# >
# > **E.** Theing stringc. Inital of theleing to al the the functions eaon. T beyormo
#
# **Who wrote which?** And a harder question: what does each one know that the one before it did
# not? Which pieces of words are common? What stands beside what? What a sentence is about? Write
# your five answers down. The solution is in part 5, when you will have watched it happen.
#
# | | |
# | --- | --- |
# | you need | attention (lesson 04), the block (lesson 05); both are imported |
# | your computer | any laptop; everything here runs without a GPU and without a download |
# | optional | a trained model of 135 million parameters: `gradus fetch smollm2` (93 MB) |

# %%
import math
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import torch
from jaxtyping import Bool, Float, Int
from torch import Generator, Tensor, nn

from autograder.check import check
from gradus.cache import KVCache
from gradus.mask import causal_mask, combine_masks
from gradus.placing import place
from gradus.probability import cross_entropy

# %% tags=["demo"]
import time

from tqdm.auto import tqdm

from gradus.block import Block
from gradus.collate import collate
from gradus.count import count_parameters
from gradus.data import published, python_docs
from gradus.device import best_device
from gradus.embedding import Embedding
from gradus.explore import Explorer
from gradus.explore.training import TrainingPanel
from gradus.generation import generate
from gradus.initialise import init_weights
from gradus.norm import LayerNorm
from gradus.plots import bars
from gradus.plots.curves import curves
from gradus.plots.decay import decays
from gradus.plots.shares import shares
from gradus.position import LearnedPositions
from gradus.tokenizer import Tokenizer

torch.manual_seed(0)
torch.set_num_threads(1)  # our tensors are small: more threads would wait for each other
device = best_device()

# %% [markdown]
# ## 1. Putting it together
#
# You have all the parts. A **decoder** is what you get when you put them on top of each other:
#
# ```
#   ids ──► word vectors (+ positions) ──► block ──► block ──► ... ──► norm ──► scores
#                    │                                                             ▲
#                    └───────────────── one and the same table ────────────────────┘
# ```
#
# At the top, every position holds a vector. How do we read off a *word*? By comparing: the score of
# a word is the dot product of that vector with the word's own row in the table at the bottom. The
# model puts out a vector that looks like the word it expects. One table serves twice: this is
# called **tying**. GPT-2 and BLOOM do it. LLaMA has a table of its own at the top, a `head`.
#
# Right means:
#
# - A token reads itself and what came before it. At *every* position the model predicts the token
#   that comes next, and must not have seen it. The causal mask is the exam's supervision.
# - Padding is read by nobody. It may stand on the left, as it does when several texts are written
#   on at once. `place` (imported above) adds positions so that each text's own first token stands
#   at position 0.
# - With caches, only the new tokens come in, and the caches remember the rest.
# - What comes out are scores (logits), not probabilities.

# %% exercise="Gpt"
from gradus.decoder import Gpt

# %% check="Gpt"
check(Gpt)

# %% [markdown]
# Here is a small model of two blocks, untrained, and a text of eight tokens. We change token 4.
# **Predict:** at which positions do the scores move? And what would it mean if they moved at
# position 3?


# %% tags=["demo"]
def small_gpt(
    vocab: int, d_model: int = 96, layers: int = 2, heads: int = 4, max_seq: int = 32, seed: int = 0
) -> Gpt:
    """A GPT with fresh weights, drawn as GPT-2's were."""
    generator = Generator().manual_seed(seed)
    torch.manual_seed(seed)
    model = Gpt(
        Embedding(vocab, d_model),
        [Block(d_model, heads, 4 * d_model) for _ in range(layers)],
        LayerNorm(d_model),
        LearnedPositions(max_seq, d_model),
    )
    init_weights(model, layers, generator=generator)
    return model.to(device)


toy = small_gpt(vocab=20)
before = torch.randint(20, (1, 8), generator=Generator().manual_seed(1)).to(device)
after = before.clone()
after[0, 4] = (after[0, 4] + 1) % 20
moved = (toy(after) - toy(before))[0].norm(dim=-1).tolist()
bars(
    [f"position {i}" for i in range(8)],
    {"": moved},
    "how far the scores move",
    "Token 4 was changed: who notices?",
)

# %% [markdown]
# Nothing moves before position 4. If position 3 moved, it would have seen token 4, which is exactly
# what it is to predict: its loss would fall towards 0 in training, and it would be of no use when
# it writes, because then the next token is not there yet. This is the most expensive bug there is,
# since the loss curve looks *wonderful*.
#
# (Position 4 moves most: it reads its own token through the stream. The others only hear of it.)
#
# ## 2. What is there to learn?
#
# The loss is the cross-entropy of lesson 00, for every token and the token that follows. With that,
# one text of 100 tokens is 99 exercises, each with its solution. Nobody had to write labels: this
# is why there are trillions of them.
#
# Careful with the **shift**. The logits at position 3 are a prediction of token 4. Which of the two
# loses its first entry, and which its last? And mind the padding: two tokens take part in each
# prediction, the one that makes it and the one that it should be. Only if both are real does it
# count.

# %% exercise="lm_loss"
from gradus.objective import lm_loss

# %% check="lm_loss"
check(lm_loss)

# %% [markdown]
# An untrained model knows nothing. **Predict** its loss, as a number, before you run the next cell:
# all 20 tokens are about equally likely to it. Then predict it for 512 tokens, and for GPT-2's
# 50,257.

# %% tags=["demo"]
measured = {}
for vocab in (20, 512, 50257):
    ids = torch.randint(vocab, (4, 32), generator=Generator().manual_seed(0)).to(device)
    with torch.no_grad():
        measured[vocab] = lm_loss(small_gpt(vocab)(ids), ids).item()
    know_nothing = math.log(vocab)
    print(f"{vocab:6,} tokens: ln V = {know_nothing:.2f}, measured {measured[vocab]:.2f}")
    assert abs(measured[vocab] - know_nothing) < 0.1

# %% [markdown]
# $\ln V$: who gives each of $V$ tokens a share of $1/V$ pays $-\ln(1/V) = \ln V$ for each. This is
# the cheapest test in all of deep learning. **Always look at the loss before the first step.** Is
# it below $\ln V$? Then something leaks. Far above? Then the model is sure of something, and wrong.
# Like this one, whose word vectors start at size 1 in place of 0.02:

# %% tags=["demo"]
loud = small_gpt(512)
nn.init.normal_(loud.tokens.weight, std=1.0)
ids = torch.randint(512, (4, 32), generator=Generator().manual_seed(0)).to(device)
with torch.no_grad():
    sure = lm_loss(loud(ids), ids).item()
bars(
    ["knows nothing: ln 512", "word vectors of size 0.02", "word vectors of size 1"],
    {"": [math.log(512), measured[512], sure]},
    "loss before the first step, in nats",
    "Word vectors that start too large: sure, and wrong",
)

# %% [markdown]
# ### The text
#
# Everything is on your computer already: Python's own documentation, as `help()` shows it. We take
# its paragraphs of prose and leave out tables, programs and quotation marks. Your tokenizer's fast
# brother from lesson 02 learns a vocabulary of 512: the 256 bytes, and 256 pieces of words. The
# last tenth of the text is put aside. The model never trains on it, so it can show whether it has
# understood or only memorised.


# %% tags=["demo"]
def is_prose(text: str) -> bool:
    letters = sum(sign.isalpha() or sign == " " for sign in text)
    return len(text) > 60 and text[0].isupper() and text[-1] in ".:" and letters > 0.88 * len(text)


quoted = str.maketrans("", "", "\"'*“”")  # quotation marks are half of what this text is made of
pieces = python_docs().translate(quoted).split("\n\n")
paragraphs = [" ".join(piece.split()) for piece in pieces]
prose = "\n".join(piece for piece in paragraphs if is_prose(piece))
tokenizer = Tokenizer.train(prose, 512)
tokens = torch.tensor(tokenizer.encode(prose))
cut = len(tokens) * 9 // 10
training, held_out = tokens[:cut], tokens[cut:]
print(f"{len(prose):,} characters, {len(tokens):,} tokens\n")
print(prose[10_000:10_400])

# %% [markdown]
# What can be known without reading? How *often* each token comes. Who knows that, and nothing else,
# pays the **unigram entropy**. A model that is worth its electricity must get below it: the rest of
# the way down is what it learns from *context*.

# %% tags=["demo"]
share = torch.bincount(training, minlength=512).double() / len(training)
unigram = -(share[share > 0] * share[share > 0].log()).sum().item()
pairs = torch.zeros(512, 512, dtype=torch.float64)
pairs.index_put_((training[:-1], training[1:]), torch.ones(1).double(), accumulate=True)
after_one = (pairs + 1e-9) / (pairs + 1e-9).sum(1, keepdim=True)
bigram = -(pairs / pairs.sum() * after_one.log()).sum().item()
levels = {"knows nothing": math.log(512), "knows how often tokens come": unigram}
bars(
    ["knows nothing (ln 512)", "knows how often tokens come", "knows all pairs by heart"],
    {"": [math.log(512), unigram, bigram]},
    "nats for each token",
    "What there is to beat",
)

# %% [markdown]
# ### Batches
#
# The text is one long row of tokens. For each step of training, cut windows out of it, at random
# places. `x` is what the model reads, and `y` is the same window moved on by one: what follows each
# token of `x`.
#
# So there are two ways to the same thing, and it is worth being clear about them. *Texts of their
# own*, of different lengths: give `lm_loss` the ids, and it shifts. *Windows out of a stream*: `y`
# is shifted already, and plain `cross_entropy(model(x), y)` is right. Who shifts twice trains a
# model that predicts the token after the next.
#
# The traps are all at the ends. Does the last window that fits ever come? Does the first? Does a
# window run over the end of the text? The check draws thousands of windows and counts.

# %% exercise="get_batch"
from gradus.batches import get_batch

# %% check="get_batch"
check(get_batch)

# %% tags=["demo"]
x, y = get_batch(training, 2, 12, Generator().manual_seed(3))
for row in range(2):
    print("x:", " | ".join(tokenizer.decode([one]) for one in x[row].tolist()))
    print("y:", " | ".join(tokenizer.decode([one]) for one in y[row].tolist()), "\n")

# %% [markdown]
# ## 3. Steps
#
# `backward` tells for each of a model's numbers in which direction the loss grows. Go the other
# way: by how much? A fixed share of the gradient is a poor answer. Below is a valley: steep from
# side to side, and nearly flat along its floor, as most losses are. **Predict** how a ball gets to
# the star that always goes 0.018 times the slope downhill.
#
# **AdamW** gives each number a step of its own size. It remembers two running means: of the
# gradient $g$, and of $g^2$. The step is the one divided by the root of the other:
#
# $$m \leftarrow \beta_1 m + (1-\beta_1)\, g \qquad v \leftarrow \beta_2 v + (1-\beta_2)\, g^2
# \qquad p \leftarrow p - \eta\, \frac{\hat m}{\sqrt{\hat v} + \varepsilon}$$
#
# A gradient that always points the same way gets a full step of $\eta$, however small it is. One
# that flips from side to side has $m \approx 0$, and hardly moves. The hats: both means begin at 0
# and are too small at first, so each is divided by $1 - \beta^t$. And the W: every number is pulled
# towards 0 by a share of itself, *outside* of all this.

# %% exercise="adamw_step"
from gradus.adamw import adamw_step

# %% check="adamw_step"
check(adamw_step)


# %% tags=["demo"]
def walk(kind: str, steps: int = 60) -> tuple[list[float], list[float]]:
    ball, memory = nn.Parameter(torch.tensor([-4.0, 1.0])), [{}]
    path = [ball.tolist()]
    for _ in range(steps):
        ball.grad = torch.tensor([1.0, 100.0]) * ball.detach()  # of (x² + 100 y²) / 2
        if kind == "AdamW":
            adamw_step([ball], memory, lr=0.2, betas=(0.8, 0.95), weight_decay=0.0)
        else:
            ball.data -= 0.018 * ball.grad
        path.append(ball.tolist())
    return [point[0] for point in path], [point[1] for point in path]


curves(
    {"plain: 0.018 times the slope": walk("plain"), "AdamW": walk("AdamW")},
    "along the valley (the goal is at 0)",
    "across the valley (the goal is at 0)",
    "60 steps through a valley a hundred times as steep across as along",
    x_end=None,
)

# %% [markdown]
# The plain ball jumps from wall to wall, and crawls along the floor: a larger step would throw it
# out of the valley, a smaller one would never arrive. AdamW crosses and descends at once, with
# steps of about 0.2 in *both* directions. It overshoots a little, because $m$ remembers. A language
# model has millions of directions, some a million times steeper than others.
#
# ### How long a step?
#
# $\eta$, the learning rate, is the most important number of all. Three facts: at the beginning $v$
# is an average of very few gradients, and the steps are wild. In the middle, the larger the steps,
# the faster it goes. At the end, large steps run around the goal in circles. So: **warm up** from 0
# in a straight line, then come down along half a **cosine** wave.

# %% exercise="cosine_lr"
from gradus.schedule import cosine_lr

# %% check="cosine_lr"
check(cosine_lr)

# %% [markdown]
# Move the sliders. **Predict:** with a warm-up of 500 steps out of 1000, where is the rate half of
# its peak?


# %% tags=["demo"]
def schedule(peak: float, warmup: int, floor: float):
    steps = list(range(0, 1100, 10))
    rates = [cosine_lr(step, peak, warmup, 1000, floor * peak) for step in steps]
    title = f"Peak {peak:g}, {warmup} steps of warm-up, down to {floor:.0%} after 1000 steps"
    return curves(
        {"rate": (steps, rates)}, "step", "learning rate", title, x_end=1100, y_span=(0, 0.011)
    )


Explorer(
    schedule,
    {
        "peak": [0.005, 0.001, 0.002, 0.01],
        "warm-up": [100, 0, 20, 500, 1000],
        "floor": [0.1, 0.0, 0.5],
    },
)

# %% [markdown]
# Does it matter? Forty steps of training with a rather bold rate, twice: once at full height from
# the first step on, once warmed up over 20 steps. Same model, same batches. **Predict** which
# of the two curves is lower after 5 steps, and which after 40.


# %% tags=["demo"]
def short_run(warmup: int, peak: float = 0.1, steps: int = 40) -> list[float]:
    model, generator = small_gpt(512), Generator().manual_seed(0)
    parameters = list(model.parameters())
    memories: list[dict[str, Any]] = [{} for _ in parameters]
    losses = []
    for step in tqdm(range(steps), desc=f"warm-up {warmup}"):
        x, y = get_batch(training, 8, 32, generator)
        loss = cross_entropy(model(x.to(device)), y.to(device))
        model.zero_grad()
        loss.backward()
        adamw_step(parameters, memories, lr=peak * min(1, (step + 1) / (warmup + 1)))
        losses.append(loss.item())
    return losses


runs = {f"warm-up of {warmup} steps": short_run(warmup) for warmup in (0, 20)}
curves(
    {name: (list(range(40)), losses) for name, losses in runs.items()},
    "step",
    "loss in nats",
    "The first steps, with and without a warm-up",
    levels,
)

# %% [markdown]
# Without a warm-up, the first steps throw the model to a loss above ten: far *worse* than knowing
# nothing. After one batch, AdamW divides every gradient by its own size, so all 276,000 numbers
# make a full step at once, on the word of eight windows. It takes twenty steps to repair that. Ours
# is a small model and comes round; large ones sometimes never do. Warmed up, the rate does no harm.
#
# ### The one bad batch
#
# Among a million batches there is one that is nothing but a table of zeros, or half a virus. Its
# gradient is a thousand times as long as the others. What does it do to AdamW? **Predict**, for one
# number whose gradient is always 1, except for a single 1000 in step 20: how long are its steps
# before, at, and after step 20?


# %% tags=["demo"]
def steps_taken(limit: float | None, shock: float = 1000.0) -> list[float]:
    number, memory, lengths = nn.Parameter(torch.zeros(1)), [{}], []
    for step in range(100):
        gradient = shock if step == 20 else 1.0
        number.grad = torch.tensor([gradient if limit is None else min(gradient, limit)])
        start = number.item()
        adamw_step([number], memory, lr=1.0, betas=(0.9, 0.99), weight_decay=0.0)
        lengths.append(start - number.item())
    return lengths


curves(
    {
        "as it comes": (list(range(100)), steps_taken(None)),
        "cut to a length of 1": (list(range(100)), steps_taken(1.0)),
    },
    "step",
    "length of the step, in learning rates",
    "One gradient of 1000 among a hundred of 1",
    y_span=(0, 1.6),
)

# %% [markdown]
# The step itself is harmless, and even shorter than the others: AdamW divides by the root of $v$,
# and $v$ has seen the monster, too. The damage comes *afterwards*. $v$ remembers $1000^2$ for
# hundreds of steps, and so long all steps are tiny: the model stands still. (What moves it at first
# is $m$, which remembers the monster as well: it goes on in the monster's direction.)
#
# **Clipping** cuts the gradient of the *whole model* down to a fixed length, if it is longer, and
# keeps its direction. So it is one factor for all parameters, and no number is cut by itself. GPT-3
# and LLaMA were clipped to 1. The length before clipping is worth recording: it is the first to
# tell when something goes wrong.

# %% exercise="clip_grad_norm"
from gradus.clip import clip_grad_norm

# %% check="clip_grad_norm"
check(clip_grad_norm)

# %% [markdown]
# ### Batches that do not fit
#
# GPT-3's batches held 3.2 million tokens. No GPU can hold what `backward` needs for so many. But
# gradients *add up*: read a small batch, go backward, keep the gradient, read the next one. Only
# after the last one make a step.
#
# It sounds like a loop of three lines, and for years the best-known training libraries of the world
# got it wrong: they took the mean loss of each small batch, and the mean of these means. But if one
# holds 3 predictions and another holds 300, a mean of means gives each of the 3 a hundred times the
# say. **One large batch** would give all 303 the same. Yours must, too.

# %% exercise="accumulate_gradients"
from gradus.accumulate import accumulate_gradients

# %% check="accumulate_gradients"
check(accumulate_gradients)

# %% [markdown]
# Here are 24 texts of very different lengths, in 6 small batches of 4 texts. Three gradients: of
# one large batch; accumulated by your function; and the mean of means. **Predict** how far the last
# one is off, as a share of the gradient's own length.

# %% tags=["demo"]
dice = Generator().manual_seed(0)
lengths = [int(2 + 30 * torch.rand((), generator=dice) ** 3) for _ in range(24)]
starts = torch.randint(len(training) - 40, (24,), generator=dice).tolist()
texts = [training[a : a + n].tolist() for a, n in zip(starts, lengths, strict=True)]
texts.sort(key=len)  # texts of like length together, as one does to save padding
small = [collate(texts[i : i + 4], 0) for i in range(0, 24, 4)]
small = [(ids.to(device), real.to(device)) for ids, real in small]
large = tuple(tensor.to(device) for tensor in collate(texts, 0))
model = small_gpt(512)


def gradient() -> Tensor:
    found = torch.cat([p.grad.flatten() for p in model.parameters()])
    model.zero_grad()
    return found


lm_loss(model(*large), *large).backward()
right = gradient()
accumulate_gradients(model, small)
yours = gradient()
for ids, real in small:
    (lm_loss(model(ids, real), ids, real) / len(small)).backward()
means = gradient()
off = {name: ((g - right).norm() / right.norm()).item() for name, g in
       (("yours", yours), ("mean of means", means))}  # fmt: skip
bars(
    list(off),
    {"": list(off.values())},
    "distance from the large batch's gradient, as a share of its length",
    f"Six small batches with {', '.join(str(int(real.sum())) for _, real in small)} tokens",
)

# %% [markdown]
# Yours is the same up to rounding. The other one points somewhere else: short texts shout.
#
# ## 4. Learning
#
# Now everything at once, and every part of it is yours: your `Gpt` of lesson 04's attention and
# lesson 05's blocks, your batches, your loss, your clipping, your schedule, your AdamW. The loop
# itself is eight lines. While it runs, the curve grows, and every 100 steps the model writes a few
# words after *The*. It takes about half a minute on one core of a laptop.
#
# **Predict**, and write it down: the loss at the end. It starts at 6.24; knowing how often tokens
# come is 5.26.


# %% tags=["demo"]
def write(model: Gpt, start: str, new: int, temperature: float = 0.6, seed: int = 1) -> str:
    ids = torch.tensor([tokenizer.encode(start)], device=device)
    dice = Generator().manual_seed(seed)
    written = generate(model, ids, new, temperature=temperature, context=32, generator=dice)
    return tokenizer.decode(written[0].tolist())


STEPS, PEAK = 1000, 0.005
gpt = small_gpt(512)
parameters = list(gpt.parameters())
memories: list[dict[str, Any]] = [{} for _ in parameters]
generator = Generator().manual_seed(0)
norms: list[float] = []
panel = TrainingPanel(STEPS, levels)
panel

# %% tags=["demo"]
began = time.perf_counter()
for step in range(STEPS):
    x, y = get_batch(training, 8, 32, generator)
    loss = cross_entropy(gpt(x.to(device)), y.to(device))
    gpt.zero_grad()
    loss.backward()
    norms.append(clip_grad_norm(parameters, 1.0).item())
    rate = cosine_lr(step, PEAK, 60, STEPS, PEAK / 10)
    adamw_step(parameters, memories, lr=rate, betas=(0.9, 0.95), weight_decay=0.1)
    says = write(gpt, "The", 32, seed=step) if step % 100 == 0 or step == STEPS - 1 else None
    panel.add(step, loss.item(), says)
print(f"{count_parameters(gpt):,} parameters, {time.perf_counter() - began:.0f} seconds")

# %% tags=["demo"]
curves(
    {"loss, mean of 20 steps": (panel.steps, panel.smooth())},
    "step",
    "loss in nats",
    "From knowing nothing to knowing something",
    levels,
    y_span=(0, 6.6),
)

# %% [markdown]
# Look for three things.
#
# 1. **It starts at $\ln 512$**, to the second digit. You knew that before.
# 2. **First it learns how often tokens come**: it is down at the second line in less than a hundred
#    steps. It need not read for that: the same guess at every position does.
# 3. **Then comes everything else**, and it gets slower and slower. Every tenth of a nat is dearer
#    than the one before. (How much dearer is a law, and lesson 11 is about it.)
#
# And on the text that it never saw?

# %% tags=["demo"]
from gradus.training.loop import evaluate

final = sum(panel.losses[-100:]) / 100
unseen = evaluate(gpt, held_out, 32, batch=32)
print(f"before the first step {panel.losses[0]:.2f} (ln 512 = {math.log(512):.2f})")
print(f"at the end {final:.2f}, on held-out text {unseen:.2f}; unigram entropy {unigram:.2f}")
assert abs(panel.losses[0] - math.log(512)) < 0.1
assert unseen < unigram - 0.5

# %% [markdown]
# Each token costs it more than a nat less than somebody who only knows how often tokens come. On
# unseen text it is a little dearer than on the text of its training: some of what it knows is this
# text, and not English. With more training on so small a text that gap would open wide.
#
# The lengths of the gradient, before clipping. **Predict:** does the model ever get clipped?

# %% tags=["demo"]
decays(
    {"length of the gradient": norms, "limit": [1.0] * STEPS},
    "step",
    "length before clipping",
    f"Clipped in {sum(norm > 1 for norm in norms)} of {STEPS} steps",
)

# %% [markdown]
# ## 5. What it writes
#
# Here is what it wrote while it learned. Three of the texts of the beginning come from such a run.
# (Yours may differ in places: processors do not all round alike, and the dice are sensitive.)

# %% tags=["demo"]
for step, text in panel.samples:
    print(f"step {step:4}: {text!r}\n")

# %% [markdown]
# So **C** came before the first step: pieces of words thrown together, each as likely as any other,
# bytes that are no letters among them. **E** came after 100 steps: it knows which pieces are common
# (*the*, *ing*, *s*), and that a full stop ends a line. **A** after 700: there are words, and words
# that stand beside each other rightly (*must not*, *a class, and*, *are used*), but nothing holds
# for more than three of them. **B** is the model with 135 million parameters, which you will meet
# in part 7: it sounds right, and says nothing. **D** is from Python's documentation.
#
# ### Warm and cold
#
# The model does not say *which* token comes next, only how likely each one is. Somebody must
# choose. Divide the scores by a **temperature** first: below 1 the likely ones get likelier, above
# 1 all become more alike. **Predict** the text at 0.1, and at 2. (Lesson 09 is about choosing.)


# %% tags=["demo"]
def next_words(start: str, temperature: float):
    ids = torch.tensor([tokenizer.encode(start)], device=device)
    with torch.no_grad():
        probabilities = (gpt(ids)[0, -1] / temperature).softmax(-1)
    best = probabilities.topk(8)
    text = write(gpt, start, 24, temperature).replace("\n", " ")
    return bars(
        [repr(tokenizer.decode([one])) for one in best.indices.tolist()],
        {"": best.values.tolist()},
        "probability",
        text if len(text) < 90 else text[:90] + "...",
        1.0,
    )


Explorer(
    next_words,
    {
        "start": ["The", "The expression", "If the", "A class", "This is"],
        "temperature": [0.7, 0.1, 0.4, 1.0, 1.5, 2.0],
    },
)

# %% [markdown]
# ### Does it read?
#
# A model that only knew which token follows which would not get better within a window: the tenth
# token would be as hard as the second. **Predict:** how much cheaper does the next token get if the
# model could read two tokens before it and not one? And thirty in place of sixteen?

# %% tags=["demo"]
windows = held_out.unfold(0, 33, 8).to(device)
with torch.no_grad():
    scores = gpt(windows[:, :-1]).log_softmax(-1)
by_place = -scores.gather(-1, windows[:, 1:, None])[..., 0].mean(0)
spans = [(1, 1), (2, 2), (3, 4), (5, 8), (9, 16), (17, 32)]
bars(
    [f"{a} to {b} tokens" if b > a else f"{a} token" + "s" * (a > 1) for a, b in spans],
    {"": [by_place[a - 1 : b].mean().item() for a, b in spans]},
    "loss in nats",
    "The loss on the next token, by how many it could read before",
)

# %% [markdown]
# The second token helps, the third and fourth help a little, and that is all. So this is what half
# a minute buys: a model that looks at the last two or three tokens. It *could* look at 32, and its
# attention could do what lesson 04's did; it has not learned yet what to look for. With a hundred
# times the training, this curve would go on falling to the right. For large models it falls over
# many thousands of tokens, and that is what their long contexts are for.
#
# ### Training for longer
#
# What you wrote is what `gradus.training` does, too, with mixed precision on a GPU, and with
# checkpoints: `save_checkpoint` keeps weights, the optimizer's memories and the random numbers, so
# that a run that is interrupted goes on *to the last bit* as if nothing had happened.
#
# ```python
# from gradus.training import Settings, train, save_checkpoint
# for step in train(gpt, training, Settings(steps=20_000, batch=32, seq=128, peak=1e-3)): ...
# ```
#
# ## 6. Somebody else's weights
#
# GPT-2's weights were published in 2019, and a good part of the world learned on them. To load them
# into *your* model, only names have to be translated. And one detail, which cost many people a day:
# GPT-2's authors wrote their linear layers the other way round, as (inputs, outputs). If a matrix
# is not square, you get an error. If it *is* square, as the last one of attention always is, you
# get no error and a model that writes nonsense.
#
# Be strict. A name that you do not know, or a weight that stays as it was, is an error, and
# `load_state_dict` will say so if you let it.

# %% exercise="load_gpt2_weights"
from gradus.gpt2_weights import load_gpt2_weights

# %% check="load_gpt2_weights"
check(load_gpt2_weights)

# %% [markdown]
# ### Where do they part?
#
# Say you forgot to turn the square matrix, in one block of six. The model runs, and its logits are
# wrong. Reading them tells you nothing. So run it beside one that is right, and compare them layer
# by layer: the *first* layer that differs is the guilty one, or stands right behind it.
#
# **Predict:** with the mistake in block 3, how many layers differ? And which does
# `first_divergence` name?

# %% tags=["demo"]
from copy import deepcopy

from gradus.divergence import first_divergence
from gradus.zoo.gpt2 import Gpt2Config, gpt2_parts

right = Gpt(*gpt2_parts(Gpt2Config(d_model=32, layers=6, heads=4, vocab=50, max_seq=16)))
for parameter in right.parameters():
    nn.init.normal_(parameter)
wrong = deepcopy(right)
square = wrong.blocks[3].attention.out.weight
with torch.no_grad():
    square.copy_(square.T.clone())
print(first_divergence(right, wrong, (torch.arange(10)[None],)))

# %% [markdown]
# All layers from there on differ, up to the logits; only the first is to blame. Every published
# model in `gradus.zoo` was brought to agree with the original in this way.
#
# The check has loaded random weights with published names. Real ones are far too large to come with
# this course, but your model is exactly GPT-2, and it can be counted to the last parameter.
#
# ### The families
#
# One class, four families. They differ in parts that you have built, all but one or two of them:
#
# | | positions | norm | feed-forward | head |
# | --- | --- | --- | --- | --- |
# | GPT-2 (2019) | a learned table of 1024 | LayerNorm | 4 times as wide, GELU | tied |
# | Jurassic-1 (2021) | as GPT-2, 2048 (our reading) | LayerNorm | 4 times as wide | tied |
# | BLOOM (2022) | ALiBi: far keys score less | LayerNorm, for the words, too | as GPT-2 | tied |
# | LLaMA (2023) | RoPE: queries and keys are turned | RMSNorm | SwiGLU, no biases | its own |
#
# Now put **your** `Gpt` around the library's parts, with the published sizes, on PyTorch's `meta`
# device, where tensors have shapes and no numbers. **Predict:** GPT-2 small has 12 layers of width
# 768, BLOOM 560m has 24 of width 1024. Which of the two spends more on its table of words, as a
# share?


# %% tags=["demo"]
from gradus.zoo.bloom import BLOOM_560M, BLOOM_176B, bloom_parts
from gradus.zoo.gpt2 import GPT2_124M, GPT2_1558M, gpt2_parts
from gradus.zoo.jurassic import J1_JUMBO, J1_LARGE
from gradus.zoo.llama import LLAMA_7B, LLAMA_65B, llama_parts

families = {
    "GPT-2 small": (gpt2_parts, GPT2_124M, 124_439_808),
    "GPT-2 XL": (gpt2_parts, GPT2_1558M, 1_557_611_200),
    "Jurassic-1 Large": (gpt2_parts, J1_LARGE, 7.5e9),
    "Jurassic-1 Jumbo": (gpt2_parts, J1_JUMBO, 178e9),
    "BLOOM 560m": (bloom_parts, BLOOM_560M, 559_214_592),
    "BLOOM 176B": (bloom_parts, BLOOM_176B, 176_247e6),
    "LLaMA 7B": (llama_parts, LLAMA_7B, 6_738_415_616),
    "LLaMA 65B": (llama_parts, LLAMA_65B, 65_285_660_672),
}
made_of: dict[str, list[int]] = {"words": [], "attention": [], "feed-forward": [], "the rest": []}
for name, (parts, config, told) in tqdm(families.items(), desc="building"):
    with torch.device("meta"):
        giant = Gpt(*parts(config))
    total = count_parameters(giant)
    tables = count_parameters(giant.tokens) + (count_parameters(giant.head) if giant.head else 0)
    attention = sum(count_parameters(block.attention) for block in giant.blocks)
    thinking = sum(count_parameters(block.feedforward) for block in giant.blocks)
    rest = total - tables - attention - thinking
    for kind, count in zip(made_of, (tables, attention, thinking, rest), strict=True):
        made_of[kind].append(count)
    print(f"{name:17} {total:16,} parameters; published: {told:,.0f}")
    assert abs(total / told - 1) < 0.002

# %% tags=["demo"]
shares(list(families), made_of, "share of all parameters", "What four families are made of")

# %% [markdown]
# The exact counts of GPT-2, BLOOM 560m and LLaMA come out exactly; the others were published in
# round numbers, and fit to the last digit that was printed. Jurassic-1's weights were never
# published at all, and its vocabulary of 256,000 pieces, words of several words among them, is five
# times GPT-2's. BLOOM's is as large, because it speaks 46 languages: for the small BLOOM, the table
# of words is nearly half of everything.
#
# ## 7. A real one, on your own class
#
# SmolLM2-135M-Instruct is a LLaMA in small: 30 layers of width 576, trained in 2024 on two trillion
# tokens. If you have fetched it, **your** `Gpt` and nothing else runs it in the next cells. Your
# classes read 30 layers of its weights, your mask keeps its future hidden, your loss measures it.
#
# **Predict:** its loss on the sentence *The capital of France is Paris.*, token by token. Which
# token surprises it most?

# %% tags=["demo"]
path = published("smollm2")
smol = None
if path is None:
    print("SmolLM2 was not fetched, so the cells of part 7 are skipped: a trained model reads and")
    print("answers in them. `gradus fetch smollm2` gets it (93 MB); then run part 7 again.")
else:
    from gradus.zoo.gguf_file import read_gguf
    from gradus.zoo.llama import SMOLLM2_135M, load_llama_gguf
    from gradus.zoo.trained import smollm2_tokenizer

    with torch.device("meta"):  # no random weights, which would be thrown away
        smol = Gpt(*llama_parts(SMOLLM2_135M))
    smol.to_empty(device="cpu")
    load_llama_gguf(smol, read_gguf(path), SMOLLM2_135M)
    smol = smol.eval().to(device)
    words = smollm2_tokenizer(path)
    print(f"{count_parameters(smol):,} parameters, {type(smol).__module__}.{type(smol).__name__}")


# %% tags=["demo"]
def surprises(text: str):
    ids = torch.tensor([words.encode("<|endoftext|>" + text)], device=device)
    with torch.no_grad():
        scores = smol(ids).log_softmax(-1)
    losses = -scores[0, :-1].gather(-1, ids[0, 1:, None])[:, 0]
    labels = [f"{i}: {words.decode([one])!r}" for i, one in enumerate(ids[0, 1:].tolist())]
    title = f"Mean {losses.mean().item():.2f} nats; who knows nothing pays {math.log(49152):.2f}"
    return bars(labels, {"": losses.tolist()}, "surprise in nats", title)


surprises("The capital of France is Paris.") if smol is not None else None

# %% [markdown]
# Without anything before it, the first word could be anything. What comes after *France is* can
# hardly be anything else. Try sentences of your own: with a spelling mistake, with a wrong capital.
#
# And let it answer. It was taught to read turns of a talk between special tokens; `generate` feeds
# the model its own words, one by one, with one of lesson 04's caches for each of your 30 blocks.
# *Predict* what happens to it when the temperature is 0.

# %% tags=["demo"]
if smol is not None:
    question = "What is a decoder in a language model? Answer in two sentences."
    prompt = f"<|im_start|>user\n{question}<|im_end|>\n<|im_start|>assistant\n"
    asked = torch.tensor([words.encode(prompt)], device=device)
    end = words.encode("<|im_end|>")[0]
    began = time.perf_counter()
    dice = Generator().manual_seed(0)
    answer = generate(smol, asked, 60, eos=end, temperature=0.4, generator=dice)
    said = answer[0, asked.shape[1] :].tolist()
    print(words.decode([one for one in said if one != end]))
    print(f"\n({len(said) / (time.perf_counter() - began):.1f} tokens a second)")

# %% [markdown]
# Fluent, and not always right: 135 million numbers know how sentences go, and little about the
# world. Between the model that you trained and this one, there is no difference in *kind*. It is
# 500 times as large and has read twenty million times as much.
#
# ## What you have built
#
# | you wrote | where it sits in a real model |
# | --- | --- |
# | `Gpt` | GPT-2, BLOOM, LLaMA, Jurassic-1: the same class, other parts |
# | `lm_loss` | the one number that all of them were trained to lower |
# | `get_batch` | GPT-3: 300 billion tokens in windows of 2048 |
# | `adamw_step` | nearly every language model; LLaMA with betas 0.9 and 0.95, decay 0.1 |
# | `cosine_lr` | LLaMA: 2,000 steps of warm-up, then down to a tenth |
# | `clip_grad_norm` | GPT-3 and LLaMA: at 1.0; BloombergGPT: at 0.3 |
# | `accumulate_gradients` | wherever a batch of millions of tokens meets a GPU of a few gigabytes |
# | `load_gpt2_weights` | four transposed layers in each of GPT-2's 12 to 48 blocks |
#
# Things to remember, and to tell someone else:
#
# - A decoder predicts the next token at every position at once. The causal mask is what makes that
#   fair.
# - Before the first step, the loss is $\ln V$. Below it something leaks; far above it something is
#   too large.
# - A token's score is how well the stream matches the token's own vector.
# - AdamW makes steps of one length in all directions. One monstrous gradient makes it stand still.
# - Gradients of small batches add up to that of a large one, if every *prediction* weighs the same.
# - First it learns how often, then what beside what, then what about what.
#
# ### If you want more
#
# - Take the causal mask away (give your blocks `mask=None`) and train again. How low does the loss
#   get, and what does it write?
# - Train on another text of yours: `prose = open("...").read()`. What is its unigram entropy?
# - Double the width, or the layers, at the same number of seconds. Which helps more?
# - Radford et al. 2019, [Language models are unsupervised multitask
#   learners](https://cdn.openai.com/better-language-models/language_models_are_unsupervised_multitask_learners.pdf):
#   GPT-2. Brown et al. 2020, [Language models are few-shot
#   learners](https://arxiv.org/abs/2005.14165): GPT-3, with all settings of the training in
#   appendix B.
# - Touvron et al. 2023, [LLaMA](https://arxiv.org/abs/2302.13971); BigScience 2022,
#   [BLOOM](https://arxiv.org/abs/2211.05100); Lieber et al. 2021, *Jurassic-1: Technical details
#   and evaluation*.
# - Loshchilov and Hutter 2017, [Decoupled weight decay
#   regularization](https://arxiv.org/abs/1711.05101): the W.
