"""The two trained models that can be fetched, ready to use, each with its tokenizer.

`gradus fetch smollm2` and `gradus fetch minilm` get them; `gradus.data.published` says where they
are.
"""

from pathlib import Path

import torch

from gradus.decoder import Gpt
from gradus.encoder import Encoder
from gradus.zoo.bert import MINILM_L6, bert, load_bert
from gradus.zoo.bert_tokens import BertTokenizer
from gradus.zoo.gguf_file import read_gguf, read_gguf_field
from gradus.zoo.llama import SMOLLM2_135M, llama, load_llama_gguf
from gradus.zoo.loading import read_safetensors
from gradus.zoo.smollm2_tokens import Smollm2Tokenizer

SPECIAL = 3  # what GGUF calls a token that no text spells


def smollm2(path: Path | str) -> Gpt:
    """Return SmolLM2-135M-Instruct in float32, in eval mode; `path` is `published("smollm2")`.

    Raises ImportError, with the way out, when the package gguf is not installed.
    """
    state = read_gguf(path)
    with torch.device("meta"):  # no random weights, which would be thrown away
        model = llama(SMOLLM2_135M)
    model.to_empty(device="cpu")
    load_llama_gguf(model, state, SMOLLM2_135M)
    return model.eval()


def smollm2_tokenizer(path: Path | str) -> Smollm2Tokenizer:
    """Return SmolLM2's tokenizer, out of the same file; raises as `smollm2`.

    A turn of a chat is written <|im_start|>user, a new line, the text, <|im_end|>, a new line.
    """
    kinds = read_gguf_field(path, "tokenizer.ggml.token_type")
    return Smollm2Tokenizer(
        read_gguf_field(path, "tokenizer.ggml.tokens"),
        read_gguf_field(path, "tokenizer.ggml.merges"),
        [i for i, kind in enumerate(kinds) if kind == SPECIAL],
    )


def minilm(path: Path | str) -> Encoder:
    """Return MiniLM-L6 in float32, in eval mode; `path` is `published("minilm")`.

    A text's vector is the `mean_pool` of what the encoder returns.
    """
    model = bert(MINILM_L6)
    load_bert(model, read_safetensors(path))
    return model.eval()


def minilm_tokenizer(path: Path | str) -> BertTokenizer:
    """Return MiniLM's tokenizer; its vocabulary stands beside the weights at `path`."""
    vocab = Path(path).with_name("vocab.txt").read_text(encoding="utf-8")
    return BertTokenizer(vocab.splitlines())
