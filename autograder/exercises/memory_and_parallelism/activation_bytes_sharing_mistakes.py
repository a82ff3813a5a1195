"""What people get wrong in activation_bytes: many GPUs, and the ends of the model."""

from autograder.exercises.memory_and_parallelism.activation_bytes import activation_bytes
from autograder.exercises.memory_and_parallelism.activation_bytes_mistakes import Kept, wrong


@wrong(
    "What full recomputation keeps is shared out over the GPUs.",
    "What does the docstring say of the layers' inputs on several ranks?",
)
def full__shared(kept):
    return 2 * kept.sbh / kept.ranks


@wrong(
    "All of a layer is shared out over the GPUs.", "Which of the 34sbh does every rank keep whole?"
)
def outside__shared(kept):
    return 10 * kept.sbh / kept.ranks


@wrong("Several GPUs share nothing.", "Where in your code does `ranks` appear?")
def layer__alone(kept):
    if kept.recompute == "full":
        return 2 * kept.sbh
    return 34 * kept.sbh + (kept.scores() if kept.recompute == "none" else 0)


@wrong(
    "Only the attention's weights are shared out over the GPUs.",
    "Of the 34sbh, how much is whole on every rank? And the rest?",
)
def inside__whole(kept):
    return 24 * kept.sbh


@wrong(
    "The attention's weights are whole on every GPU.", "Who computes which heads, on several GPUs?"
)
def kept_scores__whole(kept):
    return 0 if kept.recompute == "selective" else kept.scores()


@wrong(
    "`sequence_parallel` changes nothing inside the layers.",
    "Where does `sequence_parallel` appear in your code, and what does it share out?",
)
def outside__whole(kept):
    return 10 * kept.sbh


@wrong("The ends of the model are left out.", "What does `vocab` stand for, and who needs it?")
def ends__none(kept):
    return 0


@wrong("The logits are counted as 2 bytes each.", "In which precision is the loss computed?")
def logits__in_half(kept):
    return 2 * kept.s * kept.b * kept.vocab / kept.ranks


@wrong(
    "The logits are counted for one position of each text.",
    "In training, at how many positions is the next token predicted?",
)
def logits__last_position(kept):
    return 4 * kept.b * kept.vocab / kept.ranks


@wrong(
    "The logits are multiplied by d_model.",
    "What is the shape of the logits? Is the width of the model still in it?",
)
def logits__wide(kept):
    return 4 * kept.sbh * kept.vocab / kept.ranks


@wrong(
    "The logits are whole on every GPU.",
    "What does the docstring say of the logits on several ranks?",
)
def logits__whole(kept):
    return 4 * kept.s * kept.b * kept.vocab


@wrong(
    "Of the ends, only the logits are counted.", "What does the docstring list besides the logits?"
)
def at_the_ends__none(kept):
    return 0


@wrong(
    "The 5sbh at the ends are counted without a vocab too.",
    "What should be added when `vocab` is 0?",
)
def ends__always(kept):
    return kept.at_the_ends() + kept.logits()


@wrong(
    "The ends of the model are counted once for every layer.",
    "How many layers make logits?",
)
def total__ends_in_every_layer(kept):
    return kept.layers * (kept.layer() + kept.ends())


@activation_bytes.mistake(
    "Heads, or a vocab, that do not share out over the GPUs are not refused.",
    "What should happen when 3 heads are to be shared by 2 GPUs?",
)
def shares_anything(*args, **kwargs):
    names = ("batch", "seq", "d_model", "heads", "layers", "recompute", "vocab", "ranks")
    given = {**dict(zip((*names, "sequence_parallel"), args, strict=False)), **kwargs}
    given["parallel"] = given.pop("sequence_parallel", False)
    if given.get("recompute", "none") not in ("none", "selective", "full"):
        raise ValueError("unknown")
    given = {
        {"batch": "b", "seq": "s", "d_model": "h", "heads": "a"}.get(k, k): v
        for k, v in given.items()
    }
    return int(Kept(**given).total())
