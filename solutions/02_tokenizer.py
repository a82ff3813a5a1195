# %% [markdown]
# # Tokens
# About 50 minutes. You need some Python, nothing else. No GPU, no download.
#
# ## A puzzle
# Here are three words, exactly as the language model GPT-2 is given them. It gets these numbers and
# nothing else:
#
# | | |
# | --- | --- |
# | the first word | 41236 |
# | the second word | 301 1831 8396 |
# | the third word | 1273 1831 8396 |
#
# **Predict.** In which of the three words does the letter *r* stand three times?

# %%
from collections import Counter

# The signatures of the answers use these.
from collections.abc import Collection, Mapping, Sequence

import torch
from jaxtyping import Bool, Int
from torch import Tensor

from autograder.check import check
from gradus.data import python_docs
from gradus.splitting import split_specials, split_words

docs = python_docs()  # half a megabyte of English that comes with every Python

# %% [markdown]
# The next cell imports what the pictures of this lesson need.

# %% tags=["demo"]
from gradus.explore.tokens import TokenizerExplorer
from gradus.plots import bars, lines, number_grids
from gradus.plots.tokens import TokenStrip, token_strip, visible
from gradus.tokenizer import Tokenizer

# %% [markdown]
# All three are *strawberry*: after a space, without one, and with a capital S. (A space is drawn as
# ␣.)

# %% tags=["demo"]
TokenStrip([41236], [b" strawberry"], "GPT-2, after a space")

# %% tags=["demo"]
TokenStrip([301, 1831, 8396], [b"st", b"raw", b"berry"], "GPT-2, without a space")

# %% tags=["demo"]
TokenStrip([1273, 1831, 8396], [b"St", b"raw", b"berry"], "GPT-2, with a capital")

# %% [markdown]
# Could you tell? Neither can a model. It reads **tokens**: numbers that stand for pieces of text.
# No letter is in the number 41236. What a model knows of the spelling of a token, it has to pick up
# from texts that talk about spelling. Models that could write a sonnet have counted two r's here.
#
# Where do these pieces come from? From a small algorithm that knows nothing about language. You
# will write it: the trainer, the encoder and the decoder. You can then type anything and watch.
#
# ## 1. Bytes: an alphabet for everything
# A model needs a fixed list of symbols, its *vocabulary*. Words will not do: there is always a name
# or a typing error that is not in the list. Characters will not do either: Unicode has about
# 150,000, and most of them hardly ever come.
#
# But every text is stored as **bytes**, of which there are 256. UTF-8 writes an English letter as
# one byte, é as two, 日 as three and most emojis as four. With the 256 bytes as a vocabulary,
# *nothing is ever unknown*.
#
# **Predict.** How many bytes has `naïve`? And the flag 🇫🇷?

# %% tags=["demo"]
for text in ("naive", "naïve", "日", "🇫🇷"):
    print(f"{text}: {len(text)} characters, {len(text.encode())} bytes: {list(text.encode())}")

# %% [markdown]
# The flag is two characters, F and R from a special alphabet, of four bytes each.
#
# The price of bytes is length. A page of English has about 3,000 bytes, and what attention costs
# grows with the square of the length (lesson 04). So we keep the bytes as a safety net and give
# frequent pieces of text a number of their own. Ids 0 to 255 are the bytes. What shall 256 be?
#
# ## 2. Words: where no token may cross
# The text is first cut into words, and tokens never reach from one word into the next. Otherwise
# `dog.`, `dog!` and `dog,` might each become tokens of their own. GPT-2 cuts with one regular
# expression, and so does `split_words`.
#
# **Predict.** To which word does a space belong? What happens to *isn't*, and to the two spaces?

# %% tags=["demo"]
split_words("It's 2026, isn't it?  Yes!")

