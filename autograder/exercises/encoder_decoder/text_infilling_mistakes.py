"""What goes wrong in text_infilling."""

import torch
from torch import cat

from autograder.exercises.encoder_decoder.text_infilling import checked, text_infilling


def _fill(ids, spans, replace):
    """The inputs, with `replace(tokens)` in the place of each span's tokens."""
    checked(ids, spans)
    inputs, end = [], 0
    for start, length in spans:
        inputs += ids[end:start].tolist() + replace(ids[start : start + length].tolist())
        end = start + length
    return ids.new_tensor(inputs + ids[end:].tolist())


@text_infilling.mistake(
    "There is one mask for every token, so the length of the span can be counted.",
    "What is harder to guess in text infilling than in BERT's masking?",
)
def one_a_token(ids, spans, mask_id):
    return _fill(ids, spans, lambda tokens: [mask_id] * max(len(tokens), 1)), ids.clone()


@text_infilling.mistake(
    "There is one mask for every token, and none where a span is empty.",
    "How many masks does a span of length 0 get? And one of length 3?",
)
def one_a_token_none_for_none(ids, spans, mask_id):
    return _fill(ids, spans, lambda tokens: [mask_id] * len(tokens)), ids.clone()


@text_infilling.mistake(
    "Spans of length 0 are left out.",
    "What should a model learn from a mask behind which nothing is missing?",
)
def empty_left_out(ids, spans, mask_id):
    return _fill(ids, spans, lambda tokens: [mask_id] * bool(tokens)), ids.clone()


@text_infilling.mistake(
    "A span of length 0 hides one token: lengths are at least 1.",
    "Which token does the span (3, 0) hide?",
)
def at_least_one(ids, spans, mask_id):
    checked(ids, spans)
    inputs, end = ids[:0], 0
    for start, length in spans:
        inputs = cat([inputs, ids[end:start], ids.new_tensor([mask_id])])
        end = start + max(length, 1)
    return cat([inputs, ids[end:]]), ids.clone()


@text_infilling.mistake(
    "The mask of an empty span comes after the token at its start, not before it.",
    "Where is the mask of (0, 0)? And that of (7, 0), when there are 7 tokens?",
)
def after_the_token(ids, spans, mask_id):
    checked(ids, spans)
    inputs, end = ids[:0], 0
    for start, length in spans:
        first = start + (length == 0)
        inputs = cat([inputs, ids[end:first], ids.new_tensor([mask_id])])
        end = first + length
    return cat([inputs, ids[end:]]), ids.clone()


@text_infilling.mistake(
    "The targets are the hidden tokens only.", "In BART, what does the decoder write?"
)
def hidden_only(ids, spans, mask_id):
    inputs = _fill(ids, spans, lambda tokens: [mask_id])
    gone = [token for start, n in spans for token in ids[start : start + n].tolist()]
    return inputs, ids.new_tensor(gone)


@text_infilling.mistake(
    "The targets are the inputs: the decoder learns to write masks.",
    "What should come out of a text with masks in it?",
)
def targets_with_masks(ids, spans, mask_id):
    inputs = _fill(ids, spans, lambda tokens: [mask_id])
    return inputs, inputs.clone()


@text_infilling.mistake(
    "The targets leave out -100 at what stayed, as labels of masked language modelling do.",
    "Does BART's loss leave anything out?",
)
def labels_of_bert(ids, spans, mask_id):
    inputs = _fill(ids, spans, lambda tokens: [mask_id])
    targets = torch.full_like(ids, -100)
    for start, length in spans:
        targets[start : start + length] = ids[start : start + length]
    return inputs, targets


@text_infilling.mistake(
    "Every span gets an id of its own, counting down, as T5's sentinels do.",
    "How many ids for masks does BART have?",
)
def sentinels(ids, spans, mask_id):
    numbers = iter(range(mask_id, mask_id - len(spans) - 1, -1))
    return _fill(ids, spans, lambda tokens: [next(numbers)]), ids.clone()


@text_infilling.mistake(
    "Later spans are counted in the text that is shorter already.",
    "After the first span became one mask, where does the second one begin?",
)
def shifted_later(ids, spans, mask_id):
    checked(ids, spans)
    inputs = ids.tolist()
    for start, length in spans:
        inputs[start : start + length] = [mask_id]
    return ids.new_tensor(inputs), ids.clone()


@text_infilling.mistake(
    "The second number of a span is taken for its end, not its length.",
    "In (4, 2), how many tokens are hidden?",
)
def end_not_length(ids, spans, mask_id):
    checked(ids, spans)
    inputs, last = ids[:0], 0
    for start, end in spans:
        inputs = cat([inputs, ids[last:start], ids.new_tensor([mask_id])])
        last = max(end, start)
    return cat([inputs, ids[last:]]), ids.clone()


@text_infilling.mistake(
    "What comes after the last span is lost.", "Is the loop over the spans the end of the work?"
)
def tail_lost(ids, spans, mask_id):
    inputs = _fill(ids, spans, lambda tokens: [mask_id])
    end = sum(spans[-1]) if spans else 0
    return inputs[: len(inputs) - (len(ids) - end)], ids.clone()


@text_infilling.mistake(
    "The hidden tokens stay in the inputs, behind their mask.", "What is there left to guess?"
)
def not_removed(ids, spans, mask_id):
    return _fill(ids, spans, lambda tokens: [mask_id, *tokens]), ids.clone()


@text_infilling.mistake(
    "The hidden tokens are cut out, but no mask is put in their place.",
    "Where in your code is `mask_id`?",
)
def no_masks(ids, spans, mask_id):
    return _fill(ids, spans, lambda tokens: []), ids.clone()


@text_infilling.mistake(
    "Spans side by side share one mask.", "How many spans are there, and how many masks?"
)
def merged(ids, spans, mask_id):
    checked(ids, spans)
    inputs, end = [], 0
    for start, length in spans:
        inputs += ids[end:start].tolist()
        if end < start or not spans.index((start, length)):
            inputs.append(mask_id)
        end = start + length
    return ids.new_tensor(inputs + ids[end:].tolist()), ids.clone()


@text_infilling.mistake(
    "The text is changed in place: the targets have masks in them, and so has the caller's text.",
    "Which tensor does your function write into?",
)
def in_place(ids, spans, mask_id):
    inputs = _fill(ids, spans, lambda tokens: [mask_id])
    for start, length in spans:
        ids[start : start + length] = mask_id
    return inputs, ids


@text_infilling.mistake(
    "Inputs and targets are exchanged.", "Which of the two does the encoder read?"
)
def exchanged(ids, spans, mask_id):
    return ids.clone(), _fill(ids, spans, lambda tokens: [mask_id])


@text_infilling.mistake(
    "Spans that overlap, come in another order or leave the text are not refused.",
    "What does the docstring say it raises?",
)
def refuses_nothing(ids, spans, mask_id):
    inputs, end = ids[:0], 0
    for start, length in spans:
        inputs = cat([inputs, ids[end:start], ids.new_tensor([mask_id])])
        end = start + length
    return cat([inputs, ids[end:]]), ids.clone()


@text_infilling.mistake(
    "A span that goes past the end of the text is not refused.",
    "What does ids[5:8] give when there are 7?",
)
def past_the_end(ids, spans, mask_id):
    end = 0
    for start, length in spans:
        if start < end or length < 0 or start > len(ids):
            raise ValueError("the span")
        end = start + length
    return refuses_nothing(ids, spans, mask_id)
