# %% [markdown]
# # Memory, and many GPUs
#
# *About 270 minutes, in two halves: memory (parts 1 to 8) and many GPUs (parts 9 to 13). Stop after
# any part.*
#
# Llama-2 7B is a file of 13.5 GB. A graphics card with 24 GB holds it, and it writes.
#
# Now you want to *train* it: the same model, the same card, one text at a time. **Guess** before
# you look at the next picture: how many GB does that take? 20? 40? 100?
#
# Most people have met the answer as an error message: `CUDA out of memory`. Then they halve the
# batch, and halve it again, until something works. In this lesson you learn to know it *before*:
# you build a calculator, part by part, hold each part against what PyTorch really keeps, and
# against the tables of the papers that people who train large models go by. Then you take many
# GPUs, and make them work as one.
#
# | | |
# | --- | --- |
# | you need | a block (lesson 05) and the training of a GPT (lesson 07); the cache (lesson 04) |
# | your computer | any laptop: no GPU is needed, not even for the parts on many GPUs |
#
# In every exercise you see a signature and a docstring. Both are the task. Delete the line `raise
# NotImplementedError()`, write your own, run the cell, then run the check below it.

# %%
import torch
from jaxtyping import Float, Int, Int8
from torch import Tensor, nn

from autograder.check import check

# %% tags=["demo"]
from copy import deepcopy

from torch.nn import functional as F
from torch.utils.checkpoint import checkpoint

from gradus.block import Block
from gradus.data import python_docs
from gradus.decoder import Gpt
from gradus.device import best_device
from gradus.embedding import Embedding
from gradus.explore import Explorer, MemoryCalculator
from gradus.feedforward import FeedForward
from gradus.memory import dequantize_int8
from gradus.memory.bits import FORMATS, neighbours
from gradus.memory.footprint import serving_footprint, training_footprint
from gradus.memory.measured import saved_by
from gradus.memory.models import MODELS
from gradus.memory.units import GB, GIB, in_gb, in_gib
from gradus.norm import LayerNorm
from gradus.plots import bars, lines, number_grids
from gradus.plots.bit_strips import BitStrips
from gradus.plots.stack import stack
from gradus.position import LearnedPositions
from gradus.training import Settings, train
from gradus.training.loop import evaluate

torch.set_num_threads(1)  # our tensors are small: more threads would wait for each other
device = best_device()
print(f"Working on: {device}")

# %% tags=["demo"]
llama = MODELS["Llama-2 7B"]
stored = serving_footprint(llama, batch=0, seq=0)
writing = serving_footprint(llama, batch=1, seq=2048)
trained = training_footprint(llama, batch=1, seq=2048)

names = ("weights", "gradients", "optimizer", "activations", "cache")
parts = {
    name: [in_gb(one.get(name, 0)) for one in (stored, writing, trained)] for name in names[:4]
}
parts["activations"][1] = in_gb(writing["cache"])
parts["activations, or cache"] = parts.pop("activations")
stack(
    ["as a file", "writing 2,048 tokens", "trained on 2,048 tokens"],
    parts,
    "GB (10^9 bytes)",
    "Llama-2 7B",
    {"a 24 GB card": 24, "an 80 GB card": 80},
)

# %% [markdown]
# **Ten times the file**, and more than the largest card in most machines. Look at the colours: the
# weights are the smallest worry. The green part is the largest, and it is nothing that the model
# ever uses to write a word. What is it? And why is the pink part so large, for a single text?
#
# ## 1. What a number is
#
# All of this is numbers, so we start with one. A number in a computer has a few bits. In fp32, the
# usual format, there are 32:
#
# - one for the **sign**,
# - 8 for the **exponent**: how large, in powers of 2,
# - 23 for the **mantissa**: which digits.
#
# Half the memory means half the bits, and somebody must decide what to give up. fp16 and bf16
# decide differently. **Predict**, before you move the slider: which of the two can hold 70,000?
# Which one is nearer to pi?

# %% tags=["demo"]
Explorer(BitStrips, {"number": [3.141592, 0.1, 1.0, 1.001, 257.0, 70_000.0, 1e-5, 3e-9, -42.4]})

# %% [markdown]
# - **bf16 is the first half of fp32.** The same exponent, so it reaches as far; few digits.
# - **fp16** has three digits more (in bits) and an exponent of 5 bits: above 65,504 comes infinity,
#   and 3e-9 is 0.
# - **int8** is a plain whole number. It needs help before it can hold weights: part 6.
#
# At 3.141592 fp16 and bf16 keep the same value, by chance: the next bits are zeros. At 1.001 you
# see the difference.
#
# How many decimal digits does each format keep, of small numbers and large ones?

# %% tags=["demo"]
powers = list(range(-12, 13))
digits: dict[str, list[float]] = {name: [] for name in FORMATS}
for power in powers:
    for name in FORMATS:
        here, above = neighbours(10.0**power, name)
        fits = bool(here.isfinite() and above.isfinite() and here > 0)
        digits[name].append(-torch.log10((above - here) / here).item() if fits else 0.0)

lines(powers, digits, "power of ten", "decimal digits that are kept", "Range against digits")

# %% [markdown]
# bf16 and fp32 are flat lines: they keep 2 and 7 digits of *anything*. fp16 keeps 3, of what lies
# in its window, and nothing outside of it. Activations and gradients spread over many powers of
# ten, so most models are trained in bf16 today; those of 2018 to 2021 were trained in fp16.
#
# ### Sums that stand still
#
# Few digits hurt most where many small numbers are added to a large one. **Predict:** you begin at
# 0 and add 1, a thousand times, in bf16. Where do you arrive?

# %% tags=["demo"]
steps = list(range(0, 1001, 25))
sums: dict[str, list[float]] = {}
for name, form in FORMATS.items():
    total = torch.zeros((), dtype=form.dtype)
    sums[name] = []
    for step in range(1001):
        if step in steps:
            sums[name].append(total.item())
        total = total + 1

lines(steps, sums, "ones added", "sum", "Adding 1, a thousand times")