# %% [markdown]
# One space goes with the word that follows. So `dog` and ` dog` are different words, and will have
# different tokens: the first is how a line begins, the second how a sentence goes on. Joined, the
# words are the text again; nothing is lost.
#
# ## 3. Counting pairs
# **Byte-pair encoding** is one idea, repeated: find the two neighbours that stand side by side most
# often, and make one new token of them.
#
# Counting comes first. The text comes as a dictionary of its distinct words, each a tuple of ids,
# with how often it occurs: the word ` the` is counted once and multiplied, instead of being met
# again and again.
#
# **Predict.** How many pairs does (7, 7, 7) hold?

# %% exercise="pair_counts"
from gradus.bpe import pair_counts

# %% check="pair_counts"
check(pair_counts)

# %% [markdown]
# Our text is Python's own documentation, which is on your computer; 15,000 characters of it, for a
# start. **Predict.** Which two bytes stand side by side most often?

# %% tags=["demo"]
text = docs[:15_000]
words = Counter(tuple(word.encode()) for word in split_words(text))
print(f"{words.total():,} words, {len(words):,} of them different")

# %% tags=["demo"]
counts = pair_counts(words)
often = sorted(counts, key=lambda pair: (-counts[pair], pair))[:8]
bars(
    [visible(bytes(pair)) for pair in often],
    {"": [counts[pair] for pair in often]},
    "times in 15,000 characters",
    "The most frequent pairs of bytes",
)

# %% [markdown]
# Two spaces: it is a text about programs, and programs are indented. A tokenizer takes on the
# habits of the text that it learns from. Remember this when you see its longest tokens.
#
# ## 4. Merging a pair
# Now replace the pair by its new id. Go from left to right; what has been used is used up.
#
# **Predict.** What becomes of [7, 7, 7] when (7, 7) is merged?
#
# <details><summary>A hint</summary>
#
# A `for` loop moves on by one each time, but after a merge you want to move on by two. Which kind
# of loop lets you choose?
# </details>

# %% exercise="merge_pair"
from gradus.bpe import merge_pair

# %% check="merge_pair"
check(merge_pair)

# %% [markdown]
# ## 5. The trainer
# Count, merge the winner, count again. That is the whole of training: no gradient, no loss. The
# docstring says it step by step.
#
# Two of its conventions look fussy. They decide whether your tokenizer and somebody else's agree:
#
# - **Ties.** When two pairs are equally frequent, who wins? Here, the smallest ids. The library
#   `tokenizers` does the same; others take the largest bytes, and get another vocabulary.
# - **Specials.** A token such as `<|end|>`, which separates documents, is one id from the start. It
#   is never cut, and its letters teach nothing. `split_specials` finds them for you:

# %% tags=["demo"]
split_specials("one text<|end|>another", ["<|end|>"])

# %% exercise="train_bpe"
from gradus.bpe import train_bpe

# %% check="train_bpe"
check(train_bpe)

# %% [markdown]
# Let it learn 300 merges. **Predict.** The first is two spaces. What will the first whole word be,
# and after about how many merges?

# %% tags=["demo"]
merges = train_bpe(text, 256 + 300)

# %% tags=["demo"]
mine = Tokenizer(merges)  # the library's tokenizer, with what your trainer has learned
for first in range(0, 40, 10):
    row = [visible(mine.token(256 + i)) for i in range(first, first + 10)]
    print(f"ids {256 + first} to {256 + first + 9}:  " + "   ".join(row))

# %% [markdown]
# Read them in order: pairs of letters, then ` the`, then endings such as `tion`. Nobody told it
# about articles or endings. They are merely what comes often.
#
# ## 6. The encoder
# A new text must be cut *as the trainer would have cut it*. So each word starts as bytes, and the
# merges are made in the order in which they were learned: of all pairs in the word that you know,
# the one that was learned **first**, then again, until there is none.
#
# **Think** before you write: why not simply take the longest token that fits?

# %% exercise="bpe_encode"
from gradus.bpe import bpe_encode

# %% check="bpe_encode"
check(bpe_encode)

# %% tags=["demo"]
ids = bpe_encode("The function returns the value.", merges)
print(len("The function returns the value."), "bytes,", len(ids), "tokens:", ids)

