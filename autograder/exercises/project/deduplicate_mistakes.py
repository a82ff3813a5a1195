"""What goes wrong when documents are compared: the order, and who is compared with whom."""

from autograder.exercises.project.deduplicate import deduplicate, parts, refuse


def jaccard(a, b):
    return len(a & b) / len(a | b) if a | b else 0.0


def compare(documents, threshold, shingle, alike=jaccard, cut=parts, dropped_too=False):
    """Keep what is not alike to what came before."""
    refuse(threshold, shingle)
    sets = [cut(document, shingle) for document in documents]
    kept = []
    for i, one in enumerate(sets):
        before = range(i) if dropped_too else kept
        if not any(alike(one, sets[j]) >= threshold for j in before):
            kept.append(i)
    return kept


@deduplicate.mistake(
    "A document is compared with its neighbour only.",
    "Where can copies stand in a corpus?",
)
def neighbours(documents, threshold, shingle):
    refuse(threshold, shingle)
    sets = [parts(document, shingle) for document in documents]
    near = [i and jaccard(sets[i], sets[i - 1]) >= threshold for i in range(len(sets))]
    return [i for i, copied in enumerate(near) if not copied]


@deduplicate.mistake(
    "All copies are dropped, the first one as well.",
    "How much of what the copies say is left when you are done?",
)
def none_left(documents, threshold, shingle):
    refuse(threshold, shingle)
    sets = [parts(document, shingle) for document in documents]
    everyone = range(len(sets))
    return [
        i
        for i in everyone
        if not any(jaccard(sets[i], sets[j]) >= threshold for j in everyone if j != i)
    ]


@deduplicate.mistake("Of documents that are alike, the last one is kept.", "Which copy is to stay?")
def last(documents, threshold, shingle):
    count = len(documents) - 1
    return sorted(count - i for i in compare(documents[::-1], threshold, shingle))


@deduplicate.mistake(
    "A document is dropped when it is like one that was dropped itself.",
    "What is document 2 of a chain compared with, when document 1 is gone?",
)
def chains(documents, threshold, shingle):
    return compare(documents, threshold, shingle, dropped_too=True)


@deduplicate.mistake(
    "The longest documents come first, and are kept first.",
    "In which order are the documents visited, and in which should they be?",
)
def longest_first(documents, threshold, shingle):
    order = sorted(range(len(documents)), key=lambda i: -len(documents[i]))
    return sorted(order[i] for i in compare([documents[i] for i in order], threshold, shingle))


@deduplicate.mistake(
    "The indices are those of the documents dropped.", "Which documents are the indices of?"
)
def dropped(documents, threshold, shingle):
    kept = compare(documents, threshold, shingle)
    return [i for i in range(len(documents)) if i not in kept]


@deduplicate.mistake("It returns the documents themselves.", "What does the docstring return?")
def texts(documents, threshold, shingle):
    return [documents[i] for i in compare(documents, threshold, shingle)]


@deduplicate.mistake(
    "Only documents that are equal are found.",
    "Change one word of a long copy. Is it still one?",
)
def exact_only(documents, threshold, shingle):
    return compare(documents, threshold, shingle, alike=lambda a, b: float(a == b and bool(a)))


@deduplicate.mistake(
    "All empty documents count as copies of each other.",
    "Which shingles do two empty documents share?",
)
def empties(documents, threshold, shingle):
    return compare(
        documents, threshold, shingle, alike=lambda a, b: jaccard(a, b) if a or b else 1.0
    )


@deduplicate.mistake(
    "Documents that are exactly at the threshold are kept.",
    "Does a threshold of 0.5 include 0.5?",
)
def above(documents, threshold, shingle):
    return compare(documents, threshold + 1e-9, shingle) if threshold < 1 else exact(documents)


def exact(documents):
    """Nothing is above 1."""
    return list(range(len(documents)))


@deduplicate.mistake(
    "The comparison is the wrong way round: documents that differ are dropped.",
    "Does a large Jaccard similarity mean alike, or different?",
)
def distance(documents, threshold, shingle):
    return compare(documents, threshold, shingle, alike=lambda a, b: 1 - jaccard(a, b))


@deduplicate.mistake(
    "A threshold or a shingle size that makes no sense is not refused.",
    "What does a threshold of 0 mean, and a shingle of no words?",
)
def not_refused(documents, threshold, shingle):
    if threshold <= 0 or threshold > 1 or shingle < 1:
        return list(range(len(documents)))
    return compare(documents, threshold, shingle)
