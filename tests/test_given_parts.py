"""Modules that an answer is given to build with: made, loaded, and followed by the gradient."""

from copy import deepcopy

import pytest
import torch
from torch import nn

from autograder.answering import observe
from autograder.parts import FakeBlock, FakeEncoder
from autograder.stand_ins import Part, TorchPart
from autograder.trial import build
from autograder.words import Words

X = torch.randn(2, 3, 4)


class Wrap(nn.Module):
    """An answer that calls the part it was given."""

    def __init__(self, part):
        super().__init__()
        self.part = part

    def forward(self, x):
        return self.part(x)


class Copies(Wrap):
    def __init__(self, part):
        super().__init__(deepcopy(part))


class Freezes(Wrap):
    def __init__(self, part):
        super().__init__(part.requires_grad_(False))
        self.own = nn.Parameter(torch.ones(4))

    def forward(self, x):
        return self.part(x) * self.own


def gradients(answer):
    trial = build(TorchPart("Linear", (4, 4))).call(X).with_gradients()
    seen = observe(answer, trial)
    assert seen.raised is None
    return seen.gradients


def test_the_gradient_reaches_the_part_that_was_given_not_a_copy_of_it():
    assert gradients(Wrap)["given/0/weight"] is not None
    assert gradients(Copies)["given/0/weight"] is None
    assert gradients(Copies)["weight/part.weight"] is not None


def test_a_frozen_part_gets_no_gradient_and_is_no_error():
    found = gradients(Freezes)
    assert found["given/0/weight"] is None
    assert found["weight/own"] is not None


def test_a_part_is_named_in_words():
    told = Words("Wrap").given("given/0/weight")
    assert "weight" in told
    assert "given" in told


def test_parts_are_made_anew_for_every_object():
    trial = build([Part("block", (4,)), Part("block", (4,))])

    class Several(nn.Module):
        def __init__(self, parts):
            super().__init__()
            self.parts = nn.ModuleList(parts)

        def forward(self):
            return len({id(part) for part in self.parts})

    assert observe(Several, trial.call()).outputs == [2]


def test_a_fake_block_reads_what_the_mask_allows():
    block, mask = FakeBlock(4), torch.tensor([True, True, False])[None, None, None]
    changed = X.clone()
    changed[:, 2] += 1
    torch.testing.assert_close(block(X, mask)[:, :2], block(changed, mask)[:, :2])
    assert not torch.allclose(block(X)[:, :2], block(changed)[:, :2])
    with pytest.raises(TypeError, match="True and False"):
        block(X, mask.float())


def test_a_fake_encoder_needs_its_padding():
    encoder, ids = FakeEncoder(9, 4), torch.tensor([[1, 2, 3]])
    padding = torch.tensor([[True, True, False]])
    other = torch.tensor([[1, 2, 4]])
    torch.testing.assert_close(encoder(ids, padding)[:, :2], encoder(other, padding)[:, :2])
    assert not torch.allclose(encoder(ids)[:, :2], encoder(other)[:, :2])
