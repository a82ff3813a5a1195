"""What people get wrong when they mend token_vectors."""

from autograder.exercises.project.token_vectors import place_of, token_vectors


@token_vectors.mistake(
    "It is as you found it: the new tokens get the places 0, 1, ... whatever came before them.",
    "Which place has the token behind a text of ten tokens that have been read already?",
)
def as_found(ids, words, places, caches=None):
    place_of(ids, caches, places)
    return words[ids] + places[: ids.shape[1]]


@token_vectors.mistake(
    "The new tokens stand one place too far to the right.",
    "Five tokens are in the cache, at the places 0 to 4. Where does the next one stand?",
)
def one_too_far(ids, words, places, caches=None):
    past, end = place_of(ids, caches, places)
    step = 1 if past and end < len(places) else 0
    return words[ids] + places[past + step : end + step]


@token_vectors.mistake(
    "The new tokens stand one place too far to the left: the first shares that of the last read.",
    "Five tokens are in the cache, at the places 0 to 4. Where does the next one stand?",
)
def one_too_near(ids, words, places, caches=None):
    past, end = place_of(ids, caches, places)
    step = 1 if past else 0
    return words[ids] + places[past - step : end - step]


@token_vectors.mistake(
    "It counts the caches, one for each block, in place of the tokens that one of them holds.",
    "What is len(caches), and what is len(caches[0])?",
)
def counts_blocks(ids, words, places, caches=None):
    place_of(ids, caches, places)
    past = len(caches or [])
    return words[ids] + places[past : past + ids.shape[1]]


@token_vectors.mistake(
    "It adds up the tokens of all caches, but every block has read the same ones.",
    "Three blocks have read ten tokens. How long is the text?",
)
def adds_caches(ids, words, places, caches=None):
    place_of(ids, caches, places)
    past = sum(len(cache) for cache in caches or []) % len(places)
    past = min(past, len(places) - ids.shape[1])
    return words[ids] + places[past : past + ids.shape[1]]


@token_vectors.mistake(
    "All new tokens get the place of the first of them.",
    "Three tokens are new. How many places do they need?",
)
def one_place(ids, words, places, caches=None):
    past, _ = place_of(ids, caches, places)
    return words[ids] + (places[past] if caches else places[: ids.shape[1]])


@token_vectors.mistake(
    "All new tokens get the place of the last of them.",
    "Three tokens are new. How many places do they need?",
)
def last_place(ids, words, places, caches=None):
    _, end = place_of(ids, caches, places)
    return words[ids] + (places[end - 1] if caches else places[: ids.shape[1]])


@token_vectors.mistake(
    "With caches, the new tokens get no place at all.",
    "Do the caches hold the place of a token that is only just coming in?",
)
def no_place(ids, words, places, caches=None):
    place_of(ids, caches, places)
    return words[ids] if caches else words[ids] + places[: ids.shape[1]]


@token_vectors.mistake(
    "The places count from the end of the table.",
    "Which places did the tokens have in training: the first of the table, or the last?",
)
def from_the_end(ids, words, places, caches=None):
    place_of(ids, caches, places)
    return words[ids] + (places[-ids.shape[1] :] if caches else places[: ids.shape[1]])


@token_vectors.mistake(
    "A text that is too long for the table is no longer refused: it begins again at place 0.",
    "What did the code that you found do behind the last place? A mend leaves that as it was.",
)
def begins_again(ids, words, places, caches=None):
    past = len(caches[0]) if caches else 0
    at = [i % len(places) for i in range(past, past + ids.shape[1])]
    return words[ids] + places[at]


@token_vectors.mistake(
    "The last place of the table is refused, and it is a place like any other.",
    "With nine places, is a text of nine tokens too long?",
)
def last_refused(ids, words, places, caches=None):
    past, end = place_of(ids, caches, places)
    if end >= len(places):
        raise ValueError("too long")
    return words[ids] + places[past:end]


@token_vectors.mistake(
    "It fails where there are no caches yet.", "What is caches[0] when caches is None, or empty?"
)
def caches_needed(ids, words, places, caches=None):
    past = len(caches[0])
    _, end = place_of(ids, caches, places)
    return words[ids] + places[past:end]


@token_vectors.mistake(
    "Now a whole text gets wrong places too: they begin at the number of its tokens.",
    "Is it the number of tokens that are new, or of those that came before them?",
)
def counts_the_new(ids, words, places, caches=None):
    past, end = place_of(ids, caches, places)
    first = min(past + ids.shape[1], len(places) - ids.shape[1])
    return words[ids] + places[first : first + ids.shape[1]]
