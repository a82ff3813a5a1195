"""rnn_step: reading one more token into the state."""

import torch
from torch import Generator, cat, nn, randn, tensor
from torch.nn import functional as F

from autograder.exercise import ByHand, Exercise
from autograder.trial import Trial, ask
from gradus import rnn

rnn_step = Exercise(
    rnn.rnn_step,
    instead_of=[torch.rnn_tanh_cell, torch.rnn_tanh, nn.RNN, nn.RNNCell],
)


def _inputs(rng, *batch, d_in=3, d_hidden=4):
    """x, h, w_x, w_h and b, small enough to keep tanh from its ends."""
    shapes = (*batch, d_in), (*batch, d_hidden), (d_in, d_hidden), (d_hidden, d_hidden), (d_hidden,)
    return [randn(*shape, generator=rng) / 2 for shape in shapes]


@rnn_step.case("two numbers into one, by hand")
def by_hand(rng: Generator) -> ByHand:
    x, h, w_x, w_h = tensor([1.0, 2.0]), tensor([3.0]), tensor([[4.0], [-5.0]]), tensor([[2.0]])
    return ByHand(ask(x, h, w_x, w_h, tensor([0.5])), tensor([0.5]).tanh())


@rnn_step.case("a batch of texts", 2)
def batch(rng: Generator) -> list[Trial]:
    return [ask(*_inputs(rng, 5)), ask(*_inputs(rng, 2, 6)), ask(*_inputs(rng, 2, d_in=4))]


@rnn_step.case("the state stays between -1 and 1, however large the input")
def saturated(rng: Generator) -> Trial:
    x, h, *weights = _inputs(rng, 3)
    return ask(1e4 * x, h, *weights)


@rnn_step.case("gradients reach the input, the state and all weights", 2)
def gradients(rng: Generator) -> Trial:
    return ask(*_inputs(rng, 3)).with_gradients()


@rnn_step.case("hidden cases", hidden=True)
def hidden(rng: Generator) -> Trial:
    return ask(*_inputs(rng, 4, d_in=6, d_hidden=5)).with_gradients()


@rnn_step.house_rules()
def typical(rng: Generator) -> Trial:
    return ask(*_inputs(rng, 2))


@rnn_step.mistake(
    "The weights of the state are turned on their side.",
    "How does PyTorch's nn.Linear store its weights, and how does this task?",
)
def state_weights_turned(x, h, w_x, w_h, b):
    return (x @ w_x + h @ w_h.mT + b).tanh()


@rnn_step.mistake(
    "The weights of the input are turned on their side.",
    "What shape has w_x, and on which side of it does x stand?",
)
def input_weights_turned(x, h, w_x, w_h, b):
    return (x @ w_x.mT + h @ w_h + b).tanh()


@rnn_step.mistake("There is no tanh: the state can grow without limit.", "Which step is the last?")
def no_tanh(x, h, w_x, w_h, b):
    return x @ w_x + h @ w_h + b


@rnn_step.mistake(
    "It uses the logistic sigmoid, from 0 to 1, instead of tanh.", "Can your state be negative?"
)
def with_sigmoid(x, h, w_x, w_h, b):
    return (x @ w_x + h @ w_h + b).sigmoid()


@rnn_step.mistake("It uses relu instead of tanh.", "Can your state be negative, or above 1?")
def with_relu(x, h, w_x, w_h, b):
    return (x @ w_x + h @ w_h + b).relu()


@rnn_step.mistake("The bias is not added.", "Where in your code does `b` appear?")
def no_bias(x, h, w_x, w_h, b):
    return (x @ w_x + h @ w_h).tanh()


@rnn_step.mistake(
    "The bias is added twice, as if input and state each had one.",
    "How often does b stand in the formula?",
)
def bias_twice(x, h, w_x, w_h, b):
    return (x @ w_x + b + h @ w_h + b).tanh()


@rnn_step.mistake(
    "The bias is added after tanh.", "What is inside the brackets of the formula, and what outside?"
)
def bias_outside(x, h, w_x, w_h, b):
    return (x @ w_x + h @ w_h).tanh() + b


@rnn_step.mistake(
    "The state so far is not used: every token is read as if it were the first.",
    "Where in your code does `h` appear?",
)
def no_memory(x, h, w_x, w_h, b):
    return (x @ w_x + b).tanh()


@rnn_step.mistake("The token is not read.", "Where in your code does `x` appear?")
def not_read(x, h, w_x, w_h, b):
    return (h @ w_h + b).tanh()


@rnn_step.mistake(
    "The old state is added to the new one outside tanh.",
    "What happens to a state that something is added to at every step?",
)
def added_on_top(x, h, w_x, w_h, b):
    return h + (x @ w_x + h @ w_h + b).tanh()


@rnn_step.mistake(
    "tanh is taken of each part, and the parts are added afterwards.",
    "How large can the sum of two numbers below 1 be? What is inside the brackets of the formula?",
)
def tanh_of_parts(x, h, w_x, w_h, b):
    return (x @ w_x).tanh() + (h @ w_h + b).tanh()


@rnn_step.mistake(
    "The state is put through tanh before its weights, too.",
    "How often does tanh stand in the formula?",
)
def tanh_twice(x, h, w_x, w_h, b):
    return (x @ w_x + h.tanh() @ w_h + b).tanh()


@rnn_step.mistake(
    "The state is multiplied by the diagonal of its weights only.",
    "Is `*` the matrix product? May number 0 of the state change number 1?",
)
def elementwise(x, h, w_x, w_h, b):
    return (x @ w_x + h * w_h.diagonal() + b).tanh()


@rnn_step.mistake(
    "The state is cut off from the gradient, so nothing before this token can learn.",
    "Is there a detach? What would the weights learn about earlier tokens?",
)
def state_detached(x, h, w_x, w_h, b):
    return (x @ w_x + h.detach() @ w_h + b).tanh()


@rnn_step.mistake("The old and the new state are averaged.", "Which state does the formula return?")
def averaged(x, h, w_x, w_h, b):
    return (h + (x @ w_x + h @ w_h + b).tanh()) / 2


@rnn_step.mistake(
    "Input and state are multiplied, not added.",
    "Which sign stands between the two in the formula?",
)
def multiplied(x, h, w_x, w_h, b):
    return ((x @ w_x) * (h @ w_h) + b).tanh()


@rnn_step.variant
def side_by_side(x, h, w_x, w_h, b):
    return torch.tanh(cat([x, h], dim=-1) @ cat([w_x, w_h], dim=0) + b)


@rnn_step.variant
def with_linear(x, h, w_x, w_h, b):
    return torch.tanh(F.linear(x, w_x.T, b) + F.linear(h, w_h.T))


@rnn_step.variant
def with_einsum(x, h, w_x, w_h, b):
    read = torch.einsum("...i,ij->...j", x, w_x)
    kept = torch.einsum("...i,ij->...j", h, w_h)
    total = read + kept + b
    return 2 * torch.sigmoid(2 * total) - 1
