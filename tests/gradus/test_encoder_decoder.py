"""EncoderDecoder: against tiny, fully randomised BART and Marian models, and against its laws."""

from functools import partial

import pytest
import torch
from torch import nn

from gradus.block import Block
from gradus.cache import KVCache
from gradus.decoder_block import DecoderBlock
from gradus.embedding import Embedding
from gradus.encoder import Encoder
from gradus.encoder_decoder import EncoderDecoder
from gradus.feedforward import FeedForward
from gradus.norm import LayerNorm
from gradus.position import LearnedPositions, sinusoidal_positions
from gradus.seq2seq import seq2seq_generate, shift_right

VOCAB, D_MODEL, HEADS, D_FF, MAX_SEQ = 31, 12, 3, 10, 16
SOURCE = torch.tensor([[5, 6, 7, 8, 9, 10, 3], [11, 12, 13, 14, 2, 1, 1]])
PADDING = torch.tensor([[1, 1, 1, 1, 1, 1, 1], [1, 1, 1, 1, 1, 0, 0]]).bool()
TARGET = torch.tensor([[2, 4, 9, 8, 1], [2, 7, 3, 1, 1]])
TARGET_PADDING = torch.tensor([[1, 1, 1, 1, 1], [1, 1, 1, 0, 0]]).bool()


class Placed(nn.Module):
    """BART's and Marian's start of a stack: scaled words, shifted positions, perhaps a norm."""

    def __init__(self, table, scale, offset, norm=None):
        super().__init__()
        self.positions = LearnedPositions(*table.shape).double()
        self.positions.weight.data.copy_(table)
        self.scale, self.offset, self.norm = scale, offset, norm or nn.Identity()

    def forward(self, x, offset=0):
        return self.norm(self.positions(x * self.scale, offset + self.offset))


class Words(nn.Module):
    """The encoder's embedding: tokens, then their places."""

    def __init__(self, tokens, positions):
        super().__init__()
        self.tokens, self.positions = tokens, positions

    def forward(self, ids):
        return self.positions(self.tokens(ids))


def copied(ours, theirs, names):
    """Give our module the weights of theirs, part by part."""
    ours.double()
    for mine, yours in names.items():
        ours.get_submodule(mine).load_state_dict(theirs.get_submodule(yours).state_dict())
    return ours


PARTS = {
    "attention.query": "self_attn.q_proj",
    "attention.key": "self_attn.k_proj",
    "attention.value": "self_attn.v_proj",
    "attention.out": "self_attn.out_proj",
    "attention_norm": "self_attn_layer_norm",
    "feedforward.up": "fc1",
    "feedforward.down": "fc2",
    "feedforward_norm": "final_layer_norm",
}
CROSS = {f"cross.{ours}": f"encoder_attn.{theirs}_proj" for ours, theirs in (
    ("query", "q"), ("key", "k"), ("value", "v"), ("out", "out"))}  # fmt: skip
CROSS["cross_norm"] = "encoder_attn_layer_norm"


def as_ours(oracle, scale, offset, activation=None):
    """Our encoder-decoder with the weights of a BART or Marian."""
    model = oracle.model
    tokens = Embedding(VOCAB, D_MODEL).double()
    tokens.load_state_dict(model.shared.state_dict())
    feedforward = partial(FeedForward, D_MODEL, D_FF, activation=activation)

    def placed(stack):
        norm = LayerNorm(D_MODEL).double()
        if hasattr(stack, "layernorm_embedding"):
            norm.load_state_dict(stack.layernorm_embedding.state_dict())
        else:
            norm = None
        return Placed(stack.embed_positions.weight, scale, offset, norm)

    def block(kind, layer, names):
        made = kind(D_MODEL, HEADS, D_FF, pre_norm=False, feedforward=feedforward())
        return copied(made, layer, names)

    encoder = Encoder(
        Words(tokens, placed(model.encoder)),
        [block(Block, layer, PARTS) for layer in model.encoder.layers],
    )
    blocks = [block(DecoderBlock, layer, PARTS | CROSS) for layer in model.decoder.layers]
    return EncoderDecoder(encoder, tokens, blocks, positions=placed(model.decoder)).double()


def published(kind, randomise, **settings):
    """A tiny model from its configuration, every weight drawn anew at unit scale."""
    transformers = pytest.importorskip("transformers")
    config = getattr(transformers, f"{kind}Config")(
        vocab_size=VOCAB, d_model=D_MODEL, encoder_layers=2, decoder_layers=2,
        encoder_attention_heads=HEADS, decoder_attention_heads=HEADS, encoder_ffn_dim=D_FF,
        decoder_ffn_dim=D_FF, max_position_embeddings=MAX_SEQ, dropout=0.0, pad_token_id=1,
        attn_implementation="eager", **settings,
    )  # fmt: skip
    return randomise(getattr(transformers, f"{kind}Model")(config).double().eval())


def assert_same(ours, theirs, model, oracle, weight):
    """Compare logits, and the gradients of the words and of the first layer of the encoder."""
    torch.testing.assert_close(ours, theirs)
    mine = model.tokens.weight, model.encoder.blocks[0].attention.query.weight
    yours = oracle.shared.weight, oracle.encoder.layers[0].self_attn.q_proj.weight
    # BART's own embedding layers leave the row of the padding without a gradient.
    real = torch.arange(VOCAB) != 1
    for a, b in zip(
        torch.autograd.grad((ours * weight).sum(), mine),
        torch.autograd.grad((theirs * weight).sum(), yours),
        strict=True,
    ):
        rows = real if len(a) == VOCAB else slice(None)
        torch.testing.assert_close(a[rows], b[rows])


