# %% [markdown]
# # Attention
#
# Read this aloud, and finish it:
#
# > *The zorvex quib sang. Everyone loves the zorvex \_\_\_*
#
# You said **quib**. How? You have never met a zorvex. No book you have read could have told you
# what follows it. You looked back to the last place where *zorvex* stood, and you read the word
# after it.
#
# That is two looks: *find the place*, then *read what came next*. Such a look is called
# **attention**, and the paper that introduced the transformer was named after it.
#
# You will build it in ten small steps. At the end you will stack two layers of your own, train them
# for about ten seconds, put the zorvex in front of them, and see in a picture where they look.
#
# | | |
# | --- | --- |
# | time | About 150 minutes, in six parts. Stop after any of them. |
# | you need | tensors and the softmax (lesson 00 if you want to warm up) |
# | your computer | any laptop; no download, and no GPU, though one is used if there is one |
#
# In every exercise you see a signature and a docstring. Both are the task. Delete the line `raise
# NotImplementedError()`, write your own, run the cell, then run the check below it. A check tells
# what it tried and, if something is wrong, what and where. Run it as often as you like.

# %%
import torch
from einops import einsum, rearrange, repeat
from jaxtyping import Bool, Float
from torch import Tensor, nn

from autograder.check import check

# %% [markdown]
# And what the experiments need: pictures, text and a clock.

# %% tags=["demo"]
import math
import re
from collections import Counter
from functools import partial

from tqdm.auto import tqdm

from gradus.copying import Copyist, practise
from gradus.data import python_docs
from gradus.device import best_device
from gradus.explore import AttentionMap, Explorer
from gradus.plots import attention_maps, bars, lines, mask_map, number_grids
from gradus.timing import median_seconds

torch.manual_seed(2017)  # the year of "Attention is all you need"
torch.set_num_threads(1)  # our tensors are small: more threads would wait for each other
device = best_device()
print(f"Working on: {device}")

# %% [markdown]
# **Words for shapes.** The shape of every tensor is written in its type, axis by axis:
#
# | axis | counts |
# | --- | --- |
# | `batch` | texts that are worked on together |
# | `seq` | positions in a text |
# | `query`, `key` | positions that ask; positions that are asked |
# | `d_model` | numbers per position |
# | `heads`, `d_head` | heads; numbers per position in one head |
#
# So `Float[Tensor, "batch seq d_model"]` is a tensor of floats with three axes. Three functions of
# `einops` use the same words. You may use them in your answers, or anything else in torch.

# %% tags=["demo"]
x: Float[Tensor, "row column"] = torch.tensor([[1.0, 2.0, 3.0], [4.0, 5.0, 6.0]])

print(rearrange(x, "row column -> column row").tolist())  # move axes
print(repeat(x, "row column -> copy row column", copy=2).shape)  # copy along a new axis
print(einsum(x, x, "row column, row column -> row").tolist())  # multiply, then sum what is left out

# %% [markdown]
# ## 1. Who may read whom
#
# A language model learns by guessing the next word of a text, at all positions at once. That only
# works if a position cannot see the words after it. Otherwise it would not guess: it would copy.
#
# So before we ask *how* a word reads other words, we settle *which* words it may read. A **mask**
# is a table of booleans. It has a row for every position that reads (the *query*) and a column for
# every position that is read (the *key*). True means: may read.
#
# **Predict.** Five words, and each may read itself and the words before it. How many of the 25
# entries are True?

# %% exercise="causal_mask"
from gradus.mask import causal_mask

# %% check="causal_mask"
check(causal_mask)

# %% [markdown]
# Here is your mask. Count the ticks: did you predict 15?
#
# Read along a row to see what one word knows. Row *likes* is all the model has when it must guess
# what the cat likes.

# %% tags=["demo"]
sentence = ["the", "cat", "likes", "warm", "bread"]
mask_map(causal_mask(len(sentence)), sentence, title="Each word reads itself and the words before")

# %% [markdown]
# There can be more keys than queries. When a model *writes*, it has already read the beginning, and
# only the newest words ask. They come last, but they may read everything before them.
#
# **Predict.** Two new words ask, five words are there. Which corner of the picture is hidden?

# %% tags=["demo"]
mask_map(causal_mask(2, 5), sentence[-2:], sentence, title="The last two words ask, all are read")

