"""Whatever an answer does, trying it returns what was seen."""

import sys

import pytest
import torch
from torch import nn
from torch.nn import functional as F

from autograder.answering import observe
from autograder.stand_ins import Scripted, Seeded
from autograder.trial import Trial, ask, build

X = torch.tensor([[1.0, 2.0, 3.0], [4.0, 5.0, 6.0]])


def test_outputs_come_back_detached_with_their_gradients():
    weight = torch.tensor([2.0, 3.0, 4.0])

    seen = observe(lambda x, w: x * w, ask(X, weight).with_gradients())

    cotangent = torch.cos(torch.arange(6) * 0.7).view(2, 3)
    assert torch.equal(seen.outputs[0], X * weight)
    assert not seen.outputs[0].requires_grad
    torch.testing.assert_close(seen.gradients["0/0"], cotangent * weight)
    torch.testing.assert_close(seen.gradients["0/1"], (cotangent * X).sum(0))


def test_a_cut_gradient_shows_as_none():
    assert observe(lambda x: x.detach() * 2, ask(X).with_gradients()).gradients is None


def test_an_input_without_a_gradient_is_listed_as_none():
    seen = observe(lambda x, w: x * w.detach(), ask(X, X).with_gradients())

    assert seen.gradients["0/1"] is None
    assert seen.gradients["0/0"] is not None


def test_inputs_changed_in_place_are_named_and_the_trial_keeps_its_own():
    trial = ask(X, other=X + 1)

    def careless(x, other):
        other.mul_(2)
        return x

    assert observe(careless, trial).mutated == ["0/other"]
    assert torch.equal(trial.calls[0].kwargs["other"], X + 1)
    assert observe(lambda x, other: x, trial).mutated == []


def test_strided_inputs_have_the_same_values_and_no_contiguous_memory():
    def answer(x):
        return torch.tensor([x.is_contiguous()]), x

    flags, values = observe(answer, Trial(strided=True).call(X)).outputs[0]

    assert not flags.item()
    assert torch.equal(values, X)


def test_outputs_are_kept_as_they_were_at_the_time():
    class Counter:
        def __init__(self):
            self.state = torch.zeros(2)

        def add(self):
            self.state += 1
            return self.state

    seen = observe(Counter, build().then("add").then("add"))

    assert [output.tolist() for output in seen.outputs] == [[1, 1], [2, 2]]


def test_attributes_and_len_can_be_asked_for():
    class Pile:
        size = 3

        def __len__(self):
            return 5

    assert observe(Pile, build().then("size").then("len")).outputs == [3, 5]


def test_a_module_gets_its_weights_and_runs_in_eval_mode():
    class Layer(nn.Module):
        def __init__(self, width):
            super().__init__()
            self.linear = nn.Linear(width, 1, bias=False)
            self.dropout = nn.Dropout(0.9)

        def forward(self, x):
            return self.dropout(self.linear(x))

    state = {"linear.weight": torch.tensor([[1.0, 10.0, 100.0]])}
    seen = observe(Layer, build(3).load(state).call(X).with_gradients())

    assert seen.outputs[0].flatten().tolist() == [321, 654]
    assert set(seen.gradients) == {"0/0", "weight/linear.weight"}

    wide = {name: value.double() for name, value in state.items()}
    assert observe(Layer, build(3).load(wide).call(X.double())).outputs[0].dtype == torch.float64


def test_other_weights_than_the_task_names_are_described():
    class Other(nn.Module):
        def __init__(self):
            super().__init__()
            self.projection = nn.Linear(3, 1)

    seen = observe(Other, build().load({"linear.weight": X[:1]}).call(X))

    assert seen.raised.kind == "WrongWeights"
    assert "linear.weight [1, 3]" in seen.raised.message
    assert "projection.bias [1]" in seen.raised.message


def test_an_exception_is_kept_with_the_line_it_arose_on():
    def crash(x):
        return x @ x

    raised = observe(crash, ask(X)).raised

    assert raised.kind == "RuntimeError"
    assert "Exception" in raised.bases
    assert raised.where.endswith("return x @ x")


