# %% [markdown]
# # Warm-up: tensors, and a check that talks back
#
# `x` holds four rows of numbers. The first cells below take from every row its own mean, so that
# each row should have the mean 0 afterwards. The code runs without an error, and the result has the
# right shape.
#
# **Predict.** Are the four means all 0?
#
# | | |
# | --- | --- |
# | time | About 45 minutes. |
# | you need | some Python, and to have seen a PyTorch tensor before |
# | your computer | any laptop; no download, and no GPU |

# %%
import math

import torch
from einops import einsum
from jaxtyping import Bool, Float, Int
from torch import Tensor

from autograder.check import check
from gradus.data import python_docs
from gradus.device import best_device
from gradus.explore import Explorer
from gradus.ids import check_ids
from gradus.plots import bars, lines, number_grids
from gradus.plots.broadcasting import broadcast_map
from gradus.plots.marked import marked_rows
from gradus.plots.products import product_map

# %%
x: Float[Tensor, "row column"] = torch.tensor(
    [[1.0, 2, 3, 6], [0, 0, 2, 2], [4, 8, 4, 0], [9, 9, 9, 9]]
)
centred = x - x.mean(dim=1)
centred.shape, centred.mean(dim=1)

# %% [markdown]
# They are not. The last row was four nines; look at what is left of it.

# %% tags=["demo"]
names = [f"row {row}" for row in range(4)]
number_grids({"x": x, "x - x.mean(dim=1)": centred}, rows=names, columns="column")

# %% [markdown]
# Nothing failed, and everything is wrong. **Most mistakes in language models look like this one:**
# the shapes fit, training runs, and the numbers are quietly bad. Three tools help, and this lesson
# is about them: knowing how shapes meet, giving axes names, and checks that look at the numbers.
#
# ## Broadcasting: how shapes meet
# `x.mean(dim=1)` has the shape (4,). PyTorch lines shapes up **from the right**, and repeats along
# any axis that is missing or has the size 1. So the four means were laid under the four *columns*.
#
# Below, a (4, 4) tensor meets a (4,) one, and then a (4, 1) one. Grey numbers are the copies.

# %% tags=["demo"]
broadcast_map((4, 4), (4,))

# %% tags=["demo"]
broadcast_map((4, 4), (4, 1))

# %% [markdown]
# `keepdim=True` keeps the axis that the mean ran over, with size 1: (4, 1) instead of (4,). Then
# every row meets its own mean.

# %%
centred = x - x.mean(dim=1, keepdim=True)
centred.mean(dim=1)

# %% [markdown]
# **Predict.** What is the shape of (3, 1) + (3,)? Then try it, and find two shapes that do not fit.

# %% tags=["demo"]
shapes = [(3, 1), (3,), (1, 4), (4,), (3, 4), (1,)]
Explorer(broadcast_map, {"first": shapes, "second": [(3,), (3, 1), (1, 4), (4,), (3, 4), (1,)]})

# %% [markdown]
# ## einsum: axes with names
# A matrix product has a rule about which axis meets which. An *einsum* says it in words: every axis
# gets a name, and **a name that is missing after the arrow is summed over**.
#
# `q` has two rows (queries), `k` has four (keys), both of width `d`. In lesson 04 this very line
# lets every query look at every key:

# %%
q = torch.tensor([[1.0, 2, 0], [0, 1, 1]])
k = torch.tensor([[2.0, 0, 1], [1, 1, 0], [0, 3, 1], [1, 0, 2]])
scores = einsum(q, k, "query d, key d -> query key")
scores.shape

# %% [markdown]
# Move the sliders: which numbers make up one entry of the result?

# %% tags=["demo"]
Explorer(lambda query, key: product_map(q, k, query, key), {"query": range(2), "key": range(4)})

# %% [markdown]
# **Predict.** what is `einsum(q, k, "query d, key d -> query")`? Two names are missing after the
# arrow, so two axes are summed over: each query's scores are added up.

# %%
einsum(q, k, "query d, key d -> query"), scores.sum(dim=1)

