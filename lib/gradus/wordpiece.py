"""WordPiece: the longest known piece first, as BERT reads.

Schuster and Nakajima 2012; Devlin et al. 2019 (BERT), https://arxiv.org/abs/1810.04805
"""

from collections.abc import Collection


def wordpiece_encode(
    word: str, vocab: Collection[str], unknown: str = "[UNK]", longest_word: int = 100
) -> list[str]:
    """Cut one word into pieces of a vocabulary, taking the longest that fits at each place.

    From the start of the word, take the longest piece in `vocab`, then go on after it. A piece that
    does not begin the word is looked up, and returned, with "##" in front. If at some place no
    piece fits, the whole word is unknown; so is a word of more than `longest_word` characters. The
    word is taken as it is: letters keep their case.

    Returns the pieces, or [unknown] for an unknown word, or [] for an empty one.
    """
    if len(word) > longest_word:
        return [unknown]
    pieces: list[str] = []
    start = 0
    while start < len(word):
        for end in range(len(word), start, -1):
            piece = word[start:end] if start == 0 else "##" + word[start:end]
            if piece in vocab:
                break
        else:
            return [unknown]
        pieces.append(piece)
        start = end
    return pieces
