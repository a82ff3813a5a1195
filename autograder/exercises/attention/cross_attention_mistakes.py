"""What goes wrong in cross_attention, and other ways to get it right."""

import torch

from autograder.exercises.attention.cross_attention import cross_attention
from gradus.attention import attend
from gradus.heads import merge_heads, split_heads


def _mask(padding):
    return None if padding is None else padding[:, None, None, :]


@cross_attention.mistake(
    "Memory asks and x is read; it should be the other way round.",
    "How many positions should the output have: as many as x, or as memory?",
)
def memory_asks(layer, x, memory, memory_padding=None):
    return layer(memory, x)


@cross_attention.mistake(
    "Memory is never read: x reads itself.", "Where does the layer get memory in your code?"
)
def reads_itself(layer, x, memory, memory_padding=None):
    return layer(x)


@cross_attention.mistake(
    "Memory reads itself; x never asks.", "Who should ask, and where does x come in?"
)
def memory_alone(layer, x, memory, memory_padding=None):
    return layer(memory, memory, mask=_mask(memory_padding))


@cross_attention.mistake(
    "x reads its own positions besides those of memory.",
    "Whose positions are the keys of cross-attention?",
)
def both(layer, x, memory, memory_padding=None):
    if memory_padding is not None:
        own = torch.ones(x.shape[:2], dtype=torch.bool, device=x.device)
        memory_padding = torch.cat([own, memory_padding], dim=1)
    return layer(x, torch.cat([x, memory], dim=1), mask=_mask(memory_padding))


@cross_attention.mistake(
    "The values are made from x, although the keys are made from memory.",
    "A query finds a key of memory. Whose value should it get?",
)
def values_of_x(layer, x, memory, memory_padding=None):
    q = split_heads(layer.query(x), layer.heads)
    k = split_heads(layer.key(memory), layer.heads)
    v = split_heads(layer.value(x), layer.heads)
    return layer.out(merge_heads(attend(q, k, v, _mask(memory_padding))[0]))


@cross_attention.mistake(
    "The padding of memory is ignored.", "Where does your code use memory_padding?"
)
def padding_ignored(layer, x, memory, memory_padding=None):
    return layer(x, memory)


@cross_attention.mistake(
    "The padding is taken the wrong way round: only padding is read.",
    "Is memory_padding True at the real tokens or at the padding?",
)
def padding_inverted(layer, x, memory, memory_padding=None):
    return layer(x, memory, mask=None if memory_padding is None else ~_mask(memory_padding))


@cross_attention.mistake(
    "The padding is handed on as (batch, key); a mask needs axes for heads and queries.",
    "Broadcasting lines axes up from the right. Which axis does batch meet?",
)
def padding_as_it_is(layer, x, memory, memory_padding=None):
    return layer(x, memory, mask=memory_padding)


@cross_attention.mistake(
    "The padding has one axis too few, so the batch lands on the heads.",
    "A mask broadcasts to (batch, heads, query, key). Where is the batch in yours?",
)
def batch_on_heads(layer, x, memory, memory_padding=None):
    return layer(x, memory, mask=None if memory_padding is None else memory_padding[:, None])


@cross_attention.mistake(
    "The padding of memory stands on the axis of the queries.",
    "Which axis of the mask belongs to memory's positions?",
)
def padding_on_queries(layer, x, memory, memory_padding=None):
    return layer(x, memory, mask=None if memory_padding is None else _mask(memory_padding).mT)


@cross_attention.mistake(
    "The padding of memory stands on the axes of the keys and of the queries.",
    "Which axis of the mask belongs to memory's positions, and which to those of x?",
)
def padding_on_both(layer, x, memory, memory_padding=None):
    mask = _mask(memory_padding)
    return layer(x, memory, mask=None if mask is None else mask & mask.mT)


@cross_attention.mistake(
    "The heads are never split: the full width is compared at once.",
    "What does the layer do between its projections, when you call it as a whole?",
)
def one_head(layer, x, memory, memory_padding=None):
    mask = None if memory_padding is None else memory_padding[:, None, :]
    return layer.out(attend(layer.query(x), layer.key(memory), layer.value(memory), mask)[0])


