# %% [markdown]
# # Encoder and decoder: reading all, writing word by word
#
# *About 150 minutes, in six parts. Stop after any of them.*
#
# Somebody has to turn *close all tabs* into *fermer tous les onglets*. Three machines apply for the
# job. The pictures show who may look at what: a row is a word that asks, a tick is a word that it
# may read.
#
# **Which machine would you hire? And what, exactly, is wrong with the other two?** (Somebody who
# writes has not yet written the words behind.) Look for three things: can the source be read in
# both directions? Can the target be written word by word? Does a word that is written see the
# source?

# %% tags=["demo"]
import torch

from gradus.explore import Explorer
from gradus.plots import mask_map

words = ["close", "all", "tabs", "fermer", "tous", "les", "onglets"]
everything = torch.ones(7, 7, dtype=torch.bool)
both = everything.tril()
both[:3, :3] = True
machines = {
    "A: everybody reads everybody": everything,
    "B: everybody reads what comes before": everything.tril(),
    "C: the source reads itself; the target reads the source and what it wrote": both,
}
Explorer(lambda name: mask_map(machines[name], words, title=name), {"machine": list(machines)})

# %% [markdown]
# **A** reads in both directions, but as a writer it cheats: while it learns, *fermer* sees *tous*
# and *les*, which will not be there when it counts. It is an encoder (lesson 06). **B** can write,
# but *close* is read without knowing that *tabs* will follow, and not a lid. It is a decoder
# (lesson 07); it can do the job, and large ones do. **C** is made for it: one half that reads the
# whole source in all directions, one half that writes from left to right, and looks over at the
# first half while it does. This is the **original Transformer** of 2017. T5 and BART are built like
# it.
#
# In this lesson you build both halves, the bridge between them, and the loop that writes. Then your
# model translates the very JupyterLab that you are sitting in. At the end you damage texts the way
# T5 and BART do, for a model must go to school before it can translate.
#
# | | |
# | --- | --- |
# | you need | blocks (lesson 05), the encoder (06), what a cache is (04); all are imported |
# | your computer | any laptop, no GPU; one part uses a dictionary that can be fetched (1 MB) |

# %%
from collections.abc import Sequence
from copy import deepcopy

import torch
from jaxtyping import Bool, Float, Int
from torch import Generator, Tensor, nn

from autograder.check import check
from gradus.attention import MultiHeadAttention
from gradus.cache import KVCache
from gradus.dropout import dropout
from gradus.feedforward import FeedForward
from gradus.mask import causal_mask, combine_masks
from gradus.norm import LayerNorm

# %% [markdown]
# And what the experiments need: the encoder of lesson 06, pictures, texts.

# %% tags=["demo"]
import math
import re
import time
from collections import Counter

from torch.nn import functional as F

from gradus.alignment import cross_weights
from gradus.block import Block
from gradus.collate import collate
from gradus.count import count_parameters
from gradus.data import docstring_summaries, interface_strings, pronunciations, python_docs
from gradus.device import best_device
from gradus.embedding import Embedding
from gradus.encoder import Encoder
from gradus.explore import AttentionMap
from gradus.explore.training import TrainingPanel
from gradus.plots import attention_map, bars, lines
from gradus.plots.shares import shares
from gradus.plots.spans import SpanStrip
from gradus.position import LearnedPositions
from gradus.text_infilling import draw_spans
from gradus.tokenizer import Tokenizer

torch.manual_seed(0)
torch.set_num_threads(1)  # our tensors are small: more threads would wait for each other
device = best_device()

# %% [markdown]
# ## 1. What the decoder reads while it learns
#
# A decoder that writes reads what it has written so far. But while it *learns* there is no need to
# wait: the right answer is known. So it is handed the right answer, as if it had written that, and
# guesses every next word at once. This is called **teacher forcing**.
#
# ```
#   labels   fermer   tous    les   onglets  <end>      what it should guess
#               ▲       ▲       ▲       ▲       ▲
#   inputs  <start>  fermer   tous    les   onglets     what it reads
# ```
#
# The inputs are the labels, one place further to the right. In front stands a **start token**,
# because the first word must be guessed from something. Which id that is, is a convention: T5 takes
# its padding (0), BART its end token (2).
#
# In a batch, short targets are filled up, and labels that shall not count in the loss are -100 (as
# in lesson 06). No embedding has a row -100, so as an input that must become something harmless.

# %% exercise="shift_right"
from gradus.seq2seq import shift_right

# %% check="shift_right"
check(shift_right)

# %% [markdown]
# **Predict:** a learner forgot to shift. Labels and inputs are the same. The loss falls to nearly 0
# within a minute, much better than in this lesson's examples. What has the model learned, and what
# will it write when nobody hands it the answer?
#
# <details><summary>Answer</summary>It has learned to repeat its last input: what it is to guess
# stands in front of it. When it writes, it is handed the start token, and repeats the start token,
# for ever. A loss that is too good is a bug until you have found the reason.</details>
#
# ## 2. A block with a bridge
#
# The decoder's block is the block of lesson 05 with a third part in the middle:
#
# 1. **Self-attention**, causal: what have I written so far?
# 2. **Cross-attention**: the queries come from the decoder, the keys and values from the
#    **memory**, which is the encoder's output. Which words of the source matter for what I write
#    next?
# 3. **Feed-forward**: think about it.
#
# Each adds to the stream, each has a norm. Two masks come in: one for the decoder's own words, one
# for the memory. **Predict** before you write: which of them is causal? And what is the other one
# for, if the whole source may be read?

