"""What goes wrong in token_f1 when words are made and references compared."""

import re

from autograder.exercises.prompting.token_f1 import token_f1
from autograder.exercises.prompting.token_f1_steps import (
    ARTICLES,
    MARKS,
    SPACES,
    compare,
    harmonic,
    words_of,
)
from gradus.overlap import token_f1 as right


@token_f1.mistake(
    "Punctuation becomes a space: 'don't' is two words, and so is 'well-known'.",
    "Is a character taken out, or is another put in its place?",
)
def marks_to_spaces(prediction, references):
    def words(text):
        return [w for w in text.lower().translate(SPACES).split() if w not in ARTICLES]

    return compare(prediction, references, words=words)


@token_f1.mistake(
    "The articles are counted as words.", "Which three words does the docstring take out?"
)
def articles_count(prediction, references):
    return compare(prediction, references, words=lambda text: text.lower().translate(MARKS).split())


@token_f1.mistake(
    "The letters of the articles are taken out of other words as well.",
    "What does 'theme'.replace('the', '') give?",
)
def articles_in_words(prediction, references):
    def words(text):
        bare = text.lower().translate(MARKS)
        for article in ("the", "an"):
            bare = bare.replace(article, "")
        return [word for word in bare.split() if word != "a"]

    return compare(prediction, references, words=words)


@token_f1.mistake(
    "The text is split at single spaces only, so that tabs and new lines stay in words.",
    "What does split() do that split(' ') does not?",
)
def single_spaces(prediction, references):
    def words(text):
        bare = text.lower().translate(MARKS).split(" ")
        return [word for word in bare if word and word not in ARTICLES]

    return compare(prediction, references, words=words)


@token_f1.mistake(
    "Endings are cut off: 'stops' counts as 'stop'.", "Does the docstring speak of endings?"
)
def stems(prediction, references):
    return compare(
        prediction, references, words=lambda text: [re.sub("s$", "", w) for w in words_of(text)]
    )


@token_f1.mistake(
    "Letters are compared, not words.", "What does Counter count when it is given a text?"
)
def letters(prediction, references):
    return compare(prediction, references, words=lambda text: list("".join(words_of(text))))


@token_f1.mistake(
    "Only the first reference counts.", "What if the second way to put it is the one that came?"
)
def first_reference(prediction, references):
    return right(prediction, references[:1])


@token_f1.mistake(
    "The scores of the references are averaged.", "If one reference fits exactly, is it right?"
)
def mean_reference(prediction, references):
    return compare(prediction, references, best=lambda scores: sum(scores) / len(scores))


@token_f1.mistake(
    "All references are put together into one.", "Must an answer say everything in all of them?"
)
def joined(prediction, references):
    return right(prediction, [" ".join(references)] if references else references)


@token_f1.mistake(
    "Two texts without any words get 0.", "Is '' a right answer when '' is the reference?"
)
def empty_is_wrong(prediction, references):
    return compare(
        prediction, references, score=lambda s, m, t: harmonic(s, m, t) if m + t else 0.0
    )


@token_f1.mistake(
    "It divides by 0 where a text has no words or nothing is shared.",
    "What are precision and recall when nothing is shared, and what is their sum?",
)
def divides_by_zero(prediction, references):
    def score(shared, mine, theirs):
        precision, recall = shared / mine, shared / theirs
        return 2 * precision * recall / (precision + recall)

    return compare(prediction, references, score=score)


@token_f1.mistake("No references get 0; they are not refused.", "What does the docstring raise?")
def none_refused(prediction, references):
    return right(prediction, references) if references else 0.0


@token_f1.mistake(
    "Only an answer that is the whole reference counts: it is 1 or 0.",
    "Is half an answer worth nothing here?",
)
def exact_match(prediction, references):
    right(prediction, references)
    return float(any(words_of(prediction) == words_of(one) for one in references))
