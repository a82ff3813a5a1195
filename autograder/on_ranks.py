"""Stand-ins for several ranks at work: an answer is called once on each, and all is written down.

As in `left_behind`, `left` says what became of them: what each rank holds, and what it sent.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from math import ceil
from typing import Any, Protocol

import torch
from torch import Tensor, nn

from gradus.parallel.link import Link
from gradus.parallel.ranks import Ranks


class Everyone(Protocol):
    """Several ranks, ready to call an answer."""

    ranks: Ranks

    def run(self, answer: Callable[..., Any]) -> list[Any]:
        """Call the answer on every rank; return what it returns, by rank."""


def called(answer: Callable[..., Any], args: tuple[Any, ...], kwargs: dict[str, Any]) -> Any:
    """Call an answer; where the first argument is several ranks, on each of them."""
    if args and isinstance(args[0], RingRanks | TrainingRanks):
        return args[0].run(answer)
    return answer(*args, **kwargs)


def traffic(ranks: Ranks) -> dict[str, Any]:
    """Say what was sent: (to, bytes) for each message, in order."""
    sent = {
        f"sent by rank {link.rank}": [(message.to, message.bytes) for message in link.sent]
        for link in ranks.links
    }
    return sent | {"messages that nobody received": ranks.unread()}


class RingRanks:
    """Ranks that hold a vector each."""

    def __init__(self, vectors: list[Tensor], halfway: bool) -> None:
        self.vectors, self.halfway = [vector.clone() for vector in vectors], halfway
        self.ranks = Ranks(len(vectors))

    def run(self, answer: Callable[..., Any]) -> list[Any]:
        """Hand each rank its vector, and what it does halfway if it does anything."""
        each = [(x, _change(x)) if self.halfway else (x,) for x in self.vectors]
        return self.ranks.run(answer, each)


def _change(x: Tensor) -> Callable[[Any], None]:
    """What a rank does halfway: a change that shows whether, where and how often it was made."""

    def halfway(own: Any) -> None:
        with torch.no_grad():
            x[own] = 1 - 2 * x[own]

    return halfway


@dataclass
class RingOf:
    """Ranks that hold a vector each, by rank: for answers that add them up.

    With `halfway`, they change the part that they are told is complete.
    """

    state: list[Tensor]
    halfway: bool = False

    def make(self) -> RingRanks:
        """Return the ranks."""
        return RingRanks(self.state, self.halfway)

    def left(self, made: RingRanks) -> dict[str, Any]:
        """Return the vectors, what was sent, and the bytes that a ring has to send at most."""
        size, one = len(self.state), self.state[0]
        most = 2 * (size - 1) * ceil(len(one) / size) * one.element_size()
        held = {f"x on rank {rank}": x for rank, x in enumerate(made.vectors)}
        return held | traffic(made.ranks) | {"bytes that do": most}


class TiedModel(nn.Module):
    """A language model that has all that makes trouble in data parallel training.

    Its table of tokens is also its last layer; `scale` is frozen; `rare` is used only where the
    last id of the vocabulary is read, and `never` never.
    """

    def __init__(self, state: Mapping[str, Tensor]) -> None:
        super().__init__()
        vocab, d_model = state["tokens.weight"].shape
        dtype = state["tokens.weight"].dtype
        self.tokens = nn.Embedding(vocab, d_model, dtype=dtype)
        self.head = nn.Linear(d_model, vocab, dtype=dtype)
        self.head.weight = self.tokens.weight
        self.scale = nn.Parameter(state["scale"].clone(), requires_grad=False)
        self.rare = nn.Parameter(state["rare"].clone())
        self.never = nn.Parameter(state["never"].clone())
        with torch.no_grad():
            self.tokens.weight.copy_(state["tokens.weight"])
            self.head.bias.copy_(state["head.bias"])
        self.read = 0

    def forward(self, ids: Tensor, padding: Tensor | None = None) -> Tensor:
        """Return logits of shape (batch, seq, vocab), and count the texts that were read."""
        self.read += len(ids)
        x = self.tokens(ids) * self.scale
        chosen = ids == self.tokens.num_embeddings - 1
        if chosen.any():
            x = x + self.rare * chosen.unsqueeze(-1)
        logits: Tensor = self.head(x)
        return logits


class TrainingRanks:
    """Ranks that hold the same model, and texts of their own for every step."""

    def __init__(self, given: "Training") -> None:
        self.given = given
        self.ranks = Ranks(len(given.batches))
        self.models = [TiedModel(given.state) for _ in given.batches]
        learning = [p for p in self.models[0].parameters() if p.requires_grad]
        self.sizes = [p.numel() for p in learning]
        self.memories: list[Any] = [
            {} if given.sharded else [{} for _ in learning] for _ in given.batches
        ]

    def run(self, answer: Callable[..., Any]) -> list[Any]:
        """Make all steps on every rank; return the losses by rank and step."""

        def train(link: Link, rank: int) -> list[Any]:
            return [
                answer(link, self.models[rank], *batch, self.memories[rank], self.given.lr)
                for batch in self.given.batches[rank]
            ]

        return self.ranks.run(train, [(rank,) for rank in range(self.ranks.size)])


@dataclass
class Training:
    """Ranks with the same model: for answers that train it together.

    `state` holds the weights of a `TiedModel`; `batches`, by rank, a pair (ids, padding) for each
    step. The memory of a rank is a dictionary if the optimizer's state is `sharded`, otherwise one
    for each parameter.
    """

    state: dict[str, Tensor]
    batches: list[list[tuple[Tensor, Tensor]]]
    sharded: bool = False
    lr: float = 0.1

    def make(self) -> TrainingRanks:
        """Return the ranks."""
        return TrainingRanks(self)

    def left(self, made: TrainingRanks) -> dict[str, Any]:
        """Return the weights, what was sent and remembered, and how much of both should do.

        Bytes for gradients and new weights that go round parameter by parameter, and for a few
        numbers more, do no harm.
        """
        size, steps = made.ranks.size, len(self.batches[0])
        found: dict[str, Any] = {
            f"the weights {name} on rank {rank}": weight
            for rank, model in enumerate(made.models)
            for name, weight in model.state_dict().items()
            if name != "head.weight"
        }
        numbers = sum(ceil(count / size) for count in made.sizes) + 4
        one = self.state["tokens.weight"].element_size()
        found |= traffic(made.ranks) | {"bytes that do": 2 * (size - 1) * numbers * one * steps}
        for rank, memory in enumerate(made.memories):
            found[f"numbers remembered by rank {rank}"] = _numbers(memory)
            own = sum(len(ids) for ids, _ in self.batches[rank])
            found[f"texts read by rank {rank}"] = (made.models[rank].read, own)
        share = ceil(sum(made.sizes) / size) if self.sharded else sum(made.sizes)
        return found | {"numbers that do": 2 * share}


def _numbers(memory: Any) -> int:
    """Count the numbers in all tensors of a memory; single ones, such as a step, are no state."""
    if isinstance(memory, Tensor):
        return memory.numel() if memory.dim() else 0
    if isinstance(memory, dict):
        return sum(_numbers(value) for value in memory.values())
    if isinstance(memory, list | tuple):
        return sum(_numbers(value) for value in memory)
    if isinstance(memory, nn.Module):
        return _numbers(list(memory.state_dict().values()))
    if hasattr(memory, "state"):  # an optimizer
        return _numbers(memory.state)
    return 0


ON_RANKS: dict[str, type[Any]] = {"ring_of": RingOf, "training": Training}
