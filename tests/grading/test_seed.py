"""The seed of a class."""

from autograder.grading.seed import class_seed


def test_a_class_keeps_its_seed(tmp_path):
    assert class_seed(tmp_path, "04_attention") == class_seed(tmp_path, "04_attention")
    assert class_seed(tmp_path, "04_attention") != class_seed(tmp_path, "05_block")
