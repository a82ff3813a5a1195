"""Lesson 04: masks, attention, heads, the cache, and what the cache costs."""

# These add themselves to their exercise.
from autograder.exercises.attention import (  # noqa: F401
    attend_mask_mistakes,
    attend_mistakes,
    attend_output_mistakes,
    attend_variants,
    cross_attention_mistakes,
    kv_cache_mistakes,
    kv_cache_reset_mistakes,
    kv_cache_variants,
    multi_head_attention_memory_mistakes,
    multi_head_attention_mistakes,
    multi_head_attention_parts_mistakes,
    multi_head_attention_variants,
)
from autograder.exercises.attention.attend import attend
from autograder.exercises.attention.cache_bytes import cache_bytes
from autograder.exercises.attention.causal_mask import causal_mask
from autograder.exercises.attention.combine_masks import combine_masks
from autograder.exercises.attention.cross_attention import cross_attention
from autograder.exercises.attention.kv_cache import kv_cache
from autograder.exercises.attention.merge_heads import merge_heads
from autograder.exercises.attention.multi_head_attention import multi_head_attention
from autograder.exercises.attention.repeat_kv import repeat_kv
from autograder.exercises.attention.split_heads import split_heads

EXERCISES = (
    causal_mask,
    combine_masks,
    attend,
    split_heads,
    merge_heads,
    kv_cache,
    cache_bytes,
    repeat_kv,
    multi_head_attention,
    cross_attention,
)
