"""Adaptation held against torch's own training, the bytes of a text, and what it must not touch."""

import math

import pytest
import torch
from torch import Generator, nn

from gradus import adaptation
from gradus.adaptation import adapt


class Table(nn.Module):
    """Logits that depend on the last token; counts what it reads while it learns."""

    def __init__(self):
        super().__init__()
        self.table = nn.Parameter(torch.zeros(8, 8))
        self.read = []

    def forward(self, ids):
        if self.training:
            self.read.append(ids)
        return self.table[ids]


def texts():
    """A general text of tokens 0 to 3, a domain of tokens 4 to 7."""
    dice = Generator().manual_seed(0)
    general = torch.randint(4, (300,), generator=dice)
    domain = torch.randint(4, 8, (200,), generator=dice)
    return (general, general[:101], 250), (domain, domain[:51], 70)


@pytest.mark.parametrize("fraction", [0.0, 0.03, 0.25, 0.6, 1.0])
def test_the_fraction_of_the_tokens_is_the_domains(fraction):
    model = Table()
    adapt(model, *texts(), fraction, 40, 5, 6, generator=Generator().manual_seed(1))
    read = torch.cat(model.read)
    assert read.shape == (200, 6)
    assert (read >= 4).all(1).sum() == round(200 * fraction)
    assert ((read >= 4).all(1) | (read < 4).all(1)).all()


def test_a_model_that_knows_nothing_needs_log2_of_the_vocabulary_for_each_token():
    report = adapt(Table(), *texts(), 0.5, 0, 4, 5)
    assert report["general"] == pytest.approx((3 * 101 / 250,) * 2)
    assert report["domain"] == pytest.approx((3 * 51 / 70,) * 2)


def test_the_domain_gets_better_and_without_general_text_that_is_forgotten():
    model = Table()
    adapt(model, *texts(), 0.0, 100, 8, 10, 0.1, Generator().manual_seed(0))
    mixed, alone = Table(), Table()
    mixed.load_state_dict(model.state_dict())
    alone.load_state_dict(model.state_dict())
    half = adapt(mixed, *texts(), 0.5, 60, 8, 10, 0.1, Generator().manual_seed(0))
    whole = adapt(alone, *texts(), 1.0, 60, 8, 10, 0.1, Generator().manual_seed(0))
    assert half["domain"][1] < half["domain"][0]
    assert whole["domain"][1] < whole["domain"][0]
    assert half["general"][1] < whole["general"][1]


def test_it_is_adamw_with_warm_up_and_cosine(monkeypatch):
    rates = []

    class Watched(torch.optim.AdamW):
        def step(self, *args, **kwargs):
            rates.append(self.param_groups[0]["lr"])
            return super().step(*args, **kwargs)

    monkeypatch.setattr(adaptation.torch.optim, "AdamW", Watched)
    adapt(Table(), *texts(), 0.5, 40, 4, 5, 0.2)
    assert rates[:5] == pytest.approx([0, 0.05, 0.1, 0.15, 0.2])
    assert rates[22] == pytest.approx(0.1)  # halfway down
    assert rates[39] == pytest.approx(0.1 * (1 + math.cos(math.pi * 35 / 36)))


@pytest.mark.parametrize("training", [True, False])
def test_the_mode_is_left_as_it_was_and_the_same_seed_gives_the_same_weights(training):
    models = [Table().train(training) for _ in range(2)]
    for model in models:
        adapt(model, *texts(), 0.4, 5, 4, 5, 0.1, Generator().manual_seed(3))
        assert model.training is training
    assert torch.equal(models[0].table, models[1].table)


@pytest.mark.parametrize("fraction", [-0.01, 1.01, 30.0])
def test_a_fraction_is_a_share(fraction):
    with pytest.raises(ValueError, match="the fraction is a share"):
        adapt(Table(), *texts(), fraction)
