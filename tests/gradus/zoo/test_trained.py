"""The trained models that can be fetched compute what other programs compute with them."""

import pytest
import torch
from torch.nn import functional as F

from gradus.cache import KVCache
from gradus.data import published
from gradus.pooling import mean_pool
from gradus.zoo.gguf_file import read_gguf
from gradus.zoo.loading import read_safetensors
from gradus.zoo.trained import minilm, smollm2

# "The capital of France is", and a chat's beginning cut short.
TEXT = torch.tensor([[504, 3575, 282, 4649, 314], [1, 9690, 198, 2683, 359]])


def fetched(name):
    """The path of fetched weights; without them the test is skipped."""
    path = published(name)
    if path is None:
        pytest.skip(f"the weights are not here: gradus fetch {name}")
    return path


@pytest.fixture(scope="module")
def gguf():
    pytest.importorskip("gguf")
    return read_gguf(fetched("smollm2"))


@pytest.fixture(scope="module")
def model():
    pytest.importorskip("gguf")
    return smollm2(fetched("smollm2"))


def forward(w, ids, heads=9, kv_heads=3, base=100_000.0, eps=1e-5):
    """SmolLM2 straight from the file's rows, pairs turned as complex numbers: nothing of ours."""

    def rms(x, scale):
        return x * (x.pow(2).mean(-1, keepdim=True) + eps).rsqrt() * scale

    x = w["token_embd.weight"][ids]
    batch, seq, width = x.shape
    half = width // heads // 2
    turn = torch.outer(torch.arange(seq), base ** (-torch.arange(half) / half))
    turn = torch.polar(torch.ones_like(turn), turn)

    def rotated(y, count):
        pairs = torch.view_as_complex(y.view(batch, seq, count, half, 2)).transpose(1, 2)
        return torch.view_as_real(pairs * turn).flatten(-2)

    for i in range(30):
        part = {n.removeprefix(f"blk.{i}."): t for n, t in w.items() if n.startswith(f"blk.{i}.")}
        y = rms(x, part["attn_norm.weight"])
        q = rotated(y @ part["attn_q.weight"].T, heads)
        k = rotated(y @ part["attn_k.weight"].T, kv_heads)
        v = (y @ part["attn_v.weight"].T).view(batch, seq, kv_heads, 2 * half).transpose(1, 2)
        mixed = F.scaled_dot_product_attention(q, k, v, is_causal=True, enable_gqa=True)
        x = x + mixed.transpose(1, 2).flatten(-2) @ part["attn_output.weight"].T
        y = rms(x, part["ffn_norm.weight"])
        y = F.silu(y @ part["ffn_gate.weight"].T) * (y @ part["ffn_up.weight"].T)
        x = x + y @ part["ffn_down.weight"].T
    return rms(x, w["output_norm.weight"]) @ w["token_embd.weight"].T


@pytest.mark.slow
def test_smollm2_equals_a_forward_written_apart(model, gguf):
    with torch.no_grad():
        difference = (model(TEXT) - forward(gguf, TEXT)).abs().max().item()

    print(f"SmolLM2, largest difference of logits: {difference:.1e}")
    assert difference <= 1e-3


@pytest.mark.slow
def test_smollm2_knows_the_capital_of_france_and_caches_change_nothing(model):
    with torch.no_grad():
        logits = model(TEXT)
        caches = [KVCache() for _ in model.blocks]
        parts = [model(ids, None, caches) for ids in TEXT.split([2, 1, 2], dim=1)]

    assert logits[0, -1].argmax() == 7042  # " Paris"
    torch.testing.assert_close(torch.cat(parts, dim=1), logits, rtol=0, atol=1e-3)


@pytest.mark.slow
def test_minilm_equals_the_published_implementation():
    transformers = pytest.importorskip("transformers")
    path = fetched("minilm")
    config = transformers.BertConfig(
        hidden_size=384, num_hidden_layers=6, num_attention_heads=12, intermediate_size=1536
    )
    theirs = transformers.BertModel(config).eval()
    state = read_safetensors(path)
    missing, unexpected = theirs.load_state_dict(state, strict=False)
    assert not missing
    assert set(unexpected) <= {"embeddings.position_ids"}
    generator = torch.Generator().manual_seed(6)
    ids = torch.randint(1000, 30_000, (3, 17), generator=generator)
    padding = torch.arange(17) < torch.tensor([[17], [9], [4]])

    with torch.no_grad():
        ours = mean_pool(minilm(path)(ids, padding), padding)
        stream = theirs(ids, attention_mask=padding.long()).last_hidden_state
    expected = (stream * padding[..., None]).sum(1) / padding.sum(1, keepdim=True)
    difference = (ours - expected).abs().max().item()

    print(f"MiniLM, largest difference of text vectors: {difference:.1e}")
    assert difference <= 1e-5
