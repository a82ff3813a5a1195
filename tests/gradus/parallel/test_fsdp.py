"""FSDP of torch itself, in real processes: the model that one process makes, and 1/n of it held."""

import pytest
import torch

from gradus.adamw import adamw_step
from gradus.objective import lm_loss
from gradus.parallel.fsdp import SLOW, fsdp_train
from gradus.parallel.processes import run_processes
from tests.gradus.tiny_gpt import VOCAB, tiny_gpt


def texts(rows, seq, seed):
    ids = torch.randint(VOCAB, (rows, seq), generator=torch.Generator().manual_seed(seed))
    return ids, torch.ones_like(ids).bool()


@pytest.mark.slow
def test_fsdp_holds_a_part_and_makes_the_same_model():
    torch.manual_seed(2304)
    model = tiny_gpt().double()
    ours, theirs = texts(2, 6, 0), texts(3, 6, 1)  # ragged: 10 predictions and 15
    n = sum(parameter.numel() for parameter in model.parameters())

    outcomes = run_processes(fsdp_train, 2, [(model, [ours]), (model, [theirs])], imports=SLOW)

    ids, padding = (torch.cat(both) for both in zip(ours, theirs, strict=True))
    loss = lm_loss(model(ids, padding), ids, padding)
    loss.backward()
    parameters = list(model.parameters())
    adamw_step(parameters, [{} for _ in parameters], 1e-3, weight_decay=0.0)
    for outcome in outcomes:
        seen = outcome.result
        assert seen.held["before it is cut up"] == n
        assert seen.held["between two steps"] == pytest.approx(n / 2, rel=0.05)
        assert n / 2 < seen.held["in block 0"] < n
        assert seen.remembered == 2 * seen.held["between two steps"]
        assert seen.losses == pytest.approx([loss.item()], abs=1e-12)
        for name, weight in model.state_dict().items():
            torch.testing.assert_close(seen.weights[name], weight, rtol=0, atol=1e-8)
