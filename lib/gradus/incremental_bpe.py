"""Learning merges fast: after a merge, only the words that held the pair are counted again.

`gradus.bpe.train_bpe` counts the whole text anew for every merge. Here counts are kept, the words
of each pair are known, and a heap holds the pairs with the most frequent first.
"""

from collections import Counter, defaultdict
from collections.abc import Mapping
from heapq import heapify, heappop, heappush
from itertools import pairwise

from tqdm.auto import tqdm

from gradus.bpe import merge_pair

Pair = tuple[int, int]


def learn_merges(words: Mapping[str, int], wanted: int, progress: bool = False) -> list[Pair]:
    """Learn up to `wanted` merges from words and how often each occurs, as `train_bpe` does.

    Returns fewer merges when no pair is left. `progress` shows a progress bar.
    """
    spelled = [list(word.encode()) for word in words]
    times = list(words.values())
    counts: Counter[Pair] = Counter()
    holders: defaultdict[Pair, set[int]] = defaultdict(set)  # the words that (may) hold a pair
    for word, ids in enumerate(spelled):
        for pair in pairwise(ids):
            counts[pair] += times[word]
            holders[pair].add(word)
    heap = [(-count, pair) for pair, count in counts.items()]
    heapify(heap)

    merges: list[Pair] = []
    with tqdm(total=wanted, desc="merges", disable=not progress) as bar:
        while heap and len(merges) < wanted:
            count, pair = heappop(heap)
            if counts[pair] != -count:
                continue  # outdated: the count has changed since, and stands elsewhere in the heap
            new = 256 + len(merges)
            merges.append(pair)
            bar.update()
            changes: Counter[Pair] = Counter()
            for word in holders.pop(pair):
                before, after = spelled[word], merge_pair(spelled[word], pair, new)
                spelled[word] = after
                for neighbours in pairwise(before):
                    changes[neighbours] -= times[word]
                for neighbours in pairwise(after):
                    changes[neighbours] += times[word]
                    holders[neighbours].add(word)
            for neighbours, change in changes.items():
                if change:
                    counts[neighbours] += change
                    if counts[neighbours]:
                        heappush(heap, (-counts[neighbours], neighbours))
    return merges
