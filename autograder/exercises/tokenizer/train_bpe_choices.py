"""What goes wrong in train_bpe: which pair is taken, when it ends, and what is returned."""

from autograder.exercises.tokenizer.spelling import vocabulary as spelled_out
from autograder.exercises.tokenizer.train_bpe import train_bpe
from autograder.exercises.tokenizer.training import learn, words_of

# The choice between pairs.


@train_bpe.mistake(
    "Of equally frequent pairs it takes the one that was seen first.",
    "What does max return when several are the largest?",
)
def first_seen(text, vocab_size, specials=()):
    return learn(text, vocab_size, specials, choose=lambda n, _: max(n, key=n.get))


@train_bpe.mistake(
    "Of equally frequent pairs it takes the one that was seen last.",
    "What does your comparison do when two counts are equal?",
)
def last_seen(text, vocab_size, specials=()):
    return learn(text, vocab_size, specials, choose=lambda n, _: max(reversed(n), key=n.get))


@train_bpe.mistake(
    "Of equally frequent pairs it takes the largest.",
    "When a maximum is taken over (count, pair), which pair wins among equal counts?",
)
def largest(text, vocab_size, specials=()):
    return learn(text, vocab_size, specials, choose=lambda n, _: max(n, key=lambda p: (n[p], p)))


@train_bpe.mistake(
    "Of equally frequent pairs it takes the smallest left id, but then the largest right id.",
    "If the left ids are equal, too, which right id should win?",
)
def half_smallest(text, vocab_size, specials=()):
    return learn(
        text, vocab_size, specials, choose=lambda n, _: max(n, key=lambda p: (n[p], -p[0], p[1]))
    )


@train_bpe.mistake(
    "Equally frequent pairs are compared by their bytes; the smallest is taken.",
    "A merged token 'th' has the id 256 or more. Does it come before 'z', id 122?",
)
def smallest_bytes(text, vocab_size, specials=()):
    def choose(counts, tokens):
        return min(counts, key=lambda p: (-counts[p], tokens[p[0]], tokens[p[1]]))

    return learn(text, vocab_size, specials, choose=choose)


@train_bpe.mistake(
    "Equally frequent pairs are compared by their bytes; the largest is taken.",
    "Which of two equally frequent pairs does the task ask for, and what is compared?",
)
def largest_bytes(text, vocab_size, specials=()):
    def choose(counts, tokens):
        return max(counts, key=lambda p: (counts[p], tokens[p[0]], tokens[p[1]]))

    return learn(text, vocab_size, specials, choose=choose)


@train_bpe.mistake(
    "Equally frequent pairs are compared by what they become, 'a' + 'bc' like 'ab' + 'c'.",
    "What is compared: the two ids one after the other, or the bytes of both, joined?",
)
def joined_bytes(text, vocab_size, specials=()):
    def choose(counts, tokens):
        return min(counts, key=lambda p: (-counts[p], tokens[p[0]] + tokens[p[1]]))

    return learn(text, vocab_size, specials, choose=choose)


@train_bpe.mistake(
    "Equally frequent pairs are compared as printable characters, where a space comes last.",
    "Which id has the space, and which the letter a?",
)
def printable(text, vocab_size, specials=()):
    order = [*range(33, 127), *range(161, 173), *range(174, 256)]
    order += [byte for byte in range(256) if byte not in order]
    place = {byte: i for i, byte in enumerate(order)}

    def choose(counts, tokens):
        return min(counts, key=lambda p: (-counts[p], *(place.get(i, i) for i in p)))

    return learn(text, vocab_size, specials, choose=choose)


@train_bpe.mistake(
    "It takes the rarest pair, not the most frequent one.",
    "Is your minimum taken over the counts, or over their negatives?",
)
def rarest(text, vocab_size, specials=()):
    return learn(text, vocab_size, specials, choose=lambda n, _: min(n, key=lambda p: (n[p], p)))


# When it ends.


@train_bpe.mistake(
    "It stops when every pair occurs only once.", "Is a pair that occurs once still a pair?"
)
def stops_at_one(text, vocab_size, specials=()):
    return learn(text, vocab_size, specials, least=2)


@train_bpe.mistake("It learns one merge too many.", "With vocab_size=256, how many merges fit?")
def one_too_many(text, vocab_size, specials=()):
    return learn(text, vocab_size, specials, more=1)


@train_bpe.mistake("It learns one merge too few.", "With vocab_size=257, how many merges fit?")
def one_too_few(text, vocab_size, specials=()):
    return learn(text, vocab_size, specials, more=-1)


@train_bpe.mistake(
    "The specials are not counted towards the size of the vocabulary.",
    "Bytes, merges and specials all have ids. How many ids are there in the end?",
)
def specials_not_counted(text, vocab_size, specials=()):
    return learn(text, vocab_size, specials, more=len(specials))


@train_bpe.mistake(
    "vocab_size is taken for the number of merges.",
    "Which tokens are in the vocabulary before the first merge?",
)
def size_is_merges(text, vocab_size, specials=()):
    return learn(text, vocab_size, specials, more=256 + len(specials))


@train_bpe.mistake(
    "A vocabulary without room for the bytes and the specials is not refused.",
    "What should happen with vocab_size=100?",
)
def never_refuses(text, vocab_size, specials=()):
    if vocab_size < 256 + len(specials):
        return []
    return learn(text, vocab_size, specials)


@train_bpe.mistake(
    "It fails when no pair is left.", "What is the most frequent pair of a text that has none?"
)
def fails_at_the_end(text, vocab_size, specials=()):
    merges = learn(text, vocab_size, specials)
    if len(merges) < vocab_size - 256 - len(specials):
        return [max([])]
    return merges


# What is returned.


@train_bpe.mistake(
    "The new ids start after the specials, not at 256.",
    "Which id does the first merge get, and where do the specials go?",
)
def specials_first(text, vocab_size, specials=()):
    return learn(text, vocab_size, specials, first=256 + len(specials))


@train_bpe.mistake(
    "The merges are not returned in the order in which they were made.",
    "How would an encoder know which merge came first?",
)
def sorted_merges(text, vocab_size, specials=()):
    return sorted(learn(text, vocab_size, specials))


@train_bpe.mistake(
    "The pairs are returned as bytes, not as ids.", "Of what type are the pairs in the docstring?"
)
def as_bytes(text, vocab_size, specials=()):
    merges = learn(text, vocab_size, specials)
    tokens = spelled_out(merges)
    return [(tokens[left], tokens[right]) for left, right in merges]


@train_bpe.mistake(
    "A dictionary from pairs to ids is returned, not the list of pairs.",
    "What does the docstring say it returns?",
)
def as_dictionary(text, vocab_size, specials=()):
    return {pair: 256 + i for i, pair in enumerate(learn(text, vocab_size, specials))}


@train_bpe.mistake(
    "The words are returned, not the merges.", "What does the docstring say it returns?"
)
def the_words(text, vocab_size, specials=()):
    learn("", vocab_size, specials)
    return list(words_of(text, specials))