# %% exercise="DecoderBlock"
from gradus.decoder_block import DecoderBlock

# %% check="DecoderBlock"
check(DecoderBlock)

# %% [markdown]
# The mask for the memory hides padding, and nothing else: the source is there from its first word
# to its last.
#
# What does the bridge cost? **Predict:** a block of the original Transformer has $4 d^2$ numbers in
# its attention and $8 d^2$ in its feed-forward layer. By how much does cross-attention make it
# larger?

# %% tags=["demo"]
with torch.device("meta"):
    ours = {"encoder's block": Block(512, 8, 2048), "decoder's block": DecoderBlock(512, 8, 2048)}
for name, block in ours.items():
    print(f"{name}: {count_parameters(block):9,} parameters")
shares(
    list(ours),
    {
        part: [
            count_parameters(getattr(block, part)) if hasattr(block, part) else 0
            for block in ours.values()
        ]
        for part in ("attention", "cross", "feedforward")
    },
    "share of the block",
    "The bridge is a quarter of a decoder's block",
)

# %% [markdown]
# A third more than an encoder's block. T5 with 6 + 6 blocks is therefore about as large as a GPT
# with 14, not 12.
#
# ## 3. Both halves
#
# ```
#   source ──► encoder ─────────────► memory ─────┐
#                                                 ▼
#   target ──► words (+ positions) ──► block ──► block ──► ... ──► norm ──► logits
#   (shifted)
# ```
#
# Your class gets its parts ready-made and connects them. Three methods: `encode` reads the source,
# once. `decode` goes from the decoder's inputs to logits; all masks are made there. `forward` does
# one after the other, for training. With `caches`, `decode` is handed the new tokens only: then
# there are more keys than queries, and positions do not begin at 0.

# %% exercise="EncoderDecoder" holes="encode decode forward"
from gradus.encoder_decoder import EncoderDecoder

# %% check="EncoderDecoder"
check(EncoderDecoder)

# %% [markdown]
# ### A first model, and what it looks at
#
# Before languages, a smaller task: write a word **backwards**. *gradus* becomes *sudarg*. One block
# on each side, 64 numbers wide, letters as tokens.
#
# **Predict:** while the decoder writes the first letter, which letter of the source must it look
# at? And while it writes the third? What should the picture of its cross-attention look like?

# %% tags=["demo"]
PAD, START, END = 0, 1, 2


class Placed(nn.Module):
    """Words and their places: the lowest layer of each half."""

    def __init__(self, vocab: int, d_model: int) -> None:
        super().__init__()
        self.tokens = Embedding(vocab, d_model)
        self.positions = LearnedPositions(64, d_model)
        for table in (self.tokens, self.positions):
            nn.init.normal_(table.weight, std=0.1)

    def forward(self, ids):
        return self.positions(self.tokens(ids))


def small(vocab: int, d_model: int, one_table: bool = False) -> EncoderDecoder:
    """One block on each side, pre-norm; with `one_table`, both halves have the same words."""
    low = Placed(vocab, d_model)
    low_too = low if one_table else Placed(vocab, d_model)
    encoder = Encoder(low, [Block(d_model, 4, 2 * d_model)], LayerNorm(d_model))
    blocks = [DecoderBlock(d_model, 4, 2 * d_model)]
    norm = LayerNorm(d_model)
    return EncoderDecoder(encoder, low_too.tokens, blocks, norm, low_too.positions).to(device)


Pair = tuple[list[int], list[int]]  # ids of a source, and of its target with END


def batch_of(pairs: Sequence[Pair]) -> tuple[Tensor, Tensor, Tensor]:
    """Return source, its padding, and labels with -100 where there is nothing to guess."""
    source, padding = collate([source for source, _ in pairs], PAD)
    labels, real = collate([target for _, target in pairs], PAD)
    return source.to(device), padding.to(device), labels.masked_fill(~real, -100).to(device)


def loss_of(model: nn.Module, pairs: Sequence[Pair]) -> Tensor:
    source, padding, labels = batch_of(pairs)
    logits = model(source, shift_right(labels, START, PAD), padding)
    return F.cross_entropy(logits.flatten(0, 1), labels.flatten(), ignore_index=-100)


def fit(model: nn.Module, pairs, panel: TrainingPanel, batch=64, peak=4e-3, alike=False):
    """Train on random batches; with `alike`, of pairs about equally long, which saves padding."""
    began, steps = time.perf_counter(), panel.most
    if alike:
        pairs = sorted(pairs, key=lambda pair: (len(pair[1]), len(pair[0])))
    optimiser = torch.optim.AdamW(model.parameters(), lr=peak, betas=(0.9, 0.98))
    for step in range(steps):
        first = int(torch.randint(len(pairs) - batch + 1, ()))
        neighbours = list(range(first, first + batch))
        drawn = neighbours if alike else torch.randint(len(pairs), (batch,)).tolist()
        loss = loss_of(model, [pairs[i] for i in drawn])
        optimiser.zero_grad()
        loss.backward()
        nn.utils.clip_grad_norm_(model.parameters(), 1.0)
        rate = min((step + 1) / 30, 1) * (1 + math.cos(math.pi * step / steps)) / 2
        optimiser.param_groups[0]["lr"] = peak * rate
        optimiser.step()
        panel.add(step, loss.item())
    model.eval()
    print(f"{count_parameters(model):,} parameters, {time.perf_counter() - began:.0f} seconds")


