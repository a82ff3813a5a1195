import time

import pytest

from gradus.timing import median_seconds


def test_the_first_run_and_one_slow_run_do_not_count(monkeypatch):
    clock = iter(
        [0.0, 2.0, 10.0, 12.0, 20.0, 99.0]
    )  # start and end of three runs: 2, 2 and 79 seconds
    monkeypatch.setattr(time, "perf_counter", lambda: next(clock))
    runs = []

    assert median_seconds(lambda: runs.append(1), repeats=3) == pytest.approx(2)
    assert len(runs) == 4
