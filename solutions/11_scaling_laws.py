# %% [markdown]
# # Scaling laws: how large, and how much to read
#
# *About 120 minutes. Each part can be done by itself.*
#
# Between 2020 and 2022, four laboratories built the largest language models there had ever been:
#
# | | parameters | tokens read |
# | --- | --- | --- |
# | GPT-3 | 175 billion | 300 billion |
# | Jurassic-1 | 178 billion | 300 billion |
# | Gopher | 280 billion | 300 billion |
# | MT-NLG | 530 billion | 270 billion |
#
# Then a fifth model came, *Chinchilla*, trained with as much compute as Gopher. It had 70 billion
# parameters, a quarter of Gopher's, and it was better than all four at nearly everything.
#
# **What had the other four overlooked?** Look at the right column. And now a wager: you are given
# 1,024 GPUs for 30 days. How many parameters shall your model have, and how many tokens shall it
# read? Write down two numbers. In part 8 you will see how much loss your guess costs.
#
# You cannot find out by trying: a try costs a million. What you *can* do is train many small
# models, find a law, and trust it further than you have seen. In this lesson you do all of it: you
# count, you train nine models, you fit the law in two ways, and you use it.
#
# | | |
# | --- | --- |
# | you need | the decoder (lesson 07); a logarithm and a derivative |
# | your computer | any laptop; nine tiny models are trained in part 3, in about half a minute |

# %%
import math
from collections.abc import Sequence
from typing import Any

import numpy as np
import torch
from jaxtyping import Float
from torch import Tensor
from torch.nn import functional as F

from autograder.check import check
from gradus.scaling.coefficients import Law

# %% tags=["demo"]
import re
import time

from tqdm.auto import tqdm

from gradus.block import Block
from gradus.count import count_parameters
from gradus.data import python_docs
from gradus.decoder import Gpt
from gradus.device import best_device
from gradus.embedding import Embedding
from gradus.explore import Explorer, ScalingCalculator
from gradus.initialise import init_weights
from gradus.norm import LayerNorm
from gradus.plots import bars, lines
from gradus.plots.curves import curves
from gradus.plots.model_map import model_map
from gradus.plots.valleys import valleys
from gradus.position import LearnedPositions
from gradus.scaling import BESIROGLU, HOFFMANN, HOFFMANN_UNROUNDED, MODELS, MUENNIGHOFF
from gradus.scaling.gpus import energy_mwh
from gradus.scaling.kaplan import kaplan_optimal
from gradus.scaling.published import trained
from gradus.scaling.repeated import repeated_loss
from gradus.scaling.size import in_words
from gradus.training import Settings, train
from gradus.training.loop import evaluate

torch.manual_seed(0)
torch.set_num_threads(1)  # our tensors are small: more threads would wait for each other
device = best_device()
print(f"Working on: {device}")

# %% [markdown]
# ## 1. How large is it?
#
# A model is named after its number of parameters, and you can work that number out before a single
# weight exists. You know all the parts: two tables, and per block an attention, a feed-forward
# network and two norms.
#
# Five things that people get wrong, all of them in published code: the feed-forward network is not
# always four times as wide as the model. A gated one has three matrices. Keys and values may have
# fewer heads than queries. A tied table counts once. And "without embeddings", as some papers
# count, means without *everything* that depends on the vocabulary or on positions.

# %% exercise="param_count"
from gradus.scaling.size import param_count

# %% check="param_count"
check(param_count)

# %% [markdown]
# GPT-3 is a family of eight. Here are their shapes, from the paper's table 2.1, and the sizes that
# its table D.1 gives, in millions. **Predict:** in which of the eight is the table of 50,257 words
# more than a quarter of the whole model? And in the largest one, how much?

