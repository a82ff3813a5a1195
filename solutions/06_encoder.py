# %% [markdown]
# # The encoder: BERT and the art of filling gaps
#
# *About 150 minutes, in eight parts. Stop after any of them.*
#
# Fill the gap:
#
# > *She opened the \_\_\_\_*
#
# A door? A book? A shop? You cannot know. Now three times more:
#
# > *She opened the \_\_\_\_ and drank it.*
# >
# > *She opened the \_\_\_\_ and read it to her son.*
# >
# > *She opened the \_\_\_\_ and walked in.*
#
# This time you knew at once, and all three gaps are different. **The words that told you came after
# the gap.**
#
# A model that writes can never use them: they are not written yet. That is what the causal mask of
# lesson 04 was for. But much of what we want from a model is not writing. Is this review angry? Is
# this word a name? Which of these pages answers my question? There the whole text is known, and it
# would be foolish to read it through a slit.
#
# A model that reads in both directions is called an **encoder**. The most famous one is BERT, of
# 2018, and in this lesson you build it: every layer, to the last parameter. Then you train a small
# one in half a minute, by nothing else than the game above, and teach it two trades. And at the end
# your layers carry the weights of a real one.
#
# | | |
# | --- | --- |
# | you need | blocks (lesson 05), what attention does (lesson 04); both are imported |
# | your computer | any laptop, and no GPU; one part uses weights that can be fetched (90 MB) |

# %%
from collections.abc import Sequence

import torch
from jaxtyping import Bool, Float, Int
from torch import Generator, Tensor, nn

from autograder.check import check
from gradus.activation import gelu
from gradus.dropout import dropout
from gradus.embedding import Embedding
from gradus.norm import LayerNorm
from gradus.position import LearnedPositions

# %% [markdown]
# And what the experiments need: blocks, pictures, texts.

# %% tags=["demo"]
import math
import re
from collections import Counter, defaultdict
from functools import cache
from random import Random

from torch.nn import functional as F
from tqdm.auto import tqdm

from gradus.block import Block
from gradus.count import count_parameters
from gradus.data import code_tokens, published, python_docs, sentiment_sentences
from gradus.device import best_device
from gradus.explore import AttentionMap, Explorer
from gradus.mask import causal_mask
from gradus.nearby import nearby_blocks, weights_of
from gradus.plots import bars, lines, number_grids
from gradus.plots.gaps import GapStrip
from gradus.wordpiece import wordpiece_encode

torch.manual_seed(2018)  # the year of BERT
torch.set_num_threads(1)  # our tensors are small: more threads would wait for each other
device = best_device()
print(f"Working on: {device}")

# %% [markdown]
# ## 1. What goes in
#
# A block wants vectors. BERT makes the vector of a token out of three:
#
# ```
#             [CLS]   who    wrote   it   [SEP]   ada    did   [SEP]
#   token       ●      ●       ●      ●     ●      ●      ●      ●      which word is it?
#   position    0      1       2      3     4      5      6      7      where does it stand?
#   type        0      0       0      0     0      1      1      1      in which segment?
# ```
#
# The three are added, and the sum is normalised. `[CLS]` begins every text, and `[SEP]` ends every
# segment: two tokens that mean nothing by themselves. The **type** tells apart a question and its
# answer, or a sentence and its translation. Where there is only one segment, all tokens are of type
# 0, and the vector of type 0 is added all the same. (RoBERTa, a year later, has one type only.)
#
# Right means: the sum first, *then* the norm; positions that run on through all segments; and three
# tables that start with small numbers, mean 0 and standard deviation 0.02. Use your layers of
# lessons 03 and 05: `Embedding`, `LearnedPositions` (it adds its rows to what it is given) and
# `LayerNorm`.

# %% exercise="BertEmbedding"
from gradus.encoder import BertEmbedding

# %% check="BertEmbedding"
check(BertEmbedding)

# %% [markdown]
# The text *dog sees dog sees*, where the last *sees* is of type 1. How alike are two of its four
# vectors? Each is a sum of three random ones, equally long. Two vectors that share one of the three
# have a likeness (cosine) of about $\tfrac13$; two that share two of the three, $\tfrac23$.
#
# **Predict** the six numbers below the diagonal before you run the cell.

# %% tags=["demo"]
embedding = BertEmbedding(vocab=10, d_model=4096, max_seq=8)
dog, sees = 3, 4
x = embedding(torch.tensor([[dog, sees, dog, sees]]), torch.tensor([[0, 0, 0, 1]]))[0]
likeness = F.normalize(x, dim=-1) @ F.normalize(x, dim=-1).mT
number_grids(
    {"likeness": likeness.detach().round(decimals=1)},
    rows=["dog, place 0", "sees, place 1", "dog, place 2", "sees, place 3, type 1"],
    columns="the same four",
)

