"""Exact numbers of parameters of the published sizes, counted without making a single number."""

import pytest
import torch

from gradus.count import count_parameters
from gradus.zoo import bart, bert, bloom, gpt2, jurassic, llama, roberta, t5, transformer

EXACT = [
    (bert.bert_pooled, bert.BERT_BASE_UNCASED, 109_482_240),
    (bert.bert_mlm, bert.BERT_BASE_UNCASED, 109_514_298),
    (bert.bert_pooled, bert.BERT_BASE_CASED, 108_310_272),
    (bert.bert_mlm, bert.BERT_BASE_CASED, 108_340_804),
    (bert.bert_pooled, bert.BERT_LARGE_UNCASED, 335_141_888),
    (bert.bert_mlm, bert.BERT_LARGE_UNCASED, 335_174_458),
    (roberta.roberta_pooled, roberta.ROBERTA_BASE, 124_645_632),
    (roberta.roberta_mlm, roberta.ROBERTA_BASE, 124_697_433),
    (roberta.roberta_pooled, roberta.ROBERTA_LARGE, 355_359_744),
    (roberta.roberta_mlm, roberta.ROBERTA_LARGE, 355_412_057),
    (gpt2.gpt2, gpt2.GPT2_124M, 124_439_808),
    (gpt2.gpt2, gpt2.GPT2_355M, 354_823_168),
    (gpt2.gpt2, gpt2.GPT2_774M, 774_030_080),
    (gpt2.gpt2, gpt2.GPT2_1558M, 1_557_611_200),
    (bloom.bloom, bloom.BLOOM_560M, 559_214_592),
    (bloom.bloom, bloom.BLOOM_1B1, 1_065_314_304),
    (bloom.bloom, bloom.BLOOM_1B7, 1_722_408_960),
    (bloom.bloom, bloom.BLOOM_3B, 3_002_557_440),
    (bloom.bloom, bloom.BLOOM_7B1, 7_069_016_064),
    (llama.llama, llama.LLAMA_7B, 6_738_415_616),
    (llama.llama, llama.LLAMA_13B, 13_015_864_320),
    (llama.llama, llama.LLAMA_33B, 32_528_943_616),
    (llama.llama, llama.LLAMA_65B, 65_285_660_672),
    (llama.llama, llama.LLAMA2_7B, 6_738_415_616),
    (llama.llama, llama.LLAMA2_13B, 13_015_864_320),
    (llama.llama, llama.LLAMA2_70B, 68_976_648_192),
    (t5.t5, t5.T5_SMALL, 60_506_624),
    (t5.t5, t5.T5_BASE, 222_903_552),
    (t5.t5, t5.T5_LARGE, 737_668_096),
    (t5.t5, t5.T5_3B, 2_851_598_336),
    (t5.t5, t5.T5_V1_1_SMALL, 76_961_152),
    (t5.t5, t5.T5_V1_1_BASE, 247_577_856),
    (bart.bart, bart.BART_BASE, 139_420_416),
    (bart.bart, bart.BART_LARGE, 406_291_456),
    (transformer.transformer, transformer.TRANSFORMER_BASE, 63_045_632),
    (transformer.transformer, transformer.TRANSFORMER_BIG, 214_171_648),
    (gpt2.gpt2, jurassic.J1_LARGE, 7_501_127_680),
    (gpt2.gpt2, jurassic.J1_JUMBO, 177_866_855_424),
]
# As printed, with the place after which they are rounded.
PRINTED = [
    (bloom.bloom, bloom.BLOOM_176B, 176_247, 6),
    (t5.t5, t5.T5_11B, 11, 9),
    (llama.llama, llama.LLAMA3_8B, 8, 9),
    (llama.llama, llama.LLAMA3_70B, 71, 9),  # called 70B
    (llama.llama, llama.SMOLLM2_135M, 135, 6),
    (bert.bert, bert.MINILM_L6, 23, 6),
]


def parameters(build, config):
    """Build on the meta device, where tensors have shapes only, and count."""
    with torch.device("meta"):
        return count_parameters(build(config))


@pytest.mark.parametrize(
    ("build", "config", "count"), EXACT, ids=lambda x: getattr(x, "__name__", None)
)
def test_published_sizes_have_the_published_numbers_of_parameters(build, config, count):
    assert parameters(build, config) == count


@pytest.mark.parametrize(("build", "config", "count", "digits"), PRINTED)
def test_sizes_that_are_printed_rounded(build, config, count, digits):
    assert round(parameters(build, config) / 10**digits) == count
