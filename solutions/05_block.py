# %% [markdown]
# # The block: norms, feed-forward layers, residuals
#
# *About 120 minutes. Each part can be done by itself.*
#
# Forty-eight people sit in a row. You whisper a word to the first, who whispers it to the second,
# and so on. You know how the game ends. Now make it harder: the last one shouts back how wrong the
# word was, and everybody in the row is to *improve* by that.
#
# A deep network is such a row. Forty-eight layers, each of which hears only the one before it, and
# learns only from the correction that comes back through all the layers behind it. Below are three
# rows of 48 layers, fresh from the box, nothing trained. A correction of size 1 starts at the top.
# The picture shows how loud it is after each layer on its way down.
#
# **Which row would you try to train?** Two repairs make row C out of row A. Row B has one of them.
# Each is one short line of code. Guess what they might be, and leave your guess here for an hour.

# %% tags=["demo"]
import torch
from torch import nn

from gradus.depth import start, through
from gradus.plots.decay import decays

torch.manual_seed(0)
torch.set_num_threads(1)  # our tensors are small: more threads would wait for each other


class Whisperer(nn.Module):
    def __init__(self, repairs: int) -> None:
        super().__init__()
        self.repairs = repairs
        self.hears, self.says = nn.Linear(64, 256), nn.Linear(256, 64)
        self.norm = nn.LayerNorm(64)

    def forward(self, x):
        heard = self.norm(x) if self.repairs == 2 else x
        said = self.says(nn.functional.gelu(self.hears(heard)))
        return x + said if self.repairs else said


def row(repairs: int) -> list[float]:
    layers = nn.ModuleList([Whisperer(repairs) for _ in range(48)]).double()
    start(layers, size=1.0)
    _, corrections = through(layers, torch.randn(4, 16, 64).double())
    return corrections[::-1]  # from the top down


decays(
    {"row A": row(0), "row B": row(1), "row C": row(2)},
    "layers passed on the way down",
    "size of the correction",
    "Three rows of 48 layers: how loud is the correction that arrives?",
)

# %% [markdown]
# In row A nothing arrives: the first layers would never learn anything. In row B the correction is
# ten thousand times louder at the bottom than at the top, and with twice as many layers it would be
# a hundred million times. Only row C can be made as deep as you like.
#
# In this lesson you build row C's layer, which is called a **block**, from its smallest parts up:
# two kinds of norm, an activation, two kinds of feed-forward layer, dropout. You put your attention
# of lesson 04 beside them. And then you have everything: GPT-2 small is 12 such blocks, LLaMA 7B is
# 32, GPT-3 is 96. At the end you will count their parameters, exactly, with a function of yours.
#
# | | |
# | --- | --- |
# | you need | tensors (lesson 00), what attention does (lesson 04; the layer itself is imported) |
# | your computer | any laptop; no download, and no GPU |

# %%
import math
from collections.abc import Callable
from copy import deepcopy

import torch
from jaxtyping import Bool, Float
from torch import Generator, Tensor, nn
from torch.nn import functional as F

from autograder.check import check
from gradus.attention import MultiHeadAttention
from gradus.cache import KVCache

# %% tags=["demo"]
from functools import cache, partial

from tqdm.auto import tqdm

from gradus.depth import echo, likeness
from gradus.explore import Explorer
from gradus.initialise import init_weights
from gradus.plots import bars, lines, number_grids
from gradus.plots.shares import shares

# %% [markdown]
# ## 1. The first repair: norms
#
# A layer multiplies vectors by matrices. If they come out a little smaller than they went in, then
# after 48 layers they are nothing; a little larger, and they are everything:
#
# $$0.9^{48} = 0.006 \qquad 1.1^{48} = 97$$
#
# So put every vector back on one scale before a layer reads it. **LayerNorm** takes the $d$ numbers
# of *one* position, takes their mean away, and divides by their standard deviation:
#
# $$y = \frac{x - \mu}{\sqrt{\sigma^2 + \varepsilon}} \cdot \text{weight} + \text{bias} \qquad \mu
# = \frac{1}{d}\sum_i x_i \qquad \sigma^2 = \frac{1}{d}\sum_i (x_i - \mu)^2$$
#
# The weight and the bias are learned, one number of each for every place in the vector. If a layer
# wants another scale, it can learn one; but it *starts* from this.
#
# Two things are easily missed. $\varepsilon$ stands *under* the root. And a vector of
# half-precision numbers must not be squared in half precision: there, 300 times 300 is infinity
# already.

