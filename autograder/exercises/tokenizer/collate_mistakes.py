"""What goes wrong in collate."""

import torch

from autograder.exercises.tokenizer.collate import collate
from gradus.collate import collate as right


@collate.mistake("It pads with 0, whatever `pad_id` is.", "Which id stands for the padding?")
def pads_with_zero(batch, pad_id, side="right", max_len=None):
    return right(batch, 0, side, max_len)


@collate.mistake(
    "Left and right are exchanged.", "Does 'left' say where the text stands, or the padding?"
)
def sides_exchanged(batch, pad_id, side="right", max_len=None):
    return right(batch, pad_id, {"left": "right", "right": "left"}.get(side, side), max_len)


@collate.mistake("It always pads on the right.", "What does your code do with `side`?")
def always_right(batch, pad_id, side="right", max_len=None):
    right(batch, pad_id, side, max_len)
    return right(batch, pad_id, "right", max_len)


@collate.mistake(
    "The ids are padded on the left, but the mask is not.",
    "Where are the real ids of a short text when the padding comes first?",
)
def mask_on_the_right(batch, pad_id, side="right", max_len=None):
    return right(batch, pad_id, side, max_len)[0], right(batch, pad_id, "right", max_len)[1]


@collate.mistake(
    "The mask is upside down: True at the padding.", "What does True stand for in this mask?"
)
def upside_down(batch, pad_id, side="right", max_len=None):
    ids, mask = right(batch, pad_id, side, max_len)
    return ids, ~mask


@collate.mistake(
    "The mask is taken from the ids: a real id equal to `pad_id` counts as padding.",
    "From what can you tell a real end of a text from padding with the same id?",
)
def mask_from_ids(batch, pad_id, side="right", max_len=None):
    ids, _ = right(batch, pad_id, side, max_len)
    return ids, ids != pad_id


@collate.mistake(
    "The mask holds whole numbers, not booleans.", "Of what type are True and False in a tensor?"
)
def mask_of_numbers(batch, pad_id, side="right", max_len=None):
    ids, mask = right(batch, pad_id, side, max_len)
    return ids, mask.long()


@collate.mistake("The mask holds floats, not booleans.", "Which dtype has your mask?")
def mask_of_floats(batch, pad_id, side="right", max_len=None):
    ids, mask = right(batch, pad_id, side, max_len)
    return ids, mask.float()


@collate.mistake(
    "The ids are floats or of another type, not int64.", "Which dtype can look up an embedding?"
)
def ids_of_floats(batch, pad_id, side="right", max_len=None):
    ids, mask = right(batch, pad_id, side, max_len)
    return ids.float(), mask


@collate.mistake(
    "Texts that are too long keep their last ids, not their first.",
    "Which end of a text does text[-n:] keep?",
)
def keeps_the_end(batch, pad_id, side="right", max_len=None):
    right(batch, pad_id, side, max_len)
    return right([text[-(max_len or 0) :] for text in batch], pad_id, side)


@collate.mistake(
    "With padding on the left, texts that are too long lose their beginning.",
    "Does `side` say anything about which ids are kept?",
)
def cut_on_the_side(batch, pad_id, side="right", max_len=None):
    right(batch, pad_id, side, max_len)
    if side == "left" and max_len:
        batch = [text[-max_len:] for text in batch]
    return right(batch, pad_id, side, max_len)


@collate.mistake(
    "It pads first and cuts then, which cuts real ids away when the padding is on the left.",
    "After padding on the left, what stands in the first places of a short text?",
)
def pads_then_cuts(batch, pad_id, side="right", max_len=None):
    right(batch, pad_id, side, max_len)
    ids, mask = right(batch, pad_id, side)
    return ids[:, :max_len], mask[:, :max_len]


@collate.mistake(
    "It pads to `max_len`, not to the longest text.",
    "With max_len=1000 and ten short texts, how wide should the tensor be?",
)
def pads_to_max_len(batch, pad_id, side="right", max_len=None):
    ids, mask = right(batch, pad_id, side, max_len)
    more = (max_len or 0) - ids.shape[1]
    if more <= 0:
        return ids, mask
    where = (more, 0) if side == "left" else (0, more)
    pad = torch.nn.functional.pad
    return pad(ids, where, value=pad_id), pad(mask, where, value=False)


