# %% [markdown]
# # Embeddings and positions
#
# What is a grommel?
#
# > *The method returns a grommel that describes the object.*
# >
# > *A formatted grommel literal is prefixed with f.*
# >
# > *Each character of the grommel is compared.*
#
# You have probably got it already, and nobody has told you what it means. You looked at the company
# that the word keeps, and you know another word that keeps the same company.
#
# In this lesson a table of numbers will find it out too, in a few seconds, from Python's manual. It
# has never seen a definition either. Then we will ruin everything by shaking the words of a
# sentence, and find that attention does not even notice. So the second half is about telling a
# model *where* a word stands. There are four famous ways to do that. You will build them all.
#
# | | |
# | --- | --- |
# | time | About 90 minutes. Each part can be done by itself. |
# | you need | tensors (lesson 00); that words become numbers (lesson 02) |
# | your computer | any laptop; no download, and no GPU, though one is used if there is one |
#
# In every exercise you see a signature and a docstring. Both are the task. Delete the line `raise
# NotImplementedError()`, write your own, run the cell, then run the check below it.

# %%
import math
import re
from collections import Counter

import torch
from jaxtyping import Float, Int
from torch import Tensor, nn
from torch.nn import functional as F
from tqdm.auto import tqdm

from autograder.check import check
from gradus.attention import MultiHeadAttention
from gradus.data import python_docs
from gradus.device import best_device
from gradus.explore import Explorer
from gradus.ids import check_ids
from gradus.plots import bars, lines, number_grids
from gradus.plots.hands import clock_hands
from gradus.plots.shades import shades
from gradus.plots.words import word_map
from gradus.rope import apply_rope_interleaved

torch.manual_seed(2013)  # the year of word2vec
torch.set_num_threads(1)  # our tensors are small: more threads would wait for each other
device = best_device()
print(f"Working on: {device}")

# %% [markdown]
# **Words for shapes.** `vocab` counts the tokens, `d_model` the numbers of a vector, `seq` the
# positions of a text, `d_head` the numbers of one head's queries and keys. A name with a star and
# three dots both stand for any number of axes. So `Int[Tensor, "*place"]` is a tensor of whole
# numbers in any shape.
#
# One helper is there already. `check_ids(ids, vocab)` says nothing, unless a number is no token.

# %% tags=["demo"]
ids: Int[Tensor, "batch seq"] = torch.tensor([[3, 1, 2], [4, 4, 0]])
check_ids(ids, vocab=5)  # fine: every number is from 0 to 4
vectors: Float[Tensor, "batch seq d_model"] = torch.zeros(*ids.shape, 8)

# %% [markdown]
# ## 1. A row for every word
#
# A tokenizer turns text into numbers: *string* may be number 117. But 117 is only a name. It does
# not mean that *string* is a bit more than 116, or half of 234.
#
# So a model keeps a table, with a row for every token. The row is a list of numbers that mean
# nothing at first, and are *learned*. Looking up the row is all that an **embedding** does.
#
# **Predict.** A table has 5 rows. Which row does `table[-1]` give in Python, and is that what you
# want for a token number of -1?
#
# One token is special. Short texts in a batch are filled up with **padding**, which means nothing,
# and so it should learn nothing.
#
# <details><summary>A hint for the padding</summary>
#
# `vectors.detach()` has the same numbers, and lets no gradient through. `torch.where` chooses
# between two tensors, place by place.
# </details>

# %% exercise="Embedding"
from gradus.embedding import Embedding

# %% check="Embedding"
check(Embedding)

# %% [markdown]
# Which rows learn from a text? **Predict** the gradient of each row, if the loss is the sum of all
# numbers that are looked up, and the text is 3, 1, 3, 0 with 0 for padding.

# %% tags=["demo"]
table = Embedding(5, 4, padding=0)
table(torch.tensor([3, 1, 3, 0])).sum().backward()
number_grids(
    {"the table": table.weight.detach(), "its gradient": table.weight.grad},
    [f"token {number}" for number in range(5)],
    "d_model",
)

# %% [markdown]
# Row 3 was used twice, so it gets twice the gradient. Rows 2 and 4 did not occur: they learn
# nothing today. And the padding never does.
#
# That is why rare words are known badly. In a vocabulary of 128,256 tokens many rows are hardly
# ever touched.

