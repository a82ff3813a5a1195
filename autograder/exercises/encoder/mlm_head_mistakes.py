"""What goes wrong in MlmHead."""

from copy import deepcopy

import torch
from torch import nn
from torch.nn import functional as F

from autograder.exercises.encoder.mlm_head import mlm_head
from gradus.masked_lm import MlmHead


class Steps(MlmHead):
    """The head in steps that can go wrong one by one."""

    def transform(self, x):
        return self.norm(F.gelu(self.dense(x)))

    def score(self, x):
        return x @ self.embedding.weight.mT + self.bias

    def forward(self, x):
        return self.score(self.transform(x))


@mlm_head.mistake(
    "The layer of its own is missing: the encoder's vectors meet the words as they are.",
    "What does the docstring do before the product?",
)
class NoTransform(Steps):
    def transform(self, x):
        return x


@mlm_head.mistake("The gelu is missing.", "What stands between `dense` and `norm`?")
class NoGelu(Steps):
    def transform(self, x):
        return self.norm(self.dense(x))


@mlm_head.mistake("The norm is missing.", "What becomes of the vectors after the gelu?")
class NoNorm(Steps):
    def transform(self, x):
        return F.gelu(self.dense(x))


@mlm_head.mistake("The dense layer is missing.", "Which of the parts does your forward not use?")
class NoDense(Steps):
    def transform(self, x):
        return self.norm(F.gelu(x))


@mlm_head.mistake(
    "The norm comes before the gelu.", "In which order does the docstring name the three steps?"
)
class NormBeforeGelu(Steps):
    def transform(self, x):
        return F.gelu(self.norm(self.dense(x)))


@mlm_head.mistake(
    "The norm comes before the dense layer.",
    "In which order does the docstring name the three steps?",
)
class NormBeforeDense(Steps):
    def transform(self, x):
        return F.gelu(self.dense(self.norm(x)))


@mlm_head.mistake(
    "The gelu is the one with tanh; BERT has the exact one.", "Which of the two forms is asked?"
)
class TanhGelu(Steps):
    def transform(self, x):
        return self.norm(F.gelu(self.dense(x), approximate="tanh"))


@mlm_head.mistake("The activation is a ReLU.", "Which activation does the docstring name?")
class WithRelu(Steps):
    def transform(self, x):
        return self.norm(F.relu(self.dense(x)))


@mlm_head.mistake("The activation is tanh.", "Which activation does the docstring name?")
class WithTanh(Steps):
    def transform(self, x):
        return self.norm(torch.tanh(self.dense(x)))


@mlm_head.mistake(
    "The encoder's vector is added to what the layer of its own makes of it.",
    "Is this a block, with a stream?",
)
class Residual(Steps):
    def transform(self, x):
        return x + super().transform(x)


@mlm_head.mistake("The bias of the words is missing.", "Which parameter does your forward not use?")
class NoBias(Steps):
    def score(self, x):
        return x @ self.embedding.weight.mT


@mlm_head.mistake("The bias is subtracted.", "What does the docstring do with the bias?")
class BiasSubtracted(Steps):
    def score(self, x):
        return x @ self.embedding.weight.mT - self.bias


@mlm_head.mistake(
    "The table of the words is not transposed.", "Which axis of the table counts the words?"
)
class NotTransposed(Steps):
    def score(self, x):
        return x @ self.embedding.weight + self.bias


@mlm_head.mistake(
    "The scores are divided by the square root of d_model, as in attention.",
    "Does the docstring divide anything?",
)
class Divided(Steps):
    def score(self, x):
        return x @ self.embedding.weight.mT / x.shape[-1] ** 0.5 + self.bias


@mlm_head.mistake(
    "The words' vectors are brought to length 1 first.", "Does the docstring change the table?"
)
class UnitLength(Steps):
    def score(self, x):
        return x @ F.normalize(self.embedding.weight, dim=-1).mT + self.bias


@mlm_head.mistake(
    "Probabilities come out, not logits.", "Who takes the softmax: the head or the loss?"
)
class Softmax(Steps):
    def forward(self, x):
        return super().forward(x).softmax(-1)


@mlm_head.mistake(
    "Log-probabilities come out, not logits.", "Who takes the softmax: the head or the loss?"
)
class LogSoftmax(Steps):
    def forward(self, x):
        return super().forward(x).log_softmax(-1)


@mlm_head.mistake(
    "The number of the best word comes out, not the scores of all.",
    "What does the loss need to know of the words that did not win?",
)
class Best(Steps):
    def forward(self, x):
        return super().forward(x).argmax(-1)


@mlm_head.mistake(
    "The embedding is copied: what the head learns, the embedding never hears of.",
    "How many tables of words should the whole model have?",
)
class Copied(Steps):
    def __init__(self, embedding, eps=1e-12):
        super().__init__(deepcopy(embedding), eps)


@mlm_head.mistake(
    "The table gets no gradient through the head.",
    "Is there a detach or .data? Is a tensor that was detached still shared?",
)
class Detached(Steps):
    def score(self, x):
        return x @ self.embedding.weight.detach().mT + self.bias


@mlm_head.mistake(
    "The head has a table of its own, `decoder`.", "How many tables of words does the model have?"
)
class Untied(nn.Module):
    def __init__(self, embedding, eps=1e-12):
        super().__init__()
        vocab, d_model = embedding.weight.shape
        self.dense = nn.Linear(d_model, d_model)
        self.norm = nn.LayerNorm(d_model, eps=eps)
        self.decoder = nn.Linear(d_model, vocab)

    @property
    def bias(self):
        return self.decoder.bias

    def forward(self, x):
        return self.decoder(self.norm(F.gelu(self.dense(x))))


@mlm_head.mistake(
    "The eps is always 1e-12, whatever is given.", "Which argument does your constructor never use?"
)
class EpsFixed(Steps):
    def __init__(self, embedding, eps=1e-12):
        super().__init__(embedding)


@mlm_head.mistake(
    "The eps is the norm's own default, 1e-5.", "Which argument does your constructor never use?"
)
class EpsIgnored(Steps):
    def __init__(self, embedding, eps=1e-12):
        super().__init__(embedding, 1e-5)


@mlm_head.mistake(
    "The bias is a number for each place in the vector, not for each word.",
    "How many biases are there: vocab or d_model?",
)
class BiasOfWidth(Steps):
    def __init__(self, embedding, eps=1e-12):
        super().__init__(embedding, eps)
        self.bias = nn.Parameter(torch.zeros(embedding.weight.shape[1]))

    def score(self, x):
        return (x + self.bias) @ self.embedding.weight.mT


@mlm_head.mistake(
    "The bias starts with ones.", "Which word should be favoured before anything is learned?"
)
class BiasOfOnes(Steps):
    def __init__(self, embedding, eps=1e-12):
        super().__init__(embedding, eps)
        self.bias = nn.Parameter(torch.ones(len(embedding.weight)))