# %% [markdown]
# Two *dogs* share the word and the type: $\tfrac23$. A *dog* and the first *sees* share nothing but
# the type: $\tfrac13$. The two *sees* share the word only: $\tfrac13$. And the last one shares
# nothing at all with the dogs: 0. So a block can find out which word it is, where it stands and in
# which segment, all from one vector.
#
# ## 2. The encoder
#
# Now the tower: an embedding, then blocks, one after the other. In lesson 05 you gave a block a
# causal mask. An encoder gives it none, so every position reads every other.
#
# Only one thing stays hidden: **padding**, which fills up the short texts of a batch. `padding` is
# True at the real tokens. It has one row for each text; the scores in a block have the axes (batch,
# heads, query, key). So the mask needs two new axes. Where?
#
# ```
#   ids ──► embedding ──► block ──► block ──► ... ──► (norm) ──► one vector for every token
#                           ▲         ▲
#                 mask ─────┴─────────┘   real tokens may be read, by everybody
# ```
#
# The parts are given, and your class keeps them: `embedding`, `blocks` (in an `nn.ModuleList`) and
# `norm`, which may be None. BERT's blocks are post-norm, so that nothing is left to normalise at
# the top; pre-norm blocks need a last norm.

# %% exercise="Encoder"
from gradus.encoder import Encoder

# %% check="Encoder"
check(Encoder)

# %% [markdown]
# ### Who notices?
#
# Six words go in, and the *last* one is exchanged. **Predict:** at which positions does the output
# move, in your encoder? And in the same tower with a causal mask?

# %% tags=["demo"]
small = Encoder(BertEmbedding(30, 32, 8), [Block(32, 4, 128, pre_norm=False) for _ in range(2)])
words6 = torch.tensor([[5, 6, 7, 8, 9, 10]])
other6 = torch.tensor([[5, 6, 7, 8, 9, 11]])


@torch.no_grad()
def tower(ids: Tensor, mask: Tensor | None) -> Tensor:
    x = small.embedding(ids)
    for block in small.blocks:
        x = block(x, mask=mask)
    return x


both_ways = (small(words6) - small(other6)).norm(dim=-1)[0].tolist()
causal = causal_mask(6)
one_way = (tower(words6, causal) - tower(other6, causal)).norm(dim=-1)[0].tolist()
bars(
    [f"position {i}" for i in range(6)],
    {"your encoder": both_ways, "with a causal mask": one_way},
    "how far the output moves",
    "The last of six words was exchanged: who notices?",
)

# %% [markdown]
# In the encoder, everyone. With a causal mask, only the last position itself: for the others, it is
# the future.
#
# Now two texts in one batch, the second with two tokens of padding. **Predict:** how much does the
# vector of a real token change because its text was padded?

# %% tags=["demo"]
batch = torch.tensor([[5, 6, 7, 8, 9, 10], [12, 13, 14, 15, 0, 0]])
real: Bool[Tensor, "batch seq"] = batch != 0
with torch.no_grad():
    alone, hidden = small(batch[1:, :4]), small(batch, real)[1:, :4]
    careless = small(batch)[1:, :4]
print(f"padding hidden:     {(alone - hidden).abs().max().item():.0e}")
print(f"padding not hidden: {(alone - careless).abs().max().item():.2f}")

# %% [markdown]
# Nothing but rounding. Without the mask, a text's vectors would depend on who happened to stand
# beside it in the batch. It would not crash, and nobody would notice for a long time.
#
# ## 3. A game to learn from
#
# How do you train an encoder? Guessing the next word, as GPT does, is no task for it: the next word
# stands there, one look to the right. So take some words away, and let it guess *those*. This is
# **masked language modelling** (MLM), and in schools it has been used for a long time: Taylor
# invented it in 1953, to measure how readable a text is, and called it *cloze*.
#
# Each token that may change is **chosen** with probability 0.15, by itself. Then, for each chosen
# token by itself:
#
# | | becomes | why |
# | --- | --- | --- |
# | 80 % | `[MASK]` | that is the gap |
# | 10 % | a random token | so that a word that is *there* may be wrong, too |
# | 10 % | stays as it is | so that a word may also be right |
#
# Why not masks only? Nobody will ever show the model a `[MASK]` once it has a real job. If only
# masks were asked for, it could do nothing useful at all other words. So the loss asks for *all*
# chosen tokens, and the model cannot tell which of the visible ones are among them: it has to
# understand every word.
#
# Your function returns the text with its gaps, and **labels**: the token that stood there wherever
# one was chosen, and -100 everywhere else. (-100 is what `cross_entropy` leaves out, as in lesson
# 00.) The random numbers come from the generator, if one is given. Chance is checked with chance:
# the check draws thousands of tokens, and a right answer fails less than once in ten million tries.

# %% exercise="mlm_mask"
from gradus.masked_lm import mlm_mask

