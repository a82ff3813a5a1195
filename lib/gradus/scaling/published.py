"""Models that were trained: how large they are, and how much they read."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Trained:
    """A model: its parameters, the tokens it was trained on (repeats counted), and who says so."""

    name: str
    params: float
    tokens: float
    source: str

    @property
    def ratio(self) -> float:
        """Tokens of training for each parameter."""
        return self.tokens / self.params

    @property
    def flops(self) -> float:
        """6 for each parameter and token: an estimate, not what was measured."""
        return 6 * self.params * self.tokens


GPT3 = "Brown et al. 2020, https://arxiv.org/abs/2005.14165, table 2.1"
CHINCHILLA = "Hoffmann et al. 2022, https://arxiv.org/abs/2203.15556, table 1"
LLAMA = "Touvron et al. 2023, https://arxiv.org/abs/2302.13971, table 2"
LLAMA2 = "Touvron et al. 2023, https://arxiv.org/abs/2307.09288, table 1"
LLAMA3 = "Grattafiori et al. 2024, https://arxiv.org/abs/2407.21783"
SMOLLM2 = "Allal et al. 2025, https://arxiv.org/abs/2502.02737"

MODELS = (
    Trained("GPT-3", 175e9, 300e9, GPT3),
    Trained("LaMDA", 137e9, 168e9, CHINCHILLA),
    Trained("Jurassic-1", 178e9, 300e9, CHINCHILLA),
    Trained("Gopher", 280e9, 300e9, CHINCHILLA),
    Trained("MT-NLG", 530e9, 270e9, CHINCHILLA),
    Trained("Chinchilla", 70e9, 1.4e12, CHINCHILLA),
    Trained("BLOOM", 176.247e9, 366e9, "BigScience 2022, https://arxiv.org/abs/2211.05100"),
    Trained("LLaMA 7B", 6.738e9, 1.0e12, LLAMA),
    Trained("LLaMA 13B", 13.016e9, 1.0e12, LLAMA),
    Trained("LLaMA 33B", 32.529e9, 1.4e12, LLAMA),
    Trained("LLaMA 65B", 65.286e9, 1.4e12, LLAMA),
    Trained(
        "BloombergGPT", 50.6e9, 569e9, "Wu et al. 2023, https://arxiv.org/abs/2303.17564, table 4"
    ),
    Trained("Llama 2 70B", 68.977e9, 2.0e12, LLAMA2),
    Trained("Llama 3.1 405B", 405e9, 15.6e12, LLAMA3),
    Trained("SmolLM2 135M", 134.515e6, 2.0e12, SMOLLM2),
    Trained("SmolLM2 1.7B", 1.711e9, 11e12, SMOLLM2),
)


def trained(name: str) -> Trained:
    """Return the model of this name; raises KeyError if there is none."""
    found = next((model for model in MODELS if model.name == name), None)
    if found is None:
        raise KeyError(f"{name} is none of {', '.join(model.name for model in MODELS)}")
    return found