# %% [markdown]
# Only one entry: *warm* must not see *bread*. If your picture hid seven entries, it would be lined
# up at the left, and *bread*, the newest word, would know only the two oldest. Real projects have
# had this bug. Nothing crashes.
#
# ### Texts of different lengths
#
# A batch is one tensor, so all its texts need one length. The short ones are filled up with a
# meaningless token, the **padding**. Nobody may read that either.
#
# Now two masks must agree: the causal one (the same for all texts) and the padding (one for each
# text). Only keys are hidden. A padding position still *asks*, because a row of a tensor cannot be
# left out. What it gets is of no use, and we will look at it below.

# %% exercise="combine_masks"
from gradus.mask import combine_masks

# %% check="combine_masks"
check(combine_masks)

# %% [markdown]
# A batch of two texts: *the cat likes warm bread*, and *the cat sleeps* with two positions of
# padding behind it. This is the mask of the second. **Predict** before you run it: which columns
# are empty?

# %% tags=["demo"]
real: Bool[Tensor, "batch key"] = torch.tensor([[1, 1, 1, 1, 1], [1, 1, 1, 0, 0]]).bool()
masks = combine_masks(causal_mask(5), real)
short = ["the", "cat", "sleeps", "[pad]", "[pad]"]
print("shape:", tuple(masks.shape), "= batch, heads (any number), query, key")
mask_map(masks[1, 0], short, title="Padding is read by nobody, and still asks")

# %% [markdown]
# ## 2. One look
#
# A Python dictionary answers a question only if a key fits exactly:
#
# ```python
# {"cat": "purrs", "dog": "barks"}["cat"]
# ```
#
# Attention is a dictionary that always answers. Every key fits *a little*, and the answer is a
# mixture of all values: much of those whose key fits well, little of the others.
#
# - The **query** says what one position is looking for.
# - The **key** says what a position offers to be found by.
# - The **value** says what it hands over when it is found.
#
# All three are vectors. A query and a key fit well if their dot product is large:
#
# 1. *scores*: the dot product of every query with every key, divided by $\sqrt{d_{head}}$
# 2. *weights*: the softmax of each query's scores, so that they are shares that sum to 1
# 3. *output*: the average of the values, by these weights
#
# In one line, which is the most important one of this lesson:
#
# $$\mathrm{attend}(Q, K, V) = \mathrm{softmax}\left(\frac{Q K^\top}{\sqrt{d_{head}}}\right) V$$
#
# <details><summary>A hint for the mask</summary>
#
# A hidden key must get the share 0. Ask yourself which score becomes 0 when the softmax takes its
# exponential. Then think about a query whose keys are *all* hidden: what is 0 divided by 0? The
# docstring says what such a query gets.
# </details>

# %% exercise="attend"
from gradus.attention import attend

# %% check="attend"
check(attend)

# %% [markdown]
# ### Turn the query
#
# Four keys point north, east, south and west. You hold the query, like the needle of a compass.
#
# The needle points north, but its length is 0. **Predict**, then move the sliders: what are the
# four weights now? Which key gets the most when the length is 1, and do the others get nothing?
# What happens when the needle grows to 16?

# %% tags=["demo"]
compass = torch.tensor([[0.0, 1], [1, 0], [0, -1], [-1, 0]])
names = ["north", "east", "south", "west"]


def needle(direction: int, length: int):
    angle = math.radians(direction)
    query = length * torch.tensor([[math.sin(angle), math.cos(angle)]])
    _, weights = attend(query, compass, compass)
    title = f"A needle of length {length} at {direction} degrees"
    return bars(names, {"": weights[0].tolist()}, "weight", title, longest=1)


Explorer(needle, {"direction (degrees)": range(0, 360, 15), "length": [0, 1, 2, 4, 8, 16]})

# %% [markdown]
# The direction of a query decides *where* it looks. Its length decides *how sharply*: 0 looks
# everywhere alike, 16 at one place only. A model learns both. It can spread its attention or point.
#
# ### Why divide by $\sqrt{d_{head}}$?
#
# Take queries and keys of random numbers, of size about 1. A dot product adds up `d_head` products.
# Sums of random numbers spread like the square root of how many there are, so wide heads have large
# scores, as if every needle were long. From the start, each query would look at one place, chosen
# by chance.
#
# **Predict.** Sixteen keys, `d_head` of 64 as in GPT-2. How much weight does the best key get on
# average, with the division, and without it?

# %% tags=["demo"]
widths = [1, 4, 16, 64, 256, 1024]
scaled, unscaled = [], []
for d_head in widths:
    q, k = torch.randn(200, 16, d_head), torch.randn(200, 16, d_head)
    scaled.append(attend(q, k, k)[1].amax(-1).mean().item())
    # A query that is longer by the square root of d_head takes your division back.
    unscaled.append(attend(q * d_head**0.5, k, k)[1].amax(-1).mean().item())