@pytest.mark.parametrize("end", [SystemExit, GeneratorExit, BaseException, RecursionError])
def test_nothing_ends_the_check(end):
    def leave(x):
        raise end("bye")

    assert observe(leave, ask(X)).raised.kind == end.__name__


def test_a_learners_own_interrupt_passes_through():
    def interrupted(x):
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        observe(interrupted, ask(X))


def test_an_endless_answer_is_stopped():
    def endless(x):
        while True:
            pass

    raised = observe(endless, ask(X), seconds=0.05).raised

    assert raised.kind == "TimeUp"
    assert "0.05 seconds" in raised.message


def test_prints_on_both_streams_are_kept_short():
    def chatty(x):
        print("hello")
        print("y" * 10_000_000, file=sys.stderr)
        return x

    printed = observe(chatty, ask(X)).printed

    assert printed.startswith("hello\nyyy")
    assert len(printed) < 1000


def test_the_global_generator_is_watched_and_put_back():
    before = torch.get_rng_state()

    assert observe(lambda x: x + torch.rand(1), ask(X)).drew

    def reseed(x):
        torch.manual_seed(0)
        return x

    seen = observe(reseed, ask(X))

    assert seen.reseeded
    assert not seen.drew
    assert not observe(lambda x: x, ask(X)).drew
    assert torch.equal(torch.get_rng_state(), before)


def test_repeats_continue_one_generator_and_are_collected():
    trial = ask(torch.full((4,), 0.25), Seeded(3)).times(50)

    drawn = observe(lambda p, g: torch.multinomial(p, 1, generator=g), trial).outputs

    assert drawn[0].shape == (50, 1)
    assert len(set(drawn[0].flatten().tolist())) == 4


def test_an_answer_can_take_a_model():
    table = torch.eye(4).roll(1, 1)
    seen = observe(
        lambda model, ids: model(ids).argmax(-1), ask(Scripted(table), torch.tensor([[0, 3]]))
    )

    assert seen.outputs[0].tolist() == [[1, 0]]


def test_generators_are_drained():
    assert observe(lambda n: (i * i for i in range(n)), ask(4)).outputs == [[0, 1, 4, 9]]


def test_what_the_wire_cannot_carry_is_the_answers_fault():
    seen = observe(lambda x: object(), ask(X))
    assert (seen.raised.kind, seen.outputs) == ("WireError", [])


def test_forbidden_built_ins_are_seen_wherever_they_run():
    watched = ("torch.nn.functional.softmax", "torch.nn.Linear", "torch.Tensor.softmax")

    def hidden_in_a_helper(x):
        return (lambda y: F.softmax(y, -1))(x)

    assert observe(hidden_in_a_helper, ask(X), watched).builtins == [watched[0]]
    assert observe(lambda x: x.softmax(-1), ask(X), watched).builtins == [watched[2]]
    assert observe(lambda x: nn.Linear(3, 1)(x).detach(), ask(X), watched).builtins == [watched[1]]
    assert observe(lambda x: x.exp(), ask(X), watched).builtins == []


ON_META = [
    ("works anywhere", lambda x: x + torch.ones_like(x), None),
    ("adds a tensor of the CPU", lambda x: x + torch.ones(2, 3), "DeviceMismatch"),
    ("reads a value", lambda x: x * x.sum().item(), "ReadsValues"),
    ("decides by a value", lambda x: x if (x > 0).all() else -x, "ReadsValues"),
    ("reads a list", lambda x: torch.tensor(x.tolist()), "ReadsValues"),
]


@pytest.mark.parametrize(("name", "answer", "kind"), ON_META, ids=[name for name, *_ in ON_META])
def test_the_meta_device_tells_tensors_left_on_the_cpu_from_values_read(name, answer, kind):
    raised = observe(answer, Trial(device="meta").call(X)).raised

    assert (raised and raised.kind) == kind


def test_filling_a_tensor_of_the_cpu_is_a_device_mismatch_too():
    def fill(x):
        out = torch.zeros(2, 3)
        out[0] = x[0]
        return out

    assert observe(fill, Trial(device="meta").call(X)).raised.kind == "DeviceMismatch"
    on_cpu = observe(lambda x: torch.zeros(2), Trial(device="meta").call(X)).outputs[0]
    assert on_cpu["device"] == "cpu"