# %% [markdown]
# ## Devices
# A tensor lives on one device: the CPU, or a GPU. Two tensors can only meet on the same one. The
# course asks `best_device()` once and puts its models there, so every lesson runs unchanged on a
# laptop and on a GPU. When you make a new tensor inside a function, make it where the inputs are:
# `device=x.device`.

# %%
device = best_device()
print(f"This lesson computes on: {device}")
torch.ones(2, 3, device=device).device

# %% [markdown]
# ## How a check talks
# You write a function; `check` tries it on many inputs, compares every number with the right ones,
# and gives points. To see one at work, here is a **wrong** answer to the first exercise. It turns
# scores into shares that sum to 1: raise e to each score, and divide by the sum.
#
# Run it. Read what failed first. Then open *What kind of mistake is this?*, and last *Where to
# look*. They are folded so that you can think first.


# %% tags=["demo"]
def softmax(x: Tensor, dim: int = -1) -> Tensor:
    return x.exp() / x.exp().sum(dim=dim, keepdim=True)


check(softmax)

# %% [markdown]
# Most of its points are there, and a good part of the world's homework stops here. What did the
# check find? Numbers of 200 are not exotic in a network, and this is what becomes of them:

# %% tags=["demo"]
torch.tensor([1.0, 88.0, 89.0, 200.0]).exp()

# %% [markdown]
# A 32-bit float ends at about 3.4 · 10³⁸, which is e to the 88.7. Beyond that comes `inf`, and inf
# / inf is `nan`: *not a number*. One nan in one row of one batch, and after the next step of
# training every weight of the model is nan.
#
# A check may be asked as often as you like. Its last case, *house rules*, is the same everywhere:
# the inputs are left as they were, gradients pass, any memory layout and double precision work, and
# nothing is tied to the CPU. Cases called *hidden* try fresh numbers each time.
#
# In every exercise you see a signature and a docstring. Both are the task. Delete the line `raise
# NotImplementedError()`, write your own, run the cell, then run the check below it.
#
# ## 1. softmax: from scores to shares
# A language model ends in one score for each token it knows (the *logits*). Softmax turns them into
# probabilities:
#
# $$\text{softmax}(x)_i = \frac{e^{x_i}}{\sum_j e^{x_j}}$$
#
# **Predict.** how do the shares of the scores 1, 2, 3 differ from those of 1001, 1002, 1003? In the
# formula, a number added to all scores is a factor above *and* below the line. It cancels. So you
# may add or take off whatever you like before `exp`: which number would make overflow impossible?
#
# Write it without `torch.softmax`. Right means: the same as the formula, along any `dim`, for any
# scores.

# %% exercise="softmax"
from gradus.probability import softmax

# %% check="softmax"
check(softmax)

# %% [markdown]
# Now play with it: three scores stay 0, 1 and 2, and you move the fourth. When does it have half of
# everything? (When e to its score equals 1 + e + e²: near 2.4.)


# %% tags=["demo"]
def shares(fourth: float):
    scores = torch.tensor([0.0, 1.0, 2.0, fourth])
    labels = [f"score {score:g}" for score in scores.tolist()]
    return bars(labels, {"": softmax(scores).tolist()}, "share", longest=1)


Explorer(shares, {"fourth score": [-4.0, -2.0, 0.0, 1.0, 2.0, 2.4, 3.0, 4.0, 6.0, 1e4]})

# %% [markdown]
# ## 2. log_softmax: the size of a small share
# A model that learns must know *how* unlikely it held what came, even when that was very unlikely.
# So training works with logarithms of probabilities. The obvious way is `softmax(x).log()`.
#
# **Predict.** one score is 0, the other 150 lower. The share of the second is about e⁻¹⁵⁰. What
# does `softmax(x).log()` say?

# %% tags=["demo"]
gaps = list(range(0, 161, 4))
behind = [softmax(torch.tensor([0.0, -float(gap)])).log()[1].item() for gap in gaps]
shown = [value if math.isfinite(value) else math.nan for value in behind]
lines(
    gaps,
    {"what it should be": [-math.log1p(math.exp(g)) for g in gaps], "log of the softmax": shown},
    "how far the score lies behind",
    "logarithm of its share",
    "The logarithm of the softmax ends at -103: there the share rounds to 0",
)

