"""Limits: how much time, memory, output and company one submission may have."""

from dataclasses import dataclass

MiB = 2**20


@dataclass(frozen=True)
class Limits:
    """What one submission may use. The defaults suit lessons that run in a minute on two cores."""

    cell_seconds: float = 60.0  # one cell, the examiner's own time not counted
    submission_seconds: float = 300.0  # the whole submission, restarts included
    grace_seconds: float = 2.0  # between the interrupt and the kill
    memory_bytes: int = (
        4096 * MiB
    )  # beyond what the warm server already holds, all processes together
    scratch_bytes: int = 512 * MiB  # for the home folder and for /tmp, each
    shared_bytes: int = 512 * MiB  # for /dev/shm
    file_bytes: int = 256 * MiB  # one file
    open_files: int = 1024
    processes: int = 64  # threads count too
    output_bytes: int = 4 * MiB  # per cell, pictures included
    output_lines: int = 2000  # of text per cell
    restarts: int = 5  # after cells that end their process
