"""choose_architecture: known models stand where their makers put them."""

import pytest

from gradus.choose_architecture import choose_architecture


@pytest.mark.parametrize(
    ("facts", "family", "objective"),
    [
        (("sentiment of a review", "label"), "encoder", "masked"),
        (("names in a contract", "labels"), "encoder", "masked"),
        (("find similar questions", "vector"), "encoder", "masked"),
        (("carry on a story", "text"), "decoder", "causal"),
        (("translate", "text", True, False, 200_000), "encoder-decoder", "denoising"),
        (("summarise", "text", True, False, 1000), "encoder-decoder", "denoising"),
        (("translate, shown five examples", "text", True, False, 5), "decoder", "causal"),
        (("guess the mood while somebody types", "label", False, True), "decoder", "causal"),
        (("interpret a speech, word by word", "text", True, True, 10**6), "decoder", "causal"),
        (("answer in a chat", "text", False, False, 10**6), "decoder", "causal"),
    ],
)
def test_families(facts, family, objective):
    assert choose_architecture(*facts) == (family, objective)


def test_unknown_outputs_are_refused():
    with pytest.raises(ValueError, match="'picture'"):
        choose_architecture("draw", "picture")
