"""All families that are compared."""

from functools import partial

import torch

from tests.gradus.zoo.decoders import bloom_pair, gpt2_pair, llama_pair
from tests.gradus.zoo.encoder_decoders import bart_pair, t5_pair, transformer_pair
from tests.gradus.zoo.encoders import bert_pair, roberta_pair
from tests.gradus.zoo.pair import Pair

PAIRS = {
    "bert": bert_pair,
    "roberta": roberta_pair,
    "gpt2": gpt2_pair,
    "bloom": bloom_pair,
    "llama": llama_pair,
    "t5": t5_pair,
    "t5-v1.1": partial(t5_pair, gated=True),
    "bart": bart_pair,
    "transformer": transformer_pair,
}


def loaded(name: str) -> Pair:
    """Make the two models of a family, ours with the weights of theirs."""
    pair = PAIRS[name](torch.Generator().manual_seed(2017))
    pair.ours.double().eval()
    pair.load(pair.ours, pair.theirs.state_dict())
    return pair