# %% [markdown]
# ## 2. A word is known by the company it keeps
#
# Now let us train a table. We need a text, and something to predict.
#
# **The text** is the manual of Python that is on your computer. We play a trick on it: every second
# *string* becomes a *grommel*.
#
# **The task**: given a word, guess which words stand near it, up to four to the left or right. Two
# tables do it, one for the word and one for its neighbours. The score of a pair is the dot product
# of their rows. Nothing tells the model that *string* and *grommel* were once the same.

# %% tags=["demo"]
text = re.findall(r"[a-z]+", python_docs().lower())
places = [place for place, word in enumerate(text) if word == "string"]
for place in places[::2]:
    text[place] = "grommel"

vocabulary = [word for word, _ in Counter(text).most_common(600)]
number_of = {word: number for number, word in enumerate(vocabulary)}
ids = torch.tensor([number_of.get(word, -1) for word in text])  # -1: a rare word, left out

near = torch.zeros(len(vocabulary), len(vocabulary))
for distance in range(1, 5):
    left, right = ids[:-distance], ids[distance:]
    both = (left >= 0) & (right >= 0)
    near.index_put_((left[both], right[both]), torch.tensor(1.0), accumulate=True)
near = near + near.T

print(f"{len(text):,} words, {int(near.sum()):,} pairs of neighbours")
print("next to grommel:", [vocabulary[n] for n in near[number_of["grommel"]].topk(12).indices])

# %% [markdown]
# **Predict.** The neighbours are mostly *the*, *a* and *is*, as for any word. Can that be enough?

# %% tags=["demo"]
near = (near / near.sum()).to(device)
words = Embedding(len(vocabulary), 32).to(device)
company = Embedding(len(vocabulary), 32).to(device)
for each in (words, company):
    nn.init.normal_(each.weight, std=0.1)
everything = torch.arange(len(vocabulary), device=device)
optimizer = torch.optim.Adam([*words.parameters(), *company.parameters()], lr=0.03)
losses = []
for _ in tqdm(range(200), desc="training"):
    loss = -(near * (words(everything) @ company(everything).T).log_softmax(-1)).sum()
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()
    losses.append(loss.item())
print(f"a neighbour costs {losses[-1]:.2f} nats to guess; at first it was {losses[0]:.2f}")

vectors = words.weight.detach().cpu()
vectors = F.normalize(vectors - vectors.mean(0), dim=-1)


def most_like(word: str, count: int = 5):
    """Draw the words whose rows point in the most similar direction."""
    likeness = vectors @ vectors[number_of[word]]
    best = likeness.topk(count + 1).indices[1:]  # the first is the word itself
    labels = [vocabulary[number] for number in best]
    return bars(labels, {"": likeness[best].tolist()}, "cosine", f"most like {word}", longest=1)


most_like("grommel")

# %% [markdown]
# There it is: a grommel is a string. The two never stand in each other's place in a sentence that
# the model could compare. They only keep the same company, so their rows were pushed in the same
# directions, until they pointed the same way.
#
# Look at other words. **Predict** before you choose one.

# %% tags=["demo"]
asked = "grommel true two module raised list method integer yield import".split()
Explorer(most_like, {"word": [word for word in asked if word in number_of]})

# %% [markdown]
# *true* is like *false*, and *two* is like *three*. Are those synonyms? No: they are opposites, and
# different numbers. What the table knows is who can stand in whose place. Keep that in mind when
# somebody searches documents by embeddings.
#
# ### A map
#
# Our rows have 32 numbers; paper has two directions. We take those two in which the chosen words
# differ most (the first two of the singular value decomposition) and look at the shadow.

# %% tags=["demo"]
groups = {
    "kinds of data": "list tuple dict dictionary set string grommel".split(),
    "kinds of numbers": "integer integers complex decimal".split(),
    "when things go wrong": "exception raised raises error typeerror valueerror".split(),
    "where code lives": "module import package globals scope".split(),
}
groups = {name: [w for w in group if w in number_of] for name, group in groups.items()}
chosen = [word for group in groups.values() for word in group]
rows = vectors[[number_of[word] for word in chosen]]
rows = rows - rows.mean(0)
_, _, directions = torch.linalg.svd(rows)
shadow = rows @ directions[:2].T
word_map(
    dict(zip(chosen, shadow, strict=True)), groups, "Python's manual, seen from 32 numbers a word"
)