def by_chance(pairs: Sequence[Pair]) -> float:
    """The loss of somebody who knows how frequent each token is, and nothing else."""
    counts = Counter(token for _, target in pairs for token in target)
    total = sum(counts.values())
    return -sum(n / total * math.log(n / total) for n in counts.values())


letters = {letter: 3 + i for i, letter in enumerate("abcdefghijklmnopqrstuvwxyz")}
spelled = sorted(set(re.findall(r"[a-z]{4,9}", python_docs())))
backwards = [([letters[x] for x in w], [letters[x] for x in w[::-1]] + [END]) for w in spelled]
order = torch.randperm(len(spelled), generator=Generator().manual_seed(0)).tolist()
unseen, seen = [backwards[i] for i in order[:200]], [backwards[i] for i in order[200:]]
mirror = small(3 + 26, 64)
print(f"{len(seen):,} words to learn from, {len(unseen)} kept apart")
panel = TrainingPanel(240, {"guessing by frequency": by_chance(seen)})
panel

# %% tags=["demo"]
fit(mirror, seen, panel)

# %% [markdown]
# Now the picture. Rows are what the decoder reads (so the row `<start>` is where it guesses the
# first letter), columns the letters of the source. Compare it with your guess; then move the slider
# through the four heads. Do all of them do the work?

# %% tags=["demo"]
word = "notebook"
ids = torch.tensor([letters[letter] for letter in word], device=device)
shifted = shift_right(torch.cat([ids.flip(0), ids.new_tensor([END])])[None], START, PAD)[0]
weights = cross_weights(mirror, ids, shifted)
AttentionMap(weights, ["<start>", *word[::-1]], list(word))

# %% [markdown]
# Where the model looks runs from the last letter to the first: an **alignment**. Nobody told it
# which letter belongs to which; it found out because looking at the right place lowers the loss.
# The mean over the heads shows it best:

# %% tags=["demo"]
attention_map(
    weights[0].mean(0), ["<start>", *word[::-1]], list(word), "where the decoder looks, all heads"
)

# %% [markdown]
# ## 4. The loop: from start to end
#
# In training, every place was guessed at once. When the model writes, there is nothing to read but
# what it wrote itself:
#
# 1. Read the source, **once**. It will not change.
# 2. Hand the decoder the start token. It gives logits; take the likeliest token.
# 3. Hand it that token. And so on. The earlier ones wait in the caches: one for each block.
# 4. A row that has written the end token is done. The others go on, so it gets padding from there.
# 5. Stop when all are done, or after `new` tokens. A model may well forget to stop.

# %% exercise="seq2seq_generate"
from gradus.seq2seq import seq2seq_generate

# %% check="seq2seq_generate"
check(seq2seq_generate)

# %% [markdown]
# Let us watch one word being written, step by step, with the three likeliest letters at each. The
# left column is what the decoder is handed; all before it is in the cache.

# %% tags=["demo"]
signs = ["<pad>", "<start>", "<end>", *letters]


def step_by_step(model: EncoderDecoder, source: Tensor, names: Sequence[str], most: int = 20):
    with torch.no_grad():
        memory = model.encode(source[None])
        caches = [KVCache() for _ in model.blocks]
        token = torch.tensor([[START]], device=device)
        for _ in range(most):
            shares_of = model.decode(token, memory, caches=caches)[0, -1].softmax(-1)
            best = shares_of.topk(3)
            candidates = "   ".join(
                f"{names[i]} {p:6.1%}" for p, i in zip(*map(Tensor.tolist, best), strict=True)
            )
            print(f"{names[token.item()]:>8}  ►  {candidates}")
            token = best.indices[:1][None]
            if token.item() == END:
                return


step_by_step(mirror, ids, signs)

# %% [markdown]
# And all 200 words that it has never seen, in one batch:

# %% tags=["demo"]
source, padding, labels = batch_of(unseen)
written = seq2seq_generate(mirror, source, 12, START, END, PAD, padding)


def row_of(ids: Tensor) -> list[int]:
    """The ids of one row up to its end, without padding."""
    found = ids.tolist()
    return found[: found.index(END)] if END in found else [one for one in found if one != PAD]


right = sum(row_of(row) == target[:-1] for row, (_, target) in zip(written, unseen, strict=True))
print(f"{right} of {len(unseen)} written backwards without a mistake")
for (asked, _), row in list(zip(unseen, written, strict=True))[:6]:
    print(f"{''.join(signs[i] for i in asked):>10}  {''.join(signs[i] for i in row_of(row))}")

# %% [markdown]
# Ask for a word of 12 letters, which is longer than any it has learned from. **Predict:** what
# happens? (`"encyclopedia"` is one. Change the word and try your own.)

# %% tags=["demo"]
long_word = "encyclopedia"
asked = torch.tensor([[letters[letter] for letter in long_word]], device=device)
answer = seq2seq_generate(mirror, asked, 20, START, END, PAD)[0]
print(long_word, "becomes", "".join(signs[i] for i in row_of(answer)))

