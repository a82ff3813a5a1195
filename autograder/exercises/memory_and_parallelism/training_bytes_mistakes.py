"""What people get wrong in training_bytes."""

from autograder.exercises.memory_and_parallelism.refusing import mistakes_of
from autograder.exercises.memory_and_parallelism.training_bytes import training_bytes
from gradus.memory.training import training_bytes as right

mistake = mistakes_of(training_bytes)
KEPT = {"fp32": (4, 4, 0, 4), "mixed": (2, 2, 4, 4), "autocast": (4, 4, 2, 4), "bf16": (2, 2, 0, 2)}
STATES = {"adam": 2, "momentum": 1, "sgd": 0}


def wrong(name, look):
    """Add a mistake: the decorated function gives the bytes of one call from its parts.

    It gets the parameters, the trained ones, the sizes of weight, gradient, copy and state, and the
    number of states.
    """

    def add(total):
        def answer(params, recipe="mixed", optimizer="adam", trained=None):
            moved = params if trained is None else trained
            return total(params, moved, *KEPT[recipe], STATES[optimizer])

        answer.__name__ = total.__name__
        mistake(name, look)(answer)
        return total

    return add


@wrong("The gradients are forgotten.", "What does the backward pass make for each parameter?")
def no_gradients(params, moved, weight, gradient, copy, state, states):
    return params * weight + moved * (copy + states * state)


@wrong(
    "The copy of the weights in the other precision is forgotten.",
    "In which precision are small steps added to the weights, and where are those weights kept?",
)
def no_copy(params, moved, weight, gradient, copy, state, states):
    return params * weight + moved * (gradient + states * state)


@wrong(
    "One state is counted where Adam keeps two.",
    "Adam keeps a mean of the gradient. What else does it keep?",
)
def one_state(params, moved, weight, gradient, copy, state, states):
    return params * weight + moved * (gradient + copy + min(states, 1) * state)


@wrong("The optimizer's states are forgotten.", "What does Adam remember from step to step?")
def no_states(params, moved, weight, gradient, copy, state, states):
    return params * weight + moved * (gradient + copy)


@wrong(
    "Every optimizer is counted like Adam, with two states.",
    "Where in your code does `optimizer` appear?",
)
def all_are_adam(params, moved, weight, gradient, copy, state, states):
    return params * weight + moved * (gradient + copy + 2 * state)


@wrong(
    "Momentum is counted with two states, like Adam.",
    "What does SGD with momentum remember of each parameter?",
)
def momentum_is_adam(params, moved, weight, gradient, copy, state, states):
    return params * weight + moved * (gradient + copy + 2 * min(states, 1) * state)


@wrong(
    "Plain SGD is counted with one state, like momentum.",
    "Which number of the last step does plain SGD need?",
)
def sgd_has_momentum(params, moved, weight, gradient, copy, state, states):
    return params * weight + moved * (gradient + copy + max(states, 1) * state)


@wrong(
    "The states are counted in the precision of the weights.",
    "Does Adam keep its states in the precision that the weights are multiplied in?",
)
def narrow_states(params, moved, weight, gradient, copy, state, states):
    return params * weight + moved * (gradient + copy + states * weight)


@wrong(
    "The gradients are counted as 4 bytes whatever the recipe.",
    "In which precision does each recipe keep its gradients?",
)
def wide_gradients(params, moved, weight, gradient, copy, state, states):
    return params * weight + moved * (4 + copy + states * state)


@wrong(
    "The weights are left out: only what comes on top of them is counted.",
    "Is the model itself in memory while it is trained?",
)
def only_extra(params, moved, weight, gradient, copy, state, states):
    return moved * (gradient + copy + states * state)


@wrong(
    "The weights are counted twice: a copy in fp32 is added where the recipe has none.",
    "Which recipes need a second copy of the weights, and why?",
)
def always_a_copy(params, moved, weight, gradient, copy, state, states):
    return params * weight + moved * (gradient + (copy or 4) + states * state)


@wrong(
    "The optimizer keeps states for frozen parameters too.",
    "What would Adam do with the states of a weight that never moves?",
)
def states_for_all(params, moved, weight, gradient, copy, state, states):
    return params * (weight + states * state) + moved * (gradient + copy)