# %% exercise="LayerNorm"
from gradus.norm import LayerNorm

# %% check="LayerNorm"
check(LayerNorm)

# %% [markdown]
# Four vectors of four numbers each. **Predict** before you run it: which two of them become the
# same? And what becomes of the third, whose numbers are all equal?

# %% tags=["demo"]
vectors = torch.tensor([[1.0, 3, 1, 3], [10, 30, 10, 30], [5, 5, 5, 5], [0, 0, 0, 8]])
number_grids(
    {"before": vectors, "after your LayerNorm": LayerNorm(4)(vectors).detach()},
    rows=["small", "large", "equal", "one loud"],
    columns="place in the vector",
)

# %% [markdown]
# *Small* and *large* are the same now. What is left of a vector is its *shape*: who is above the
# mean, who below, and by how much compared with the others. *Equal* has no shape, and becomes 0:
# without $\varepsilon$ it would have been 0/0.
#
# ### Leaving out half of it: RMSNorm
#
# Is it the mean that matters, or the scale? Zhang and Sennrich tried in 2019 what happens if the
# mean stays. Divide by the **root mean square**, multiply by a learned weight, and that is all: no
# mean, no bias. It worked as well and cost less. LLaMA and nearly all that came after it use it.

# %% exercise="RMSNorm"
from gradus.norm import RMSNorm

# %% check="RMSNorm"
check(RMSNorm)

# %% [markdown]
# **Predict**, then move the slider: add the same number to all places of a vector. Which of the two
# norms notices? Where does the other one end up when that number is very large?


# %% tags=["demo"]
def shifted(shift: int):
    x = torch.tensor([[-1.0, 0.0, 0.5, 2.0]]) + shift
    grids = {"the vector": x, "LayerNorm": LayerNorm(4)(x), "RMSNorm": RMSNorm(4)(x)}
    return number_grids(
        {name: grid.detach() for name, grid in grids.items()},
        rows=[f"{shift} added"],
        columns="place in the vector",
    )


Explorer(shifted, {"add": [0, 1, 2, 5, 20, 100]})

# %% [markdown]
# LayerNorm never notices. RMSNorm does, and in the end all its numbers are 1: the differences have
# drowned. In a trained model that does not happen, because the layers before it have no use for a
# common shift, and learn to leave it out.
#
# ### What $\varepsilon$ does
#
# **Predict.** A vector of numbers around 0.0001 comes in. Does it come out around 1?

# %% tags=["demo"]
direction = torch.randn(64)
sizes_in = [10.0**power for power in range(-6, 3)]


def size_out(norm: nn.Module) -> list[float]:
    return [norm(size * direction).detach().square().mean().sqrt().item() for size in sizes_in]


lines(
    sizes_in,
    {
        "LayerNorm, eps 0.1": size_out(LayerNorm(64, eps=0.1)),
        "LayerNorm, eps 1e-5": size_out(LayerNorm(64)),
        "RMSNorm, eps 1e-6": size_out(RMSNorm(64)),
    },
    "size of the vector that comes in",
    "size of what comes out",
    "Below the square root of eps, a norm stops normalising",
    log=True,
)

# %% [markdown]
# Vectors smaller than $\sqrt{\varepsilon}$ stay small: what is nearly nothing shall not be blown up
# to noise of size 1. BERT uses $10^{-12}$, GPT-2 $10^{-5}$, LLaMA $10^{-6}$ and later $10^{-5}$.
# When you load published weights, the wrong one of these is a bug that no shape will tell you of.
#
# ## 2. Something that bends
#
# Two matrices in a row are one matrix: $B(Ax) = (BA)x$. A thousand in a row are one matrix, too.
# Something that bends has to stand between them. The simplest is ReLU: keep what is positive, make
# the rest 0. Its corner is sharp, and a number that has fallen below 0 gets no gradient any more.
#
# **GELU** bends softly. It asks: of all numbers that a standard normal distribution draws, which
# share is smaller than x? That share, between 0 and 1, is how far the switch is open:
#
# $$\mathrm{gelu}(x) = x \cdot \Phi(x) = x \cdot \tfrac12\left(1 +
# \mathrm{erf}\left(\tfrac{x}{\sqrt 2}\right)\right)$$
#
# When GELU was invented, erf was slow to compute, so there is a second form with tanh. It is not
# the same, and models remember which one they were trained with: BERT the exact one, GPT-2 the
# other.

# %% exercise="gelu"
from gradus.activation import gelu

# %% check="gelu"
check(gelu)