@cross_attention.mistake(
    "The padding is cut out of memory, which fits only when all texts have the same length.",
    "Two texts of 5 and 3 real positions: what shape is left without their padding?",
)
def padding_cut_out(layer, x, memory, memory_padding=None):
    if memory_padding is not None:
        memory = memory[memory_padding].view(len(memory), -1, memory.shape[-1])
    return layer(x, memory)


@cross_attention.mistake(
    "A causal mask hides the end of memory from the first positions of x.",
    "Is any part of the source still unknown while the target is written?",
)
def causal(layer, x, memory, memory_padding=None):
    shape = x.shape[1], memory.shape[1]
    mask = torch.ones(shape, dtype=torch.bool, device=x.device).tril()
    return layer(x, memory, mask=mask if memory_padding is None else mask & _mask(memory_padding))


@cross_attention.mistake(
    "The mask is handed over as zeros and ones, which are added to the scores.",
    "What type should a mask have?",
)
def float_mask(layer, x, memory, memory_padding=None):
    mask = _mask(memory_padding)
    return layer(x, memory, mask=None if mask is None else mask.to(x.dtype))


@cross_attention.mistake(
    "Padding is set to zero but still read.",
    "A key of zeros gets a score. Which one, and so which weight?",
)
def padding_zeroed(layer, x, memory, memory_padding=None):
    if memory_padding is not None:
        memory = memory * memory_padding[..., None]
    return layer(x, memory)


@cross_attention.mistake(
    "The padding of the first text is used for all of them.",
    "Is there an index 0 where the whole batch is meant?",
)
def first_padding(layer, x, memory, memory_padding=None):
    return layer(x, memory, mask=None if memory_padding is None else _mask(memory_padding[:1]))


@cross_attention.mistake(
    "It takes for granted that the padding stands behind the text.",
    "Where is the padding when a batch is padded on the left?",
)
def padding_behind(layer, x, memory, memory_padding=None):
    if memory_padding is not None:
        real = memory_padding.sum(-1, keepdim=True)
        memory_padding = torch.arange(memory.shape[1], device=x.device) < real
    return layer(x, memory, mask=_mask(memory_padding))


@cross_attention.mistake(
    "It fails without a padding mask.", "What is memory_padding when the caller gives none?"
)
def padding_required(layer, x, memory, memory_padding=None):
    return layer(x, memory, mask=memory_padding[:, None, None, :])


@cross_attention.mistake(
    "No gradient reaches memory, so the encoder can never learn from the decoder.",
    "Is there a detach or no_grad around memory?",
)
def memory_detached(layer, x, memory, memory_padding=None):
    return layer(x, memory.detach(), mask=_mask(memory_padding))


@cross_attention.mistake(
    "x is added to the output.", "Is the residual connection part of this function?"
)
def residual(layer, x, memory, memory_padding=None):
    return x + layer(x, memory, mask=_mask(memory_padding))


@cross_attention.variant
def mask_expanded(layer, x, memory, memory_padding=None):
    if memory_padding is None:
        return layer(x, memory)
    batch, key = memory_padding.shape
    return layer(x, memory, memory_padding.view(batch, 1, 1, key).expand(-1, -1, x.size(1), -1))


@cross_attention.variant
def mask_of_ones(layer, x, memory, memory_padding=None):
    if memory_padding is None:
        memory_padding = memory.new_ones(memory.shape[:2], dtype=torch.bool)
    return layer(x=x, memory=memory, mask=memory_padding.unsqueeze(1).unsqueeze(2))


@cross_attention.variant
def with_the_projections(layer, x, memory, memory_padding=None):
    q = split_heads(layer.query(x), layer.heads)
    k, v = (split_heads(part(memory), layer.heads) for part in (layer.key, layer.value))
    mixed, _ = attend(q, k, v, _mask(memory_padding))
    return layer.out(merge_heads(mixed))
