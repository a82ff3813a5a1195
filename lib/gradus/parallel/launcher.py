"""The launcher: a process that starts the ranks, watches them, and ends them together."""

import importlib
import json
import os
import pickle
import signal
import sys
import threading
import time
import traceback
from dataclasses import dataclass
from datetime import timedelta
from multiprocessing import connection, get_all_start_methods, get_context
from pathlib import Path
from typing import Any

TASK = "task"
DIED = "died"  # exit codes, by rank, of those that ended without a result
GRACE = 1.0  # seconds that others get to end by themselves once a rank has failed


@dataclass(frozen=True)
class Outcome:
    """What came of one rank: what the function returned, and what was sent."""

    rank: int
    result: Any
    sent_bytes: int
    messages: int


@dataclass(frozen=True)
class Failed:
    """How a rank failed, and when."""

    rank: int
    says: str
    traceback: str
    at: float


def result_file(folder: Path, rank: int) -> Path:
    """Return where a rank leaves its result."""
    return folder / f"result-{rank}"


def main() -> None:
    """Run the task in the folder that the command line names."""
    folder = Path(sys.argv[1])
    threading.Thread(target=_end_with_parent, daemon=True).start()
    import torch.distributed  # noqa: F401  # once here, so that each rank need not wait

    task = pickle.loads((folder / TASK).read_bytes())
    for module in task["imports"]:
        importlib.import_module(module)
    # A fork has all that was imported; where there is none, or a GPU has been touched, start anew.
    fork = "fork" in get_all_start_methods() and task["backend"] == "gloo"
    context: Any = get_context("fork" if fork and sys.platform == "linux" else "spawn")
    ranks = [
        context.Process(target=_work, args=(folder, rank), daemon=True)
        for rank in range(task["size"])
    ]
    for process in ranks:
        process.start()
    left = {process.sentinel: process for process in ranks}
    while left and all(process.exitcode in (None, 0) for process in ranks):
        for ended in connection.wait(list(left)):
            left.pop(ended).join()
    end = time.monotonic() + GRACE
    for process in left.values():
        process.join(max(0.0, end - time.monotonic()))
    died = {
        rank: process.exitcode
        for rank, process in enumerate(ranks)
        if process.exitcode is not None and not result_file(folder, rank).exists()
    }
    (folder / DIED).write_text(json.dumps(died))
    for process in left.values():
        process.kill()


def _end_with_parent() -> None:
    """Wait until whoever started this is gone, then end everything."""
    # Not through sys.stdin: a fork would find its lock taken.
    while os.read(0, 1):
        pass
    if hasattr(os, "killpg"):
        os.killpg(0, signal.SIGKILL)
    os._exit(1)


def _work(folder: Path, rank: int) -> None:
    """Be one rank: meet the others, run the function, leave the result."""
    import torch
    import torch.distributed as dist
    from torch.distributed import FileStore  # type: ignore[attr-defined]

    from gradus.parallel.process_link import ProcessLink

    try:
        task = pickle.loads((folder / TASK).read_bytes())
        torch.set_num_threads(1)
        device = "cpu"
        if task["backend"] == "nccl":
            device = f"cuda:{rank}"
            torch.cuda.set_device(device)
        dist.init_process_group(
            task["backend"],
            store=FileStore(str(folder / "meet"), task["size"]),
            rank=rank,
            world_size=task["size"],
            timeout=timedelta(seconds=task["seconds"]),
        )
        link = ProcessLink(device)
        result = task["function"](link, *(task["each"][rank] if task["each"] else ()))
        link.finish()
        found: Any = Outcome(rank, result, link.sent_bytes, len(link.sent))
        dist.barrier()  # nobody leaves while others may still want to hear from it
        dist.destroy_process_group()
    except BaseException as error:
        says = f"{type(error).__name__}: {error}"
        found = Failed(rank, says, traceback.format_exc(), time.time())
    _leave(found, folder, rank)
    sys.exit(isinstance(found, Failed))


def _leave(found: Any, folder: Path, rank: int) -> None:
    import cloudpickle

    try:
        packed = cloudpickle.dumps(found)
    except Exception as error:
        says = f"what it returned cannot be sent back ({error})"
        packed = cloudpickle.dumps(Failed(rank, says, traceback.format_exc(), time.time()))
    # Under another name first: a file that is there is complete.
    part = result_file(folder, rank).with_suffix(".part")
    part.write_bytes(packed)
    part.replace(result_file(folder, rank))