# %% [markdown]
# Nobody said which words belong together. A map in two dimensions loses most of what the table
# knows, so do not read too much into small distances.

# %% [markdown]
# ## 3. Shake the sentence
#
# The rows know what stands *for* what. They do not know what stands *where*.
#
# > *the dog bites the man* · *the man bites the dog*
#
# The same five rows are looked up. We borrow the layer of the next lesson, attention, in which
# every word reads every other word, and give it both.
#
# **Predict.** How much does the vector that comes out for *bites* change when dog and man are
# exchanged?

# %% tags=["demo"]
one = "the dog bites the man".split()
other = "the man bites the dog".split()
known = {word: number for number, word in enumerate(dict.fromkeys(one))}
table, layer = Embedding(len(known), 32), MultiHeadAttention(32, 4)
with torch.no_grad():
    a, b = (layer(table(torch.tensor([[known[w] for w in line]]))) for line in (one, other))
print(f"bites changes by {(a - b)[0, 2].abs().max().item():.1e}")

# %% [markdown]
# Not at all, but for rounding. A dot product does not ask where its vectors stood. For attention a
# sentence is a *bag* of words.
#
# ### Which word came first?
#
# Does it matter in practice? Train a small reader: it reads eight words of the manual and shall say
# which one stood *first*. A child can do that. The reader has your table and one layer of
# attention; its last position gives the answer.
#
# **Predict.** How often will it be right? It does know which eight words there are.

# %% tags=["demo"]
seq, width = 8, 32
reading = ids[ids >= 0]


class Reader(nn.Module):
    """Words, positions (whatever is given for them), and attention: which word came first?"""

    def __init__(self, positions: nn.Module | None = None) -> None:
        super().__init__()
        self.words = Embedding(len(vocabulary), width)
        self.positions = positions or nn.Identity()
        self.layer = MultiHeadAttention(width, 4)

    def forward(self, ids: Tensor) -> Tensor:
        x = self.positions(self.words(ids))
        return self.layer(x)[:, -1] @ self.words.weight.T  # a score for every word


def passages(count: int) -> Tensor:
    starts = torch.randint(len(reading) - seq, (count, 1))
    return reading[starts + torch.arange(seq)].to(device)


def train(reader: Reader, name: str, steps: int = 200) -> float:
    """Return the share of new passages whose first word it names, after training."""
    reader = reader.to(device)
    optimizer = torch.optim.Adam(reader.parameters(), lr=1e-2)
    for _ in tqdm(range(steps), desc=name):
        drawn = passages(64)
        loss = F.cross_entropy(reader(drawn), drawn[:, 0])
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
    with torch.no_grad():
        drawn = passages(2000)
        return (reader(drawn).argmax(-1) == drawn[:, 0]).float().mean().item()


results = {"no positions": train(Reader(), "without positions")}
print(f"right without positions: {results['no positions']:.1%}")

# %% [markdown]
# Little better than one in eight, which is a blind guess among the words that are there (a frequent
# word is a slightly better one). More training does not help. Now let us tell it where the words
# stand.

# %% [markdown]
# ## 4. Waves
#
# The first idea: add something to each row that depends on the position. The position itself would
# be a bad choice, for at position 500 it would drown the word.
#
# So take something that never grows: **waves**. A fast wave tells neighbours apart, but comes round
# again soon. A slow one tells the beginning from the end. It is a clock: a hand for the seconds,
# one for the minutes, one for the hours. Each hand takes two numbers, its sine and its cosine.
#
# Pair $i$ of position $p$ has the angle $p / \mathrm{base}^{2i/d}$.

# %% exercise="sinusoidal_positions"
from gradus.position import sinusoidal_positions

# %% check="sinusoidal_positions"
check(sinusoidal_positions)

# %% [markdown]
# Here are your waves, a row for each position. **Predict**, then move the slider: what does a small
# base do to the slow waves on the right?


# %% tags=["demo"]
def waves(base: float):
    table = sinusoidal_positions(60, 32, base)
    turns = 60 / (2 * math.pi * base ** (30 / 32))
    told = f"The slowest pair makes {turns:.2g} turns in 60 positions."
    return shades(table, "position", "place in the vector", f"Waves of base {base:,}", told)


