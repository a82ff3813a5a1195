"""What goes wrong in Gpt: who may read whom, padding, and caches."""

import torch

from autograder.exercises.decoder.gpt import gpt
from autograder.exercises.decoder.gpt_steps import Steps
from gradus.mask import combine_masks


@gpt.mistake(
    "There is no causal mask: every token reads those that come after it.",
    "Could the answer be copied from the next position?",
)
class NoCausal(Steps):
    def causal(self, ids, past):
        return torch.ones_like(super().causal(ids, past))


@gpt.mistake(
    "The causal mask is upside down: a token reads what comes after it, and not what came before.",
    "Which triangle of the mask is True: that of the past?",
)
class Anticausal(Steps):
    def causal(self, ids, past):
        right = super().causal(ids, past)
        return torch.ones_like(right).triu(past)


@gpt.mistake(
    "A token may not read itself, only what came before it.",
    "Is the diagonal of the causal mask True?",
)
class Strict(Steps):
    def causal(self, ids, past):
        return super().causal(ids, past).tril(past - 1)


@gpt.mistake(
    "One token too many is read: each also sees its successor.",
    "By how many places may the triangle of the mask be moved without caches?",
)
class OneAhead(Steps):
    def causal(self, ids, past):
        right = super().causal(ids, past)
        return torch.ones_like(right).tril(past + 1)


@gpt.mistake("Padding is read like any other token.", "Where in your mask is `padding`?")
class PaddingRead(Steps):
    def mask(self, ids, past, padding):
        return self.causal(ids, past)


@gpt.mistake(
    "Padding is read, and the real tokens are not.", "What does True stand for in `padding`?"
)
class PaddingInverted(Steps):
    def mask(self, ids, past, padding):
        mask = self.causal(ids, past)
        return mask if padding is None else combine_masks(mask, ~padding)


@gpt.mistake(
    "Padding may not read, but it is read: the mask hides rows, not columns.",
    "Which axis of the mask stands for those who are read?",
)
class RowsHidden(Steps):
    def mask(self, ids, past, padding):
        mask = self.causal(ids, past)
        return mask if padding is None else mask & padding[:, None, past:, None]


@gpt.mistake(
    "Where padding is given, it takes the place of the causal mask.",
    "Must a key be allowed by one of the two masks, or by both?",
)
class PaddingInstead(Steps):
    def mask(self, ids, past, padding):
        mask = self.causal(ids, past)
        return mask if padding is None else combine_masks(torch.ones_like(mask), padding)


@gpt.mistake(
    "A key is read if either of the two masks allows it.",
    "Must a key be allowed by one of the two masks, or by both?",
)
class EitherMask(Steps):
    def mask(self, ids, past, padding):
        mask = self.causal(ids, past)
        return mask if padding is None else mask | padding[:, None, None]


@gpt.mistake(
    "Padding on the left moves a text to later positions.",
    "At which position does the first real token of a text stand? Is `padding` handed to `place`?",
)
class PlacedByColumn(Steps):
    def put(self, x, ids, past, padding):
        return super().put(x, ids, past, None)


@gpt.mistake(
    "The positions of new tokens start from 0 again, whatever the caches hold.",
    "How many tokens came before the new ones?",
)
class FromZero(Steps):
    def put(self, x, ids, past, padding):
        if padding is not None:
            padding = padding[:, past:]
        return super().put(x, ids, 0, padding)


@gpt.mistake(
    "The number of caches is taken for the number of tokens they hold.",
    "What is len(caches), and what is the length of one of them?",
)
class CachesCounted(Steps):
    def held(self, caches):
        return len(caches) if caches else 0


@gpt.mistake(
    "The mask knows the new tokens only, not those in the caches.",
    "How many keys are there for two queries when three tokens are in the caches?",
)
class NewOnly(Steps):
    def causal(self, ids, past):
        return super().causal(ids, 0)


@gpt.mistake(
    "With caches there is no mask, so the first of several new tokens reads the second.",
    "Does a new token have a future, if two come at once?",
)
class NoMaskWithCaches(Steps):
    def causal(self, ids, past):
        right = super().causal(ids, past)
        return torch.ones_like(right) if past else right


@gpt.mistake(
    "New tokens read what is in the caches only as far as their own number.",
    "Which positions do the rows of the mask stand for when three tokens came before?",
)
class RowsFromZero(Steps):
    def causal(self, ids, past):
        right = super().causal(ids, past)
        return torch.ones_like(right).tril()


@gpt.mistake(
    "The caches are not handed to the blocks.", "Where in your loop over the blocks is the cache?"
)
class CachesUnused(Steps):
    def mask(self, ids, past, padding):
        return super().mask(ids, past, padding)[..., past:]

    def up(self, x, mask, caches):
        return super().up(x, mask, None)


@gpt.mistake(
    "All blocks get the first cache.", "Whose keys are in cache 0, and whose should be in cache 1?"
)
class FirstCache(Steps):
    def up(self, x, mask, caches):
        return super().up(x, mask, [caches[0]] * len(self.blocks) if caches else None)


@gpt.mistake(
    "A text that is too long is cut without a word.",
    "What should happen when there is no position left?",
)
class Cut(Steps):
    def forward(self, ids, padding=None, caches=None):
        if self.positions is not None:
            past = self.held(caches)
            ids = ids[:, : len(self.positions.weight) - past]
        return super().forward(ids, padding, caches)
