"""The mixture: how much of each source a model reads, and how often it reads the same again.

Sampling by size to a power: Conneau and Lample 2019, https://arxiv.org/abs/1901.07291, section 3.1;
up to four epochs: Muennighoff et al. 2023, https://arxiv.org/abs/2305.16264
"""

from collections.abc import Mapping


def mixture_weights(
    tokens: Mapping[str, int | float], alpha: float, budget: int | float | None = None
) -> tuple[dict[str, float], dict[str, float], list[str]]:
    """Return each source's share of the training tokens, its epochs, and the sources that wear out.

    `tokens` says how many tokens each source has. Shares are proportional to tokens to the power of
    `alpha`, and sum to 1: with alpha = 1 by size, with alpha = 0 all the same.

    `budget` is the number of tokens that the model will read in all; None means as many as there
    are. The epochs of a source are how often each of its tokens is read on average: what is drawn
    from it, divided by its size. The last part lists the sources, in order, with more than 4.

    Sizes may be of any magnitude. Raises ValueError when there are no sources, and when one has no
    tokens.
    """
    if not tokens or min(tokens.values()) <= 0:
        raise ValueError(f"every source needs tokens, and there must be sources: {dict(tokens)}")
    budget = sum(tokens.values()) if budget is None else budget
    largest = max(tokens.values())
    # Dividing by the largest first changes no share, and keeps the power from overflowing.
    powers = {name: (size / largest) ** alpha for name, size in tokens.items()}
    shares = {name: power / sum(powers.values()) for name, power in powers.items()}
    epochs = {name: share * budget / tokens[name] for name, share in shares.items()}
    return shares, epochs, [name for name, times in epochs.items() if times > 4]
