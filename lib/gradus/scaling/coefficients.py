"""Published coefficients of the law, each with its source. They do not agree with each other."""

import math
from dataclasses import dataclass

# (E, A, B, alpha, beta) of loss = E + A / params^alpha + B / tokens^beta, in nats per token.
Law = tuple[float, float, float, float, float]


@dataclass(frozen=True)
class Coefficients:
    """A named set: `law` is (E, A, B, alpha, beta); `source` says where it is printed."""

    name: str
    law: Law
    source: str

    @property
    def exponent(self) -> float:
        """The a in "the best size grows as compute^a": a = beta / (alpha + beta)."""
        _, _, _, alpha, beta = self.law
        return beta / (alpha + beta)


HOFFMANN = Coefficients(
    "Hoffmann, as printed",
    (1.69, 406.4, 410.7, 0.34, 0.28),
    "Hoffmann et al. 2022, https://arxiv.org/abs/2203.15556, equation 10 (appendix D.2)",
)

# The paper rounds beta from 0.2849 to 0.28, which moves the best size at Gopher's budget from 40
# to 33 billion parameters: only the unrounded set gives what the paper's own figure 4 says.
HOFFMANN_UNROUNDED = Coefficients(
    "Hoffmann, unrounded",
    (math.exp(0.5267228), math.exp(6.0073404), math.exp(6.0179186), 0.33917084, 0.2849083),
    "the TeX source of Hoffmann et al. 2022, read by Besiroglu et al. 2024",
)

BESIROGLU = Coefficients(
    "Besiroglu",
    (1.8172, 482.01, 2085.43, 0.3478, 0.3658),
    "Besiroglu et al. 2024, https://arxiv.org/abs/2404.10102: the law fitted again to the data of "
    "Hoffmann's figure 4",
)

# Fitted to models of up to 9 billion parameters on C4; alpha = beta was required.
MUENNIGHOFF = Coefficients(
    "Muennighoff",
    (math.exp(0.6254804), math.exp(6.255414), math.exp(7.3049974), 0.3526596, 0.3526596),
    "Muennighoff et al. 2023, https://arxiv.org/abs/2305.16264",
)

SETS = {
    "hoffmann": HOFFMANN,
    "hoffmann-unrounded": HOFFMANN_UNROUNDED,
    "besiroglu": BESIROGLU,
    "muennighoff": MUENNIGHOFF,
}
