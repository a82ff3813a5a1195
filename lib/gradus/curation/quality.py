"""Quality: simple rules that tell prose from menus, lists, tables and noise.

Rae et al. 2021 (Gopher), appendix A.1.1, https://arxiv.org/abs/2112.11446
"""

import string


def quality_filter(document: str) -> tuple[bool, list[str]]:
    """Return whether a document keeps all rules of Gopher, and the names of those it breaks.

    Words are what stands between whitespace; lines that hold nothing else are not counted. The
    rules, by name, in the order in which they are returned:

    - "words": from 50 to 100,000 words.
    - "word length": the mean is from 3 to 10 characters a word.
    - "hashes": at most 0.1 times as many # as words.
    - "ellipses": at most 0.1 times as many ellipses as words. An ellipsis is "..." or "…".
    - "bullets": at most 90 % of the lines begin with a bullet, which is •, - or *, after any space.
    - "line ends": at most 30 % of the lines end with an ellipsis, before any space.
    - "letters": at least 80 % of the words hold a letter.
    - "stop words": at least two different ones of the, be, to, of, and, that, have, with are among
      the words, in any case, with or without `string.punctuation` around them.

    Each bound itself is still allowed. In a document without words, each mean and share is 0.
    """
    words = document.split()
    lines = [line.strip() for line in document.splitlines() if line.strip()]
    bare = {word.strip(string.punctuation).lower() for word in words}
    stop_words = {"the", "be", "to", "of", "and", "that", "have", "with"}
    bullets = sum(line.startswith(("•", "-", "*")) for line in lines)
    open_ends = sum(line.endswith(("...", "…")) for line in lines)
    lettered = sum(any(map(str.isalpha, word)) for word in words)
    ellipses = document.count("...") + document.count("…")
    # There may be no words and no lines to divide by.
    n_words, n_lines = max(len(words), 1), max(len(lines), 1)
    rules = {
        "words": 50 <= len(words) <= 100_000,
        "word length": 3 <= sum(map(len, words)) / n_words <= 10,
        "hashes": document.count("#") / n_words <= 0.1,
        "ellipses": ellipses / n_words <= 0.1,
        "bullets": bullets / n_lines <= 0.9,
        "line ends": open_ends / n_lines <= 0.3,
        "letters": lettered / n_words >= 0.8,
        "stop words": len(bare & stop_words) >= 2,
    }
    broken = [name for name, kept in rules.items() if not kept]
    return not broken, broken
