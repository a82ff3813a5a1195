"""generate: greedy paths, ends of texts, caches, padding and chance."""

import pytest
import torch
from torch import nn

from gradus.collate import collate
from gradus.generation import generate
from tests.gradus.tiny_gpt import MAX_SEQ, VOCAB, tiny_gpt


class Chain(nn.Module):
    """A model that says: after token t comes `after[t]`. Remembers how much it was given."""

    def __init__(self, after):
        super().__init__()
        self.after = torch.tensor(after)
        self.read = []

    def forward(self, ids, padding=None):
        assert not self.training
        assert not torch.is_grad_enabled()
        self.read.append(ids.shape[-1])
        return nn.functional.one_hot(self.after[ids], len(self.after)).float() * 50


def test_the_greedy_path_and_the_mode_it_is_left_in():
    model, ids = Chain([1, 2, 3, 0]), torch.tensor([[0], [2]])
    model.train()
    written = generate(model, ids, 4, temperature=0.0, cached=False)
    assert written.tolist() == [[0, 1, 2, 3, 0], [2, 3, 0, 1, 2]]
    assert model.training
    assert model.read == [1, 2, 3, 4]
    assert ids.tolist() == [[0], [2]]


def test_each_text_ends_by_itself_and_is_filled_up():
    model = Chain([1, 2, 3, 3])
    written = generate(model, torch.tensor([[0], [2]]), 9, eos=3, cached=False)
    assert written.tolist() == [[0, 1, 2, 3], [2, 3, 3, 3]]


def test_an_end_in_the_prompt_does_not_end_what_is_written():
    written = generate(Chain([1, 2, 3, 0]), torch.tensor([[3]]), 9, eos=3, cached=False)
    assert written.tolist() == [[3, 0, 1, 2, 3]]


def test_nothing_new_and_a_short_context():
    model = Chain([1, 2, 3, 0])
    assert generate(model, torch.tensor([[0, 1]]), 0, cached=False).tolist() == [[0, 1]]
    written = generate(model, torch.tensor([[0, 1, 2]]), 3, context=2, cached=False)
    assert written.tolist() == [[0, 1, 2, 3, 0, 1]]
    assert model.read == [2, 2, 2]


@pytest.mark.parametrize("context", [None, MAX_SEQ, 4])
def test_cached_is_uncached(context, randomise, rng):
    model = randomise(tiny_gpt(positions=context is not None))
    ids = torch.randint(VOCAB, (2, 3), generator=rng)
    ways = [
        generate(model, ids, 12, context=context, cached=cached, generator=seeded())
        for cached in (True, False)
    ]
    assert torch.equal(*ways)


@pytest.mark.parametrize("positions", [True, False])
def test_texts_of_different_lengths_are_written_as_if_alone(positions, randomise):
    model = randomise(tiny_gpt(positions))
    texts = [[3, 1, 4], [5], [9, 2]]
    ids, padding = collate(texts, 0, side="left")
    together = generate(model, ids, 5, padding, temperature=0.0)
    for row, text in zip(together, texts, strict=True):
        alone = generate(model, torch.tensor([text]), 5, temperature=0.0)
        assert row[-5 - len(text) :].tolist() == alone[0].tolist()


def seeded(seed=1):
    return torch.Generator().manual_seed(seed)


def test_the_seed_decides(randomise):
    model, ids = randomise(tiny_gpt()), torch.tensor([[1, 2]])
    for parameter in model.parameters():
        parameter.data /= 3
    first, again, other = (
        generate(model, ids, 7, generator=seeded(seed)).tolist() for seed in (1, 1, 2)
    )
    assert first == again != other


def test_filters_and_penalty_come_in_their_order():
    ids = torch.tensor([[0, 3, 1]])
    last = {"temperature": 0.0, "cached": False}
    # 2 would follow 1; a filter rules it out, and the tie of the others goes to the lowest id.
    barred = generate(
        Chain([1, 2, 2, 3]),
        ids,
        1,
        keep=lambda one: one.index_fill(-1, torch.tensor(2), -1),
        **last,
    )
    assert barred.tolist() == [[0, 3, 1, 0]]
    # Only what the temperature has flattened is under 30.
    seen = []
    generate(
        Chain([1, 2, 2, 3]), ids, 1, temperature=2.0, keep=lambda one: seen.append(one) or one,
        penalty=1.25, cached=False,
    )  # fmt: skip
    assert seen[0].tolist() == [[0, 0, 25, 0]]
    generate(
        Chain([1, 3, 2, 3]), ids, 1, temperature=2.0, keep=lambda one: seen.append(one) or one,
        penalty=1.25, cached=False,
    )  # fmt: skip
    assert seen[1].tolist() == [[0, 0, 0, 20]]


def test_what_makes_no_sense_is_refused():
    model, ids = Chain([0]), torch.tensor([[0, 0]])
    for wrong in (
        {"ids": ids[:, :0]},
        {"padding": torch.tensor([[True, False]])},
        {"temperature": -1.0},
        {"context": 0},
    ):
        with pytest.raises(ValueError, match="put|token|negative|nothing"):
            generate(model, **({"ids": ids, "new": 1, "cached": False} | wrong))


def test_it_writes_on_this_device(device):
    written = generate(
        tiny_gpt().to(device), torch.tensor([[1]], device=device), 3, generator=seeded()
    )
    assert written.device.type == device.type
