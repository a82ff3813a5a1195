"""What goes wrong in span_corrupt: sentinels and ends."""

from autograder.exercises.encoder_decoder.span_corrupt import span_corrupt
from autograder.exercises.encoder_decoder.span_corrupt_steps import corrupt


@span_corrupt.mistake(
    "The sentinels count up, not down.", "Which id comes after `sentinel`, and is it free?"
)
def counts_up(ids, hidden, sentinel, end_id):
    return corrupt(ids, hidden, sentinel, end_id, step=1)


@span_corrupt.mistake(
    "Every hidden token gets a sentinel of its own, not every span.",
    "How many sentinels stand for a span of three tokens?",
)
def one_a_token(ids, hidden, sentinel, end_id):
    def span(number, tokens):
        numbers = [number - i for i in range(len(tokens))]
        return numbers, [x for pair in zip(numbers, tokens, strict=True) for x in pair], len(tokens)

    return corrupt(ids, hidden, sentinel, end_id, span=span)


@span_corrupt.mistake(
    "A span gets its sentinel once for every token it hides.",
    "From the inputs, should one be able to tell how long a span was?",
)
def one_sentinel_repeated(ids, hidden, sentinel, end_id):
    def span(number, tokens):
        return [number] * len(tokens), [number, *tokens], 1

    return corrupt(ids, hidden, sentinel, end_id, span=span)


@span_corrupt.mistake(
    "All spans get the same sentinel, so nobody knows which tokens belong where.",
    "With two spans: how does the decoder say which one it is filling?",
)
def always_the_same(ids, hidden, sentinel, end_id):
    return corrupt(ids, hidden, sentinel, end_id, step=0)


@span_corrupt.mistake(
    "All spans get the same sentinel; only the closing one is another.",
    "With two spans: how does the decoder say which one it is filling?",
)
def same_but_closed(ids, hidden, sentinel, end_id):
    inputs, targets = corrupt(ids, hidden, sentinel, end_id, step=0)
    targets[-2] -= 1
    return inputs, targets


@span_corrupt.mistake(
    "The targets hold the hidden tokens only, without the sentinels.",
    "Whose tokens are they? How does the target tell?",
)
def no_sentinels_in_targets(ids, hidden, sentinel, end_id):
    def span(number, tokens):
        return [number], tokens, 1

    return corrupt(ids, hidden, sentinel, end_id, span=span, closes=False)


@span_corrupt.mistake(
    "The closing sentinel at the end of the targets is missing.",
    "How does the decoder say that the last span is over?",
)
def not_closed(ids, hidden, sentinel, end_id):
    return corrupt(ids, hidden, sentinel, end_id, closes=False)


@span_corrupt.mistake(
    "The closing sentinel is that of the last span again.",
    "How many different sentinels are there in the targets of two spans?",
)
def closed_with_the_last(ids, hidden, sentinel, end_id):
    inputs, targets = corrupt(ids, hidden, sentinel, end_id)
    if len(targets) > 2:
        targets[-2] += 1
    return inputs, targets


@span_corrupt.mistake("The inputs do not end with the end token.", "How do both sequences end?")
def inputs_without_end(ids, hidden, sentinel, end_id):
    return corrupt(ids, hidden, sentinel, end_id, ends=(0, 1))


@span_corrupt.mistake(
    "The targets do not end with the end token.", "How does the decoder learn to stop?"
)
def targets_without_end(ids, hidden, sentinel, end_id):
    return corrupt(ids, hidden, sentinel, end_id, ends=(1, 0))


@span_corrupt.mistake(
    "Neither sequence ends with the end token.", "Where in your code is `end_id`?"
)
def no_end(ids, hidden, sentinel, end_id):
    return corrupt(ids, hidden, sentinel, end_id, ends=(0, 0))


@span_corrupt.mistake(
    "The end token stands before the closing sentinel.", "Which of the two comes last?"
)
def end_before_closing(ids, hidden, sentinel, end_id):
    inputs, targets = corrupt(ids, hidden, sentinel, end_id)
    targets[-2:] = targets[-2:].flip(0)
    return inputs, targets


@span_corrupt.mistake(
    "In the targets, a sentinel comes after its tokens.",
    "When the decoder begins a span, does it know already which one it is?",
)
def sentinel_after(ids, hidden, sentinel, end_id):
    def span(number, tokens):
        return [number], [*tokens, number], 1

    return corrupt(ids, hidden, sentinel, end_id, span=span)


@span_corrupt.mistake(
    "The hidden tokens are still in the inputs, next to their sentinels.",
    "What is left to guess if they can be read?",
)
def inputs_keep_hidden(ids, hidden, sentinel, end_id):
    def span(number, tokens):
        return [number, *tokens], [number, *tokens], 1

    return corrupt(ids, hidden, sentinel, end_id, span=span)


@span_corrupt.mistake(
    "The hidden tokens are left out of the inputs without a sentinel in their place.",
    "From the inputs, can one see where something is missing?",
)
def no_sentinels_in_inputs(ids, hidden, sentinel, end_id):
    def span(number, tokens):
        return [], [number, *tokens], 1

    return corrupt(ids, hidden, sentinel, end_id, span=span)
