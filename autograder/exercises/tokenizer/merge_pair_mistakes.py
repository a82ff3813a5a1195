"""What goes wrong in merge_pair."""

from autograder.exercises.tokenizer.merge_pair import merge_pair
from gradus.bpe import merge_pair as right


def _found(ids, i, pair):
    return tuple(ids[i : i + 2]) == pair


@merge_pair.mistake(
    "It goes from right to left, so a run of three is merged at its end.",
    "In [7, 7, 7], which two 7s do you meet first, coming from the left?",
)
def from_the_right(ids, pair, new):
    merged = right(ids[::-1], pair[::-1], new)
    return merged[::-1]


@merge_pair.mistake(
    "Only the first occurrence is replaced.", "What happens after the first merge in your loop?"
)
def first_only(ids, pair, new):
    for i in range(len(ids) - 1):
        if _found(ids, i, pair):
            return [*ids[:i], new, *ids[i + 2 :]]
    return list(ids)


@merge_pair.mistake(
    "The id after a merge is lost.",
    "By how many places do you move on after a merge, and is something skipped?",
)
def skips_one(ids, pair, new):
    merged, i = [], 0
    while i < len(ids):
        merged.append(new if _found(ids, i, pair) else ids[i])
        i += 3 if _found(ids, i, pair) else 1
    return merged


@merge_pair.mistake(
    "The second id of a merged pair stays in the list.",
    "By how many places do you move on after a merge?",
)
def second_stays(ids, pair, new):
    return [new if _found(ids, i, pair) else token for i, token in enumerate(ids)]


@merge_pair.mistake(
    "The last id is lost when it is not part of a pair.",
    "Where does your loop end, and who copies the id at the last place?",
)
def last_lost(ids, pair, new):
    merged, i = [], 0
    while i < len(ids) - 1:
        merged.append(new if _found(ids, i, pair) else ids[i])
        i += 2 if _found(ids, i, pair) else 1
    return merged


@merge_pair.mistake(
    "A pair at the very end is not seen.",
    "What is the last place at which a pair can begin?",
)
def end_not_seen(ids, pair, new):
    merged, i = [], 0
    while i < len(ids):
        found = i < len(ids) - 2 and _found(ids, i, pair)
        merged.append(new if found else ids[i])
        i += 2 if found else 1
    return merged


@merge_pair.mistake(
    "It looks past the end of the list.", "When i is the last place, what is ids[i + 1]?"
)
def past_the_end(ids, pair, new):
    merged, i = [], 0
    while i < len(ids):
        found = ids[i] == pair[0] and ids[i + 1] == pair[1]
        merged.append(new if found else ids[i])
        i += 2 if found else 1
    return merged


@merge_pair.mistake(
    "The list gets shorter while a loop over its old length goes on.",
    "How many ids are left after a merge, and where does range(len(ids)) end?",
)
def shrinks_under_the_loop(ids, pair, new):
    ids = list(ids)
    for i in range(len(ids)):
        if ids[i] == pair[0] and ids[i + 1] == pair[1]:
            ids[i : i + 2] = [new]
    return ids


@merge_pair.mistake(
    "Nothing is ever merged: a list is compared with a tuple, and the two are never equal.",
    "Of what type is ids[i : i + 2], and of what type is pair?",
)
def list_with_tuple(ids, pair, new):
    merged, i = [], 0
    while i < len(ids):
        found = ids[i : i + 2] == pair
        merged.append(new if found else ids[i])
        i += 2 if found else 1
    return merged


@merge_pair.mistake(
    "It merges what it has just made, over and over.",
    "Should the new id be looked at again in the same call?",
)
def over_and_over(ids, pair, new):
    ids, i = list(ids), 0
    while i < len(ids) - 1:
        if _found(ids, i, pair):
            ids[i : i + 2] = [new]
            i = max(i - 1, 0)
        else:
            i += 1
    return ids


@merge_pair.mistake(
    "The two ids are merged even with others in between.",
    "Do the two stand side by side in [1, 3, 2]?",
)
def not_neighbours(ids, pair, new):
    merged: list[int] = []
    waiting = None
    for token in ids:
        if waiting is not None and token == pair[1]:
            merged[waiting], waiting = new, None
            continue
        if token == pair[0] and waiting is None:
            waiting = len(merged)
        merged.append(token)
    return merged


@merge_pair.mistake("The pair is merged in either order.", "Is (2, 1) the pair (1, 2)?")
def either_order(ids, pair, new):
    merged, i = [], 0
    while i < len(ids):
        found = _found(ids, i, pair) or _found(ids, i, pair[::-1])
        merged.append(new if found else ids[i])
        i += 2 if found else 1
    return merged


@merge_pair.mistake(
    "The ids are joined to a text and replaced there, so 1, 2 is found inside 11, 2.",
    "Where does one id end and the next begin in your text?",
)
def as_text(ids, pair, new):
    text = ",".join(map(str, ids)).replace(",".join(map(str, pair)), str(new))
    return [int(token) for token in text.split(",") if token]


@merge_pair.mistake(
    "The caller's list is changed.",
    "Is what you change a new list, or the one that was handed to you?",
)
def in_place(ids, pair, new):
    i = 0
    while i < len(ids) - 1:
        if _found(ids, i, pair):
            ids[i : i + 2] = [new]
        i += 1
    return ids


@merge_pair.mistake(
    "Every single id of the pair is replaced, alone or not.",
    "What should become of a 1 that is not followed by a 2?",
)
def each_alone(ids, pair, new):
    merged = []
    for i, token in enumerate(ids):
        if token not in pair:
            merged.append(token)
        elif not (i and _found(ids, i - 1, pair)):
            merged.append(new)
    return merged