# %% [markdown]
# **Predict** the shape before you draw it. Is there an x for which GELU gives *less* than for a
# smaller x?

# %% tags=["demo"]
x: Float[Tensor, " x"] = torch.linspace(-4, 4, 161)
lines(
    x.tolist(),
    {"ReLU": x.relu().tolist(), "GELU": gelu(x).tolist(), "SiLU": F.silu(x).tolist()},
    "x",
    "what becomes of it",
    "One sharp corner, two soft ones",
)

# %% [markdown]
# There is: GELU has a valley near x = -0.75. (SiLU, $x \cdot \mathrm{sigmoid}(x)$, has a deeper
# one. You will meet it in a moment.) Now the two forms of GELU. On the picture above you could not
# tell them apart. So here is their difference.

# %% tags=["demo"]
apart = gelu(x.double(), approximate=True) - gelu(x.double())
worst = apart.abs().argmax()
print(f"farthest apart near x = {abs(x[worst].item()):.2f}: {apart[worst].abs().item():.6f}")
lines(
    x.tolist(),
    {"difference": apart.tolist()},
    "x",
    "tanh form minus exact form",
    "Half a thousandth, at most",
)

# %% [markdown]
# Half a thousandth. Does that matter? Nobody would notice it in the text that a model writes. But
# it adds up over thousands of switches in each layer, and every test that compares your numbers
# with published ones will fail.
#
# ## 3. A moment to think: the feed-forward layer
#
# Attention carries things between positions. But it only *averages* what it carries. The work on
# what has arrived is done elsewhere, at every position by itself: go up to a wider space, bend, and
# come back down. This is the **feed-forward layer**.
#
# ```
#   x ──► up ──► gelu ──► down ──►
#   768   3072   3072     768        GPT-2 small
# ```
#
# Your class gets one more argument, `activation`, so that other models can put something else in
# the middle.

# %% exercise="FeedForward"
from gradus.feedforward import FeedForward

# %% check="FeedForward"
check(FeedForward)

# %% [markdown]
# What is the width in the middle good for? Every number there is one switch. Let us watch switches
# at work: your layer shall learn a curve, one number in and one number out.
#
# **Predict** four things: what can 2 switches do? 8? 64? And 64 without the activation?

# %% tags=["demo"]
inputs: Float[Tensor, "point 1"] = torch.linspace(-3, 3, 121).unsqueeze(-1)
curve = torch.sin(2 * inputs) + inputs / 3


def learned(d_ff: int, activation: Callable[[Tensor], Tensor] | None = None) -> list[float]:
    torch.manual_seed(1)
    layer = FeedForward(1, d_ff, activation=activation)
    optimiser = torch.optim.Adam(layer.parameters(), lr=0.03)
    for _ in range(600):
        loss = F.mse_loss(layer(inputs), curve)
        optimiser.zero_grad()
        loss.backward()
        optimiser.step()
    return layer(inputs).flatten().tolist()


fits = {
    "2 switches": learned(2),
    "8 switches": learned(8),
    "64 switches": learned(64),
    "64, no activation": learned(64, activation=lambda x: x),
}
for name, fit in fits.items():
    error = (torch.tensor(fit) - curve.flatten()).square().mean().sqrt()
    print(f"{name:18}: off by {error:.3f} on average")
shown = ["2 switches", "8 switches", "64, no activation"]
lines(
    inputs.flatten().tolist(),
    {"the curve": curve.flatten().tolist(), **{name: fits[name] for name in shown}},
    "x",
    "y",
    "Every switch can bend the line once",
)

# %% [markdown]
# Without an activation, 64 switches draw a straight line, and a thousand would. With it, each
# switch adds a bend somewhere, and more switches draw finer curves (64 would hide the curve in this
# picture). In a language model the line has 768 dimensions, and the bends are things like "if this
# is about music, and in French, then...".
#
# ### Who notices whom?
#
# Change one vector of a text at position 2. **Predict** for both layers: at which positions does
# the output move?

# %% tags=["demo"]
text = torch.randn(1, 5, 32)
changed = text.clone()
changed[:, 2] += 1
moves = {}
for name, layer in (
    ("attention", MultiHeadAttention(32, 4)),
    ("feed-forward", FeedForward(32, 128)),
):
    moves[name] = (layer(changed) - layer(text)).norm(dim=-1)[0].tolist()

title = "Position 2 was changed: who notices?"
bars([f"position {i}" for i in range(5)], moves, "how far the output moves", title)