# %% tags=["demo"]
# layers, width, heads, and the size that the paper gives
FAMILY = {
    "Small": (12, 768, 12, 125),
    "Medium": (24, 1024, 16, 356),
    "Large": (24, 1536, 16, 760),
    "XL": (24, 2048, 16, 1320),
    "2.7B": (32, 2560, 32, 2650),
    "6.7B": (32, 4096, 32, 6660),
    "13B": (40, 5120, 40, 12850),
    "175B": (96, 12288, 96, 174600),
}
share = []
for name, (layers, width, heads, printed) in FAMILY.items():
    shape = (50257, width, layers, heads, 4 * width)
    whole = param_count(*shape, positions=2048)
    inner = param_count(*shape, embeddings=False)
    share.append(1 - inner / whole)
    print(f"{name:>7}: {whole / 1e6:10,.1f} million; printed: {printed:,}")
    assert abs(whole / 1e6 / printed - 1) < 0.005
bars(list(FAMILY), {"": share}, "share of the parameters", "What is in the tables of GPT-3", 1)

# %% [markdown]
# In small models the vocabulary is a third of everything, in large ones it is dust. So "with
# embeddings" or "without" hardly matters for GPT-3, but it does for the small models that a law is
# fitted to. Two famous laws disagree for this reason, among others. You will meet them both.
#
# (Two rows of that table cannot be as printed: 24 heads of 128 do not fit into a width of 2048, and
# a width of 5140 for the 13B is a slip for 5120. The cell above uses what fits the counts.)
#
# ## 2. What does training cost?
#
# A parameter is a weight in some matrix. When a token is read, each weight is multiplied with
# something, and the product is added to something: two floating-point operations, **FLOPs**. On the
# way back each weight takes part in *two* products of that kind, one for the gradient of what came
# in, one for the weight's own. Together 2 + 4:
#
# $$C \approx 6 \, N D$$
#
# $N$ parameters, $D$ tokens. One thing has no parameters, and is missing: the queries, keys and
# values that are multiplied with each other. It grows with the length of what is looked back at.

# %% exercise="train_flops"
from gradus.scaling.compute import train_flops

# %% check="train_flops"
check(train_flops)

# %% [markdown]
# GPT-3's paper says that its training took $3.14 \cdot 10^{23}$ FLOPs. **Predict** two things. Does
# $6ND$ come near that? And GPT-3 looks back over 2,048 tokens: how much is the part without
# parameters, in its smallest member and in its largest?

# %% tags=["demo"]
gpt3 = trained("GPT-3")
print(f"6ND: {train_flops(gpt3.params, gpt3.tokens):.3g} FLOPs; printed: 3.14e+23")


def attention_share(size: str):
    layers, width, _, millions = FAMILY[size]
    lengths = [2**k for k in range(8, 18)]
    plain = train_flops(millions * 1e6, 1)
    extra = [1 - plain / train_flops(millions * 1e6, 1, 1, layers, width, seq) for seq in lengths]
    at_2048 = extra[lengths.index(2048)]
    title = f"GPT-3 {size}: attention is {at_2048:.0%} of the work at 2,048 tokens"
    thousands = [length / 1000 for length in lengths]
    return curves(
        {"share": (thousands, extra)},
        "tokens to look back at, in thousands",
        "share of all FLOPs",
        title,
        {"half of the work": 0.5},
        x_end=132,
        y_span=(0, 1),
    )


Explorer(attention_share, {"member of the family": ["175B", "13B", "6.7B", "XL", "Small"]})

# %% [markdown]
# In the largest it is 2 or 3 per cent, and $6ND$ is nearly all. In the smallest it is a quarter,
# because narrow models do little else per token. Another reason to be careful with laws made from
# small models.
#
# ## 3. A valley, measured
#
# Now the question of the wager. With the compute fixed, a model twice as large can only read half
# as much. **Predict:** hold the compute fixed and plot the loss over the size. What does the curve
# look like: falling, rising, or something else? Why?
#
# We train nine models, three for each of three budgets. They are tiny decoders that read Python's
# documentation, letter by letter, in small letters without digits: 29 signs. Hardly any
# text is read twice, so that more tokens are more data. (All this is many billion times smaller
# than GPT-3.)

# %% tags=["demo"]
letters = re.sub(r" +", " ", re.sub(r"[^a-z .,]+", " ", python_docs().lower()))
SIGNS = sorted(set(letters))
stream = torch.tensor([SIGNS.index(sign) for sign in letters])
cut = len(stream) * 19 // 20
to_read, held_out = stream[:cut], stream[cut:]
SEQ, LAYERS = 64, 2
BUDGETS = {1e9: (4, 10, 16), 3e9: (6, 9, 14), 9e9: (9, 14, 40)}


