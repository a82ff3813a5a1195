"""Feed-forward layers with a gate of any activation: T5 v1.1 opens it with GELU.

Shazeer 2020, https://arxiv.org/abs/2002.05202
"""

from collections.abc import Callable

from jaxtyping import Float
from torch import Tensor

from gradus.feedforward import SwiGLU


class GatedFeedForward(SwiGLU):
    """`SwiGLU` with any `activation` in the place of silu: down(activation(gate(x)) * up(x))."""

    def __init__(
        self, d_model: int, d_ff: int, activation: Callable[[Tensor], Tensor], bias: bool = False
    ) -> None:
        """Make the three linear layers: gate, up and down."""
        super().__init__(d_model, d_ff, bias)
        self.activation = activation

    def forward(self, x: Float[Tensor, "... d_model"]) -> Float[Tensor, "... d_model"]:
        """Let the gate decide, number by number, how much of `up` goes on to `down`."""
        return self.down(self.activation(self.gate(x)) * self.up(x))
