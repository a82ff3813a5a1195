"""Byte-pair encoding: tokens are learned by merging the most frequent neighbours, over and over.

Sennrich et al. 2016, https://arxiv.org/abs/1508.07909; on bytes: Radford et al. 2019 (GPT-2).

This is the clear form, which learners rebuild; `gradus.tokenizer` does the same at speed. Ids 0 to
255 are the bytes, id 256 + i is what merge i makes, and the special tokens come last.
"""

from collections import Counter
from collections.abc import Mapping, Sequence

from gradus.splitting import split_specials, split_words


def pair_counts(words: Mapping[tuple[int, ...], int]) -> dict[tuple[int, int], int]:
    """Count how often each two ids stand side by side in a text.

    `words` maps each distinct word of the text, as a tuple of ids, to how often it occurs: a pair
    in a word that occurs 5 times counts 5 times. Every two neighbours in a word are a pair,
    overlapping ones too: (7, 7, 7) holds (7, 7) twice. The order matters, (1, 2) is not (2, 1), and
    no pair reaches from one word into another.

    Returns a dictionary from the pairs that occur to their counts.
    """
    counts: Counter[tuple[int, int]] = Counter()
    for word, times in words.items():
        for pair in zip(word, word[1:], strict=False):
            counts[pair] += times
    return dict(counts)


def merge_pair(ids: Sequence[int], pair: tuple[int, int], new: int) -> list[int]:
    """Replace every occurrence of two neighbouring ids by one new id.

    Go from left to right; an id that was merged is used up: (7, 7) in [7, 7, 7] gives [new, 7].
    What has just been made is not merged again in the same call. `ids` itself stays as it is.

    Returns a new list.
    """
    merged: list[int] = []
    i = 0
    while i < len(ids):
        if i + 1 < len(ids) and (ids[i], ids[i + 1]) == pair:
            merged.append(new)
            i += 2
        else:
            merged.append(ids[i])
            i += 1
    return merged


def train_bpe(text: str, vocab_size: int, specials: Sequence[str] = ()) -> list[tuple[int, int]]:
    """Learn from a text which pairs of ids to merge, and in which order.

    1. Cut the text at the specials with `split_specials` and drop them: they teach nothing.
    2. Cut the rest into words with `split_words`. The ids of a word are at first its UTF-8 bytes,
       0 to 255.
    3. Merge the pair with the highest count, over all words, into the next new id: 256, 257, ... Of
       pairs with the same count take the smallest: lower first id, then lower second id.
    4. Repeat until the vocabulary is full or no pair is left. Bytes, merges and specials all count
       towards `vocab_size`.

    Returns the merged pairs in the order they were made: pair i became id 256 + i.
    Raises ValueError when vocab_size has no room for the bytes and the specials.
    """
    merges_wanted = vocab_size - 256 - len(specials)
    if merges_wanted < 0:
        raise ValueError(
            f"vocab_size={vocab_size} has no room for 256 bytes and {len(specials)} specials: "
            f"make it at least {256 + len(specials)}"
        )
    pieces = [piece for piece in split_specials(text, specials) if piece not in specials]
    words = Counter(tuple(word.encode()) for piece in pieces for word in split_words(piece))
    merges: list[tuple[int, int]] = []
    while len(merges) < merges_wanted:
        counts = pair_counts(words)
        if not counts:
            break
        pair = min(counts, key=lambda pair: (-counts[pair], pair))
        new = 256 + len(merges)
        merges.append(pair)
        words = Counter({tuple(merge_pair(word, pair, new)): n for word, n in words.items()})
    return merges


def bpe_encode(
    text: str, merges: Sequence[tuple[int, int]], specials: Sequence[str] = ()
) -> list[int]:
    """Turn a text into ids, by the merges that `train_bpe` found.

    Cut the text at the specials with `split_specials`: special i becomes the one id
    256 + len(merges) + i. Cut the rest into words with `split_words`, and start each from its UTF-8
    bytes. In every word, merge the pair that was learned first, wherever it stands, and go on so
    until the word holds no pair that was learned.

    Returns the ids, [] for an empty text.
    """
    rank = {pair: i for i, pair in enumerate(merges)}
    ids: list[int] = []
    for piece in split_specials(text, specials):
        if piece in specials:
            ids.append(256 + len(merges) + specials.index(piece))
            continue
        for word in split_words(piece):
            tokens = list(word.encode())
            while known := rank.keys() & zip(tokens, tokens[1:], strict=False):
                first = min(known, key=lambda pair: rank[pair])
                tokens = merge_pair(tokens, first, 256 + rank[first])
            ids += tokens
    return ids


def bpe_decode(
    ids: Sequence[int], merges: Sequence[tuple[int, int]], specials: Sequence[str] = ()
) -> str:
    """Turn ids back into text: the inverse of `bpe_encode`.

    Every id stands for some bytes: 0 to 255 for one byte each, 256 + i for the bytes of the two ids
    in merge i, one after the other, and 256 + len(merges) + i for special i. Join the bytes of all
    ids before you decode them as UTF-8, since one character may be spread over several ids. Bytes
    that are no UTF-8 become the replacement character, U+FFFD.

    Raises ValueError for an id that is not in the vocabulary, negative ones included.
    """
    vocabulary = [bytes([byte]) for byte in range(256)]
    for left, right in merges:
        vocabulary.append(vocabulary[left] + vocabulary[right])
    vocabulary += [special.encode() for special in specials]
    for token in ids:
        if not 0 <= token < len(vocabulary):
            last = len(vocabulary) - 1
            raise ValueError(f"there is no token {token}: the ids go from 0 to {last}")
    return b"".join(vocabulary[token] for token in ids).decode("utf-8", errors="replace")
