"""What goes wrong in span_corrupt: which tokens go where."""

from itertools import groupby

from autograder.exercises.encoder_decoder.span_corrupt import span_corrupt
from autograder.exercises.encoder_decoder.span_corrupt_steps import check, corrupt


@span_corrupt.mistake(
    "The targets are the whole text, as in BART.",
    "In T5, does the decoder write again what it could read?",
)
def whole_text(ids, hidden, sentinel, end_id):
    inputs, _ = corrupt(ids, hidden, sentinel, end_id)
    return inputs, ids.new_tensor([*ids.tolist(), end_id])


@span_corrupt.mistake(
    "The targets hold the kept tokens as well: nothing is left out of them.",
    "Should the decoder have to write what stands in the inputs?",
)
def targets_keep_all(ids, hidden, sentinel, end_id):
    inputs, _ = corrupt(ids, hidden, sentinel, end_id)
    targets, number, before = [], sentinel, False
    for token, is_hidden in zip(ids.tolist(), hidden.tolist(), strict=True):
        if is_hidden and not before:
            targets.append(number)
            number -= 1
        targets.append(token)
        before = is_hidden
    return inputs, ids.new_tensor([*targets, number, end_id])


@span_corrupt.mistake(
    "The mask is read the wrong way round: what should stay is hidden.",
    "Is `hidden` True at the tokens that go or at those that stay?",
)
def wrong_way_round(ids, hidden, sentinel, end_id):
    check(ids, hidden, sentinel)
    return corrupt(ids, ~hidden, sentinel, end_id)


@span_corrupt.mistake(
    "Inputs and targets are exchanged.", "Which of the two does the encoder read?"
)
def exchanged(ids, hidden, sentinel, end_id):
    inputs, targets = corrupt(ids, hidden, sentinel, end_id)
    return targets, inputs


@span_corrupt.mistake(
    "The first sentinel is one too small: counting starts before the first span.",
    "Which id does the first span get?",
)
def one_too_small(ids, hidden, sentinel, end_id):
    check(ids, hidden, sentinel)
    return corrupt(ids, hidden, sentinel - 1, end_id)


@span_corrupt.mistake(
    "A span at the very beginning of the text is not noticed, so it gets no sentinel.",
    "What stands before the first token? What does your code compare it with?",
)
def blind_at_the_start(ids, hidden, sentinel, end_id):
    inputs, targets, number, before = [], [], sentinel, True
    for token, is_hidden in zip(ids.tolist(), hidden.tolist(), strict=True):
        if is_hidden and not before:
            inputs.append(number)
            targets.append(number)
            number -= 1
        (targets if is_hidden else inputs).append(token)
        before = is_hidden
    check(ids, hidden, sentinel)
    return ids.new_tensor([*inputs, end_id]), ids.new_tensor([*targets, number, end_id])


@span_corrupt.mistake(
    "The first token is compared with the last one: a text that is hidden at both ends loses a "
    "sentinel.",
    "What is hidden[i - 1] for i = 0?",
)
def wraps_around(ids, hidden, sentinel, end_id):
    inputs, targets, number = [], [], sentinel
    flags = hidden.tolist()
    for i, token in enumerate(ids.tolist()):
        if flags[i] and not flags[i - 1]:
            inputs.append(number)
            targets.append(number)
            number -= 1
        (targets if flags[i] else inputs).append(token)
    check(ids, hidden, sentinel)
    return ids.new_tensor([*inputs, end_id]), ids.new_tensor([*targets, number, end_id])


@span_corrupt.mistake(
    "Words that are hidden once are left out wherever they stand: tokens are compared, not places.",
    "The same word may stand inside and outside of a span. Which of the two is hidden?",
)
def by_value(ids, hidden, sentinel, end_id):
    gone = set(ids[hidden].tolist())
    inputs, targets = corrupt(ids, hidden, sentinel, end_id)
    sentinels = range(int(targets[-2]), sentinel + 1)
    kept = [t for t in inputs[:-1].tolist() if t not in gone or t in sentinels]
    return ids.new_tensor([*kept, end_id]), targets


@span_corrupt.mistake(
    "A text that holds a sentinel's id is not refused.",
    "If a word of the text has the id of a sentinel, can the text be put together again?",
)
def never_refuses(ids, hidden, sentinel, end_id):
    shifted = corrupt(ids - ids, hidden, sentinel, end_id)
    inputs, targets, number = [], [], sentinel
    pairs = zip(ids.tolist(), hidden.tolist(), strict=True)
    for is_hidden, run in groupby(pairs, key=lambda pair: pair[1]):
        tokens = [token for token, _ in run]
        inputs += [number] if is_hidden else tokens
        targets += [number, *tokens] if is_hidden else []
        number -= is_hidden
    assert len(shifted[0]) == len(inputs) + 1
    return ids.new_tensor([*inputs, end_id]), ids.new_tensor([*targets, number, end_id])


@span_corrupt.mistake(
    "Only the sentinels of the spans are looked for in the text, not the one that closes.",
    "With two spans, how many sentinels are needed?",
)
def misses_the_closing(ids, hidden, sentinel, end_id):
    spans = sum(key for key, _ in groupby(hidden.tolist()))
    if any(sentinel - spans < token <= sentinel for token in ids.tolist()):
        raise ValueError("a sentinel in the text")
    return never_refuses(ids, hidden, sentinel, end_id)


@span_corrupt.mistake(
    "They are returned as lists, not as tensors.", "What does the annotation say is returned?"
)
def as_lists(ids, hidden, sentinel, end_id):
    return tuple(one.tolist() for one in corrupt(ids, hidden, sentinel, end_id))