# %% check="mlm_mask"
check(mlm_mask)

# %% [markdown]
# Here is your function at work on a sentence of Python's documentation. Move `p`. **Ask yourself**
# at each step: could *you* still fill the gaps?

# %% tags=["demo"]
sentence = (
    "the statement is executed as long as the condition is true . if it is false from the "
    "beginning , the else clause is executed and the loop ends ."
).split()
shown = [*dict.fromkeys(sentence), "[MASK]"]
sentence_ids = torch.tensor([[shown.index(word) for word in sentence]])
allowed = torch.ones_like(sentence_ids, dtype=torch.bool)


def gaps(p: float, seed: int) -> GapStrip:
    dice = Generator().manual_seed(seed)
    mask_id = len(shown) - 1
    inputs, labels = mlm_mask(sentence_ids, allowed, mask_id, mask_id, p, dice)
    return GapStrip(inputs[0].tolist(), labels[0].tolist(), shown, mask_id, f"p = {p}")


Explorer(gaps, {"p": [0.15, 0.05, 0.3, 0.5, 0.8], "seed": range(1, 9)})

# %% [markdown]
# Too few gaps, and there is little to learn from a text. Too many, and nobody could fill them. BERT
# took 15 %, and everybody copied that for years, until somebody tried: 40 % is better for large
# models (Wettig et al. 2022).
#
# And *when* are the dice thrown? BERT's authors threw them once, wrote ten copies of the corpus to
# disk, and trained for 40 rounds: every gap was seen four times. RoBERTa throws them anew each time
# a text is read. Your function does that: move `seed`, and see another exercise made of the same
# text.
#
# ## 4. From vectors back to words
#
# The encoder gives a vector for every token. To guess a word, that vector must become a score for
# each word of the vocabulary. BERT's head has two steps:
#
# 1. a small layer of its own, `norm(gelu(dense(x)))`;
# 2. the product with the vector of *every* token, plus a bias for each.
#
# The vectors in step 2 are those of the embedding: not a copy, the same parameter. A word's vector
# is used twice, to read the word and to guess it, and learns from both.

# %% exercise="MlmHead"
from gradus.masked_lm import MlmHead

# %% check="MlmHead"
check(MlmHead)

# %% [markdown]
# ### The whole of BERT
#
# You have all of it now. **Predict:** BERT base has 12 blocks of width 768 and knows 30,522 tokens.
# How many million parameters does it have? How many does the head add: nearly none, or as many as a
# table of the vocabulary?
#
# On the `meta` device tensors have shapes and no numbers, so this takes no memory.


# %% tags=["demo"]
def bert(vocab: int, d_model: int, layers: int, heads: int) -> nn.ModuleList:
    blocks = [Block(d_model, heads, 4 * d_model, pre_norm=False) for _ in range(layers)]
    encoder = Encoder(BertEmbedding(vocab, d_model, 512), blocks)
    return nn.ModuleList([encoder, MlmHead(encoder.embedding.tokens)])


for name, sizes in {"base": (30522, 768, 12, 12), "large": (30522, 1024, 24, 16)}.items():
    with torch.device("meta"):
        model = bert(*sizes)
        pooler = nn.Linear(sizes[1], sizes[1])
    encoder_size, whole = count_parameters(model[0]), count_parameters(model)
    print(f"BERT {name}: {encoder_size + count_parameters(pooler):,} with its pooler")
    print(f"          as it was trained to fill gaps: {whole:,}")
    print(f"          what the head adds: {whole - encoder_size:,}")

# %% [markdown]
# 109,482,240 and 335,141,888: exactly the published ones, to the last parameter. (The *pooler* is
# one more linear layer, which BERT has on top of `[CLS]` for a second game, "does sentence B follow
# sentence A?". RoBERTa showed that the game does more harm than good.) The head adds 0.6 million:
# its table of 23 million numbers is the one that was there already.
#
# ## 5. Half a minute of school
#
# BERT base read 3.3 billion words, 40 times, on 16 TPU chips, for four days. Yours will read
# Python's documentation, which is on your computer, for about half a minute. To make it easy, its
# tokens are whole words: the thousand most common ones. Others become `[UNK]`.

# %% tags=["demo"]
LETTERS = re.compile(r"[a-z]+|\d|[^\w\s]|_")


def words(text: str) -> list[str]:
    return LETTERS.findall(text.lower())


opinions = sentiment_sentences()  # for later: made-up sentences with words of their own
text = words(python_docs())
common = [word for word, _ in Counter(text).most_common(1000)]
known = [*common, *sorted({w for o in opinions.train for w in words(o.text)} - set(common))]
VOCAB, PAD, MASK, UNK = len(known), len(known), len(known) + 1, len(known) + 2
vocabulary = [*known, "[PAD]", "[MASK]", "[UNK]"]
number_of = {word: number for number, word in enumerate(vocabulary)}


