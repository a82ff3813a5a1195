"""What goes wrong in bpe_encode: the order of the merges, and the ids."""

from collections import Counter
from itertools import pairwise

from autograder.exercises.tokenizer.bpe_encode import bpe_encode
from autograder.exercises.tokenizer.encoding import encode, lowest_rank
from autograder.exercises.tokenizer.spelling import vocabulary
from gradus.bpe import merge_pair


@bpe_encode.mistake(
    "It merges the first pair that it meets in the text, not the one that was learned first.",
    "Of several known pairs in a word, which one comes first in `merges`?",
)
def in_text_order(text, merges, specials=()):
    def merge(tokens, rank):
        while known := [pair for pair in pairwise(tokens) if pair in rank]:
            tokens = merge_pair(tokens, known[0], 256 + rank[known[0]])
        return tokens

    return encode(text, merges, specials, merge=merge)


@bpe_encode.mistake(
    "It merges the pair with the smallest ids, not the one that was learned first.",
    "What does min compare in your code: the pairs, or their places in `merges`?",
)
def smallest_pair(text, merges, specials=()):
    def merge(tokens, rank):
        while known := [pair for pair in pairwise(tokens) if pair in rank]:
            tokens = merge_pair(tokens, min(known), 256 + rank[min(known)])
        return tokens

    return encode(text, merges, specials, merge=merge)


@bpe_encode.mistake(
    "It goes through the word once and merges whatever it knows on the way.",
    "Would the trainer have merged these two before the others?",
)
def one_sweep_after_another(text, merges, specials=()):
    def merge(tokens, rank):
        while any(pair in rank for pair in pairwise(tokens)):
            swept, i = [], 0
            while i < len(tokens):
                known = rank.get(tuple(tokens[i : i + 2]))
                swept.append(tokens[i] if known is None else 256 + known)
                i += 1 if known is None else 2
            tokens = swept
        return tokens

    return encode(text, merges, specials, merge=merge)


@bpe_encode.mistake(
    "It merges the pair that was learned last, not the one that was learned first.",
    "In which order did the trainer merge?",
)
def latest_first(text, merges, specials=()):
    def merge(tokens, rank):
        while known := [pair for pair in pairwise(tokens) if pair in rank]:
            last = max(known, key=rank.get)
            tokens = merge_pair(tokens, last, 256 + rank[last])
        return tokens

    return encode(text, merges, specials, merge=merge)


@bpe_encode.mistake(
    "It goes through the merges from the last to the first.",
    "Which merges need the results of which others?",
)
def merges_backwards(text, merges, specials=()):
    def merge(tokens, rank):
        for pair in reversed(rank):
            tokens = merge_pair(tokens, pair, 256 + rank[pair])
        return tokens

    return encode(text, merges, specials, merge=merge)


@bpe_encode.mistake(
    "It takes the longest token of the vocabulary at each place; that is not what merging gives.",
    "Does your code ask in which order the merges were learned?",
)
def longest_token(text, merges, specials=()):
    ids = {token: i for i, token in enumerate(vocabulary(merges))}

    def merge(tokens, rank):
        word, found = bytes(tokens), []
        while word:
            end = next(end for end in range(len(word), 0, -1) if word[:end] in ids)
            found.append(ids[word[:end]])
            word = word[end:]
        return found

    return encode(text, merges, specials, merge=merge)


@bpe_encode.mistake(
    "It merges the most frequent pair of the word, as in training.",
    "Which pairs were frequent is known from training. What is left to look up?",
)
def most_frequent(text, merges, specials=()):
    def merge(tokens, rank):
        while known := Counter(pair for pair in pairwise(tokens) if pair in rank):
            best = max(known, key=lambda pair: (known[pair], -rank[pair]))
            tokens = merge_pair(tokens, best, 256 + rank[best])
        return tokens

    return encode(text, merges, specials, merge=merge)


