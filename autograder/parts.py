"""Parts of models at their least, for answers that put a model together from what is given."""

from typing import Any

import torch
from torch import Tensor, nn


class FakeBlock(nn.Module):
    """A block of one head: positions read what the mask allows, and add to the stream."""

    def __init__(self, d_model: int) -> None:
        """Make the one layer that there is."""
        super().__init__()
        self.change = nn.Linear(d_model, d_model)

    def forward(self, x: Tensor, mask: Tensor | None = None, cache: Any = None) -> Tensor:
        """Let x read itself, and the past in the cache; `mask` as in attention."""
        if mask is not None and mask.dtype != torch.bool:
            raise TypeError(f"a mask holds True and False; this one holds {mask.dtype}")
        heads = x.unsqueeze(1)
        keys = heads if cache is None else cache.update(heads, heads)[0]
        scores = heads @ keys.mT / x.shape[-1] ** 0.5
        if mask is None:
            weights = scores.softmax(-1)
        else:
            weights = scores.masked_fill(~mask, -1e30).softmax(-1).masked_fill(~mask, 0)
        return x + torch.tanh(self.change((weights @ keys).squeeze(1)))


class FakeTypes(nn.Embedding):
    """An embedding that takes types as well; it knows 0 from none at all."""

    def forward(self, ids: Tensor, types: Tensor | None = None) -> Tensor:
        """Return the vector of each id, moved by its type."""
        x = super().forward(ids)
        return x if types is None else x + 1 + types.unsqueeze(-1)


class FakeEncoder(nn.Module):
    """An encoder: the vector of each token, and the mean of the real ones of its text."""

    def __init__(self, vocab: int, d_model: int) -> None:
        """Make the table of tokens."""
        super().__init__()
        self.tokens = nn.Embedding(vocab, d_model)

    def forward(self, ids: Tensor, padding: Tensor | None = None) -> Tensor:
        """Return vectors of shape (batch, seq, d_model)."""
        x = self.tokens(ids)
        real = torch.ones_like(ids) if padding is None else padding
        real = real.unsqueeze(-1).to(x.dtype)
        return x + (x * real).sum(1, keepdim=True) / real.sum(1, keepdim=True).clamp(min=1)


class FakePositions(nn.Embedding):
    """Positions that are added to a stream which begins at `offset`."""

    def forward(self, x: Tensor, offset: int = 0) -> Tensor:
        """Return x, moved by its positions; ValueError past the last position that there is."""
        end = offset + x.shape[-2]
        if offset < 0 or end > len(self.weight):
            raise ValueError(f"positions go from 0 to {len(self.weight) - 1}, not to {end - 1}")
        return x + self.weight[offset:end]


class FakeDecoderBlock(FakeBlock):
    """A decoder's block at its least: it reads what was written, then the memory."""

    def __init__(self, d_model: int) -> None:
        """Make a layer for each of the two readings."""
        super().__init__(d_model)
        self.look = nn.Linear(d_model, d_model)

    def forward(  # type: ignore[override]  # a decoder's block needs a memory
        self,
        x: Tensor,
        memory: Tensor,
        mask: Tensor | None = None,
        memory_mask: Tensor | None = None,
        cache: Any = None,
    ) -> Tensor:
        """Let x read itself and its past, then all of the memory that the mask allows."""
        x = super().forward(x, mask, cache)
        source = memory.unsqueeze(1)
        scores = x.unsqueeze(1) @ source.mT / x.shape[-1] ** 0.5
        if memory_mask is not None:
            scores = scores.masked_fill(~memory_mask, -1e30)
        return x + torch.tanh(self.look((scores.softmax(-1) @ source).squeeze(1)))