# %% [markdown]
# At **256** it stands still, for ever. The next number after 256 is 258 in bf16, and 257 is rounded
# back to 256. (fp16 stands still at 2,048.) No error, no warning.
#
# That is why sums are kept in fp32 even where everything else is small: the variance in a norm, the
# loss, and above all the **weights that the optimizer moves**. A step changes a weight by a
# thousandth of itself or less:

# %% tags=["demo"]
for name, form in FORMATS.items():
    weight = torch.ones((), dtype=form.dtype)
    for _ in range(1000):
        weight = weight + 0.001
    print(f"{name}: 1 and 1,000 steps of 0.001 make {weight.item():.4f}")

# %% [markdown]
# In bf16 this weight never learns. So training in 16 bits keeps a **second copy of all weights in
# fp32**, adds the steps there, and rounds the result for the next forward pass. Remember it: it is
# a third of the green part.
#
# ### Small numbers that vanish
#
# fp16 has another problem. The gradient of a mean over a million tokens begins as a probability
# divided by a million. **Predict:** which share of these is 0 in fp16? What if you multiply the
# loss by 1,000 first, and divide the gradients by 1,000 when they are back in fp32?

# %% tags=["demo"]
generator = torch.Generator().manual_seed(0)
chances = (2 * torch.randn(200, 1000, generator=generator)).softmax(-1)
powers_of_two = list(range(0, 41, 2))
lost: dict[str, list[float]] = {}
for tokens in (1_000, 1_000_000):
    gradient = chances / tokens
    in_half = [(gradient * 2.0**power).half() for power in powers_of_two]
    lost[f"0 in fp16, {tokens:,} tokens"] = [(half == 0).double().mean().item() for half in in_half]
# A single infinity spoils the whole step.
lost["all by an infinity, 1,000,000"] = [float(half.isinf().any()) for half in in_half]

lines(
    powers_of_two, lost, "loss multiplied by 2 to the power of", "share of gradients that is lost",
    "Loss scaling: between too small and too large",
)  # fmt: skip

# %% [markdown]
# That trick is **loss scaling**. Between *all is 0* and *something is infinite* lies a wide valley,
# and programs search it as they go: when an infinity comes, they skip the step and halve the scale;
# when none came for a while, they double it. Two bugs to know: the gradients must be divided by the
# scale *before* they are clipped, and a skipped step must not move the weights. In bf16 nobody
# needs any of it.
#
# ## 2. Weights
#
# Now count. It is only a multiplication, and still a place where people are off by 8, by 1,000 or
# by 7 %. All functions of this lesson return plain **bytes**; how to say them is a second thing.
#
# | said | means |
# | --- | --- |
# | GB | 1,000,000,000 bytes; papers, disks, and this lesson's pictures |
# | GiB | 1,073,741,824 bytes, which is 2^30; most tools, many of which print "GB" |
#
# Parameters are counted in decimal billions, so GB are easy: 7 billion in 2 bytes are 14 GB. Right
# is: the bytes for every dtype, also for two that are special. The docstring says how.

# %% exercise="weight_bytes"
from gradus.memory.weights import weight_bytes

# %% check="weight_bytes"
check(weight_bytes)

# %% [markdown]
# Seven published models. **Predict:** which of them fit into 24 GB in 16 bits? And in 4?

# %% tags=["demo"]
print(f"{'':13} {'parameters':>16} {'fp32':>9} {'bf16':>9} {'int8':>9} {'int4':>9}")
for name, model in MODELS.items():
    sizes = [in_gb(weight_bytes(model.params, dtype)) for dtype in ("fp32", "bf16", "int8", "int4")]
    print(f"{name:13} {model.params:16,}", *(f"{size:6.1f} GB" for size in sizes))

one = weight_bytes(llama.params, "bf16")
print(
    f"\nLlama-2 7B in bf16: {in_gb(one):.2f} GB and {in_gib(one):.2f} GiB: {GIB / GB - 1:.1%} apart"
)

# %% [markdown]
# ## 3. Training
#
# What else must be in memory while a model learns? Ask PyTorch: make a small model, take one step,
# and count all that is still there. **Predict:** how many bytes for each parameter?

# %% tags=["demo"]


def size_of(tensors) -> int:
    return sum(tensor.numel() * tensor.element_size() for tensor in tensors)


small = nn.Sequential(nn.Linear(100, 400), nn.GELU(), nn.Linear(400, 100))
adam = torch.optim.AdamW(small.parameters())
small(torch.randn(8, 100)).square().mean().backward()
adam.step()

params = sum(p.numel() for p in small.parameters())
states = [value for kept in adam.state.values() for value in kept.values() if value.numel() > 1]
found = {
    "weights": size_of(small.parameters()),
    "gradients": size_of(p.grad for p in small.parameters()),
    "the optimizer's states": size_of(states),
}
for name, size in found.items():
    print(f"{name:22} {size:9,} bytes, {size / params:4.1f} for each parameter")

# %% [markdown]
# **16 bytes**, of which 4 are the model. Adam remembers two numbers for every parameter: the mean
# of its gradient, and that of the gradient's square.
#
# In *mixed precision* the sum is 16 as well, from other parts: weights and gradients in 2 bytes,
# and the copy in fp32 on top. What mixed precision saves is time, and activations. Where several
# recipes are in use, books disagree without saying so; the docstring has a table.
#
# Some parameters may be **frozen**: adapters such as LoRA train a hundredth of a model and leave
# the rest alone. Frozen weights are read, and never moved. Think about what that means for each
# column.

# %% exercise="training_bytes"
from gradus.memory.training import training_bytes

# %% check="training_bytes"
check(training_bytes)

# %% [markdown]
# Hold it against the measurement, and against two numbers that you may meet.

# %% tags=["demo"]
print("measured:", sum(found.values()), " counted:", training_bytes(params, "fp32"))

billion = 10**9
print("\none billion parameters, trained:")
for recipe in ("fp32", "mixed", "autocast", "bf16"):
    print(f"  {recipe:9} {in_gb(training_bytes(billion, recipe)):5.1f} GB with Adam")