bars(
    [f"d_head {width}" for width in widths],
    {"divided": scaled, "not divided": unscaled},
    "weight of the best of 16 keys, on average",
    "Without the division, wide heads look at one place from the start",
    longest=1,
)

# %% [markdown]
# With the division the weight stays the same at every width, so a model can be made wider and still
# begin by looking around.
#
# Why is one place bad? Because nothing can be learned from it. The gradient that a weight $p$ hands
# back to its own score is $p(1-p)$ times what it received: 0.25 at $p=0.5$, but 0.01 at $p=0.99$. A
# model that is certain for no reason stays certain.
#
# ### Hide first, or share first?
#
# Suppose all scores are equal. You could hide the future before the softmax, as you did, or take
# the softmax and then set the future to 0. **Predict** the sum of each row, both ways.

# %% tags=["demo"]
nothing, one_hot = torch.zeros(4, 1), torch.eye(4)
_, shares = attend(nothing, nothing, one_hot)
_, hidden_first = attend(nothing, nothing, one_hot, causal_mask(4))

number_grids(
    {"share, then hide": shares * causal_mask(4), "hide, then share": hidden_first},
    rows=["word 0", "word 1", "word 2", "word 3"],
    columns="key",
)

# %% [markdown]
# On the left the rows sum to 0.25, 0.5, 0.75 and 1. Early words have weights that are too small.
# There is something worse: the visible shares still depend on the hidden scores, because they stood
# in the sum that everything was divided by. The future leaks in through the back door.
#
# ### What padding gets
#
# Remember *the cat sleeps [pad] [pad]*: padding may not be read, but it asks. **Predict.** Which
# rows of the output are meaningless, and are they zero?

# %% tags=["demo"]
vectors = torch.randint(-2, 3, (2, 5, 4)).float()  # stand-ins for what a model knows of each word
padded = combine_masks(causal_mask(5), real)[1, 0]
output, _ = attend(vectors[1], vectors[1], vectors[1], padded)

number_grids({"in": vectors[1], "out": output}, rows=short, columns="feature")

# %% [markdown]
# The last two rows are full of numbers. They look as good as the others, and they are **garbage**:
# answers to questions that nobody asked. No later layer will clean them up. It is the *loss* that
# must leave these positions out, or the model spends its effort on learning to predict padding.
#
# (Padding may also stand *before* a text. Then it may read nothing at all, and gets the zeros that
# the docstring of `attend` promises.)
#
# ### Does attention know the order of words?
#
# *Dog bites man* is no news. *Man bites dog* is. Give each word a vector and let all words read all
# words, in both orders, without a mask.
#
# **Predict.** Does *man* end up with a different vector in the second sentence?

# %% tags=["demo"]
dog, bites, man = torch.randn(3, 4)
usual, unusual = torch.stack([dog, bites, man]), torch.stack([man, bites, dog])
after_usual, _ = attend(usual, usual, usual)
after_unusual, _ = attend(unusual, unusual, unusual)

number_grids(
    {"dog bites man": after_usual, "man bites dog": after_unusual.flip(0)},
    rows=["dog", "bites", "man"],
    columns="feature",
)

# %% [markdown]
# The same. (The right grid is sorted like the left one, so that you can compare.) Attention sees a
# *bag* of words: shuffle the input, and the output is shuffled in the same way, nothing else. The
# order has to be in the vectors themselves. That is what positions are for: lesson 03 builds them,
# and the little model in part 6 has them.
#
# (A causal mask gives a little of the order away: the first word reads one word, the second reads
# two. Decoders have been trained on that alone: Haviv et al. 2022.)
#
# ### What a look costs
#
# Every word reads every word. **Predict.** Twice the length: how much more time, how much more
# memory for the weights?

# %% tags=["demo"]
lengths = [128, 256, 512, 1024, 2048]
seconds, sizes = [], []
for length in tqdm(lengths, desc="timing your attend"):
    q, k, v = torch.randn(3, length, 64, device=device)
    seconds.append(median_seconds(partial(attend, q, k, v)))
    sizes.append(attend(q, k, v)[1].nbytes)