def encode(text: str) -> list[int]:
    return [number_of.get(word, UNK) for word in words(text)]


stream = torch.tensor([number_of.get(word, UNK) for word in text])
pieces = list(stream.split(400))
Random(0).shuffle(pieces)
held_out, train = torch.cat(pieces[:30]), torch.cat(pieces[30:])
print(f"{len(text):,} words, {len(known):,} of them different")
print(f"{len(train):,} to learn from, {len(held_out):,} to be tested with")

# %% [markdown]
# What must the model beat? Somebody who never looks at the text, and always guesses by how frequent
# each word is. The loss of that guesser is the **unigram entropy**.

# %% tags=["demo"]
counts = torch.bincount(train[train < VOCAB], minlength=VOCAB) + 0.01
unigram = -(counts / counts.sum()).log()[held_out[held_out < VOCAB]].mean().item()
print(f"blind guess among {VOCAB} words: {math.log(VOCAB):.2f} nats")
print(f"by frequency, without reading: {unigram:.2f} nats")

# %% [markdown]
# Now the model: **your** embedding, **your** encoder, **your** head, and two blocks. One thing is
# not BERT's. From positions alone a model has to find out that neighbours matter; BERT had days for
# that. So our blocks come from `gradus/nearby.py`, where each head has a number for every
# *distance*, as T5 has (you built its buckets in lesson 03).

# %% tags=["demo"]
d_model, heads, layers, longest = 64, 4, 2, 48


def new_encoder(seed: int = 0) -> Encoder:
    torch.manual_seed(seed)
    embedding = BertEmbedding(len(vocabulary), d_model, longest)
    nn.init.normal_(embedding.tokens.weight, std=0.2)
    return Encoder(embedding, nearby_blocks(d_model, heads, layers), LayerNorm(d_model))


encoder = new_encoder().to(device)
head = MlmHead(encoder.embedding.tokens).to(device)
nn.init.constant_(head.norm.weight, 0.3)  # begin with modest guesses
print(f"{count_parameters(nn.ModuleList([encoder, head])):,} parameters")


def windows(data: Tensor, count: int, seq: int, dice: Generator | None = None) -> Tensor:
    starts = torch.randint(len(data) - seq, (count, 1), generator=dice)
    return data[starts + torch.arange(seq)].to(device)


def mlm_loss(rows: Tensor, p: float, dice: Generator | None = None) -> Tensor:
    inputs, labels = mlm_mask(rows, rows < VOCAB, MASK, VOCAB, p, dice)
    asked = labels != -100
    return F.cross_entropy(head(encoder(inputs)[asked]), labels[asked])  # only where it counts


@torch.no_grad()
def test_loss() -> float:
    dice = Generator().manual_seed(0)
    return mlm_loss(windows(held_out, 400, 16, dice), 0.15, dice).item()


print(f"before training: {test_loss():.2f} nats")

# %% [markdown]
# And what does it say, before it has learned anything? **Predict** the kind of words.


# %% tags=["demo"]
@torch.no_grad()
def guesses(text: str, most: int = 5) -> dict[str, float]:
    """Return the likeliest words for the gap, written ___."""
    before, behind = map(encode, text.split("___"))
    ids = torch.tensor([[*before, MASK, *behind]], device=device)
    best = head(encoder(ids))[0, len(before), :VOCAB].softmax(-1).topk(most)
    found = zip(best.indices.tolist(), best.values.tolist(), strict=True)
    return {vocabulary[number]: p for number, p in found}


riddles = [
    "the name ___ the class .",
    "if the name ___ not found , an exception is raised .",
    "the value ___ returned by the function .",
    "it ___ be used to call the function .",
    "an object is ___ by the function .",
    "if the value is true , the first ___ is executed .",
]


def show_guesses() -> None:
    for riddle in riddles:
        told = ", ".join(f"{word} {p:.0%}" for word, p in guesses(riddle).items())
        print(f"{riddle}\n      {told}")


show_guesses()

# %% [markdown]
# Noise. Now the training. Each step takes 32 windows of 16 words, throws new dice, fills the gaps,
# and corrects the weights. We choose 30 % of the words instead of 15: with so little time, every
# step should teach something.

# %% tags=["demo"]
steps, rate = 600, 4e-3
likings = [p for name, p in encoder.named_parameters() if "relative" in name]
others = [p for p in nn.ModuleList([encoder, head]).parameters() if p not in set(likings)]
groups = [{"params": others, "lr": rate}, {"params": likings, "lr": 5 * rate}]
optimiser = torch.optim.AdamW(groups, weight_decay=0.01, betas=(0.9, 0.98))
schedule = torch.optim.lr_scheduler.OneCycleLR(
    optimiser, [group["lr"] for group in groups], total_steps=steps, pct_start=0.15
)

