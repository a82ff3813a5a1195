"""Starting weights for a deep model: small, and smaller still where many layers add up.

Radford et al. 2019 (GPT-2), section 2.3:
https://cdn.openai.com/better-language-models/language_models_are_unsupervised_multitask_learners.pdf
"""

from torch import Generator, nn

from gradus.embedding import Embedding


def init_weights(
    model: nn.Module, layers: int, std: float = 0.02, generator: Generator | None = None
) -> None:
    """Draw the weights of all linear layers and embeddings anew, in place: N(0, std²), biases 0.

    The last layer before each addition to the stream (in a `Block`, `attention.out` and
    `feedforward.down`) gets std / sqrt(2 layers): a model of that many blocks adds to its stream 2
    layers times, and so its stream starts as wide as with one. Norms and learned
    positions are left as they are, and the padding of an embedding stays 0.

    Raises ValueError when layers is not positive.
    """
    if layers < 1:
        raise ValueError(f"a model has at least 1 layer, not layers={layers}")
    for name, module in model.named_modules():
        if isinstance(module, nn.Linear | nn.Embedding | Embedding):
            last = name.endswith(("attention.out", "feedforward.down"))
            scale = (2 * layers) ** -0.5 if last else 1.0
            nn.init.normal_(module.weight, std=std * scale, generator=generator)
        if isinstance(module, nn.Linear) and module.bias is not None:
            nn.init.zeros_(module.bias)
        if isinstance(module, Embedding) and module.padding is not None:
            nn.init.zeros_(module.weight[module.padding])
