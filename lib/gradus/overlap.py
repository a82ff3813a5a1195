"""How much of a reference is in a model's answer, counted in words.

Token F1: Rajpurkar et al. 2016 (SQuAD), section 6.1, https://arxiv.org/abs/1606.05250
ROUGE-N: Lin 2004, https://aclanthology.org/W04-1013
"""

import re
import string
from collections import Counter
from collections.abc import Sequence


def token_f1(prediction: str, references: Sequence[str]) -> float:
    """Return how well the words of an answer agree with a reference, from 0 to 1, as in SQuAD.

    In both texts, capitals become small letters, the characters of `string.punctuation` are taken
    out, the words a, an and the are taken out, and what stands between whitespace is a word. A word
    that stands n times in one text and m times in the other is shared min(n, m) times. Precision is
    the share of the answer's words that are shared, recall that of the reference's, and F1 is
    2 * precision * recall / (precision + recall). With nothing shared it is 0; if both texts have
    no words, it is 1.

    With several references, the best one counts. Raises ValueError when there are none.
    """
    if not references:
        raise ValueError("there is nothing to compare with: give at least one reference")

    def words(text: str) -> Counter[str]:
        bare = text.lower().translate(str.maketrans("", "", string.punctuation))
        return Counter(word for word in bare.split() if word not in ("a", "an", "the"))

    def f1(answer: Counter[str], reference: Counter[str]) -> float:
        both = answer.total() + reference.total()
        return 2 * (answer & reference).total() / both if both else 1.0

    return max(f1(words(prediction), words(reference)) for reference in references)


def rouge_n(prediction: str, references: Sequence[str], n: int = 1) -> tuple[float, float, float]:
    """Return precision, recall and F1 of the n-grams that a text shares with a reference.

    Words are runs of letters and digits, in small letters; everything else only separates them. An
    n-gram is n words in a row, wherever sentences end. One that stands several times in both texts
    is shared as often as it stands in the one that has fewer. Precision divides what is shared by
    the n-grams of the prediction, recall by those of the reference, and F1 is
    2 * precision * recall / (precision + recall). Where nothing is shared, all three are 0.

    With several references, the one with the best F1 counts, and the first of equals. Raises
    ValueError when there are none, and for n less than 1.
    """
    if not references or n < 1:
        raise ValueError(f"at least one reference and n of 1 or more, not {len(references)}, n={n}")

    def grams(text: str) -> Counter[tuple[str, ...]]:
        words = re.findall(r"[^\W_]+", text.lower())
        return Counter(zip(*(words[i:] for i in range(n)), strict=False))

    def compared(reference: str) -> tuple[float, float, float]:
        mine, theirs = grams(prediction), grams(reference)
        shared = (mine & theirs).total()
        if shared == 0:
            return 0.0, 0.0, 0.0
        precision, recall = shared / mine.total(), shared / theirs.total()
        return precision, recall, 2 * precision * recall / (precision + recall)

    return max(map(compared, references), key=lambda scores: scores[2])
