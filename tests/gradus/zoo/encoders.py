"""BERT and RoBERTa, twice."""

import torch
import transformers

from gradus.zoo import bert, roberta
from tests.gradus.zoo.pair import HEADS, LAYERS, RIGHT, VOCAB, WIDTH, Pair, draw, randomised


def bert_pair(g: torch.Generator) -> Pair:
    config = transformers.BertConfig(
        vocab_size=VOCAB,
        hidden_size=WIDTH,
        num_hidden_layers=LAYERS,
        num_attention_heads=HEADS,
        intermediate_size=4 * WIDTH,
        max_position_embeddings=11,
        attn_implementation="eager",
    )
    ids = draw(g, RIGHT, pad=0)
    types = torch.randint(2, ids.shape, generator=g)
    return Pair(
        "BERT",
        "logits of hidden words, two segments, padding behind",
        bert.bert_mlm(bert.BertConfig(WIDTH, LAYERS, HEADS, vocab=VOCAB, max_seq=11)),
        randomised(transformers.BertForMaskedLM, config, g),
        bert.load_bert_mlm,
        {"ids": ids, "padding": RIGHT, "types": types},
        {"input_ids": ids, "attention_mask": RIGHT.long(), "token_type_ids": types},
        RIGHT,
    )


def roberta_pair(g: torch.Generator) -> Pair:
    config = transformers.RobertaConfig(
        vocab_size=VOCAB,
        hidden_size=WIDTH,
        num_hidden_layers=LAYERS,
        num_attention_heads=HEADS,
        intermediate_size=4 * WIDTH,
        max_position_embeddings=13,
        type_vocab_size=1,
        layer_norm_eps=1e-5,
        attn_implementation="eager",
    )
    ids = draw(g, RIGHT, pad=1)
    return Pair(
        "RoBERTa",
        "logits of hidden words, padding behind",
        roberta.roberta_mlm(roberta.RobertaConfig(WIDTH, LAYERS, HEADS, vocab=VOCAB, max_seq=13)),
        randomised(transformers.RobertaForMaskedLM, config, g),
        roberta.load_roberta_mlm,
        {"ids": ids, "padding": RIGHT},
        {"input_ids": ids, "attention_mask": RIGHT.long()},
        RIGHT,
    )