# %% tags=["demo"]
token_strip(mine, "The function returns the value.", "your tokenizer")

# %% [markdown]
# ## 7. The decoder
# Back again: each id stands for some bytes, so look them up and join. One thing goes wrong in many
# programs. é is two bytes, and they may lie in *two tokens*. Each by itself is not a character.
#
# **Predict.** A model has written the first of the two tokens of é, and its text so far is shown.
# What should stand there?
#
# Ids that are in no vocabulary are an error, and should be one. If a model and a tokenizer do not
# belong together, the ids often *look* valid, and the text is nonsense. In Python, `tokens[-1]` is
# even a perfectly good element.

# %% exercise="bpe_decode"
from gradus.bpe import bpe_decode

# %% check="bpe_decode"
check(bpe_decode)

# %% tags=["demo"]
sentence = "Voilà: café, 日本, 👩‍👩‍👧, and   spaces.\r\n"
ids = bpe_encode(sentence, merges)
print("comes back the same:", bpe_decode(ids, merges) == sentence)
for end in range(len(bpe_encode("Voilà: caf", merges)), len(bpe_encode("Voilà: café", merges)) + 1):
    print(bpe_decode(ids[:end], merges))

# %% [markdown]
# The � in the middle line is half of an é. You may have seen it flash up while a chatbot writes.
#
# ## 8. Look
# Type something. Each box is a token; below its text stands its id. The first vocabulary holds the
# bytes alone, the second your own 300 merges, and two larger ones were learned by the same
# algorithm, from all of the documentation. (The library's trainer keeps its counts up to date
# instead of counting anew, which makes it several hundred times as fast. Its merges are the same.)

# %% tags=["demo"]
print("the same merges as yours:", Tokenizer.train(text, 256 + 300).merges == merges)
large = Tokenizer.train(docs, 8_192, progress=True)
vocabularies = {
    "256: bytes alone": Tokenizer([]),
    "556: yours": mine,
    "2,048": Tokenizer(large.merges[: 2_048 - 256]),
    "8,192": large,
}
TokenizerExplorer(vocabularies, "The strawberry isn't a function: print(2026)")

# %% [markdown]
# **Predict**, then type:
#
# 1. `the the The  the`: how many *different* tokens are these?
# 2. `1999 2000 2001 12345`: are numbers cut in the same places?
# 3. `    return None` and `return None`: what do four spaces cost?
# 4. Your own name, and a sentence in another language.
# 5. An emoji, with the bytes shown. Is anything ever unknown?
#
# ### Why "strawberry" is hard
# The same ten letters, written in four ways. **Predict.** How many tokens is each, by the largest
# of our vocabularies? Which has a token for every letter?

# %% tags=["demo"]
token_strip(large, "strawberry Strawberry\nSTRAWBERRY s t r a w b e r r y")

# %% [markdown]
# One word, and hardly a number in common. That `st` holds an *s* and a *t*, or that `S` is the same
# letter as `s`, stands in no number: it has to be learned for each token by itself. Spelled out,
# with spaces between, every letter is a token. This is why a model counts better when it is asked
# to spell the word first.
#
# ### Why sums are hard
# **Predict.** Will `127 + 677 = 804` be cut digit by digit, or number by number?

# %% tags=["demo"]
TokenStrip(
    [16799, 1343, 718, 3324, 796, 807, 3023],
    [b"127", b" +", b" 6", b"77", b" =", b" 8", b"04"],
    "GPT-2",
)

# %% tags=["demo"]
token_strip(large, "127 + 677 = 804", "ours")

# %% [markdown]
# Neither. GPT-2 has one token for 127, but cuts 677 into 6 and 77: whatever was frequent on the
# web. The digits of two numbers do not stand under each other, so carrying one is not a rule that
# can be read off the tokens. Later models changed exactly this: Llama cuts every number into single
# digits, GPT-4 into groups of three at most.
#
# ### What a tokenizer remembers
# **Predict.** Which are the longest tokens of the vocabulary of 8,192?

