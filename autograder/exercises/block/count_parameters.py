"""count_parameters: how many numbers a model holds."""

from math import prod

from torch import Generator, nn, randint
from torch.nn.utils import parameters_to_vector

from autograder.described import Described
from autograder.exercise import ByHand, Exercise
from autograder.trial import Trial, ask
from gradus import count

count_parameters = Exercise(count.count_parameters)

LANGUAGE_MODEL = {
    "embedding.weight": (31, 6),
    "blocks.0.attention.out.weight": (6, 6),
    "blocks.0.attention.out.bias": (6,),
    "blocks.1.attention.out.weight": (6, 6),
    "blocks.1.attention.out.bias": (6,),
    "scale": (),
}


@count_parameters.case("a weight of 3 x 5 and a bias of 3, by hand")
def by_hand(rng: Generator) -> ByHand:
    return ByHand(ask(Described({"weight": (3, 5), "bias": (3,)})), 18)


@count_parameters.case("parts within parts", 2)
def nested(rng: Generator) -> list[Trial]:
    deep = {"a.b.c.weight": (2, 3, 4), "a.b.weight": (5, 7), "a.b.c.d.e.bias": (11,)}
    return [ask(Described(LANGUAGE_MODEL)), ask(Described(deep))]


@count_parameters.case(
    "a head that shares its weight with the embedding",
    hint="A tensor that stands in two places is still one tensor.",
)
def tied(rng: Generator) -> Trial:
    return ask(Described(LANGUAGE_MODEL, shared={"head.weight": "embedding.weight"}))


@count_parameters.case("a block that is used twice")
def used_twice(rng: Generator) -> Trial:
    return ask(Described(LANGUAGE_MODEL, shared={"blocks.2": "blocks.0", "last": "blocks.1"}))


@count_parameters.case("parameters that are not trained", 0.5)
def frozen(rng: Generator) -> Trial:
    return ask(Described(LANGUAGE_MODEL, frozen=("embedding.weight",)))


@count_parameters.case("buffers, and nothing at all", 0.5)
def buffers(rng: Generator) -> list[Trial]:
    mask = {"blocks.0.mask": (9, 9), "position": (4,)}
    return [ask(Described(LANGUAGE_MODEL, buffers=mask)), ask(Described({}, {"mask": (9, 9)}))]


@count_parameters.case("a hidden model", hidden=True)
def hidden(rng: Generator) -> Trial:
    a, b, c, d = randint(2, 12, (4,), generator=rng).tolist()
    shapes = {"top": (a,), "one.weight": (b, c), "one.two.weight": (c, d, a), "one.two.three": (b,)}
    return ask(Described(shapes, {"one.mask": (d, d)}, {"head": "one.weight"}, ("one.two.three",)))


@count_parameters.house_rules(0.5)
def typical(rng: Generator) -> Trial:
    return ask(Described(LANGUAGE_MODEL))


def _everywhere(module):
    """All parameters, once for each place where they stand."""
    return [p for _, p in module.named_parameters(remove_duplicate=False)]


@count_parameters.mistake(
    "A shared weight is counted in every place where it stands.",
    "How many tensors are there if two names stand for the same one?",
)
def twice(module):
    return sum(p.numel() for p in _everywhere(module))


@count_parameters.mistake(
    "A shared weight is counted in every place where it stands, and buffers are counted too.",
    "What does state_dict hold besides parameters, and does it notice that two are the same?",
)
def from_state(module):
    return sum(tensor.numel() for tensor in module.state_dict().values())


@count_parameters.mistake(
    "A weight that two modules share is counted twice; a module used twice is counted once.",
    "How many tensors are there if two names stand for the same one?",
)
def module_by_module(module):
    own = [p for part in module.modules() for p in part._parameters.values()]
    return sum(p.numel() for p in own if p is not None)


@count_parameters.mistake(
    "Only parameters that are trained are counted.", "Does a frozen weight take no memory?"
)
def trained_only(module):
    return sum(p.numel() for p in module.parameters() if p.requires_grad)


