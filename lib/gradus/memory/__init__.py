"""Memory: how many bytes a model needs, to store, to train and to run, on one GPU and on many.

All functions return bytes. One GB is 10^9 bytes and one GiB is 2^30; `gradus.memory.units` says
either, and nothing here mixes them.
"""

from gradus.memory.activations import activation_bytes
from gradus.memory.caching import kv_cache_bytes
from gradus.memory.quantization import dequantize_int8, quantize_int8
from gradus.memory.training import training_bytes
from gradus.memory.weights import weight_bytes
from gradus.memory.zero import zero_memory

__all__ = [
    "activation_bytes",
    "dequantize_int8",
    "kv_cache_bytes",
    "quantize_int8",
    "training_bytes",
    "weight_bytes",
    "zero_memory",
]
