"""RMSNorm in steps that can go wrong one by one."""

import torch

from gradus.norm import RMSNorm


class Steps(RMSNorm):
    """The layer in steps that can go wrong one by one."""

    dims: tuple[int, ...] = (-1,)

    def size(self, x):
        return x.square().mean(self.dims, keepdim=True)

    def root(self, size):
        return (size + self.eps).sqrt()

    def finish(self, normal):
        return normal * self.weight

    def forward(self, x):
        wide = x if x.dtype == torch.float64 else x.float()
        return self.finish(wide / self.root(self.size(wide))).to(x.dtype)