Explorer(waves, {"base": [10_000, 1_000, 100, 10, 2]})

# %% [markdown]
# ### Three further
#
# Why sine *and* cosine? Because then "three positions further" is the same movement wherever you
# start: every hand turns by its own fixed angle. A turn is a matrix, so one matrix takes position
# 0 to 3, position 1 to 4, and position 50 to 53. We do not believe it: let the computer *fit* a
# matrix on the first 40 positions, and try it on later ones.

# %% tags=["demo"]
table = sinusoidal_positions(100, 8, 100.0).double()
matrix = torch.linalg.lstsq(table[:40], table[3:43]).solution
error = (table[60:97] @ matrix - table[63:100]).abs().max()
print(f"from 60 to 63, 61 to 64 and so on: largest error {error:.1e}")

# %% [markdown]
# So a layer can learn "look three back" once, for all places. And the reader?


# %% tags=["demo"]
class Waves(nn.Module):
    def forward(self, x: Tensor) -> Tensor:
        return x + sinusoidal_positions(x.shape[1], x.shape[2], 100.0).to(x)


results["waves"] = train(Reader(Waves()), "with waves")
print({name: f"{share:.1%}" for name, share in results.items()})
bars(
    list(results),
    {"": list(results.values())},
    "share of passages",
    "Which word came first?",
    longest=1,
)

# %% [markdown]
# ## 5. Just learn it
#
# The second idea is simpler: a second table, with a row for each *position*, learned like the rest.
# BERT and GPT-2 do that.
#
# When a model writes, it reads only the newest word and remembers the others (in a cache, see the
# next lesson). So the layer must be told how many came before: the `offset`.
#
# **Think** before you write: what should happen at position 1024 of a table with 1024 rows?

# %% exercise="LearnedPositions"
from gradus.position import LearnedPositions

# %% check="LearnedPositions"
check(LearnedPositions)

# %% [markdown]
# A table of positions has a weakness. **Predict.** Texts have 1 to 32 words, all lengths alike. How
# often is position 0 taught, and how often position 31?

# %% tags=["demo"]
table = LearnedPositions(40, 4)
for length in torch.randint(1, 33, (1000,)).tolist():
    table(torch.zeros(1, length, 4)).sum().backward()
taught = table.weight.grad[:, 0]
lines(
    list(range(40)),
    {"a table of 40 positions": taught.tolist()},
    "position",
    "times taught",
    "Late positions learn less, and those that never came, nothing",
)

# %% [markdown]
# Rows 32 to 39 still hold the random numbers that they started with. A model that reads a longer
# text than it was trained on meets *noise* there. Nothing crashes; it just gets worse. Your layer
# refuses positions beyond its table. It cannot know which of its rows are any good.

# %% tags=["demo"]
results["learned"] = train(Reader(LearnedPositions(seq, width)), "with a learned table")
print({name: f"{share:.1%}" for name, share in results.items()})
bars(
    list(results),
    {"": list(results.values())},
    "share of passages",
    "Which word came first?",
    longest=1,
)

# %% [markdown]
# ## 6. Turn
#
# Waves and tables *add* the position to the word, and the layer has to get the two apart again. But
# what attention needs is mostly not "I am at 517". It is "you stand three before me".
#
# So the third idea, **rotary positions** or RoPE: leave the words alone. In each layer, before
# queries meet keys, *turn* both by their position, pair by pair, like the hands of clocks. The dot
# product of two hands depends on the angle *between* them only. If both turn by the same amount,
# nothing changes. Only the distance is left. LLaMA, Mistral, Qwen and Gemma do it.
#
# **Which numbers are a pair?** There are two conventions in the world, and both are called RoPE.
# Here number $i$ of the first half turns with number $i$ of the second half.
#
# <details><summary>A hint</summary>
#
# Compute an angle for every position and pair first: shape (..., seq, d_head / 2). Then split x
# into its halves a and b. Both new halves need both *old* ones.
# </details>

# %% exercise="apply_rope"
from gradus.rope import apply_rope

# %% check="apply_rope"
check(apply_rope)

# %% [markdown]
# A query of eight numbers is four clocks. **Predict**, then move the sliders: at which position is
# the first hand round once? Which hand hardly moves? What if the base is 1?


