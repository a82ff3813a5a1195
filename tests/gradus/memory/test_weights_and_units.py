"""Weights: published sizes of models, and two gigabytes that are never the same."""

import pytest

from gradus.memory import weight_bytes
from gradus.memory.models import MODELS
from gradus.memory.units import GB, GIB, in_gb, in_gib, readable


@pytest.mark.parametrize(("dtype", "gb"), [("fp32", 4), ("fp16", 2), ("bf16", 2), ("int8", 1)])
def test_the_course_stores_a_billion_parameters_in_so_many_gigabytes(dtype, gb):
    # DeepLearning.AI and AWS, "Generative AI with LLMs", week 1: decimal GB.
    assert in_gb(weight_bytes(10**9, dtype)) == gb


def test_zero_section_3_stores_gpt2_in_three_gigabytes():
    # Rajbhandari et al. 2019, section 3: 1.5B parameters, 3 GB in fp16.
    assert in_gb(weight_bytes(1_500_000_000, "fp16")) == 3


def test_llama_7b_is_a_file_of_13_5_gigabytes():
    # 6,738,415,616 parameters: Touvron et al. 2023, table 2, prints 6.7B.
    assert in_gb(weight_bytes(MODELS["Llama-2 7B"].params, "bf16")) == pytest.approx(
        13.48, abs=0.01
    )


def test_tf32_is_stored_as_fp32():
    assert weight_bytes(3, "tf32") == weight_bytes(3, "fp32") == 12


def test_two_int4_numbers_share_a_byte_and_an_odd_one_takes_a_whole_one():
    assert [weight_bytes(count, "int4") for count in (0, 1, 2, 7, 8)] == [0, 1, 1, 4, 4]


def test_other_dtypes_are_refused_by_name():
    with pytest.raises(ValueError, match="'fp12'.*fp32, tf32, fp16, bf16, fp8, int8, int4"):
        weight_bytes(1, "fp12")


def test_the_two_gigabytes_are_seven_per_cent_apart():
    assert pytest.approx(1.0737, abs=1e-4) == GIB / GB
    assert in_gib(2**31) == 2.0
    assert in_gb(2**31) == pytest.approx(2.147, abs=1e-3)


def test_bytes_are_readable():
    assert [readable(n) for n in (7, 2_400, 3_000_000, 13.5e9, 4e12, 2.5e15)] == [
        "7 bytes", "2.4 kB", "3 MB", "13.5 GB", "4 TB", "2,500 TB",
    ]  # fmt: skip
