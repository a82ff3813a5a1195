"""How deep stacks of layers behave before and at the start of training.

Glorot and Bengio 2010, https://proceedings.mlr.press/v9/glorot10a.html;
positions that become alike: Dong et al. 2021, https://arxiv.org/abs/2103.03404
"""

from collections.abc import Iterator, Sequence

import torch
from jaxtyping import Float
from torch import Generator, Tensor, nn
from torch.nn import functional as F

Layers = Sequence[nn.Module]


def start(layers: Layers, size: float = 1.0, generator: Generator | None = None) -> None:
    """Draw all linear weights anew so that each layer multiplies the size of its input by `size`.

    Weights are N(0, size² / inputs), biases 0; what comes between the linear layers is not reckoned
    with.
    """
    for layer in layers:
        for module in layer.modules():
            if isinstance(module, nn.Linear):
                std = size / module.in_features**0.5
                nn.init.normal_(module.weight, std=std, generator=generator)
                if module.bias is not None:
                    nn.init.zeros_(module.bias)


def through(
    layers: Layers, x: Float[Tensor, "batch seq d_model"]
) -> tuple[list[float], list[float]]:
    """Send x up through the layers, and a random gradient of size 1 back down.

    Returns two lists: the root mean square of the numbers before the first layer and after each,
    and that of the gradients at the same places.
    """
    streams = [x.detach().requires_grad_()]
    for layer in layers:
        streams.append(layer(streams[-1]))
    down = torch.randn(x.shape, dtype=x.dtype, generator=Generator().manual_seed(1)).to(x.device)
    gradients = torch.autograd.grad(streams[-1], streams, down)
    return [_size(stream) for stream in streams], [_size(gradient) for gradient in gradients]


def likeness(layers: Layers, x: Float[Tensor, "batch seq d_model"]) -> list[float]:
    """Return how alike the positions of a text are, before the first layer and after each.

    It is the mean cosine between the vectors of two positions: 1 where all point the same way.
    """
    found = []
    with torch.no_grad():
        for layer in (nn.Identity(), *layers):
            x = layer(x)
            unit = F.normalize(x, dim=-1)
            cosines = (unit @ unit.mT).flatten(1).sum(-1)
            seq = x.shape[-2]
            found.append(((cosines - seq) / (seq * (seq - 1))).mean().item())
    return found


def echo(
    layers: Layers, d_model: int, steps: int, rate: float = 3e-3, vocab: int = 16, seed: int = 0
) -> Iterator[float]:
    """Train layers to hand on what they are given: at every position, name the token there.

    Around the layers stand an embedding and, after a norm, a linear layer that names the token.
    Gives the loss of each step in nats; who guesses blindly has ln(vocab).
    """
    generator = Generator().manual_seed(seed)
    embedding, head = nn.Embedding(vocab, d_model), nn.Linear(d_model, vocab)
    nn.init.normal_(embedding.weight, generator=generator)
    start([head], generator=generator)
    stack = nn.Sequential(embedding, *layers, nn.LayerNorm(d_model), head)
    optimizer = torch.optim.AdamW(stack.parameters(), lr=rate)
    for _ in range(steps):
        ids = torch.randint(vocab, (8, 8), generator=generator)
        loss = F.cross_entropy(stack(ids).flatten(0, 1), ids.flatten())
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        yield loss.item()


def _size(values: Tensor) -> float:
    return values.detach().square().mean().sqrt().item()