@count_parameters.mistake("Buffers are counted too.", "Is a mask learned?")
def with_buffers(module):
    return sum(t.numel() for t in (*module.parameters(), *module.buffers()))


@count_parameters.mistake(
    "It counts tensors, not the numbers in them.", "How many numbers does a 3 x 5 weight hold?"
)
def tensors(module):
    return len(list(module.parameters()))


@count_parameters.mistake(
    "Only the outermost module's own parameters are counted, not those of its parts.",
    "What is inside the blocks?",
)
def own_only(module):
    return sum(p.numel() for p in module.parameters(recurse=False))


@count_parameters.mistake(
    "Only the outermost module and its direct parts are counted, nothing deeper.",
    "How deep can modules stand inside each other?",
)
def one_level(module):
    parts = [module, *module.children()]
    return sum(p.numel() for part in parts for p in part.parameters(recurse=False))


@count_parameters.mistake(
    "Parameters are counted again for every module that they are inside of.",
    "module.modules() gives all parts, however deep. What does parameters() of each one give?",
)
def again_at_every_level(module):
    return sum(p.numel() for part in module.modules() for p in part.parameters())


@count_parameters.mistake(
    "The direct parts are counted, but not the parameters of the outermost module itself.",
    "May a module have parameters of its own beside its parts?",
)
def parts_only(module):
    seen = {id(p): p for part in module.children() for p in part.parameters()}
    return sum(p.numel() for p in seen.values())


@count_parameters.mistake(
    "The sizes of a tensor's axes are added, not multiplied.",
    "How many numbers does a 3 x 5 weight hold?",
)
def sizes_added(module):
    return sum(sum(p.shape) for p in module.parameters())


@count_parameters.mistake(
    "Only the first axis of every tensor is counted.", "What does len() of a 3 x 5 tensor give?"
)
def rows(module):
    return sum(len(p) if p.dim() else 1 for p in module.parameters())


@count_parameters.mistake(
    "A parameter that is a single number (shape ()) is not counted.",
    "What is the product of no sizes at all?",
)
def no_scalars(module):
    return sum(prod(p.shape) for p in module.parameters() if p.shape)


@count_parameters.mistake(
    "Biases and other vectors are left out: only matrices are counted.",
    "Are a layer's biases learned?",
)
def matrices_only(module):
    return sum(p.numel() for p in module.parameters() if p.dim() > 1)


@count_parameters.mistake(
    "Only parameters called weight are counted.", "Under which other names may parameters stand?"
)
def weights_only(module):
    return sum(p.numel() for name, p in module.named_parameters() if name.endswith("weight"))


@count_parameters.mistake(
    "Parameters of the same shape are counted once, although they are different tensors.",
    "When are two tensors the same one: when they look alike?",
)
def by_shape(module):
    return sum({p.shape: p.numel() for p in module.parameters()}.values())


@count_parameters.mistake(
    "Parameters with the same last name are counted once: each `weight` overwrites the one before.",
    "What keeps two parameters apart in your dictionary or set?",
)
def by_last_name(module):
    sizes = {name.split(".")[-1]: p.numel() for name, p in module.named_parameters()}
    return sum(sizes.values())


@count_parameters.mistake("It is in bytes.", "How many bytes does one number take, and who asked?")
def in_bytes(module):
    return sum(p.numel() * p.element_size() for p in module.parameters())


@count_parameters.mistake("It is in millions.", "Which unit does the task name?")
def in_millions(module):
    return sum(p.numel() for p in module.parameters()) / 1e6


@count_parameters.variant
def with_a_dictionary(module):
    return sum({id(p): p.nelement() for p in _everywhere(module)}.values())


@count_parameters.variant
def as_one_vector(module):
    parameters = list(module.parameters())
    return len(parameters_to_vector(parameters)) if parameters else 0


@count_parameters.variant
def by_walking(module):
    found: set[nn.Parameter] = set()

    def walk(part):
        found.update(p for p in part._parameters.values() if p is not None)
        for child in part.children():
            walk(child)

    walk(module)
    total = 0
    for parameter in found:
        total += prod(parameter.size())
    return total
