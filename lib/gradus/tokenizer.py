"""The tokenizer that the library uses: byte-level BPE as in `gradus.bpe`, made for long texts."""

from collections import Counter
from collections.abc import Iterable, Sequence
from functools import lru_cache
from itertools import pairwise

from gradus.bpe import merge_pair
from gradus.incremental_bpe import learn_merges
from gradus.splitting import split_specials, split_words

WORDS_REMEMBERED = 2**17  # texts repeat their words, so nearly all are looked up


class Tokenizer:
    """Turns text into ids and back.

    Ids 0 to 255 are the bytes, 256 + i is what `merges[i]` makes, and the `specials` come last.
    `vocabulary[id]` holds the bytes of every id; `len(tokenizer)` counts them.
    """

    def __init__(self, merges: Sequence[tuple[int, int]], specials: Sequence[str] = ()) -> None:
        self.merges = list(merges)
        self.specials = tuple(specials)
        self.vocabulary = [bytes([byte]) for byte in range(256)]
        for left, right in self.merges:
            new = len(self.vocabulary)
            if not (0 <= left < new and 0 <= right < new):
                raise ValueError(
                    f"merge {new - 256} joins {left} and {right}, but may only join ids made "
                    f"before it: 0 to {new - 1}"
                )
            self.vocabulary.append(self.vocabulary[left] + self.vocabulary[right])
        if "" in self.specials or len(set(self.specials)) < len(self.specials):
            raise ValueError(f"specials must differ and not be empty: {list(self.specials)}")
        self.vocabulary += [special.encode() for special in self.specials]
        self._rank = {pair: i for i, pair in enumerate(self.merges)}
        self._special_ids = {
            special: 256 + len(self.merges) + i for i, special in enumerate(self.specials)
        }
        self._ids_of_word = lru_cache(WORDS_REMEMBERED)(self._merge)

    @classmethod
    def train(
        cls, text: str, vocab_size: int, specials: Sequence[str] = (), progress: bool = False
    ) -> "Tokenizer":
        """Learn a vocabulary of `vocab_size` from a text, or a smaller one if no pair is left.

        Raises ValueError when there is no text, or no room for the bytes and the specials.
        """
        wanted = vocab_size - 256 - len(specials)
        if wanted < 0:
            raise ValueError(
                f"vocab_size={vocab_size} has no room for 256 bytes and {len(specials)} specials: "
                f"make it at least {256 + len(specials)}"
            )
        words: Counter[str] = Counter()
        for piece in split_specials(text, specials):
            if piece not in specials:
                words.update(split_words(piece))
        if not words:
            raise ValueError("there is no text to learn from: give some besides the specials")
        return cls(learn_merges(words, wanted, progress), specials)

    def encode(self, text: str) -> list[int]:
        """Return the ids of a text."""
        ids: list[int] = []
        for piece in split_specials(text, self.specials):
            if piece in self._special_ids:
                ids.append(self._special_ids[piece])
            else:
                for word in split_words(piece):
                    ids += self._ids_of_word(word)
        return ids

    def decode(self, ids: Iterable[int]) -> str:
        """Return the text of ids; bytes that are no UTF-8 become the replacement character, U+FFFD.

        Raises ValueError for an id that is not in the vocabulary.
        """
        return b"".join(self.token(one) for one in ids).decode("utf-8", errors="replace")

    def token(self, one: int) -> bytes:
        """Return the bytes of one id; raises ValueError when it is not in the vocabulary."""
        if not 0 <= one < len(self.vocabulary):
            last = len(self.vocabulary) - 1
            raise ValueError(f"there is no token {one}: the ids go from 0 to {last}")
        return self.vocabulary[one]

    def __len__(self) -> int:
        """Ids there are: bytes, merges and specials."""
        return len(self.vocabulary)

    def _merge(self, word: str) -> list[int]:
        """Merge the bytes of one word, the pair that was learned first before all others."""
        ids = list(word.encode())
        never = len(self.merges)
        while len(ids) > 1:
            first = min(pairwise(ids), key=lambda pair: self._rank.get(pair, never))
            if first not in self._rank:
                break
            ids = merge_pair(ids, first, 256 + self._rank[first])
        return ids
