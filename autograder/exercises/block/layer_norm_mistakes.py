"""What goes wrong in LayerNorm: what it divides by, and over what."""

import torch

from autograder.exercises.block.layer_norm import layer_norm
from autograder.exercises.block.layer_norm_steps import Steps

# What it divides by.


@layer_norm.mistake(
    "eps is added to the root, outside of it.", "Where does the task put eps: under the root?"
)
class EpsOutside(Steps):
    def root(self, variance):
        return variance.sqrt() + self.eps


@layer_norm.mistake(
    "eps is not used, so a vector of equal numbers becomes 0 / 0.", "Where in forward is eps?"
)
class NoEps(Steps):
    def root(self, variance):
        return variance.sqrt()


@layer_norm.mistake(
    "eps is added twice: under the root and to the root.", "How many eps are there?"
)
class EpsTwice(Steps):
    def root(self, variance):
        return (variance + self.eps).sqrt() + self.eps


@layer_norm.mistake("eps is squared before it is added.", "What exactly is added to the variance?")
class EpsSquared(Steps):
    def root(self, variance):
        return (variance + self.eps**2).sqrt()


@layer_norm.mistake(
    "eps is always 1e-5, whatever is given.", "Which argument does your forward never see?"
)
class EpsFixed(Steps):
    def root(self, variance):
        return (variance + 1e-5).sqrt()


@layer_norm.mistake(
    "The eps that it has when none is given is not 1e-5.", "Which default does the signature have?"
)
class OtherDefault(Steps):
    def __init__(self, d_model, eps=1e-6):
        super().__init__(d_model, eps)


@layer_norm.mistake(
    "The variance is divided by d_model - 1 (torch's default), not by d_model.",
    "By how many is the sum of squares divided? What is `correction` in torch.var?",
)
class Unbiased(Steps):
    def variance(self, centred):
        return centred.square().sum(-1, keepdim=True) / (centred.shape[-1] - 1)


@layer_norm.mistake(
    "It divides by torch.std plus eps: eps is outside of the root, and std divides by d_model - 1.",
    "What stands under the root in the task, and by how many is the sum of squares divided?",
)
class StdPlusEps(Unbiased):
    def root(self, variance):
        return variance.sqrt() + self.eps


@layer_norm.mistake(
    "It divides by the variance, not by its square root.",
    "If all numbers double, should the result halve?",
)
class NoRoot(Steps):
    def root(self, variance):
        return variance + self.eps


@layer_norm.mistake(
    "It multiplies by the root; it should divide.", "Should wide vectors become wider still?"
)
class Multiplied(Steps):
    def forward(self, x):
        centred = self.centre(x if x.dtype == torch.float64 else x.float())
        return self.finish(centred * self.root(self.variance(centred))).to(x.dtype)


@layer_norm.mistake(
    "It divides by the mean distance from the mean, not by the root of the mean square.",
    "What is squared, and what is rooted, in a standard deviation?",
)
class MeanDistance(Steps):
    def root(self, variance):
        return variance + self.eps

    def variance(self, centred):
        return centred.abs().mean(-1, keepdim=True)


@layer_norm.mistake(
    "It divides by the length of the vector: the squares are added up, not averaged.",
    "The variance of the result should be 1. What is yours?",
)
class Length(Steps):
    def variance(self, centred):
        return centred.square().sum(-1, keepdim=True)


@layer_norm.mistake(
    "The mean is taken away for the variance only; the numbers that are divided still have it.",
    "What should the mean of every vector be afterwards?",
)
class NotCentred(Steps):
    def forward(self, x):
        wide = x if x.dtype == torch.float64 else x.float()
        return self.finish(wide / self.root(self.variance(self.centre(wide)))).to(x.dtype)


@layer_norm.mistake(
    "The mean is taken away nowhere: this is RMSNorm with a bias.",
    "Around which number is the variance measured?",
)
class RootMeanSquare(Steps):
    def centre(self, x):
        return x


@layer_norm.mistake(
    "The variance is the mean square minus the squared mean, which rounds to nonsense far from 0.",
    "How many digits of 5000² does float32 keep? What if the mean went first?",
)
class OnePass(Steps):
    def forward(self, x):
        wide = x if x.dtype == torch.float64 else x.float()
        mean = wide.mean(-1, keepdim=True)
        variance = (wide.square().mean(-1, keepdim=True) - mean.square()).clamp(min=0)
        return self.finish((wide - mean) / self.root(variance)).to(x.dtype)


# Over what.


@layer_norm.mistake(
    "It normalises over the positions, not over the numbers of each vector.",
    "Which axis is averaged over? May position 0 know of position 1?",
)
class OverPositions(Steps):
    def forward(self, x):
        self.dims = (-2,) if x.dim() > 1 else (-1,)
        return super().forward(x)


@layer_norm.mistake("It normalises over the batch.", "May one text change what becomes of another?")
class OverBatch(Steps):
    dims = (0,)


@layer_norm.mistake(
    "It always normalises over axis 1, which is the last one only if there are two.",
    "How do you name the last axis, however many there are?",
)
class OverAxisOne(Steps):
    def forward(self, x):
        self.dims = (1,) if x.dim() > 1 else (0,)
        return super().forward(x)


@layer_norm.mistake(
    "It normalises over positions and numbers together: one mean for the whole text.",
    "How many means does a text of 5 positions have?",
)
class OverText(Steps):
    def forward(self, x):
        self.dims = (-2, -1)[-x.dim() :] if x.dim() else (-1,)
        return super().forward(x)


@layer_norm.mistake(
    "It normalises over everything: one mean for the whole batch.",
    "How many means should come out for a batch of texts?",
)
class OverAll(Steps):
    def forward(self, x):
        self.dims = tuple(range(x.dim()))
        return super().forward(x)


@layer_norm.mistake(
    "The mean loses its last axis, so it is taken away from the wrong numbers or does not fit.",
    "Which shape has x.mean(-1), and how does it line up with x? What does keepdim do?",
)
class NoKeepdim(Steps):
    def centre(self, x):
        return x - x.mean(-1)
