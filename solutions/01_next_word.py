# %% [markdown]
# # The next word, before transformers
#
# Three machines wrote a line each. Only one of them has looked at English. Which?
#
# > **A** hzoedg lma fvdhqjxrorszjmqezcbgmfrpri rsxlciyrkkdumrzlpiobhoaeja dfcemkl > > **B** r hl
# bnmaantae aeinu nceaee her en h nnenser eau pfott qtllaenargu etsmty > > **C** sithouives yn
# labect k cassthorr w ing cand re anconile tharr inlerfite d
#
# You said C, and you are nearly right. B has *counted* English: its letters come as often as they
# should. But C has looked at **pairs**: it knows what comes after a t. That is enough for
# *sithouives*, which is no word, and could be one.
#
# This lesson builds machine C, measures how good it is, finds out why it cannot get much better,
# replaces it by a network with a memory, and finds out why *that* cannot get much better either.
# The two reasons together are the reason why transformers exist.
#
# | | |
# | --- | --- |
# | time | About 75 minutes. |
# | you need | softmax and cross-entropy (lesson 00 if you want to warm up) |
# | your computer | any laptop; no download, and no GPU |

# %%
import gzip
import math

import torch
from jaxtyping import Float, Int
from torch import Tensor, nn
from torch.nn import functional as F
from tqdm.auto import tqdm

from autograder.check import check
from gradus.attention import attend
from gradus.data import python_docs
from gradus.explore import Explorer
from gradus.ids import check_ids
from gradus.plots import bars, lines
from gradus.plots.decay import decays
from gradus.plots.letters import letter_table
from gradus.rnn import RNN, forgetting_curve
from gradus.timing import median_seconds

torch.set_num_threads(1)  # our tensors are small: more threads would wait for each other

# %% [markdown]
# ## The text
#
# Python brings half a megabyte of English along: its own documentation. We keep the 26 letters and
# the space, so that a token is a letter and the whole vocabulary fits into one picture. A tenth of
# the text is held out: the machines never see it until they are tested.

# %%
alphabet = " abcdefghijklmnopqrstuvwxyz"
letters = "".join(letter if letter in alphabet else " " for letter in python_docs().lower())
text = " ".join(letters.split())
ids: Int[Tensor, " place"] = torch.tensor([alphabet.index(letter) for letter in text])
check_ids(ids, vocab=27)  # says nothing: every number is an id
split = len(ids) * 9 // 10
train, held_out = ids[:split], ids[split:]


def as_text(ids: Tensor) -> str:
    return "".join(alphabet[i] for i in ids.tolist())


print(f"{len(train):,} letters to learn from, {len(held_out):,} to be tested on")
print(as_text(held_out[:70]), "...")

# %% [markdown]
# ## 1. Counting pairs
#
# A **bigram** model looks at one token and guesses the next. All it knows is a table: row *a*
# counts what came after *a*. `banana` has the pairs ba, an, na, an, na: so row *a* has a 2 in
# column *n*, and row *n* has a 2 in column *a*.
#
# Rows of `ids` are separate texts: the last letter of one does not come before the first of the
# next. And beware of negative ids, which Python reads from the end of a table: `check_ids(ids,
# vocab)`, from the first cell, refuses them.

# %% exercise="bigram_counts"
from gradus.ngram import bigram_counts

# %% check="bigram_counts"
check(bigram_counts)

# %% [markdown]
# **Predict.** Which pair is the darkest square of all? Which letters end most words?

# %% tags=["demo"]
counts = bigram_counts(train, vocab=27)
letter_table(counts, alphabet, "How often each letter is followed by each other one")

# %% [markdown]
# The darkest square is e␣: more words end in e than in anything else; then come s, t and n. The
# darkest inside words are th, in and he. You see English, as far as pairs can tell.
#
# ## 2. From counts to probabilities
#
# Divide each row by its sum, and it says how likely each letter is to come next. Two rows make
# trouble:
#
# - A pair that never came in 338,000 letters gets the probability 0: *impossible*. The first text
#   that has it after all would be held impossible too. So we may add a small number `alpha` to
#   every count: seldom is not never.
# - A token that was never followed by anything has a row of zeros, and 0/0 is not a number. Whoever
#   knows nothing should say so: all tokens are equally likely.
#
# **Predict.** You add alpha to each of 27 counts of a row. By how much does the number grow that
# you divide by?