# %% [markdown]
# Attention moves them all, the feed-forward layer only position 2. A block needs both: one to
# carry, one to think.
#
# ### A gate: SwiGLU
#
# In 2020 Noam Shazeer tried a feed-forward layer with two branches. One goes through SiLU and
# becomes a **gate**; the other is what the gate lets through, number by number:
#
# $$\mathrm{down}(\mathrm{silu}(\mathrm{gate}(x)) \odot \mathrm{up}(x))$$
#
# It was better, and he could not say why: the paper thanks "divine benevolence". LLaMA took it
# over, and most models since. Watch the names: only one of the branches goes through SiLU.

# %% exercise="SwiGLU"
from gradus.feedforward import SwiGLU

# %% check="SwiGLU"
check(SwiGLU)

# %% [markdown]
# Three matrices instead of two. To compare fairly, the middle must be narrower. **Predict:**
# GPT-2's layer is 4 times as wide in the middle as outside. How wide may SwiGLU's middle be, for as
# many parameters? LLaMA 7B has a width of 4096 and a middle of **11008**, a number that looks like
# a typing error. Where does it come from?

# %% tags=["demo"]
fair = 2 / 3 * 4 * 4096
print(f"two matrices of 4 x 4096: {2 * 4 * 4096**2:,} parameters")
print(f"three matrices as large:  2/3 of 4 x 4096 = {fair:.1f} wide")
print(f"rounded up to a multiple of 256: {math.ceil(fair / 256) * 256}")

# %% [markdown]
# ## 4. Dropout
#
# A network that trains for long on few texts learns them by heart: one switch knows this sentence,
# and the others rely on it. **Dropout** makes sure that nobody can be relied on. In training, every
# number is set to 0 with probability p, and another choice is made each time.
#
# What stays is divided by 1 - p, so that the next layer gets as much as before, on average. Then
# nothing needs to be changed when training is over: outside of training, dropout does nothing.
#
# The random numbers come from a `Generator` if one is given: who repeats a seed must get the same
# result. Mind the ends: with p = 1 everything is dropped, and 0/0 is waiting for you.

# %% exercise="dropout"
from gradus.dropout import dropout

# %% check="dropout"
check(dropout)

# %% [markdown]
# Three times the same input, all ones, with p = 0.5. **Predict** the numbers that you will see, and
# whether they are in the same places each time.

# %% tags=["demo"]
dice = Generator().manual_seed(5)
ones = torch.ones(3, 6)
number_grids(
    {f"time {i}": dropout(ones, 0.5, generator=dice) for i in (1, 2, 3)},
    rows=["position 0", "position 1", "position 2"],
    columns="place in the vector",
)

# %% [markdown]
# Zeros and twos, and each time elsewhere. Move p, and look at what the next layer gets on average,
# with the division and without.


# %% tags=["demo"]
def average(p: float):
    many = dropout(torch.ones(100_000), p, generator=Generator().manual_seed(0))
    means = {
        "divided by 1 - p": many.mean().item(),
        "not divided": (many > 0).float().mean().item(),
    }
    return bars(
        list(means), {"": list(means.values())}, "mean", f"Ones after dropout, p = {p}", 1.1
    )


Explorer(average, {"p": [0.1, 0.0, 0.3, 0.5, 0.9]})

# %% [markdown]
# BERT and GPT-2 were trained with p = 0.1. Models that see each text only once have no time to
# learn it by heart: LLaMA has no dropout at all.
#
# ## 5. The second repair: the stream
#
# Back to the forty-eight people. Let us change the rules of the game. A **sheet of paper** goes
# down the row. Everyone reads it, *adds* a remark, and passes the sheet on. Whatever was written
# first is still there at the end.
#
# $$x \leftarrow x + \mathrm{layer}(x)$$
#
# This is the **residual connection** (He et al. 2015), and the sheet is called the **residual
# stream**. A layer that has nothing to say adds 0, and does no harm. And the correction that comes
# back from the top has a road of its own down to the first layer: the derivative of $x +
# \mathrm{layer}(x)$ is $1 + \ldots$, and the 1 never vanishes.
#
# A block adds two remarks: one by attention, one by the feed-forward layer. The norms can stand in
# two places:
#
# ```
#   pre-norm (GPT-2, LLaMA)                       post-norm (the first transformer, BERT)
#
#   x ──┬──────────────────────► + ──► x          x ──┬─────────────────► + ──► norm ──► x
#       └─► norm ─► attention ───┘                    └─► attention ──────┘
#   x ──┬──────────────────────► + ──► x          x ──┬─────────────────► + ──► norm ──► x
#       └─► norm ─► feed-forward ┘                    └─► feed-forward ───┘
# ```
#
# Look closely. In pre-norm, the norm stands on the *side road*: what is added was normalised before
# it was worked on, and the stream itself runs straight through. In post-norm, the stream passes
# through every norm.
#
# Right means: four parts with the names in the docstring, two norms with weights of their own, mask
# and cache handed on to attention *by name*, and dropout on what is added, never on the stream.

