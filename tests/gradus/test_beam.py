"""beam_search and sequence_log_prob: worked examples, all texts tried, ends and lengths."""

import itertools

import pytest
import torch
from torch import nn

from gradus.beam import beam_search
from gradus.generation import generate
from gradus.likelihood import sequence_log_prob
from tests.gradus.tiny_gpt import tiny_gpt


class Chain(nn.Module):
    """What follows a token depends on that token alone."""

    def __init__(self, shares):
        super().__init__()
        self.table = torch.tensor(shares, dtype=torch.float64).log()

    def forward(self, ids, padding=None):
        return self.table[ids]


# After 0, token 1 is likelier than 2; but after 2 all is certain, and after 1 all is open.
TRAP = Chain([[0, 0.6, 0.4, 0], [0.3, 0.3, 0.2, 0.2], [0, 0, 0, 1.0], [1.0, 0, 0, 0]])


def test_the_likeliest_text_does_not_start_with_the_likeliest_token():
    start = torch.tensor([0])
    narrow, low = beam_search(TRAP, start, 2, 1, alpha=0.0)
    wide, high = beam_search(TRAP, start, 2, 2, alpha=0.0)
    assert narrow.tolist() == [0, 1, 0]
    assert wide.tolist() == [0, 2, 3]
    assert low.exp().item() == pytest.approx(0.18)
    assert high.exp().item() == pytest.approx(0.4)


@pytest.mark.parametrize("alpha", [0.0, 1.0, 2.5])
def test_with_beams_enough_it_tries_everything(alpha, rng):
    model = Chain(torch.rand(4, 4, generator=rng).tolist())
    model.table = model.table.log_softmax(-1)
    texts = []
    for length in (1, 2, 3):
        for tail in itertools.product(range(4), repeat=length):
            ends = [token == 2 for token in tail]
            if not any(ends[:-1]) and (ends[-1] or length == 3):
                texts.append(
                    (
                        sum(model.table[a, b] for a, b in zip((1, *tail), tail, strict=False))
                        / length**alpha,
                        tail,
                    )
                )
    best, tail = max(texts)
    text, score = beam_search(model, torch.tensor([1]), 3, 64, eos=2, alpha=alpha)
    assert text.tolist() == [1, *tail]
    assert score.item() == pytest.approx(best.item())


def test_long_texts_are_favoured_by_alpha():
    model = Chain([[0.0, 0.5, 0.5], [0.05, 0.05, 0.9], [0, 0, 1]])
    for alpha, expected in ((0.0, [0, 2]), (1.0, [0, 1, 2])):
        assert (
            beam_search(model, torch.tensor([0]), 4, 3, eos=2, alpha=alpha)[0].tolist() == expected
        )


def test_a_text_that_had_to_stop_counts_too():
    model = Chain([[0.9, 0.1], [0.5, 0.5]])
    text, score = beam_search(model, torch.tensor([0]), 3, 4, eos=1, alpha=1.0)
    assert text.tolist() == [0, 0, 0, 0]
    assert score.exp().item() == pytest.approx(0.9)


def test_log_probs_by_hand():
    model = Chain([[0.5, 0.25, 0.25], [0.1, 0.1, 0.8], [1 / 3, 1 / 3, 1 / 3]])
    ids = torch.tensor([[0, 1, 2, 0], [0, 0, 1, 2]])
    whole = sequence_log_prob(model, ids).exp()
    torch.testing.assert_close(whole, torch.tensor([0.2 / 3, 0.1]).double())
    torch.testing.assert_close(
        sequence_log_prob(model, ids, prompt=2, eos=2).exp(), torch.tensor([0.8, 0.2]).double()
    )
    assert sequence_log_prob(model, ids, prompt=4).tolist() == [0, 0]


def test_padding_has_no_say(randomise):
    model = randomise(tiny_gpt())
    alone = sequence_log_prob(model, torch.tensor([[3, 5, 7]]))
    ids = torch.tensor([[1, 1, 3, 5, 7], [3, 5, 7, 1, 1]])
    real = torch.tensor([[0, 0, 1, 1, 1], [1, 1, 1, 0, 0]]).bool()
    torch.testing.assert_close(sequence_log_prob(model, ids[1:], 1, real[1:]), alone)
    torch.testing.assert_close(sequence_log_prob(model, ids[:1], 3, real[:1]), alone)


def test_gradients_flow(randomise):
    model = randomise(tiny_gpt())
    sequence_log_prob(model, torch.tensor([[3, 5, 7]])).sum().backward()
    assert model.tokens.weight.grad.any()


def test_what_makes_no_sense_is_refused():
    with pytest.raises(ValueError, match="prompt=0"):
        sequence_log_prob(TRAP, torch.tensor([[0, 1]]), prompt=0)
    for wrong in (
        (torch.zeros(0, dtype=torch.long), 1, 1),
        (torch.tensor([0]), 0, 1),
        (torch.tensor([0]), 1, 0),
    ):
        with pytest.raises(ValueError, match=r"begin with|least"):
            beam_search(TRAP, *wrong)


def test_one_beam_is_greedy(randomise, rng):
    model = randomise(tiny_gpt(positions=False))
    for parameter in model.parameters():
        parameter.data *= 0.5
    for start in range(8):
        ids = torch.tensor([[start, 3]])
        expected = generate(model, ids, 6, eos=5, temperature=0.0)
        text, _ = beam_search(model, ids[0], 6, 1, eos=5, alpha=2.0)
        assert text.tolist() == expected[0].tolist()
