"""LLaMA: a decoder with RMSNorm, rotary positions, gated feed-forward layers and no biases.

Touvron et al. 2023, https://arxiv.org/abs/2302.13971; shared key and value heads: Llama 2,
https://arxiv.org/abs/2307.09288. SmolLM2 has the same architecture, small.

The sizes of Llama 3.1 and later are not here: they stretch the rotation of slow pairs, which
`apply_rope` does not do.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from einops import rearrange
from torch import Tensor, nn

from gradus.block import Block
from gradus.decoder import Gpt
from gradus.embedding import Embedding
from gradus.feedforward import SwiGLU
from gradus.norm import RMSNorm
from gradus.rotary import RotaryAttention
from gradus.zoo.loading import load_weights
from gradus.zoo.parts import Parts


@dataclass(frozen=True)
class LlamaConfig:
    """The sizes of a LLaMA; `max_seq` is the length it was trained with, and sizes nothing."""

    d_model: int
    layers: int
    heads: int
    d_ff: int
    kv_heads: int | None = None
    d_head: int | None = None
    vocab: int = 32_000
    max_seq: int = 2048
    base: float = 10_000.0
    eps: float = 1e-6
    tied: bool = False


LLAMA_7B = LlamaConfig(4096, 32, 32, 11_008)
LLAMA_13B = LlamaConfig(5120, 40, 40, 13_824)
LLAMA_33B = LlamaConfig(6656, 60, 52, 17_920)
LLAMA_65B = LlamaConfig(8192, 80, 64, 22_016)
LLAMA2_7B = LlamaConfig(4096, 32, 32, 11_008, max_seq=4096, eps=1e-5)
LLAMA2_13B = LlamaConfig(5120, 40, 40, 13_824, max_seq=4096, eps=1e-5)
LLAMA2_70B = LlamaConfig(8192, 80, 64, 28_672, kv_heads=8, max_seq=4096, eps=1e-5)
LLAMA3_8B = LlamaConfig(
    4096, 32, 32, 14_336, kv_heads=8, vocab=128_256, max_seq=8192, base=500_000.0, eps=1e-5
)
LLAMA3_70B = LlamaConfig(
    8192, 80, 64, 28_672, kv_heads=8, vocab=128_256, max_seq=8192, base=500_000.0, eps=1e-5
)
SMOLLM2_135M = LlamaConfig(
    576, 30, 9, 1536, kv_heads=3, vocab=49_152, max_seq=8192, base=100_000.0, eps=1e-5, tied=True
)

NAMES = {
    "embed_tokens": "tokens",
    "layers.*.input_layernorm": "blocks.*.attention_norm",
    "layers.*.self_attn.q_proj": "blocks.*.attention.query",
    "layers.*.self_attn.k_proj": "blocks.*.attention.key",
    "layers.*.self_attn.v_proj": "blocks.*.attention.value",
    "layers.*.self_attn.o_proj": "blocks.*.attention.out",
    "layers.*.post_attention_layernorm": "blocks.*.feedforward_norm",
    "layers.*.mlp.gate_proj": "blocks.*.feedforward.gate",
    "layers.*.mlp.up_proj": "blocks.*.feedforward.up",
    "layers.*.mlp.down_proj": "blocks.*.feedforward.down",
    "norm": "norm",
    "lm_head": "head",
}
# The names in GGUF files.
GGUF_NAMES = {
    "token_embd": "tokens",
    "blk.*.attn_norm": "blocks.*.attention_norm",
    "blk.*.attn_q": "blocks.*.attention.query",
    "blk.*.attn_k": "blocks.*.attention.key",
    "blk.*.attn_v": "blocks.*.attention.value",
    "blk.*.attn_output": "blocks.*.attention.out",
    "blk.*.ffn_norm": "blocks.*.feedforward_norm",
    "blk.*.ffn_gate": "blocks.*.feedforward.gate",
    "blk.*.ffn_up": "blocks.*.feedforward.up",
    "blk.*.ffn_down": "blocks.*.feedforward.down",
    "output_norm": "norm",
    "output": "head",
}
# How fast each pair turns: computed here.
SKIPPED = ("layers.*.self_attn.rotary_emb.inv_freq", "rotary_emb.inv_freq", "rope_freqs.weight")


def llama_parts(config: LlamaConfig) -> Parts:
    """Make the parts of a LLaMA, with random weights; it has no layer of positions."""

    def block() -> Block:
        attention = RotaryAttention(
            config.d_model, config.heads, config.d_head, config.kv_heads, base=config.base
        )
        return Block(
            config.d_model,
            config.heads,
            config.d_ff,
            attention=attention,
            feedforward=SwiGLU(config.d_model, config.d_ff),
            norm=RMSNorm(config.d_model, config.eps),
        )

    return Parts(
        tokens=Embedding(config.vocab, config.d_model),
        blocks=[block() for _ in range(config.layers)],
        norm=RMSNorm(config.d_model, config.eps),
        head=None if config.tied else nn.Linear(config.d_model, config.vocab, bias=False),
    )


def llama(config: LlamaConfig) -> Gpt:
    """Make a LLaMA with random weights."""
    return Gpt(*llama_parts(config))


def load_llama(model: nn.Module, state: Mapping[str, Tensor]) -> None:
    """Copy published weights into a `Gpt` of `llama_parts`.

    Raises ValueError for weights that do not fit (see `load_weights`).
    """
    tied = getattr(model, "head", None) is None
    names = NAMES | ({"lm_head": "tokens"} if tied else {})
    load_weights(model, state, names, prefix="model.", skipped=SKIPPED)


def unpermute(weight: Tensor, heads: int) -> Tensor:
    """Undo what GGUF files do to the rows of queries and keys, head by head.

    There, the rows that turn together are neighbours; here they are half a head apart.
    """
    return rearrange(
        weight, "(heads pair half) d_in -> (heads half pair) d_in", heads=heads, half=2
    )


def load_llama_gguf(model: nn.Module, state: Mapping[str, Tensor], config: LlamaConfig) -> None:
    """Copy the weights of a GGUF file (see `read_gguf`) into a `Gpt` of `llama_parts(config)`.

    Raises ValueError for weights that do not fit (see `load_weights`).
    """

    def ordered(name: str, weight: Tensor) -> Tensor:
        if name.endswith("attn_q.weight"):
            return unpermute(weight, config.heads)
        if name.endswith("attn_k.weight"):
            return unpermute(weight, config.kv_heads or config.heads)
        return weight

    names = GGUF_NAMES | ({"output": "tokens"} if config.tied else {})
    turned = {name: ordered(name, weight) for name, weight in state.items()}
    load_weights(model, turned, names, skipped=SKIPPED)
