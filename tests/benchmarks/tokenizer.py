"""How fast a tokenizer learns and encodes: ours, a naive trainer, and the `tokenizers` package.

    python -m tests.benchmarks.tokenizer [--json] [--bytes 1000000] [--vocab 2048]

All learn from the same text (Python's documentation and docstrings), one after the other in one
process. The naive trainer, `gradus.bpe.train_bpe`, learns a few merges only and is then compared
with ours over just those. Where ours learns exactly what another did, `same_merges` says so.
"""

import argparse
import ast
import json
import os
import platform
import sysconfig
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import tokenizers
from tokenizers import models, pre_tokenizers, trainers

from gradus.bpe import train_bpe
from gradus.data import python_docs
from gradus.splitting import split_words
from gradus.tokenizer import Tokenizer

NAIVE_MERGES = 8


def corpus(size: int) -> str:
    """Return so many bytes of ASCII text: help topics, then docstrings of the standard library."""
    text = python_docs()
    for path in sorted(Path(sysconfig.get_path("stdlib")).glob("*.py")):
        if len(text) >= 1.01 * size:
            break
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef):
                text += (ast.get_docstring(node) or "") + "\n"
    return text.encode("ascii", errors="ignore").decode()[:size]


def timed(work: Callable[[], Any]) -> tuple[Any, dict[str, float]]:
    """Return the result, and the seconds it took by the clock and on the processor."""
    clock, processor = time.perf_counter(), time.process_time()
    result = work()
    return result, {
        "seconds": round(time.perf_counter() - clock, 3),
        "processor_seconds": round(time.process_time() - processor, 3),
    }


def package_tokenizer() -> tokenizers.Tokenizer:
    """An untrained byte-level BPE of the `tokenizers` package."""
    made = tokenizers.Tokenizer(models.BPE())
    made.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
    return made


def measure(size: int, vocab_size: int) -> dict[str, Any]:
    """Run all and return the numbers."""
    text = corpus(size)
    ours, training = timed(lambda: Tokenizer.train(text, vocab_size))
    again = Tokenizer(ours.merges)  # remembers no words yet
    ids, encoding = timed(lambda: again.encode(text))
    back, decoding = timed(lambda: again.decode(ids))

    naive, naive_training = timed(lambda: train_bpe(text, 256 + NAIVE_MERGES))
    few, few_training = timed(lambda: Tokenizer.train(text, 256 + NAIVE_MERGES))

    package = package_tokenizer()
    trainer = trainers.BpeTrainer(
        vocab_size=vocab_size,
        show_progress=False,
        initial_alphabet=pre_tokenizers.ByteLevel.alphabet(),
    )
    _, package_training = timed(lambda: package.train_from_iterator([text], trainer))
    theirs, package_encoding = timed(lambda: package.encode(text).ids)
    return {
        "python": platform.python_version(),
        "tokenizers": tokenizers.__version__,
        "cores": os.cpu_count(),
        "load": round(os.getloadavg()[0], 1),
        "text": {
            "bytes": len(text.encode()),
            "words": len(words := split_words(text)),
            "distinct_words": len(set(words)),
        },
        "vocab_size": vocab_size,
        "gradus": {
            "train": training,
            "encode": encoding,
            "decode": decoding,
            "tokens": len(ids),
            "round_trip": back == text,
        },
        "naive": {
            "merges": NAIVE_MERGES,
            "train": naive_training,
            "gradus_train": few_training,
            "same_merges": naive == few.merges,
            "estimated_train_seconds": round(
                naive_training["seconds"] / NAIVE_MERGES * len(ours.merges)
            ),
        },
        "tokenizers_package": {
            "train": package_training,
            "encode": package_encoding,
            "tokens": len(theirs),
        },
    }


def show(found: dict[str, Any]) -> None:
    """Print the numbers as a table."""
    text = found["text"]
    print(
        f"{text['bytes']:,} bytes, {text['distinct_words']:,} distinct words of {text['words']:,}"
    )
    print(f"{'':24}{'train, s':>12}{'encode, s':>12}{'tokens':>12}")
    for name in ("gradus", "tokenizers_package"):
        one = found[name]
        print(
            f"{name:24}{one['train']['seconds']:12.2f}{one['encode']['seconds']:12.2f}"
            f"{one['tokens']:12,}"
        )
    naive = found["naive"]
    print(
        f"The naive trainer takes {naive['train']['seconds']:.1f} s for {naive['merges']} merges, "
        f"so about {naive['estimated_train_seconds']} s for all; same merges: "
        f"{naive['same_merges']}."
    )


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--json", action="store_true", help="print JSON")
    parser.add_argument("--bytes", type=int, default=1_000_000)
    parser.add_argument("--vocab", type=int, default=2048)
    given = parser.parse_args()
    numbers = measure(given.bytes, given.vocab)
    print(json.dumps(numbers, indent=2)) if given.json else show(numbers)
