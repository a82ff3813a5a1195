"""What is sent and how long is waited: the formulas of the papers."""

import pytest

from gradus.parallel.pipeline import pipeline_bubble, schedule
from gradus.parallel.volume import sent_numbers


@pytest.mark.parametrize(("stage", "times"), [(0, 2), (1, 2), (2, 2), (3, 3)])
def test_zero_section_7_volume_of_many_ranks_in_parameters(stage, times):
    # Rajbhandari et al. 2019, sections 7.1 and 7.2: 2 Psi, 2 Psi, and 3 Psi at stage 3.
    assert sent_numbers(7_500_000_000, 1024, stage) == pytest.approx(times * 7.5e9, rel=1e-3)


def test_one_rank_sends_nothing_and_two_send_half_rounds():
    assert sent_numbers(100, 1, 3) == 0
    assert sent_numbers(100, 2, 0) == 100
    assert sent_numbers(100, 2, 3) == 150


def test_there_is_no_fourth_stage():
    with pytest.raises(ValueError, match="stages are 0 to 3"):
        sent_numbers(1, 1, 4)


@pytest.mark.parametrize(("stages", "batches"), [(1, 1), (4, 1), (4, 6), (8, 32)])
def test_gpipe_section_2_3_the_bubble_is_what_the_schedule_leaves_empty(stages, batches):
    # Huang et al. 2018: (K - 1) / (M + K - 1).
    for rows in schedule(stages, batches):
        empty = sum(batch is None for row in rows for batch in row)
        assert empty / (len(rows) * len(rows[0])) == pytest.approx(pipeline_bubble(stages, batches))
        for row in rows:
            assert [batch for batch in row if batch is not None] == list(range(batches))


def test_there_has_to_be_something_to_do():
    with pytest.raises(ValueError, match="one of each"):
        pipeline_bubble(4, 0)