# %% exercise="Block"
from gradus.block import Block

# %% check="Block"
check(Block)

# %% [markdown]
# ### A block that has nothing to say
#
# Set the last matrix of both parts to 0, so that both remarks are 0. **Predict** what comes out of
# a pre-norm block, and of a post-norm block.


# %% tags=["demo"]
def silent(pre_norm: bool) -> Tensor:
    block = Block(4, 2, 16, pre_norm=pre_norm)
    for last in (block.attention.out, block.feedforward.down):
        nn.init.zeros_(last.weight)
        nn.init.zeros_(last.bias)
    return block(vectors.unsqueeze(0))[0].detach()


number_grids(
    {"in": vectors, "out, pre-norm": silent(True), "out, post-norm": silent(False)},
    rows=["small", "large", "equal", "one loud"],
    columns="place in the vector",
)

# %% [markdown]
# The pre-norm block is exactly nothing: what went in comes out. A row of 48 such blocks hands on a
# whisper unchanged *before it has learned anything*, and learning can begin from there. The
# post-norm block has already forgotten which vector was large.

# %% [markdown]
# ### The same block, word by word
#
# A model that writes reads one word at a time, and remembers keys and values in a cache. Norms and
# feed-forward layers need no memory: they look at one position anyhow. **Predict.** How much do the
# results differ, read at once with a causal mask, or word by word with a cache?

# %% tags=["demo"]
block = Block(32, 4, 128)
causal: Bool[Tensor, "query key"] = torch.ones(5, 5).tril().bool()
memory = KVCache()
word_by_word = torch.cat([block(word, cache=memory) for word in text.split(1, dim=1)], dim=1)
print(f"largest difference: {(word_by_word - block(text, mask=causal)).abs().max().item():.0e}")

# %% [markdown]
# ## 6. Forty-eight layers
#
# Now you can build all four rows: with neither repair, with one or the other, and with both. The
# parts are yours. `Both` is your pre-norm block as it is; the others leave something out.


# %% tags=["demo"]
class Neither(Block):
    def forward(self, x, mask=None, cache=None):
        return self.feedforward(self.attention(x, mask=mask))


class NormsOnly(Block):
    def forward(self, x, mask=None, cache=None):
        x = self.attention(self.attention_norm(x), mask=mask)
        return self.feedforward(self.feedforward_norm(x))


class StreamOnly(Block):
    def forward(self, x, mask=None, cache=None):
        x = x + self.attention(x, mask=mask)
        return x + self.feedforward(x)


Both = Block
rows = {"neither": Neither, "norms only": NormsOnly, "stream only": StreamOnly, "both": Both}


def blocks(kind: type[Block], layers: int, size: float = 1.0, d_model: int = 64) -> nn.ModuleList:
    made = nn.ModuleList([kind(d_model, 4, 2 * d_model) for _ in range(layers)])
    start(made, size, Generator().manual_seed(0))
    return made


@cache
def measured(layers: int, size: float) -> dict[str, tuple[list[float], list[float]]]:
    x = torch.randn(2, 8, 64, generator=Generator().manual_seed(0)).double()
    return {name: through(blocks(kind, layers, size).double(), x) for name, kind in rows.items()}


# %% [markdown]
# A signal of size 1 goes in at the bottom, and a correction of size 1 at the top. **Predict** which
# rows explode and which fall silent, upwards and downwards. Then turn the knobs: `size` multiplies
# all weights (at 1, each matrix by itself leaves the size of a vector as it is).


# %% tags=["demo"]
def picture(look: str, size: float, layers: int):
    upwards = look == "signal, going up"
    towers = measured(layers, size)
    ys = {name: up if upwards else down[::-1] for name, (up, down) in towers.items()}
    way = "layers passed on the way " + ("up" if upwards else "down")
    title = f"{layers} layers, weights of size {size}: the {look}"
    return decays(ys, way, "size", title, span=(1e-20, 1e20))


Explorer(
    picture,
    {
        "look at": ["correction, going down", "signal, going up"],
        "size": [1.0, 0.5, 0.7, 1.4, 2.0],
        "layers": [48, 6, 12, 24, 96],
    },
)

