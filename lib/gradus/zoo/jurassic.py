"""Jurassic-1: two sizes of a GPT whose weights were never published, to be counted only.

Lieber et al. 2021, "Jurassic-1: Technical details and evaluation", table 1. The vocabulary is
printed as "256K"; to be GPT-2 in everything else is our reading. Build them on torch's meta device,
where tensors have shapes and no numbers.
"""

from gradus.zoo.gpt2 import Gpt2Config

J1_LARGE = Gpt2Config(d_model=4096, layers=32, heads=32, vocab=256_000, max_seq=2048)
J1_JUMBO = Gpt2Config(d_model=13_824, layers=76, heads=96, vocab=256_000, max_seq=2048)
