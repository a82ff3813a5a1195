"""Answering: make one trial of an answer and write down everything that can be seen."""

import contextlib
import inspect
import warnings
from collections.abc import Callable, Iterator
from functools import partial
from itertools import islice
from typing import Any

import torch
from torch import Tensor, nn

from autograder import stand_ins, wire
from autograder.builtins_watch import Watch, watching
from autograder.limit import Bounded, TimeUp, time_limit
from autograder.observation import Observation, Raised
from autograder.on_ranks import called
from autograder.raising import raised_by
from autograder.trial import Call, Trial
from autograder.uncompiled import ready_for, spare_the_compiler

SEED = 0x5EED_0F_6AD  # the global generator starts here in every trial
GIVEN = "given"  # begins the name of what an object was made with
MOST_ITEMS = 100_000  # taken from an answer that yields

# The first operation on the meta device imports much of torch: let that be part of importing us.
spare_the_compiler()
torch.ones(1, device="meta").add(1).softmax(-1)


def observe(
    answer: Any, trial: Trial, forbidden: tuple[str, ...] = (), seconds: float = 5.0
) -> Observation:
    """Make the trial of the answer; whatever the answer does, this returns what was seen.

    Only the learner's own interrupt (KeyboardInterrupt) passes through. The global random generator
    is put back as it was.
    """
    run = _Run(trial)
    ready_for(answer)
    printed = Bounded()
    raised = None
    with contextlib.ExitStack() as stack:
        # Not torch.manual_seed: it looks for all kinds of accelerators, ten times as slow.
        before = torch.default_generator.get_state()
        stack.callback(torch.default_generator.set_state, before)
        before = torch.default_generator.manual_seed(SEED).get_state()
        stack.enter_context(warnings.catch_warnings())
        warnings.simplefilter("ignore")
        # Watching takes as long as the answer itself: only where something is to be seen.
        look = forbidden or trial.device == "meta"
        watch = stack.enter_context(watching(forbidden)) if look else Watch(())
        try:
            with (
                contextlib.redirect_stdout(printed),
                contextlib.redirect_stderr(printed),
                time_limit(seconds),
            ):
                run.make_calls(answer)
        except KeyboardInterrupt:
            raise
        except TimeUp:
            raised = Raised("TimeUp", [], f"it had not returned after {seconds:g} seconds")
        except BaseException as error:  # SystemExit too: nothing may end the check
            raised = raised_by(error, watch, trial.device, answer)
        reseeded = torch.initial_seed() != SEED
        drew = not torch.equal(torch.get_rng_state(), before)
    return Observation(
        outputs=run.outputs if raised is None else wire.carried(run.outputs),
        raised=raised,
        gradients=run.gradients if raised is None else None,
        mutated=run.mutated() if raised is None else [],
        reseeded=reseeded,
        drew=drew and not reseeded,
        builtins=watch.seen,
        printed=printed.text(),
    )


class _Run:
    """The calls of one trial, with the inputs as they are handed over."""

    def __init__(self, trial: Trial) -> None:
        self.trial = trial
        self.inputs: dict[str, Tensor] = {}
        self.leaves: dict[str, Tensor] = {}
        self.copies: dict[str, Tensor] = {}
        self.looks: dict[str, list[Callable[[], Any]]] = {}  # at what a call left behind
        self.calls = [self._prepare(call, str(i)) for i, call in enumerate(trial.calls)]
        self.outputs: list[Any] = []
        self.gradients: dict[str, Tensor | None] | None = None

    def _prepare(self, call: Call, name: str) -> Call:
        args = tuple(self._hand_over(arg, f"{name}/{i}") for i, arg in enumerate(call.args))
        kwargs = {key: self._hand_over(arg, f"{name}/{key}") for key, arg in call.kwargs.items()}
        return Call(args, kwargs, call.method)

    def _hand_over(self, value: Any, name: str) -> Any:
        if isinstance(value, list | tuple):
            return type(value)(self._hand_over(v, f"{name}/{i}") for i, v in enumerate(value))
        if isinstance(value, dict):
            return {key: self._hand_over(v, f"{name}/{key}") for key, v in value.items()}
        if type(value) in stand_ins.STAND_INS.values():
            made = value.make()
            if hasattr(value, "left"):
                looks = self.looks.setdefault(name.partition("/")[0], [])
                looks.append(partial(value.left, made))
            if not isinstance(made, nn.Module):
                return made
            if self.trial.gradients and name.startswith(GIVEN):
                # A part that was given is to learn itself, not a copy of it.
                self.leaves |= {f"{name}/{n}": p for n, p in made.named_parameters()}
            return made.to(self.trial.device)
        if not isinstance(value, Tensor):
            return value
        tensor = value.clone().to(self.trial.device)
        if self.trial.strided and tensor.dim() > 1:
            tensor = tensor.mT.contiguous().mT
        if self.trial.gradients and tensor.is_floating_point():
            self.leaves[name] = tensor.requires_grad_()
            # What the answer gets is no leaf, so that an in-place change is seen, not refused.
            tensor = tensor.clone(memory_format=torch.preserve_format)
        self.inputs[name] = tensor
        if self.trial.device != "meta":
            self.copies[name] = tensor.detach().clone()
        return tensor

    def make_calls(self, answer: Any) -> None:
        results = []
        for _ in range(self.trial.repeat):
            target = self._construct(answer)
            for i, call in enumerate(self.calls):
                function = target if call.method is None else _method(target, call.method)
                result = called(function, call.args, call.kwargs)
                if inspect.isgenerator(result):
                    result = list(islice(result, MOST_ITEMS))
                results.append(None if result is target else result)
                self.outputs.append(_snapshot(results[-1], self.trial.device))
                if str(i) in self.looks:
                    left = [_snapshot(look(), self.trial.device) for look in self.looks[str(i)]]
                    self.outputs[-1] = (self.outputs[-1], *left)
            if self.trial.gradients and isinstance(target, nn.Module):
                self.leaves |= {f"weight/{n}": p for n, p in target.named_parameters()}
        if self.trial.repeat > 1 and all(isinstance(r, int | float) for r in self.outputs):
            self.outputs = [torch.tensor(self.outputs)]
        elif self.trial.repeat > 1 and all(isinstance(r, Tensor) for r in self.outputs):
            self.outputs = [torch.stack(self.outputs)]
        with torch._C.DisableTorchFunction():  # from here on it is our own code that runs
            wire.check_value(self.outputs)  # refused here, where the answer is at fault
            if self.trial.gradients:
                self.gradients = _gradients(results, self.leaves)

    def _construct(self, answer: Any) -> Any:
        if self.trial.construct is None:
            return answer
        made = self._prepare(self.trial.construct, GIVEN)
        target = answer(*made.args, **made.kwargs)
        if isinstance(target, nn.Module):
            with torch._C.DisableTorchFunction():  # nothing of the answer's own is watched here
                target.eval()
                if self.trial.state is not None:
                    _load(target, self.trial.state)
                if self.trial.device != "cpu":
                    target.to(self.trial.device)
        return target

    def mutated(self) -> list[str]:
        return [name for name, copy in self.copies.items() if _changed(self.inputs[name], copy)]


