"""What people get wrong in perplexity."""

import math

import torch

from autograder.exercises.next_word.perplexity import given_probs, perplexity


@perplexity.mistake(
    "It takes exp of the sum, so a longer text is always more perplexing.",
    "If a text is read twice, should its perplexity change?",
)
def of_the_sum(probs, ids):
    return (-given_probs(probs, ids).log().sum()).exp()


@perplexity.mistake(
    "The logarithm is natural, but 2 is raised to it.", "Which power undoes your logarithm?"
)
def two_to_nats(probs, ids):
    return 2 ** -given_probs(probs, ids).log().mean()


@perplexity.mistake(
    "The logarithm is to base 2, but e is raised to it.", "Which power undoes your logarithm?"
)
def e_to_bits(probs, ids):
    return (-given_probs(probs, ids).log2().mean()).exp()


@perplexity.mistake(
    "It averages the texts' perplexities instead of the tokens' surprise.",
    "Where do you average: before exp, or after it?",
)
def mean_of_texts(probs, ids):
    return (-given_probs(probs, ids).log().mean(-1)).exp().mean()


@perplexity.mistake(
    "It averages exp of each surprise, so that one rare token outweighs all others.",
    "Where do you average: before exp, or after it?",
)
def mean_of_inverses(probs, ids):
    return (1 / given_probs(probs, ids)).mean()


@perplexity.mistake(
    "It averages the probabilities, without logarithms.",
    "One token at 1/2, one at 1/8: which factor, used twice, gives the same product?",
)
def inverse_of_mean(probs, ids):
    return 1 / given_probs(probs, ids).mean()


@perplexity.mistake(
    "The probabilities are multiplied: of a long text the product is 0, and 1 / 0 infinite.",
    "What does a product of 600 numbers below 1 become in a float? What is a sum in its place?",
)
def multiplied(probs, ids):
    given = given_probs(probs, ids)
    return given.prod() ** (-1 / given.numel())


@perplexity.mistake(
    "The first token of each text is predicted too, from the last one.",
    "What is known before the first token? How many of five tokens are predicted?",
)
def wraps(probs, ids):
    given_probs(probs, ids)
    return (-probs[ids.roll(1, -1), ids].log().mean()).exp()


@perplexity.mistake(
    "It divides by the number of tokens, although the first of each text is not predicted.",
    "How many of five tokens are predicted?",
)
def divided_by_tokens(probs, ids):
    return (-given_probs(probs, ids).log().sum() / ids.numel()).exp()


@perplexity.mistake(
    "The end of one text is taken to predict the start of the next.",
    "Of two texts of four tokens each, how many tokens are predicted? Do you flatten first?",
)
def across_texts(probs, ids):
    given_probs(probs, ids)
    return (-given_probs(probs, ids.reshape(-1)).log().mean()).exp()


@perplexity.mistake(
    "The table is read by columns: how likely a token was before the next, not after the last.",
    "In probs[a, b], which of the two came first in the text?",
)
def by_columns(probs, ids):
    return (-given_probs(probs, ids, lambda a, b: (b, a)).log().mean()).exp()


@perplexity.mistake(
    "Every token is looked up in its own row, as if it predicted itself.",
    "Which token is known, and which one is predicted?",
)
def itself(probs, ids):
    return (-given_probs(probs, ids, lambda a, b: (b, b)).log().mean()).exp()


@perplexity.mistake(
    "A small number is added to the probabilities, which hides that a token was held impossible.",
    "What is the perplexity of a model that rules out what then happens?",
)
def small_number(probs, ids):
    return (-(given_probs(probs, ids) + 1e-6).log().mean()).exp()


@perplexity.mistake(
    "Tokens that were held impossible are left out.",
    "What is the perplexity of a model that rules out what then happens?",
)
def impossible_dropped(probs, ids):
    given = given_probs(probs, ids).reshape(-1)
    counted = given > 0
    surprise = -given.where(counted, 1).log()
    return (surprise.sum() / counted.sum()).exp()


@perplexity.mistake(
    "It returns the mean surprise in nats: exp is missing.",
    "A model that knows nothing of 7 tokens: what should the function return?",
)
def nats(probs, ids):
    return -given_probs(probs, ids).log().mean()


@perplexity.mistake(
    "The sign is turned: it returns a probability, below 1.",
    "Is a perplexity below 1 possible? What sign has the logarithm of a probability?",
)
def below_one(probs, ids):
    return given_probs(probs, ids).log().mean().exp()


@perplexity.mistake(
    "It counts how often the likeliest token came, and not how likely the one that came was.",
    "Does your result change when the model becomes surer of itself?",
)
def accuracy(probs, ids):
    given_probs(probs, ids)
    hits = probs.argmax(-1)[ids[..., :-1]] == ids[..., 1:]
    return 1 / hits.to(probs.dtype).mean()


@perplexity.mistake(
    "The rows go through a softmax once more, which makes them nearly equal.",
    "Do the rows of the table not sum to 1 already? What does a cross-entropy of torch's expect?",
)
def softmax_again(probs, ids):
    return (-given_probs(probs.softmax(-1), ids).log().mean()).exp()


@perplexity.mistake(
    "It takes the surprise in the middle (the median), not the mean.",
    "Two tokens at 1/2 and one at 1/8: should the third not matter?",
)
def median(probs, ids):
    return (-given_probs(probs, ids).log()).median().exp()


@perplexity.mistake(
    "It measures how unsure the rows are (their entropy), not how surprising the text is.",
    "Where in your code does the token that really came appear?",
)
def entropy(probs, ids):
    given_probs(probs, ids)
    rows = probs[ids[..., :-1]]
    return torch.special.entr(rows).sum(-1).mean().exp()


@perplexity.mistake(
    "Ids without a row are not refused: a negative one counts from the end of the table.",
    "What does probs[-1] mean in Python? Should token -1 have a row?",
)
def from_the_end(probs, ids):
    if (ids >= len(probs)).any():
        raise ValueError("no such token")
    return (-given_probs(probs, ids % len(probs)).log().mean()).exp()


@perplexity.mistake(
    "A text with nothing to predict is not refused: its mean is one of no numbers.",
    "What is the mean of nothing? What does the task say of texts of one token?",
)
def nothing_to_predict(probs, ids):
    if ids.shape[-1] < 2:
        return probs.sum() * math.nan
    return (-given_probs(probs, ids).log().mean()).exp()
