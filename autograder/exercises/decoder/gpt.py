"""Gpt: its cases and variants. Its mistakes are in files of their own."""

import torch
from torch import Generator, arange, cat, nn, randint, randn, tensor

from autograder.exercise import ByHand, Exercise
from autograder.judge import Unmoved
from autograder.stand_ins import Part, Past, TorchPart
from autograder.trial import Trial, build
from gradus import decoder
from gradus.decoder import Gpt
from gradus.placing import place

gpt = Exercise(decoder.Gpt, instead_of=[nn.TransformerDecoder, nn.TransformerEncoder])

VOCAB, WIDTH, MAX_SEQ = 7, 6, 9


def model(rng, layers=2, positions=False, head=0, vocab=VOCAB, width=WIDTH, max_seq=MAX_SEQ):
    """Build a model of least parts, with weights at unit scale; `head` is the width of its own."""
    parts = [
        TorchPart("Embedding", (vocab, width)),
        [Part("block", (width,)) for _ in range(layers)],
        TorchPart("LayerNorm", (width, 0.1)),
    ]
    state = {"tokens.weight": randn(vocab, width, generator=rng)}
    for i in range(layers):
        state[f"blocks.{i}.change.weight"] = randn(width, width, generator=rng) / width**0.5
        state[f"blocks.{i}.change.bias"] = randn(width, generator=rng)
    state["norm.weight"] = randn(width, generator=rng)
    state["norm.bias"] = randn(width, generator=rng)
    named = {}
    if positions:
        named["positions"] = Part("positions", (max_seq, width))
        state["positions.weight"] = randn(max_seq, width, generator=rng)
    if head:
        named["head"] = TorchPart("Linear", (width, head))
        state["head.weight"] = randn(head, width, generator=rng)
        state["head.bias"] = randn(head, generator=rng)
    return build(*parts, **named).load(state)


def _ids(rng, *shape, vocab=VOCAB):
    return randint(vocab, shape, generator=rng)


def _pasts(rng, batch, seq, layers=2):
    held = [randn(batch, 1, seq, WIDTH, generator=rng) for _ in range(layers)]
    return [Past(keys, keys) for keys in held]


RIGHT = tensor([[1, 1, 1, 1, 1], [1, 1, 1, 0, 0]]).bool()
LEFT = tensor([[1, 1, 1, 1, 1], [0, 0, 1, 1, 1], [0, 1, 1, 1, 1]]).bool()


@gpt.case(
    "two tokens, two positions and no blocks, by hand",
    0.5,
    hint="The norm changes nothing here. What is (1, 0) + (10, 0), compared with each token?",
)
def by_hand(rng: Generator) -> ByHand:
    trial = build(
        TorchPart("Embedding", (2, 2)), [], TorchPart("Identity"), Part("positions", (2, 2))
    ).load(
        {
            "tokens.weight": tensor([[1.0, 0], [3, 2]]),
            "positions.weight": tensor([[10.0, 0], [0, 100]]),
        }
    )
    return ByHand(trial.call(tensor([[0, 1]])), tensor([[[11.0, 33], [3, 213]]]))


@gpt.case("two blocks", 2)
def two_blocks(rng: Generator) -> Trial:
    return model(rng).call(_ids(rng, 2, 5))


@gpt.case("positions are added to the words")
def positions(rng: Generator) -> Trial:
    return model(rng, positions=True).call(_ids(rng, 2, 5))


@gpt.case(
    "the future has no say",
    judge=Unmoved(
        "Position 1 may read positions 0 and 1 only, so another token at position 2 must not "
        "change its logits.",
        lambda output: output[:, :2],
    ),
)
def future(rng: Generator) -> list[Trial]:
    ids = _ids(rng, 2, 5)
    changed = cat([ids[:, :2], (ids[:, 2:] + 1) % VOCAB], dim=1)
    trial = model(rng)
    return [trial.call(ids), trial.call(changed)]


@gpt.case("a head of its own", 0.5)
def head(rng: Generator) -> Trial:
    return model(rng, head=11).call(_ids(rng, 2, 5))


@gpt.case(
    "padding after a text has no say",
    judge=Unmoved(
        "The last two tokens of text 1 are padding, so what they are must not matter.",
        lambda output: output[1, :3],
    ),
)
def padding_right(rng: Generator) -> list[Trial]:
    ids = _ids(rng, 2, 5)
    other = ids.clone()
    other[1, 3:] = (other[1, 3:] + 1) % VOCAB
    trial = model(rng, positions=True)
    return [trial.call(ids, RIGHT), trial.call(other, RIGHT)]


@gpt.case(
    "padding before a text",
    hint="The first real token of every text stands at position 0: that is what `place` is for.",
)
def padding_left(rng: Generator) -> list[Trial]:
    trial, ids = model(rng, positions=True), _ids(rng, 3, 5)
    return [trial.call(ids, LEFT), model(rng).call(ids, LEFT)]


