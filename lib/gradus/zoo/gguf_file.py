"""GGUF: the file format in which small quantised models are passed around.

The weights stand there in blocks of 4 or 8 bits a number; reading widens them to float32. The same
file holds the tokenizer.
"""

from functools import lru_cache
from pathlib import Path
from typing import Any

import numpy as np
import torch
from torch import Tensor


@lru_cache(maxsize=1)
def open_gguf(path: Path | str) -> Any:
    """Open a GGUF file; opening takes seconds, so the last one stays open.

    Raises ImportError, with the way out, when the package gguf is not installed.
    """
    try:
        from gguf import GGUFReader
    except ImportError as error:
        raise ImportError(
            'GGUF files are read by the package gguf: pip install "gradus-llm[weights]"'
        ) from error
    return GGUFReader(path)


def read_gguf(path: Path | str) -> dict[str, Tensor]:
    """Return all weights of a GGUF file by name, in float32. Raises as `open_gguf`."""
    reader = open_gguf(path)
    from gguf import dequantize  # open_gguf has said what to do without it

    return {
        tensor.name: torch.from_numpy(
            np.array(dequantize(tensor.data, tensor.tensor_type), dtype=np.float32)
        )
        for tensor in reader.tensors
    }


def read_gguf_field(path: Path | str, name: str) -> Any:
    """Return one of the values that a GGUF file holds beside weights, such as a list of tokens.

    Raises KeyError when there is none of that name, and as `open_gguf`.
    """
    return open_gguf(path).fields[name].contents()