# %% tags=["demo"]
for token in sorted(large.vocabulary, key=len, reverse=True)[:6]:
    print(f"{len(token):3} bytes: {visible(token)[:80]}")

# %% [markdown]
# Borders of tables. They were frequent in the documentation, so each has an id of its own, and a
# row in the model's table of vectors. If the model's own training text holds no such tables, that
# row is never trained. Such *glitch tokens* exist in real models, and odd things happen when
# somebody types one.
#
# ## 9. How large a vocabulary?
# More merges, fewer tokens. Here is your encoder with the first 0, 20, 40 ... of your merges, on
# the text that they were learned from and on one of the same size that the trainer never saw.
#
# **Predict.** Does each further merge save as much as the one before? How far apart will the two
# lines be?

# %% tags=["demo"]
unseen = docs[300_000:315_000]
sizes = [0, 20, 40, 80, 160, 300]
lines(
    sizes,
    {
        "another text": [len(bpe_encode(unseen, merges[:size])) for size in sizes],
        "the text it learned from": [len(bpe_encode(text, merges[:size])) for size in sizes],
    },
    "merges",
    "tokens for 15,000 characters",
    "The first merges save most, and late ones fit the text they were learned from",
)

# %% [markdown]
# The first 20 merges save twice as much as the last 140: frequent pairs go first. And the lines
# part, because late merges are about *this* text.
#
# So why not a million tokens? Each needs a vector. GPT-2 small spends 50,257 · 768 = 38.6 million
# of its 124 million parameters on its table of tokens. And a rare token is rarely trained.
#
# ### Whose language is cheap?
# The first article of the Universal Declaration of Human Rights begins with the same sentence in
# every language. **Predict.** How many tokens does our vocabulary, learned from English, need for
# the others?

# %% tags=["demo"]
article = {
    "English": "All human beings are born free and equal in dignity and rights.",
    "French": "Tous les êtres humains naissent libres et égaux en dignité et en droits.",
    "German": "Alle Menschen sind frei und gleich an Würde und Rechten geboren.",
    "Greek": "Όλοι οι άνθρωποι γεννιούνται ελεύθεροι και ίσοι στην αξιοπρέπεια και τα δικαιώματα.",
    "Chinese": "人人生而自由,在尊严和权利上一律平等。",
}
bars(
    list(article),
    {
        "characters": [len(one) for one in article.values()],
        "tokens": [len(large.encode(one)) for one in article.values()],
    },
    "how many",
    "The same sentence, by a vocabulary that was learned from English",
)

# %% [markdown]
# Greek needs seven times as many tokens as English, for the same thought. Users pay by the token,
# and what a model can read at once is counted in tokens. The texts that a *tokenizer* was trained
# on decide whose language is cheap, before any model is trained.
#
# ## 10. WordPiece: another way to cut
# BERT's tokenizer also has a vocabulary of pieces, but cuts differently: **the longest piece that
# fits**, from the left. It keeps no order of merges. And it marks not the beginning of words (the
# space of GPT-2) but their continuation: `##able` is a piece inside a word.
#
# **Predict.** The vocabulary holds `un`, `una`, `##ffa`, `##ble`, `##able`. What becomes of
# *unaffable*? And if `##ble` were missing, would `un` be tried instead of `una`?

# %% exercise="wordpiece_encode"
from gradus.wordpiece import wordpiece_encode

# %% check="wordpiece_encode"
check(wordpiece_encode)

# %% [markdown]
# Let us turn our vocabulary of 8,192 into such pieces: tokens that began with a space begin a word,
# all others get a ##. Merging and cutting greedily then have the same pieces to choose from.
#
# **Predict.** Will they agree? And what does WordPiece make of *naïve*?

