"""A link: one rank's end of the wires to all others, which counts what it carries."""

from abc import ABC, abstractmethod
from dataclasses import dataclass

from torch import Tensor


@dataclass(frozen=True)
class Message:
    """What one rank sent to another; `step` counts the messages of the sender from 0."""

    sender: int
    to: int
    step: int
    content: Tensor

    @property
    def bytes(self) -> int:
        """Bytes of the numbers themselves."""
        return self.content.nbytes


class Link(ABC):
    """What a rank knows of the others: its own number, how many there are, and the wires.

    `rank` goes from 0 to `size` - 1. `send` does not wait until somebody receives; `receive` waits
    until there is something. Messages from one rank to another arrive in the order they were sent.
    """

    def __init__(self, rank: int, size: int) -> None:
        """Start with nothing sent."""
        self.rank, self.size = rank, size
        self.sent: list[Message] = []

    @property
    def sent_bytes(self) -> int:
        """Bytes that this rank has sent so far: the numbers alone, without addresses."""
        return sum(message.bytes for message in self.sent)

    def send(self, x: Tensor, to: int) -> None:
        """Send a copy of x to a rank.

        Raises TypeError if x is no tensor, ValueError if there is no such rank.
        """
        if not isinstance(x, Tensor):
            raise TypeError(f"a link carries tensors, not values of type {type(x).__name__}")
        self._check(to, "send to")
        copy = x.detach().clone()
        self.sent.append(Message(self.rank, to, len(self.sent), copy))
        self._put(copy, to)

    def receive(self, source: int) -> Tensor:
        """Wait for the next message from a rank, and return it.

        Raises ValueError if there is no such rank.
        """
        self._check(source, "receive from")
        return self._get(source)

    def _check(self, other: int, does: str) -> None:
        if other == self.rank:
            raise ValueError(f"rank {other} cannot {does} itself")
        if not 0 <= other < self.size:
            raise ValueError(
                f"rank {self.rank} cannot {does} rank {other}: "
                f"the {self.size} ranks are numbered from 0 to {self.size - 1}"
            )

    @abstractmethod
    def _put(self, x: Tensor, to: int) -> None:
        """Hand x, which nobody else holds, to the wire."""

    @abstractmethod
    def _get(self, source: int) -> Tensor:
        """Take the oldest message from the wire."""
