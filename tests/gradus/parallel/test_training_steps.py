"""ddp_step and zero1_step on ranks of one process: what one process makes of the whole batch."""

from math import ceil

import pytest
import torch

from gradus.parallel.ranks import Ranks
from tests.gradus.parallel.together import (
    RAGGED,
    one_process,
    trained_numbers,
    with_ddp,
    with_zero1,
)


@pytest.mark.parametrize("train", [with_ddp, with_zero1])
@pytest.mark.parametrize("size", [1, 2, 3, 4])
def test_the_same_weights_as_one_process_on_the_whole_batch(train, size):
    weights, losses = one_process(RAGGED[:size])

    found = Ranks(size).run(train, [(batches,) for batches in RAGGED[:size]])

    for mine, my_losses, _ in found:
        assert my_losses == pytest.approx(losses, abs=1e-12)
        for name, weight in weights.items():
            torch.testing.assert_close(mine[name], weight, rtol=0, atol=1e-9)


@pytest.mark.parametrize("size", [1, 2, 3, 4])
def test_zero_1_remembers_its_share_and_ddp_everything(size):
    each, n = [(batches,) for batches in RAGGED[:size]], trained_numbers()

    shared = [count for *_, count in Ranks(size).run(with_zero1, each)]
    whole = [count for *_, count in Ranks(size).run(with_ddp, each)]

    assert sum(shared) == 2 * n
    assert max(shared) <= 2 * ceil(n / size)
    assert whole == [2 * n] * size


@pytest.mark.parametrize("train", [with_ddp, with_zero1])
@pytest.mark.parametrize("size", [2, 3, 4])
def test_zero_paper_section_7_stage_1_sends_as_much_as_data_parallel(train, size):
    # 2 (n - 1) / n numbers for each that is trained; beside them the loss and the predictions.
    ranks, numbers = Ranks(size), trained_numbers() + 2

    ranks.run(train, [(batches,) for batches in RAGGED[:size]])

    total = sum(link.sent_bytes for link in ranks.links)
    assert total == 3 * 2 * (size - 1) * numbers * 8
    for link in ranks.links:
        assert link.sent_bytes <= 3 * 2 * (size - 1) * (ceil((numbers - 2) / size) + 1) * 8