print(f"{lengths[-1]} positions: {1000 * seconds[-1]:.1f} ms, {sizes[-1] / 1e6:.1f} MB, one head")
lines(
    lengths,
    {
        "time": [one / seconds[0] for one in seconds],
        "memory of the weights": [one / sizes[0] for one in sizes],
    },
    "positions in the text",
    "times as much as for 128",
    "Twice the text, four times the cost",
    log=True,
    fit_last=3,
)

# %% [markdown]
# On logarithmic axes a power law is a straight line, and its slope is the power. Memory has slope 2
# exactly: four times as much for twice the text. Time approaches 2 as well, once the texts are long
# enough for the arithmetic to outweigh the fixed cost of starting each operation. (On a GPU that
# takes longer texts.)
#
# This square is *the* price of attention. Llama 3.1 reads 131,072 positions. In two bytes a number,
# the weights of a single head would be $131072^2 \cdot 2$ bytes = 32 GiB. Real systems therefore
# never store them: they work through the keys block by block and keep running sums (FlashAttention,
# Dao et al. 2022). The memory is gone then. The time still grows with the square.

# %% [markdown]
# ## 3. Several looks at once
#
# One softmax makes one mixture. But a word may have several questions: what came before me? Who is
# the subject? Where did I see this last? Averaging the answers into one vector would blur them.
#
# So attention is done by several **heads** at once. Nothing new is computed for that. Each
# position's vector is cut into equal slices, and each head works on its own slice, as if the others
# did not exist. Afterwards the slices are laid side by side again.
#
# <details><summary>A hint for both</summary>
#
# There are two different things here: cutting an axis in two, and moving an axis. Do them one after
# the other, and say to yourself after each which axis means what. A `reshape` straight to the right
# *shape* can put wrong numbers into it.
# </details>

# %% exercise="split_heads"
from gradus.heads import split_heads

# %% check="split_heads"
check(split_heads)

# %% exercise="merge_heads"
from gradus.heads import merge_heads

# %% check="merge_heads"
check(merge_heads)

# %% [markdown]
# Three positions of width 6, cut into two heads. The tens of each number tell its position, the
# units its place in the vector. **Predict.** Which numbers does head 1 get for position 2?

# %% tags=["demo"]
numbered = 10 * torch.arange(3)[:, None] + torch.arange(6)
two_heads = split_heads(numbered[None].float(), heads=2)[0]
number_grids(
    {"before": numbered.float(), "head 0": two_heads[0], "head 1": two_heads[1]},
    rows=["position 0", "position 1", "position 2"],
    columns="place in the vector",
)

# %% [markdown]
# Each head has all positions, and half of each vector. If a head held `0 1 2` above `3 4 5`, it
# would mix halves of one position as if they were two. Many people write that at first. Everything
# runs, the model even learns something, and it never gets good.

# %% [markdown]
# ## 4. Never read twice
#
# A model writes one word at a time. Each new word reads all words before it, so it needs their keys
# and values. Did they change since the last word? No: with a causal mask, an old position never
# sees the new one. So compute each key and each value once, and keep them. That is the **KV
# cache**.
#
# Queries are not kept. **Think:** why will nobody ever need an old query again?

# %% exercise="KVCache" holes="__init__ update reset __len__"
from gradus.cache import KVCache

# %% check="KVCache"
check(KVCache)

# %% [markdown]
# Let one head write with your cache, a position at a time, and compare it with reading the whole
# text at once under a causal mask. A single new query may read everything there is, so it needs no
# mask.

# %% tags=["demo"]
q, k, v = torch.randn(3, 1, 1, 6, 8)  # six positions, one head
at_once, _ = attend(q, k, v, causal_mask(6))

cache = KVCache()
one_by_one = []
for position in range(6):
    new = slice(position, position + 1)
    keys, values = cache.update(k[..., new, :], v[..., new, :])
    one_by_one.append(attend(q[..., new, :], keys, values)[0])

difference = (torch.cat(one_by_one, dim=-2) - at_once).abs().max().item()
print(f"{len(cache)} positions in the cache; largest difference: {difference:.1e}")

# %% [markdown]
# ### What does the cache weigh?
#
# Time is saved, but memory is spent. How much? Work it out for a real model, **Llama-2 7B**:
#
# - 32 layers, and every layer has a cache of its own;
# - in each layer 32 heads of keys and 32 heads of values;
# - `d_head` is 128;
# - one text of 4096 positions, the longest this model was trained for;
# - half precision: 2 bytes for each number.
#
# **Predict** first, by feeling: is it nearer to 2 megabytes, 200 megabytes, or 20 gigabytes?
#
# Then set `cache_bytes` to the number of **bytes** that the cache of this one text takes when it is
# full.

