"""From logits to one token: the likeliest, or one drawn by chance at a chosen temperature."""

import torch
from jaxtyping import Float, Int
from torch import Tensor


def greedy(logits: Float[Tensor, "batch vocab"]) -> Int[Tensor, " batch"]:
    """Return the likeliest token of each row; the lowest id where several are equally likely."""
    return logits.argmax(dim=-1)


def apply_temperature(
    logits: Float[Tensor, "batch vocab"], temperature: float
) -> Float[Tensor, "batch vocab"]:
    """Divide the logits by the temperature: above 1 evens the probabilities out, below 1 sharpens.

    Temperature 0 is the limit: the likeliest token of each row (the lowest id where several are)
    keeps its logit, and all others get -inf. The given logits stay as they are.

    Raises ValueError for a negative temperature. Ackley et al. 1985, section 2:
    https://doi.org/10.1016/S0364-0213(85)80012-4
    """
    if temperature < 0:
        raise ValueError(f"temperature={temperature} is negative: 0 takes the likeliest token")
    if temperature > 0:
        return logits / temperature
    tokens = torch.arange(logits.shape[-1], device=logits.device)
    likeliest = logits.argmax(dim=-1, keepdim=True)
    return logits.masked_fill(tokens != likeliest, -torch.inf)


def sample(
    logits: Float[Tensor, "batch vocab"], generator: torch.Generator | None = None
) -> Int[Tensor, " batch"]:
    """Draw one token for each row, with the probabilities that the softmax makes of its logits.

    A logit of -inf is never drawn, and every row has a draw of its own. Chance comes from
    `generator` (torch's global one where it is None), which may live on another device than the
    logits. The ids are where the logits are.
    """
    shares = logits.softmax(dim=-1)
    if generator is not None:  # drawn where the generator lives
        shares = shares.to(generator.device)
    return torch.multinomial(shares, 1, generator=generator).squeeze(-1).to(logits.device)
