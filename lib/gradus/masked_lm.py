"""Masked language modelling: hide some tokens of a text, and learn to fill the gaps.

Devlin et al. 2018, section 3.1 and appendix A.1, https://arxiv.org/abs/1810.04805
"""

import torch
from jaxtyping import Bool, Float, Int
from torch import Generator, Tensor, nn

from gradus.activation import gelu
from gradus.norm import LayerNorm


def mlm_mask(
    ids: Int[Tensor, "*place"],
    may_change: Bool[Tensor, "*place"],
    mask_id: int,
    vocab: int,
    p: float = 0.15,
    generator: Generator | None = None,
) -> tuple[Int[Tensor, "*place"], Int[Tensor, "*place"]]:
    """Choose tokens at random, hide most of them, and say what stood there.

    Every token where `may_change` is True is chosen with probability p, by itself. What becomes of
    a chosen token is drawn for it by itself, too: with probability 0.8 it becomes `mask_id`, with
    0.1 a random id, and with 0.1 it stays as it is. Random ids are drawn evenly from 0 to vocab -
    1; if the special tokens come last, `vocab` may count the ordinary ones only.

    Random numbers come from `generator`, or from torch's global one where none is given.

    Returns (inputs, labels), both like ids: the text with its gaps, and the original id of every
    chosen token, with -100 everywhere else. Raises ValueError when p is not between 0 and 1.
    """
    if not 0 <= p <= 1:
        raise ValueError(f"p is a probability, from 0 to 1; it was {p}")
    # Drawn where the generator lives: one on the CPU can serve tensors anywhere.
    device = ids.device if generator is None else generator.device

    def dice() -> Tensor:
        return torch.rand(ids.shape, generator=generator, device=device).to(ids.device)

    chosen = may_change & (dice() < p)
    fate = dice()
    others = torch.randint(vocab, ids.shape, generator=generator, device=device)
    inputs = ids.masked_fill(chosen & (fate < 0.8), mask_id)
    inputs = torch.where(chosen & (fate >= 0.9), others.to(ids), inputs)
    return inputs, ids.masked_fill(~chosen, -100)


class MlmHead(nn.Module):
    """Turns the encoder's vectors into a score for every word that might stand there.

    First a layer of its own, `norm(gelu(dense(x)))`, with the exact gelu; then the product with the
    vector of every token, plus `bias`. The vectors of the tokens are those of `embedding`, the very
    same parameter: what is learned at one end of the model is learned at the other.

    The parts are `dense` (an `nn.Linear`), `norm` (a `LayerNorm` with `eps`), `bias` (a parameter,
    one number for each token) and `embedding` (as given; its `weight` has the shape (vocab,
    d_model)).
    """

    def __init__(self, embedding: nn.Module, eps: float = 1e-12) -> None:
        """Make the parts; the bias starts with zeros."""
        super().__init__()
        vocab, d_model = embedding.get_parameter("weight").shape
        self.embedding = embedding
        self.dense = nn.Linear(d_model, d_model)
        self.norm = LayerNorm(d_model, eps)
        self.bias = nn.Parameter(torch.zeros(vocab))

    def forward(self, x: Float[Tensor, "... d_model"]) -> Float[Tensor, "... vocab"]:
        """Return the logits of all tokens of the vocabulary, for every vector of x."""
        x = self.norm(gelu(self.dense(x)))
        words = self.embedding.get_parameter("weight")
        return x @ words.mT + self.bias