# %% answer="cache_bytes"
### BEGIN SOLUTION
layers, kv_heads, d_head, positions, bytes_per_number = 32, 32, 128, 4096, 2
keys_and_values = 2
cache_bytes = keys_and_values * layers * kv_heads * d_head * positions * bytes_per_number
### END SOLUTION

# %% check="cache_bytes"
check(cache_bytes=cache_bytes)

# %% tags=["demo"]
weights_bytes = 6_738_415_616 * 2  # Llama-2 7B has this many parameters
print(
    f"one text: {cache_bytes / 2**30:.2f} GiB; for each position: {cache_bytes / 4096:,.0f} bytes"
)
print(f"the whole model: {weights_bytes / 2**30:.2f} GiB")
print(f"{weights_bytes / cache_bytes:.1f} such texts weigh as much as the model")

# %% [markdown]
# Seven such texts at once, and the conversations take more memory than the model that reads them.
# This is what limits how many people one machine can serve together.
#
# ### Share what is stored
#
# Must every head have keys and values of its own? In **grouped-query attention** several query
# heads share one head of keys and values. Llama-3 8B has 32 query heads and only 8 key and value
# heads: its cache is a quarter of what it would be. (With a single one for all it is called
# multi-query attention.)
#
# The cache holds the few. Just before they are used, they are handed out to the many.
#
# <details><summary>A hint</summary>
#
# Query heads 0 to `groups` - 1 share head 0. So which comes first in the result: all copies of head
# 0, or one copy of every head? Torch has a function for each.
# </details>

# %% exercise="repeat_kv"
from gradus.heads import repeat_kv

# %% check="repeat_kv"
check(repeat_kv)

# %% tags=["demo"]
shared = torch.tensor([[1.0, 1.0], [2.0, 2.0]])[None, :, None, :]  # two kv heads, one position
owners = repeat_kv(shared, groups=4)[0, :, 0, 0].int().tolist()
for query_head, kv_head in enumerate(owners):
    print(f"query head {query_head} reads the keys and values of kv head {kv_head - 1}")

# %% [markdown]
# ## 5. The layer
#
# You have all parts. One thing is missing: where do queries, keys and values come from?
#
# From the same vectors, through three learned matrices. The model learns what to ask (`query`),
# what to be found by (`key`), and what to hand over (`value`). A fourth matrix (`out`) mixes what
# the heads bring back. All learning in attention happens in these four. `attend` itself has nothing
# to learn.
#
# ```
#           query ─ split ──────────────────────┐
#   x ────► key   ─ split ─ cache ─ repeat ─────┼─ attend ─ merge ─ out ──►
#           value ─ split ─ cache ─ repeat ─────┘
# ```
#
# Use what you wrote above. `nn.Linear(wide, narrow, bias=bias)` makes one matrix.

# %% exercise="MultiHeadAttention" holes="__init__ forward"
from gradus.attention import MultiHeadAttention

# %% check="MultiHeadAttention"
check(MultiHeadAttention)

# %% [markdown]
# ### Do more heads cost more parameters?
#
# **Predict.** A layer of width 768, as in GPT-2. How many more parameters has it with 12 heads than
# with 1?


# %% tags=["demo"]
def parameters(module: nn.Module) -> int:
    return sum(parameter.numel() for parameter in module.parameters())


for heads in (1, 2, 12, 96):
    layer = MultiHeadAttention(768, heads)
    print(f"{heads:2d} heads of width {768 // heads:3d}: {parameters(layer):,} parameters")

fewer = parameters(MultiHeadAttention(768, 12, kv_heads=4))
print(f"12 query heads that share 4 kv heads: {fewer:,} parameters")

# %% [markdown]
# None. Heads cut the same matrices into more slices. More heads means more questions, each of fewer
# numbers. Sharing keys and values does save parameters: two of the four matrices get narrower.
#
# ### What the cache saves
#
# Write a text with your layer twice: once reading everything again for each new word, once with the
# cache. The answers must agree. **Predict.** How does the time grow when the text gets twice as
# long, without the cache and with it?


# %% tags=["demo"]
lengths = [32, 64, 128, 256]
layer = MultiHeadAttention(256, 4).to(device)
text = torch.randn(1, lengths[-1], 256, device=device)


@torch.no_grad()
def write_again_and_again(length: int) -> Tensor:
    last = []
    for end in range(1, length + 1):
        everything = layer(text[:, :end], mask=causal_mask(end, device=device))
        last.append(everything[:, -1:])
    return torch.cat(last, dim=1)