def tiny(width: int) -> Gpt:
    """A decoder of two blocks, with fresh weights."""
    torch.manual_seed(0)
    dice = torch.Generator().manual_seed(0)
    heads = max(1, width // 16)
    blocks = [Block(width, heads, 4 * width) for _ in range(LAYERS)]
    embedding, positions = Embedding(len(SIGNS), width), LearnedPositions(SEQ, width)
    model = Gpt(embedding, blocks, LayerNorm(width), positions)
    init_weights(model, LAYERS, generator=dice)
    torch.nn.init.normal_(embedding.weight, std=0.05, generator=dice)
    return model.to(device)


def one_run(width: int, flops: float, progress: tqdm) -> tuple[float, float]:
    """Spend this compute on a model of this width; return its size and its loss in nats."""
    model = tiny(width)
    size = param_count(len(SIGNS), width, LAYERS, max(1, width // 16), 4 * width, positions=SEQ)
    assert size == count_parameters(model)
    windows = flops / train_flops(size, SEQ, 1, LAYERS, width, SEQ)
    batch = max(1, round(windows**0.5 / 6))  # more data: more steps, and larger ones
    steps = round(windows / batch)
    peak, warmup = min(0.03, 0.3 / width), max(1, steps // 10)
    plan = Settings(steps, batch, SEQ, peak=peak, warmup=warmup, floor=0.0, weight_decay=0.0)
    dice = torch.Generator().manual_seed(1)
    for _ in train(model, to_read, plan, generator=dice, progress=False):
        pass
    progress.update(flops)
    return size, evaluate(model, held_out, SEQ, batch=64, most=4)


total = sum(flops * len(widths) for flops, widths in BUDGETS.items())
began = time.perf_counter()
with tqdm(total=total, desc="FLOPs", unit="FLOP", unit_scale=True) as progress:
    runs = [
        (flops, *one_run(width, flops, progress))
        for flops, widths in BUDGETS.items()
        for width in widths
    ]
seconds = time.perf_counter() - began
print(f"{seconds:.0f} s, {total / seconds / 1e9:.1f} billion useful FLOPs a second")

# %% tags=["demo"]
measured = {
    f"{flops:.2g} FLOPs": (
        [n for c, n, _ in runs if c == flops],
        [l for c, _, l in runs if c == flops],
    )
    for flops in BUDGETS
}
valleys({}, {}, "parameters", "loss in nats, on text never read", "Nine models", measured)

# %% [markdown]
# Valleys. Too small a model has read all it can use: more reading does not help it. Too large a
# model has hardly begun to read. In between is a best size, and with more compute it moves to the
# right and down.
#
# Measured points wobble, by luck of the draw. So lay a parabola through the points of each budget,
# over the *logarithm* of the size, and take the lowest point of the parabola. Then ask how the best
# size moves: a straight line through its logarithms is a power law,
# $N_\text{opt} = k \cdot C^{\,a}$.
#
# And be strict with yourself. Three points at least. A parabola with a lowest point, and not a
# highest. And no best size where nobody has looked.

# %% exercise="fit_isoflop"
from gradus.scaling.isoflop import fit_isoflop

# %% check="fit_isoflop"
check(fit_isoflop)


# %% tags=["demo"]
def parabola(flops: float) -> tuple[list[float], list[float]]:
    sizes, losses = measured[f"{flops:.2g} FLOPs"]
    fitted = np.poly1d(np.polyfit(np.log(sizes), losses, 2))
    between = np.linspace(np.log(min(sizes)), np.log(max(sizes)), 60)
    return np.exp(between).tolist(), fitted(between).tolist()


fits = {f"{flops:.2g} FLOPs": parabola(flops) for flops in BUDGETS}
lowest = {}
try:
    best, exponent, factor = fit_isoflop(runs)
    for flops, size in best:
        x, y = fits[f"{flops:.2g} FLOPs"]
        lowest[f"{flops:.2g} FLOPs"] = (size, float(np.interp(size, x, y)))
        print(f"{flops:.2g} FLOPs: best size {size:,.0f}")
    print(f"The best size grows as compute to the power {exponent:.2f}")
except ValueError as error:
    print(f"These runs are not enough for a law: {error}")
valleys(fits, lowest, "parameters", "loss in nats", "Parabolas, and their lowest points", measured)

# %% [markdown]
# Chinchilla's authors did exactly this, with nine budgets of up to $3 \cdot 10^{21}$ FLOPs, and
# found $a = 0.49$: size and data should grow together. Yours may be another one, and that is no
# mistake of yours: three budgets that differ by a factor of nine, nine runs, one draw each. And
# through three points there is always a parabola, so none of it can look wrong. **Predict:** use
# your law for GPT-3's budget, $3.14 \cdot 10^{23}$. What would you say to somebody who does that?

# %% tags=["demo"]
for a in (0.45, 0.5, 0.55, 0.73):
    size = 3000 * (3.14e23 / 3e9) ** a
    print(f"from 3,000 parameters at 3e9 FLOPs, with a = {a:.2f}: {in_words(size)}")

# %% [markdown]
# Over fourteen powers of ten, an error of 0.05 in the exponent is a factor of five in the size. The
# large laboratories measure over four or five powers of ten and then leap two more. It is a leap.
#
# ## 4. The law
#
# Chinchilla's authors also wrote down one formula for all runs together:
#
# $$L(N, D) = E + \frac{A}{N^\alpha} + \frac{B}{D^\beta}$$
#
# $E$ is what nobody can guess: text is not fully determined by what came before. The second term is
# the price of a finite model, the third that of finite data. Both go to zero, slowly. $E$ does not.

# %% exercise="chinchilla_loss"
from gradus.scaling.law import chinchilla_loss

# %% check="chinchilla_loss"
check(chinchilla_loss)

# %% [markdown]
# Gopher and Chinchilla cost about the same. **Predict:** what is the larger part of Gopher's loss
# above $E$, its size or its data? And Chinchilla's?

# %% tags=["demo"]
E, A, B, alpha, beta = BESIROGLU.law
names = ["GPT-3", "Gopher", "MT-NLG", "Chinchilla", "LLaMA 7B", "SmolLM2 135M"]
parts = {
    "size: A / N^alpha": [A / trained(name).params ** alpha for name in names],
    "data: B / D^beta": [B / trained(name).tokens ** beta for name in names],
}
labels = [
    f"{name}: {chinchilla_loss(trained(name).params, trained(name).tokens, BESIROGLU.law):.2f}"
    for name in names
]
bars(labels, parts, "nats above E = 1.82", "What a finite model and finite data cost")

# %% [markdown]
# The four giants of the beginning had plenty of size, and paid for their data. That is what they
# had overlooked: an older law (Kaplan et al. 2020) said that with ten times the compute, the size
# should grow 5.4-fold and the data hardly 1.9-fold, and everybody followed it.
#
# (The law was fitted to one laboratory's text and tokenizer. LLaMA and SmolLM2 read other text: so
# compare their bars among each other, not their losses with anybody's measurements.)
#
# ## 5. The best use of a budget
#
# Now it is a problem for a pencil. With $D = C / (6N)$ the loss depends on $N$ alone. At the lowest
# point its derivative is zero, which comes to this: a little more of either must bring the same,
#
# $$\alpha \, \frac{A}{N^\alpha} = \beta \, \frac{B}{D^\beta}$$
#
# Solve it together with $6ND = C$. A trap: the exponent of $N$ is $\beta / (\alpha + \beta)$, with
# $\beta$ on top. Where the model's term falls fast, the model need *not* grow fast. If you do not
# trust your algebra, search for the lowest point: that is right as well, if you search finely.

# %% exercise="compute_optimal"
from gradus.scaling.optimum import compute_optimal

# %% check="compute_optimal"
check(compute_optimal)

# %% [markdown]
# And the rule that everybody quotes: 20 tokens for each parameter.

# %% exercise="rule_of_thumb"
from gradus.scaling.optimum import rule_of_thumb

# %% check="rule_of_thumb"
check(rule_of_thumb)

# %% [markdown]
# ### A rule, not a law
#
# **Predict:** how many tokens for each parameter are best at $10^{18}$, at $10^{22}$ and at
# $10^{26}$ FLOPs? Is it the same number? Do the published sets of coefficients agree?

# %% tags=["demo"]
budgets = [10.0 ** (18 + k / 2) for k in range(17)]
sets = (HOFFMANN, HOFFMANN_UNROUNDED, BESIROGLU, MUENNIGHOFF)
ratios = {}
for one in sets:
    pairs = [compute_optimal(budget, one.law) for budget in budgets]
    ratios[one.name] = ([math.log10(c) for c in budgets], [math.log10(d / n) for n, d in pairs])
curves(
    ratios,
    "compute: log10 of the FLOPs",
    "log10 of the tokens for each parameter",
    "Tokens for each parameter, by four sets of coefficients",
    {"20 tokens, log10:": math.log10(20)},
    x_end=None,
)

# %% tags=["demo"]
print("at Chinchilla's budget, 5.76e23 FLOPs:")
for one in sets:
    n, d = compute_optimal(5.76e23, one.law)
    print(f"{one.name:>20}: {in_words(n):>6} on {in_words(d):>6}: {d / n:5.1f} for each")
n, d = rule_of_thumb(5.76e23)
print(f"{'the rule':>20}: {in_words(n):>6} on {in_words(d):>6}: {d / n:5.1f} for each")

# %% [markdown]
# The ratio is a constant only if $\alpha = \beta$. And look at the first two lines of the table:
# both are *the same fit*. The paper rounds $\beta$ from 0.2849 to 0.28, and at this budget that
# moves the best size from 40 to 32 billion. Chinchilla itself has 70 billion: its authors had two
# other ways to estimate (one is that of part 3), and both said so. In 2024 Besiroglu and others
# read the data off the paper's figure, fitted it again, and found the third line: close to 20, and
# in agreement with the other two ways.
#
# So *20 tokens for each parameter* holds near Chinchilla's budget, for that text, that
# architecture and that tokenizer, for a model that is trained once and hardly used. Four ifs.
#
# ## 6. Fitting the law
#
# How does one find five numbers from a few hundred runs? There is no formula; one starts somewhere
# and walks downhill. What is made small is the sum over all runs of
#
# $$\mathrm{Huber}_\delta\big(\log \hat L(N_i, D_i) - \log L_i\big)$$
#
# where *Huber* is a square for small distances and a straight line for large ones, so that a few
# runs that went wrong cannot spoil it all. Three things decide whether it works:
#
# - **Logarithms.** Fit $\log A$, $\log B$ and $\log E$: then no step can make them negative, and a
#   step means the same for a number near 2 as for one near 2,000.
# - **Starts.** From some places, downhill leads nowhere. Begin at several, keep the best end.
# - **Patience.** The sums are tiny, of the order of $10^{-5}$. An optimiser that stops when nothing
#   changes any more must be told what nothing means: `torch.optim.LBFGS(..., max_iter=300,
#   tolerance_grad=1e-12, tolerance_change=1e-15, line_search_fn="strong_wolfe")`.

# %% exercise="fit_parametric"
from gradus.scaling.parametric import fit_parametric

# %% check="fit_parametric"
check(fit_parametric)

# %% [markdown]
# To know whether a fit can be trusted, plant a law, make runs from it, and see if it comes back. 49
# runs, with as much noise as two trainings of the same model with other seeds show, and one start
# that leads nowhere. **Predict:** which of the five numbers comes back best, and which worst?

# %% tags=["demo"]
PLANTED = BESIROGLU.law
sizes = (10 ** torch.linspace(7.7, 10.3, 7).double()).repeat_interleave(7)
reads = sizes * (10 ** torch.linspace(0.3, 2.7, 7).double()).repeat(7)
exact = chinchilla_loss(sizes, reads, PLANTED)
STARTS = [(2.0, 1e6, 1e6, 2.0, 2.0), (1.5, 300.0, 300.0, 0.3, 0.3)]


def fit_noisy(noise: float, seed: int = 0) -> Law:
    dice = torch.Generator().manual_seed(seed)
    noises = noise * torch.randn(len(sizes), generator=dice, dtype=torch.float64)
    return fit_parametric(sizes, reads, exact * noises.exp(), STARTS)


NAMES = ("E", "A", "B", "alpha", "beta")
for noise in (0.0, 0.0003, 0.003):
    found = fit_noisy(noise)
    told = ", ".join(
        f"{name} {value:.4g} ({value / right - 1:+.1%})"
        for name, value, right in zip(NAMES, found, PLANTED, strict=True)
    )
    print(f"noise {noise:.2%}: {told}")

# %% [markdown]
# $E$ and the exponents come back well, $A$ and $B$ badly: a slightly steeper line with a higher
# start passes through the same points. So do not compare anybody's $A$ with anybody else's: compare
# what the laws *say*. What matters to us is the best size, far beyond the runs.

# %% tags=["demo"]
said = []
for seed in tqdm(range(12), desc="twelve draws of the noise"):
    law = fit_noisy(0.003, seed)
    said.append([compute_optimal(budget, law)[0] for budget in (1e20, 1e22, 1e24)])
columns = list(zip(*said, strict=True))
truth = [compute_optimal(budget, PLANTED)[0] for budget in (1e20, 1e22, 1e24)]
bars(
    ["1e20 FLOPs (inside)", "1e22 FLOPs (at the edge)", "1e24 FLOPs (far outside)"],
    {
        "smallest said": [min(c) / t for c, t in zip(columns, truth, strict=True)],
        "largest said": [max(c) / t for c, t in zip(columns, truth, strict=True)],
    },
    "best size, times the true one",
    "The same law, twelve draws of 0.3 % noise",
)

# %% [markdown]
# The further from the runs, the wider. Papers give intervals for that. Chinchilla's were far too
# narrow for its 240 runs (more than 600,000 would have been needed, Besiroglu and others reckon),
# and that is how people noticed that something was wrong with the fit. What was it? They minimised
# the *mean*, not the sum. It has its lowest point at the same place. But it is 240 times smaller,
# and so are its slopes, and the optimiser thought that it had arrived. The third thing on the list.
#
# ## 7. The map
#
# All that you have, on one map. Grey lines cost the same. **Predict** before you look: on which
# side of the line are GPT-3 and Gopher? And LLaMA? Can a model be on the other side on purpose?

# %% tags=["demo"]
paths = {
    "best by Besiroglu": [compute_optimal(budget, BESIROGLU.law) for budget in budgets],
    "best by Hoffmann, as printed": [compute_optimal(budget, HOFFMANN.law) for budget in budgets],
    "20 tokens for each parameter": [rule_of_thumb(budget) for budget in budgets],
    "Kaplan": [kaplan_optimal(budget) for budget in budgets],
}
model_map(
    {model.name: (model.params, model.tokens) for model in MODELS},
    paths,
    "Models by size and reading",
    left=["LaMDA", "GPT-3", "LLaMA 33B", "LLaMA 7B"],
    below=["Jurassic-1", "LLaMA 65B", "LLaMA 13B"],
)

# %% [markdown]
# Below the line: the models from before 2022, too large for what they read. On it: Chinchilla,
# LLaMA 65B. Above it: LLaMA 7B with 150 tokens for each parameter, SmolLM2 135M with 15,000. Their
# makers knew the law. Why did they break it? Part 9.
#
# ## 8. How long, and the wager
#
# A budget in FLOPs is a budget in GPUs and hours. An A100 *could* do $312 \cdot 10^{12}$ FLOPs a
# second in 16 bits. In training it reaches 30 to 50 per cent of that: numbers must come from
# memory, GPUs wait for each other. (Sellers print twice that number, for matrices that are half
# zeros. Nobody trains like this.) The unit of some papers is the petaFLOP/s-day: $10^{15}$ FLOPs a
# second, for a day.

# %% exercise="train_time"
from gradus.scaling.duration import train_time

# %% check="train_time"
check(train_time)

# %% [markdown]
# LLaMA 65B took 1,022,362 hours of A100s, by its paper. **Predict** with $6ND$: what share of the
# peak did they reach?

# %% tags=["demo"]
llama = trained("LLaMA 65B")
work = train_flops(llama.params, llama.tokens)
at_peak = train_time(work, 2048, 312e12, 1.0)[1]
print(f"{at_peak:,.0f} GPU-hours at the peak; {at_peak / 1_022_362:.0%} of it was reached")
days, hours, _ = train_time(work, 2048, 312e12, at_peak / 1_022_362)
print(f"on 2,048 GPUs {days:.0f} days; {energy_mwh(hours, 400):,.0f} MWh (printed: 449)")

# %% [markdown]
# And now the calculator. It is at 1,024 A100s for 720 hours: the wager. Move the last slider to
# where your guess was. How much loss does it cost to be wrong by a factor of two? Of ten?
# `gradus plan` on the command line does the same sums, and adds what fits into memory.

# %% tags=["demo"]
ScalingCalculator(compute_optimal, chinchilla_loss, train_time)

# %% [markdown]
# The valley is flat at the bottom. A factor of two costs about 0.01 nats; a factor of ten, 0.1.
# This is good news for whoever guessed, and it is why part 9 is possible at all.
#
# ## 9. Models that are used
#
# Training is paid once. Using a model costs $2N$ FLOPs for each token that it reads or writes, for
# years. With half the size, each answer costs half. And the valley is flat: a smaller model that
# has read more reaches the same loss, for a little more training. So add up both:
#
# $$6 N D + 2 N D_\text{served}$$
#
# and among all pairs $(N, D)$ with the loss that you want, find the cheapest. There is no closed
# form this time. Give a share of $L - E$ to the model and the rest to the data: that makes one
# number to search over.

# %% exercise="overtrain_cost"
from gradus.scaling.serving import overtrain_cost

# %% check="overtrain_cost"
check(overtrain_cost)


# %% tags=["demo"]
n, d = compute_optimal(1e23, BESIROGLU.law)
WISH = chinchilla_loss(n, d, BESIROGLU.law)


def lifetime(served: str):
    use = float(served)
    params, tokens, cost = overtrain_cost(WISH, use, BESIROGLU.law)
    naive = 6 * n * d + 2 * n * use
    title = (
        f"{in_words(params)} on {in_words(tokens)} ({tokens / params:,.0f} for each): "
        f"{1 - cost / naive:.0%} cheaper"
    )
    return bars(
        [f"best for training alone: {in_words(n)}", f"best for its life: {in_words(params)}"],
        {
            "training": [6 * n * d / 1e23, 6 * params * tokens / 1e23],
            "use": [2 * n * use / 1e23, 2 * params * use / 1e23],
        },
        "1e23 FLOPs",
        title,
    )


Explorer(lifetime, {"tokens served": ["1e13", "1e10", "1e11", "1e12", "3e12", "3e13", "1e14"]})

# %% [markdown]
# This is why LLaMA 7B read as much as a model ten times its size should have. "Undertrained" and
# "overtrained" are words about a purpose. A model that a million people use on their telephones
# *should* be far above the line.
#
# ## 10. When there is no more text
#
# BloombergGPT had its budget first: 1.3 million GPU-hours. By Chinchilla's tables, the best use is
# about 50 billion parameters and 1.1 *trillion* tokens. They took the 50 billion. But of text
# about finance and beyond, they had 0.7 trillion, and stopped after 0.57. So it is not
# compute-optimal, as one often reads: it was limited by its data.
#
# Could they have read everything twice? **Predict:** with 100 billion tokens and a model of 10
# billion parameters, how often can they be read before it brings nothing?

# %% tags=["demo"]
epochs = [1, 2, 3, 4, 6, 8, 12, 16, 24, 32, 48, 64]
unique = 1e11
again = [repeated_loss(1e10, unique * k, unique) for k in epochs]
fresh = [chinchilla_loss(1e10, unique * k, MUENNIGHOFF.law) for k in epochs]
curves(
    {"the same text again": (epochs, again), "as much new text": (epochs, fresh)},
    "times 100 billion tokens",
    "loss in nats",
    "Reading again: nearly as good as new, for a while",
    x_end=66,
)

# %% [markdown]
# Up to about four times, reading again is nearly as good as new text (Muennighoff et al. 2023). By
# sixteen, most of what can be had is had. Lesson 13 comes back to it: which text is worth reading
# twice?
#
# ## The wager, settled, and eight sentences
#
# The four laboratories had overlooked the right column: they let the size grow, and hardly the
# reading.
#
# Here are eight sentences. Each is wrong, or half wrong. Say why, before you open the answers.
#
# 1. A bigger model is always better.
# 2. 20 tokens for each parameter is a law of nature.
# 3. With enough compute, the loss goes to zero.
# 4. A model with 1.7 tokens for each parameter, such as GPT-3, is a bad model.
# 5. Twice as many GPUs: twice the compute.
# 6. There are four things to scale: size, data, compute and batch size.
# 7. LLaMA 7B was trained wrongly, with 150 tokens for each parameter.
# 8. 300 billion tokens are 300 billion words.
#
# <details><summary>Answers</summary>
#
# 1. At the same compute there is a best size. Gopher lost to Chinchilla.
# 2. It is where one fit to one kind of text lies near one budget. Only with alpha = beta is there a
#    constant at all, and it has no reason to be 20.
# 3. To $E$. Text is not determined by what came before.
# 4. Undertrained *for its compute*: it could have been better at the same price. It was the best of
#    its time all the same.
# 5. Twice the FLOPs a second, at most; with the time fixed, and if they do not wait for each other.
# 6. Batch size is not one of them. It decides how well the steps use the data, and up to a critical
#    size how many GPUs can help; it does not stand in $L(N, D)$. And compute is not free to choose
#    once size and data are.
# 7. It was made to be used. See part 9.
# 8. A token is three quarters of an English word, more or less; elsewhere less.
#
# </details>
#
# ## What you have built
#
# | you wrote | where it was used |
# | --- | --- |
# | `param_count` | GPT-3's 174,600 million; LLaMA 7B's 6,738,415,616 |
# | `train_flops` | GPT-3: 3.14e23; Llama 3.1 405B: 3.8e25 |
# | `fit_isoflop` | Chinchilla's approach 2, and every laboratory's first plot since |
# | `chinchilla_loss`, `fit_parametric` | approach 3; and its correction of 2024 |
# | `compute_optimal`, `rule_of_thumb` | Chinchilla: 70 billion on 1.4 trillion |
# | `train_time` | LLaMA 65B: 1,022,362 GPU-hours, 449 MWh |
# | `overtrain_cost` | LLaMA, Llama 3, SmolLM2: small, and well read |
#
# Things to remember, and to tell someone else:
#
# - Training costs 6 FLOPs for each parameter and token; use costs 2.
# - At a fixed compute the loss over the size is a valley, and its bottom is flat.
# - The best size grows as compute to the power $\beta / (\alpha + \beta)$: about one half.
# - A law is fitted to runs. Ask how far they reach, and what was rounded.
#
# ### If you want more
#
# - Train the nine models with three seeds each. How much does your exponent move?
# - Count the sizes in part 3 without embeddings. What becomes of the exponent? (Pearce and Song
#   2024 explain half of the quarrel between Kaplan and Chinchilla like this.)
# - `gradus plan --params 7e9 --tokens 1e12 --gpus 512`, and then with `--gpu h100`.
#
# ### To read on
#
# - Kaplan et al. 2020, [Scaling laws for neural language
#   models](https://arxiv.org/abs/2001.08361); Hoffmann et al. 2022, [Training compute-optimal large
#   language models](https://arxiv.org/abs/2203.15556): Chinchilla.
# - Besiroglu et al. 2024, [Chinchilla scaling: a replication
#   attempt](https://arxiv.org/abs/2404.10102); Pearce and Song 2024, [Reconciling Kaplan and
#   Chinchilla scaling laws](https://arxiv.org/abs/2406.12907).
# - Muennighoff et al. 2023, [Scaling data-constrained language
#   models](https://arxiv.org/abs/2305.16264); Sardana et al. 2023, [Beyond
#   Chinchilla-optimal](https://arxiv.org/abs/2401.00448); Wu et al. 2023,
#   [BloombergGPT](https://arxiv.org/abs/2303.17564).