# %% [markdown]
# Positions beyond the ninth were never trained: to the model they are noise. It did not learn
# *backwards*; it learned what to look at from each place that it has seen.
#
# ## 5. It translates JupyterLab
#
# Every menu, button and message of JupyterLab exists in French and Spanish, in the language packs
# that came with this course. That makes a small dictionary of phrases: a *corpus*. Your model gets
# those of one to three English words.
#
# **Predict:** could it do well on phrases that it has never seen, from little more than a thousand?
# What would *you* have learned about French from them?

# %% tags=["demo"]
LANGUAGE = "fr"  # or "es", with fewer phrases
phrases = [
    (english.lower(), other.lower())
    for english, other in interface_strings(LANGUAGE, longest=50)
    if len(english.split()) <= 3
]
order = torch.randperm(len(phrases), generator=Generator().manual_seed(0)).tolist()
known, new = [phrases[i] for i in order[200:]], [phrases[i] for i in order[:200]]
print(f"{len(known):,} phrases to learn from, {len(new)} kept apart. Some of them:")
for english, other in known[:8]:
    print(f"{english:>32}   {other}")

# %% [markdown]
# Letters would make long sequences, whole words a vocabulary of which most is seen once. So: BPE
# (lesson 02), one vocabulary for both languages, learned from the phrases to learn from only.

# %% tags=["demo"]
bpe = Tokenizer.train("\n".join(text for pair in known for text in pair), 900)


def phrase(text: str) -> list[int]:
    """Ids of a phrase; 0 to 2 are taken by padding, start and end."""
    return [3 + one for one in bpe.encode(" " + text)]


def readable(ids: Sequence[int]) -> str:
    return bpe.decode([one - 3 for one in ids if one > 2]).strip()


lessons = [(phrase(english), [*phrase(other), END]) for english, other in known]
exam = [(phrase(english), [*phrase(other), END]) for english, other in new]
translator = small(3 + len(bpe), 128)
with torch.no_grad():
    print(f"a guess of all tokens alike would cost {math.log(3 + len(bpe)):.2f} nats a token")
panel = TrainingPanel(320, {"guessing by frequency": by_chance(lessons)})
panel

# %% tags=["demo"]
fit(translator, lessons, panel, batch=48, peak=3e-3, alike=True)

# %% [markdown]
# The loss on what it learned from is low. That says little: on the phrases kept apart it is the
# question. To *measure* a translation, count the words that it shares with the right one: **F1** is
# 1 if all are there and no others, 0 if none is. (Real translations are measured in much the same
# way: BLEU counts words and groups of up to four.)
#
# A number means nothing alone, so there are two rivals. One **copies** the English phrase: *JSON*
# and *markdown* are right then. The other answers with the words that are most frequent in French
# phrases, whatever is asked. **Predict** the order of the three, and the distances.


# %% tags=["demo"]
def f1(got: str, wanted: str) -> float:
    """Words in common, between 0 and 1."""
    mine, theirs = (Counter(re.findall(r"[\w%]+", text)) for text in (got, wanted))
    common = (mine & theirs).total()
    return 2 * common / max(mine.total() + theirs.total(), 1)


source, padding, labels = batch_of(exam)
written = seq2seq_generate(translator, source, 30, START, END, PAD, padding)
answers = [readable(row_of(row)) for row in written]
frequent = Counter(w for _, other in known for w in re.findall(r"[\w%]+", other)).most_common(3)
rivals = {
    "your model": answers,
    "copies the English": [english for english, _ in new],
    "frequent words": [" ".join(word for word, _ in frequent)] * len(new),
}
scores = {
    name: sum(f1(got, other) for got, (_, other) in zip(said, new, strict=True)) / len(new)
    for name, said in rivals.items()
}
exact = sum(got == other for got, (_, other) in zip(answers, new, strict=True))
with torch.no_grad():
    held_out = loss_of(translator, exam).item()
print(f"{exact} of {len(new)} phrases are exactly right; loss on them {held_out:.2f} nats a token,")
print(f"where guessing by frequency costs {by_chance(lessons):.2f}")
bars(
    list(scores),
    {"F1": list(scores.values())},
    "word F1 on phrases kept apart",
    "How many words of the French phrase are found",
    longest=1,
)

# %% tags=["demo"]
assert scores["your model"] > scores["copies the English"] + 0.1, "train it again, or longer"
told = list(zip(new, answers, strict=True))
good = [(*pair, got) for pair, got in told if got == pair[1] and " " in pair[0]]
bad = [(*pair, got) for pair, got in told if got != pair[1]]
for english, other, _ in good[:8]:
    print(f"✓ {english:>28}  ►  {other}")
for english, other, got in bad[:8]:
    print(f"  {english:>28}  ►  {got:34} (right: {other})")

# %% [markdown]
# Read them closely. What is right is put together from pieces of phrases it knows: *create* from
# one, *branch* from another, and the French order of the two. What is wrong is often good French of
# the wrong meaning: it writes what is *likely*, and where it does not know a word, the likely takes
# over. Large models do the same, and then we say that they hallucinate.
#
# Now an alignment between languages. **Predict:** French puts some words the other way round. Where
# would you see that in the picture?

# %% tags=["demo"]
english, french, _ = max(good or [(*known[0], "")], key=lambda told: len(told[1]))
ids = torch.tensor(phrase(english), device=device)
labels = torch.tensor([[*phrase(french), END]], device=device)
read = shift_right(labels, START, PAD)[0]


