"""Our tokenizers rebuilt with the `tokenizers` package, to be held against it."""

import json
from collections.abc import Sequence

import tokenizers
from tokenizers import AddedToken, models, pre_tokenizers, trainers

from gradus.splitting import split_words
from gradus.tokenizer import Tokenizer

# One character for each byte, in the order of the bytes, and no space among them.
SIGNS = [chr(0x2800 + byte) for byte in range(256)]


def merges_of_package(text: str, vocab_size: int) -> list[tuple[int, int]]:
    """Train the package's BPE on the words of a text, with ids 0 to 255 for the bytes in order."""
    signs = " ".join("".join(SIGNS[byte] for byte in word.encode()) for word in split_words(text))
    package = tokenizers.Tokenizer(models.BPE())
    package.pre_tokenizer = pre_tokenizers.WhitespaceSplit()
    package.train_from_iterator(
        [signs],
        trainers.BpeTrainer(vocab_size=vocab_size, initial_alphabet=SIGNS, show_progress=False),
    )
    model = json.loads(package.to_str())["model"]
    return [(model["vocab"][left], model["vocab"][right]) for left, right in model["merges"]]


def printable_bytes() -> dict[int, str]:
    """The characters that GPT-2's files write bytes as, from openai/gpt-2's encoder.py."""
    kept = [*range(ord("!"), ord("~") + 1), *range(ord("¡"), ord("¬") + 1)]
    kept += range(ord("®"), ord("ÿ") + 1)
    others = [byte for byte in range(256) if byte not in kept]
    return {b: chr(b) for b in kept} | {b: chr(256 + n) for n, b in enumerate(others)}


def as_package(merges: Sequence[tuple[int, int]], specials: Sequence[str]) -> tokenizers.Tokenizer:
    """The package's byte-level BPE with our merges and our ids."""
    sign = printable_bytes()
    names = ["".join(sign[b] for b in token) for token in Tokenizer(merges).vocabulary]
    package = tokenizers.Tokenizer(
        models.BPE(
            vocab={name: i for i, name in enumerate(names)},
            merges=[(names[left], names[right]) for left, right in merges],
        )
    )
    package.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
    package.add_special_tokens([AddedToken(special, normalized=False) for special in specials])
    return package