@gpt.case(
    "two new tokens after three in the caches",
    1.5,
    hint="Five keys, two queries: the new tokens are at positions 3 and 4.",
)
def with_caches(rng: Generator) -> list[Trial]:
    ids = _ids(rng, 2, 2)
    padding = tensor([[1, 1, 1, 1, 1], [0, 1, 1, 1, 1]]).bool()
    trial, caches = model(rng, positions=True), _pasts(rng, 2, 3)
    return [trial.call(ids, caches=caches), trial.call(ids, padding, caches)]


@gpt.case("one new token, one token, and too many", 0.5)
def edges(rng: Generator) -> list[Trial]:
    trial = model(rng, positions=True)
    return [
        trial.call(_ids(rng, 2, 1), None, _pasts(rng, 2, MAX_SEQ - 1)),
        trial.call(_ids(rng, 1, 1)),
        trial.call(_ids(rng, 2, MAX_SEQ + 1)),
        trial.call(_ids(rng, 2, 2), None, _pasts(rng, 2, MAX_SEQ - 1)),
    ]


@gpt.case("hidden sizes", hidden=True)
def hidden(rng: Generator) -> list[Trial]:
    vocab, width, layers, seq = randint(3, 6, (4,), generator=rng).tolist()
    sizes = {"vocab": vocab, "width": width + 2, "layers": layers, "max_seq": seq + 3}
    made = [model(rng, positions=True, **sizes), model(rng, head=9, **sizes)]
    return [trial.call(_ids(rng, 2, seq, vocab=vocab)).with_gradients() for trial in made]


@gpt.house_rules()
def typical(rng: Generator) -> Trial:
    return model(rng, positions=True).call(_ids(rng, 2, 5))


@gpt.variant
class WithZip(Gpt):
    def forward(self, ids, padding=None, caches=None):
        batch, seq = ids.shape
        past = 0 if not caches else len(caches[0])
        x = self.tokens(ids)
        if self.positions is not None:
            x = place(self.positions, x, past=past, padding=padding)
        query = arange(past, past + seq, device=ids.device)
        mask = arange(past + seq, device=ids.device)[None, :] <= query[:, None]
        if padding is not None:
            mask = mask[None, None] & padding.view(batch, 1, 1, past + seq)
        for block, cache in zip(self.blocks, caches or [None] * len(self.blocks), strict=True):
            x = block(x, mask=mask, cache=cache)
        head = self.head or (lambda y: nn.functional.linear(y, self.tokens.weight))
        return head(self.norm(x))


@gpt.variant
class FromNothing(nn.Module):
    def __init__(self, tokens, blocks, norm, positions=None, head=None):
        super().__init__()
        self.norm, self.tokens = norm, tokens
        if positions is not None:
            self.positions = positions
        self.blocks = nn.ModuleList(list(blocks))
        if head is not None:
            self.head = head

    def forward(self, ids, padding=None, caches=None):
        x = self.tokens(ids)
        start = 0 if caches is None else len(caches[0])
        if hasattr(self, "positions"):
            x = self._placed(x, start, padding)
        keys = start + ids.size(1)
        mask = torch.ones(ids.size(1), keys, device=ids.device).tril(start) > 0
        if padding is not None:
            mask = torch.logical_and(mask.unsqueeze(0), padding.unsqueeze(1)).unsqueeze(1)
        for number in range(len(self.blocks)):
            cache = None if caches is None else caches[number]
            x = self.blocks[number](x, mask, cache)
        x = self.norm(x)
        if hasattr(self, "head"):
            return self.head(x)
        return torch.einsum("bsd,vd->bsv", x, self.tokens.weight)

    def _placed(self, x, start, padding):
        if padding is None:
            return self.positions(x, start)
        texts = []
        for text, real in zip(x, padding, strict=True):
            before = int(real.float().argmax())
            out = [
                self.positions(one[None], start + i - before)[0] if start + i >= before else one
                for i, one in enumerate(text)
            ]
            texts.append(torch.stack(out))
        return torch.stack(texts)


@gpt.variant
class MaskedAtLast(Gpt):
    def forward(self, ids, padding=None, caches=None):
        past = len(caches[0]) if caches is not None else 0
        x = self.tokens(ids)
        if self.positions is not None:
            x = place(self.positions, x, past, padding)
        whole = torch.ones(past + ids.shape[1], past + ids.shape[1], device=ids.device)
        mask = whole.tril().bool()[past:].expand(len(ids), 1, -1, -1)
        if padding is not None:
            mask = mask & padding[:, None, None]
        for i, block in enumerate(self.blocks):
            x = block(x, mask=mask, cache=None if caches is None else caches[i])
        x = self.norm(x)
        return (x @ self.tokens.weight.mT) if self.head is None else self.head(x)
