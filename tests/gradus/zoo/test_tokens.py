"""The tokenizers of the trained models give the ids of the published implementations."""

import pytest
import tokenizers
from tokenizers import AddedToken, decoders, models, normalizers, pre_tokenizers

from gradus.data import published
from gradus.zoo.bert_tokens import BertTokenizer, plain_words
from gradus.zoo.gguf_file import read_gguf_field
from gradus.zoo.smollm2_tokens import Smollm2Tokenizer, sign_of_byte
from gradus.zoo.trained import minilm_tokenizer, smollm2_tokenizer
from tests.gradus.byte_level import printable_bytes

TEXTS = [
    "",
    "The capital of France is",
    "In 1969 we'd flown 384,400 km; that's 2.5 light-seconds\n\n  def f(x):\n\treturn x ** 2\n",
    "Ça va? Über naïve Ångström — “quoted” … 東京 ½ ² ٣ 🙂 e\u0301 \u200b x",
    "<|im_start|>user\nHello, it's me!<|im_end|>\n",
    "don't UNAFFABLE unaffable [CLS] a_b #hashtag $5 `x` 50% ~ ^ | = + < >",
    "word" * 60 + "   trailing  ",
]


def fetched(name):
    path = published(name)
    if path is None:
        pytest.skip(f"the weights are not here: gradus fetch {name}")
    return path


@pytest.fixture(scope="module")
def ours():
    pytest.importorskip("gguf")
    return smollm2_tokenizer(fetched("smollm2"))


@pytest.fixture(scope="module")
def theirs(ours):
    path = fetched("smollm2")
    merges = read_gguf_field(path, "tokenizer.ggml.merges")
    package = tokenizers.Tokenizer(
        models.BPE(vocab=ours.ids, merges=[tuple(merge.split(" ")) for merge in merges])
    )
    package.pre_tokenizer = pre_tokenizers.Sequence(
        [
            pre_tokenizers.Digits(individual_digits=True),
            pre_tokenizers.ByteLevel(add_prefix_space=False),
        ]
    )
    package.decoder = decoders.ByteLevel()
    package.add_special_tokens([AddedToken(s, normalized=False) for s in ours.special_ids])
    return package


@pytest.mark.slow
@pytest.mark.parametrize("text", TEXTS, ids=range(len(TEXTS)))
def test_smollm2s_ids_are_those_of_the_package(ours, theirs, text):
    ids = ours.encode(text)

    assert ids == theirs.encode(text).ids
    assert ours.decode(ids) == text


@pytest.mark.slow
def test_smollm2s_vocabulary_is_complete(ours):
    assert len(ours) == 49_152
    assert ours.encode("<|im_end|>") == [2]


@pytest.mark.parametrize("text", TEXTS, ids=range(len(TEXTS)))
def test_minilms_ids_are_those_of_the_package(text):
    ours = minilm_tokenizer(fetched("minilm"))
    package = tokenizers.Tokenizer(
        models.WordPiece(vocab=ours.ids, unk_token="[UNK]", max_input_chars_per_word=100)
    )
    package.normalizer = normalizers.BertNormalizer()
    package.pre_tokenizer = pre_tokenizers.BertPreTokenizer()

    assert ours.encode(text)[1:-1] == package.encode(text).ids
    assert (ours.encode(text)[0], ours.encode(text)[-1]) == (101, 102)


def test_bytes_have_the_signs_of_gpt2():
    assert sign_of_byte() == printable_bytes()


def test_merges_make_published_ids_and_unknown_bytes_the_unknown_one():
    tokens = ["<unk>", "<end>", "b", "a", "ab", "Ġ", "Ġab", "1"]
    tokenizer = Smollm2Tokenizer(tokens, ["a b", "Ġ ab"], specials=[0, 1])

    assert tokenizer.encode("ab ab<end>c11") == [4, 6, 1, 0, 7, 7]
    assert tokenizer.decode([4, 6, 1]) == "ab ab<end>"


def test_words_of_bert_are_plain():
    assert plain_words("Déjà-vu, 東京!\tOK") == ["deja", "-", "vu", ",", "東", "京", "!", "ok"]


def test_pieces_of_bert_are_joined_again():
    tokenizer = BertTokenizer(["[UNK]", "[CLS]", "[SEP]", "un", "##able"])

    assert tokenizer.encode("Unable") == [1, 3, 4, 2]
    assert tokenizer.decode([3, 4]) == "unable"
    assert len(tokenizer) == 5
