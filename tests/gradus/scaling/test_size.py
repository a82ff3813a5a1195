"""Sizes, held against published counts."""

import pytest

from gradus.scaling.size import in_words, param_count

LLAMA = {"gated": True, "bias": False, "tied": False}


@pytest.mark.parametrize(
    ("layers", "width", "heads", "millions"),
    [
        (12, 768, 12, 125),
        (24, 1024, 16, 356),
        (24, 1536, 16, 760),
        (24, 2048, 16, 1_320),  # table 2.1 prints 24 heads of 128, which are no width of 2048
        (32, 2560, 32, 2_650),
        (32, 4096, 32, 6_660),
        (40, 5120, 40, 12_850),  # table 2.1 prints a width of 5140
        (96, 12288, 96, 174_600),
    ],
)
def test_gpt3_tables_2_1_and_d_1(layers, width, heads, millions):
    count = param_count(50257, width, layers, heads, 4 * width, positions=2048)

    assert count / 1e6 == pytest.approx(millions, rel=0.005)


def test_the_printed_width_of_gpt3_13b_does_not_give_its_printed_size():
    printed = param_count(50257, 5140, 40, 40 // 2, 4 * 5140, positions=2048)

    assert round(printed / 1e7) == 1295
    assert round(printed / 1e7) != 1285


@pytest.mark.parametrize(
    ("shape", "options", "count"),
    [
        # OpenAI's weights: GPT-2 and GPT-2 XL
        ((50257, 768, 12, 12, 3072), {"positions": 1024}, 124_439_808),
        ((50257, 1600, 48, 25, 6400), {"positions": 1024}, 1_557_611_200),
        # LLaMA, https://arxiv.org/abs/2302.13971, table 2, and the released weights
        ((32000, 4096, 32, 32, 11008), LLAMA, 6_738_415_616),
        ((32000, 5120, 40, 40, 13824), LLAMA, 13_015_864_320),
        ((32000, 6656, 60, 52, 17920), LLAMA, 32_528_943_616),
        ((32000, 8192, 80, 64, 22016), LLAMA, 65_285_660_672),
        # Llama 2 70B: eight heads of keys and values
        ((32000, 8192, 80, 64, 28672), {**LLAMA, "kv_heads": 8}, 68_976_648_192),
    ],
)
def test_counts_of_released_weights(shape, options, count):
    assert param_count(*shape, **options) == count


def test_bloom_176b_has_a_norm_after_its_embedding_besides():
    # BigScience 2022, https://arxiv.org/abs/2211.05100: 176,247M
    assert (param_count(250_880, 14336, 70, 112, 57344) + 2 * 14336) // 10**6 == 176_247


def test_t5_small_is_an_encoder_and_a_decoder_with_cross_attention():
    encoder = param_count(0, 512, 6, 8, 2048, bias=False)
    decoder = param_count(32128, 512, 6, 8, 2048, bias=False, cross=True)
    relative = 2 * 32 * 8  # buckets times heads, in both

    assert encoder + decoder + relative == 60_506_624


def test_bloomberggpt_table_4():
    # Wu et al. 2023, https://arxiv.org/abs/2303.17564: 50.6B; it has a norm after its embedding.
    count = param_count(131_072, 7680, 70, 40, 4 * 7680) + 2 * 7680

    assert count == 131_072 * 7680 + 70 * (12 * 7680**2 + 13 * 7680) + 4 * 7680
    assert round(count / 1e8) == 506


@pytest.mark.parametrize(("heads", "kv_heads"), [(5, None), (4, 3)])
def test_what_does_not_fit_is_refused(heads, kv_heads):
    with pytest.raises(ValueError, match="multiple"):
        param_count(10, 8, 1, heads, 32, kv_heads=kv_heads)


@pytest.mark.parametrize(
    ("count", "words"),
    [(6.74e9, "6.74B"), (1.4e12, "1.4T"), (124_439_808, "124M"), (12.0, "12"), (999.9e6, "1B")],
)
def test_numbers_in_words(count, words):
    assert in_words(count) == words
