"""SmolLM2's tokenizer: byte-level BPE as in lesson 02, with a published vocabulary.

Its ids are in another order than those of `gradus.tokenizer`, and every digit is a word of its own.
"""

import re
import unicodedata
from collections.abc import Iterable, Sequence
from functools import lru_cache
from itertools import pairwise

from gradus.bpe import merge_pair
from gradus.splitting import split_specials, split_words

# Digits of all scripts, fractions and the like.
_NUMERIC = "".join(c for c in map(chr, range(0x20000)) if unicodedata.category(c)[0] == "N")
_DIGIT = re.compile(f"([{_NUMERIC}])")


def sign_of_byte() -> dict[int, str]:
    """Return the character that GPT-2's files write each byte as.

    Bytes that print as themselves stay; the others follow from U+0100 on, so a space is "Ġ".
    """
    ranges = (range(0x21, 0x7F), range(0xA1, 0xAD), range(0xAE, 0x100))
    signs = {byte: chr(byte) for some in ranges for byte in some}
    others = [byte for byte in range(256) if byte not in signs]
    return signs | {byte: chr(256 + i) for i, byte in enumerate(others)}


class Smollm2Tokenizer:
    """Turns text into SmolLM2's ids and back.

    `tokens` are the vocabulary in the order of the ids, written in GPT-2's signs; `merges` are
    pairs of tokens with a space between them; `specials` are the ids of special tokens, which
    stand as they are. A byte that is not in the vocabulary becomes id `unknown`.
    """

    def __init__(
        self,
        tokens: Sequence[str],
        merges: Sequence[str],
        specials: Iterable[int],
        unknown: int = 0,
    ) -> None:
        byte_of_sign = {sign: byte for byte, sign in sign_of_byte().items()}
        self.ids = {token: i for i, token in enumerate(tokens)}
        self.special_ids = {tokens[i]: i for i in specials}
        self.vocabulary = [
            token.encode()
            if token in self.special_ids
            else bytes(byte_of_sign[sign] for sign in token)
            for token in tokens
        ]
        self.of_byte = [self.ids.get(sign, unknown) for _, sign in sorted(sign_of_byte().items())]
        self.made: dict[tuple[int, int], int] = {}
        for merge in merges:
            left, right = merge.split(" ")
            self.made.setdefault((self.ids[left], self.ids[right]), self.ids[left + right])
        self.rank = {pair: i for i, pair in enumerate(self.made)}
        self._ids_of_word = lru_cache(2**16)(self._merge)

    def encode(self, text: str) -> list[int]:
        """Return the ids of a text; the names of special tokens in it become these tokens."""
        ids: list[int] = []
        for piece in split_specials(text, list(self.special_ids)):
            if piece in self.special_ids:
                ids.append(self.special_ids[piece])
                continue
            for part in _DIGIT.split(piece):
                for word in split_words(part):
                    ids += self._ids_of_word(word)
        return ids

    def decode(self, ids: Iterable[int]) -> str:
        """Return the text of ids; bytes that are no UTF-8 become the replacement character."""
        return b"".join(self.vocabulary[one] for one in ids).decode("utf-8", errors="replace")

    def __len__(self) -> int:
        """Ids there are."""
        return len(self.vocabulary)

    def _merge(self, word: str) -> list[int]:
        """Merge the bytes of one word, the pair that was learned first before all others."""
        ids = [self.of_byte[byte] for byte in word.encode()]
        never = len(self.rank)
        while len(ids) > 1:
            first = min(pairwise(ids), key=lambda pair: self.rank.get(pair, never))
            if first not in self.rank:
                break
            ids = merge_pair(ids, first, self.made[first])
        return ids
