"""Encoder: its cases and variants. Its mistakes are in files of their own."""

import torch
from torch import Generator, cat, nn, randint, randn, tensor

from autograder.exercise import ByHand, Exercise
from autograder.judge import Unmoved
from autograder.stand_ins import Part, TorchPart
from autograder.trial import Trial, build
from gradus import encoder as layers
from gradus.encoder import Encoder

encoder = Exercise(layers.Encoder, instead_of=[nn.TransformerEncoder])

VOCAB, D_MODEL = 9, 6
PADDING = tensor([[1, 1, 1, 1, 1], [1, 1, 1, 0, 0], [0, 0, 1, 1, 1]]).bool()
REAL = PADDING.nonzero().unbind(1)


def _parts(blocks, norm=False, embedding=None):
    """What the encoder is made of: an embedding, blocks that read with the mask, perhaps a norm."""
    first = embedding or TorchPart("Embedding", (VOCAB, D_MODEL))
    last = [TorchPart("LayerNorm", (D_MODEL,))] if norm else []
    return build(first, [Part("block", (D_MODEL,)) for _ in range(blocks)], *last)


def _weights(rng, blocks, norm=False):
    state = {"embedding.weight": randn(VOCAB, D_MODEL, generator=rng)}
    for i in range(blocks):
        state[f"blocks.{i}.change.weight"] = randn(D_MODEL, D_MODEL, generator=rng)
        state[f"blocks.{i}.change.bias"] = randn(D_MODEL, generator=rng)
    if norm:
        state |= {f"norm.{n}": randn(D_MODEL, generator=rng) for n in ("weight", "bias")}
    return state


def _encoder(rng, blocks=2, norm=False):
    return _parts(blocks, norm).load(_weights(rng, blocks, norm))


def _ids(rng, *shape):
    return randint(VOCAB, shape, generator=rng)


@encoder.case(
    "two blocks, by hand",
    hint="The first block adds (1, 1) to every vector of the stream, the second (1, -1).",
)
def by_hand(rng: Generator) -> ByHand:
    state = {"embedding.weight": tensor([[1.0, 2], [3, 4], [5, 6]])}
    for i, change in enumerate(([99.0, 99], [99, -99])):  # the tanh of 99 is 1
        state[f"blocks.{i}.change.weight"] = torch.zeros(2, 2)
        state[f"blocks.{i}.change.bias"] = tensor(change)
    trial = build(TorchPart("Embedding", (3, 2)), [Part("block", (2,)), Part("block", (2,))])
    return ByHand(trial.load(state).call(tensor([[2, 0]])), tensor([[[7.0, 6], [3, 2]]]))


@encoder.case("texts without padding", 2, hint="Which positions may be read by which?")
def no_padding(rng: Generator) -> list[Trial]:
    trial = _encoder(rng, 3)
    return [trial.call(_ids(rng, 3, 5)), trial.call(_ids(rng, 3, 5), torch.ones(3, 5).bool())]


@encoder.case("texts with padding, behind them or before them", 2)
def with_padding(rng: Generator) -> list[Trial]:
    return [_encoder(rng).call(_ids(rng, 3, 5), PADDING), _encoder(rng).call(_ids(rng, 1, 1))]


@encoder.case(
    "padding has no say",
    judge=Unmoved(
        "Whatever ids fill up the short texts, the vectors of the real tokens must not move.",
        lambda output: output[REAL],
    ),
)
def padding_has_no_say(rng: Generator) -> list[Trial]:
    ids, trial = _ids(rng, 3, 5), _encoder(rng)
    others = torch.where(PADDING, ids, (ids + 4) % VOCAB)
    return [trial.call(text, PADDING) for text in (ids, others)]


@encoder.case("a norm at the end, if there is one")
def norm(rng: Generator) -> list[Trial]:
    ids = _ids(rng, 3, 5)
    return [_encoder(rng, n, norm=True).call(ids, PADDING) for n in (2, 0)]


@encoder.case(
    "types are handed on if they are given",
    hint="An embedding that knows nothing of types must not be given any, not even None.",
)
def types(rng: Generator) -> list[Trial]:
    typed = _parts(2, embedding=Part("typed", (VOCAB, D_MODEL))).load(_weights(rng, 2))
    ids, kinds = _ids(rng, 3, 5), randint(2, (3, 5), generator=rng)
    return [typed.call(ids, PADDING, kinds), typed.call(ids, PADDING), typed.call(ids, types=kinds)]


@encoder.case("the parts that were given learn, all of them")
def learns(rng: Generator) -> Trial:
    return _encoder(rng, 3, norm=True).call(_ids(rng, 3, 5), PADDING).with_gradients()


@encoder.case("hidden sizes", hidden=True)
def hidden(rng: Generator) -> Trial:
    batch, seq, blocks = (2 + randint(3, (3,), generator=rng)).tolist()
    lengths = 1 + randint(seq, (batch, 1), generator=rng)
    padding = torch.arange(seq + 1) < lengths
    return _encoder(rng, blocks, norm=True).call(_ids(rng, batch, seq + 1), padding)


@encoder.house_rules()
def typical(rng: Generator) -> Trial:
    return _encoder(rng, norm=True).call(_ids(rng, 3, 5), PADDING)


@encoder.variant
class Sequentially(Encoder):
    def __init__(self, embedding, blocks, norm=None):
        nn.Module.__init__(self)
        self.norm = norm
        self.blocks = nn.ModuleList()
        for block in blocks:
            self.blocks.append(block)
        self.embedding = embedding

    def forward(self, ids, padding=None, types=None):
        given = (ids,) if types is None else (ids, types)
        mask = padding.unsqueeze(1).unsqueeze(1) if padding is not None else None
        x = self.embedding(*given)
        for i in range(len(self.blocks)):
            x = self.blocks[i](x, mask)
        if self.norm is not None:
            x = self.norm(x)
        return x


@encoder.variant
class FullMask(Encoder):
    """The mask at its full size, and one of all True when there is no padding."""

    def forward(self, ids, padding=None, types=None):
        if padding is None:
            padding = torch.ones_like(ids, dtype=torch.bool)
        batch, seq = ids.shape
        mask = padding.reshape(batch, 1, 1, seq).expand(batch, 1, seq, seq)
        x = self.embedding(ids, types) if types is not None else self.embedding(ids)
        for block in self.blocks:
            x = block(x, mask=mask)
        return (self.norm or nn.Identity())(x)


@encoder.variant
class TextByText(Encoder):
    """One text of the batch at a time."""

    def forward(self, ids, padding=None, types=None):
        texts = []
        for i in range(len(ids)):
            extra = () if types is None else (types[i : i + 1],)
            x = self.embedding(ids[i : i + 1], *extra)
            mask = None if padding is None else padding[i][None, None, None]
            for block in self.blocks:
                x = block(x, mask=mask)
            texts.append(x)
        x = cat(texts)
        return self.norm(x) if self.norm else x