losses, tests = [], {}
for step in (bar := tqdm(range(steps), desc="filling gaps")):
    loss = mlm_loss(windows(train, 32, 16), p=0.3)
    optimiser.zero_grad()
    loss.backward()
    nn.utils.clip_grad_norm_(encoder.parameters(), 1.0)
    optimiser.step()
    schedule.step()
    losses.append(loss.item())
    if step % 50 == 49:
        tests[step + 1] = test_loss()
        bar.set_postfix(test=f"{tests[step + 1]:.2f}")

mlm_nats = test_loss()
print(f"after training: {mlm_nats:.2f} nats on texts it has never seen")
print(f"without reading: {unigram:.2f} nats")
assert mlm_nats < unigram - 1, "it should have gained a nat: do all your checks pass?"

# %% tags=["demo"]
lines(
    list(tests),
    {"your encoder": list(tests.values()), "without reading": [unigram] * len(tests)},
    "step",
    "nats a gap, on unseen text",
    "It learns to read, and soon knows more than how frequent words are",
)

# %% [markdown]
# A nat less means that the right word was about $e = 2.7$ times as probable. More than one nat has
# been gained, in half a minute, on one core of a processor. Ask it again.

# %% tags=["demo"]
show_guesses()

# %% [markdown]
# It has learned some grammar, from gaps alone. Between *name* and *the class* it wants something
# like *of*; between *value* and *returned*, a form of *to be*, as *the name* does before *not
# found*; between *is* and *by*, a participle; after *the first*, a noun. It is often wrong, and
# knows little about the world. But no one told it that there are nouns.
#
# Write gaps of your own, as `___`. Words that are not among the known ones are read as `[UNK]`.

# %% tags=["demo"]
own = "a new object is ___ , and the name is bound to it ."
likely = guesses(own, most=8)
bars(list(likely), {"": list(likely.values())}, "probability", own)

# %% [markdown]
# ### Which side helps?
#
# Back to the puzzle. **Predict:** how much worse does your encoder get if it may read only what
# stands *before* the gap? And only what stands *behind* it? You can hide words from it with what
# you built in part 2: call them padding.

# %% tags=["demo"]
dice = Generator().manual_seed(1)
rows = windows(held_out, 600, 17, dice)
rows = rows[rows[:, 8] < VOCAB]  # the gap is in the middle
answers = rows[:, 8].clone()
asked_rows = rows.clone()
asked_rows[:, 8] = MASK
place = torch.arange(17, device=device)
sides = {
    "both sides": place >= 0,
    "only what stands before": place <= 8,
    "only what stands behind": place >= 8,
    "two words on each side": (place - 8).abs() <= 2,
    "nothing but the gap": place == 8,
}
side_losses = {}
for name, seen in sides.items():
    with torch.no_grad():
        vectors = encoder(asked_rows, seen.expand(rows.shape))[:, 8]
        side_losses[name] = F.cross_entropy(head(vectors), answers).item()

bars(list(side_losses), {"": list(side_losses.values())}, "nats a gap", "What may be read")

# %% [markdown]
# Either side alone is a good deal worse than both together. The side behind the gap is worth about
# as much as the one before it, and a GPT never sees it. (With so little schooling, two words on
# each side are nearly all that it uses. And with nothing but the gap it does worse than a list of
# frequencies: it was never asked that.)
#
# ### Where does it look?
#
# Your encoder, with its two layers of four heads. The gap is written `[MASK]`. In lesson 04 the
# upper right half of every map was empty: nobody could read the future. **Predict** what these look
# like.

# %% tags=["demo"]
riddle = "if the name is not [MASK] , an exception is raised ."
ids = [number_of[word] for word in riddle.split()]
with torch.no_grad():
    streams = [encoder.embedding(torch.tensor([ids], device=device))]
    for block in encoder.blocks:
        streams.append(block(streams[-1]))
maps = [weights_of(block, x)[0] for block, x in zip(encoder.blocks, streams, strict=False)]
AttentionMap(torch.stack(maps).cpu(), riddle.split())

# %% [markdown]
# No half is empty, and stripes lie on both sides of the diagonal: some heads read the word
# before, others the word behind or one farther off. Look for a row that breaks its stripe: there a
# head has found something by its *content*.
#
# ## 6. A trade: naming every token
#
# Filling gaps is no job. But an encoder that can do it has learned something about its language,
# and that can be put to use: put one small new layer on top, and go on training with the answers
# to another question. This is **fine-tuning**, and with it BERT set records on eleven tasks at
# once.
#
# The first trade: say of *every token* what it is. In newspapers one asks for persons and places.
# Here is a question with exact answers, thousands of them on your computer: what is this piece of a
# line of Python? Python itself knows (`tokenize` in its library).
#
# The model is an encoder, dropout on what comes out of it, and one linear layer.

