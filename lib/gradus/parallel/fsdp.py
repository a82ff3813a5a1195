"""FSDP: torch's own ZeRO of stage 3, watched at work.

Zhao et al. 2023, https://arxiv.org/abs/2304.11277
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import torch.distributed as dist
from jaxtyping import Bool, Int
from torch import Tensor, nn

from gradus.adamw import adamw_step
from gradus.objective import lm_loss
from gradus.parallel.link import Link

SLOW = ("torch.distributed.fsdp", "torch._dynamo")  # the `imports` of `run_processes`


@dataclass
class Watched:
    """What was seen of one rank.

    `held` maps moments to the numbers of the model that this rank held then; `remembered` counts
    those of the optimizer; `weights` is the model after training, put together from all ranks.
    """

    held: dict[str, int] = field(default_factory=dict)
    remembered: int = 0
    losses: list[float] = field(default_factory=list)
    weights: dict[str, Tensor] = field(default_factory=dict)


def fsdp_train(
    link: Link,
    model: nn.Module,
    batches: list[tuple[Int[Tensor, "batch seq"], Bool[Tensor, "batch seq"]]],
    lr: float = 1e-3,
) -> Watched:
    """Train a model of `blocks` on this rank's texts, cut up by `fully_shard`.

    The blocks are cut up one by one, and the rest of the model as another piece: a block's weights
    are put together when its turn comes, and thrown away after it. Run by `run_processes`, with
    `imports=SLOW`.
    """
    from torch.distributed.device_mesh import init_device_mesh
    from torch.distributed.fsdp import fully_shard

    seen = Watched()
    # Where there are fewer GPUs than ranks, all of this works on the CPU.
    kind = "cuda" if dist.get_backend() == "nccl" else "cpu"
    mesh = init_device_mesh(kind, (link.size,))
    model.to(kind)
    seen.held["before it is cut up"] = held_numbers(model)
    blocks = list(model.blocks)  # type: ignore[arg-type]  # a list of modules
    for block in blocks:
        fully_shard(block, mesh=mesh)
    fully_shard(model, mesh=mesh)
    seen.held["between two steps"] = held_numbers(model)
    hooks = [
        block.register_forward_pre_hook(_look(seen, model, f"in block {i}"))
        for i, block in enumerate(blocks)
    ]
    parameters = list(model.parameters())
    memories: list[dict[str, Any]] = [{} for _ in parameters]
    for ids, padding in batches:
        model.zero_grad()
        ids, padding = ids.to(kind), padding.to(kind)
        count = (padding[:, 1:] & padding[:, :-1]).sum()
        total = count.clone()
        dist.all_reduce(total)
        loss = lm_loss(model(ids, padding), ids, padding) * count / total
        (loss * link.size).backward()  # FSDP takes the mean over the ranks
        adamw_step(parameters, memories, lr, weight_decay=0.0)
        whole = loss.detach().clone()
        dist.all_reduce(whole)
        seen.losses.append(whole.item())
    for hook in hooks:
        hook.remove()
    seen.remembered = sum(
        local(state).numel()
        for memory in memories
        for state in memory.values()
        if isinstance(state, Tensor)
    )
    seen.weights = {
        name: (weight.full_tensor() if hasattr(weight, "full_tensor") else weight).cpu()
        for name, weight in model.state_dict().items()
    }
    return seen


def held_numbers(model: nn.Module) -> int:
    """Count the numbers of a model that are in this rank's own memory."""
    return sum(local(parameter).numel() for parameter in model.parameters())


def local(x: Tensor) -> Tensor:
    """Return this rank's part of a tensor, which is all of it if it is not shared out."""
    part = x.to_local() if hasattr(x, "to_local") else x
    assert isinstance(part, Tensor)
    return part


def _look(seen: Watched, model: nn.Module, moment: str) -> Callable[..., None]:
    def look(*_: object) -> None:
        seen.held[moment] = held_numbers(model)

    return look
