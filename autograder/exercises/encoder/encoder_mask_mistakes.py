"""What goes wrong in Encoder: who may read whom. Here are the steps, too."""

import torch

from autograder.exercises.encoder.encoder import encoder
from gradus.encoder import Encoder


class Steps(Encoder):
    """The encoder in steps that can go wrong one by one."""

    def begin(self, ids, types):
        return self.embedding(ids) if types is None else self.embedding(ids, types)

    def mask(self, ids, padding):
        return None if padding is None else padding[:, None, None, :]

    def climb(self, x, mask):
        for block in self.blocks:
            x = block(x, mask=mask)
        return x

    def end(self, x, padding):
        return x if self.norm is None else self.norm(x)

    def forward(self, ids, padding=None, types=None):
        x = self.climb(self.begin(ids, types), self.mask(ids, padding))
        return self.end(x, padding)


@encoder.mistake(
    "Every position reads only those before it: the mask is causal.",
    "May an encoder read what comes later in the text?",
)
class Causal(Steps):
    def mask(self, ids, padding):
        seq = ids.shape[1]
        causal = torch.ones(seq, seq, dtype=torch.bool, device=ids.device).tril()
        return causal if padding is None else causal & padding[:, None, None, :]


@encoder.mistake(
    "The padding is not hidden: real tokens read it.", "Where does `padding` arrive in the end?"
)
class NoMask(Steps):
    def mask(self, ids, padding):
        return None


@encoder.mistake(
    "The mask is read the wrong way round: the padding is read, and nothing else.",
    "What does True stand for in `padding`? And in a mask?",
)
class Inverted(Steps):
    def mask(self, ids, padding):
        return None if padding is None else ~padding[:, None, None, :]


@encoder.mistake(
    "The mask stands in the rows: padding may not ask, but it is read.",
    "Which axis of the mask counts the keys? May a real token read padding?",
)
class MaskOnQueries(Steps):
    def mask(self, ids, padding):
        return None if padding is None else padding[:, None, :, None]


@encoder.mistake(
    "The mask hides rows and columns: padding may not ask either.",
    "Does the docstring take anything from the queries?",
)
class MaskOnBoth(Steps):
    def mask(self, ids, padding):
        if padding is None:
            return None
        return padding[:, None, None, :] & padding[:, None, :, None]


@encoder.mistake(
    "The mask lacks two axes: (batch, key) does not line up with (batch, heads, query, key).",
    "Which axes have the scores, and which has your mask?",
)
class MaskOfTwoAxes(Steps):
    def mask(self, ids, padding):
        return padding


@encoder.mistake(
    "The mask lacks an axis: (batch, 1, key) lines the batch up with the heads.",
    "Which axes have the scores, and which has your mask?",
)
class MaskOfThreeAxes(Steps):
    def mask(self, ids, padding):
        return None if padding is None else padding[:, None, :]


@encoder.mistake(
    "The padding of the first text serves the whole batch.", "Is there an index 0 in your mask?"
)
class FirstTextsMask(Steps):
    def mask(self, ids, padding):
        return None if padding is None else padding[:1, None, None, :]


@encoder.mistake(
    "The mask holds numbers to be added to the scores, not True and False.",
    "What do your blocks take for a mask? What does your attention do with it?",
)
class MaskOfNumbers(Steps):
    def mask(self, ids, padding):
        return None if padding is None else (~padding[:, None, None, :]).float() * -1e9


@encoder.mistake(
    "Only the first block gets the mask; the others read the padding.",
    "To how many blocks do you give the mask?",
)
class FirstBlockOnly(Steps):
    def climb(self, x, mask):
        for i, block in enumerate(self.blocks):
            x = block(x, mask=mask if i == 0 else None)
        return x


@encoder.mistake(
    "The padding's vectors are set to 0 instead of being hidden by a mask.",
    "A key of zeros has the score 0. Is its weight 0 as well?",
)
class ZeroedPadding(Steps):
    def forward(self, ids, padding=None, types=None):
        x = self.begin(ids, types)
        if padding is not None:
            x = x * padding.unsqueeze(-1)
        return self.end(self.climb(x, None), padding)


@encoder.mistake(
    "The padding is guessed: wherever the id is 0.",
    "A real token may have the id 0. Who tells which tokens are real?",
)
class GuessedPadding(Steps):
    def mask(self, ids, padding):
        return (ids != 0)[:, None, None, :]


@encoder.mistake(
    "The vectors of the padding are set to 0 at the end.",
    "Does the docstring do anything with the stream after the last block and the norm?",
)
class ZeroedAtTheEnd(Steps):
    def end(self, x, padding):
        x = super().end(x, padding)
        return x if padding is None else x * padding.unsqueeze(-1)
