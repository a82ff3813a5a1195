"""Axes and parameters are named from the reference's own signature."""

from jaxtyping import Bool, Float, Int
from torch import Tensor, nn

from autograder.words import Words, words_of


def pair(
    q: Float[Tensor, "... query d_head"], scale: float = 1.0
) -> tuple[Float[Tensor, "... query d_head"], Float[Tensor, "heads seq"]]:
    raise NotImplementedError


class Layer(nn.Module):
    def forward(self, x: Float[Tensor, "batch seq d_model"]) -> Float[Tensor, "batch seq d_model"]:
        raise NotImplementedError


def test_a_function_with_two_results():
    words = words_of(pair, "pair", ("the output", "the map"))

    assert words.parameters == ("q", "scale")
    assert words.axes == (("...", "query", "d_head"), ("heads", "seq"))
    assert words.part(1, 2) == "the map"
    assert words.place((1, 2), part=1) == "head 1, position 2"


def test_leading_axes_are_batch_and_head_where_there_are_two():
    words = words_of(pair, "pair")

    assert words.place((0, 1, 2, 3)) == "batch 0, head 1, query 2, d_head 3"
    assert words.place((5, 2, 3)) == "batch 5, query 2, d_head 3"
    assert words.place((2, 3)) == "query 2, d_head 3"


def test_a_module_is_named_after_its_forward():
    words = words_of(Layer, "Layer")

    assert words.parameters == ("x",)
    assert words.shape((2, 3, 4)) == "(batch 2, seq 3, d_model 4)"


def test_the_first_parameter_that_takes_a_tensor_is_known():
    def cut(layer: nn.Module, ids: Int[Tensor, " seq"], mask: Bool[Tensor, " seq"]) -> None:
        raise NotImplementedError

    def plain(size: int) -> int:
        raise NotImplementedError

    assert words_of(cut, "cut").tensor == "ids"
    assert words_of(Layer, "Layer").tensor == "x"
    assert words_of(pair, "pair").tensor == "q"
    assert words_of(plain, "plain").tensor == "x"


def test_inputs_and_weights_are_named_from_their_paths():
    words = words_of(pair, "pair")

    assert words.given("0/0") == "q"
    assert words.given("0/mask") == "mask"
    assert words.given("0/7") == "argument 8"
    assert words.given("weight/query.bias") == "query.bias"


def test_an_unexpected_rank_falls_back_to_numbers():
    assert words_of(Layer, "Layer").place((4,)) == "index [4]"
    assert Words("anything").shape((2, 3)) == "(axis 0 2, axis 1 3)"