@bpe_encode.mistake(
    "Each merge is made once, though its pair may stand in the word several times.",
    "In 'abab', how often does the first merge fit?",
)
def each_merge_once(text, merges, specials=()):
    def merge(tokens, rank):
        for pair, i in rank.items():
            pairs = list(pairwise(tokens))
            if pair in pairs:
                at = pairs.index(pair)
                tokens = [*tokens[:at], 256 + i, *tokens[at + 2 :]]
        return tokens

    return encode(text, merges, specials, merge=merge)


@bpe_encode.mistake(
    "It stops after the first merge of a word.", "When is a word finished? Is there a loop?"
)
def one_merge(text, merges, specials=()):
    def merge(tokens, rank):
        known = [pair for pair in pairwise(tokens) if pair in rank]
        if not known:
            return tokens
        first = min(known, key=rank.get)
        return merge_pair(tokens, first, 256 + rank[first])

    return encode(text, merges, specials, merge=merge)


@bpe_encode.mistake(
    "It stops too early: a pair that was never learned counts as the best one.",
    "Which rank do you give a pair that is not in `merges`: a low one or a high one?",
)
def unknown_pair_wins(text, merges, specials=()):
    def merge(tokens, rank):
        while len(tokens) > 1:
            best = min(pairwise(tokens), key=lambda pair: rank.get(pair, -1))
            if best not in rank:
                break
            tokens = merge_pair(tokens, best, 256 + rank[best])
        return tokens

    return encode(text, merges, specials, merge=merge)


@bpe_encode.mistake(
    "It fails when a word is down to a single token.",
    "How many pairs does a word of one token have, and what is the best of none?",
)
def single_token_fails(text, merges, specials=()):
    def merge(tokens, rank):
        while (best := min(pairwise(tokens), key=lambda pair: rank.get(pair, 10**6))) in rank:
            tokens = merge_pair(tokens, best, 256 + rank[best])
        return tokens

    return encode(text, merges, specials, merge=merge)


@bpe_encode.mistake(
    "Only pairs of bytes are merged; merged tokens are not merged on.",
    "Can a pair in `merges` hold an id of 256 or more?",
)
def bytes_only(text, merges, specials=()):
    return encode(
        text,
        merges,
        specials,
        merge=lambda t, rank: lowest_rank(t, {p: i for p, i in rank.items() if max(p) < 256}),
    )


@bpe_encode.mistake("Nothing is merged: it returns the bytes.", "Where do you use `merges`?")
def no_merges(text, merges, specials=()):
    return encode(text, merges, specials, merge=lambda tokens, rank: tokens)


@bpe_encode.mistake(
    "Merges are numbered from 0; their ids start at 256.",
    "Which tokens have the ids 0 to 255?",
)
def numbered_from_zero(text, merges, specials=()):
    def merge(tokens, rank):
        return [token - 256 if token > 255 else token for token in lowest_rank(tokens, rank)]

    return encode(text, merges, specials, merge=merge)


@bpe_encode.mistake(
    "The specials get the ids from 256 on, which belong to the merges.",
    "What stands in the vocabulary between the bytes and the specials?",
)
def specials_before_merges(text, merges, specials=()):
    return encode(text, merges, specials, special_id=lambda merges, specials, i: 256 + i)


@bpe_encode.mistake("The specials get the ids from 0 on.", "Which tokens have the ids 0 to 255?")
def specials_from_zero(text, merges, specials=()):
    return encode(text, merges, specials, special_id=lambda merges, specials, i: i)


@bpe_encode.mistake(
    "The ids of the specials are too large by one.",
    "With no merges, which id has the first special?",
)
def specials_off_by_one(text, merges, specials=()):
    return encode(text, merges, specials, special_id=lambda m, s, i: 257 + len(m) + i)


@bpe_encode.mistake(
    "It returns the tokens as bytes, not their ids.", "What does the docstring say it returns?"
)
def as_bytes(text, merges, specials=()):
    tokens = vocabulary(merges, specials)
    return [tokens[token] for token in encode(text, merges, specials)]


@bpe_encode.mistake(
    "It returns one list for each word, not one list of ids.",
    "Does append add the ids of a word to the list, or the list of them?",
)
def list_of_lists(text, merges, specials=()):
    def merge(tokens, rank):
        return [lowest_rank(tokens, rank)]

    return encode(text, merges, specials, merge=merge)
