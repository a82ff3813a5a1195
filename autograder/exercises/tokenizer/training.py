"""A trainer with a screw at every part: what goes wrong in train_bpe is one of them, turned."""

from collections import Counter

from gradus.bpe import merge_pair, pair_counts
from gradus.splitting import split_specials, split_words


def cut_out(text, specials):
    """The pieces between the specials."""
    return [piece for piece in split_specials(text, specials) if piece not in specials]


def smallest(counts, vocabulary):
    """The most frequent pair, of several the one with the smallest ids."""
    return min(counts, key=lambda pair: (-counts[pair], pair))


def in_bytes(word):
    """A word as the ids of its bytes."""
    return tuple(word.encode())


def words_of(text, specials=(), pieces=cut_out, split=split_words, spell=in_bytes):
    """The words to learn from, and how often each occurs."""
    return Counter(spell(w) for piece in pieces(text, specials) for w in split(piece))


def learn(
    text,
    vocab_size,
    specials=(),
    pieces=cut_out,
    split=split_words,
    spell=in_bytes,
    count=pair_counts,
    choose=smallest,
    least=1,
    more=0,
    first=256,
):
    """Learn merges; `more` than fit, only of pairs that occur `least` times, from id `first` on."""
    wanted = vocab_size - 256 - len(specials)
    if wanted < 0:
        raise ValueError("no room")
    words = words_of(text, specials, pieces, split, spell)
    vocabulary = [bytes([byte]) for byte in range(first)] if first <= 256 else [b""] * first
    merges: list[tuple[int, int]] = []
    while len(merges) < wanted + more:
        counts = count(words)
        if not counts or max(counts.values()) < least:
            break
        pair = choose(counts, vocabulary)
        merges.append(pair)
        words = Counter({tuple(merge_pair(w, pair, len(vocabulary))): n for w, n in words.items()})
        vocabulary.append(b"".join(vocabulary[i] for i in pair if i < len(vocabulary)))
    return merges
