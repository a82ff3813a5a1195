"""Duplicates: documents that say again, word for word or nearly so, what was said before.

Broder 1997, "On the resemblance and containment of documents";
for language models: Lee et al. 2021, https://arxiv.org/abs/2107.06499
"""

from collections import Counter, defaultdict
from collections.abc import Sequence


def deduplicate(documents: Sequence[str], threshold: float, shingle: int) -> list[int]:
    """Return the indices of the documents to keep, in order: the first of those that are alike.

    A document's words are what stands between whitespace, in small letters. Its shingles are the
    *different* runs of `shingle` words; a document with fewer words has one, all its words. Two
    documents are alike when the number of shingles that both have, divided by the number that at
    least one of them has (the Jaccard similarity), is `threshold` or more.

    A document is dropped when it is like an earlier document that is kept. Being like one that was
    dropped is no reason. A document without words has no shingles: it is like none, and is kept.

    Raises ValueError when threshold is not above 0 and at most 1, or shingle is less than 1.
    """
    if not 0 < threshold <= 1:
        raise ValueError(f"threshold must be above 0 and at most 1, not {threshold}")
    if shingle < 1:
        raise ValueError(f"a shingle has at least 1 word, not {shingle}")
    kept: list[int] = []
    sizes: dict[int, int] = {}
    # Which kept documents hold a shingle: so only documents that share one are ever compared.
    holders: defaultdict[tuple[str, ...], list[int]] = defaultdict(list)
    for i, document in enumerate(documents):
        words = document.lower().split()
        last = max(len(words) - shingle, 0)
        shingles = {tuple(words[at : at + shingle]) for at in range(last + 1)} if words else set()
        shared = Counter(j for one in shingles for j in holders[one])
        if any(n / (len(shingles) + sizes[j] - n) >= threshold for j, n in shared.items()):
            continue
        kept.append(i)
        sizes[i] = len(shingles)
        for one in shingles:
            holders[one].append(i)
    return kept
