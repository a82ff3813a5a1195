"""Decoding with caches equals decoding without, in every family that decodes."""

import pytest
import torch

from gradus.cache import KVCache
from tests.gradus.zoo.pair import LEFT, RIGHT, SEQ
from tests.gradus.zoo.pairs import loaded

CHUNKS = [[1] * SEQ, [SEQ], [3, 4], [1, 5, 1]]


@pytest.mark.parametrize("chunks", CHUNKS, ids=str)
@pytest.mark.parametrize("name", ["gpt2", "bloom", "llama"])
def test_decoders_with_padding_before_the_text(name, chunks):
    pair = loaded(name)
    ids, caches, parts, past = pair.ask_ours["ids"], [KVCache() for _ in pair.ours.blocks], [], 0
    for part in ids.split(chunks, dim=1):
        past += part.shape[1]
        parts.append(pair.ours(part, LEFT[:, :past], caches))

    torch.testing.assert_close(
        torch.cat(parts, dim=1)[LEFT], pair.our_logits()[LEFT], rtol=0, atol=1e-10
    )


@pytest.mark.parametrize("name", ["gpt2", "bloom", "llama"])
def test_padding_before_a_text_changes_nothing(name):
    pair = loaded(name)
    logits = pair.our_logits()
    for row, real in enumerate(LEFT):
        alone = pair.ours(pair.ask_ours["ids"][row : row + 1, real])

        torch.testing.assert_close(logits[row, real], alone[0], rtol=0, atol=1e-10)


@pytest.mark.parametrize("chunks", CHUNKS, ids=str)
@pytest.mark.parametrize("name", ["t5", "t5-v1.1", "bart", "transformer"])
def test_encoder_decoders(name, chunks):
    pair = loaded(name)
    asked = pair.ask_ours
    source_padding = asked["source_padding"]
    memory = pair.ours.encode(asked["source"], source_padding)
    caches, parts, past = [KVCache() for _ in pair.ours.blocks], [], 0
    for part in asked["target"].split(chunks, dim=1):
        past += part.shape[1]
        parts.append(pair.ours.decode(part, memory, source_padding, RIGHT[:, :past], caches))

    torch.testing.assert_close(
        torch.cat(parts, dim=1)[RIGHT], pair.our_logits()[RIGHT], rtol=0, atol=1e-10
    )