# %% tags=["demo"]
def turned(position: int, base: float):
    x = torch.tensor([[1.0, 1, 1, 1, 0, 0, 0, 0]])
    after = apply_rope(x, torch.tensor([position]), base)
    halves = (t.view(2, 4).T for t in (x, after))
    return clock_hands(*halves, f"position {position}, base {base:,}")


Explorer(
    turned,
    {"position": [*range(13), 25, 50, 100, 1000], "base": [10_000, 500_000, 100, 10, 1]},
)

# %% [markdown]
# ### Only the distance is left
#
# The same query and the same key, at every pair of positions. **Predict** what the table of their
# scores looks like.

# %% tags=["demo"]
q, k = torch.randn(1, 8).expand(7, 8), torch.randn(1, 8).expand(7, 8)
everywhere = torch.arange(7)
scores = apply_rope(q, everywhere) @ apply_rope(k, everywhere).T
later = apply_rope(q, everywhere + 1000) @ apply_rope(k, everywhere + 1000).T
print(f"a thousand positions later, all scores change by {(scores - later).abs().max():.1e}")
number_grids(
    {"scores (rounded)": (10 * scores).round() / 10}, [f"query at {n}" for n in range(7)], "key at"
)

# %% [markdown]
# Every diagonal holds one number. Above the main diagonal the numbers are others than below: three
# before is not three after.
#
# ### The other convention
#
# Files from Meta turn *neighbours*: 0 with 1, 2 with 3. The library has that too. **Predict.** Is a
# model any worse with the wrong one of the two?

# %% tags=["demo"]
x, places = torch.randn(2, 5, 8), torch.arange(5)
mine, theirs = apply_rope(x, places), apply_rope_interleaved(x, places)
print(f"largest difference of the vectors: {(mine - theirs).abs().max():.2f}")
order = torch.tensor([0, 2, 4, 6, 1, 3, 5, 7])
again = apply_rope_interleaved(x, places)[..., order]
print(f"after reordering: {(apply_rope(x[..., order], places) - again).abs().max():.1e}")

# %% [markdown]
# They are the same thing, with the numbers in another order. A model *trained* with either is as
# good. But weights trained with one and run with the other give fluent nonsense, and no error. The
# converters of model files reorder the rows of queries and keys for exactly this reason.

# %% [markdown]
# ## 7. Or say the distance to the score
#
# The fourth idea touches neither words nor queries. A score is a number: *add* something to it that
# depends on the distance.
#
# ### T5: learn it, in buckets
#
# T5 learns one number for each distance and head. But there are thousands of distances, and most
# are rare. Between 2 and 3 positions there is a difference; between 102 and 103 there is hardly
# any. So distances are sorted into 32 **buckets**: near ones each get their own, far ones share.

# %% exercise="t5_relative_bucket"
from gradus.relative import t5_relative_bucket

# %% check="t5_relative_bucket"
check(t5_relative_bucket)

# %% [markdown]
# **Predict.** An encoder reads both ways, a decoder only back. Who can tell distance 10 from 11?

# %% tags=["demo"]
distances = torch.arange(-150, 151)
lines(
    distances.tolist(),
    {
        "encoder (both ways)": t5_relative_bucket(distances).tolist(),
        "decoder (backwards only)": t5_relative_bucket(distances, bidirectional=False).tolist(),
    },
    "position of the key minus position of the query",
    "bucket",
    "Near distances are told apart, far ones share a bucket",
)

# %% [markdown]
# Only the decoder: it spends all its buckets on one direction, 16 of them on exact distances. The
# encoder has 8 exact ones each way, so 10 and 11 share.
#
# ### ALiBi: do not learn it
#
# BLOOM does not even learn the numbers: every position of distance takes a fixed amount off the
# score. Each head has another **slope**, so some heads are short-sighted and some see far.

# %% exercise="alibi_slopes"
from gradus.relative import alibi_slopes

# %% check="alibi_slopes"
check(alibi_slopes)

# %% [markdown]
# All keys fit alike. How much weight is left for a key that is so far away? **Predict**, then move
# the slider: from which head on does a key 100 back still count?