@torch.no_grad()
def write_with_cache(length: int) -> Tensor:
    cache = KVCache()
    return torch.cat(
        [layer(text[:, end - 1 : end], cache=cache) for end in range(1, length + 1)], 1
    )


difference = (write_again_and_again(64) - write_with_cache(64)).abs().max().item()
print(f"largest difference: {difference:.1e}")

without, with_cache = [], []
for length in tqdm(lengths, desc="writing with and without a cache"):
    without.append(median_seconds(partial(write_again_and_again, length), repeats=1))
    with_cache.append(median_seconds(partial(write_with_cache, length), repeats=3))

print(f"256 words: {without[-1]:.2f} s without, {with_cache[-1]:.2f} s with a cache")
lines(
    lengths,
    {"without a cache": without, "with a cache": with_cache},
    "words written",
    "seconds",
    "A cache makes writing cheaper, and ever more so",
    log=True,
    fit_last=2,
)

# %% [markdown]
# Without a cache, 256 words need 256 · 257 / 2 = 32,896 keys to be computed. With it, 256. The
# slope with a cache is about 1 here, because for short texts the four matrices cost the same for
# every word. When texts are so long that most of the time goes into attending, it rises towards 2,
# and without a cache towards 3.
#
# ### Reading another text
#
# So far every text has read itself. A translator must read *another* one: the decoder writes French
# and looks at the English sentence. Nothing changes in the layer. Queries come from the one text,
# keys and values from the other. This is **cross-attention**, and T5 and BART are built on it.
#
# **Think** before you write: does this need a causal mask?

# %% exercise="cross_attention"
from gradus.attention import cross_attention

# %% check="cross_attention"
check(cross_attention)

# %% [markdown]
# Three French positions read five English ones. The English text is really four words long; the
# fifth position is padding. Now change one English vector at a time. **Predict.** Which French
# positions notice when the *last real* word changes, and which when the padding changes?

# %% tags=["demo"]
layer = MultiHeadAttention(32, 4)
french, english = torch.randn(1, 3, 32), torch.randn(1, 5, 32)
there = torch.tensor([[True, True, True, True, False]])
before = cross_attention(layer, french, english, there)

for changed, name in ((3, "last real word"), (4, "padding")):
    other = english.clone()
    other[:, changed] += 1
    moved = (cross_attention(layer, french, other, there) - before).abs().amax(-1)[0]
    print(f"{name}: the French positions move by", [round(m, 3) for m in moved.tolist()])

# %% [markdown]
# All three notice the last English word, even the first French one: the source is known as a whole,
# so there is no future in it to hide. Nobody notices the padding.

# %% [markdown]
# ## 6. The zorvex
#
# Now for the sentence at the top. We need a model, and something to train it on.
#
# **The model** is a table of word vectors, position vectors, two of *your* attention layers with
# four heads each, and the table again to score the next word. That is all of it: it stands in
# `gradus/copying.py` on one page. Each layer's output is *added* to the vectors it read.
#
# **The training texts** are word salad: four to twelve words, drawn at random and repeated until
# the text is full. *lost loves of class lost loves of class lost ...* There is no grammar in it and
# no meaning. The model cannot learn which word follows which, for next time it is another. All it
# can learn is to *look back*.
#
# The words come from Python's own documentation, which is on your computer, and from our sentences.

# %% tags=["demo"]
riddle = "The zorvex quib sang. Everyone loves the zorvex"
real_sentence = "That new exception causes the old one to be lost."  # from the documentation


def words(text: str) -> list[str]:
    return re.findall(r"[a-z]+|[.,]", text.lower())


common = [word for word, _ in Counter(words(python_docs())).most_common(256)]
vocabulary = list(dict.fromkeys(words(riddle) + words(real_sentence) + common))[:256]
number_of = {word: number for number, word in enumerate(vocabulary)}

d_model, heads, d_head = 64, 4, 16
model = Copyist(
    [MultiHeadAttention(d_model, heads, bias=False) for _ in range(2)], d_model, len(vocabulary)
).to(device)
print(f"{len(vocabulary)} words, {parameters(model):,} parameters")

# %% [markdown]
# **Predict.** The loss starts at $\ln 256 \approx 5.5$ nats, a blind guess among 256 words. How
# will it fall: steadily, or in some other way?

# %% tags=["demo"]
losses = []
for loss in tqdm(practise(model, steps=450), total=450, desc="training"):
    losses.append(loss)

