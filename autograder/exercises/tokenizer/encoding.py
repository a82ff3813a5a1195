"""An encoder with a screw at every part: what goes wrong in bpe_encode is one of them, turned."""

from itertools import pairwise

from gradus.bpe import merge_pair
from gradus.splitting import split_specials, split_words


def lowest_rank(tokens, rank):
    """Merge the pair that was learned first, everywhere, until none is known."""
    while known := rank.keys() & set(pairwise(tokens)):
        first = min(known, key=rank.get)
        tokens = merge_pair(tokens, first, 256 + rank[first])
    return tokens


def after_merges(merges, specials, i):
    """The id of a special: after all merges."""
    return 256 + len(merges) + i


def in_bytes(word):
    """A word as the ids of its bytes."""
    return list(word.encode())


def encode(
    text,
    merges,
    specials=(),
    cut=split_specials,
    split=split_words,
    spell=in_bytes,
    merge=lowest_rank,
    special_id=after_merges,
):
    """Encode as bpe_encode does, part by part."""
    rank = {pair: i for i, pair in enumerate(merges)}
    ids = []
    for piece in cut(text, specials):
        if piece in specials:
            ids.append(special_id(merges, specials, specials.index(piece)))
        else:
            for word in split(piece):
                ids += merge(spell(word), rank)
    return ids