def names(ids: Tensor) -> list[str]:
    shown = {START: "<start>", END: "<end>"}
    return [shown.get(one) or readable([one]) or "␣" for one in ids.tolist()]


AttentionMap(cross_weights(translator, ids, read), names(read), names(ids))

# %% [markdown]
# It is less clean than with the letters. The row at which a word is *decided* looks at the English
# word that it comes from; rows in the middle of a word often need no source at all, since the
# beginning of the word says enough.
#
# Write a phrase of your own. Try one from a menu above; then one that no menu has.

# %% tags=["demo"]
mine = "open the notebook"
ids = torch.tensor([phrase(mine.lower())], device=device)
print(mine, "►", readable(row_of(seq2seq_generate(translator, ids, 30, START, END, PAD)[0])))

# %% [markdown]
# ### Letters into sounds
#
# *though*, *through*, *tough*: English spelling is a code that must be read as a whole. The same
# `small` model, other tokens: letters go in, sounds come out. Here 20,000 words are enough for a
# good part, and the alignment is nearly a line: letters and sounds come in the same order.
#
# The words are those of the CMU Pronouncing Dictionary, and must be fetched once: run
# `gradus fetch pronunciations` in a terminal (1 MB). Without them, the next cells say so and do
# nothing.

# %% tags=["demo"]
try:
    spoken = [one for one in pronunciations(stress=False) if 3 <= len(one.letters) <= 8]
except FileNotFoundError as missing:
    spoken = []
    print(f"Skipped: {missing}")
panel = TrainingPanel(240, {})
if spoken:
    sounds = sorted({sound for one in spoken for sound in one.phonemes})
    voice = {sound: 29 + i for i, sound in enumerate(sounds)}
    order = torch.randperm(len(spoken), generator=Generator().manual_seed(0)).tolist()
    spoken = [spoken[i] for i in order[:20_200]]
    speech = [
        ([letters[x] for x in one.letters], [voice[x] for x in one.phonemes] + [END])
        for one in spoken
    ]
    speaker = small(29 + len(sounds), 96)
    panel.levels["guessing by frequency"] = by_chance(speech)
panel

# %% tags=["demo"]
if spoken:
    fit(speaker, speech[200:], panel)
    source, padding, labels = batch_of(speech[:200])
    written = seq2seq_generate(speaker, source, 16, START, END, PAD, padding)
    exact = sum(
        row_of(row) == target[:-1] for row, (_, target) in zip(written, speech[:200], strict=True)
    )
    print(f"{exact} of 200 words that it has not seen are spoken exactly right. Some of them:")
    for one, row in zip(spoken[:8], written[:8], strict=True):
        said = " ".join(sounds[i - 29] for i in row_of(row))
        print(f"{one.letters:>10}  {said:28} (right: {' '.join(one.phonemes)})")

# %% tags=["demo"]
if spoken:
    word = "thought"
    ids = torch.tensor([letters[letter] for letter in word], device=device)
    said = row_of(seq2seq_generate(speaker, ids[None], 16, START, END, PAD)[0])
    read = torch.tensor([START, *said], device=device)
    weights = cross_weights(speaker, ids, read)[0].mean(0)
    picture = attention_map(
        weights, ["<start>", *(sounds[i - 29] for i in said)], list(word), "letters into sounds"
    )
else:
    picture = "Skipped: the pronouncing dictionary is not on this computer."
picture

# %% [markdown]
# Look for letters that hardly any sound reads. And is the word right? *thought* is a hard one.
#
# ## 6. School: learning from damaged texts
#
# Pairs are rare. Texts are not. BERT learned from text alone by guessing masked words, GPT by
# guessing the next one. What is the game for a machine with two halves?
#
# **Damage the text; read the damaged one; write what was lost.** In T5, whole *spans* are hidden,
# not single tokens, and each gets one **sentinel** in its place. From T5's paper:
#
# > read: *Thank you* **\<X>** *me to your party* **\<Y>** *week.*
# >
# > write: **\<X>** *for inviting* **\<Y>** *last* **\<Z>**
#
# First: which tokens are hidden? T5 does not throw a coin for each. The *number* of hidden tokens
# and the *number* of spans are fixed, and only the places are random. Cut the hidden tokens into
# that many pieces, cut the tokens that stay into as many, and let the pieces take turns.

# %% exercise="span_noise_mask"
from gradus.span_corruption import span_noise_mask

# %% check="span_noise_mask"
check(span_noise_mask)

# %% [markdown]
# Why fixed numbers? Because then every damaged text of 568 tokens has *exactly* 512 tokens, and a
# batch has no padding.
#
# Now do the damage. Sentinels count **down** from the end of the vocabulary (T5's first one is
# 32099), and each stands in both texts: in the inputs it says *something is missing here*, in the
# targets *this is what was missing there*. One more closes the targets. (T5's published code leaves
# that last one out: its texts always end inside a span, so that it would say nothing.)

# %% exercise="span_corrupt"
from gradus.span_corruption import span_corrupt

# %% check="span_corrupt"
check(span_corrupt)

# %% [markdown]
# Here is what the game looks like on a text from Python's own documentation. **Predict**, then move
# the sliders: what happens to the length of the inputs, and of the targets, when the spans get
# longer at the same density? At which setting is the game too easy, and at which is it hopeless?

