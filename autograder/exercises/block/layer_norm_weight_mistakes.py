"""What goes wrong in LayerNorm: the learned weights, precision and gradients."""

import torch
from torch import nn

from autograder.exercises.block.layer_norm import layer_norm
from autograder.exercises.block.layer_norm_steps import Steps

# The learned weights.


@layer_norm.mistake("The weight is not used.", "Where in forward is self.weight?")
class NoWeight(Steps):
    def finish(self, normal):
        return normal + self.bias


@layer_norm.mistake("The bias is not used.", "Where in forward is self.bias?")
class NoBias(Steps):
    def finish(self, normal):
        return normal * self.weight


@layer_norm.mistake(
    "Neither weight nor bias is used.", "Which line lets the layer learn anything at all?"
)
class Plain(Steps):
    def finish(self, normal):
        return normal


@layer_norm.mistake(
    "Weight and bias have changed places.", "Which of the two multiplies, and which is added?"
)
class Exchanged(Steps):
    def finish(self, normal):
        return normal * self.bias + self.weight


@layer_norm.mistake(
    "The bias is added before the weight multiplies.", "Does the weight multiply the bias?"
)
class BiasFirst(Steps):
    def finish(self, normal):
        return (normal + self.bias) * self.weight


@layer_norm.mistake(
    "The weight is multiplied in before normalising, so its effect is normalised away.",
    "Which comes first: making the variance 1, or choosing another one?",
)
class WeightFirst(Steps):
    def centre(self, x):
        return super().centre(x * self.weight)

    def finish(self, normal):
        return normal + self.bias


@layer_norm.mistake(
    "Weight and bias are one number each, not one for each of the d_model numbers.",
    "How many numbers may the layer learn?",
)
class OneNumber(Steps):
    def __init__(self, d_model, eps=1e-5):
        super().__init__(1, eps)


@layer_norm.mistake(
    "Weight and bias are plain tensors: torch does not know that they are to be learned.",
    "What does list(norm.parameters()) give?",
)
class NotParameters(Steps):
    def __init__(self, d_model, eps=1e-5):
        nn.Module.__init__(self)
        self.eps, self.weight, self.bias = eps, torch.ones(d_model), torch.zeros(d_model)


@layer_norm.mistake(
    "The weight starts at 0, so that everything is 0 at first.",
    "Which weight makes the layer start as the plain normalisation?",
)
class ZeroWeight(Steps):
    def __init__(self, d_model, eps=1e-5):
        super().__init__(d_model, eps)
        nn.init.zeros_(self.weight)


@layer_norm.mistake(
    "The weight starts at random.", "Which weight makes the layer start as the plain normalisation?"
)
class RandomWeight(Steps):
    def __init__(self, d_model, eps=1e-5):
        super().__init__(d_model, eps)
        nn.init.normal_(self.weight)


@layer_norm.mistake(
    "The bias starts at 1, like the weight.",
    "Which bias makes the layer start as the plain normalisation?",
)
class BiasOfOne(Steps):
    def __init__(self, d_model, eps=1e-5):
        super().__init__(d_model, eps)
        nn.init.ones_(self.bias)


@layer_norm.mistake(
    "It keeps running statistics, as batch normalisation does.",
    "Should what it read before change what it does now?",
)
class Running(Steps):
    def __init__(self, d_model, eps=1e-5):
        super().__init__(d_model, eps)
        self.register_buffer("running_mean", torch.zeros(d_model))
        self.register_buffer("running_var", torch.ones(d_model))


# Precision and gradients.


@layer_norm.mistake(
    "Squares are computed in half precision, where they overflow.",
    "What is 1000² in float16? In which dtype do you compute?",
)
class NotWidened(Steps):
    def forward(self, x):
        centred = self.centre(x)
        return self.finish(centred / self.root(self.variance(centred))).to(x.dtype)


@layer_norm.mistake(
    "Half precision gets no care: squares overflow in float16, and the result is float32.",
    "In which dtype do you compute, and in which do you return?",
)
class Careless(Steps):
    def forward(self, x):
        centred = self.centre(x)
        return self.finish(centred / self.root(self.variance(centred)))


@layer_norm.mistake(
    "It returns float32 whatever it is given.", "Which dtype should the result have?"
)
class ReturnsWide(Steps):
    def forward(self, x):
        return super().forward(x if x.dtype == torch.float64 else x.float())


@layer_norm.mistake(
    "Everything is rounded to float32, even numbers that were given in float64.",
    "Does `.float()` make float64 wider or narrower?",
)
class Narrowed(Steps):
    def forward(self, x):
        return super().forward(x.float()).to(x.dtype)


@layer_norm.mistake(
    "Mean and variance are cut off from the gradient, as if they did not depend on x.",
    "Is there a detach or no_grad around the statistics?",
)
class StatisticsDetached(Steps):
    def centre(self, x):
        return x - x.mean(-1, keepdim=True).detach()

    def root(self, variance):
        return super().root(variance).detach()


@layer_norm.mistake(
    "It normalises the caller's x in place.", "After x -= mean, what does the caller find in x?"
)
class InPlace(Steps):
    def forward(self, x):
        output = super().forward(x)
        with torch.no_grad():
            x -= x.mean(-1, keepdim=True)
        return output
