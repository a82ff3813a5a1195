"""What people get wrong in activation_bytes: layers, and what is computed again."""

from autograder.exercises.memory_and_parallelism.activation_bytes import activation_bytes
from autograder.exercises.memory_and_parallelism.refusing import mistakes_of
from gradus.memory.activations import activation_bytes as right

mistake = mistakes_of(activation_bytes)


class Kept:
    """What one call keeps, part by part: each part can be got wrong."""

    def __init__(self, b, s, h, a, layers, recompute="none", vocab=0, ranks=1, parallel=False):
        self.b, self.s, self.h, self.a = b, s, h, a
        self.layers, self.recompute, self.vocab = layers, recompute, vocab
        self.ranks, self.parallel = ranks, parallel
        self.sbh = s * b * h

    def scores(self):
        return 5 * self.a * self.s**2 * self.b

    def outside(self):
        return 10 * self.sbh / (self.ranks if self.parallel else 1)

    def inside(self):
        return 24 * self.sbh / self.ranks

    def full(self):
        return 2 * self.sbh

    def kept_scores(self):
        return 0 if self.recompute == "selective" else self.scores() / self.ranks

    def layer(self):
        if self.recompute == "full":
            return self.full()
        return self.outside() + self.inside() + self.kept_scores()

    def at_the_ends(self):
        return 5 * self.sbh / (self.ranks if self.parallel else 1)

    def logits(self):
        return 4 * self.s * self.b * self.vocab / self.ranks

    def ends(self):
        return self.at_the_ends() + self.logits() if self.vocab else 0

    def total(self):
        return self.layers * self.layer() + self.ends()


def wrong(name, look):
    """Add a mistake: the decorated function gets one call's parts, and takes the method's place
    that it is named after (up to an underscore at the end and what follows it)."""

    def add(part):
        method = part.__name__.partition("__")[0]
        mistaken = type(part.__name__, (Kept,), {method: part})

        def answer(*args, **kwargs):
            names = {"sequence_parallel": "parallel"}
            kwargs = {names.get(key, key): value for key, value in kwargs.items()}
            return mistaken(*args, **kwargs).total()

        answer.__name__ = part.__name__
        mistake(name, look)(answer)
        return part

    return add


@wrong(
    "The attention's weights are counted by the position, not by the pair of positions.",
    "How many weights does one head have in a text of s positions?",
)
def scores__linear(kept):
    return 5 * kept.a * kept.s * kept.b


@wrong(
    "The attention's weights are counted for one head only.",
    "How many tables of weights does a layer make?",
)
def scores__one_head(kept):
    return 5 * kept.s**2 * kept.b


@wrong(
    "The attention's weights are counted with the width of the model, not with its heads.",
    "A table of weights has rows and columns of positions. Where does a width come in?",
)
def scores__width(kept):
    return 5 * kept.h * kept.s**2 * kept.b


@wrong(
    "The attention's weights are counted with the width of a head, not with the number of heads.",
    "A head makes one table of weights. Does its width change how many numbers stand in it?",
)
def scores__head_width(kept):
    return 5 * kept.h // kept.a * kept.s**2 * kept.b


@wrong(
    "The attention's weights are counted for one text only.",
    "How many tables of weights does a batch make?",
)
def scores__one_text(kept):
    return 5 * kept.a * kept.s**2


@wrong(
    "The attention's weights are counted once, as numbers of 2 bytes.",
    "The 5 bytes are weights, dropped weights and a mask. Which of them do you count?",
)
def scores__once(kept):
    return 2 * kept.a * kept.s**2 * kept.b


@wrong(
    "The attention's weights are left out: all grows in a straight line with the text.",
    "What happens to the table of weights when a text gets twice as long?",
)
def scores__none(kept):
    return 0


@wrong("Only one layer is counted.", "Which layers need their activations in the backward pass?")
def total__one_layer(kept):
    return kept.layer() + kept.ends()


@wrong(
    "Full recomputation still keeps the attention's weights.",
    "What is left in memory when only the input of each layer is kept?",
)
def full__with_scores(kept):
    return 2 * kept.sbh + kept.scores() / kept.ranks


@wrong(
    "Full recomputation keeps nothing.", "From what is a layer computed again, if nothing is kept?"
)
def full__nothing(kept):
    return 0


@wrong(
    "Full recomputation counts numbers, not bytes.", "How many bytes is one number of the input?"
)
def full__in_numbers(kept):
    return kept.sbh


@wrong(
    "Selective recomputation forgets the whole attention, not only its weights.",
    "Which term of the sum grows with the square of the length? Only that one is forgotten.",
)
def layer__no_attention(kept):
    if kept.recompute == "selective":
        return kept.outside() + kept.inside() - 11 * kept.sbh / kept.ranks
    return Kept.layer(kept)


@wrong(
    "Selective recomputation keeps as much as none.", "What is it that is not kept, and how large?"
)
def kept_scores__always(kept):
    return kept.scores() / kept.ranks


@wrong(
    "Recomputation is ignored: everything is kept.", "Where in your code does `recompute` appear?"
)
def layer__everything(kept):
    return kept.outside() + kept.inside() + kept.scores() / kept.ranks


@wrong(
    "Everything is counted in fp32, at twice the size.",
    "The 34 and the 5 are bytes already. Of numbers of which size?",
)
def total__in_fp32(kept):
    return 2 * (kept.layers * kept.layer() + kept.ends())


@wrong("It is in gigabytes, not in bytes.", "Which unit does the function's name say?")
def total__gigabytes(kept):
    return Kept.total(kept) / 1e9


@wrong("It is in GiB, not in bytes.", "Which unit does the function's name say?")
def total__gibibytes(kept):
    return Kept.total(kept) / 2**30


@activation_bytes.mistake(
    "An unknown kind of recomputation is taken for none.",
    "What should happen when somebody misspells the kind?",
)
def unknown_is_none(*args, **kwargs):
    if len(args) > 5 and args[5] not in ("none", "selective", "full"):
        args = (*args[:5], "none", *args[6:])
    return right(*args, **kwargs)