# %% exercise="TokenClassifier"
from gradus.classifier import TokenClassifier

# %% check="TokenClassifier"
check(TokenClassifier)

# %% tags=["demo"]
labels_there_are = ["name", "keyword", "operator", "number", "string", "comment"]
coded = []
for line in code_tokens():
    label = line.label_of_characters()
    parts = [(found.group(), label[found.start()]) for found in LETTERS.finditer(line.text.lower())]
    if 4 <= len(parts) <= longest and all(kind in labels_there_are for _, kind in parts):
        coded.append(parts)
Random(1).shuffle(coded)
print(f"{len(coded):,} lines")
for parts in coded[:3]:
    print("  ".join(f"{part}/{kind}" for part, kind in parts))

# %% [markdown]
# The pieces are smaller than Python's own: words, digits and signs. So `if` may be a keyword, or a
# word in a string, or in a comment. Which, only its surroundings tell: a quotation mark somewhere
# before it, or a `#`.
#
# Labels are expensive, and most people have few. So we take 400 lines only, and let three learn
# from them: your encoder as it comes out of school; one that was never trained; and a mere list,
# which knows for each word what it was most often in these 400 lines.
#
# **Predict** their order.


# %% tags=["demo"]
def rectangle(rows: Sequence[Sequence[int]], fill: int) -> Tensor:
    seq = max(map(len, rows))
    return torch.tensor([[*row, *[fill] * (seq - len(row))] for row in rows], device=device)


def lines_as_tensors(lines: list) -> tuple[Tensor, Tensor]:
    ids = rectangle([[number_of.get(part, UNK) for part, _ in line] for line in lines], PAD)
    kinds = [[labels_there_are.index(kind) for _, kind in line] for line in lines]
    return ids, rectangle(kinds, -100)


few, unseen = coded[:400], coded[400:1400]
few_ids, few_kinds = lines_as_tensors(few)
unseen_ids, unseen_kinds = lines_as_tensors(unseen)


def fine_tune(model: nn.Module, loss_of, count: int, steps: int, rate: float, name: str) -> None:
    """Train with 32 random examples a step; the rate falls to 0."""
    optimiser = torch.optim.AdamW(model.parameters(), lr=rate, weight_decay=0.01)
    schedule = torch.optim.lr_scheduler.OneCycleLR(optimiser, rate, total_steps=steps)
    model.train()
    for _ in tqdm(range(steps), desc=name):
        loss = loss_of(torch.randint(count, (32,)))
        optimiser.zero_grad()
        loss.backward()
        optimiser.step()
        schedule.step()
    model.eval()


def taught(encoder: Encoder, name: str) -> float:
    """Fine-tune on the few lines; return the share of right labels in unseen ones."""
    torch.manual_seed(0)
    model = TokenClassifier(encoder, d_model, len(labels_there_are), dropout=0.1).to(device)

    def loss_of(rows: Tensor) -> Tensor:
        logits = model(few_ids[rows], few_ids[rows] != PAD)
        return F.cross_entropy(logits.flatten(0, 1), few_kinds[rows].flatten())

    fine_tune(model, loss_of, len(few), steps=120, rate=2e-3, name=name)
    with torch.no_grad():
        guessed = model(unseen_ids, unseen_ids != PAD).argmax(-1)
    asked = unseen_kinds != -100
    return (guessed == unseen_kinds)[asked].float().mean().item()


def copy_of(encoder: Encoder) -> Encoder:
    twin = new_encoder().to(device)
    twin.load_state_dict(encoder.state_dict())
    return twin


votes = defaultdict(Counter)
for line in few:
    for part, kind in line:
        votes[part][kind] += 1
listed = [
    (votes[part].most_common(1)[0][0] if part in votes else "name") == kind
    for line in unseen
    for part, kind in line
]
kinds = Counter(kind for line in unseen for _, kind in line)
shares = {
    f"always {kinds.most_common(1)[0][0]}": kinds.most_common(1)[0][1] / kinds.total(),
    "a list of words": sum(listed) / len(listed),
    "encoder, never at school": taught(new_encoder(1).to(device), "from scratch"),
    "your encoder": taught(copy_of(encoder), "fine-tuning"),
}
bars(list(shares), {"": list(shares.values())}, "share of pieces named rightly", "400 lines", 1)

# %% [markdown]
# The list cannot know what it has never met, nor in which string it stands. Both encoders read the
# surroundings. And the one that has filled gaps in *another* kind of text, documentation, gets
# further with the same 400 lines than the one that begins from nothing.
#
# ## 7. One vector for a text
#
# The second kind of trade asks about a whole text: is this opinion good or bad? The encoder gives a
# vector for each token. We need one for all of them.
#
# BERT takes the vector of `[CLS]`, which stands for nothing and so is free to collect. For many
# uses the plain **mean** of the tokens' vectors works better (Reimers and Gurevych 2019). Only:
# padding is no token, and must not count. Neither in the sum, nor in the number it is divided by.

