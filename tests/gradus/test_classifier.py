"""TokenClassifier: a linear layer on an encoder, which learns along."""

import pytest
import torch

from gradus.block import Block
from gradus.classifier import TokenClassifier
from gradus.encoder import BertEmbedding, Encoder

IDS = torch.tensor([[4, 3, 2, 7, 7], [9, 1, 3, 0, 0]])
PADDING = IDS != 0


@pytest.fixture
def encoder(randomise):
    return randomise(Encoder(BertEmbedding(11, 12, 9), [Block(12, 3, 10, pre_norm=False)]))


def test_it_is_a_linear_layer_on_the_encoder(encoder, randomise):
    model = randomise(TokenClassifier(encoder, 12, 5))
    wanted = encoder(IDS, PADDING) @ model.out.weight.T + model.out.bias
    torch.testing.assert_close(model(IDS, PADDING), wanted)
    torch.testing.assert_close(model(IDS[:1]), wanted[:1])


def test_the_encoder_learns_along(encoder):
    model = TokenClassifier(encoder, 12, 5).double()
    model(IDS, PADDING).square().sum().backward()
    assert encoder.embedding.tokens.weight.grad.abs().sum() > 0


def test_dropout_thins_what_the_encoder_gives_in_training_only(encoder, randomise):
    model = randomise(TokenClassifier(encoder, 12, 5, dropout=1.0))
    torch.testing.assert_close(model.train()(IDS), model.out.bias.expand(2, 5, 5))
    plain = TokenClassifier(encoder, 12, 5).double()
    plain.load_state_dict(model.state_dict())
    torch.testing.assert_close(model.eval()(IDS), plain.train()(IDS))