class FakeTranslator(nn.Module):
    """An encoder-decoder that knows a few texts by heart; what it writes tells how it was called.

    `texts` are pairs of source and target ids. Whoever asks rightly gets the target and then `end`.
    Whoever does not gets one of the last ids of the vocabulary: for an unknown source (-1), padding
    that encoder and decoder see differently (-2), another first token than `start` (-3), another
    history than the target (-4), or a text that has ended already (-5). With `once`, the source may
    be read once only; with `single`, each step may hand over one token only.
    """

    def __init__(
        self,
        texts: list[tuple[list[int], list[int]]],
        start: int,
        end: int,
        vocab: int,
        once: bool = False,
        single: bool = False,
    ) -> None:
        """Learn the texts by heart."""
        super().__init__()
        self.texts = {tuple(source): [start, *target, end] for source, target in texts}
        self.start, self.vocab, self.once, self.single = start, vocab, once, single
        self.blocks = nn.ModuleList([nn.Identity(), nn.Identity()])
        self.read = 0

    def encode(self, ids: Tensor, padding: Tensor | None = None) -> Tensor:
        """Return (batch, source, 2): every id, and whether it was taken for a real one."""
        self.read += 1
        if self.once and self.read > 1:
            raise RuntimeError("the source was read a second time, and it was still the same")
        real = torch.ones_like(ids) if padding is None else padding
        return torch.stack([ids.double(), real.double()], dim=-1)

    def decode(
        self,
        ids: Tensor,
        memory: Tensor,
        memory_padding: Tensor | None = None,
        padding: Tensor | None = None,
        caches: Any = None,
    ) -> Tensor:
        """Return logits of shape (batch, seq, vocab): 3 for the answer, 0 for all others."""
        if self.single and ids.shape[1] > 1:
            raise RuntimeError(f"{ids.shape[1]} tokens were handed over: the newest would do")
        history = ids.double()[:, None, :, None]
        if caches is not None:
            if len(caches) != len(self.blocks):
                raise ValueError(f"{len(caches)} caches for {len(self.blocks)} blocks")
            [history, other] = [cache.update(history, history)[0] for cache in caches]
            if history.shape != other.shape:
                history = torch.cat([history, other], dim=-2)
        real = memory[..., 1].bool() if memory_padding is None else memory_padding
        answers = []
        for row in range(len(ids)):
            kept = memory[row, real[row], 0] if memory_padding is not None else memory[row, :, 0]
            source = tuple(int(token) for token in kept)
            alike = memory_padding is None or torch.equal(memory[row, :, 1].bool(), real[row])
            past = [int(token) for token in history[row].flatten()]
            first = len(past) - ids.shape[1]
            answers.append(
                [
                    self._answer(source, alike, past[: first + i + 1]) % self.vocab
                    for i in range(ids.shape[1])
                ]
            )
        wanted = torch.tensor(answers, device=ids.device)
        return 3.0 * nn.functional.one_hot(wanted, self.vocab).float()

    def _answer(self, source: tuple[int, ...], alike: bool, past: list[int]) -> int:
        target = self.texts.get(source)
        if target is None:
            return -1
        if not alike:
            return -2
        if past[:1] != [self.start]:
            return -3
        if past[: len(target)] != target[: len(past)]:
            return -4
        return target[len(past)] if len(past) < len(target) else -5


class FakeWriter(nn.Module):
    """A language model that remembers all it has read, and the newest token best.

    The logits after a text are the sum of its tokens' rows of `table`, each counting half as much
    as the one behind it. It reads no more than `max_seq` positions. In train mode all its logits
    have the wrong sign. `most` is the largest number of tokens that a call after the first was
    given, `graded` whether it was ever called with gradients enabled.
    """

    table: Tensor

    def __init__(self, table: Tensor, max_seq: int = 1000) -> None:
        """Hold the table as a buffer, so that `.to` moves it."""
        super().__init__()
        self.register_buffer("table", table)
        self.blocks = nn.ModuleList([nn.Identity(), nn.Identity()])
        self.max_seq, self.called, self.most, self.graded = max_seq, False, 0, False

    def forward(self, ids: Tensor, padding: Tensor | None = None, caches: Any = None) -> Tensor:
        """Return logits of shape (batch, seq, vocab); `padding` covers what the caches hold too."""
        self.graded |= torch.is_grad_enabled()
        if self.called:
            self.most = max(self.most, ids.shape[1])
        self.called = True
        read = ids
        if caches is not None:
            if len(caches) != len(self.blocks):
                raise ValueError(f"{len(caches)} caches for {len(self.blocks)} blocks")
            new = ids[:, None, :, None]
            for cache in caches:
                read = cache.update(new, new)[0][:, 0, :, 0]
        seq = read.shape[1]
        if seq > self.max_seq:
            raise ValueError(f"positions go from 0 to {self.max_seq - 1}, not to {seq - 1}")
        rows = self.table[read]
        if padding is not None:
            if padding.shape != read.shape:
                raise ValueError(f"the padding covers {padding.shape[1]} of {seq} positions")
            rows = rows * padding.unsqueeze(-1)
        place = torch.arange(seq, device=ids.device)
        age = place[:, None] - place
        logits = ((0.5 ** age.clamp(min=0)) * (age >= 0)).to(rows.dtype)[-ids.shape[1] :] @ rows
        return -logits if self.training else logits


class FakeFilter(nn.Module):
    """Rules out tokens: `ids`, and all whose logit is under `least`, get -inf."""

    def __init__(self, ids: list[int], least: float = -torch.inf) -> None:
        """Remember what is to be ruled out."""
        super().__init__()
        self.ids, self.least = ids, least

    def forward(self, logits: Tensor) -> Tensor:
        """Return the logits that are left."""
        barred = logits < self.least
        barred[..., self.ids] = True
        return logits.masked_fill(barred, -torch.inf)


PARTS: dict[str, type[nn.Module]] = {
    "block": FakeBlock,
    "typed": FakeTypes,
    "encoder": FakeEncoder,
    "positions": FakePositions,
    "decoder_block": FakeDecoderBlock,
    "translator": FakeTranslator,
    "writer": FakeWriter,
    "filter": FakeFilter,
}
