"""What goes wrong in EncoderDecoder: masks, padding, and who reads what."""

import torch

from autograder.exercises.encoder_decoder.encoder_decoder import encoder_decoder
from autograder.exercises.encoder_decoder.encoder_decoder_steps import Steps
from gradus.mask import combine_masks


@encoder_decoder.mistake(
    "The decoder has no causal mask: while it learns, it can read what it should guess.",
    "What may position 1 of the target read?",
)
class NoCausalMask(Steps):
    def mask(self, ids, past, padding):
        return None if padding is None else padding[:, None, None, :]


@encoder_decoder.mistake(
    "With padding given, the causal mask is lost.", "How are two masks combined?"
)
class EitherMask(Steps):
    def mask(self, ids, past, padding):
        return super().mask(ids, past, None) if padding is None else padding[:, None, None, :]


@encoder_decoder.mistake(
    "The padding of the target is ignored.", "Where in your decode is `padding`?"
)
class TargetPaddingIgnored(Steps):
    def mask(self, ids, past, padding):
        return super().mask(ids, past, None)


@encoder_decoder.mistake(
    "A position may not read itself: the causal mask is one place too strict.",
    "May position 0 read position 0?",
)
class StrictlyCausal(Steps):
    def mask(self, ids, past, padding):
        seq = ids.shape[1]
        mask = torch.ones(seq, past + seq, dtype=torch.bool, device=ids.device).tril(past - 1)
        return mask if padding is None else combine_masks(mask, padding)


@encoder_decoder.mistake(
    "The causal mask looks at the future only: it is transposed.",
    "In a row of the mask stands what one query may read. Which half is True?",
)
class Transposed(Steps):
    def mask(self, ids, past, padding):
        mask = super().mask(ids, past, None)
        mask = mask.mT if past == 0 else ~mask
        return mask if padding is None else combine_masks(mask, padding)


@encoder_decoder.mistake(
    "With caches, the causal mask does not know of the earlier positions.",
    "How many keys are there when 3 positions wait in the cache and 2 are new?",
)
class SquareMask(Steps):
    def mask(self, ids, past, padding):
        return super().mask(ids, 0, padding)


@encoder_decoder.mistake(
    "With caches, the causal mask has rows for the earlier positions as well, which ask no more.",
    "How many queries are there when 3 positions wait in the cache and 2 are new?",
)
class RowsOfThePast(Steps):
    def mask(self, ids, past, padding):
        seq = past + ids.shape[1]
        mask = torch.ones(seq, seq, dtype=torch.bool, device=ids.device).tril()
        return mask if padding is None else combine_masks(mask, padding)


@encoder_decoder.mistake(
    "The causal mask is used for the memory as well.",
    "Is there anything in the source that the decoder may not see yet?",
)
class CausalMemory(Steps):
    def run(self, i, x, memory, mask, memory_mask, cache):
        return super().run(i, x, memory, mask, mask, cache)


@encoder_decoder.mistake(
    "The encoder is not told which tokens are padding.", "Who reads the padding of the source?"
)
class EncoderReadsPadding(Steps):
    def encode(self, ids, padding=None):
        return self.encoder(ids)


@encoder_decoder.mistake(
    "The decoder reads the padding of the source: `memory_padding` is ignored.",
    "The memory has a vector at every place of the source. Are all of them worth reading?",
)
class DecoderReadsPadding(Steps):
    def run(self, i, x, memory, mask, memory_mask, cache):
        return super().run(i, x, memory, mask, None, cache)


@encoder_decoder.mistake(
    "The padding of the source is handed to the blocks as it is, without axes for the heads and "
    "the queries.",
    "Which axes has the mask of an attention, and which of them has `memory_padding`?",
)
class NoAxes(Steps):
    def run(self, i, x, memory, mask, memory_mask, cache):
        if memory_mask is not None:
            memory_mask = memory_mask[:, 0, 0]
        return super().run(i, x, memory, mask, memory_mask, cache)


@encoder_decoder.mistake(
    "Neither half is told which tokens of the source are padding.",
    "How often do you need `source_padding`?",
)
class NobodyTold(DecoderReadsPadding):
    def encode(self, ids, padding=None):
        return self.encoder(ids)


@encoder_decoder.mistake(
    "In `forward`, the decoder is not told which tokens of the source are padding.",
    "How often do you need `source_padding` in forward?",
)
class ForwardForgets(Steps):
    def forward(self, source, target, source_padding=None, target_padding=None):
        return self.decode(target, self.encode(source, source_padding), None, target_padding)


@encoder_decoder.mistake(
    "In `forward`, the padding of the target is not handed on.",
    "Where in your forward is `target_padding`?",
)
class ForwardForgetsTarget(Steps):
    def forward(self, source, target, source_padding=None, target_padding=None):
        return self.decode(target, self.encode(source, source_padding), source_padding)


@encoder_decoder.mistake(
    "The two paddings are exchanged.", "Which argument of `decode` belongs to the source?"
)
class PaddingsExchanged(Steps):
    def forward(self, source, target, source_padding=None, target_padding=None):
        memory = self.encode(source, source_padding)
        return self.decode(target, memory, target_padding, source_padding)


@encoder_decoder.mistake(
    "Source and target are exchanged.", "Which of the two does the encoder read?"
)
class SidesExchanged(Steps):
    def forward(self, source, target, source_padding=None, target_padding=None):
        memory = self.encode(target, target_padding)
        return self.decode(source, memory, target_padding, source_padding)
