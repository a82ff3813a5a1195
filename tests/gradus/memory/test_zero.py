"""ZeRO, held against Rajbhandari et al. 2019 (arXiv 1910.02054), tables 1 and 2."""

import pytest

from gradus.memory import training_bytes, zero_memory
from gradus.memory.units import in_gb

# Table 1: GB on each device, for the stages 1, 2 and 3.
TABLE_1 = {
    7_500_000_000: {
        1: (120, 120, 120), 4: (52.5, 41.3, 30), 16: (35.6, 21.6, 7.5),
        64: (31.4, 16.6, 1.88), 256: (30.4, 15.4, 0.47), 1024: (30.1, 15.1, 0.12),
    },
    128_000_000_000: {
        1: (2048, 2048, 2048), 4: (896, 704, 512), 16: (608, 368, 128),
        64: (536, 284, 32), 256: (518, 263, 8), 1024: (513, 257, 2),
    },
    1_000_000_000_000: {
        1: (16000, 16000, 16000), 4: (7000, 5500, 4000), 16: (4750, 2875, 1000),
        64: (4187, 2218, 250), 256: (4046, 2054, 62.5), 1024: (4011, 2013, 15.6),
    },
}  # fmt: skip

# Table 2: the largest model in billions that fits 32 GB, by GPUs in a model-parallel group: the
# baseline and the stages 1 to 3. Data parallelism is over 64 such groups.
TABLE_2 = {
    1: (2, 7.6, 14.4, 128), 2: (4, 15.2, 28.8, 256), 4: (8, 30.4, 57.6, 512),
    8: (16, 60.8, 115.2, 1024), 16: (32, 121.6, 230.4, 2048),
}  # fmt: skip
# In the paper, bold: those that fit into a V100 of 32 GB.
FIT_32_GB = {
    (7_500_000_000, 64, 1), (7_500_000_000, 16, 2), (7_500_000_000, 4, 3),
    (128_000_000_000, 64, 3), (1_000_000_000_000, 1024, 3),
}  # fmt: skip


@pytest.mark.parametrize("params", TABLE_1)
def test_table_1(params):
    for ranks, printed in TABLE_1[params].items():
        for stage, gb in enumerate(printed, 1):
            # The paper cuts off 513.5 and 2218.75, and rounds 41.25 up.
            close = pytest.approx(gb, rel=0.003, abs=1.0 if gb > 100 else 0.06)
            assert in_gb(zero_memory(params, ranks, stage)) == close, (ranks, stage)


def test_table_1_what_fits_into_32_gigabytes():
    for params, ranks, stage in FIT_32_GB:
        assert in_gb(zero_memory(params, ranks, stage)) <= 32
        assert in_gb(zero_memory(params, ranks // 4, stage)) > 32 or (params, ranks) == (
            7_500_000_000, 64,
        )  # fmt: skip


@pytest.mark.parametrize("groups", TABLE_2)
def test_table_2(groups):
    for stage, billions in enumerate(TABLE_2[groups]):
        each = zero_memory(1_000_000, 64, stage) / 1_000_000
        # The table keeps the digits of its first row, 7.6 for 7.64, and doubles them from there.
        assert groups * 32 / each == pytest.approx(billions, rel=0.006)


def test_figure_1_seven_and_a_half_billion_on_64_gpus():
    gb = [in_gb(zero_memory(7_500_000_000, 64, stage)) for stage in (0, 1, 2, 3)]
    assert gb == pytest.approx([120, 31.4, 16.6, 1.9], abs=0.05)


def test_stage_0_is_mixed_precision_with_adam():
    assert zero_memory(1234, 8, 0) == training_bytes(1234, "mixed", "adam")
    assert zero_memory(1234, 8, 0, optimizer_bytes=4) == training_bytes(1234, "mixed", "sgd")


def test_other_stages_and_no_gpus_are_refused():
    for ranks, stage in ((4, 4), (4, -1), (0, 1)):
        with pytest.raises(ValueError, match="stages are 0 to 3"):
            zero_memory(10, ranks, stage)
