"""The judges of answers that run on several ranks: what each holds, sends and remembers."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import torch
from torch import Tensor

from autograder.compare import difference
from autograder.judge import Close
from autograder.observation import Observation
from autograder.words import Words

Left = Mapping[str, Any]
Sent = list[tuple[int, int]]


@dataclass
class OnRanks(Close):
    """Compares what the ranks hold afterwards, and, where it is asked for, what they did for it.

    An output is a pair: what was returned by each rank, and what is left. `returned` names what is
    returned, if that counts; `wire` says what the bytes should be, if they count; with `ring`, it
    counts too where messages go, how many there are and how long; with `memory`, what ranks
    remember.
    """

    returned: str = ""
    wire: str = ""
    ring: bool = False
    memory: bool = False

    def outputs(self, one: Observation, right: Observation, words: Words) -> str | None:
        """Report the first fault: of what is held, of what is returned, of how it was done."""
        for (mine, here), (theirs, there) in zip(one.outputs, right.outputs, strict=True):
            text = (
                _held(here, there)
                or (self._returned(mine, theirs) if self.returned else None)
                # A reference that goes wrong here, too, has an earlier mistake carried into it.
                or (self._traffic(here) if self.wire and not self._traffic(there) else None)
                or (_remembered(here) if self.memory and not _remembered(there) else None)
            )
            if text:
                return text
        return None

    def _returned(self, mine: Any, theirs: Any) -> str | None:
        for rank, (got, expected) in enumerate(zip(mine, theirs, strict=True)):
            if text := difference(_plain(got), _plain(expected), Words("")):
                return f"Of {self.returned} on rank {rank}: {text[0].lower()}{text[1:]}"
        return None

    def _traffic(self, left: Left) -> str | None:
        for rank, sent in _sent(left).items():
            if (total := _bytes(sent)) > left["bytes that do"]:
                return (
                    f"Rank {rank} sent {total:,} bytes; {left['bytes that do']:,} do: {self.wire}."
                )
            if self.ring and (text := _off_the_ring(rank, sent, left)):
                return text
        if left["messages that nobody received"]:
            return f"Messages that nobody received: {left['messages that nobody received']}."
        for name, (read, own) in _texts(left):
            if read > own:
                return f"Look at the {name}: {read}, and its own are {own}."
        return None

    def alike(self, one: Observation, other: Observation) -> bool:
        """Compare what matters here: how far a rank goes over what does, not how it stays below."""
        if one.raised or other.raised:
            same = super().alike(one, other)
            # Who waits for whom tells one deadlock from another.
            if not same or not one.raised or not other.raised:
                return same
            told = one.raised.kind in ("Deadlock", "ValueError")
            return not told or one.raised.message == other.raised.message
        return not any(
            difference(self._essence(a), self._essence(b), Words(""))
            for a, b in zip(one.outputs, other.outputs, strict=True)
        )

    def _essence(self, output: Any) -> Any:
        returned, left = output
        held: dict[str, Any] = {k: v for k, v in left.items() if isinstance(v, Tensor)}
        if self.returned:
            held["returned"] = [_plain(value) for value in returned]
        if self.wire:
            over: list[Any] = []
            for rank, sent in _sent(left).items():
                total = _bytes(sent)
                over.append(total if total > left["bytes that do"] else 0)
                over.append(_off_the_ring(rank, sent, left) if self.ring else None)
            held["sent"] = [*over, left["messages that nobody received"]]
            held["read"] = [read for _, (read, own) in _texts(left) if read > own]
        if self.memory:
            held["remembered"] = [
                count if count > left["numbers that do"] else 0 for _, count in _counts(left)
            ]
        return held


def _held(here: Left, there: Left) -> str | None:
    """The first difference in what the ranks hold; whether they agree among themselves."""
    for name, right in there.items():
        if not isinstance(right, Tensor):
            continue
        if text := difference(here[name], right, Words("")):
            agree = len(there) > 2 and _agree(here, name.rpartition(" on rank ")[0])
            note = "" if agree else " The ranks do not agree with each other."
            return f"Look at {name} afterwards. {text}{note}"
    return None


def _agree(left: Left, name: str) -> bool:
    found = [v for key, v in left.items() if key.startswith(f"{name} on rank ")]
    return all(v.shape == found[0].shape and torch.allclose(v, found[0]) for v in found)


def _remembered(left: Left) -> str | None:
    for name, count in _counts(left):
        if count > left["numbers that do"]:
            return (
                f"Look at the {name}: {count:,}. At most {left['numbers that do']:,} are its own "
                "share, two for each number of its chunk."
            )
    return None


def _counts(left: Left) -> list[tuple[str, int]]:
    return [(key, value) for key, value in left.items() if key.startswith("numbers remembered by")]


def _texts(left: Left) -> list[tuple[str, tuple[int, int]]]:
    return [(key, value) for key, value in left.items() if key.startswith("texts read by")]


def _sent(left: Left) -> dict[int, Sent]:
    begin = "sent by rank "
    return {int(k.removeprefix(begin)): v for k, v in left.items() if k.startswith(begin)}


def _bytes(sent: Sent) -> int:
    return sum(count for _, count in sent)


def _off_the_ring(rank: int, sent: Sent, left: Left) -> str | None:
    """Say where a rank left the ring, or that it took too many steps, or that one was too long."""
    size = len(_sent(left))
    strange = sorted({to for to, _ in sent} - {(rank + 1) % size})
    if strange:
        return f"Rank {rank} sent to rank {strange[0]}; in the ring it sends to the next one only."
    most = 2 * (size - 1)
    if len(sent) > most:
        return f"Rank {rank} sent {len(sent)} messages; {most} do, one in each step."
    longest = max((count for _, count in sent), default=0)
    if sent and longest * most > left["bytes that do"]:
        return (
            f"Rank {rank} sent a message of {longest} bytes, and all others wait for it; with "
            f"chunks as equal as they can be, the longest has {left['bytes that do'] // most}."
        )
    return None


def _plain(value: Any) -> Any:
    """A loss may be a plain number or a tensor of one."""
    if isinstance(value, list):
        return [_plain(item) for item in value]
    return value.double().item() if isinstance(value, Tensor) and value.numel() == 1 else value
