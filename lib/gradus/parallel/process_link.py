"""A link between real processes, over torch.distributed."""

import torch
import torch.distributed as dist
from torch import Tensor

from gradus.parallel.link import Link

# A message is announced by a fixed number of whole numbers: its dtype, its rank, its sizes.
DTYPES = (
    torch.float32,
    torch.float64,
    torch.float16,
    torch.bfloat16,
    torch.int64,
    torch.int32,
    torch.uint8,
    torch.bool,
)
MOST_AXES = 8


class ProcessLink(Link):
    """A link to ranks in other processes; a process group has to be there.

    With the backend gloo, messages travel through the memory of the CPU, wherever their tensors
    are; with nccl they stay on the GPU. What is received is on `device`.
    """

    def __init__(self, device: torch.device | str = "cpu") -> None:
        """Read rank and size off the process group."""
        super().__init__(dist.get_rank(), dist.get_world_size())
        self.device = torch.device(device)
        self.through = torch.device("cpu") if dist.get_backend() == "gloo" else self.device
        self._on_the_way: list[tuple[dist.Work, Tensor]] = []  # a tensor lives until it has arrived
        self._to_send: list[dist.P2POp] = []

    def _put(self, x: Tensor, to: int) -> None:
        if x.dtype not in DTYPES or x.dim() > MOST_AXES:
            raise TypeError(f"a link carries no {x.dtype} of {x.dim()} axes")
        head = [DTYPES.index(x.dtype), x.dim(), *x.shape]
        head += [0] * (2 + MOST_AXES - len(head))
        self._start(torch.tensor(head, device=self.through), to)
        if x.numel():
            self._start(x.to(self.through).contiguous().view(-1).view(torch.uint8), to)

    def _start(self, x: Tensor, to: int) -> None:
        self._on_the_way = [pair for pair in self._on_the_way if not pair[0].is_completed()]
        if self.through.type == "cpu":
            work = dist.isend(x, to)
            assert work is not None
            self._on_the_way.append((work, x))
        else:  # on a GPU two that send first block each other: each starts with a receiving
            self._to_send.append(dist.P2POp(dist.isend, x, to))

    def _get(self, source: int) -> Tensor:
        head = torch.empty(2 + MOST_AXES, dtype=torch.int64, device=self.through)
        self._fill(head, source)
        kind, axes, *sizes = head.tolist()
        x = torch.empty(sizes[:axes], dtype=DTYPES[kind], device=self.through)
        if x.numel():
            self._fill(x.view(-1).view(torch.uint8), source)
        return x.to(self.device)

    def _fill(self, x: Tensor, source: int) -> None:
        if self.through.type == "cpu":
            dist.recv(x, source)
            return
        operations = [*self._to_send[:1], dist.P2POp(dist.irecv, x, source)]
        del self._to_send[:1]
        for work in dist.batch_isend_irecv(operations):
            work.wait()

    def finish(self) -> None:
        """Wait until all that was sent has arrived."""
        for operation in self._to_send:
            for work in dist.batch_isend_irecv([operation]):
                work.wait()
        for work, _ in self._on_the_way:
            work.wait()
