"""What goes wrong in token_f1."""

import string

from autograder.exercises.prompting.token_f1 import token_f1
from autograder.exercises.prompting.token_f1_steps import (
    ARTICLES,
    MARKS,
    compare,
    harmonic,
    words_of,
)


@token_f1.mistake(
    "Words are counted once, however often they come: sets, not counts.",
    "How many words of 'no no no' are shared with 'no'?",
)
def sets(prediction, references):
    return compare(prediction, references, words=lambda text: [*set(words_of(text))])


@token_f1.mistake(
    "Shared words are counted once, but all words are counted below the line.",
    "How many words do 'so so' and 'so so' share?",
)
def shared_once(prediction, references):
    return compare(prediction, references, shared=lambda m, t: len(set(m) & set(t)))


@token_f1.mistake(
    "Every word of the answer that stands anywhere in the reference is shared, however often.",
    "How many words of 'no no no' are shared with 'no'?",
)
def any_number(prediction, references):
    return compare(prediction, references, shared=lambda m, t: sum(word in t for word in m))


@token_f1.mistake(
    "Words are shared only where they stand in the same place.",
    "Does it matter in which order the words come?",
)
def in_place(prediction, references):
    def shared(mine, theirs):
        return sum(a == b for a, b in zip(mine, theirs, strict=False))

    return compare(prediction, references, shared=shared)


@token_f1.mistake(
    "The recall is returned, not F1: a long answer is never punished.",
    "What would an answer get that names every word there is?",
)
def recall(prediction, references):
    return compare(prediction, references, score=lambda s, m, t: s / t if t else harmonic(s, m, t))


@token_f1.mistake(
    "The precision is returned, not F1: a short answer is never punished.",
    "What would an answer of one right word get?",
)
def precision(prediction, references):
    return compare(prediction, references, score=lambda s, m, t: s / m if m else harmonic(s, m, t))


@token_f1.mistake(
    "Precision and recall are averaged in the ordinary way.",
    "With precision 1 and recall 1/4, what is F1?",
)
def plain_mean(prediction, references):
    def score(shared, mine, theirs):
        if not mine or not theirs:
            return harmonic(shared, mine, theirs)
        return (shared / mine + shared / theirs) / 2

    return compare(prediction, references, score=score)


@token_f1.mistake("The factor 2 is missing in F1.", "What is F1 if precision and recall are 1?")
def without_two(prediction, references):
    def score(shared, mine, theirs):
        return harmonic(shared, mine, theirs) / (2 if shared else 1)

    return compare(prediction, references, score=score)


@token_f1.mistake(
    "What is shared is divided by all different words of both: that is another measure.",
    "What do the words precision and recall divide by?",
)
def jaccard(prediction, references):
    def score(shared, mine, theirs):
        return shared / (mine + theirs - shared) if mine + theirs else 1.0

    return compare(prediction, references, score=score)


@token_f1.mistake(
    "Capitals matter: 'Apollo' and 'apollo' are two words.", "What happens to capitals first?"
)
def capitals(prediction, references):
    def words(text):
        return [w for w in text.translate(MARKS).split() if w.lower() not in ARTICLES]

    return compare(prediction, references, words=words)


@token_f1.mistake(
    "'The' with a capital is no article to it: small letters come too late.",
    "What comes first: small letters, or the articles?",
)
def articles_too_early(prediction, references):
    def words(text):
        return [w.lower() for w in text.translate(MARKS).split() if w not in ARTICLES]

    return compare(prediction, references, words=words)


@token_f1.mistake("Punctuation stays on the words.", "Is 'program.' the same word as 'program'?")
def punctuation_left(prediction, references):
    def words(text):
        return [word for word in text.lower().split() if word not in ARTICLES]

    return compare(prediction, references, words=words)


@token_f1.mistake(
    "Punctuation is taken off the ends of words only.", "What becomes of the mark in 'don't'?"
)
def ends_only(prediction, references):
    def words(text):
        bare = [word.strip(string.punctuation) for word in text.lower().split()]
        return [word for word in bare if word and word not in ARTICLES]

    return compare(prediction, references, words=words)