lines(
    list(range(1, len(losses) + 1)),
    {"loss": losses},
    "step",
    "nats a word",
    "It learns little for a long time, and then suddenly",
)

# %% [markdown]
# First comes a slow part. The model finds out that the next word is probably one that stood in this
# text before: any of them. Then, within some fifty steps, it falls down a cliff. Something was
# *found*. In far larger models, too, the skill of using the text so far arrives in a sudden step
# (Olsson et al. 2022).
#
# Ask it for the end of our sentence.


# %% tags=["demo"]
@torch.no_grad()
def ask(text: str):
    """Show which words the model expects next; it can read 24 words at a time."""
    known = [number_of[word] for word in words(text) if word in number_of]
    shares = model(torch.tensor([known[-24:]], device=device))[0, -1].softmax(-1)
    best = shares.topk(5)
    labels = [vocabulary[number] for number in best.indices.tolist()]
    return bars(labels, {"": best.values.tolist()}, "probability", f"{text} ...", longest=1)


ask(riddle)

# %% [markdown]
# It was never told that *quib* follows *zorvex*. It has never seen a sentence at all. Try texts of
# your own (words that are not among the 256 are left out). What if *zorvex* stood there twice, with
# different words after it? Which one wins?

# %% tags=["demo"]
ask("the zorvex sang . everyone loves the zorvex quib . the zorvex")

# %% [markdown]
# ### Where does it look?
#
# Now the picture. We give the model a real sentence, twice. `attend` returned its weights all
# along; the layer just did not pass them on. So we walk through the model and collect them: two
# layers, four heads each, eight maps.


# %% tags=["demo"]
@torch.no_grad()
def maps(ids: Tensor) -> Float[Tensor, "layer batch heads query key"]:
    mask = causal_mask(ids.shape[1], device=ids.device)
    collected = []
    for layer, x in zip(model.layers, model.streams(ids), strict=False):
        q, k = split_heads(layer.query(x), heads), split_heads(layer.key(x), heads)
        collected.append(attend(q, k, k, mask)[1])
    return torch.stack(collected)


twice = words(real_sentence) * 2
weights = maps(torch.tensor([[number_of[word] for word in twice]], device=device))[:, 0].cpu()
head_names = [f"layer {layer}, head {head}" for layer in range(2) for head in range(heads)]
attention_maps(weights.flatten(0, 1), head_names)

# %% [markdown]
# Two kinds of stripes. Move the sliders and read the words along them.
#
# **Predict** from the maps, before you read on: which head finds out *what the word before was*?
# And in layer 1, in the second half of the text: *old* stands there for the second time. Which word
# does it read? Not the first *old*, but ...

# %% tags=["demo"]
AttentionMap(weights, twice)

# %% [markdown]
# In **layer 0** some head has a stripe just below the diagonal: every word reads **the word before
# it**. After this layer the vector of *one* also says: "I came after *old*".
#
# In **layer 1** there is a long stripe in the lower left: the second *old* reads the first
# ***one***. Its query asks "who came after *old*?", and the key of *one* answers "I did", thanks to
# layer 0. The value hands over *one*, and that is the guess.
#
# So there are your two looks. They take two layers, because a word cannot be found by what stands
# before it until somebody has written that down. Heads like those in layer 1 are called **induction
# heads**. Olsson et al. found them in models of every size they looked at, from two layers up.
#
# Did you notice where the stripe of layer 0 fades? Training texts begin again after at most twelve
# words. Nobody ever looks up what stood before a later word, so no head has learned to write it
# down.
#
# And what do the heads of layer 1 do in the first half, where nothing has been repeated yet? Their
# weights must sum to 1, so they park them, mostly on the first word. Large models do that, too. The
# parking place is called an **attention sink** (Xiao et al. 2023).
#
# The same in numbers, on texts of random words. The first bar is the share of attention on the word
# before, counted in the first half; the second is the share on the word after the same word,
# counted in the second half.

# %% tags=["demo"]
half = torch.randint(len(vocabulary), (200, 12), device=device)
both = torch.cat([half, half], dim=1)
seen = maps(both).mean(1).flatten(0, 1)
before = seen[..., :12, :12].diagonal(-1, -2, -1).mean(-1)
after_the_same = seen.diagonal(-11, -2, -1)[:, 1:].mean(-1)

bars(
    head_names,
    {"the word before": before.tolist(), "the word after the same word": after_the_same.tolist()},
    "share of attention",
    "Layer 0 looks one back, layer 1 finds what comes next",
    longest=1,
)

