"""What people get wrong in bigram_probs."""

from torch import eye, where

from autograder.exercises.next_word.bigram_probs import bigram_probs, refuse


def _rows(smoothed, total=None):
    """Divide by the row totals; where these are 0, every token is as likely as any."""
    total = smoothed.sum(-1, keepdim=True) if total is None else total
    return where(total > 0, smoothed / total, 1 / smoothed.shape[-1])


@bigram_probs.mistake(
    "The columns sum to 1 instead of the rows.",
    "Row a holds what comes after a. What should sum to 1: all that may follow a token?",
)
def columns(counts, alpha=0.0):
    refuse(alpha)
    return _rows((counts + float(alpha)).mT).mT.contiguous()


@bigram_probs.mistake(
    "alpha is added to the probabilities, after dividing.",
    "What do your rows sum to? To what does the task add alpha?",
)
def added_after(counts, alpha=0.0):
    refuse(alpha)
    return _rows(counts + 0.0) + alpha


@bigram_probs.mistake(
    "The total grows by alpha once, although alpha was added to every count.",
    "A row of 27 counts grows by alpha each. By how much does its sum grow?",
)
def total_plus_alpha(counts, alpha=0.0):
    refuse(alpha)
    return _rows(counts + float(alpha), counts.sum(-1, keepdim=True) + float(alpha))


@bigram_probs.mistake(
    "The counts grow by alpha, but they are divided by the old total.",
    "What do your rows sum to?",
)
def old_total(counts, alpha=0.0):
    refuse(alpha)
    return _rows(counts + float(alpha), counts.sum(-1, keepdim=True))


@bigram_probs.mistake(
    "The total grows by alpha for every token, but the counts do not.",
    "What do your rows sum to?",
)
def only_the_total(counts, alpha=0.0):
    refuse(alpha)
    size = counts.shape[-1]
    return _rows(counts + 0.0, counts.sum(-1, keepdim=True) + float(alpha) * size)


@bigram_probs.mistake(
    "A row without counts becomes nan: it is 0 divided by 0.",
    "What is the sum of a row of zeros? What does the task ask for there?",
)
def nan_row(counts, alpha=0.0):
    refuse(alpha)
    rows = counts + float(alpha)
    return rows / rows.sum(-1, keepdim=True)


@bigram_probs.mistake(
    "A row without counts stays a row of zeros, which is no distribution.",
    "What can be drawn from a row in which every probability is 0?",
)
def zero_row(counts, alpha=0.0):
    return nan_row(counts, alpha).nan_to_num(0)


@bigram_probs.mistake(
    "It divides by the sum of the whole table.",
    "What do your rows sum to? Among how many tokens is row a to be shared out?",
)
def whole_table(counts, alpha=0.0):
    refuse(alpha)
    rows = counts + float(alpha)
    return rows / rows.sum()


@bigram_probs.mistake(
    "Totals below 1 are taken for 1, so a row of small numbers sums to less than 1.",
    "With alpha = 0.1 and no counts, what is the total of a row of 4?",
)
def total_of_one(counts, alpha=0.0):
    refuse(alpha)
    rows = counts + float(alpha)
    total = rows.sum(-1, keepdim=True)
    return where(total > 0, rows / total.clamp(min=1), 1 / rows.shape[-1])


@bigram_probs.mistake("alpha is not used.", "Where in your code does `alpha` appear?")
def no_alpha(counts, alpha=0.0):
    refuse(alpha)
    return _rows(counts + 0.0)


@bigram_probs.mistake(
    "It always adds 1, whatever alpha is.", "Where in your code does `alpha` appear, and where a 1?"
)
def always_one(counts, alpha=0.0):
    refuse(alpha)
    return _rows(counts + 1.0)


@bigram_probs.mistake(
    "alpha is added to the pairs that were never seen, and to no others.",
    "To which counts does the task add alpha?",
)
def only_unseen(counts, alpha=0.0):
    refuse(alpha)
    return _rows(where(counts == 0, float(alpha), counts + 0.0))


@bigram_probs.mistake(
    "alpha is added to the pairs that were seen: the others stay impossible.",
    "What is alpha for?",
)
def only_seen(counts, alpha=0.0):
    refuse(alpha)
    return _rows(where(counts > 0, counts + float(alpha), 0.0))


@bigram_probs.mistake(
    "It takes a softmax of the counts.",
    "Of 4 pairs, 3 are alike: what share is that? And what does exp make of a count of 100?",
)
def softmax_of_counts(counts, alpha=0.0):
    refuse(alpha)
    return (counts + float(alpha)).softmax(-1)


@bigram_probs.mistake(
    "The division is one of whole numbers, and everything below 1 becomes 0.",
    "What is 3 // 4?",
)
def whole_numbers(counts, alpha=0.0):
    refuse(alpha)
    rows = counts + float(alpha)
    return rows // rows.sum(-1, keepdim=True).clamp(min=1)


@bigram_probs.mistake(
    "It returns the logarithms of the probabilities.", "Can a probability be negative?"
)
def logarithms(counts, alpha=0.0):
    refuse(alpha)
    return _rows(counts + float(alpha)).log()


@bigram_probs.mistake(
    "The row totals lose their axis, so they divide the columns.",
    "What shape has the sum along the last axis? Which entry does its number 0 divide?",
)
def without_keepdim(counts, alpha=0.0):
    refuse(alpha)
    rows = counts + float(alpha)
    return _rows(rows, rows.sum(-1))


@bigram_probs.mistake(
    "A token that nothing was seen after is followed by itself.",
    "What do the counts say about that token? What does the task ask for?",
)
def itself(counts, alpha=0.0):
    refuse(alpha)
    rows = counts + float(alpha)
    total = rows.sum(-1, keepdim=True)
    return where(total > 0, rows / total, eye(len(rows), device=rows.device))


@bigram_probs.mistake(
    "A negative alpha is not refused.", "What could a probability become with alpha = -0.5?"
)
def negative_alpha(counts, alpha=0.0):
    return _rows(counts + float(alpha))
