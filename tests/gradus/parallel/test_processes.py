"""Real processes: the same as ranks in one process, and nothing is left behind."""

import os
import signal
import subprocess
import sys
import time
from math import ceil

import psutil
import pytest
import torch

from gradus.parallel.processes import RankError, run_processes
from tests.gradus.parallel.together import RAGGED, both, one_process, trained_numbers


def children() -> set[psutil.Process]:
    """Processes that this one has started, directly or not."""
    return set(psutil.Process().children(recursive=True))


@pytest.fixture(autouse=True)
def nothing_is_left_over():
    """Every test ends with the processes that it began with: other tests may keep some."""
    before = children()
    yield
    assert not children() - before


def gone(pids: list[int], within: float = 10.0) -> bool:
    """Whether all of these processes end soon."""
    end = time.monotonic() + within
    while any(psutil.pid_exists(pid) for pid in pids) and time.monotonic() < end:
        time.sleep(0.05)
    return not any(psutil.pid_exists(pid) for pid in pids)


@pytest.mark.slow
@pytest.mark.parametrize("size", [2, 4])
def test_ddp_and_zero_1_in_real_processes(size):
    weights, losses = one_process(RAGGED[:size])
    n = trained_numbers()

    outcomes = run_processes(both, size, [(batches,) for batches in RAGGED[:size]])

    assert [outcome.rank for outcome in outcomes] == list(range(size))
    for outcome in outcomes:
        ddp, _, zero = outcome.result
        for mine, my_losses, _ in (ddp, zero):
            assert my_losses == pytest.approx(losses, abs=1e-12)
            for name, weight in weights.items():
                torch.testing.assert_close(mine[name], weight, rtol=0, atol=1e-9)
        assert ddp[2] == 2 * n
        assert zero[2] <= 2 * ceil(n / size)
    expected = 3 * 2 * (size - 1) * (n + 2) * 8
    assert sum(outcome.result[1] for outcome in outcomes) == expected
    assert sum(outcome.sent_bytes for outcome in outcomes) == 2 * expected


def test_a_rank_that_fails_is_named_and_the_others_end(tmp_path):
    def work(link):
        (tmp_path / str(link.rank)).write_text(str(os.getpid()))
        link.send(torch.ones(1), 1 - link.rank)
        link.receive(1 - link.rank)  # both have written by now
        if link.rank == 1:
            raise LookupError("where is my batch?")
        link.receive(1)

    with pytest.raises(RankError, match=r"rank 1 failed: LookupError: where is my batch\?"):
        run_processes(work, 2, seconds=100)

    assert gone([int(file.read_text()) for file in tmp_path.iterdir()])


def leaves():
    os._exit(7)


def is_killed():
    os.kill(os.getpid(), signal.SIGKILL)


@pytest.mark.parametrize(
    ("end", "how"), [(leaves, r"exit status 7"), (is_killed, r"killed by SIGKILL")]
)
@pytest.mark.parametrize("waits", [True, False], ids=["the other waits", "the other sleeps"])
def test_a_rank_that_ends_is_named_and_the_others_end(tmp_path, end, how, waits):
    def work(link):
        (tmp_path / str(link.rank)).write_text(str(os.getpid()))
        link.send(torch.ones(1), 1 - link.rank)
        if link.rank == 0:
            link.receive(1)
            end()
        if waits:  # and fails, in words of its own: what it waits for has gone
            link.receive(0)
            link.receive(0)
        time.sleep(1000)

    with pytest.raises(RankError, match=rf"^ended without a result: rank 0 \({how}\)"):
        run_processes(work, 2, seconds=100)

    assert gone([int(file.read_text()) for file in tmp_path.iterdir()])


@pytest.mark.slow
def test_ranks_that_wait_for_ever_are_stopped(tmp_path):
    def work(link):
        (tmp_path / str(link.rank)).write_text(str(os.getpid()))
        link.receive(1 - link.rank)

    with pytest.raises(TimeoutError, match="after 12 seconds these ranks had not ended"):
        run_processes(work, 2, seconds=12)

    assert gone([int(file.read_text()) for file in tmp_path.iterdir()])


STARTER = """
import sys
from gradus.parallel.processes import run_processes

folder = sys.argv[1]
def rank(link, folder=folder):
    import os, time
    from pathlib import Path
    Path(folder, str(link.rank)).write_text(str(os.getpid()))
    time.sleep(1000)

run_processes(rank, 2)
"""


@pytest.mark.slow
def test_ranks_end_when_whoever_started_them_is_killed(tmp_path):
    starter = subprocess.Popen([sys.executable, "-c", STARTER, str(tmp_path)])
    end = time.monotonic() + 100
    while len(list(tmp_path.iterdir())) < 2 and time.monotonic() < end:
        time.sleep(0.1)

    starter.kill()
    starter.wait()

    pids = [int(file.read_text()) for file in tmp_path.iterdir()]
    assert len(pids) == 2
    assert gone(pids)


def test_tensors_of_all_kinds_travel():
    tensors = [
        torch.randn(3, 0, 2),
        torch.tensor(2.5, dtype=torch.float64),
        torch.randn(4, 6).t()[1:],
        torch.tensor([True, False]),
        torch.tensor([2**40, -1]),
        torch.randn(5).bfloat16(),
        torch.zeros(300_000),
    ]

    def work(link):
        for tensor in tensors:
            link.send(tensor, 1 - link.rank)
        return [link.receive(1 - link.rank) for _ in tensors], torch.get_num_threads()

    for outcome in run_processes(work, 2):
        received, threads = outcome.result
        for got, sent in zip(received, tensors, strict=True):
            assert got.dtype == sent.dtype
            assert torch.equal(got, sent)
        assert threads == 1
        assert outcome.sent_bytes == sum(tensor.nbytes for tensor in tensors)
        assert outcome.messages == len(tensors)


def test_what_cannot_be_done_is_refused_before_anything_starts():
    with pytest.raises(ValueError, match="at least one"):
        run_processes(print, 0)
    with pytest.raises(ValueError, match="no backend 'smoke', only gloo and nccl"):
        run_processes(print, 1, backend="smoke")
    with pytest.raises(ValueError, match="arguments for 1 ranks, and 2 ranks"):
        run_processes(print, 2, [(1,)])


@pytest.mark.gpu
def test_nccl_on_one_gpu_and_gloo_for_two_ranks_that_share_it():
    if not torch.cuda.is_available():
        pytest.skip("no accelerator of the kind that nccl drives")

    def alone(link):
        x = torch.ones(5, device=link.device)
        return str(x.device), link.size

    def share(link):
        link.send(torch.ones(3, device="cuda") * link.rank, 1 - link.rank)
        return link.receive(1 - link.rank).tolist()

    assert run_processes(alone, 1, backend="nccl")[0].result == ("cuda:0", 1)
    assert [one.result for one in run_processes(share, 2)] == [[1, 1, 1], [0, 0, 0]]