# %% tags=["demo"]
for name, (up, down) in measured(48, 1.0).items():
    print(f"{name:12}: signal 1 becomes {up[-1]:8.2g}, correction 1 becomes {down[0]:8.2g}")

# %% [markdown]
# - **Neither**: each layer keeps about half. After 48 layers, two millionths of a billionth are
#   left. With larger weights it explodes instead, and no setting of the knob is right for all
#   depths.
# - **Stream only**: nothing is lost, but every layer adds a remark nearly as large as what it read.
#   The stream grows by 70 % in every block, and the correction with it.
# - **Norms only** and **both** stay in sight, whatever you do to the weights.
#
# So why not norms alone? Their signal is healthy and their correction is healthy. One would think
# that this row can be trained.
#
# ### What the sizes do not show
#
# Size is not content. Someone who shouts "ahem" loudly into every ear keeps the volume up, too. So
# look at something else: how *alike* are the vectors of different positions? At the bottom they are
# random, and have nothing in common (0). If all are the same (1), nobody can tell any more which
# word stood where.
#
# **Predict.** Which rows still know, after eight layers, who is who?

# %% tags=["demo"]
whispered = torch.randn(4, 16, 64, generator=Generator().manual_seed(0))
heights = list(range(17))
similar = {name: likeness(blocks(kind, 16), whispered) for name, kind in rows.items()}
lines(
    heights,
    similar,
    "layers",
    "likeness of two positions (cosine)",
    "Without a stream, all positions say the same after three layers",
)

# %% [markdown]
# Attention averages. Average often enough, and everything is the mean. Without a stream, three
# layers are enough, norm or no norm: the row is loud, and it says one and the same thing at every
# position. The stream keeps each position's own voice in the sum. But without norms the remarks get
# louder from layer to layer, and in the end they drown it.
#
# ### Can it learn at all?
#
# The test: the whispering game itself. Sixteen different words are whispered in at the bottom, and
# the row of 16 layers is trained to say the same words at the top. Nothing could be easier; a
# single matrix can do it. Who guesses blindly has a loss of $\ln 16 = 2.77$. Thirty steps each.
#
# **Predict** which rows get below it.

# %% tags=["demo"]
race = {}
for name, kind in tqdm(rows.items(), desc="training four rows"):
    race[name] = list(echo(blocks(kind, 16, d_model=32), 32, steps=30))

lines(
    list(range(1, 31)),
    race,
    "step",
    "loss in nats",
    "Only the row with both repairs learns to repeat what it hears",
)

# %% [markdown]
# Norms alone: nothing. A stream alone: nothing (its corrections are too wild for any step). Both:
# it works at once. So these were the two lines of code that row A was missing: **a norm** before
# each layer reads, and **x +** after it has spoken. Compare with your guess from the beginning.
#
# ### Before or after?
#
# And post-norm? It has both repairs, only in another order. The first transformer was built so,
# with 6 layers, and BERT with 12. Train your post-norm blocks on the same game.
#
# **Predict.** Up to which depth does it learn within 30 steps?

# %% tags=["demo"]
post = {}
for layers in tqdm((2, 6, 12), desc="training post-norm"):
    after = blocks(partial(Block, pre_norm=False), layers, d_model=32)
    post[f"post-norm, {layers} layers"] = list(echo(after, 32, steps=30))
post["pre-norm, 16 layers"] = race["both"]

lines(
    list(range(1, 31)),
    post,
    "step",
    "loss in nats",
    "Post-norm learns when it is shallow",
)

# %% [markdown]
# With 2 layers it is as quick as pre-norm; with 6 it hesitates; with 12 it has learned nothing yet.
# Every norm on the stream makes what was written before a little smaller, so the first remarks fade
# and the positions become alike. It is not hopeless: BERT was trained with 12 and 24 post-norm
# layers. But the learning rate had to start near zero and rise over 10,000 steps (*warm-up*).
# Pre-norm needs much less of that care, and so nearly everybody changed over: GPT-2, GPT-3, LLaMA.
#
# ### The stream grows
#
# One thing is left to repair. Your pre-norm stream is never normalised, and every block adds to it.
# **Predict.** If 96 remarks of size 1 are added up, all independent of each other, how large is the
# sum?
#
# GPT-2 starts with smaller weights exactly there: the last matrix before each addition is divided
# by $\sqrt{2 \cdot \text{layers}}$, because there are two additions in every layer.

