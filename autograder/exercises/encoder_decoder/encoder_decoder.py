"""EncoderDecoder: its cases and variants. Its mistakes are in a file of their own."""

import torch
from torch import Generator, arange, nn, randint, randn, tensor

from autograder.exercise import ByHand, Exercise
from autograder.judge import Unmoved
from autograder.stand_ins import Part, Past, TorchPart
from autograder.trial import Trial, build
from gradus import encoder_decoder as layer
from gradus.encoder_decoder import EncoderDecoder

encoder_decoder = Exercise(layer.EncoderDecoder, instead_of=[nn.Transformer])

WORDS, VOCAB, D_MODEL, PLACES = 9, 7, 4, 12


def made(
    rng: Generator, norm: bool = True, positions: bool = True, head: bool = False, blocks: int = 2
) -> Trial:
    """A small model of stand-ins, its weights at unit scale; without some of its parts."""
    state = {
        "encoder.tokens.weight": randn(WORDS, D_MODEL, generator=rng),
        "tokens.weight": randn(VOCAB, D_MODEL, generator=rng),
    }
    for i in range(blocks):
        for name in ("change", "look"):
            state[f"blocks.{i}.{name}.weight"] = randn(D_MODEL, D_MODEL, generator=rng)
            state[f"blocks.{i}.{name}.bias"] = randn(D_MODEL, generator=rng)
    if norm:
        state["norm.weight"] = randn(D_MODEL, generator=rng)
        state["norm.bias"] = randn(D_MODEL, generator=rng)
    if positions:
        state["positions.weight"] = randn(PLACES, D_MODEL, generator=rng)
    if head:
        state["head.weight"] = randn(VOCAB + 3, D_MODEL, generator=rng)
        state["head.bias"] = randn(VOCAB + 3, generator=rng)
    return build(
        Part("encoder", (WORDS, D_MODEL)),
        TorchPart("Embedding", (VOCAB, D_MODEL)),
        [Part("decoder_block", (D_MODEL,)) for _ in range(blocks)],
        TorchPart("LayerNorm", (D_MODEL,)) if norm else None,
        Part("positions", (PLACES, D_MODEL)) if positions else None,
        TorchPart("Linear", (D_MODEL, VOCAB + 3)) if head else None,
    ).load(state)


SOURCE = tensor([[3, 8, 1, 0, 5], [2, 4, 6, 7, 7]])
TARGET = tensor([[1, 5, 2, 6], [3, 0, 4, 4]])
SOURCE_PADDING = tensor([[1, 1, 1, 1, 1], [1, 1, 1, 0, 0]]).bool()
TARGET_PADDING = tensor([[1, 1, 1, 1], [0, 1, 1, 1]]).bool()


@encoder_decoder.case(
    "a decoder without blocks, by hand",
    0.5,
    hint="No blocks, no positions, no norm, no head: only the table of `tokens` is left.",
)
def by_hand(rng: Generator) -> ByHand:
    trial = build(Part("encoder", (3, 2)), TorchPart("Embedding", (3, 2)), [])
    table = tensor([[1.0, 2], [3, 0], [0, 5]])
    trial = trial.load({"encoder.tokens.weight": table, "tokens.weight": table})
    trial = trial.then("decode", tensor([[0, 2]]), tensor([[[7.0, 7]]]))
    return ByHand(trial, tensor([[[5.0, 3, 10], [10, 0, 25]]]))


@encoder_decoder.case("source and target, nothing padded", 2)
def whole(rng: Generator) -> Trial:
    return made(rng).call(SOURCE, TARGET)


@encoder_decoder.case(
    "padding in both", 2, hint="The source is padded at its end, the target at its beginning."
)
def padded(rng: Generator) -> list[Trial]:
    trial = made(rng)
    return [
        trial.call(SOURCE, TARGET, SOURCE_PADDING),
        trial.call(SOURCE, TARGET, None, TARGET_PADDING),
        trial.call(SOURCE, TARGET, SOURCE_PADDING, TARGET_PADDING),
    ]


@encoder_decoder.case(
    "the future of the target has no say",
    judge=Unmoved(
        "Position 1 may read positions 0 and 1 of the target only, so changing position 3 must not "
        "change its logits.",
        lambda output: output[:, :2],
    ),
)
def future(rng: Generator) -> list[Trial]:
    changed = TARGET.clone()
    changed[:, 3] = 2
    trial = made(rng)
    return [trial.call(SOURCE[:, :4], target) for target in (TARGET, changed)]


@encoder_decoder.case(
    "padding of the source has no say",
    judge=Unmoved(
        "Places 3 and 4 of source 1 are padding, so changing them must not change its logits.",
        lambda output: output[1],
    ),
)
def source_padding(rng: Generator) -> list[Trial]:
    changed = SOURCE.clone()
    changed[1, 3:] = 1
    trial = made(rng)
    return [trial.call(source, TARGET, SOURCE_PADDING) for source in (SOURCE, changed)]


