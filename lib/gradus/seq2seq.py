"""From one sequence to another: what the decoder reads in training, and how it writes after it.

Sutskever et al. 2014, https://arxiv.org/abs/1409.3215; Vaswani et al. 2017, section 3.1,
https://arxiv.org/abs/1706.03762
"""

import torch
from jaxtyping import Bool, Int
from torch import Tensor

from gradus.cache import KVCache
from gradus.encoder_decoder import EncoderDecoder


def shift_right(
    labels: Int[Tensor, "batch seq"], start_id: int, pad_id: int
) -> Int[Tensor, "batch seq"]:
    """Make the decoder's inputs out of the labels: at each place, the token before the label.

    The first input is `start_id`; the last label is no input. A label of -100 (a place that the
    loss leaves out) is no token, so as an input it becomes `pad_id`.

    Returns a new tensor of the same shape.
    """
    start = torch.full_like(labels[:, :1], start_id)
    inputs = torch.cat([start, labels[:, :-1]], dim=1)
    return inputs.masked_fill(inputs == -100, pad_id)


def seq2seq_generate(
    model: EncoderDecoder,
    source: Int[Tensor, "batch source"],
    new: int,
    start_id: int,
    end_id: int,
    pad_id: int,
    source_padding: Bool[Tensor, "batch source"] | None = None,
) -> Int[Tensor, "batch written"]:
    """Write a target for every source: from `start_id` on, always the likeliest token next.

    The source is read once, with `model.encode(source, source_padding)`. Then
    `model.decode(ids, memory, source_padding, caches=caches)` gives logits, with one `KVCache` for
    each of `model.blocks`, so that every step hands over the newest token only. A row that has
    written `end_id` is done, and gets `pad_id` from there on. It stops when all rows are done, or
    after `new` tokens. No gradients are kept.

    Returns shape (batch, written): what was written, the end token included, the start token not.
    Raises ValueError when `new` is less than 1.
    """
    if new < 1:
        raise ValueError(f"new={new}: at least one token has to be written")
    with torch.no_grad():
        memory = model.encode(source, source_padding)
        caches = [KVCache() for _ in model.blocks]
        token = torch.full_like(source[:, :1], start_id)
        done = torch.zeros_like(token, dtype=torch.bool)
        written = []
        for _ in range(new):
            logits = model.decode(token, memory, source_padding, caches=caches)
            token = logits[:, -1:].argmax(dim=-1).masked_fill(done, pad_id)
            written.append(token)
            done = done | (token == end_id)
            if done.all():
                break
    return torch.cat(written, dim=1)
