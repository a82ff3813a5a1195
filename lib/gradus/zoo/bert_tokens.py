"""BERT's tokenizer: plain words in small letters, cut by WordPiece as in lesson 02.

Devlin et al. 2018, https://arxiv.org/abs/1810.04805
"""

import unicodedata
from collections.abc import Iterable, Sequence

from gradus.wordpiece import wordpiece_encode


def is_sign(character: str) -> bool:
    """Tell whether a character is a word of its own: punctuation, symbols of ASCII, Han signs."""
    code = ord(character)
    if code < 128:
        return character.isprintable() and not character.isalnum() and character != " "
    han = ((0x3400, 0x4DBF), (0x4E00, 0x9FFF), (0xF900, 0xFAFF), (0x20000, 0x2CEAF))
    if any(low <= code <= high for low, high in han):
        return True
    return unicodedata.category(character).startswith("P")


def plain_words(text: str) -> list[str]:
    """Cut a text into words and signs, in small letters, without accents."""
    kept = []
    for character in unicodedata.normalize("NFD", text.lower()):
        kind = unicodedata.category(character)
        if character.isspace():
            kept.append(" ")
        elif kind == "Mn" or kind in ("Cc", "Cf") or character == "\ufffd":
            continue
        else:
            kept.append(f" {character} " if is_sign(character) else character)
    return "".join(kept).split()


class BertTokenizer:
    """Turns text into the ids of an uncased BERT and back; `vocab` is in the order of the ids."""

    def __init__(self, vocab: Sequence[str]) -> None:
        self.vocab = list(vocab)
        self.ids = {piece: i for i, piece in enumerate(self.vocab)}

    def encode(self, text: str) -> list[int]:
        """Return [CLS], the ids of the text's pieces, [SEP]; names of specials are plain text."""
        pieces = [p for word in plain_words(text) for p in wordpiece_encode(word, self.ids)]
        return [self.ids[piece] for piece in ("[CLS]", *pieces, "[SEP]")]

    def decode(self, ids: Iterable[int]) -> str:
        """Return the pieces of ids as a text: spaces between words, none within them."""
        return " ".join(self.vocab[one] for one in ids).replace(" ##", "")

    def __len__(self) -> int:
        """Ids there are."""
        return len(self.vocab)