@encoder_decoder.case("encode by itself, and decode by itself")
def halves(rng: Generator) -> list[Trial]:
    trial, memory = made(rng), randn(2, 5, D_MODEL, generator=rng)
    return [
        trial.then("encode", SOURCE, SOURCE_PADDING),
        trial.then("encode", SOURCE),
        trial.then("decode", TARGET, memory, SOURCE_PADDING, TARGET_PADDING),
        trial.then("decode", TARGET, memory),
    ]


@encoder_decoder.case(
    "two new tokens, with caches",
    1,
    hint="Three tokens were there before. At which positions do the new ones stand?",
)
def cached(rng: Generator) -> list[Trial]:
    def past() -> Past:
        return Past(*(randn(2, 1, 3, D_MODEL, generator=rng) for _ in range(2)))

    memory, padding = randn(2, 5, D_MODEL, generator=rng), tensor([[1] * 5, [0] + [1] * 4]).bool()
    trial, caches = made(rng), [past(), past()]
    return [
        trial.then("decode", TARGET[:, :2], memory, SOURCE_PADDING, caches=caches),
        trial.then("decode", TARGET[:, :2], memory, None, padding, caches=caches),
    ]


@encoder_decoder.case("without norm and positions, and with a head")
def other_parts(rng: Generator) -> list[Trial]:
    return [
        made(rng, norm=False).call(SOURCE, TARGET),
        made(rng, positions=False).call(SOURCE, TARGET),
        made(rng, head=True).call(SOURCE, TARGET, SOURCE_PADDING),
    ]


@encoder_decoder.case("hidden texts", hidden=True)
def hidden(rng: Generator) -> Trial:
    seq, source = randint(3, 7, (2,), generator=rng).tolist()
    sources = randint(WORDS, (3, source + 2), generator=rng)
    targets = randint(VOCAB, (3, seq), generator=rng)
    real = arange(source + 2) < tensor([source + 2, 2, 1])[:, None]
    shown = arange(seq) >= tensor([0, 1, 2])[:, None]
    return made(rng, blocks=3).call(sources, targets, real, shown).with_gradients()


@encoder_decoder.house_rules()
def typical(rng: Generator) -> Trial:
    return made(rng).call(SOURCE, TARGET, SOURCE_PADDING, TARGET_PADDING)


@encoder_decoder.variant
class WithTril(EncoderDecoder):
    def encode(self, ids, padding=None):
        return self.encoder(ids, padding=padding)

    def decode(self, ids, memory, memory_padding=None, padding=None, caches=None):
        new = ids.size(1)
        past = len(caches[0]) if caches else 0
        x = self.tokens(ids)
        x = x if self.positions is None else self.positions(x, offset=past)
        ones = torch.ones(1, 1, new, past + new, dtype=torch.bool, device=ids.device)
        mask = torch.tril(ones, diagonal=past)
        if padding is not None:
            mask = mask & padding.reshape(len(ids), 1, 1, -1)
        if memory_padding is not None:
            memory_padding = memory_padding.unsqueeze(1).unsqueeze(1)
        for block, cache in zip(self.blocks, caches or [None] * len(self.blocks), strict=True):
            x = block(x, memory, mask, memory_padding, cache)
        x = self.norm(x) if self.norm else x
        return self.head(x) if self.head else nn.functional.linear(x, self.tokens.weight)

    def forward(self, source, target, source_padding=None, target_padding=None):
        memory = self.encode(source, source_padding)
        return self.decode(target, memory, source_padding, target_padding)


@encoder_decoder.variant
class WithPlaces(EncoderDecoder):
    """The mask from the numbers of the places, and without any where nothing needs one."""

    def __init__(self, encoder, tokens, blocks, norm=None, positions=None, head=None):
        nn.Module.__init__(self)
        self.head, self.positions, self.norm = head, positions, norm
        self.encoder, self.tokens, self.blocks = encoder, tokens, nn.ModuleList(list(blocks))

    def encode(self, ids, padding=None):
        return self.encoder(ids) if padding is None else self.encoder(ids, padding)

    def decode(self, ids, memory, memory_padding=None, padding=None, caches=None):
        offset = 0 if caches is None else len(caches[-1])
        places = torch.arange(offset + ids.shape[-1], device=ids.device)
        mask = places[None, None, None, :] <= places[offset:, None]
        if padding is not None:
            mask = mask & padding[:, None, None]
        x = self.tokens(ids)
        if self.positions is not None:
            x = self.positions(x, offset)
        extra = {} if memory_padding is None else {"memory_mask": memory_padding[:, None, None]}
        for i in range(len(self.blocks)):
            if caches is not None:
                extra["cache"] = caches[i]
            x = self.blocks[i](x, memory, mask=mask, **extra)
        if self.norm is not None:
            x = self.norm(x)
        return torch.einsum("bsd,vd->bsv", x, self.tokens.weight) if not self.head else self.head(x)

    def forward(self, source, target, source_padding=None, target_padding=None):
        memory = self.encoder(source, source_padding)
        return self.decode(target, memory, memory_padding=source_padding, padding=target_padding)
