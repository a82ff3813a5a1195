"""Encoder, its embedding and its MLM head: against BERT's, and against their laws."""

import pytest
import torch
from torch import nn

from gradus.block import Block
from gradus.count import count_parameters
from gradus.encoder import BertEmbedding, Encoder
from gradus.masked_lm import MlmHead
from gradus.norm import LayerNorm

VOCAB, D_MODEL, HEADS, D_FF, MAX_SEQ, LAYERS = 31, 12, 3, 10, 9, 2
IDS = torch.tensor([[4, 30, 2, 7, 7, 1], [9, 11, 3, 0, 0, 0]])
PADDING = torch.tensor([[1, 1, 1, 1, 1, 1], [1, 1, 1, 0, 0, 0]]).bool()
TYPES = torch.tensor([[0, 0, 0, 1, 1, 1], [0, 1, 1, 0, 0, 0]])
OUTER = {
    "embedding.tokens": "embeddings.word_embeddings",
    "embedding.positions": "embeddings.position_embeddings",
    "embedding.types": "embeddings.token_type_embeddings",
    "embedding.norm": "embeddings.LayerNorm",
}
INNER = {
    "attention.query": "attention.self.query",
    "attention.key": "attention.self.key",
    "attention.value": "attention.self.value",
    "attention.out": "attention.output.dense",
    "attention_norm": "attention.output.LayerNorm",
    "feedforward.up": "intermediate.dense",
    "feedforward.down": "output.dense",
    "feedforward_norm": "output.LayerNorm",
}
NAMES = OUTER | {
    f"blocks.{i}.{mine}": f"encoder.layer.{i}.{theirs}"
    for i in range(LAYERS)
    for mine, theirs in INNER.items()
}


def small(eps: float) -> Encoder:
    """An encoder like the config below."""
    blocks = [
        Block(D_MODEL, HEADS, D_FF, pre_norm=False, norm=LayerNorm(D_MODEL, eps))
        for _ in range(LAYERS)
    ]
    return Encoder(BertEmbedding(VOCAB, D_MODEL, MAX_SEQ, eps=eps), blocks).double()


@pytest.fixture(params=[1e-12, 0.1])
def pair(request, randomise):
    """Our encoder and head, and transformers' BertForMaskedLM with the same random weights."""
    transformers = pytest.importorskip("transformers")
    config = transformers.BertConfig(
        vocab_size=VOCAB,
        hidden_size=D_MODEL,
        num_hidden_layers=LAYERS,
        num_attention_heads=HEADS,
        intermediate_size=D_FF,
        max_position_embeddings=MAX_SEQ,
        layer_norm_eps=request.param,
    )
    theirs = randomise(transformers.BertForMaskedLM(config)).eval()
    ours = small(request.param)
    for mine, yours in NAMES.items():
        state = theirs.bert.get_submodule(yours).state_dict()
        ours.get_submodule(mine).load_state_dict(state)
    head, oracle = MlmHead(ours.embedding.tokens, request.param).double(), theirs.cls.predictions
    head.dense.load_state_dict(oracle.transform.dense.state_dict())
    head.norm.load_state_dict(oracle.transform.LayerNorm.state_dict())
    head.bias = nn.Parameter(oracle.bias.detach().clone())
    return ours, head, theirs


def weights(module, names):
    """The parameters of each of the module's parts."""
    return [w for name in names for w in module.get_submodule(name).parameters()]


@pytest.mark.parametrize("types", [None, TYPES])
def test_the_stream_is_that_of_bert_with_padding_and_gradients(pair, types, randn):
    ours, _, theirs = pair
    expected = theirs.bert(IDS, attention_mask=PADDING.long(), token_type_ids=types)
    output, wanted = ours(IDS, PADDING, types), expected.last_hidden_state
    weight = randn(*output.shape).detach() * PADDING.unsqueeze(-1)

    torch.testing.assert_close(output[PADDING], wanted[PADDING])
    torch.testing.assert_close(
        torch.autograd.grad((output * weight).sum(), weights(ours, NAMES)),
        torch.autograd.grad((wanted * weight).sum(), weights(theirs.bert, NAMES.values())),
    )


def test_the_embedding_is_that_of_bert(pair):
    ours, _, theirs = pair
    wanted = theirs.bert.embeddings(input_ids=IDS, token_type_ids=TYPES)
    torch.testing.assert_close(ours.embedding(IDS, TYPES), wanted)


def test_the_logits_and_their_gradients_are_those_of_bert(pair, randn):
    ours, head, theirs = pair
    logits = head(ours(IDS, PADDING))
    wanted = theirs(IDS, attention_mask=PADDING.long()).logits
    weight = randn(*logits.shape).detach() * PADDING.unsqueeze(-1)

    torch.testing.assert_close(logits[PADDING], wanted[PADDING])
    torch.testing.assert_close(
        torch.autograd.grad((logits * weight).sum(), [ours.embedding.tokens.weight, head.bias]),
        torch.autograd.grad(
            (wanted * weight).sum(),
            [theirs.bert.embeddings.word_embeddings.weight, theirs.cls.predictions.bias],
        ),
    )


def test_padding_has_no_say_and_everything_else_has(randomise):
    ours = randomise(small(1e-12))
    first = ours(IDS, PADDING)
    other_padding = torch.where(PADDING, IDS, 17)
    torch.testing.assert_close(ours(other_padding, PADDING)[PADDING], first[PADDING])

    changed = IDS.clone()
    changed[:, 2] = 5
    moved = (ours(changed, PADDING) - first).abs().sum(-1) > 1e-6
    assert moved[PADDING].all()


def test_a_norm_may_stand_at_the_end(randomise):
    ours, norm = randomise(small(1e-12)), randomise(LayerNorm(D_MODEL))
    with_norm = Encoder(ours.embedding, list(ours.blocks), norm)
    torch.testing.assert_close(with_norm(IDS, PADDING), norm(ours(IDS, PADDING)))


def test_the_head_shares_the_vectors_of_the_tokens():
    encoder = small(1e-12)
    head = MlmHead(encoder.embedding.tokens)
    assert head.embedding.weight is encoder.embedding.tokens.weight
    model = nn.ModuleList([encoder, head])
    extra = D_MODEL * D_MODEL + D_MODEL + 2 * D_MODEL + VOCAB
    assert count_parameters(model) == count_parameters(encoder) + extra


def test_the_size_of_bert_base():
    with torch.device("meta"):
        blocks = [Block(768, 12, 3072, pre_norm=False) for _ in range(12)]
        encoder = Encoder(BertEmbedding(30522, 768, 512), blocks)
        pooler = nn.Linear(768, 768)
        model = nn.ModuleList([encoder, MlmHead(encoder.embedding.tokens)])

    assert count_parameters(encoder) + count_parameters(pooler) == 109_482_240
    assert count_parameters(model) == 109_514_298


def test_the_tables_start_small():
    embedding = BertEmbedding(5000, 40, 300)
    for table in (embedding.tokens, embedding.positions):
        error = 0.02 / (2 * table.weight.numel()) ** 0.5
        assert abs(table.weight.std().item() - 0.02) < 7 * error


def test_devices(device):
    encoder = small(1e-12).to(device)
    head = MlmHead(encoder.embedding.tokens).double().to(device)
    logits = head(encoder(IDS.to(device), PADDING.to(device)))
    assert logits.device.type == device.type


def test_a_text_longer_than_the_table_is_refused():
    with pytest.raises(ValueError, match="the table ends at 8"):
        small(1e-12)(torch.zeros(1, 10, dtype=torch.long))