# %% tags=["demo"]
summaries = docstring_summaries()


def about(beginning: str):
    """The first pair whose summary begins like this; the first of all if none does."""
    return next((pair for pair in summaries if pair.summary.startswith(beginning)), summaries[0])


body = about("Release a lock.").body
vocabulary = sorted(set(body.split()))
tokens = torch.tensor([vocabulary.index(word) for word in body.split()][:70])
FIRST = 10**6  # the first sentinel; words are counted from 0


def word_of(one: int) -> str:
    if one == -1:
        return "<end>"
    return vocabulary[one] if one < len(vocabulary) else f"<{FIRST - one}>"


def damaged(density: float, mean_span: float) -> SpanStrip:
    hidden = span_noise_mask(len(tokens), density, mean_span, Generator().manual_seed(1))
    inputs, targets = span_corrupt(tokens, hidden, FIRST, -1)
    rows = {"the encoder reads": inputs.tolist(), "the decoder writes": targets.tolist()}
    shown = {name: [word_of(one) for one in ids] for name, ids in rows.items()}
    signs = {"<end>", *(f"<{i}>" for i in range(len(tokens)))}
    title = f"{int(hidden.sum())} of {len(tokens)} words hidden, spans of {mean_span:g} on average"
    return SpanStrip(shown, signs, title)


Explorer(damaged, {"density": [0.15, 0.05, 0.3, 0.5, 0.8], "mean span": [3.0, 1.0, 2.0, 5.0, 10.0]})

# %% [markdown]
# Longer spans make *both* texts shorter, since there are fewer sentinels: for the same number of
# hidden words there is less to compute. T5's authors tried many settings. Density mattered little
# between 10 and 25 %; 50 % was too much. Spans of 3 were slightly better than single tokens, and
# cheaper. They settled on 15 % and 3.
#
# **Predict:** 512 tokens go into T5. How many tokens of text do they stand for, and how many does
# the decoder write?

# %% tags=["demo"]
lengths = {}
for mean_span in (1.0, 2.0, 3.0, 5.0, 10.0):
    for text in range(500, 700):
        inputs, targets = span_corrupt(
            torch.zeros(text, dtype=torch.long), span_noise_mask(text, 0.15, mean_span), 32099, 1
        )
        if len(inputs) > 512:
            break
        lengths[mean_span] = text, len(targets)
for mean_span, (text, target) in lengths.items():
    print(f"spans of {mean_span:4}: 512 inputs stand for {text} tokens; {target} are written")
lines(
    list(lengths),
    {
        "tokens of text": [text for text, _ in lengths.values()],
        "tokens written": [target for _, target in lengths.values()],
    },
    "mean length of a span",
    "tokens",
    "What 512 tokens of input stand for",
)

# %% [markdown]
# With T5's setting: 568 tokens of text, and 115 to write (114 without the closing sentinel, as the
# published code counts). A decoder like GPT would have run over all 568. This is why T5 is cheap to
# train for its size.
#
# ### BART's way
#
# BART damages texts more brutally. A span, however long, becomes **one mask**, always the same; and
# some spans are *empty*: a mask where nothing is missing. So nobody can tell how much is gone. And
# the decoder writes not what was lost, but **the whole text**.

# %% exercise="text_infilling"
from gradus.text_infilling import text_infilling

# %% check="text_infilling"
check(text_infilling)


# %% tags=["demo"]
def infilled(density: float, seed: int) -> SpanStrip:
    spans = draw_spans(len(tokens), density, generator=Generator().manual_seed(seed))
    inputs, targets = text_infilling(tokens, spans, FIRST)
    rows = {"the encoder reads": inputs.tolist(), "the decoder writes": targets.tolist()}
    shown = {
        name: ["<mask>" if one == FIRST else word_of(one) for one in ids]
        for name, ids in rows.items()
    }
    lengths = ", ".join(str(length) for _, length in spans)
    return SpanStrip(shown, {"<mask>"}, f"words behind each mask: {lengths}")


Explorer(infilled, {"density": [0.3, 0.1, 0.5], "another draw": list(range(6))})

# %% [markdown]
# **Predict:** which of the two games teaches more for each token that is computed? Which one
# prepares better for writing a whole summary?
#
# <details><summary>Answer</summary>T5's decoder writes only what it did not know; BART's spends
# most of its time on copying. But a summary is a whole text, and BART has learned to write whole
# texts: when it came out, it was the best at summarising.</details>
#
# ### A pair that comes for free: summaries
#
# Python's style guide wants every docstring to begin with one line that sums up the rest. So the
# library that you import every day is full of pairs of a text and its summary. Look at two of them.
# How many words of a summary stand in the text already? (Such words could be carried over by
# cross-attention: a reason why this family is good at it.)

# %% tags=["demo"]
print(f"{len(summaries):,} pairs\n")
for pair in (about("Clear some cookies."), about("Return a list of weak references")):
    print(f"text:    {' '.join(pair.body.split())[:300]}\nsummary: {pair.summary}\n")


def in_text(pair) -> float:
    found = re.findall(r"\w+", pair.summary.lower())
    return sum(word in re.findall(r"\w+", pair.body.lower()) for word in found) / len(found)


share = sum(map(in_text, summaries)) / len(summaries)
print(f"{share:.0%} of the words of a summary stand in the text that it sums up")