@pytest.mark.parametrize("kind", ["Bart", "Marian"])
def test_logits_and_gradients_are_those_of_published_models(kind, randomise, randn):
    marian = kind == "Marian"
    settings = {"scale_embedding": True, "activation_function": "relu"} if marian else {}
    oracle = published(kind, randomise, **settings)
    scale, offset = (D_MODEL**0.5, 0) if marian else (1.0, 2)
    model = as_ours(type("", (), {"model": oracle}), scale, offset, torch.relu if marian else None)
    theirs = oracle(
        input_ids=SOURCE,
        attention_mask=PADDING.long(),
        decoder_input_ids=TARGET,
        decoder_attention_mask=TARGET_PADDING.long(),
    ).last_hidden_state
    theirs = theirs @ oracle.shared.weight.T
    ours = model(SOURCE, TARGET, PADDING, TARGET_PADDING)
    weight = randn(*ours.shape) * TARGET_PADDING[..., None]
    real = TARGET_PADDING
    torch.testing.assert_close(ours[real], theirs[real])
    assert_same(ours * real[..., None], theirs * real[..., None], model, oracle, weight)


class Waves(nn.Module):
    def forward(self, x, offset=0):
        return x + sinusoidal_positions(offset + x.shape[1], x.shape[2])[offset:].to(x)


@pytest.fixture
def small(randomise):
    """A small model of our own parts, pre-norm, with waves for positions."""
    tokens = Embedding(VOCAB, D_MODEL)
    encoder = Encoder(Words(tokens, Waves()), [Block(D_MODEL, HEADS, D_FF)], LayerNorm(D_MODEL))
    blocks = [DecoderBlock(D_MODEL, HEADS, D_FF) for _ in range(2)]
    model = EncoderDecoder(encoder, tokens, blocks, LayerNorm(D_MODEL), Waves())
    return randomise(model.double().eval())


def test_padding_changes_nothing(small):
    """A row in a batch gives what it gives alone."""
    whole = small(SOURCE, TARGET, PADDING, TARGET_PADDING)
    alone = small(SOURCE[1:, :5], TARGET[1:, :3])
    torch.testing.assert_close(whole[1:, :3], alone)


def test_the_future_has_no_say(small):
    changed = TARGET.clone()
    changed[:, 3] = 20
    one, other = small(SOURCE, TARGET), small(SOURCE, changed)
    torch.testing.assert_close(one[:, :3], other[:, :3])
    assert (one[:, 3:] != other[:, 3:]).any(-1).all()


def test_every_place_of_the_source_has_a_say(small):
    first = small(SOURCE, TARGET)
    for place in range(SOURCE.shape[1]):
        changed = SOURCE.clone()
        changed[:, place] = 20
        assert (small(changed, TARGET) != first).any(-1).all()


def test_cached_decoding_is_the_same(small):
    memory = small.encode(SOURCE, PADDING)
    whole = small.decode(TARGET, memory, PADDING, TARGET_PADDING)
    caches = [KVCache(), KVCache()]
    steps = [
        small.decode(TARGET[:, a:b], memory, PADDING, TARGET_PADDING[:, :b], caches)
        for a, b in ((0, 2), (2, 3), (3, 5))
    ]
    torch.testing.assert_close(torch.cat(steps, 1)[TARGET_PADDING], whole[TARGET_PADDING])


def test_a_head_of_its_own(small, randomise):
    small.head = randomise(nn.Linear(D_MODEL, 7).double())
    assert small(SOURCE, TARGET).shape == (2, 5, 7)


def written_without_cache(model, ids, new, end):
    """What greedy decoding gives, the long way: one row, everything anew at each step."""
    written = [2]
    for _ in range(new):
        written.append(int(model(ids, torch.tensor([written]))[0, -1].argmax()))
        if written[-1] == end:
            break
    return written[1:]


def test_generation_is_that_of_single_rows_without_a_cache(small):
    ends = set()
    for end in range(VOCAB):
        got = seq2seq_generate(small, SOURCE, 9, 2, end, 1, PADDING)
        assert not got.requires_grad
        rows = [
            written_without_cache(small, ids[real][None], 9, end)
            for ids, real in zip(SOURCE, PADDING, strict=True)
        ]
        longest = max(map(len, rows))
        assert got.tolist() == [row + [1] * (longest - len(row)) for row in rows]
        ends.add(tuple(map(len, rows)))
    assert len(ends) > 2  # rows ended together, one after the other, and not at all


def test_generation_on_every_device(device):
    tokens = Embedding(VOCAB, D_MODEL)
    encoder = Encoder(tokens, [Block(D_MODEL, HEADS, D_FF)])
    model = EncoderDecoder(encoder, tokens, [DecoderBlock(D_MODEL, HEADS, D_FF)]).to(device)
    source, padding = SOURCE.to(device), PADDING.to(device)
    assert seq2seq_generate(model, source, 4, 2, 3, 1, padding).device.type == device.type


def test_nothing_to_write_is_refused(small):
    with pytest.raises(ValueError, match="new=0"):
        seq2seq_generate(small, SOURCE, 0, 2, 3, 1)


def test_shift_right_makes_what_transformers_makes():
    bart = pytest.importorskip("transformers").models.bart.modeling_bart
    labels = torch.tensor([[5, 6, 2, -100], [7, 2, -100, -100], [-100, 4, 5, 6]])
    kept = labels.clone()
    ours = shift_right(labels, 2, 1)
    assert ours.tolist() == [[2, 5, 6, 2], [2, 7, 2, 1], [2, 1, 4, 5]]
    torch.testing.assert_close(ours, bart.shift_tokens_right(labels.clone(), 1, 2))
    assert labels.equal(kept)