# %% tags=["demo"]
x = torch.randn(2, 8, 64, generator=Generator().manual_seed(0))
plain = blocks(Block, 48)
scaled = deepcopy(plain)
init_weights(scaled, layers=48, std=64**-0.5, generator=Generator().manual_seed(0))
grown = {"as before": through(plain, x)[0], "divided by √96": through(scaled, x)[0]}
lines(
    list(range(49)),
    grown,
    "layers passed on the way up",
    "size of the stream",
    "Remarks that add up, and remarks that leave room",
)

# %% [markdown]
# It grows like a square root, since independent remarks partly cancel: $\sqrt{96} \approx 10$ for
# remarks of size 1 (ours are a little smaller). With the division, the stream hardly grows at all:
# every layer of a fresh model has the same small say. And at the very top there is one last norm
# before the words are scored, so that the size of the stream does not matter there.
#
# ## 7. Where the parameters sit
#
# Models are named after their number of parameters. Counting them needs care in one place: many
# models use *one* matrix twice, as a table of word vectors at the bottom and to score the next word
# at the top. It is one tensor in two places, and counts once.

# %% exercise="count_parameters"
from gradus.count import count_parameters

# %% check="count_parameters"
check(count_parameters)

# %% [markdown]
# **Predict.** Attention is what made transformers famous. Of the parameters of one of GPT-2's
# blocks, which share is in the attention, and which in the feed-forward layer?

# %% tags=["demo"]
block = Block(768, 12, 4 * 768)
for name, part in block.named_children():
    print(f"{name:17} {count_parameters(part):10,}")
print(f"{'the whole block':17} {count_parameters(block):10,}")
rule = 12 * 768**2
print(f"12 times 768²:    {rule:10,}, which is {rule / count_parameters(block):.2%} of it")

# %% [markdown]
# Twice as much in the feed-forward layer: attention has 4 matrices of $d \times d$, the
# feed-forward layer 2 of $d \times 4d$. Together $12 d^2$ a block. This little rule is worth
# remembering: **a model has about $12 \cdot \text{layers} \cdot d^2$ parameters**, besides its
# table of words.
#
# Now build the real ones: **your** blocks, with the published sizes. GPT-3 does not fit into your
# memory, nor does it need to: on PyTorch's `meta` device a tensor has a shape and no numbers.


# %% tags=["demo"]
def gpt(d_model: int, heads: int) -> Block:
    return Block(d_model, heads, 4 * d_model)


def llama(d_model: int, heads: int, kv_heads: int, d_ff: int) -> Block:
    return Block(
        d_model,
        heads,
        d_ff,
        attention=MultiHeadAttention(d_model, heads, kv_heads=kv_heads, bias=False),
        feedforward=SwiGLU(d_model, d_ff),
        norm=RMSNorm(d_model),
    )


def parts(block: Callable[[], Block], layers: int, tables: int, d_model: int, others: int):
    """Count what a model of `layers` blocks is made of; `tables` rows of d_model hold the words."""
    with torch.device("meta"):
        one = block()
    norms = layers * (count_parameters(one.attention_norm) + count_parameters(one.feedforward_norm))
    return {
        "words and positions": tables * d_model,
        "attention": layers * count_parameters(one.attention),
        "feed-forward": layers * count_parameters(one.feedforward),
        "norms and the rest": norms + others,
    }


# Rows: the vocabulary (twice where it is not shared), and positions where they are learned.
# Others: the last norm; for BERT the first norm and the pooler.
models = {
    "BERT base": parts(lambda: gpt(768, 12), 12, 30522 + 512 + 2, 768, 2 * 768 + 769 * 768),
    "GPT-2 small": parts(lambda: gpt(768, 12), 12, 50257 + 1024, 768, 2 * 768),
    "GPT-2 XL": parts(lambda: gpt(1600, 25), 48, 50257 + 1024, 1600, 2 * 1600),
    "LLaMA 7B": parts(lambda: llama(4096, 32, 32, 11008), 32, 2 * 32000, 4096, 4096),
    "Llama-3 8B": parts(lambda: llama(4096, 32, 8, 14336), 32, 2 * 128256, 4096, 4096),
    "GPT-3 175B": parts(lambda: gpt(12288, 96), 96, 50257 + 2048, 12288, 2 * 12288),
}
published = {
    "BERT base": 109_482_240,
    "GPT-2 small": 124_439_808,
    "GPT-2 XL": 1_557_611_200,
    "LLaMA 7B": 6_738_415_616,
}
for name, made_of in models.items():
    total = sum(made_of.values())
    same = "exactly as published" if published.get(name) == total else ""
    print(f"{name:12} {total:17,}  {same}")

