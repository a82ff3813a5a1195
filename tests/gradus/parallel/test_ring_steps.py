"""The ring step by step: read off the messages, drawn, and told."""

import pytest

from gradus.parallel.pipeline import schedule
from gradus.parallel.ring import ring_all_reduce
from gradus.parallel.ring_steps import ring_steps
from gradus.plots.pipeline import pipeline
from gradus.plots.ring import ring


def test_after_half_the_steps_each_rank_has_one_complete_chunk_and_at_the_end_all():
    steps = ring_steps(ring_all_reduce, 4)

    assert len(steps) == 7
    complete = [[len(parts) == 4 for row in step.held for parts in row] for step in steps]
    assert [sum(one) for one in complete] == [0, 0, 0, 4, 8, 12, 16]
    assert steps[3].held[0][1] == frozenset(range(4))
    assert steps[1].arrived == {(1, 0), (2, 1), (3, 2), (0, 3)}


def test_one_rank_has_nothing_to_do_and_eight_cannot_be_told_apart():
    assert len(ring_steps(ring_all_reduce, 1)) == 1
    with pytest.raises(ValueError, match="from 1 to 7"):
        ring_steps(ring_all_reduce, 8)


def test_the_picture_tells_who_has_what():
    steps = ring_steps(ring_all_reduce, 3)

    picture = ring(steps, 1)

    assert "after step 1 of 4: collecting" in picture.alt
    assert "rank 1 holds chunk 0 from 0 and 1" in picture.alt
    assert "Just arrived: chunk 2 on rank 0, chunk 0 on rank 1, chunk 1 on rank 2." in picture.alt
    assert "9 of 9 cells complete" in ring(steps, 4).alt
    assert picture.png()[1:4] == b"PNG"


def test_the_pipeline_tells_how_much_is_waited():
    picture = pipeline(*schedule(4, 6))

    assert "Pipeline of 4 stages and 6 small batches" in picture.alt
    assert "Every stage waits 33% of the time." in picture.alt
    assert picture.png()[1:4] == b"PNG"