# %% [markdown]
# Let us try. `small` gets the first words of a text and writes the line that sums it up. To give it
# a chance, only pairs with a short summary take part; source and target are one language, so both
# halves share one table of words.
#
# **Predict** who is better on texts kept apart, by the F1 of part 5: your model after 20 seconds;
# somebody who answers with the summary of *another* text; somebody who copies the first ten words.

# %% tags=["demo"]
pairs = [(" ".join(p.body.split()), p.summary) for p in summaries if len(p.summary) <= 60]
order = torch.randperm(len(pairs), generator=Generator().manual_seed(0)).tolist()
known, new = [pairs[i] for i in order[200:]], [pairs[i] for i in order[:200]]
pieces = Tokenizer.train("\n".join(f"{summary}\n{body[:150]}" for body, summary in known), 800)


def pieces_of(text: str, most: int) -> list[int]:
    return [3 + one for one in pieces.encode(" " + text)[:most]]


def task_of(body: str, summary: str) -> Pair:
    """The first 24 tokens of a text, and its summary."""
    return pieces_of(body[:150], 24), [*pieces_of(summary, 40), END]


lessons, exam = [task_of(*pair) for pair in known], [task_of(*pair) for pair in new]
torch.manual_seed(0)
summariser = small(3 + len(pieces), 64, one_table=True)
print(f"{len(known):,} pairs to learn from, {len(new)} kept apart")
panel = TrainingPanel(420, {"guessing by frequency": by_chance(lessons)})
panel

# %% tags=["demo"]
fit(summariser, lessons, panel, batch=32, peak=7e-3, alike=True)

# %% tags=["demo"]
source, padding, labels = batch_of(exam)
written = seq2seq_generate(summariser, source, 30, START, END, PAD, padding)
answers = [pieces.decode([one - 3 for one in row_of(row) if one > 2]).strip() for row in written]
swapped = [(exam[i - 1][0], target) for i, (_, target) in enumerate(exam)]
with torch.no_grad():
    held_out, blind = loss_of(summariser, exam).item(), loss_of(summariser, swapped).item()
print("nats a token on texts kept apart")
print(f"  guessing by frequency            {by_chance(lessons):.2f}")
print(f"  your model, with another's text  {blind:.2f}")
print(f"  your model                       {held_out:.2f}")
rivals = {
    "your model": answers,
    "summary of another text": [known[i][1] for i in range(len(new))],
    "the same line for all": ["Return the value of the object."] * len(new),
    "first ten words of the text": [" ".join(body.split()[:10]) for body, _ in new],
}
scores = {
    name: sum(f1(got, other) for got, (_, other) in zip(said, new, strict=True)) / len(new)
    for name, said in rivals.items()
}
assert held_out < by_chance(lessons) - 1.5, "train it again, or longer"
assert scores["your model"] > scores["summary of another text"] + 0.02, "train it again, or longer"
bars(
    list(scores),
    {"F1": list(scores.values())},
    "word F1 with the true summary",
    "Who sums up best? 200 texts kept apart",
)

# %% tags=["demo"]
for got, (_, summary) in list(zip(answers, new, strict=True))[:8]:
    print(f"true:  {summary}\nmodel: {got}\n")

# %% [markdown]
# An honest look. The loss has fallen by about two nats, and nearly all of that is *form*: with
# the text of somebody else it is hardly worse. The model has learned how summaries sound (*Return
# the ... of the ...*) and little of what they sum up. So it beats the summary of another text, and
# is level with one line that is the same for all.
#
# The first ten words win, and they have read nothing either. They are *taken from the text*, and so
# hold its names: words that a model of this size has seen once, or never, and can neither know nor
# yet copy. To copy what it does not know is a skill, and it takes more than 2,300 pairs to grow it:
# T5 first read a trillion tokens of text, most of it damaged, and learned to find and to carry over
# on the way. Only then came the summaries. And even large models were long compared with the
# *lead*: in news, the first three sentences are a rival that took years to beat.
#
# ## Which machine for which job?
#
# You have now built all three families. Each has a job that suits it, and a game that it learns
# from. The last exercise asks you to choose, from facts about a task. Four beliefs to leave behind:
#
# - *BERT writes from left to right.* It sees both sides of a gap; while one writes, there is no
#   right side.
# - *T5 is a decoder.* Half of it is; the other half reads in both directions.
# - *A decoder cannot translate.* It can, when the source stands in its prompt, and large ones do it
#   well. What it cannot do is look ahead while it reads.
# - *Autoencoding models guess the next token from those before it.* That is what *autoregressive*
#   means. Autoencoding ones repair.

# %% exercise="choose_architecture"
from gradus.choose_architecture import choose_architecture

# %% check="choose_architecture"
check(choose_architecture)

# %% [markdown]
# ## Real ones, to the last parameter
#
# Your blocks with the published sizes, on PyTorch's `meta` device, which has shapes and no numbers.
# **Predict:** in which of these three is the table of words the largest part?


# %% tags=["demo"]
def parts(block, decoder_block, layers: int, words: int, others: int) -> dict[str, int]:
    with torch.device("meta"):
        reads, writes = block(), decoder_block()
    return {
        "words, and the rest": words + others,
        "encoder": layers * count_parameters(reads),
        "decoder": layers * (count_parameters(writes) - count_parameters(writes.cross)),
        "cross-attention": layers * count_parameters(writes.cross),
    }