# %% [markdown]
# The smallest positive 32-bit float is about 1.4 · 10⁻⁴⁵, e to the -103. A share below that rounds
# to 0, its logarithm is `-inf`, and the gradient of that is lost. The way out is on paper, before
# any number is computed:
#
# $$\log \frac{e^{x_i}}{\sum_j e^{x_j}} = x_i - \log \sum_j e^{x_j}$$
#
# The logarithm of the share is a *difference*, and never passes through the share itself. Mind the
# overflow in the sum: you know the remedy.

# %% exercise="log_softmax"
from gradus.probability import log_softmax

# %% check="log_softmax"
check(log_softmax)

# %%
log_softmax(torch.tensor([0.0, -150.0]))

# %% [markdown]
# ## 3. gather_log_probs: what the model said about what came
# A model has given scores at four places of a text, in which "the cat on the" stands. Of each row
# of log-probabilities we want one number: that of the token that really stood there. The vocabulary
# has five words; what we want is framed.

# %% tags=["demo"]
vocabulary = ["the", "cat", "sat", "on", "mat"]
logits = torch.tensor(
    [[2.0, 0.5, -1, 0, 0.3], [-1, 2.5, 0.2, -0.5, 1.9], [0, -0.4, 1.2, 1.0, -1], [1, 0, -1, 0, 1.3]]
)
ids: Int[Tensor, " place"] = torch.tensor([0, 1, 3, 0])
check_ids(ids, vocab=5)  # says nothing: every number is an id
marked_rows(
    log_softmax(logits),
    ids.tolist(),
    [f"place {place}" for place in range(4)],
    vocabulary,
    "log-probabilities, and the token that came",
)

# %% [markdown]
# `log_probs.gather(-1, index)` picks along the last axis. It wants an `index` with as many axes as
# `log_probs`: `unsqueeze` gives the ids one more, and `squeeze` takes it away again.
#
# Ids can be wrong: a tokenizer for another vocabulary, padding with -1. In Python, `row[-1]` is the
# *last* entry, so a negative id goes unnoticed. `check_ids(ids, vocab)` refuses what is not an id;
# the right answer starts with it.

# %% exercise="gather_log_probs"
from gradus.probability import gather_log_probs

# %% check="gather_log_probs"
check(gather_log_probs)

# %% [markdown]
# How likely was the whole text? Probabilities multiply, so logarithms add up.

# %%
gather_log_probs(logits, ids).sum().exp()

# %% [markdown]
# ## 4. masked_mean: the mean of what counts
# Texts have different lengths. To lie in one tensor, the short ones are filled up with padding, and
# a mask says what is real. **Predict.** padding holds whatever was there, perhaps `inf`. What is
# `inf * 0`?

# %%
mask: Bool[Tensor, " place"] = torch.tensor([True, False])
torch.tensor([1.0, math.inf]) * mask

# %% [markdown]
# So multiplying by the mask will not do. (`masked_fill` puts a number in the place of another.) And
# by how many numbers do you divide? The loss of every language model is such a mean, and dividing
# by the wrong count has gone unnoticed in published training code, for it only changes *how much*
# each text weighs.
#
# Right means: what the mask leaves out has no say at all, a mask with fewer axes broadcasts, and
# the mean of nothing is 0.

# %% exercise="masked_mean"
from gradus.probability import masked_mean

# %% check="masked_mean"
check(masked_mean)

# %% [markdown]
# ## 5. cross_entropy: the loss of every language model
# All parts are there. For each place, the loss is minus the log-probability of the token that came
# (the *target*); the loss of a batch is the mean over all targets that count. By convention, a
# target of -100 does not count.
#
# **Predict.** a model that knows nothing gives all 50,257 tokens of GPT-2's vocabulary the same
# score. What is its loss? This is the first number you will see when you train one.

# %% exercise="cross_entropy"
from gradus.probability import cross_entropy

# %% check="cross_entropy"
check(cross_entropy)

# %%
for vocab in (2, 27, 2_048, 50_257):
    nothing = cross_entropy(torch.zeros(1, vocab), torch.tensor([0]))
    print(f"{vocab:6} tokens, all alike: a loss of {nothing:.2f}")

