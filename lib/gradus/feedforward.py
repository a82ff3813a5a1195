"""Feed-forward layers: what a block does with each position by itself, once attention is done.

Vaswani et al. 2017, section 3.3, https://arxiv.org/abs/1706.03762;
gated: Shazeer 2020, https://arxiv.org/abs/2002.05202
"""

from collections.abc import Callable

from jaxtyping import Float
from torch import Tensor, nn
from torch.nn import functional as F

from gradus.activation import gelu


class FeedForward(nn.Module):
    """Widen each position to `d_ff` numbers, apply the activation, and come back to `d_model`.

    The two `nn.Linear` modules are called `up` and `down`, each with a bias if `bias` is set.
    `activation` is a function of a tensor; without one it is the exact `gelu`.
    """

    def __init__(
        self,
        d_model: int,
        d_ff: int,
        bias: bool = True,
        activation: Callable[[Tensor], Tensor] | None = None,
    ) -> None:
        """Make the two linear layers: up and down."""
        super().__init__()
        self.activation = gelu if activation is None else activation
        self.up = nn.Linear(d_model, d_ff, bias=bias)
        self.down = nn.Linear(d_ff, d_model, bias=bias)

    def forward(self, x: Float[Tensor, "... d_model"]) -> Float[Tensor, "... d_model"]:
        """Up, activation, down: the same for every position."""
        return self.down(self.activation(self.up(x)))


class SwiGLU(nn.Module):
    """A feed-forward layer with a gate: down(silu(gate(x)) * up(x)), as in LLaMA.

    The three `nn.Linear` modules are called `gate`, `up` (both from `d_model` to `d_ff`) and `down`
    (back to `d_model`), each with a bias if `bias` is set. silu(x) = x * sigmoid(x).
    """

    def __init__(self, d_model: int, d_ff: int, bias: bool = False) -> None:
        """Make the three linear layers: gate, up and down."""
        super().__init__()
        self.gate = nn.Linear(d_model, d_ff, bias=bias)
        self.up = nn.Linear(d_model, d_ff, bias=bias)
        self.down = nn.Linear(d_ff, d_model, bias=bias)

    def forward(self, x: Float[Tensor, "... d_model"]) -> Float[Tensor, "... d_model"]:
        """Let the gate decide, number by number, how much of `up` goes on to `down`."""
        return self.down(F.silu(self.gate(x)) * self.up(x))
