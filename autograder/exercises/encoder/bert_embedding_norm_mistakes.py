"""What goes wrong in BertEmbedding: its norm, and what it is made of."""

import torch
from torch import nn

from autograder.exercises.encoder.bert_embedding import bert_embedding
from autograder.exercises.encoder.bert_embedding_mistakes import Steps
from gradus.embedding import Embedding
from gradus.norm import LayerNorm, RMSNorm


@bert_embedding.mistake("The norm is missing.", "What does the docstring do with the sum?")
class NoNorm(Steps):
    def forward(self, ids, types=None):
        return self.total(ids, types)


@bert_embedding.mistake(
    "Only the word's vector is normalised; position and type are added afterwards.",
    "What comes first: the sum or the norm?",
)
class NormFirst(Steps):
    def forward(self, ids, types=None):
        return self.places(self.norm(self.tokens(ids)), types) + self.kinds(ids, types)


@bert_embedding.mistake(
    "The type is added after the norm.", "What comes first: the sum or the norm?"
)
class TypesAfterNorm(Steps):
    def forward(self, ids, types=None):
        return self.norm(self.places(self.tokens(ids), types)) + self.kinds(ids, types)


@bert_embedding.mistake(
    "Each of the three vectors is normalised by itself.", "How many norms does the layer have?"
)
class ThreeNorms(Steps):
    def forward(self, ids, types=None):
        words = self.tokens(ids)
        places = self.places(torch.zeros_like(words), types)
        return sum(self.norm(part) for part in (words, places, self.kinds(ids, types)))


@bert_embedding.mistake(
    "The word's vector is multiplied by the square root of d_model.",
    "The first transformer did that. Does this docstring?",
)
class Scaled(Steps):
    def total(self, ids, types):
        words = self.tokens(ids) * self.tokens.weight.shape[1] ** 0.5
        return self.places(words, types) + self.kinds(ids, types)


@bert_embedding.mistake(
    "The three vectors are averaged. The norm hides that nearly, but eps is then too large.",
    "Is the sum divided by anything before the norm?",
)
class Averaged(Steps):
    def total(self, ids, types):
        return super().total(ids, types) / 3


@bert_embedding.mistake(
    "The norm has its own default eps, 1e-5, whatever is given.",
    "Which argument does your constructor never use?",
)
class EpsIgnored(Steps):
    def __init__(self, vocab, d_model, max_seq, types=2, eps=1e-12):
        super().__init__(vocab, d_model, max_seq, types)
        self.norm = LayerNorm(d_model)


@bert_embedding.mistake(
    "The eps is always 1e-12, whatever is given.", "Which argument does your constructor never use?"
)
class EpsFixed(Steps):
    def __init__(self, vocab, d_model, max_seq, types=2, eps=1e-12):
        super().__init__(vocab, d_model, max_seq, types)


@bert_embedding.mistake(
    "The eps that it has when none is given is not 1e-12.", "Which default has the signature?"
)
class OtherDefault(Steps):
    def __init__(self, vocab, d_model, max_seq, types=2, eps=1e-5):
        super().__init__(vocab, d_model, max_seq, types, eps)


@bert_embedding.mistake(
    "The norm is an RMSNorm: the mean stays, and there is no bias.", "Which norm does BERT have?"
)
class WithRmsNorm(Steps):
    def __init__(self, vocab, d_model, max_seq, types=2, eps=1e-12):
        super().__init__(vocab, d_model, max_seq, types, eps)
        self.norm = RMSNorm(d_model, eps)


@bert_embedding.mistake(
    "Token 0 is made the padding of the table: it gets no gradient, and never learns.",
    "Which tokens shall learn? Does the docstring name one that does not?",
)
class ZeroIsPadding(Steps):
    def __init__(self, vocab, d_model, max_seq, types=2, eps=1e-12):
        super().__init__(vocab, d_model, max_seq, types, eps)
        self.tokens = Embedding(vocab, d_model, padding=0)
        nn.init.normal_(self.tokens.weight, std=0.02)


@bert_embedding.mistake(
    "There are always two types, however many are asked for.",
    "Which argument does your constructor never use?",
)
class TwoTypes(Steps):
    def __init__(self, vocab, d_model, max_seq, types=2, eps=1e-12):
        super().__init__(vocab, d_model, max_seq, 2, eps)


@bert_embedding.mistake(
    "The tables of tokens and types start with numbers of standard deviation 1.",
    "How large are the numbers that your Embedding of lesson 03 starts with? And BERT's?",
)
class LargeStart(Steps):
    def __init__(self, vocab, d_model, max_seq, types=2, eps=1e-12):
        super().__init__(vocab, d_model, max_seq, types, eps)
        self.tokens, self.types = Embedding(vocab, d_model), Embedding(types, d_model)
