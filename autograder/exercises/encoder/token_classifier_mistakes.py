"""What goes wrong in TokenClassifier."""

from copy import deepcopy

import torch
from torch import nn

from autograder.exercises.encoder.token_classifier import token_classifier
from gradus.classifier import TokenClassifier
from gradus.dropout import dropout


class Steps(TokenClassifier):
    """The classifier in steps that can go wrong one by one."""

    def encode(self, ids, padding):
        return self.encoder(ids, padding)

    def thin(self, x):
        return dropout(x, self.dropout, self.training)

    def label(self, x, padding):
        return self.out(self.thin(x))

    def forward(self, ids, padding=None):
        return self.label(self.encode(ids, padding), padding)


@token_classifier.mistake(
    "The padding is not handed to the encoder, so real tokens read it.",
    "Which argument does your forward never read?",
)
class PaddingDropped(Steps):
    def encode(self, ids, padding):
        return self.encoder(ids)


@token_classifier.mistake(
    "The padding is handed on the wrong way round.",
    "What does True stand for in the encoder's `padding`?",
)
class PaddingInverted(Steps):
    def encode(self, ids, padding):
        return self.encoder(ids, None if padding is None else ~padding)


@token_classifier.mistake(
    "Only the first token gets labels, as if the whole text were classified.",
    "How many tokens does the task label?",
)
class FirstToken(Steps):
    def label(self, x, padding):
        return super().label(x[:, 0], padding)


@token_classifier.mistake(
    "The vectors are averaged first, so a text gets one label.",
    "How many tokens does the task label?",
)
class Pooled(Steps):
    def label(self, x, padding):
        return super().label(x.mean(1), padding)


@token_classifier.mistake(
    "Probabilities come out, not logits.", "Who takes the softmax: the model or the loss?"
)
class Softmax(Steps):
    def label(self, x, padding):
        return super().label(x, padding).softmax(-1)


@token_classifier.mistake(
    "Log-probabilities come out, not logits.", "Who takes the softmax: the model or the loss?"
)
class LogSoftmax(Steps):
    def label(self, x, padding):
        return super().label(x, padding).log_softmax(-1)


@token_classifier.mistake(
    "The softmax runs over the positions, not over the labels.",
    "Should logits come out? And which numbers compete with each other?",
)
class SoftmaxOverPositions(Steps):
    def label(self, x, padding):
        return super().label(x, padding).softmax(1)


@token_classifier.mistake(
    "The best label comes out, not the scores of all.",
    "What does the loss need to know of the labels that did not win?",
)
class Best(Steps):
    def label(self, x, padding):
        return super().label(x, padding).argmax(-1)


@token_classifier.mistake(
    "The scores of the padding are set to 0.", "Does the docstring change the scores afterwards?"
)
class PaddingZeroed(Steps):
    def label(self, x, padding):
        scores = super().label(x, padding)
        return scores if padding is None else scores * padding.unsqueeze(-1)


@token_classifier.mistake(
    "The axes of positions and labels are exchanged, as torch's own loss likes it.",
    "Which shape does the docstring return?",
)
class LabelsFirst(Steps):
    def label(self, x, padding):
        return super().label(x, padding).mT


@token_classifier.mistake(
    "The encoder is frozen: only the new layer learns.",
    "Is there a detach or no_grad around the encoder?",
)
class Frozen(Steps):
    def encode(self, ids, padding):
        return super().encode(ids, padding).detach()


@token_classifier.mistake(
    "The encoder is copied; the one that was given never learns.",
    "Is the encoder in your model the one that was given?",
)
class Copied(Steps):
    def __init__(self, encoder, d_model, labels, dropout=0.0):
        super().__init__(deepcopy(encoder), d_model, labels, dropout)


@token_classifier.mistake(
    "The new layer has no bias.", "What does nn.Linear have unless it is told otherwise?"
)
class NoBias(Steps):
    def __init__(self, encoder, d_model, labels, dropout=0.0):
        super().__init__(encoder, d_model, labels, dropout)
        self.out = nn.Linear(d_model, labels, bias=False)


@token_classifier.mistake(
    "The new layer has a hidden layer in front of it.", "How many linear layers are asked?"
)
class TwoLayers(Steps):
    def __init__(self, encoder, d_model, labels, dropout=0.0):
        super().__init__(encoder, d_model, labels, dropout)
        self.out = nn.Sequential(nn.Linear(d_model, d_model), nn.GELU(), nn.Linear(d_model, labels))


@token_classifier.mistake(
    "An activation stands before the new layer.", "What does `out` read, besides dropout?"
)
class Activated(Steps):
    def label(self, x, padding):
        return super().label(torch.relu(x), padding)


@token_classifier.mistake(
    "The dropout is missing.", "Which argument of the constructor does nothing?"
)
class NoDropout(Steps):
    def thin(self, x):
        return x


@token_classifier.mistake(
    "Numbers are dropped outside of training, too.",
    "How does a module know that it is in training?",
)
class AlwaysDropped(Steps):
    def thin(self, x):
        return dropout(x, self.dropout)


@token_classifier.mistake(
    "The scores are thinned, not what the new layer reads.",
    "Does dropout stand before or after `out`?",
)
class ScoresThinned(Steps):
    def label(self, x, padding):
        return self.thin(self.out(x))