# %% exercise="mean_pool"
from gradus.pooling import mean_pool

# %% check="mean_pool"
check(mean_pool)

# %% [markdown]
# The opinions were made by rule, out of a list of words that people rated as good or bad. That
# makes them exact, and mean. (We take those that have no *but* in them.)

# %% tags=["demo"]
TURNS = re.compile("not|never|hardly|anything but|nobody|doubt")


def short(opinions: list) -> list:
    return [one for one in opinions if ", but" not in one.text]


for opinion in short(opinions.train)[5:11]:
    print("good" if opinion.positive else "bad ", "|", opinion.text)

# %% [markdown]
# *Never*, *hardly* and *I doubt that* turn the meaning round, and two of them turn it back. Each
# adjective stands as often in good opinions as in bad ones: whoever looks at single words is right
# half of the time.
#
# That is much to learn at once: hundreds of adjectives, and the turning. People begin with plain
# sentences, and so shall our critic: first those in which nothing is turned, then all.
# **Predict:** how often will it be right in the end, where guessing gives 50 %?


# %% tags=["demo"]
class Critic(nn.Module):
    """Your encoder, your pooling, and one linear layer with one number as its verdict."""

    def __init__(self, encoder: Encoder) -> None:
        super().__init__()
        self.encoder, self.out = encoder, nn.Linear(d_model, 1)

    def forward(self, ids: Tensor) -> Tensor:
        padding = ids != PAD
        return self.out(mean_pool(self.encoder(ids, padding), padding)).squeeze(-1)


def opinions_as_tensors(opinions: list) -> tuple[Tensor, Tensor]:
    ids = rectangle([encode(opinion.text) for opinion in opinions], PAD)
    return ids, torch.tensor([float(opinion.positive) for opinion in opinions], device=device)


critic = Critic(copy_of(encoder)).to(device)
everything = short(opinions.train)
plain = [one for one in everything if not TURNS.search(one.text)]
test_ids, test_good = opinions_as_tensors(short(opinions.same_words))


def verdicts() -> float:
    with torch.no_grad():
        return ((critic(test_ids) > 0) == (test_good > 0)).float().mean().item()


for name, lessons, steps, rate in (("plain", plain, 150, 1e-2), ("all", everything, 300, 6e-3)):
    opinion_ids, good = opinions_as_tensors(lessons)

    def opinion_loss(rows: Tensor, ids: Tensor = opinion_ids, good: Tensor = good) -> Tensor:
        return F.binary_cross_entropy_with_logits(critic(ids[rows]), good[rows])

    fine_tune(critic, opinion_loss, len(lessons), steps, rate, f"{name} sentences")
    print(f"after {name} sentences: {verdicts():.1%} right, on sentences it has never seen")

often = test_good.mean().item()
print(f"always the more frequent answer: {max(often, 1 - often):.1%} right")

# %% [markdown]
# After the plain sentences it is as good as a coin: it knows the adjectives and is fooled by every
# turn. Then it learns what *never* does to the words behind it. A mean of word vectors could not:
# here the encoder reads first, and the mean is taken afterwards.
#
# ## 8. A real one
#
# MiniLM has 22.7 million parameters: 6 blocks of BERT, 384 wide. It was trained by imitating a
# larger model, and then on a billion pairs of sentences that belong together, until the `mean_pool`
# of the one was near that of the other. Its weights can be fetched once (90 MB), with the command
# `gradus fetch minilm`. They go, name by name, into **your** `BertEmbedding` and **your**
# `Encoder`. (Only BERT's pooler stays in the file: your `mean_pool` does its work.)

# %% tags=["demo"]
weights_file = published("minilm")
if weights_file is None:
    print("The weights of MiniLM are not on this computer, so this part is skipped: real sentence")
    print("vectors, and a search by meaning. `gradus fetch minilm` gets them.")
else:
    from gradus.zoo.bert import load_bert
    from gradus.zoo.loading import read_safetensors

    blocks = [
        Block(384, 12, 1536, pre_norm=False, norm=LayerNorm(384, eps=1e-12)) for _ in range(6)
    ]
    minilm = Encoder(BertEmbedding(30522, 384, 512), blocks).eval()
    load_bert(minilm, read_safetensors(weights_file))
    pieces_of = {
        piece: number
        for number, piece in enumerate(
            weights_file.with_name("vocab.txt").read_text(encoding="utf-8").splitlines()
        )
    }
    print(f"loaded: {count_parameters(minilm):,} parameters, none of yours left out")


