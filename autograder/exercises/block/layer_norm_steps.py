"""LayerNorm in steps that can go wrong one by one."""

import torch

from gradus.norm import LayerNorm


class Steps(LayerNorm):
    """The layer in steps that can go wrong one by one."""

    dims: tuple[int, ...] = (-1,)

    def centre(self, x):
        return x - x.mean(self.dims, keepdim=True)

    def variance(self, centred):
        return centred.square().mean(self.dims, keepdim=True)

    def root(self, variance):
        return (variance + self.eps).sqrt()

    def finish(self, normal):
        return normal * self.weight + self.bias

    def forward(self, x):
        centred = self.centre(x if x.dtype == torch.float64 else x.float())
        return self.finish(centred / self.root(self.variance(centred))).to(x.dtype)