# %% [markdown]
# It is log(vocab): 10.82 for GPT-2. A loss *above* that, at the first step, means that the model is
# sure of wrong things: a bug.
#
# ### What the gradient of this loss says
# The gradient tells each logit which way is down. For this loss it is the shortest formula of the
# course: **what the model said, minus what came**. Where the model said 0.2 and nothing came, the
# logit goes down in proportion to 0.2; where the target is, it goes up by all that was missing.

# %% tags=["demo"]
one = logits[:1].clone().requires_grad_()
(gradient,) = torch.autograd.grad(cross_entropy(one, torch.tensor([1])), one)
said, came = softmax(one).detach(), torch.tensor([[0.0, 1, 0, 0, 0]])
number_grids(
    {
        "what the model said": said.round(decimals=2),
        "what came": came,
        "the gradient": gradient.round(decimals=2),
    },
    rows=["place 0"],
    columns="token",
)

# %% [markdown]
# ### The smallest language model there is
# 27 logits, one for each letter and one for the space, that do not look at the text at all. They
# learn from your own computer's copy of Python's documentation, with nothing but your
# `cross_entropy` and its gradient.
#
# **Predict.** the loss starts at log(27) = 3.30. Can it reach 0?

# %%
alphabet = " abcdefghijklmnopqrstuvwxyz"
letters = [letter if letter in alphabet else " " for letter in python_docs().lower()]
text = torch.tensor([alphabet.index(letter) for letter in " ".join("".join(letters).split())])
counted = torch.bincount(text, minlength=27) / len(text)
print(f"{len(text):,} letters: {''.join(alphabet[i] for i in text[:60])} ...")

# %% tags=["demo"]
row = torch.zeros(27, requires_grad=True)
dice = torch.Generator().manual_seed(0)
losses = []
for _ in range(120):
    batch = text[torch.randint(len(text), (4_096,), generator=dice)]
    loss = cross_entropy(row.expand(len(batch), 27), batch)
    (gradient,) = torch.autograd.grad(loss, row)
    row = (row - 4 * gradient).detach().requires_grad_()
    losses.append(loss.item())
entropy = -(counted * counted.clamp(min=1e-12).log()).sum().item()
lines(
    range(120),
    {"loss": losses, f"entropy of the letters, {entropy:.2f}": [entropy] * 120},
    "step",
    "loss in nats",
    "27 logits learn how often each letter comes",
)

# %% [markdown]
# It cannot: which letter comes next is not known by how often each comes. What is left, the
# *entropy*, is 2.84 nats. To get below it, a model has to look at the text. Lesson 01 starts there.

# %% tags=["demo"]
often = counted.argsort(descending=True)[:8].tolist()
bars(
    ["␣" if not i else alphabet[i] for i in often],
    {"counted": counted[often].tolist(), "learned": softmax(row)[often].tolist()},
    "share of all letters",
    "The eight most frequent letters",
)

# %% [markdown]
# ## What you have now
# - Shapes line up **from the right**; `keepdim=True` keeps an axis where it belongs. A wrong
#   broadcast raises no error.
# - In an einsum, **the name that is missing after the arrow is summed over**.
# - e to the 89 overflows a 32-bit float: **take the largest score off** before `exp`. A share below
#   e⁻¹⁰³ is 0: **compute its logarithm as a difference**.
# - The loss of a model is the mean of **-log p(target)** over the targets that count. Knowing
#   nothing costs **log(vocab)**: 3.30 for 27 letters, 10.82 for GPT-2's 50,257 tokens. Knowing how
#   often each letter comes costs **2.84**.
# - Its gradient is **what the model said, minus what came**.
#
# ### To think about
# 1. Softmax of (0, 0) and of (1000, 1000) are the same. What does a network lose by that, and why
#    does it not matter?
# 2. A mask is True where a number counts. In other libraries True means *hidden*. How would you
#    notice that you had them mixed up? Which of the cases above would fail?
# 3. Two texts, one of 10 tokens and one of 1,000, in one batch. Is it better to average over texts
#    first, or over all tokens? What would each text's author say?
