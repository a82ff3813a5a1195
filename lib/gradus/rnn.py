"""A recurrent network: reads a text token by token, and keeps all it knows in one vector.

Elman 1990, https://doi.org/10.1207/s15516709cog1402_1
"""

import torch
from jaxtyping import Float, Int
from torch import Tensor, nn


def rnn_step(
    x: Float[Tensor, "... d_in"],
    h: Float[Tensor, "... d_hidden"],
    w_x: Float[Tensor, "d_in d_hidden"],
    w_h: Float[Tensor, "d_hidden d_hidden"],
    b: Float[Tensor, " d_hidden"],
) -> Float[Tensor, "... d_hidden"]:
    """Read one more token: the new state is tanh(x w_x + h w_h + b).

    `x` is the token's vector, `h` the state so far.
    """
    return (x @ w_x + h @ w_h + b).tanh()


class RNN(nn.Module):
    """A language model that carries one state of width `d_hidden` from token to token.

    Every token of a vocabulary of size `vocab` has a vector of width `d_hidden`; the logits of the
    next token are a linear map of the state.
    """

    def __init__(self, vocab: int, d_hidden: int) -> None:
        """Start with a state that neither grows nor shrinks much: w_h is orthogonal."""
        super().__init__()
        self.embedding = nn.Embedding(vocab, d_hidden)
        self.w_x = nn.Parameter(torch.randn(d_hidden, d_hidden) / d_hidden**0.5)
        self.w_h = nn.Parameter(nn.init.orthogonal_(torch.empty(d_hidden, d_hidden)))
        self.b = nn.Parameter(torch.zeros(d_hidden))
        self.out = nn.Linear(d_hidden, vocab)

    def forward(self, ids: Int[Tensor, "batch seq"]) -> Float[Tensor, "batch seq vocab"]:
        """Return the logits of the token after each position."""
        return self.out(self.states(self.embedding(ids)))

    def states(self, x: Float[Tensor, "batch seq d_hidden"]) -> Float[Tensor, "batch seq d_hidden"]:
        """Return the state after each position, starting from zeros: one step after the other."""
        h = x.new_zeros(len(x), len(self.b))
        states = []
        for position in range(x.shape[1]):
            h = rnn_step(x[:, position], h, self.w_x, self.w_h, self.b)
            states.append(h)
        return torch.stack(states, dim=1)


def forgetting_curve(
    model: RNN, ids: Int[Tensor, "batch seq"], targets: Int[Tensor, " batch"]
) -> Float[Tensor, " seq"]:
    """Return how much the loss of the last prediction depends on the token so many steps back.

    `targets` are the tokens that come after the texts in `ids`. Entry d is the length of the
    gradient with respect to the vector of the token d steps before the last, averaged over the
    texts.
    """
    vectors = model.embedding(ids).detach().requires_grad_()
    logits = model.out(model.states(vectors)[:, -1])
    loss = nn.functional.cross_entropy(logits, targets, reduction="sum")
    (gradient,) = torch.autograd.grad(loss, vectors)
    return gradient.norm(dim=-1).mean(dim=0).flip(0)
