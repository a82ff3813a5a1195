import pytest
import torch

from gradus.attention import MultiHeadAttention, attend
from gradus.copying import Copyist, practise, repeated
from gradus.heads import split_heads
from gradus.mask import causal_mask

HEADS, D_MODEL, VOCAB, HALF = 4, 64, 256, 12


def copyist() -> Copyist:
    layers = [MultiHeadAttention(D_MODEL, HEADS, bias=False) for _ in range(2)]
    return Copyist(layers, D_MODEL, VOCAB)


def test_a_known_word_has_stood_there_before(rng):
    ids, known = repeated(50, 32, 1000, rng)

    lengths = (~known).sum(-1)
    for text, length in zip(ids.tolist(), lengths.tolist(), strict=True):
        assert text[length:] == text[:-length]
    assert set(lengths.tolist()) <= set(range(4, 17))
    assert len(set(lengths.tolist())) > 5


def test_the_future_changes_nothing():
    model = copyist()
    ids = torch.randint(VOCAB, (2, 10))
    other = ids.clone()
    other[:, 6:] = (other[:, 6:] + 1) % VOCAB

    with torch.no_grad():
        torch.testing.assert_close(model(ids)[:, :6], model(other)[:, :6])
        assert not torch.allclose(model(ids)[:, 6:], model(other)[:, 6:])


def test_streams_are_what_the_layers_read():
    model = copyist()
    ids = torch.randint(VOCAB, (2, 10))
    read = []
    for layer in model.layers:
        layer.register_forward_hook(lambda layer, x, output: read.append(x[0]))

    *streams, _ = model.streams(ids)

    for stream, x in zip(streams, read[:2], strict=True):
        torch.testing.assert_close(stream, x)


def test_practice_starts_near_a_blind_guess_and_reaches_every_parameter(rng):
    torch.manual_seed(0)
    model = copyist()

    [loss] = practise(model, steps=1, rng=rng)

    assert 5 < loss < 7  # ln 256 is 5.5
    assert all(p.grad is not None and p.grad.abs().sum() > 0 for p in model.parameters())


@pytest.mark.slow
@pytest.mark.parametrize("seed", [5, 6])
def test_it_learns_to_look_back(seed):
    torch.manual_seed(seed)
    model = copyist()
    list(practise(model))

    half = torch.randint(VOCAB, (100, HALF))
    ids = torch.cat([half, half], dim=1)
    with torch.no_grad():
        right = (model(ids[:, :-1]).argmax(-1) == ids[:, 1:])[:, HALF:].float().mean()
        weights = [
            attend(
                split_heads(layer.query(x), HEADS),
                split_heads(layer.key(x), HEADS),
                split_heads(layer.value(x), HEADS),
                causal_mask(2 * HALF),
            )[1]
            for layer, x in zip(model.layers, model.streams(ids), strict=False)
        ]
    previous = weights[0][..., :HALF, :HALF].diagonal(-1, -2, -1).mean((0, 2))
    induction = weights[1].diagonal(1 - HALF, -2, -1)[..., 1:].mean((0, 2))

    assert right > 0.9
    assert previous.max() > 0.5
    assert induction.max() > 0.7