@collate.mistake(
    "It pads to the longest text as it was before cutting.",
    "When all texts are cut to 2 ids, how wide should the tensor be?",
)
def pads_to_uncut(batch, pad_id, side="right", max_len=None):
    right(batch, pad_id, side, max_len)
    return pads_to_max_len([t[:max_len] for t in batch], pad_id, side, max(map(len, batch)))


@collate.mistake(
    "Nothing is ever cut: `max_len` is ignored.", "What does your code do with `max_len`?"
)
def never_cut(batch, pad_id, side="right", max_len=None):
    right(batch, pad_id, side, max_len)
    return right(batch, pad_id, side)


@collate.mistake("Texts are cut one id too short.", "How many ids does text[: n - 1] keep?")
def cut_too_short(batch, pad_id, side="right", max_len=None):
    right(batch, pad_id, side, max_len)
    return right([t[: max_len and max_len - 1] for t in batch], pad_id, side)


@collate.mistake("Texts are cut one id too late.", "How many ids does text[: n + 1] keep?")
def cut_too_late(batch, pad_id, side="right", max_len=None):
    right(batch, pad_id, side, max_len)
    return right(batch, pad_id, side, max_len and max_len + 1)


@collate.mistake(
    "All texts are cut to the length of the shortest.", "zip stops at the shortest; should you?"
)
def cut_to_the_shortest(batch, pad_id, side="right", max_len=None):
    right(batch, pad_id, side, max_len)
    return right(batch, pad_id, side, min(map(len, batch), default=0) or 1)


@collate.mistake(
    "The batch is sorted by length, so rows no longer belong to their texts.",
    "If row 0 had a label, whose row is it now?",
)
def sorts(batch, pad_id, side="right", max_len=None):
    return right(sorted(batch, key=len, reverse=True), pad_id, side, max_len)


@collate.mistake(
    "The padding is masked out in the ids with -100, which is for labels.",
    "Is -100 the id of a token? What would an embedding make of it?",
)
def pads_with_ignored(batch, pad_id, side="right", max_len=None):
    return right(batch, -100, side, max_len)


@collate.mistake("An unknown side is taken for one of the two.", "What happens with side='top'?")
def any_side(batch, pad_id, side="right", max_len=None):
    return right(batch, pad_id, "left" if side == "left" else "right", max_len)


@collate.mistake("A max_len below 1 is not refused.", "What does text[:0] keep, and text[:-1]?")
def any_length(batch, pad_id, side="right", max_len=None):
    return right([text[:max_len] for text in batch], pad_id, side)


@collate.mistake("An empty batch is not refused.", "How long is the longest of no texts?")
def empty_batch(batch, pad_id, side="right", max_len=None):
    if not batch:
        return torch.zeros(0, 0, dtype=torch.long), torch.zeros(0, 0, dtype=torch.bool)
    return right(batch, pad_id, side, max_len)


@collate.mistake(
    "Nothing that makes no sense is refused.", "What does the docstring say it raises?"
)
def refuses_nothing(batch, pad_id, side="right", max_len=None):
    if not batch:
        return torch.zeros(0, 0, dtype=torch.long), torch.zeros(0, 0, dtype=torch.bool)
    return any_side([text[:max_len] for text in batch], pad_id, side)


@collate.mistake("Only the ids are returned, without the mask.", "What does the docstring promise?")
def ids_only(batch, pad_id, side="right", max_len=None):
    return right(batch, pad_id, side, max_len)[0]


@collate.mistake("The mask marks each id that is not 0.", "Can a real token have the id 0?")
def mask_of_nonzero(batch, pad_id, side="right", max_len=None):
    ids, _ = right(batch, pad_id, side, max_len)
    return ids, ids != 0


@collate.mistake(
    "An empty text breaks it.", "What is the first or last id of a text that has none?"
)
def empty_text_breaks(batch, pad_id, side="right", max_len=None):
    for text in batch:
        text[0]
    return right(batch, pad_id, side, max_len)
