"""What goes wrong in rouge_n when words are cut, numbers put together and references compared."""

import re

from autograder.exercises.prompting.rouge_n import rouge_n
from autograder.exercises.prompting.rouge_n_steps import (
    compare,
    harmonic,
    in_a_row,
    often,
    words_of,
)
from gradus.overlap import rouge_n as right


@rouge_n.mistake(
    "The text is split at spaces: punctuation stays on the words.", "Is 'mat.' the word 'mat'?"
)
def split_only(prediction, references, n=1):
    return compare(prediction, references, n, words=lambda text: text.lower().split())


@rouge_n.mistake(
    "Punctuation is taken out, which joins what it separated: 'well-known' is one word.",
    "Does a mark separate words here, or vanish?",
)
def joins(prediction, references, n=1):
    def words(text):
        return re.sub(r"[^\w\s]|_", "", text.lower()).split()

    return compare(prediction, references, n, words=words)


@rouge_n.mistake(
    "Only the letters a to z and digits make words.", "How many words is 'caf\u00e9' to it?"
)
def plain_letters(prediction, references, n=1):
    return compare(prediction, references, n, words=lambda t: re.findall("[a-z0-9]+", t.lower()))


@rouge_n.mistake(
    "The underscore counts as a letter.", "What does \\w stand for, besides letters and digits?"
)
def underscore(prediction, references, n=1):
    return compare(prediction, references, n, words=lambda text: re.findall(r"\w+", text.lower()))


@rouge_n.mistake(
    "Endings are cut off: 'cats' counts as 'cat'.", "Does the docstring speak of endings?"
)
def stems(prediction, references, n=1):
    return compare(
        prediction, references, n, words=lambda text: [re.sub("s$", "", w) for w in words_of(text)]
    )


@rouge_n.mistake(
    "No n-gram goes over the end of a sentence.", "What does the docstring say of sentences?"
)
def within_sentences(prediction, references, n=1):
    def words(text):
        return [words_of(sentence) for sentence in re.split(r"[.!?]", text)]

    def grams(sentences, n):
        return [gram for sentence in sentences for gram in in_a_row(sentence, n)]

    return compare(prediction, references, n, words=words, grams=grams)


@rouge_n.mistake(
    "Only the first reference counts.", "What if the second way to put it is the one that came?"
)
def first_reference(prediction, references, n=1):
    right(prediction, references, n)
    return right(prediction, references[:1], n)


@rouge_n.mistake(
    "The scores of the references are averaged.", "If one reference fits exactly, is it right?"
)
def mean_reference(prediction, references, n=1):
    def pick(found):
        return tuple(sum(scores) / len(found) for scores in zip(*found, strict=True))

    return compare(prediction, references, n, pick=pick)


@rouge_n.mistake(
    "Precision, recall and F1 are each the best of any reference: they belong to different ones.",
    "Can one text with your three numbers exist?",
)
def best_of_each(prediction, references, n=1):
    def pick(found):
        return tuple(max(scores) for scores in zip(*found, strict=True))

    return compare(prediction, references, n, pick=pick)


@rouge_n.mistake(
    "The reference with the best recall counts, not the one with the best F1.",
    "A very short reference is easily covered. Is it the one to be measured by?",
)
def best_recall(prediction, references, n=1):
    return compare(prediction, references, n, pick=lambda f: max(f, key=lambda scores: scores[1]))


@rouge_n.mistake(
    "All references are put together into one.", "Must a text say everything in all of them?"
)
def joined(prediction, references, n=1):
    right(prediction, references, n)
    return right(prediction, [" ".join(references)], n)


@rouge_n.mistake(
    "It divides by 0 where a text has no n-grams or nothing is shared.",
    "What are precision and recall when nothing is shared, and what is their sum?",
)
def divides_by_zero(prediction, references, n=1):
    right(prediction, references, n)
    for reference in references:
        mine, theirs = (in_a_row(words_of(text), n) for text in (prediction, reference))
        both = often(mine, theirs)
        harmonic(both / len(mine), both / len(theirs))
    return right(prediction, references, n)


@rouge_n.mistake("Only F1 is returned.", "How many numbers does the docstring promise?")
def f1_only(prediction, references, n=1):
    return right(prediction, references, n)[2]


@rouge_n.mistake("No references, or n of 0, are not refused.", "What is an n-gram of no words?")
def refuses_nothing(prediction, references, n=1):
    return right(prediction, references, n) if references and n > 0 else (0.0, 0.0, 0.0)


@rouge_n.mistake("The mean over all lengths up to n is taken.", "Which length of n-gram is asked?")
def up_to_n(prediction, references, n=1):
    right(prediction, references, n)
    found = [right(prediction, references, length) for length in range(1, n + 1)]
    return tuple(sum(scores) / n for scores in zip(*found, strict=True))
