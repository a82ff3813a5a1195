"""cross_weights: the weights that the model itself used."""

import torch

from gradus.alignment import cross_weights
from gradus.block import Block
from gradus.decoder_block import DecoderBlock
from gradus.embedding import Embedding
from gradus.encoder import Encoder
from gradus.encoder_decoder import EncoderDecoder


def test_weights_are_those_that_the_output_is_made_of(randomise):
    tokens = Embedding(9, 8)
    encoder = Encoder(tokens, [Block(8, 2, 12)])
    model = randomise(EncoderDecoder(encoder, tokens, [DecoderBlock(8, 2, 12) for _ in range(3)]))
    source, target = torch.tensor([3, 4, 5, 0, 0]), torch.tensor([1, 2, 3])
    padding = torch.tensor([True, True, True, False, False])
    heard = []
    handle = model.blocks[0].cross.register_forward_hook(lambda *seen: heard.append(seen))
    weights = cross_weights(model, source, target, padding)
    handle.remove()
    assert weights.shape == (3, 2, 3, 5)
    assert not weights[..., 3:].any()
    torch.testing.assert_close(weights.sum(-1), torch.ones(3, 2, 3).double())
    layer, (_, memory), output = heard[0]
    values = layer.value(memory).view(1, 5, 2, 4).transpose(1, 2)
    mixed = (weights[0] @ values[0]).transpose(0, 1).flatten(1)
    torch.testing.assert_close(layer.out(mixed), output[0])
    assert not model.blocks[0].cross._forward_pre_hooks