# %% tags=["demo"]
def sight(head: int):
    away = torch.arange(101)
    share = (-alibi_slopes(8)[head - 1] * away).softmax(-1)
    half = int((share.cumsum(0) < 0.5).sum()) + 1
    title = f"Head {head} of 8 spends half its attention on the nearest {half}"
    return lines(away.tolist(), {"weight": share.tolist()}, "positions back", "weight", title)


Explorer(sight, {"head": range(1, 9)})

# %% [markdown]
# ## 8. Four ways, one question
#
# What does each of them do to a score, when a key moves away and nothing else changes? For waves
# and RoPE we take a query and a key that are equal; for T5 the table is learned, so we draw one at
# random. All begin at 0, so that only the *change* shows.
#
# **Predict.** Which of them will always like near keys better? Which can learn to prefer far ones?


# %% tags=["demo"]
def all_ways(base: int):
    away = torch.arange(65)
    table = sinusoidal_positions(65, 64, float(base))
    same = torch.ones(65, 64) / 8
    turned = apply_rope(same, away, float(base))
    drawn = torch.randn(32, generator=torch.Generator().manual_seed(5)) / 3
    scores = {
        "waves": table @ table[0] / 32,
        "RoPE": turned @ turned[0],
        "T5 (a random table)": drawn[t5_relative_bucket(-away, bidirectional=False)],
        "ALiBi (head 5 of 8)": -alibi_slopes(8)[4] * away,
    }
    return lines(
        away.tolist(),
        {name: (score - score[0]).tolist() for name, score in scores.items()},
        "positions between query and key",
        "change of the score",
        f"What distance does to a score (base {base:,})",
    )


Explorer(all_ways, {"base": [10_000, 1_000, 100, 10]})

# %% [markdown]
# - **Waves** and **RoPE** draw the same curve here! They are the same clocks, used in two ways. But
#   waves enter once and are mixed with the words; RoPE turns each layer's queries and keys, which
#   have *learned* where their hands should point. So it can prefer any distance.
# - **T5** learns a step for each bucket. Any shape is possible, and far keys share a step.
# - **ALiBi** falls for ever. It never prefers a far key, and has no idea of a longest text: that is
#   why it bears texts that are longer than those it was trained on.
#
# ## What you have built
#
# | you wrote | where it sits in a real model |
# | --- | --- |
# | `Embedding` | GPT-2 small: 50,257 rows of 768 are 38.6 million of its 124 million numbers |
# | | BERT base: 30,522 × 768 = 23.4 million |
# | | Llama-3 8B: 128,256 × 4096 = 525 million |
# | `sinusoidal_positions` | the original Transformer, base 10,000; no parameters |
# | `LearnedPositions` | GPT-2: 1024 rows of 768; BERT: 512. Longer texts are impossible |
# | `apply_rope` | LLaMA: base 10,000; Llama-3: base 500,000 for longer texts; no parameters |
# | `t5_relative_bucket` | T5 small: 32 buckets × 8 heads = 256 numbers for each stack |
# | `alibi_slopes` | BLOOM: 112 heads, so 64 slopes and 48 in between; no parameters |
#
# Things to remember, and to tell someone else:
#
# - A token's number is a name. Its row is what a model knows of it, learned from its company.
# - Near in the table means: can stand in the same place. Opposites can.
# - Attention alone sees a bag of words.
# - A learned table knows only positions that it was taught.
# - RoPE turns queries and keys, so that scores know distances. There are two conventions, and
#   mixing them makes no error, only nonsense.
#
# ### If you want more
#
# - Rename every second *list*, or every fifth. How rare may a grommel be and still be found?
# - Give RoPE to the reader: write a layer that turns `q` and `k` before they meet.
# - Mikolov et al. 2013, [word2vec](https://arxiv.org/abs/1301.3781); Levy and Goldberg 2014,
#   [why it is a factorised table of counts](https://papers.nips.cc/paper/2014/hash/feab05aa91085b7a8012516bc3533958-Abstract.html).
# - Vaswani et al. 2017, [Attention is all you need](https://arxiv.org/abs/1706.03762), section 3.5.
# - Su et al. 2021, [RoFormer](https://arxiv.org/abs/2104.09864); Press et al. 2021,
#   [ALiBi](https://arxiv.org/abs/2108.12409); Raffel et al. 2019,
#   [T5](https://arxiv.org/abs/1910.10683).
