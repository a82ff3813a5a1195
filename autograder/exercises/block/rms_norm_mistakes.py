"""What goes wrong in RMSNorm."""

import torch
from torch import nn

from autograder.exercises.block.rms_norm import rms_norm
from autograder.exercises.block.rms_norm_steps import Steps


@rms_norm.mistake(
    "The mean is taken away, as in LayerNorm.", "Does the task say anything about the mean?"
)
class Centred(Steps):
    def forward(self, x):
        wide = x if x.dtype == torch.float64 else x.float()
        return super().forward(wide - wide.mean(-1, keepdim=True)).to(x.dtype)


@rms_norm.mistake(
    "It divides by the standard deviation: the mean is taken away before squaring.",
    "What is squared: the numbers themselves, or their distances from the mean?",
)
class StandardDeviation(Steps):
    def size(self, x):
        return x.var(-1, correction=0, keepdim=True)


@rms_norm.mistake(
    "eps is added to the root, outside of it.", "Where does the task put eps: inside the root?"
)
class EpsOutside(Steps):
    def root(self, size):
        return size.sqrt() + self.eps


@rms_norm.mistake("eps is not used: a vector of zeros becomes 0 / 0.", "Where in forward is eps?")
class NoEps(Steps):
    def root(self, size):
        return size.sqrt()


@rms_norm.mistake(
    "eps is always 1e-6, whatever is given.", "Which argument does your forward never see?"
)
class EpsFixed(Steps):
    def root(self, size):
        return (size + 1e-6).sqrt()


@rms_norm.mistake(
    "The eps that it has when none is given is not 1e-6.", "Which default does the signature have?"
)
class OtherDefault(Steps):
    def __init__(self, d_model, eps=1e-5):
        super().__init__(d_model, eps)


@rms_norm.mistake(
    "eps sets a lower limit to the mean square; it should be added.",
    "Is eps added, or is it a smallest value?",
)
class EpsAsLimit(Steps):
    def root(self, size):
        return size.clamp(min=self.eps).sqrt()


@rms_norm.mistake(
    "The squares are added up, not averaged: it divides by the length of the vector.",
    "What does the M of RMS stand for?",
)
class Length(Steps):
    def size(self, x):
        return x.square().sum(-1, keepdim=True)


@rms_norm.mistake(
    "It divides by the mean square, not by its root.", "What does the R of RMS stand for?"
)
class NoRoot(Steps):
    def root(self, size):
        return size + self.eps


@rms_norm.mistake(
    "It divides by the mean of the numbers without their signs.",
    "In which order come root, mean and square?",
)
class MeanDistance(Steps):
    def root(self, size):
        return size + self.eps

    def size(self, x):
        return x.abs().mean(-1, keepdim=True)


@rms_norm.mistake(
    "It divides by the largest number.", "Which of the numbers have a say in the root mean square?"
)
class Largest(Steps):
    def size(self, x):
        return x.square().amax(-1, keepdim=True)


@rms_norm.mistake(
    "It multiplies by the root; it should divide.", "Should long vectors become longer still?"
)
class Multiplied(Steps):
    def forward(self, x):
        wide = x if x.dtype == torch.float64 else x.float()
        return self.finish(wide * self.root(self.size(wide))).to(x.dtype)


@rms_norm.mistake(
    "It normalises over the positions, not over the numbers of each vector.",
    "Which axis is averaged over? May position 0 know of position 1?",
)
class OverPositions(Steps):
    def forward(self, x):
        self.dims = (-2,) if x.dim() > 1 else (-1,)
        return super().forward(x)


@rms_norm.mistake(
    "It normalises over everything: one root mean square for the whole batch.",
    "How many should come out for a batch of texts?",
)
class OverAll(Steps):
    def forward(self, x):
        self.dims = tuple(range(x.dim()))
        return super().forward(x)


@rms_norm.mistake(
    "It always normalises over axis 1, which is the last one only if there are two.",
    "How do you name the last axis, however many there are?",
)
class OverAxisOne(Steps):
    def forward(self, x):
        self.dims = (1,) if x.dim() > 1 else (0,)
        return super().forward(x)


@rms_norm.mistake(
    "The root mean square loses its last axis, so it divides the wrong numbers or does not fit.",
    "Which shape has x.mean(-1), and how does it line up with x? What does keepdim do?",
)
class NoKeepdim(Steps):
    def size(self, x):
        return x.square().mean(-1)


@rms_norm.mistake(
    "It multiplies by 1 + weight, as Gemma does; here the weight itself starts at 1.",
    "Which numbers does the weight start with in this task?",
)
class OnePlus(Steps):
    def __init__(self, d_model, eps=1e-6):
        super().__init__(d_model, eps)
        nn.init.zeros_(self.weight)

    def finish(self, normal):
        return normal * (1 + self.weight)


@rms_norm.mistake("The weight is not used.", "Where in forward is self.weight?")
class NoWeight(Steps):
    def finish(self, normal):
        return normal


@rms_norm.mistake(
    "It divides by the weight; it should multiply.", "What does the weight do to each number?"
)
class DividedByWeight(Steps):
    def finish(self, normal):
        return normal / self.weight


@rms_norm.mistake(
    "The weight is multiplied in before normalising, so its effect is partly normalised away.",
    "Which comes first: dividing by the root mean square, or choosing another size?",
)
class WeightFirst(Steps):
    def forward(self, x):
        wide = x if x.dtype == torch.float64 else x.float()
        wide = wide * self.weight
        return (wide / self.root(self.size(wide))).to(x.dtype)


@rms_norm.mistake("There is a bias, as in LayerNorm.", "Which parameters does the task name?")
class WithBias(Steps):
    def __init__(self, d_model, eps=1e-6):
        super().__init__(d_model, eps)
        self.bias = nn.Parameter(torch.zeros(d_model))

    def finish(self, normal):
        return normal * self.weight + self.bias


@rms_norm.mistake(
    "The weight is one number, not one for each of the d_model numbers.",
    "How many numbers may the layer learn?",
)
class OneNumber(Steps):
    def __init__(self, d_model, eps=1e-6):
        super().__init__(1, eps)


@rms_norm.mistake(
    "The weight starts at 0, so that everything is 0 at first.",
    "Which weight makes the layer start as the plain normalisation?",
)
class ZeroWeight(Steps):
    def __init__(self, d_model, eps=1e-6):
        super().__init__(d_model, eps)
        nn.init.zeros_(self.weight)


@rms_norm.mistake(
    "Squares are computed in half precision, where they overflow.",
    "What is 1000² in float16? In which dtype do you compute?",
)
class NotWidened(Steps):
    def forward(self, x):
        return self.finish(x / self.root(self.size(x))).to(x.dtype)


@rms_norm.mistake(
    "Half precision gets no care: squares overflow in float16, and the result is float32.",
    "In which dtype do you compute, and in which do you return?",
)
class Careless(Steps):
    def forward(self, x):
        return self.finish(x / self.root(self.size(x)))


@rms_norm.mistake("It returns float32 whatever it is given.", "Which dtype should the result have?")
class ReturnsWide(Steps):
    def forward(self, x):
        return super().forward(x if x.dtype == torch.float64 else x.float())


@rms_norm.mistake(
    "The root mean square is cut off from the gradient, as if it did not depend on x.",
    "Is there a detach or no_grad around it?",
)
class RootDetached(Steps):
    def root(self, size):
        return super().root(size).detach()
