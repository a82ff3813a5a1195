"""Lesson 12: what a model takes in memory, on one GPU and on many, and how many work as one."""

# These add themselves to their exercise.
from autograder.exercises.memory_and_parallelism import (  # noqa: F401
    activation_bytes_mistakes,
    activation_bytes_sharing_mistakes,
    ddp_step_mistakes,
    ddp_step_wire_mistakes,
    kv_cache_bytes_mistakes,
    quantize_int8_code_mistakes,
    quantize_int8_mistakes,
    ring_all_reduce_mistakes,
    ring_all_reduce_wire_mistakes,
    training_bytes_mistakes,
    weight_bytes_mistakes,
    zero1_step_mistakes,
    zero1_step_training_mistakes,
    zero_memory_mistakes,
)
from autograder.exercises.memory_and_parallelism.activation_bytes import activation_bytes
from autograder.exercises.memory_and_parallelism.ddp_step import ddp_step
from autograder.exercises.memory_and_parallelism.kv_cache_bytes import kv_cache_bytes
from autograder.exercises.memory_and_parallelism.quantize_int8 import quantize_int8
from autograder.exercises.memory_and_parallelism.ring_all_reduce import ring_all_reduce
from autograder.exercises.memory_and_parallelism.training_bytes import training_bytes
from autograder.exercises.memory_and_parallelism.weight_bytes import weight_bytes
from autograder.exercises.memory_and_parallelism.zero1_step import zero1_step
from autograder.exercises.memory_and_parallelism.zero_memory import zero_memory

EXERCISES = (
    weight_bytes,
    training_bytes,
    activation_bytes,
    kv_cache_bytes,
    quantize_int8,
    zero_memory,
    ring_all_reduce,
    ddp_step,
    zero1_step,
)