@cache
def meaning(text: str) -> Tensor:
    """Return MiniLM's vector of a text, of length 1."""
    pieces = ["[CLS]"]
    for word in re.findall(r"\w+|[^\w\s]", text.lower()):
        pieces += wordpiece_encode(word, pieces_of)
    ids = torch.tensor([[pieces_of[piece] for piece in [*pieces, "[SEP]"]]])
    with torch.no_grad():
        return F.normalize(mean_pool(minilm(ids)), dim=-1)[0]


# %% [markdown]
# Five sentences. **Predict:** which pairs are near each other? Mind that the first two have hardly
# a word in common, and the first and the third nearly all.

# %% tags=["demo"]
said = [
    "A man is eating food.",
    "Somebody has a meal.",
    "A man is eating money.",
    "The moon orbits the earth.",
    "Planets go around stars.",
]
picture = None
if weights_file is not None:
    vectors = torch.stack([meaning(one) for one in said])
    likeness = (vectors @ vectors.mT).clamp(min=0).round(decimals=2)
    picture = number_grids({"likeness": likeness}, said, "the same five")
picture

# %% [markdown]
# *Food* and *a meal* are nearest: the meaning counts, not the words. But *money* is not far off: to
# eat is to eat. And the sky is elsewhere.
#
# Now a search by meaning, through five sentences about Python. **Predict** the best answer to each
# question, then move the slider.

# %% tags=["demo"]
topics = {
    "while": "The while statement repeats as long as an expression is true.",
    "del": "The del statement removes the binding of a name.",
    "str": "Strings are immutable sequences of characters.",
    "import": "The import statement finds a module.",
    "dict": "A dictionary maps keys to values.",
}
for topic in topics.values():
    print(topic)

# %% tags=["demo"]
questions = [
    "How can I run the same code many times?",
    "How do I get rid of a variable?",
    "Can I change a letter in a text?",
    "How do I use somebody else's library?",
    "How do I look up a phone number by name?",
]


def search(question: str):
    near = [max(0.0, float(meaning(question) @ meaning(topic))) for topic in topics.values()]
    return bars(list(topics), {"": near}, "likeness", question, longest=0.6)


picture = None
if weights_file is not None:
    picture = Explorer(search, {"question": questions})
picture

# %% [markdown]
# Some answers share not one word with their question. Nobody told MiniLM about Python; it has read
# which sentences belong together.

# %% [markdown]
# ## What you have built
#
# | you wrote | where it sits in a real model |
# | --- | --- |
# | `BertEmbedding` | BERT: 30,522 words, 512 positions, 2 types; eps $10^{-12}$ |
# | `Encoder` | 12 post-norm blocks in BERT base, 24 in BERT large, 6 in MiniLM |
# | `mlm_mask` | 15 %, then 80/10/10: BERT once for all, RoBERTa anew each time |
# | `MlmHead` | BERT: 0.6 million parameters, and a table that was there already |
# | `TokenClassifier` | BERT's way to find names of persons and places |
# | `mean_pool` | sentence encoders: search, clustering, recommendation |
#
# | | BERT base | BERT large | RoBERTa base |
# | --- | --- | --- | --- |
# | blocks, width | 12, 768 | 24, 1024 | 12, 768 |
# | tokens | 30,522 | 30,522 | 50,265 |
# | parameters | 109,482,240 | 335,141,888 | 124,645,632 |
# | to fill gaps | 109,514,298 | 335,174,458 | 124,697,433 |
# | second game (next sentence) | yes | yes | no |
#
# Things to remember, and to tell someone else:
#
# - An encoder reads in both directions, and cannot write. A decoder writes, and cannot look ahead.
# - Hide some words, and any text becomes an exercise book with all answers at the back.
# - The loss asks for every chosen token, not only for the gaps: a visible word may be wrong.
# - Padding is hidden from everybody, in the blocks and in the mean.
# - Train once on plenty of text; fine-tune many times, on few labels.
#
# ### If you want more
#
# - Choose 5 % or 80 % of the words in training. Where is the loss lowest after 600 steps?
# - Let all chosen words become `[MASK]`, and look at what the encoder says about words that are
#   there.
# - Fine-tune the critic without `padding` (in the encoder, in the pooling, in both). What breaks?
# - Test the critic on `opinions.new_words`: adjectives that it has never seen.
# - Devlin et al. 2018, [BERT](https://arxiv.org/abs/1810.04805); Liu et al. 2019,
#   [RoBERTa](https://arxiv.org/abs/1907.11692).
# - Reimers and Gurevych 2019, [Sentence-BERT](https://arxiv.org/abs/1908.10084); Wang et al. 2020,
#   [MiniLM](https://arxiv.org/abs/2002.10957).
# - Wettig et al. 2022, [Should you mask 15 % in masked language
#   modeling?](https://arxiv.org/abs/2202.08005)
# - Clark et al. 2020, [ELECTRA](https://arxiv.org/abs/2003.10555): not "what stood here?" but "is
#   this the word that stood here?"
