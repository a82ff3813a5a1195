"""A reader that skips shared beginnings: the same logits, fewer tokens read."""

import torch

from gradus.prefix import PrefixReader
from gradus.scoring import score_labels
from gradus.zoo.llama import LlamaConfig, llama

TINY = LlamaConfig(d_model=16, layers=2, heads=4, d_ff=24, kv_heads=2, vocab=20, tied=True)


def test_it_gives_the_same_logits_whatever_was_read_before():
    torch.manual_seed(0)
    model = llama(TINY).double().eval()
    reader = PrefixReader(model)
    texts = ([1, 2, 3, 4], [1, 2, 3, 5], [1, 2], [1, 2, 3], [7, 2, 3], [7, 2, 3], [7, 2, 3, 4, 9])
    for text in texts:
        ids = torch.tensor([text])
        with torch.no_grad():
            assert torch.allclose(reader(ids), model(ids), atol=1e-10)


def test_only_what_is_new_is_read():
    model = llama(TINY).eval()
    read: list[int] = []
    model.register_forward_pre_hook(lambda _, args: read.append(args[0].shape[-1]))
    reader = PrefixReader(model)
    for text in ([1, 2, 3, 4], [1, 2, 3, 5, 6], [1, 2, 3, 5, 6], [1, 2]):
        reader(torch.tensor([text]))
    assert read == [4, 2]


def test_labels_get_the_scores_that_they_get_without_it():
    torch.manual_seed(1)
    model = llama(TINY).eval()

    def encode(text: str) -> list[int]:
        return [len(word) for word in text.split()]

    labels = ["a", "bb bb", "a ccc"]
    plain = score_labels(model, encode, "one three five", labels)
    assert torch.allclose(
        score_labels(PrefixReader(model), encode, "one three five", labels), plain
    )