def _method(target: Any, name: str) -> Any:
    """A method by its name; `len` and attributes that are no methods work alike."""
    if name == "len":
        return target.__len__
    found = getattr(target, name)
    return found if callable(found) else lambda: found


class WrongWeights(Exception):
    """A module's parameters are not the ones that the exercise describes."""


def _load(target: nn.Module, state: dict[str, Tensor]) -> None:
    own = {name: tuple(p.shape) for name, p in target.state_dict().items()}
    wanted = {name: tuple(p.shape) for name, p in state.items()}
    if own != wanted:
        missing = [f"{n} {list(s)}" for n, s in wanted.items() if own.get(n) != s]
        extra = [f"{n} {list(s)}" for n, s in own.items() if wanted.get(n) != s]
        raise WrongWeights(
            f"expected the weights {', '.join(missing[:4]) or 'it has, and no others'}; "
            f"it has {', '.join(extra[:4]) or 'none of these'}"
        )
    target.to(next(iter(state.values())).dtype)
    target.load_state_dict(state)


def _changed(now: Tensor, before: Tensor) -> bool:
    """Whether a tensor holds other numbers than before; what is not a number stays itself."""
    if now.shape != before.shape:
        return True
    now = now.detach()
    return not (
        torch.equal(now, before) or torch.equal(now.nan_to_num(7e7), before.nan_to_num(7e7))
    )


def _snapshot(value: Any, device: str) -> Any:
    """The value as it is now: later changes in place must not reach back."""
    if isinstance(value, Tensor):
        if device == "meta":
            return {"device": value.device.type, "shape": list(value.shape), "dtype": value.dtype}
        return value.detach().clone().as_subclass(Tensor)
    if isinstance(value, list):
        return [_snapshot(item, device) for item in value]
    if isinstance(value, tuple):
        return tuple(_snapshot(item, device) for item in value)
    if isinstance(value, dict):
        return {key: _snapshot(item, device) for key, item in value.items()}
    return value


def _tensors(value: Any) -> Iterator[Tensor]:
    if isinstance(value, Tensor):
        yield value
    elif isinstance(value, list | tuple):
        for item in value:
            yield from _tensors(item)
    elif isinstance(value, dict):
        yield from _tensors(list(value.values()))


def _gradients(results: list[Any], leaves: dict[str, Tensor]) -> dict[str, Tensor | None] | None:
    """Gradients of a fixed weighted sum of all outputs; None when no output carries any."""
    outputs = [t for t in _tensors(results) if t.is_floating_point() and t.requires_grad]
    if not outputs or not leaves:
        return None
    total = sum(
        (
            out * torch.cos(torch.arange(out.numel(), dtype=out.dtype) * 0.7 + i).view(out.shape)
        ).sum()
        for i, out in enumerate(outputs)
    )
    assert isinstance(total, Tensor)
    # A part that an answer has frozen asks for no gradient, and gets none.
    learning = {name: leaf for name, leaf in leaves.items() if leaf.requires_grad}
    found = torch.autograd.grad(total, list(learning.values()), allow_unused=True)
    gradients = dict(zip(learning, (None if g is None else g.detach() for g in found), strict=True))
    return {name: gradients.get(name) for name in leaves}
