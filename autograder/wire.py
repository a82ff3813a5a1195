"""The wire between an answer and its examiner: values as JSON and safetensors, never pickle.

A value is anything made of None, booleans, numbers, text, bytes, lists, tuples, dictionaries, sets,
tensors, dtypes and the few stand-ins that questions use (a seeded generator, a scripted model). A
message is one value in one block of bytes: the length of its JSON, the JSON, then the tensors.
"""

import base64
import importlib
import json
import math
import struct
from collections.abc import Callable
from typing import Any, Protocol

import numpy as np
import torch
from safetensors import SafetensorError
from safetensors.torch import load, save
from torch import Tensor

from autograder.stand_ins import STAND_INS

LARGEST = 64 * 2**20  # bytes in one message


class WireError(ValueError):
    """A value that the wire cannot carry, or bytes that are no message."""


def pack(value: Any) -> bytes:
    """Turn a value into one message; raises WireError when it is too large or of a foreign type."""
    tensors = Tensors()
    text = json.dumps(_encode(value, tensors, 0)).encode()
    message = struct.pack("<Q", len(text)) + text + save(tensors.joined())
    _check_size(len(message))
    return message


def check_value(value: Any) -> None:
    """Raise WireError where `pack` would, in a fraction of its time."""
    tensors = Tensors()
    _encode(value, tensors, 0)
    _check_size(tensors.nbytes)


def carried(values: list[Any]) -> list[Any]:
    """Return the values, none of them if one is of a kind that cannot be sent."""
    try:
        check_value(values)
    except WireError:
        return []
    return values


def _check_size(size: int) -> None:
    if size > LARGEST:
        raise WireError(f"a message of {size:,} bytes is over the limit of {LARGEST:,}")


class Tensors:
    """The tensors of a message, end to end: saving one for each dtype is faster than saving all."""

    def __init__(self) -> None:
        """Hold none."""
        self.flat: dict[str, list[Tensor]] = {}
        self.ends: dict[str, int] = {}
        self.nbytes = 0

    def add(self, tensor: Tensor) -> list[Any]:
        """Take one in; return where it will stand: dtype, first number, shape."""
        plain = tensor.detach().cpu().resolve_conj().resolve_neg().as_subclass(Tensor)
        dtype = str(plain.dtype).removeprefix("torch.")
        start = self.ends.get(dtype, 0)
        self.flat.setdefault(dtype, []).append(plain.reshape(-1))
        self.ends[dtype] = start + plain.numel()
        self.nbytes += plain.nbytes
        return [dtype, start, list(plain.shape)]

    def joined(self) -> dict[str, Tensor]:
        """Return one long tensor for each dtype."""
        return {dtype: torch.cat(flat) for dtype, flat in self.flat.items()}


def _taken_out(place: list[Any], joined: dict[str, Tensor]) -> Tensor:
    dtype, start, shape = place
    return joined[dtype][start : start + math.prod(shape)].view(shape)


def unpack(message: bytes) -> Any:
    """Turn a message back into its value; raises WireError when it is not one."""
    if not 8 <= len(message) <= LARGEST:
        raise WireError(f"{len(message):,} bytes are no message")
    (length,) = struct.unpack("<Q", message[:8])
    try:
        return _decode(json.loads(message[8 : 8 + length]), load(message[8 + length :]))
    except (ValueError, LookupError, TypeError, RuntimeError, SafetensorError) as error:
        raise WireError(f"not a message: {error}") from error


def _encode(value: Any, tensors: Tensors, depth: int) -> Any:
    """Turn a value into what JSON holds; what messages are full of is looked for first."""
    if depth > 50:
        raise WireError("a value nested more than 50 levels deep")
    if value is None or isinstance(value, bool):
        return value
    if isinstance(value, str):
        return str(value)
    deeper = depth + 1
    if isinstance(value, dict):
        pairs = ((_encode(key, tensors, deeper), item) for key, item in value.items())
        return {"dict": [[key, _encode(item, tensors, deeper)] for key, item in pairs]}
    if isinstance(value, list):
        return [_encode(item, tensors, deeper) for item in value]
    if isinstance(value, int):
        # JSON readers need not keep large integers exact, so they travel as text.
        return int(value) if abs(value) < 2**53 else {"int": hex(value)}
    if isinstance(value, Tensor):
        return {"tensor": tensors.add(value)}
    if isinstance(value, np.generic):  # before float, which some of these are
        return _encode(value.item(), tensors, deeper)
    if isinstance(value, np.ndarray):
        return _encode(torch.from_numpy(np.ascontiguousarray(value)), tensors, deeper)
    if isinstance(value, float):
        return float(value) if math.isfinite(value) else {"float": repr(float(value))}
    if isinstance(value, bytes | bytearray):
        return {"bytes": base64.b64encode(value).decode()}
    if isinstance(value, tuple | torch.Size):
        return {"tuple": [_encode(item, tensors, deeper) for item in value]}
    if isinstance(value, set | frozenset):
        called = "set" if isinstance(value, set) else "frozenset"
        return {called: [_encode(item, tensors, deeper) for item in sorted(value, key=repr)]}
    if isinstance(value, torch.dtype):
        return {"dtype": str(value).removeprefix("torch.")}
    if isinstance(value, torch.device):
        return {"device": str(value)}
    for name, kind in STAND_INS.items():
        if isinstance(value, kind):
            return {name: _encode(vars(value), tensors, deeper)}
    raise WireError(f"{type(value).__name__} is not a kind of value that an answer can return here")


def _decode(tree: Any, tensors: dict[str, Tensor]) -> Any:
    if isinstance(tree, list):
        return [_decode(item, tensors) for item in tree]
    if not isinstance(tree, dict):
        return tree
    [(kind, body)] = tree.items()
    match kind:
        case "tensor":
            return _taken_out(body, tensors)
        case "int":
            return int(body, 16)
        case "float":
            return float(body)
        case "bytes":
            return base64.b64decode(body)
        case "tuple":
            return tuple(_decode(item, tensors) for item in body)
        case "set":
            return {_decode(item, tensors) for item in body}
        case "frozenset":
            return frozenset(_decode(item, tensors) for item in body)
        case "dict":
            return {_decode(key, tensors): _decode(item, tensors) for key, item in body}
        case "dtype":
            dtype = getattr(torch, body)
            if not isinstance(dtype, torch.dtype):
                raise ValueError(f"{body} is no dtype")
            return dtype
        case "device":
            return torch.device(body)
    return STAND_INS[kind](**_decode(body, tensors))


class Connection(Protocol):
    """The learner's end of the wire."""

    def request(self, message: bytes) -> bytes:
        """Send a message to the examiner and return its reply."""


class _Local:
    """The examiner in this very process: a learner's own computer."""

    def __init__(self, reply: Callable[[bytes], bytes]) -> None:
        self.request = reply


_connection: Connection | None = None


def use(connection: Connection | None) -> None:
    """Reach the examiner through this connection from now on (None: in this process)."""
    global _connection
    _connection = connection


def connect() -> Connection:
    """The connection in use; where none was given, an examiner in this process.

    The examiner is looked up by name, so that this file can enter a sandbox that does not hold it.
    """
    global _connection
    if _connection is None:
        office = importlib.import_module("autograder.office")
        _connection = _Local(office.Office().reply)
    return _connection
