"""Models whose sizes are published, as far as memory depends on them.

Counts of parameters: each is computed from the published configuration, tied heads counted once.
GPT-2: Radford et al. 2019 (its paper prints 1542M for the largest; the released one has 1558M);
LLaMA and Llama 2: Touvron et al. 2023, https://arxiv.org/abs/2302.13971 and
https://arxiv.org/abs/2307.09288; GPT-3: Brown et al. 2020, tables 2.1 and D.1,
https://arxiv.org/abs/2005.14165; BLOOM: https://arxiv.org/abs/2211.05100, with the vocabulary
padded to 250,880, without which its 176,247M do not come out.
"""

from dataclasses import dataclass


@dataclass(frozen=True)
class Shape:
    """The sizes of a decoder that memory depends on."""

    params: int
    layers: int
    d_model: int
    heads: int
    kv_heads: int
    vocab: int


MODELS = {
    "GPT-2": Shape(124_439_808, 12, 768, 12, 12, 50_257),
    "GPT-2 XL": Shape(1_557_611_200, 48, 1600, 25, 25, 50_257),
    "Llama-2 7B": Shape(6_738_415_616, 32, 4096, 32, 32, 32_000),
    "Llama-2 13B": Shape(13_015_864_320, 40, 5120, 40, 40, 32_000),
    "Llama-2 70B": Shape(68_976_648_192, 80, 8192, 64, 8, 32_000),
    "GPT-3 175B": Shape(174_600_000_000, 96, 12_288, 96, 96, 50_257),
    "BLOOM 176B": Shape(176_247_000_000, 70, 14_336, 112, 112, 250_880),
}