# %% [markdown]
# ### Is the picture an explanation?
#
# It is a good story. A story about a machine should be *tested*. So silence one head: set its part
# of `out` to zero, so that nothing it reads gets through. How often does the model still guess the
# next word of a repeated text?
#
# **Predict** from the bars above. Which heads can the model do without?


# %% tags=["demo"]
@torch.no_grad()
def accuracy() -> float:
    guesses = model(both[:, :-1]).argmax(-1)
    return (guesses == both[:, 1:])[:, 12:].float().mean().item()


@torch.no_grad()
def accuracy_without(layer: int, silenced: list[int]) -> float:
    out = model.layers[layer].out.weight
    kept = out.clone()
    for head in silenced:
        out[:, head * d_head : (head + 1) * d_head] = 0
    result = accuracy()
    out.copy_(kept)
    return result


results = {"nothing silenced": accuracy()}
for number, name in enumerate(head_names):
    results[name] = accuracy_without(number // heads, [number % heads])
results["all of layer 0"] = accuracy_without(0, [0, 1, 2, 3])
results["all of layer 1"] = accuracy_without(1, [0, 1, 2, 3])

bars(
    list(results),
    {"": list(results.values())},
    "share of words guessed right",
    "What happens when a head is silenced",
    longest=1,
)

# %% [markdown]
# Look at layer 1. Every head there has a beautiful stripe, and you can take any one of them away:
# hardly anything happens, for the others do the same work. Take away all four, and nothing is left.
# In layer 0 it depends. If several heads look at the word before, each can be spared. If yours has
# one that does it alone, then everything hangs on that one.
#
# So a map shows *where a head reads*. It does not show what the head takes from there (that is in
# the values), nor whether anybody uses it. **Weights are not an explanation.** They are a good
# place to get an idea, and silencing a head is a way to test it. (Why does even the full model not
# reach 1? Because among twelve random words one sometimes stands there twice, and then nobody can
# know.)
#
# ## What you have built
#
# | you wrote | where it sits in a real model |
# | --- | --- |
# | `causal_mask`, `combine_masks` | every decoder; encoders such as BERT use the padding alone |
# | `attend` | the heart of every layer, and the square in the bill |
# | `split_heads`, `merge_heads` | GPT-2 small: 12 layers × 12 heads of 64: 144 looks a word |
# | | GPT-3 175B: 96 layers × 96 heads of 128: 9216 looks a word |
# | `KVCache` | every chat server: 2 GiB for 4096 positions of Llama-2 7B |
# | `repeat_kv` | Llama-3 8B: 32 layers × 32 query heads on 8 kv heads, 1 GiB for 8192 positions |
# | `MultiHeadAttention` | all of them; with a feed-forward network it makes a block (lesson 05) |
# | `cross_attention` | T5, BART, the original Transformer: how a decoder reads its source |
#
# Things to remember, and to tell someone else:
#
# - A look is a soft dictionary: scores, shares, average. Hide *before* you share.
# - Dividing by $\sqrt{d_{head}}$ keeps wide heads from being certain before they have learned.
# - Without a mask, attention sees a bag of words. Order must be put into the vectors.
# - Heads add questions, not parameters.
# - Time grows with the square of the length. The cache grows in proportion to it.
# - Padding positions produce garbage that the loss must ignore.
# - A map of attention is a hint, not a proof.
#
# ### If you want more
#
# - Give the model one layer instead of two, and train again. Where does the loss stop, and why
#   there?
# - Put `k` and `v` of an *earlier* text into a cache before a text begins. Does the model notice?
# - Vaswani et al. 2017, [Attention is all you need](https://arxiv.org/abs/1706.03762): section 3.2
#   is what you wrote today.
# - Haviv et al. 2022, [Transformer language models without positional encodings still learn
#   positional information](https://arxiv.org/abs/2203.16634).
# - Olsson et al. 2022, [In-context learning and induction heads](https://arxiv.org/abs/2209.11895).
# - Jain and Wallace 2019, [Attention is not explanation](https://arxiv.org/abs/1902.10186), and the
#   reply by Wiegreffe and Pinter 2019, [Attention is not not
#   explanation](https://arxiv.org/abs/1908.04626).
# - Xiao et al. 2023, [Efficient streaming language models with attention
#   sinks](https://arxiv.org/abs/2309.17453).
# - Dao et al. 2022, [FlashAttention](https://arxiv.org/abs/2205.14135); Ainslie et al. 2023,
#   [grouped-query attention](https://arxiv.org/abs/2305.13245).
