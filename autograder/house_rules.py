"""House rules: what every answer must get right besides its values, looked for in every exercise.

A typical call is made in several ways: as it is (with gradients), on strided views, in double
precision, and on the meta device, which has no data and so shows tensors left on the CPU.
"""

from dataclasses import replace
from typing import Any

from torch import Tensor

from autograder.judge import Judge, Seen, complaint
from autograder.observation import Observation
from autograder.trial import Call, Trial
from autograder.words import Words

NAME = "house rules"
PASSED = (
    "inputs left as they were, views and double precision handled, gradients let through, "
    "nothing tied to one device, the global random generator left alone"
)


def variations(typical: Trial) -> list[Trial]:
    """Return the typical trial: with gradients, strided, in float64, and on the meta device."""
    trials = [typical.with_gradients(), replace(typical, strided=True), _double(typical)]
    if any(isinstance(value, Tensor) for call in typical.calls for value in _inputs(call)):
        trials.append(replace(typical, device="meta"))
    return trials


def _inputs(call: Call) -> list[Any]:
    return [*call.args, *call.kwargs.values()]


def _double(trial: Trial) -> Trial:
    def wide(value: Any) -> Any:
        if isinstance(value, Tensor) and value.is_floating_point():
            return value.double()
        if isinstance(value, list | tuple):
            return type(value)(wide(item) for item in value)
        if isinstance(value, dict):
            return {key: wide(item) for key, item in value.items()}
        if hasattr(value, "state"):
            return replace(value, state=wide(value.state))
        return value

    calls = tuple(replace(c, args=wide(c.args), kwargs=wide(c.kwargs)) for c in trial.calls)
    return replace(trial, calls=calls, state=wide(trial.state))


def broken(seen: Seen, expected: Seen, words: Words, judge: Judge) -> str | None:
    """Say which house rule is broken in the variations of the typical trial; None if none is."""
    plain, strided, double, *meta = seen
    text = judge.fault(seen[:1], expected[:1], words)
    if text:
        return text if text.startswith("The values are right") else f"First the values. {text}"
    if strided.raised and not expected[1].raised:
        return (
            f"It fails on a view that is not contiguous in memory: {strided.raised.message} "
            "(reshape copies where view refuses)."
        )
    if judge.fault([strided], expected[1:2], words):
        return "It gives other values for a view that is not contiguous in memory."
    text = judge.fault([double], expected[2:3], words)
    if text:
        return f"In double precision (float64): {text}"
    if meta and not expected[3].raised:
        return _left_behind(meta[0], expected[3], words)
    return None


def _left_behind(one: Observation, right: Observation, words: Words) -> str | None:
    """Tensors made on the CPU although the inputs live elsewhere (None if that cannot be told)."""
    says = "It makes a tensor on the CPU although its inputs are on another device"
    instead = f"Use device={words.tensor}.device."
    if one.raised:
        if one.raised.kind == "DeviceMismatch":
            return f"{says} ({one.raised.where or one.raised.message}). {instead}"
        return None if one.raised.kind == "ReadsValues" else complaint(one, right)
    devices = [device for output in one.outputs for device in _devices(output)]
    return None if all(d == "meta" for d in devices) else f"{says}. {instead}"


def _devices(output: Any) -> list[str]:
    if isinstance(output, dict) and set(output) == {"device", "shape", "dtype"}:
        return [output["device"]]
    if isinstance(output, list | tuple):
        return [device for item in output for device in _devices(item)]
    return []


def side_effect(seen: Seen, expected: Seen, words: Words) -> str | None:
    """Say what an answer did to its surroundings in any trial, that the reference does not do."""
    for one, right in zip(seen, expected, strict=True):
        if one.raised or right.raised:
            continue  # it did not get as far as the reference, or too far
        if one.mutated and not right.mutated:
            return f"It changes its input {words.given(one.mutated[0])} in place."
        if one.reseeded and not right.reseeded:
            return "It resets the global random generator (torch.manual_seed)."
        if one.drew and not right.drew:
            return "It draws from the global random generator."
    return None