def transformer(kind, d_model: int, heads: int, d_ff: int):
    """The original: attention without biases, feed-forward layers with."""
    names = ("attention", "cross") if kind is DecoderBlock else ("attention",)
    given = {name: MultiHeadAttention(d_model, heads, bias=False) for name in names}
    return kind(d_model, heads, d_ff, pre_norm=False, **given)


def t5(kind, d_model: int, heads: int, d_ff: int):
    """No biases at all, and RMSNorm, in which nothing is shifted."""
    names = ("attention", "cross") if kind is DecoderBlock else ("attention",)
    given = {name: MultiHeadAttention(d_model, heads, bias=False) for name in names}
    norm, middle = nn.RMSNorm(d_model), FeedForward(d_model, d_ff, bias=False, activation=F.relu)
    return kind(d_model, heads, d_ff, feedforward=middle, norm=norm, **given)


models = {
    "Transformer base (2017)": parts(
        lambda: transformer(Block, 512, 8, 2048),
        lambda: transformer(DecoderBlock, 512, 8, 2048),
        6, 37_000 * 512, 0,
    ),
    "T5 small (2020)": parts(
        lambda: t5(Block, 512, 8, 2048), lambda: t5(DecoderBlock, 512, 8, 2048),
        6, 32_128 * 512, 2 * 512 + 2 * 32 * 8,  # two last norms, two tables of distances
    ),
    "BART base (2020)": parts(
        lambda: Block(768, 12, 3072), lambda: DecoderBlock(768, 12, 3072),
        6, 50_265 * 768, 2 * 1026 * 768 + 2 * 2 * 768,  # positions, and a norm on them
    ),
}  # fmt: skip
published = [63_045_632, 60_506_624, 139_420_416]
for (name, made_of), wanted in zip(models.items(), published, strict=True):
    total = sum(made_of.values())
    print(f"{name:24} {total:11,}  {'as published' if total == wanted else 'not as published'}")
shares(
    list(models),
    {part: [made_of[part] for made_of in models.values()] for part in models["T5 small (2020)"]},
    "share of all parameters",
    "What encoder-decoders are made of",
)

# %% [markdown]
# (The paper of the original says 65 million, rounded and for its own vocabulary; 63,045,632 is what
# 37,000 words and its sizes give.) All three use **one** table of words three times: for the
# encoder, for the decoder, and for the logits.
#
# | | Transformer base | T5 base | BART base |
# | --- | --- | --- | --- |
# | school | none: it learned from pairs at once | damaged web pages | damaged books and news |
# | damage | | spans of 3, 15 %, sentinels | spans of 0 or more, 30 %, one mask |
# | norms | post-norm, LayerNorm | pre-norm, RMSNorm | post-norm, LayerNorm |
# | positions | waves | learned distances, added to the scores | a learned table |
# | scores divided by $\sqrt{d}$ | yes | **no** | yes |
# | starts with | a start token | its padding, 0 | its end token, 2 |
# | parameters | 65 million | 222,903,552 | 139,420,416 |
#
# The original reached 27.3 BLEU from English to German with 3.3 · 10¹⁸ operations; Google's
# translator of the year before had needed 7 times as many for 24.6.
#
# ## What you have built
#
# | you wrote | where it sits in a real model |
# | --- | --- |
# | `shift_right` | in every training step of T5, BART, Whisper |
# | `DecoderBlock` | 6 × in the original Transformer, 12 × in T5 base, 24 × in T5 11B |
# | `EncoderDecoder` | T5, BART, Marian; speech recognisers, with sound as the source |
# | `seq2seq_generate` | what runs when such a model translates |
# | `span_noise_mask`, `span_corrupt` | T5's game: 15 %, spans of 3, 100 sentinels |
# | `text_infilling` | BART's game: one mask, whatever is behind it |
#
# Things to remember, and to tell someone else:
#
# - The encoder sees all of the source; the decoder sees all of the memory, and its own past.
# - In training, the decoder reads the labels, one place to the right. A loss that is too good means
#   that it reads them in place.
# - The source is read once. Each step of writing costs one new token.
# - Cross-attention is an alignment that nobody taught.
# - A row that has ended is padding from there on. Padding of the source concerns both halves.
# - Sentinels say where something is missing; what is written says what.
#
# ### If you want more
#
# - Cross-attention computes the keys and values of the memory anew at every step, and they never
#   change. Keep them. How much faster is it?
# - Feed your translator phrases of four words. Then train it on them.
# - Turn `LANGUAGE` to Spanish. Then train one model on both languages, with a first token that says
#   which one is wanted, as T5 does ("translate English to German: ...").
# - Damage the English phrases with `span_corrupt`, let the translator repair them for a while, and
#   only then teach it French. Does F1 rise?
# - Vaswani et al. 2017, [Attention is all you need](https://arxiv.org/abs/1706.03762); Raffel et
#   al. 2020, [Exploring the limits of transfer learning](https://arxiv.org/abs/1910.10683): many
#   pages of "we also tried"; Lewis et al. 2020, [BART](https://arxiv.org/abs/1910.13461).
# - Bahdanau et al. 2015, [Neural machine translation by jointly learning to align and
#   translate](https://arxiv.org/abs/1409.0473): where attention comes from.