frozen = training_bytes(billion, trained=billion // 100)
print(f"  mixed, 1 % of them trained: {in_gb(frozen):.2f} GB")

# %% [markdown]
# - A well-known course says **24 GB** for a billion in fp32: these 16, and 8 for activations, as a
#   generous guess. You will do better than a guess in the next part.
# - An older slide says **80 GB**, which is 4 bytes times 20: as if the *20 bytes more* of its own
#   table were *20 times* as much. It is still going around.
#
# Look at the last line. That is why people adapt large models with few trained parameters: not
# because it is faster, but because it *fits*.
#
# ## 4. Activations
#
# To find the gradient of `x @ W`, the backward pass needs `x`. So the forward pass keeps it, and
# much else. How much? PyTorch can tell: it lets us look at every tensor that is kept.
#
# **Predict:** a block reads a stream of (batch, seq, d_model) numbers. How many such streams does
# it keep for the backward pass: 2, 8, or 30?

# %% tags=["demo"]
batch, seq, d_model, heads = 2, 64, 96, 6
one_stream = batch * seq * d_model


def block_of(activation=None, norm: nn.Module | None = None) -> Block:
    thinking = FeedForward(d_model, 4 * d_model, activation=activation)
    made = Block(d_model, heads, 4 * d_model, dropout=0.1, feedforward=thinking, norm=norm)
    return made.to(torch.bfloat16).train()


def stream_in() -> Tensor:
    return torch.randn(batch, seq, d_model, dtype=torch.bfloat16, requires_grad=True)


block, x = block_of(), stream_in()
kept = saved_by(lambda: block(x), besides=block.parameters())
for shape, dtype, size in kept.shapes:
    print(f"{shape!s:18} {str(dtype)[6:]:9} {size:8,} bytes = {size / one_stream:5.2f} sbh")
print(f"{'together':28} {kept.total_bytes:8,} bytes = {kept.total_bytes / one_stream:5.2f} sbh")

# %% [markdown]
# About 70 bytes for every number of the stream. (sbh is short for seq times batch times d_model.)
# And one piece has another shape: (2, 6, 64, 64). It is the attention's weights, one for every
# *pair* of positions. Make the text longer, and this piece grows with the square:

# %% tags=["demo"]
lengths = [32, 64, 128, 256, 512]
of_the_block, of_the_weights = [], []
for length in lengths:
    longer = torch.randn(1, length, d_model, dtype=torch.bfloat16, requires_grad=True)
    kept = saved_by(lambda longer=longer: block(longer), besides=block.parameters())
    weights = max(size for shape, _, size in kept.shapes if shape[-2:] == (length, length))
    of_the_block.append(kept.total_bytes / 1e6)
    of_the_weights.append(weights / 1e6)

lines(
    lengths, {"all that is kept": of_the_block, "the attention's weights": of_the_weights},
    "positions", "MB", "What one block keeps, measured", log=True, fit_last=3,
)  # fmt: skip

# %% [markdown]
# Korthikanti et al. (2022) went through a block with a pencil, for 16 bits, and for programs that
# join small steps into one (*fused kernels*):
#
# | part | bytes |
# | --- | --- |
# | attention: what each of its matrices reads; queries, keys, values; a dropout mask | 11 sbh |
# | attention: its weights, before and after their dropout, and the mask | 5 a s² b |
# | feed-forward: its input, the wide layer before and after its activation, a mask | 19 sbh |
# | two norms | 4 sbh |
#
# That makes **34 sbh + 5 a s² b** for each layer. They also saw what to do about it. The second
# term is large and quick to compute again, so *do not keep it*: **selective recomputation**. Or
# keep only what goes into each layer, and compute everything again: **full recomputation**, 2 sbh,
# for a third more time.
#
# Right is: all of that, on one GPU and on several that share each layer. It is a long docstring. Do
# it piece by piece, and let the check tell you how far you are.

# %% exercise="activation_bytes"
from gradus.memory.activations import activation_bytes

# %% check="activation_bytes"
check(activation_bytes)

# %% [markdown]
# Is it *true*? Our block kept more than your formula says. Its norm works in fp32 and keeps two
# streams where a fused one keeps its input: 16 sbh for 4. Its GELU is written as a formula, and
# every step of that formula keeps something: 24 sbh for 8. **Predict** what is left when we put
# PyTorch's own GELU and LayerNorm in. (Our attention drops none of its weights, so it keeps them
# once: 2 a s² b, not 5.)

# %% tags=["demo"]
scores = 2 * heads * seq**2 * batch  # 2 bytes for every weight of every head
kinds = {
    "our own block": block_of(),
    "and torch's GELU": block_of(F.gelu),
    "and torch's LayerNorm": block_of(F.gelu, nn.LayerNorm(d_model)),
}
for name, made in kinds.items():
    x = stream_in()
    size = saved_by(lambda made=made, x=x: made(x), besides=made.parameters()).total_bytes
    print(f"{name:22} {size:8,} bytes = {(size - scores) / one_stream:5.2f} sbh + 2as²b")

formula = activation_bytes(batch, seq, d_model, heads, 1, "selective")
print(f"{'your formula':22} {formula:8,} bytes = {formula / one_stream:5.2f} sbh")

x = stream_in()
again = saved_by(lambda: checkpoint(made, x, use_reentrant=False), besides=made.parameters())
size = again.total_bytes
print(f"{'recomputed in full':22} {size:8,} bytes = {size / one_stream:5.2f} sbh")

# %% [markdown]
# **34.08.** A formula from a paper on 530 billion parameters, and a block on your laptop, agree to
# the third digit (the 0.08 are the mean and spread that a norm keeps of each position). And the
# library's `checkpoint`, which is full recomputation, keeps 2 sbh: the input and nothing else.
#
# Now the real sizes. **Predict:** for GPT-3 and one text of 2,048 tokens, how does the sum compare
# with the 349 GB of its weights?

# %% tags=["demo"]
gpt3 = MODELS["GPT-3 175B"]
ways = {}
for how in ("none", "selective", "full"):
    for ranks, name in ((1, "one GPU"), (8, "each of 8 GPUs")):
        size = activation_bytes(
            1, 2048, gpt3.d_model, gpt3.heads, gpt3.layers, how, ranks=ranks, sequence_parallel=True
        )
        ways[f"{how}, {name}"] = in_gb(size)

bars(list(ways), {"": list(ways.values())}, "GB (10^9 bytes)", "Activations of GPT-3, one text")

# %% [markdown]
# One text of 2,048 tokens keeps nearly as much as the whole model weighs. Training large models is
# a fight for this memory. Batch and context multiply it, and so "halve the batch" is what everybody
# tries first. Beware of formulas, too: for the largest GPT-2, 32 texts of 1,024 tokens, another
# famous paper (ZeRO) counts 12 sbh numbers a layer and arrives at 60 GB, where 34 sbh + 5as²b makes
# 287 GB. They count different things. Say which formula you use.
#
# ## 5. The cache
#
# Writing needs no gradients and no optimizer. It needs weights, and the keys and values of every
# token so far (lesson 04). Long contexts and many users turn that into the larger part. Right is:
# all layers, all heads that have keys of their own, all texts, both tensors.

# %% exercise="kv_cache_bytes"
from gradus.memory.caching import kv_cache_bytes

# %% check="kv_cache_bytes"
check(kv_cache_bytes)

# %% [markdown]
# **Predict:** Llama-2 70B is ten times as large as the 7B. Is its cache ten times as large?

# %% tags=["demo"]
contexts = [1024, 2048, 4096, 8192, 16_384, 32_768]
caches = {}
for name in ("Llama-2 7B", "Llama-2 13B", "Llama-2 70B"):
    m = MODELS[name]
    per_text = [
        kv_cache_bytes(1, context, m.layers, m.d_model, m.heads, m.kv_heads) for context in contexts
    ]
    caches[name] = [in_gib(size) for size in per_text]
    each = per_text[0] // 1024
    print(f"{name}: {each:7,} bytes a token; 4,096 tokens: {caches[name][2]:.2f} GiB")

lines(contexts, caches, "tokens of one text", "GiB (2^30 bytes)", "Keys and values", log=True)

# %% [markdown]
# It is *smaller*: 64 heads share 8 keys and values. This is what grouped-query attention is for.
# The 2.00 GiB of Llama-2 7B you know from lesson 04: with 30 users at a time, the cache is four
# times the model.
#
# ## 6. Eight bits
#
# int8 has 256 values, from -128 to 127. Weights lie between -0.1 and 0.1, say. So choose a step,
# the **scale**, and count in steps:
#
# $$c = \mathrm{round}(x / \mathrm{scale}) + \mathrm{zero} \qquad
# x \approx (c - \mathrm{zero}) \cdot \mathrm{scale}$$
#
# The largest weight decides how large a step must be, and a step decides how well all others are
# kept: no number is off by more than half of one. Who shares a scale with whom is the whole art.
# Right is: one for each row or one for all; around 0, or from the least to the largest; and 0
# always comes back as exactly 0, because padding and dropped numbers must stay nothing.
#
# <details><summary>A hint</summary>
#
# Find the two ends first (they may have to move so that 0 is between them), then the scale, then
# zero, then the codes. `keepdim` saves you from thinking about shapes.
# </details>

# %% exercise="quantize_int8"
from gradus.memory.quantization import quantize_int8

# %% check="quantize_int8"
check(quantize_int8)

# %% [markdown]
# Real weights: we train a small GPT on Python's manual, letter by letter. It takes some seconds.

# %% tags=["demo"]
manual = python_docs()
letters = sorted({letter for letter in set(manual) if manual.count(letter) > 200})
id_of = {letter: i for i, letter in enumerate(letters)}
ids = torch.tensor([id_of[letter] for letter in manual if letter in id_of])

torch.manual_seed(0)
gpt = Gpt(Embedding(len(letters), 64), [Block(64, 4, 256)], LayerNorm(64), LearnedPositions(32, 64))
settings = Settings(steps=120, batch=16, seq=32, peak=3e-3)
nn.init.normal_(gpt.tokens.weight, std=0.02)
gpt.to(device)
dice = torch.Generator().manual_seed(1)
losses = [step.loss for step in train(gpt, ids[:-20_000], settings, generator=dice)]
print(f"loss: {losses[0]:.2f} nats a letter at first, {losses[-1]:.2f} at the end")

# %% [markdown]
# A corner of one matrix, its codes, and what comes back:

# %% tags=["demo"]
matrix = gpt.blocks[0].feedforward.up.weight.detach()
codes, scale, zero = quantize_int8(matrix)
back = dequantize_int8(codes, scale, zero)
corner = (slice(4), slice(6))
print("codes of the corner:", codes[corner].tolist())
print(f"largest error: {((matrix - back).abs() / scale).max():.3f} of a scale")
number_grids(
    {"a thousand times the weights": 1000 * matrix[corner], "and back": 1000 * back[corner]},
    [f"row {row}" for row in range(4)],
    "column",
)

# %% [markdown]
# Now all matrices of the model. **Predict:** how much worse does it read, with a quarter of the
# bytes? With one scale for each matrix? And if one row of each were twenty times as large as the
# others? (In large models, some are.)

# %% tags=["demo"]


def read_in_int8(model: nn.Module, per_channel: bool) -> nn.Module:
    changed = deepcopy(model)
    for parameter in changed.parameters():
        if parameter.dim() == 2:
            coded = quantize_int8(parameter.detach(), per_channel)
            parameter.data = dequantize_int8(*coded)
    return changed


def loss_of(model: nn.Module) -> float:
    return evaluate(model, ids[-20_000:], 32)


print(f"fp32                 {loss_of(gpt):.4f} nats a letter")
print(f"a scale for each row {loss_of(read_in_int8(gpt, True)):.4f}")
print(f"one for each matrix  {loss_of(read_in_int8(gpt, False)):.4f}")

largest = torch.cat([matrix[:1] * 20, matrix[1:]])
print("\nand with one row that is 20 times as large, the error of all other rows:")
for per_channel, name in ((True, "a scale for each row"), (False, "one for each matrix")):
    off = dequantize_int8(*quantize_int8(largest, per_channel)) - largest
    print(f"{name:20} {off[1:].square().mean().sqrt() / matrix[1:].std():.2%} of their spread")

# %% [markdown]
# Hardly anything, for a quarter of the memory. That is why models are served in 8 bits. One scale
# for each row costs nothing and saves you when some rows are large; one for everything works until
# it does not. In 4 bits the scales decide everything, and every block of 32 or 64 weights gets its
# own.
#
# ## 7. Shared out
#
# Back to training. Take 8 GPUs, and let each train on texts of its own: that is *data parallelism*,
# and you build it in part 10. Each GPU keeps **everything**: the same weights, the same
# gradients, the same states of the optimizer, eight times. What a waste! Rajbhandari et al. (2019)
# asked: which of these does a GPU need all the time? Their answer is called **ZeRO**, and has
# stages:
#
# | stage | shared out | because |
# | --- | --- | --- |
# | 1 | the optimizer's states | each GPU can move *its* part of the weights, and send them around |
# | 2 | the gradients as well | nobody needs those of a part that others move |
# | 3 | the weights as well | a layer can be fetched when its turn comes, and thrown away again |
#
# Right is: the bytes on one GPU. The paper's letter K for the optimizer's bytes is
# `optimizer_bytes`. **Predict** first: which stage saves most?

# %% exercise="zero_memory"
from gradus.memory.zero import zero_memory

# %% check="zero_memory"
check(zero_memory)

# %% [markdown]
# This is table 1 of the paper, from your function. (Where the paper prints 1.88, so should you. It
# cuts some of its numbers off and rounds others: 513.5 stands there as 513, and 41.25 as 41.3.)

# %% tags=["demo"]
for params, name in ((7.5e9, "7.5B"), (128e9, "128B"), (1e12, "1T")):
    print(f"{name:>5}: GPUs {'stage 1':>10} {'stage 2':>10} {'stage 3':>10}    GB on each")
    for gpus in (1, 4, 16, 64, 256, 1024):
        sizes = [in_gb(zero_memory(int(params), gpus, stage)) for stage in (1, 2, 3)]
        print(f"{gpus:11,}", *(f"{size:10,.2f}" for size in sizes))

# %% [markdown]
# Stage 1 alone takes away nearly three quarters, for the price of nothing: as you will see, it
# sends no byte more. And with stage 3 and enough GPUs, *any* model fits. (Its price is time: half
# as much again has to be sent.) But look at what is not in the table. Activations are not shared
# out by ZeRO at all.
#
# ## 8. The calculator
#
# Now put your functions together. This is what everybody who plans a run has on a spreadsheet:

# %% tags=["demo"]


def on_one_gpu(model, batch, seq, recipe, optimizer, gpus, stage, recompute) -> dict[str, float]:
    everything = training_bytes(model.params, recipe, optimizer)
    weights = training_bytes(model.params, recipe, optimizer, trained=0)  # all frozen
    gradients = weights  # one for each weight, in the same precision
    states = everything - weights - gradients
    activations = activation_bytes(
        batch, seq, model.d_model, model.heads, model.layers, recompute, model.vocab
    )
    return {
        "weights": weights / (gpus if stage >= 3 else 1),
        "gradients": gradients / (gpus if stage >= 2 else 1),
        "optimizer": states / (gpus if stage >= 1 else 1),
        "activations": activations * (2 if recipe == "fp32" else 1),  # 4 bytes for 2
    }


shared = on_one_gpu(llama, 1, 2048, "mixed", "adam", 64, 1, "none")
agrees = sum(shared.values()) - shared["activations"] == zero_memory(llama.params, 64, 1)
print(f"agrees with zero_memory: {agrees}")

MemoryCalculator(on_one_gpu)

# %% [markdown]
# Some things to find out with it. Guess each time, then move the sliders:
#
# 1. Llama-2 7B, 8 GPUs: what is the lowest stage that fits into 80 GB? Into 24 GB?
# 2. Now 16 texts a GPU. What is the problem this time, and which slider helps?
# 3. Llama-2 70B in 80 GB, 2,048 tokens: with how many GPUs?
# 4. GPT-2 XL on one GPU, mixed precision, 1,024 tokens: with which optimizer does it fit into 24
#    GB? What does that cost you?
# 5. Llama-2 7B with a context of 16,384: how large are the activations? And with selective?
#
# <details><summary>Answers</summary>
#
# 1. Stage 1: 68 GB. Into 24 GB none, until you recompute: with selective, stage 3 takes 22.9 GB.
# 2. The activations, at every stage: 500 GB and more. GPUs do not help. Full recomputation does: 27
#    GB at stage 3.
# 3. With none, never: the activations alone are 153 GB. Stage 3 with selective: 64 GPUs, 63 GB.
#    With full: 16 GPUs, 72 GB.
# 4. Plain SGD: 21.6 GB. Transformers learn badly with it; that is why everybody pays for Adam.
# 5. 1,450 GB, and 75 GB. The square of the context, 32 layers, 32 heads.
# </details>
#
# Real programs need some more: buffers for what is sent, pieces of memory too small to be used, the
# libraries themselves. Leave a tenth of the card free.

# %% [markdown]
# ## Many GPUs
#
# Eight GPUs, one model. Each reads texts of its own, so eight times as many are read in the same
# time. But each gets gradients of its own, too. Without a word between them you would soon have
# eight different models. They have to agree on one gradient, **in every step**, and for 7 billion
# parameters that gradient is 14 GB.
#
# **Guess.** Eight GPUs each have a vector of 14 GB, and each needs the sum of all eight. How many
# GB must a single GPU send, at the least? What if there are 800 of them? (Most people say: that
# must become more and more. Keep your guess.)
#
# No GPU is needed here, not even two computers. From here on we say *rank*: one of several
# processes that work together, numbered from 0. A rank has its own memory, and a **link** to the
# others, which counts what it carries:
#
# - `link.rank` and `link.size`: who am I, and how many are we?
# - `link.send(x, to)`: send a copy of x to a rank; nobody waits for it
# - `link.receive(source)`: wait for the next message from a rank, and return it
#
# All ranks run the *same* function. What they do differently, they do because `link.rank`
# differs.

# %%
from collections.abc import Callable
from typing import Any

from jaxtyping import Bool

from gradus.adamw import adamw_step
from gradus.objective import lm_loss
from gradus.parallel.link import Link
from gradus.parallel.ranks import Ranks

# %% tags=["demo"]
from gradus.parallel.fsdp import SLOW, fsdp_train
from gradus.parallel.pipeline import pipeline_bubble, schedule
from gradus.parallel.processes import run_processes
from gradus.parallel.ring_steps import ring_steps
from gradus.parallel.volume import sent_numbers
from gradus.plots.pipeline import pipeline
from gradus.plots.ring import ring


def hello(link):
    after, before = (link.rank + 1) % link.size, (link.rank - 1) % link.size
    link.send(torch.tensor([10 * link.rank]), after)
    return f"I am rank {link.rank}; rank {before} sent me {link.receive(before).item()}"


print(*Ranks(4).run(hello), sep="\n")

# %% [markdown]
# `Ranks(4)` plays four ranks in this one process: they take turns, and if all wait for each
# other, you are told so at once, instead of watching a machine that hangs. Later in this lesson
# your code runs in real processes, without a change.
#
# ## 9. Round the ring
#
# The obvious way to a sum: all send their vector to rank 0, which adds, and sends the sum back.
# Rank 0 then receives 7 vectors and sends 7, while all others wait. With 800 ranks, it sends 799.
# That rank is a *bottleneck*, and more GPUs make it worse.
#
# The way out has two ideas. Cut the vector into as many **chunks** as there are ranks, and let
# each rank be the one that collects *one* of them. And stand in a **ring**, so that each rank
# only ever sends to the next one: then all wires are busy in every step, and none is ever asked
# for more.
#
# Right is: x is the sum on all ranks, each has sent 2 (size − 1) messages of one chunk to the
# next rank, and nothing else. The last paragraph of the docstring, `halfway`, is for part 11; it
# is one line of code.

# %% exercise="ring_all_reduce"
from gradus.parallel.ring import ring_all_reduce

# %% check="ring_all_reduce"
check(ring_all_reduce)

# %% [markdown]
# This is what *your* code does, read off the messages that it sends. A cell says whose numbers
# are in that chunk by now, and is filled as far as it is complete; a frame is what has just
# arrived. Move the slider, and follow chunk 0. **Predict** before you get there: after how many
# steps is the first chunk complete, and on which rank?

# %% tags=["demo"]
steps = ring_steps(ring_all_reduce, 4)
Explorer(lambda step: ring(steps, step), {"step": range(len(steps))})

# %% [markdown]
# Now your guess from above. Count the bytes that one rank sends, and hold them against the
# formula: two halves, each of size − 1 chunks, each of n / size numbers.

# %% tags=["demo"]
n = 840_000  # numbers of 4 bytes
print("ranks   bytes sent by each   2 (size - 1) / size · n · 4    messages")
for size in (1, 2, 3, 4, 7, 8):
    ranks = Ranks(size)
    ranks.run(ring_all_reduce, [(torch.ones(n),) for _ in range(size)])
    [sent] = {link.sent_bytes for link in ranks.links}
    formula = 2 * (size - 1) * n * 4 // size
    print(f"{size:5} {sent:20,} {formula:28,} {len(ranks.links[0].sent):11}")

# %% [markdown]
# **However many ranks there are, none sends more than twice its vector.** For the 14 GB: 24.5 GB
# with 8 GPUs, 28.0 GB with 800. It was proved that nobody can do with less (Patarasuk and Yuan
# 2009). What does grow is the number of messages, and each takes a moment to set off, however
# short it is. That is why very large machines use rings within rings, or trees.
#
# ## 10. Data parallel
#
# Now train with it. Every rank has the whole model, and makes the same step; only the texts
# differ. In PyTorch this is called *DistributedDataParallel*, DDP.
#
# Here lies the mistake that almost everybody makes. Three ranks have 20, 2 and 6 predictions to
# learn from. Each has its own mean loss. **Is the mean of the three means the mean over all 28?**
# Which prediction would have most say? (In 2024 the training loops of well-known libraries were
# found to weigh batches like this.)
#
# Right is: afterwards the model is what *one* process would have made of it with all the texts,
# on every rank, up to rounding. There may be parameters that are frozen, used twice, used on some
# ranks only, or never used. Think of what each rank has to put into the ring, so that all vectors
# are equally long.

# %% exercise="ddp_step"
from gradus.parallel.ddp import ddp_step

# %% check="ddp_step"
check(ddp_step)

# %% [markdown]
# Let us see it with real processes. Below, two of them are started, which takes some seconds: each
# has a memory of its own, gets a copy of your function, and meets the other one. They have nothing
# in common but a wire, through *gloo*, the part of `torch.distributed` for CPUs; with GPUs it would
# be *nccl*. The texts are lines of Python's manual; the two ranks have different numbers of them.
#
# **Predict:** a model with n parameters, two ranks, three steps. How many bytes does each rank
# send? (Our numbers have 8 bytes here, so that rounding cannot hide a mistake.)

# %% tags=["demo"]
letters = sorted(set(python_docs()[:200_000]))
places = {letter: i for i, letter in enumerate(letters)}
lines_of_text = [line for line in python_docs()[:200_000].splitlines() if 2 < len(line) <= 64]


def batch_of(texts):
    seq = max(map(len, texts))
    ids = torch.tensor([[places[x] for x in text.ljust(seq)] for text in texts])
    return ids, torch.arange(seq) < torch.tensor([len(text) for text in texts])[:, None]


def small_gpt():
    torch.manual_seed(1910)
    blocks = [Block(32, 4, 128) for _ in range(2)]
    gpt = Gpt(Embedding(len(letters), 32), blocks, LayerNorm(32), LearnedPositions(64, 32))
    return gpt.double()


by_rank = [  # for each rank, its texts of three steps
    [lines_of_text[0:6], lines_of_text[20:21], lines_of_text[40:43]],
    [lines_of_text[6:8], lines_of_text[21:26], lines_of_text[43:44]],
]
batches = [[batch_of(texts) for texts in steps] for steps in by_rank]
n = sum(p.numel() for p in small_gpt().parameters())
for rank, mine in enumerate(batches):
    counts = [int(real.sum()) - len(real) for _, real in mine]
    print(f"rank {rank}: predictions in each step {counts}")


def train_ddp(link, model, batches):
    memories = [{} for _ in model.parameters()]
    losses = [ddp_step(link, model, *batch, memories, 0.01).item() for batch in batches]
    remembered = sum(x.numel() for one in memories for x in one.values() if torch.is_tensor(x))
    return model.state_dict(), losses, remembered


outcomes = run_processes(train_ddp, 2, [(small_gpt(), mine) for mine in batches])
for one in outcomes:
    print(f"rank {one.rank}: sent {one.sent_bytes:,} bytes in {one.messages} messages;", end=" ")
    print("losses", *(f"{loss:.6f}" for loss in one.result[1]))
print(f"3 steps · 2 (size - 1) / size · {n:,} parameters · 8 bytes = {3 * n * 8:,}")

# %% [markdown]
# A few bytes more than the formula: the loss, and the number of predictions. And the model? Train
# one in this process, on all texts at once, and compare.

# %% tags=["demo"]
alone = small_gpt()
memories = [{} for _ in alone.parameters()]
one_rank = Ranks(1).links[0]
for step in range(3):
    whole = batch_of([text for texts in by_rank for text in texts[step]])
    print(f"loss of one process: {ddp_step(one_rank, alone, *whole, memories, 0.01).item():.6f}")


def furthest(weights):
    return max((weights[name] - w).abs().max().item() for name, w in alone.state_dict().items())


for one in outcomes:
    print(f"rank {one.rank}: furthest from one process {furthest(one.result[0]):.1e}")

# %% [markdown]
# ## 11. ZeRO: remember your own part
#
# Look again at the picture of the ring, at the step in the middle. Each rank has *one* complete
# chunk of the gradient, and no two the same one. The rest of the journey only serves to let
# everyone have all of it, so that everyone can make the same step of Adam, with the same running
# means, eight times over.
#
# So why not make the step right there, halfway? Rank r moves the weights of its own chunk, and
# the second half of the ring carries the **new weights** instead of the gradients. The bytes are
# the same. But of Adam's running means, a rank now needs those of its own chunk only. That is all
# there is to stage 1 of ZeRO, and the reason why it costs nothing.
#
# Right is: the same model as in `ddp_step`, at most ceil(n / size) numbers' running means in
# `memory`, and not more bytes. An answer that keeps everything makes the right model, and loses
# its points: it is not what was to be built.

# %% exercise="zero1_step"
from gradus.parallel.zero import zero1_step

# %% check="zero1_step"
check(zero1_step)

# %% tags=["demo"]


def train_zero1(link, model, batches):
    memory = {}
    losses = [zero1_step(link, model, *batch, memory, 0.01).item() for batch in batches]
    remembered = sum(x.numel() for x in memory.values() if torch.is_tensor(x))
    return model.state_dict(), losses, remembered


shared = run_processes(train_zero1, 2, [(small_gpt(), mine) for mine in batches])
print("                     bytes sent   numbers remembered   furthest from one process")
for name, found in (("ddp_step", outcomes), ("zero1_step", shared)):
    for one in found:
        weights, _, count = one.result
        told = f"{one.sent_bytes:14,} {count:20,} {furthest(weights):27.1e}"
        print(f"{name:10} rank {one.rank} {told}")

# %% [markdown]
# Two real processes, half the optimizer each, the same bytes, the same model.
#
# Stages 2 and 3 go on in the same way: throw gradients away that others need, and then weights.
# Stage 3 is in PyTorch: it is called **FSDP**, *fully sharded data parallel*. A block's weights
# are put together from all ranks when its turn comes, and thrown away right after. Here it trains
# the same model on the same texts, and tells at four moments how many of the weights are on rank
# 0. **Predict** the four numbers, roughly, for a model of two equal blocks.

# %% tags=["demo"]
sharded = run_processes(
    fsdp_train, 2, [(small_gpt(), mine, 0.01) for mine in batches], imports=SLOW
)
seen = sharded[0].result
print(f"furthest from one process: {furthest(seen.weights):.1e}")
print(f"numbers that Adam remembers on rank 0: {seen.remembered:,}")
bars(
    list(seen.held),
    {"": [100 * held / n for held in seen.held.values()]},
    "per cent of the weights in the memory of rank 0",
    f"FSDP with two ranks, {n:,} parameters",
)

# %% [markdown]
# Between two steps, a rank holds half. While a block works, that block is whole, the rest is not
# (the embedding is: it was needed first, and PyTorch keeps the outermost piece until backward).
# What is thrown away must be fetched again for backward. So at stage 3 half as much again is
# sent:

# %% tags=["demo"]
print("Llama-2 7B, 8 GPUs, numbers of 2 bytes: sent by each GPU in one step")
for stage in range(4):
    sent = 2 * sent_numbers(llama.params, 8, stage)
    kept = zero_memory(llama.params, 8, stage)
    print(f"stage {stage}: {sent / GB:6.1f} GB, for {kept / GB:6.1f} GB kept")

# %% [markdown]
# ## 12. Twice the GPUs, half the time?
#
# A step is computing and sending. Twice as many GPUs compute twice as fast. The sending stays
# what it is: 2 n numbers, however many they are. **Predict:** 8 GPUs need 8 seconds to compute a
# step; 1,024 need 1/16 of a second. Over wires of 25 GB/s, the 27 GB take a second. How much
# faster than 8 are 1,024 GPUs? Move the slider to faster wires: what would they have to be?

# %% tags=["demo"]
gpus = [8, 16, 32, 64, 128, 256, 512, 1024]


def speed(wires: int):
    def seconds(count: int) -> float:
        return 64 / count + 2 * sent_numbers(llama.params, count, 0) / (wires * GB)

    faster = [seconds(8) / seconds(count) for count in gpus]
    told = f"a 7B model, wires of {wires} GB/s: {faster[-1]:.1f} times as fast with 1,024 GPUs"
    many = {"as one would like": [count / 8 for count in gpus], "with sending": faster}
    return lines(gpus, many, "GPUs", "times as fast as 8", told, log=True)


Explorer(speed, {"wires, GB/s": (25, 50, 100, 450, 900)})

# %% [markdown]
# Real programs hide much of this: the gradients of the last layer set off while the first layers
# still go backward. But the batch cannot be shared out for ever. And if you give each GPU as much
# to do as before, the *batch* grows with the number of GPUs, and with it what a step of the
# optimizer means: the learning rate has to be chosen again.
#
# ## 13. A model that fits nowhere
#
# ZeRO gives every GPU all layers, one after the other. There are two other ways to cut a model.
#
# **By layers**, as a *pipeline*: stage 0 has the first blocks, stage 1 the next. A stage has
# nothing to do until the one before has done its work: a **bubble**. So a batch is cut into small
# ones that follow each other. With p stages and m small batches, each stage waits (p − 1) / (m +
# p − 1) of the time. (You will also read (p − 1) / m. That is the bubble in relation to the
# *work*, not a share of the whole; with p = 5 and m = 4 it would be all of the time.) **Predict**
# for 8 stages: how many small batches does it take to wait less than a tenth of the time?

# %% tags=["demo"]
print(*(f"{m} small batches: {pipeline_bubble(8, m):.0%}" for m in (1, 8, 32, 64)), sep=", ")
Explorer(
    lambda stages, small: pipeline(*schedule(stages, small)),
    {"stages": (2, 4, 8), "small batches": (1, 2, 4, 8, 16, 32)},
)

# %% [markdown]
# **Within a layer**, which is called *tensor parallelism*: each GPU has some columns of the first
# matrix of a feed-forward, and the same rows of the second. Each column of the middle is worked
# out on one GPU alone, activation included; only the last sum goes round the ring. **Find the
# trap:** why is the second bias added on one rank only? And would it work to cut the first matrix
# by rows?

# %% tags=["demo"]
torch.manual_seed(0)
whole = FeedForward(16, 64).double()
x = torch.randn(5, 16, dtype=torch.float64)


def part_of_it(link):
    mine = slice(64 * link.rank // link.size, 64 * (link.rank + 1) // link.size)
    middle = F.gelu(x @ whole.up.weight[mine].T + whole.up.bias[mine])
    out = (middle @ whole.down.weight[:, mine].T).flatten().detach()
    if link.rank == 0:
        out += whole.down.bias.detach().repeat(5)
    ring_all_reduce(link, out)
    return out.view(5, 16)


for rank, out in enumerate(Ranks(4).run(part_of_it)):
    print(f"rank {rank}: like the whole layer to {(out - whole(x)).abs().max().item():.0e}")

# %% [markdown]
# These sums are needed in every layer, for every token, and all GPUs wait for them. So tensor
# parallelism stays inside one machine, where wires are fast. All three go together: large runs
# use tensor parallelism within a machine, a pipeline across a few, and data parallelism across
# all the rest. (GPT-3's size, on 1,024 GPUs: 8 · 16 · 8 is one way.)
#
# | people say | what you have seen |
# | --- | --- |
# | "DDP lets me train a model that does not fit" | every rank has all of it; sharding makes room |
# | "twice the GPUs, half the time" | computing gets less, sending does not |
# | "FSDP is always faster" | it sends half as much again, to make room |
# | "ZeRO is model parallelism" | every rank still computes all layers, on its own texts |
# | "the batch stays the same" | it is multiplied by the number of ranks, unless you divide it |
# | "data and model parallelism exclude each other" | a run of 1,024 GPUs uses both |
# | "moving states to the CPU is free" | they travel over a slow wire, in every step |
#
# What would you choose? A model of 1 billion parameters on 8 cards of 80 GB; one of 70 billion on
# the same machine; the same on 64 machines.
#
# <details><summary>Answers</summary>
#
# 16 GB and its activations fit: DDP, or stage 1, which costs nothing more. 70 billion take 1,120
# GB, and 8 · 80 GB = 640 GB: no way to train all of it there; train a few adapted weights, or
# quantise. On 64 machines stage 3 or FSDP holds 2.2 GB of it on each card, with tensor
# parallelism in each machine when the sending takes too long.
# </details>

# %% [markdown]
# ## What you have built
#
# | you wrote | where you meet it |
# | --- | --- |
# | `weight_bytes` | the size of every file of weights; 4 bits is what runs on a laptop |
# | `training_bytes` | 16 bytes a parameter with Adam: 112 GB for 7 billion |
# | `activation_bytes` | 34 sbh + 5as²b, as in Megatron-LM; `checkpoint` keeps 2 sbh |
# | `kv_cache_bytes` | 2 GiB for 4,096 tokens of Llama-2 7B, 1.25 GiB for the 70B |
# | `quantize_int8` | one scale for each output channel: what int8 weights are in every library |
# | `zero_memory` | table 1 of ZeRO; stages 1 to 3 of DeepSpeed, and FSDP, which is stage 3 |
# | `ring_all_reduce` | inside NCCL and gloo: 28 GB sent in each step of a 7B model, at most |
# | `ddp_step` | DistributedDataParallel: whole models, one gradient |
# | `zero1_step` | ZeRO stage 1: the same bytes sent, each GPU remembers its own part |
#
# Things to remember, and to tell someone else:
#
# - bf16 has the range of fp32, fp16 has more digits. Sums are kept in fp32, weights that move too.
# - GB and GiB are 7 % apart. Say which.
# - A model takes 2 bytes a parameter to write and 16 to train, and then come the activations.
# - Activations grow with batch and context, the attention's weights with the square of it, until
#   they are computed again.
# - ZeRO shares out what is kept twice. It does not share out activations.
# - A ring sends twice the vector, however many ranks there are. Stages 1 and 2 send no more, 3 half
#   as much again.
# - The mean of means is not the mean: weigh by the number of predictions.
#
# ### If you want to go on
#
# - `F.scaled_dot_product_attention` never keeps the attention's weights. Give a block an attention
#   that calls it, and measure: is it selective recomputation?
# - Quantise the *activations* of the small GPT too. Why is that harder?
# - Rajbhandari et al. 2019, [ZeRO](https://arxiv.org/abs/1910.02054); Korthikanti et al. 2022,
#   [Reducing activation recomputation in large transformer
#   models](https://arxiv.org/abs/2205.05198); Micikevicius et al. 2017, [Mixed precision
#   training](https://arxiv.org/abs/1710.03740); Dettmers et al. 2022,
#   [LLM.int8()](https://arxiv.org/abs/2208.07339).
