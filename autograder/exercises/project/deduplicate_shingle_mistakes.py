"""What goes wrong in the shingles, and in what they are divided by."""

from collections import Counter

from autograder.exercises.project.deduplicate import deduplicate, parts
from autograder.exercises.project.deduplicate_mistakes import compare


def runs(words, shingle, step=1, last=0):
    """The runs of words; a text of fewer words is one run."""
    if len(words) <= shingle:
        return [tuple(words)] if words else []
    return [tuple(words[i : i + shingle]) for i in range(0, len(words) - shingle + 1 - last, step)]


@deduplicate.mistake(
    "Shingles that stand several times are counted several times.",
    "Is 'so it so it' made of other shingles than 'so it so'?",
)
def multisets(documents, threshold, shingle):
    def cut(document, shingle):
        return Counter(runs(document.lower().split(), shingle))

    def alike(a, b):
        return (a & b).total() / (a | b).total() if a or b else 0.0

    return compare(documents, threshold, shingle, alike, cut)


@deduplicate.mistake(
    "What is shared is divided by the smaller set.",
    "Is a short document the same as the long one in which it stands?",
)
def smaller(documents, threshold, shingle):
    def alike(a, b):
        return len(a & b) / min(len(a), len(b)) if a and b else 0.0

    return compare(documents, threshold, shingle, alike)


@deduplicate.mistake(
    "What is shared is divided by the larger set.",
    "How many shingles stand in at least one of the two?",
)
def larger(documents, threshold, shingle):
    def alike(a, b):
        return len(a & b) / max(len(a), len(b), 1)

    return compare(documents, threshold, shingle, alike)


@deduplicate.mistake(
    "The two sizes are added: shingles that both have are counted twice.",
    "How alike are two equal documents, by your formula?",
)
def the_sum(documents, threshold, shingle):
    def alike(a, b):
        return len(a & b) / max(len(a) + len(b), 1)

    return compare(documents, threshold, shingle, alike)


@deduplicate.mistake(
    "Twice what is shared is divided by the sum of both: this is Dice's coefficient.",
    "Two sets of 4 share 3. What is the size of their union?",
)
def dice(documents, threshold, shingle):
    def alike(a, b):
        return 2 * len(a & b) / max(len(a) + len(b), 1)

    return compare(documents, threshold, shingle, alike)


@deduplicate.mistake("Shingles are runs of characters.", "A shingle of 2: two of what?")
def characters(documents, threshold, shingle):
    def cut(document, shingle):
        return set(runs(" ".join(document.lower().split()), shingle))

    return compare(documents, threshold, shingle, cut=cut)


@deduplicate.mistake("Single words are compared.", "What is the argument `shingle` for?")
def single_words(documents, threshold, shingle):
    return compare(documents, threshold, shingle, cut=lambda text, _: parts(text, 1))


@deduplicate.mistake("Capitals make another word.", "Is a copy with a capital letter another text?")
def case(documents, threshold, shingle):
    return compare(documents, threshold, shingle, cut=lambda t, n: set(runs(t.split(), n)))


@deduplicate.mistake(
    "Text is cut at single spaces, so tabs, line ends and second spaces make other words.",
    "What does split() cut at, and what does split(' ')?",
)
def spaces(documents, threshold, shingle):
    def cut(document, shingle):
        return set(runs(document.lower().split(" "), shingle)) if document.strip() else set()

    return compare(documents, threshold, shingle, cut=cut)


@deduplicate.mistake(
    "Shingles do not overlap.", "What becomes of the shingles when a word is put in front?"
)
def apart(documents, threshold, shingle):
    def cut(document, shingle):
        return set(runs(document.lower().split(), shingle, step=shingle))

    return compare(documents, threshold, shingle, cut=cut)


@deduplicate.mistake("The last shingle is missing.", "How many runs of 2 words stand in 5 words?")
def last_missing(documents, threshold, shingle):
    def cut(document, shingle):
        return set(runs(document.lower().split(), shingle, last=1))

    return compare(documents, threshold, shingle, cut=cut)


@deduplicate.mistake(
    "A document shorter than a shingle is never a copy of another.",
    "Which shingles has a document of two words, if a shingle has three?",
)
def short(documents, threshold, shingle):
    def cut(document, shingle):
        return {run for run in parts(document, shingle) if len(run) == shingle}

    return compare(documents, threshold, shingle, cut=cut)


@deduplicate.mistake(
    "The words of a shingle are joined without a space, so different ones become the same.",
    "Are 'no on' and 'noon' the same shingle?",
)
def joined(documents, threshold, shingle):
    def cut(document, shingle):
        return {"".join(run) for run in parts(document, shingle)}

    return compare(documents, threshold, shingle, cut=cut)


@deduplicate.mistake(
    "The order of the words in a shingle is lost.", "Is 'man bites dog' like 'dog bites man'?"
)
def sorted_words(documents, threshold, shingle):
    def cut(document, shingle):
        return {tuple(sorted(run)) for run in parts(document, shingle)}

    return compare(documents, threshold, shingle, cut=cut)