@wrong(
    "Frozen parameters get gradients too.", "Who needs the gradient of a weight that never moves?"
)
def gradients_for_all(params, moved, weight, gradient, copy, state, states):
    return params * (weight + gradient) + moved * (copy + states * state)


@wrong(
    "Frozen parameters have a copy in another precision too.",
    "What is the copy for, and do frozen weights need that?",
)
def copies_for_all(params, moved, weight, gradient, copy, state, states):
    return params * (weight + copy) + moved * (gradient + states * state)


@wrong("It counts as if all parameters were trained.", "Where in your code does `trained` appear?")
def all_are_trained(params, moved, weight, gradient, copy, state, states):
    return params * (weight + gradient + copy + states * state)


@wrong(
    "The frozen weights are not counted at all.",
    "Can a text be run through a model whose frozen weights are not in memory?",
)
def frozen_are_gone(params, moved, weight, gradient, copy, state, states):
    return moved * (weight + gradient + copy + states * state)


@wrong(
    "Activations are counted in, by the parameter.",
    "With twice the batch, what does your function say of the activations?",
)
def with_activations(params, moved, weight, gradient, copy, state, states):
    return params * (weight + 8) + moved * (gradient + copy + states * state)


@wrong(
    "The bytes of all parts are multiplied where they should be added.",
    "Ten parameters: how many bytes of weights, of gradients, of states? And together?",
)
def multiplied(params, moved, weight, gradient, copy, state, states):
    return params * weight * (gradient + copy + states * state)


@wrong("It is in gigabytes, not in bytes.", "Which unit does the function's name say?")
def gigabytes(params, moved, weight, gradient, copy, state, states):
    return (params * weight + moved * (gradient + copy + states * state)) / 1e9


@wrong("It is in GiB, not in bytes.", "Which unit does the function's name say?")
def gibibytes(params, moved, weight, gradient, copy, state, states):
    return (params * weight + moved * (gradient + copy + states * state)) / 2**30


@wrong("It counts bits, not bytes.", "Which unit does the function's name say?")
def bits(params, moved, weight, gradient, copy, state, states):
    return 8 * (params * weight + moved * (gradient + copy + states * state))


@mistake(
    "`trained` is taken for the number of frozen parameters.",
    "With `trained=30` of 1,000: how many have a gradient?",
)
def trained_are_frozen(params, recipe="mixed", optimizer="adam", trained=None):
    return right(params, recipe, optimizer, params if trained is None else params - trained)


@mistake(
    "The recipe is ignored: everything is counted in fp32.",
    "Where in your code does `recipe` appear?",
)
def always_fp32(params, recipe="mixed", optimizer="adam", trained=None):
    return right(params, "fp32", optimizer, trained)


@mistake(
    "The recipe bf16 is counted like mixed precision.",
    "Which of the two keeps a copy in fp32, and states in fp32?",
)
def bf16_is_mixed(params, recipe="mixed", optimizer="adam", trained=None):
    return right(params, "mixed" if recipe == "bf16" else recipe, optimizer, trained)


@mistake(
    "Where no parameter is trained, all are taken to be.",
    "What is `trained or params` when `trained` is 0?",
)
def none_is_all(params, recipe="mixed", optimizer="adam", trained=None):
    return right(params, recipe, optimizer, trained or params)


@training_bytes.mistake(
    "More parameters may be trained than there are.",
    "What should happen when 11 of 10 parameters are to be trained?",
)
def more_than_all(params, recipe="mixed", optimizer="adam", trained=None):
    more = 0 if trained is None else max(0, trained - params)
    return right(params + more, recipe, optimizer, trained)


@training_bytes.mistake(
    "An unknown recipe or optimizer is taken for the usual one.",
    "What should happen when somebody misspells a recipe?",
)
def unknown_is_usual(params, recipe="mixed", optimizer="adam", trained=None):
    recipe = recipe if recipe in KEPT else "mixed"
    return right(params, recipe, optimizer if optimizer in STATES else "adam", trained)