# %% exercise="bigram_probs"
from gradus.ngram import bigram_probs

# %% check="bigram_probs"
check(bigram_probs)

# %% [markdown]
# **Predict.** Which rows of this table have only one dark square?

# %% tags=["demo"]
title = "How likely each letter is to come next"
letter_table(bigram_probs(counts), alphabet, title)

# %% [markdown]
# After a q comes u. After a j comes e: *object* is a frequent word in this text, and any text that
# is counted leaves its own habits in the table. Now choose a letter and an alpha.


# %% tags=["demo"]
def after(letter: str, alpha: float):
    row = bigram_probs(counts, alpha)[alphabet.index(letter)]
    best = row.topk(8).indices.tolist()
    names = ["␣" if not i else alphabet[i] for i in best]
    return bars(names, {"": row[best].tolist()}, f"probability after {letter}", longest=1)


Explorer(after, {"letter": list("qtehz"), "alpha": [0.0, 0.1, 1.0, 10.0, 100.0, 10_000.0]})

# %% [markdown]
# ## 3. Writing
#
# A table of probabilities is a machine that writes: look at the last token, throw a dice that is
# loaded as its row says, write what comes up, and look at *that*. `torch.multinomial(row, 1,
# generator=generator)` is the dice. The generator holds the chance: the same seed must write the
# same text, or no experiment could be repeated.

# %% exercise="sample_bigram"
from gradus.ngram import sample_bigram

# %% check="sample_bigram"
check(sample_bigram)

# %% [markdown]
# Here are machines A, B and C. A knows nothing, B knows how often each letter comes, C knows your
# table.

# %% tags=["demo"]
knows_nothing: Float[Tensor, "token next"] = torch.full((27, 27), 1 / 27)
knows_letters = (torch.bincount(train, minlength=27) / len(train)).expand(27, 27)
knows_pairs = bigram_probs(counts)
dice = torch.Generator().manual_seed(1)
for name, table in zip("ABC", (knows_nothing, knows_letters, knows_pairs), strict=True):
    print(name, as_text(sample_bigram(table, start=0, length=90, generator=dice)))

# %% [markdown]
# ## 4. How good is a model? Perplexity
#
# To look at what a machine writes is no measurement. Here is one that needs no taste: let the model
# read a text that it has not seen, and at every letter ask **how likely it held what really came**.
# The mean of -log p is its surprise, in nats. Raised to the power of e, it is called *perplexity*:
# the number of equally likely tokens among which the model is, in effect, torn.
#
# **Predict.** Machine A is torn among 27. Machine C?
#
# Right means: a mean over all letters that have one before them, row by row, and exp only at the
# very end. A model that rules out what then happens has an infinite perplexity, and deserves it.

# %% exercise="perplexity"
from gradus.ngram import perplexity

# %% check="perplexity"
check(perplexity)

# %% tags=["demo"]
tables = {
    "A: nothing": knows_nothing,
    "B: single letters": knows_letters,
    "C: pairs, alpha = 0.1": bigram_probs(counts, 0.1),
}
bars(
    list(tables),
    {"": [perplexity(table, held_out) for table in tables.values()]},
    "perplexity on the held-out text: letters it is torn among",
)

# %% [markdown]
# From 27 to 17 to 10. And without smoothing? In 37,000 new letters there is at least one pair that
# never came before:

# %%
print(f"alpha = 0: perplexity {perplexity(knows_pairs, held_out)}")

# %% [markdown]
# ## 5. Comparing what cannot be compared: bits per byte
#
# Let us cut the text into *pairs* of letters, and call each pair a token. There are 27 · 27 = 729
# of them, and the same table, larger, tells which pair follows which.


