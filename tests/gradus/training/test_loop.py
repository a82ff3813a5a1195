"""The training loop: it learns, it can be left and taken up again, it says what it did."""

import math

import pytest
import torch
from torch import nn

from gradus.block import Block
from gradus.decoder import Gpt
from gradus.embedding import Embedding
from gradus.norm import LayerNorm
from gradus.position import LearnedPositions
from gradus.training import Settings, load_checkpoint, save_checkpoint, train
from gradus.training.loop import evaluate, make_optimizer


def model(seed=0, dropout=0.0):
    torch.manual_seed(seed)
    tokens = Embedding(13, 24)
    nn.init.normal_(tokens.weight, std=0.02)
    blocks = [Block(24, 3, 48, dropout=dropout) for _ in range(2)]
    return Gpt(tokens, blocks, LayerNorm(24), LearnedPositions(8, 24))


def text(length=9, seed=0):
    return torch.randint(13, (length,), generator=torch.Generator().manual_seed(seed))


def run(gpt, settings, **more):
    return list(train(gpt, text(200), settings, progress=False, **more))


def test_it_learns_one_text_by_heart():
    """Of 9 tokens there is one window of 8: every batch holds it again and again."""
    gpt = model()
    steps = list(
        train(gpt, text(), Settings(60, batch=2, seq=8, peak=1e-2, warmup=5), progress=False)
    )
    assert steps[0].loss == pytest.approx(math.log(13), abs=0.2)
    assert steps[-1].loss < 0.05
    assert evaluate(gpt, text(), 8) < 0.05
    assert [step.step for step in steps] == list(range(60))


def test_four_pieces_are_one_batch_of_four_times_the_size():
    gpt, other = model(), model()
    generator = torch.Generator().manual_seed(5)
    many = run(gpt, Settings(1, batch=2, seq=8, pieces=4, warmup=0), generator=generator)
    generator = torch.Generator().manual_seed(5)
    windows = [torch.randint(192, (2, 1), generator=generator) for _ in range(4)]
    x = text(200)[torch.cat(windows) + torch.arange(8)]
    y = text(200)[torch.cat(windows) + torch.arange(1, 9)]
    loss = nn.functional.cross_entropy(other(x).flatten(0, 1), y.flatten())
    assert many[0].loss == pytest.approx(loss.item(), rel=1e-5)


def test_a_run_that_was_saved_goes_on_to_the_last_bit(tmp_path):
    """With dropout, so that torch's global random numbers matter as well."""
    settings = Settings(8, batch=3, seq=8, warmup=2)
    whole = model(dropout=0.3)
    generator = torch.Generator().manual_seed(1)
    torch.manual_seed(77)
    expected = run(whole, settings, generator=generator)

    first, generator = model(dropout=0.3), torch.Generator().manual_seed(1)
    optimizer = make_optimizer(first, settings)
    torch.manual_seed(77)
    for step in train(first, text(200), settings, optimizer, generator, progress=False):
        if step.step == 4:
            save_checkpoint(tmp_path / "run.pt", first, optimizer, 5, generator, {"a": [1]})
            break

    second, generator = model(seed=9, dropout=0.3), torch.Generator()
    optimizer = make_optimizer(second, settings)
    torch.manual_seed(3)
    start, notes = load_checkpoint(tmp_path / "run.pt", second, optimizer, generator)
    rest = run(second, settings, optimizer=optimizer, generator=generator, start=start)

    assert notes == {"a": [1]}
    assert rest == expected[5:]
    for one, other in zip(whole.parameters(), second.parameters(), strict=True):
        assert torch.equal(one, other)


def test_a_save_that_breaks_leaves_the_last_one_whole(tmp_path):
    gpt = model()
    optimizer = make_optimizer(gpt, Settings(1))
    path = tmp_path / "runs" / "run.pt"
    save_checkpoint(path, gpt, optimizer, 5)
    with pytest.raises(Exception, match="pickle"):
        save_checkpoint(path, gpt, optimizer, 6, notes={"not plain": lambda: 0})
    assert load_checkpoint(path, gpt)[0] == 5
    assert [file.name for file in path.parent.iterdir()] == ["run.pt"]


def test_a_missing_generator_is_told(tmp_path):
    gpt = model()
    save_checkpoint(tmp_path / "run.pt", gpt, make_optimizer(gpt, Settings(1)), 0)
    with pytest.raises(ValueError, match="no generator"):
        load_checkpoint(tmp_path / "run.pt", gpt, generator=torch.Generator())


def test_norms_and_biases_do_not_decay():
    gpt = model()
    decaying, others = make_optimizer(gpt, Settings(1)).param_groups
    assert decaying["weight_decay"] == 0.1
    assert others["weight_decay"] == 0
    assert all(p.dim() == 1 for p in others["params"])
    both = [*decaying["params"], *others["params"]]
    assert len(both) == len(set(map(id, both))) == len(list(gpt.parameters()))


def test_the_rate_rises_falls_and_stays_in_train_mode():
    gpt = model()
    steps = []
    for step in train(gpt, text(200), Settings(6, seq=8, warmup=2), progress=False):
        steps.append(step)
        assert gpt.training
        gpt.eval()  # as a caller who writes a sample would
    rates = [step.lr for step in steps]
    assert rates[0] == 0 < rates[1] < rates[2] == 1e-3 > rates[3] > rates[5] > 1e-4


def test_a_loss_that_is_no_number_ends_the_run():
    gpt = model()
    nn.init.constant_(gpt.norm.weight, float("nan"))
    with pytest.raises(ValueError, match="the loss is nan at step 0"):
        run(gpt, Settings(3, seq=8, warmup=0))


def test_evaluate_trains_nothing_and_leaves_the_mode(rng):
    gpt = model(dropout=0.5)
    first, again = evaluate(gpt, text(200), 8), evaluate(gpt, text(200), 8)
    assert first == again
    assert gpt.training
    assert all(p.grad is None for p in gpt.parameters())
    with pytest.raises(ValueError, match="a window of 8"):
        evaluate(gpt, text(8), 8)


def test_it_trains_on_this_device(device):
    gpt = model().to(device)
    steps = list(
        train(
            gpt, text(200), Settings(3, seq=8, warmup=1, half=device.type == "cuda"), progress=False
        )
    )
    assert math.isfinite(steps[-1].loss)