# %% tags=["demo"]
known = [token.decode() for token in large.vocabulary if token.isascii()]
pieces = {token[1:] if token.startswith(" ") else f"##{token}" for token in known}
for word in ("function", "unaffable", "strawberry", "whatsoever", "naïve"):
    merged = " ".join(visible(large.token(one)) for one in large.encode(f" {word}"))
    print(f"{word:12} merges: {merged:24} WordPiece: {' '.join(wordpiece_encode(word, pieces))}")

# %% [markdown]
# Often they agree, sometimes not: the longest piece now may leave worse pieces for later. And where
# one letter is not in the vocabulary, the *whole word* is `[UNK]`. The text is gone, and no decoder
# brings it back. Bytes as a safety net have no such hole.
#
# ## 11. Batches
# Texts have different lengths, a tensor is a rectangle. The short texts are filled up with a
# padding id, and a mask says what is real (lesson 04 uses it).
#
# **Predict.** GPT-2 has no padding id, so people pad with the id that *ends a text*, 50256. Why is
# `ids != 50256` then a wrong mask?

# %% exercise="collate"
from gradus.collate import collate

# %% check="collate"
check(collate)

# %% tags=["demo"]
texts = ["Hello.", "The value is None.", "Yes"]
end = len(mine)  # one id past the merges: <|end|>, for the end of a text and for the padding
batch = [[*bpe_encode(one, merges), end] for one in texts]
right, right_mask = collate(batch, end)
number_grids({"ids": right, "mask": right_mask.int()}, rows=texts, columns="place")

# %% tags=["demo"]
left, left_mask = collate(batch, end, "left")
number_grids({"ids": left, "mask": left_mask.int()}, rows=texts, columns="place")

# %% [markdown]
# The first 556 of a row is real: it tells the model that the text ends. With `ids != 556` it would
# be masked out, and a model that never learns the end of a text never stops.
#
# Why two sides? In training, texts begin together, and padding stands on the right. For writing, it
# stands on the left, so that the next token of every text goes into the same new column.
#
# ## What you have built
#
# | model | ids | how they come about | |
# | --- | --- | --- | --- |
# | GPT-2 | 50,257 | 256 bytes + 50,000 merges + 1 special | your algorithm, exactly |
# | BERT | 30,522 | WordPiece, lower case, `[UNK]` | your `wordpiece_encode` |
# | T5 | 32,128 | pieces of a unigram model, `▁` for space | 32,000 + 100 sentinels + 28 spare |
# | Llama 1 and 2 | 32,000 | merges of characters; bytes for the rest | single digits |
# | Llama 3 | 128,256 | bytes and merges again | 256 of them specials |
#
# For merged tokens, your ids are even laid out like GPT-2's: ` the` is its merge number 6, counted
# from 0, and its id is 256 + 6 = 262.
#
# Things to remember, and to tell someone else:
#
# - Tokens are not words. A token is **whatever was frequent in the tokenizer's own training text**.
# - ` dog`, `dog` and `Dog` are different tokens, with unrelated numbers.
# - Models do not see letters or digits. That, not stupidity, is behind *strawberry*.
# - With bytes at the bottom **nothing is unknown**, and encoding loses nothing.
# - A larger vocabulary means shorter texts and a larger table of vectors.
# - A model works with **its own tokenizer** only. Another's ids look valid and mean other things.
# - The mask comes from the lengths, not from the ids.
#
# ### If you want more
#
# - Train on the second half of the documentation instead. How many of the first 300 merges change?
# - Count in two ways how many tokens a *word* has on average: over all words of a text, and over
#   its distinct words. Which is larger, and why?
# - Sennrich, Haddow and Birch 2016, [Neural machine translation of rare words with subword
#   units](https://arxiv.org/abs/1508.07909); Radford et al. 2019, section 2.2 (bytes).
# - Kudo 2018, [Subword regularization](https://arxiv.org/abs/1804.10959): the unigram model of T5.
# - Petrov et al. 2023, [Language model tokenizers introduce unfairness between
#   languages](https://arxiv.org/abs/2305.15425).