# %% tags=["demo"]
def in_pairs(ids: Tensor) -> Tensor:
    ids = ids[: len(ids) // 2 * 2].view(-1, 2)
    return ids[:, 0] * 27 + ids[:, 1]


pair_table = bigram_probs(bigram_counts(in_pairs(train), vocab=729), 0.01)
pair_perplexity = perplexity(pair_table, in_pairs(held_out))
letter_perplexity = perplexity(tables["C: pairs, alpha = 0.1"], held_out)
print(f"letters: torn among {letter_perplexity:.1f}. Pairs of letters: {pair_perplexity:.1f}.")

# %% [markdown]
# **Predict.** Torn among 10, or torn among 25: which model is better?
#
# The question is a trap. The second one is torn half as often: it predicts two letters at a time.
# Perplexity depends on what is called a token, and every tokenizer calls something else so. What
# does not depend on it is the text itself. So share the *whole* loss out among the text's
# **bytes**, and write it in bits. That is the number of bits the model would need to store each
# byte of this text.
#
# A bit is log(2) nats. A byte is a byte of UTF-8: an é has two of them.

# %% exercise="bits_per_byte"
from gradus.ngram import bits_per_byte

# %% check="bits_per_byte"
check(bits_per_byte)

# %% [markdown]
# A packing program does the same work: it stores a text in few bits by guessing what comes. So we
# can put one beside our models.

# %% tags=["demo"]
held_text = as_text(held_out)
scores = {
    name: bits_per_byte(math.log(perplexity(table, held_out)), len(held_out) - 1, held_text)
    for name, table in tables.items()
}
tokens = len(in_pairs(held_out)) - 1
scores["pairs after pairs"] = bits_per_byte(math.log(pair_perplexity), tokens, held_text)
scores["gzip"] = 8 * len(gzip.compress(held_text.encode())) / len(held_text)
bars(list(scores), {"": list(scores.values())}, "bits per byte of the held-out text")

# %% [markdown]
# Torn among 25 was the better model, and by far: 2.3 bits against 3.3. It sees up to three letters
# back. And gzip, which is from 1992 and has learned nothing but these 37,000 letters, still beats
# both: it looks back over thousands of them.
#
# ## 6. Why not simply look further back?
#
# Two letters back, three, ten? Every letter more makes the table 27 times as large. But the table
# is not the worst of it: **text runs out**. Of all stretches of *n* letters in the new text, how
# many has the machine ever met? Where it has met none, it has nothing to say.
#
# **Predict.** And for 8 letters, a word and a half?

# %% tags=["demo"]
lengths = list(range(1, 13))
met = []
for n in lengths:
    known = {text[i : i + n] for i in range(split - n)}
    new = [text[i : i + n] for i in range(split, len(text) - n)]
    met.append(sum(stretch in known for stretch in new) / len(new))
lines(
    lengths,
    {"met before": met},
    "letters in the stretch",
    "share of the new text",
    "How much of a new text has been seen before?",
)

# %% [markdown]
# A third of all stretches of 8 letters is new, although this documentation says many things twice,
# and our table would need 27⁸ = 282 billion rows. Real models read thousands of tokens. **Nobody
# has met such a text before, so counting cannot help.** What is needed is a machine that treats
# *similar* pasts alike.
#
# ## 7. A memory: the recurrent network
#
# Give the machine a state: some 128 numbers that say what it has read. At each token it mixes the
# token's vector `x` into the state `h`, and goes on:
#
# $$h \leftarrow \tanh(x\,W_x + h\,W_h + b)$$
#
# No table of pasts any more. However long the text, the state has 128 numbers, and similar pasts
# may give similar states. That is Elman's recurrent network of 1990, and with better steps in it
# (LSTM, GRU) it was *the* language model until 2017.

# %% exercise="rnn_step"
from gradus.rnn import rnn_step

# %% check="rnn_step"
check(rnn_step)

# %% [markdown]
# The rest is a loop around your step. Look at it closely, for it is the hero of this lesson and its
# villain: **no state can be computed before the one before it.**


# %%
class Reader(RNN):
    """The library's recurrent network, reading with your step."""

    def states(self, x: Tensor) -> Tensor:
        h = x.new_zeros(len(x), len(self.b))
        states = []
        for token in x.unbind(dim=1):
            h = rnn_step(token, h, self.w_x, self.w_h, self.b)
            states.append(h)
        return torch.stack(states, dim=1)


# %% [markdown]
# Train it: 150 times, take 32 stretches of 32 letters from anywhere in the text, and walk down the
# gradient of the cross-entropy. It takes some five seconds.

# %% tags=["demo"]
torch.manual_seed(0)
model = Reader(vocab=27, d_hidden=128)
optimiser = torch.optim.AdamW(model.parameters(), lr=1e-2)
steps, losses = 150, []
for step in tqdm(range(steps)):
    places = torch.randint(len(train) - 33, (32, 1)) + torch.arange(33)
    batch = train[places]
    loss = F.cross_entropy(model(batch[:, :-1]).flatten(0, 1), batch[:, 1:].flatten())
    optimiser.zero_grad()
    loss.backward()
    nn.utils.clip_grad_norm_(model.parameters(), 1.0)
    optimiser.step()
    optimiser.param_groups[0]["lr"] = 1e-2 * (1 - step / steps)
    losses.append(loss.item() / math.log(2))
lines(
    range(steps),
    {"recurrent network": losses, "table of pairs": [scores["C: pairs, alpha = 0.1"]] * steps},
    "step",
    "bits per letter",
    "The network passes the table within seconds",
)

# %% tags=["demo"]
stretches = held_out[: len(held_out) // 65 * 65].view(-1, 65)
with torch.no_grad():
    logits = model(stretches[:, :-1])
    nats = F.cross_entropy(logits.flatten(0, 1), stretches[:, 1:].flatten()).item()
scores["recurrent network"] = nats / math.log(2)  # a letter is a byte here
bars(list(scores), {"": list(scores.values())}, "bits per byte of the held-out text")

# %% [markdown]
# As good as the table of 729 · 729 = 531,441 numbers, with a tenth of the numbers and a few seconds
# of training. Let it write:

# %% tags=["demo"]
dice = torch.Generator().manual_seed(3)
written = [0]
with torch.no_grad():
    h = torch.zeros(128)
    for _ in range(160):
        h = rnn_step(model.embedding.weight[written[-1]], h, model.w_x, model.w_h, model.b)
        written.append(int(torch.multinomial(model.out(h).softmax(-1), 1, generator=dice)))
print(as_text(torch.tensor(written)))

# %% [markdown]
# Words, nearly. Sentences, no. What is it that it cannot do?
#
# ## 8. It forgets
#
# Everything that was ever read is in those 128 numbers, and each new letter stirs them. How much of
# a letter is left after *d* steps? Ask the gradient: **how much would the loss of the last
# prediction change if the letter *d* steps back were slightly different?** The gradient has to
# travel back through every step in between, and each one multiplies it by $W_h$ and by the slope of
# tanh, which is at most 1.
#
# **Predict.** Say each step keeps 55 %. What is left of a letter 20 steps back, three words ago?

# %% tags=["demo"]
curve = forgetting_curve(model, stretches[:256, :40], stretches[:256, 40])
left = (curve / curve[0]).tolist()
decays(
    {"recurrent network": left, "0.55 to the power of d": [0.55**d for d in range(40)]},
    "d: letters back",
    "influence, compared with the last letter",
    "What the trained network still knows of a letter it has read",
)

# %%
for d in (1, 5, 10, 20):
    print(f"0.55 to the power of {d:2}: {0.55**d:.6f}")

# %% [markdown]
# A straight line on this scale is an exponential: a bit more than half is kept at every step, so
# ten letters back a fraction of a per cent is left, and twenty letters back nothing. The network
# *could* hold a letter for long; but to learn that, it would have to feel, at the end of the line,
# what a letter at its beginning would have been good for. It cannot feel that. This is the
# **vanishing gradient** (Hochreiter 1991; Bengio, Simard and Frasconi 1994).
#
# Can one not multiply by something larger? Turn the knob: here is an untrained network whose $W_h$
# turns the state without shrinking it, times a factor that you choose, and inputs so small that
# tanh does nothing.


# %% tags=["demo"]
def with_factor(factor: float):
    torch.manual_seed(0)
    network = RNN(vocab=27, d_hidden=64)
    with torch.no_grad():
        network.w_h.mul_(factor)
        network.embedding.weight.mul_(0.03)
    curve = forgetting_curve(network, stretches[:64, :60], stretches[:64, 60])
    title = f"Each step multiplies by {factor:g}"
    influence = {"influence": (curve / curve[0]).tolist()}
    return decays(influence, "d: letters back", "compared with the last", title, (1e-9, 1e5))


Explorer(with_factor, {"factor": [0.5, 0.7, 0.9, 1.0, 1.1, 1.2, 1.5]})

# %% [markdown]
# Below 1 it vanishes, above 1 it explodes, and only at a hair's breadth around 1 it does neither.
# LSTM and GRU steps are clever ways to stay near that breadth. They moved the wall from ten steps
# to some hundreds. They did not remove it.
#
# ### What if nothing had to be carried?
#
# Lesson 04 builds *attention*: the last position looks **directly** at every earlier one, and takes
# what it needs. Here is one such look, untrained, over 40 random vectors, beside your network.
#
# **Predict** the shape of its curve.

# %% tags=["demo"]
torch.manual_seed(0)
x = torch.randn(256, 40, 64, requires_grad=True)
key, value = torch.randn(64, 64) / 8, torch.randn(64, 64) / 8
looked, _ = attend(torch.randn(256, 1, 64), x @ key, x @ value)
(gradient,) = torch.autograd.grad((looked * torch.randn(64)).sum(), x)
direct = gradient.norm(dim=-1).mean(dim=0).flip(0)
decays(
    {"recurrent network": left, "one look of attention": (direct / direct[0]).tolist()},
    "d: positions back",
    "influence, compared with the last",
    "One step to everywhere",
)

# %% [markdown]
# Flat. From any position to any other it is **one** step, not *d*. Nothing vanishes on a way that
# short.
#
# ## 9. It waits
#
# The second reason is about time. Your loop computes $x W_x$ and $h W_h$ for one position, then for
# the next. The first product could be computed for all positions at once, as one large matrix
# product; but the second needs the state before. Let us time both kinds of work, with exactly as
# many multiplications in each.
#
# **Predict.** How many times faster is it *at once*, for a text of 512 tokens?

# %% tags=["demo"]
w_x, w_h, b = torch.randn(64, 64) / 8, torch.randn(64, 64) / 8, torch.zeros(64)


def one_by_one(x: Tensor) -> Tensor:
    h = torch.zeros(1, 64)
    for token in x.split(1):
        h = rnn_step(token, h, w_x, w_h, b)
    return h


def at_once(x: Tensor) -> Tensor:
    return rnn_step(x, x, w_x, w_h, b)


sizes = [32, 64, 128, 256, 512, 1024]
texts = [torch.randn(size, 64) for size in sizes]
with torch.no_grad():
    waiting = [1000 * median_seconds(lambda x=x: one_by_one(x)) for x in texts]
    together = [1000 * median_seconds(lambda x=x: at_once(x)) for x in texts]
print(f"512 tokens: {waiting[4]:.1f} ms one by one, {together[4]:.2f} ms at once")
lines(
    sizes,
    {"one after the other": waiting, "all at once": together},
    "tokens in the text",
    "milliseconds",
    "The same multiplications, waiting for each other or not",
    log=True,
)

# %% [markdown]
# More than a hundred times, on a single core. A GPU does ten thousand multiplications at the same
# moment, *if* none has to wait for another: there the gap is larger still. An attention layer never
# waits. It does **more** arithmetic than the loop (every position looks at every other: the square
# of the length), and yet is faster to train, because all of it can happen at once.
#
# ## What you have now
#
# | model | looks back | perplexity, a letter | bits per byte |
# | --- | --- | --- | --- |
# | knows nothing | 0 letters | 27.0 | 4.75 |
# | single letters | 0 | 17.0 | 4.09 |
# | pairs of letters | 1 | 10.1 | 3.33 |
# | pairs after pairs | 2 to 3 | 5.0 (24.7 a pair) | 2.31 |
# | recurrent network, a few seconds | about ten, fading | 5.0 | 2.3 |
# | gzip | thousands, word for word | | 2.22 |
#
# - A language model gives a probability to what comes next. To write, throw its dice; to measure
#   it, look how likely it held what really came.
# - **Perplexity** is exp of the mean surprise: among how many it is torn. It depends on the tokens;
#   **bits per byte** do not.
# - Counting fails because text runs out: a third of all stretches of 8 letters is new.
# - A recurrent network has a state of fixed size, **forgets** exponentially (about half a letter a
#   step), and **waits** for itself (more than a hundred times slower than the same work at once).
# - Attention goes from anywhere to anywhere in one step, and all at once. That is why you are going
#   to build it.
#
# ### If you want more
#
# - Give `bigram_probs` the table of pairs and try other alphas. Where is the best, and why is it so
#   much smaller than for letters?
# - Read the table the other way round: what comes *before* each letter? Is English easier to guess
#   backwards? (Compare perplexities, and be surprised.)
# - Shannon 1951, [Prediction and entropy of printed
#   English](https://doi.org/10.1002/j.1538-7305.1951.tb01366.x): people guess the next letter at
#   about 1 bit. No machine in this lesson is near.
# - Elman 1990, [Finding structure in time](https://doi.org/10.1207/s15516709cog1402_1).
# - Bengio, Simard and Frasconi 1994, [Learning long-term dependencies with gradient descent is
#   difficult](https://doi.org/10.1109/72.279181).