# %% tags=["demo"]
names = list(models["BERT base"])
shares(
    list(models),
    {name: [model[name] for model in models.values()] for name in names},
    "share of all parameters",
    "What models are made of",
)

# %% [markdown]
# To the last parameter: the models that made headlines are the block that you have written, some
# dozens of times, and a table of words.
#
# - **The feed-forward layers** are the bulk, everywhere. Two thirds of a block in GPT; more in
#   Llama-3, whose heads share their keys and values.
# - **The table of words** is a third of GPT-2 small, and 0.4 % of GPT-3: it grows with $d$, the
#   blocks with $d^2$. Llama-3 has four times as many words as LLaMA, and it shows.
# - **Norms**, without which nothing works, are next to nothing: 38,400 of GPT-2's 124 million.
#
# Build a model of your own. **Predict** how the total grows when you double the layers, and when
# you double the width.


# %% tags=["demo"]
def own(layers: int, d_model: int, vocabulary: int):
    made_of = parts(lambda: gpt(d_model, d_model // 64), layers, vocabulary, d_model, 2 * d_model)
    total = sum(made_of.values())
    title = f"{layers} layers, width {d_model}, {vocabulary:,} words: {total / 1e6:,.0f} million"
    return shares(["your model"], {k: [v] for k, v in made_of.items()}, "share", title)


Explorer(
    own,
    {
        "layers": [12, 6, 24, 48, 96],
        "d_model": [768, 384, 1536, 3072, 12288],
        "words": [50257, 1000, 32000, 128256, 256000],
    },
)

# %% [markdown]
# ## What you have built
#
# | you wrote | where it sits in a real model |
# | --- | --- |
# | `LayerNorm` | BERT base: 25 of them, eps $10^{-12}$; GPT-2 small: 25, eps $10^{-5}$ |
# | `RMSNorm` | LLaMA 7B: 65 of them, 4096 numbers each, eps $10^{-6}$ |
# | `gelu` | BERT: exact; GPT-2: the tanh form; 0.0005 apart |
# | `FeedForward` | GPT-2 small: 768 to 3072 and back, 4.7 million parameters a layer |
# | `SwiGLU` | LLaMA 7B: 4096 to 11008 and back, 135 million parameters a layer |
# | `dropout` | BERT and GPT-2: p = 0.1; LLaMA: none |
# | `Block` | 12 × in GPT-2 small, 32 × in LLaMA 7B, 96 × in GPT-3; post-norm in BERT |
# | `count_parameters` | 124,439,808 and 6,738,415,616, to the last one |
#
# Things to remember, and to tell someone else:
#
# - Depth multiplies. What is a little too small or too large 48 times over is nothing or
#   everything.
# - A norm puts every vector back on one scale, position by position. eps stands under the root.
# - The stream hands on what was there, and gives the gradient a road that no layer can block.
# - Sizes can be healthy while nothing is said: without a stream, attention makes all positions
#   alike.
# - Pre-norm keeps norms off the stream, and is easy to start. Post-norm is not, when it is deep.
# - Two thirds of a block are its feed-forward layer. A model has about $12 \cdot \text{layers}
#   \cdot d^2$ parameters and its table of words.
#
# ### If you want more
#
# - Let attention and feed-forward read the same norm side by side, and add both at once (GPT-J and
#   PaLM do). Does your row of 16 still learn the game?
# - Train the post-norm row of 12 with a tenth of the learning rate and ten times the steps.
# - Set the weights of `out` and `down` to 0 before training, so that every block starts silent.
#   Does the row of 16 learn the game? Faster or slower?
# - Ba et al. 2016, [Layer normalization](https://arxiv.org/abs/1607.06450); Zhang and Sennrich
#   2019, [Root mean square layer normalization](https://arxiv.org/abs/1910.07467).
# - He et al. 2015, [Deep residual learning](https://arxiv.org/abs/1512.03385): the stream, for
#   pictures, with 152 layers.
# - Xiong et al. 2020, [On layer normalization in the transformer
#   architecture](https://arxiv.org/abs/2002.04745): before or after.
# - Dong et al. 2021, [Attention is not all you need](https://arxiv.org/abs/2103.03404): why
#   positions become alike.
# - Shazeer 2020, [GLU variants improve transformer](https://arxiv.org/abs/2002.05202): one page,
#   and the divine benevolence.
