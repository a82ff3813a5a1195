"""Gpt: held against GPT-2 as the transformers library computes it, and against its own laws."""

import math
from functools import partial

import pytest
import torch
from torch import nn

from gradus.activation import gelu
from gradus.block import Block
from gradus.cache import KVCache
from gradus.decoder import Gpt
from gradus.embedding import Embedding
from gradus.feedforward import FeedForward
from gradus.gpt2_weights import load_gpt2_weights
from gradus.initialise import init_weights
from gradus.norm import LayerNorm
from gradus.objective import lm_loss
from gradus.placing import place
from gradus.position import LearnedPositions
from tests.gradus.tiny_gpt import LAYERS, MAX_SEQ, VOCAB, WIDTH, tiny_gpt

PADDING = torch.tensor([[1, 1, 1, 1, 1, 1], [1, 1, 1, 1, 0, 0]]).bool()


@pytest.fixture
def ids(rng):
    return torch.randint(VOCAB, (2, 6), generator=rng)


@pytest.fixture
def published(randomise):
    """GPT-2 with 3 layers, every parameter random, from a configuration alone."""
    transformers = pytest.importorskip("transformers")
    config = transformers.GPT2Config(
        vocab_size=31, n_positions=9, n_embd=12, n_layer=3, n_head=3, n_inner=20,
        layer_norm_epsilon=0.1, embd_pdrop=0.0, attn_pdrop=0.0, resid_pdrop=0.0,
        attn_implementation="eager",
    )  # fmt: skip
    return randomise(transformers.GPT2LMHeadModel(config)).eval()


def gpt2(vocab=31, max_seq=9, width=12, layers=3, heads=3, d_ff=20, eps=0.1):
    return Gpt(
        Embedding(vocab, width),
        [
            Block(
                width,
                heads,
                d_ff,
                feedforward=FeedForward(width, d_ff, activation=partial(gelu, approximate=True)),
                norm=LayerNorm(width, eps),
            )
            for _ in range(layers)
        ],
        LayerNorm(width, eps),
        LearnedPositions(max_seq, width),
    ).double()


def test_logits_loss_and_gradients_are_those_of_gpt2(published):
    ours = gpt2()
    load_gpt2_weights(ours, published.state_dict())
    ids = torch.randint(31, (2, 7), generator=torch.Generator().manual_seed(3))
    padding = torch.tensor([[1] * 7, [1] * 4 + [0] * 3]).bool()
    labels = ids.masked_fill(~padding, -100)[:, 1:]

    theirs = published(ids, attention_mask=padding.long()).logits
    expected = nn.functional.cross_entropy(theirs[:, :-1].flatten(0, 1), labels.flatten())
    logits = ours(ids, padding)
    loss = lm_loss(logits, ids, padding)

    torch.testing.assert_close(logits[padding], theirs[padding])
    torch.testing.assert_close(loss, expected)
    loss.backward()
    expected.backward()
    mine, yours = ours.get_parameter, published.get_parameter
    for name, other in [
        ("tokens.weight", "transformer.wte.weight"),
        ("positions.weight", "transformer.wpe.weight"),
        ("blocks.2.feedforward.up.bias", "transformer.h.2.mlp.c_fc.bias"),
    ]:
        torch.testing.assert_close(mine(name).grad, yours(other).grad)
    torch.testing.assert_close(
        ours.blocks[1].attention.out.weight.grad,
        published.transformer.h[1].attn.c_proj.weight.grad.T,
    )


def test_padding_on_the_left_is_that_of_gpt2_with_its_positions_given(published):
    ours = gpt2()
    load_gpt2_weights(ours, published.transformer.state_dict())
    ids = torch.randint(31, (2, 6), generator=torch.Generator().manual_seed(3))
    padding = PADDING.flip(1)
    places = (padding.long().cumsum(-1) - 1).clamp(min=0)

    theirs = published(ids, attention_mask=padding.long(), position_ids=places).logits

    torch.testing.assert_close(ours(ids, padding)[padding], theirs[padding])


def test_piece_by_piece_with_caches_is_all_at_once(randomise, ids):
    for positions in (True, False):
        model = randomise(tiny_gpt(positions))
        caches = [KVCache() for _ in range(LAYERS)]
        pieces = [model(ids[:, a:b], caches=caches) for a, b in [(0, 3), (3, 4), (4, 6)]]
        torch.testing.assert_close(torch.cat(pieces, dim=1), model(ids))


def test_caches_and_padding_on_the_left_work_together(randomise, ids):
    model = randomise(tiny_gpt())
    padding = PADDING.flip(1)
    caches = [KVCache() for _ in range(LAYERS)]
    pieces = [model(ids[:, :b][:, a:], padding[:, :b], caches) for a, b in [(0, 1), (1, 4), (4, 6)]]
    whole = model(ids, padding)
    torch.testing.assert_close(torch.cat(pieces, dim=1)[padding], whole[padding])
    torch.testing.assert_close(whole[1, 2:], model(ids[1:, 2:])[0])


@pytest.mark.parametrize("changed", range(1, 6))
def test_future_tokens_change_nothing(changed, randomise, ids):
    model = randomise(tiny_gpt())
    other = ids.clone()
    other[:, changed:] = (other[:, changed:] + 1) % VOCAB
    before, after = model(ids), model(other)
    assert torch.equal(before[:, :changed], after[:, :changed])
    assert not torch.allclose(before[:, changed], after[:, changed])


def test_texts_of_a_batch_do_not_see_each_other(randomise, ids):
    model = randomise(tiny_gpt())
    torch.testing.assert_close(model(ids)[1:], model(ids[1:]))


def test_a_head_of_its_own_is_used(randomise, ids):
    model = tiny_gpt()
    model.head = nn.Linear(WIDTH, 5)
    randomise(model)
    assert model(ids).shape == (2, 6, 5)


def test_a_text_that_is_too_long_is_refused(randomise):
    model = randomise(tiny_gpt())
    assert model(torch.zeros(1, MAX_SEQ, dtype=torch.int64)).shape == (1, MAX_SEQ, VOCAB)
    with pytest.raises(ValueError, match="max_seq"):
        model(torch.zeros(1, MAX_SEQ + 1, dtype=torch.int64))


def test_an_untrained_model_knows_nothing(rng):
    model = tiny_gpt()
    init_weights(model, LAYERS, generator=rng)
    ids = torch.randint(VOCAB, (8, 9), generator=rng)
    assert lm_loss(model(ids), ids).item() == pytest.approx(math.log(VOCAB), abs=0.01)


def test_it_runs_on_this_device(device, ids):
    model = tiny_gpt().to(device)
    assert model(ids.to(device), PADDING.flip(1).to(device)).device.type == device.type


def test_place_counts_from_the_first_real_token(randn):
    positions = LearnedPositions(4, 3).double()
    x = randn(3, 4, 3)
    padding = torch.tensor([[1, 1, 1, 1], [0, 1, 1, 1], [0, 0, 0, 1]]).bool()
    added = place(positions, x, 0, padding) - x
    table = positions.weight
    torch.testing.assert_close(added[0], table)
    torch.testing.assert_close(added[1], torch.cat([table[:1] * 0, table[:3]]))
    torch.testing.assert_close(added[2], torch.cat([table[:3] * 0, table[:1]]))
