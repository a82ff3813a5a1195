"""TokenClassifier: its cases and variants. Its mistakes are in a file of their own."""

import torch
from torch import Generator, nn, randint, randn, tensor

from autograder.exercise import ByHand, Exercise
from autograder.stand_ins import Part
from autograder.trial import Trial, build
from gradus import classifier
from gradus.classifier import TokenClassifier

token_classifier = Exercise(classifier.TokenClassifier)

VOCAB, D_MODEL, LABELS = 9, 6, 4
PADDING = tensor([[1, 1, 1, 1, 1], [1, 1, 1, 0, 0], [0, 0, 1, 1, 1]]).bool()


def _weights(rng, d_model=D_MODEL, labels=LABELS):
    return {
        "encoder.tokens.weight": randn(VOCAB, d_model, generator=rng),
        "out.weight": randn(labels, d_model, generator=rng),
        "out.bias": randn(labels, generator=rng),
    }


def _model(rng, d_model=D_MODEL, labels=LABELS, **dropout):
    trial = build(Part("encoder", (VOCAB, d_model)), d_model, labels, **dropout)
    return trial.load(_weights(rng, d_model, labels))


def _ids(rng, *shape):
    return randint(VOCAB, shape, generator=rng)


@token_classifier.case(
    "one token and two labels, by hand", hint="The encoder makes (2, 4) of this one token."
)
def by_hand(rng: Generator) -> ByHand:
    state = {
        "encoder.tokens.weight": tensor([[0.0, 0], [1, 2]]),
        "out.weight": tensor([[1.0, 1], [10, 0]]),
        "out.bias": tensor([100.0, 200]),
    }
    trial = build(Part("encoder", (2, 2)), 2, 2).load(state).call(tensor([[1]]))
    return ByHand(trial, tensor([[[106.0, 220]]]))


@token_classifier.case("a score for every label, at every token", 2)
def every_token(rng: Generator) -> list[Trial]:
    return [_model(rng).call(_ids(rng, 3, 5)), _model(rng, 6, 6).call(_ids(rng, 2, 1))]


@token_classifier.case(
    "texts with padding", 2, hint="The encoder has to know which tokens are real."
)
def with_padding(rng: Generator) -> Trial:
    return _model(rng).call(_ids(rng, 3, 5), PADDING)


@token_classifier.case("encoder and new layer learn together")
def learns(rng: Generator) -> Trial:
    return _model(rng).call(_ids(rng, 3, 5), PADDING).with_gradients()


@token_classifier.case(
    "dropout in training, and none afterwards",
    hint="With p = 1 the new layer reads zeros. What does it say then?",
)
def thinned(rng: Generator) -> list[Trial]:
    ids = _ids(rng, 3, 5)
    training = _model(rng, dropout=1.0).then("train").call(ids, PADDING)
    plain = _model(rng).then("train").call(ids, PADDING)
    return [training, plain, _model(rng, dropout=1.0).call(ids, PADDING)]


@token_classifier.case("hidden sizes", hidden=True)
def hidden(rng: Generator) -> Trial:
    batch, seq, d_model, labels = (2 + randint(5, (4,), generator=rng)).tolist()
    padding = torch.arange(seq) < 1 + randint(seq, (batch, 1), generator=rng)
    return _model(rng, d_model + 1, labels).call(_ids(rng, batch, seq), padding).with_gradients()


@token_classifier.house_rules()
def typical(rng: Generator) -> Trial:
    return _model(rng).call(_ids(rng, 3, 5), PADDING)


@token_classifier.variant
class WithModule(TokenClassifier):
    def __init__(self, encoder, d_model, labels, dropout=0.0):
        nn.Module.__init__(self)
        self.encoder = encoder
        self.drop = nn.Dropout(dropout)
        self.out = nn.Linear(in_features=d_model, out_features=labels)

    def forward(self, ids, padding=None):
        return self.out(self.drop(self.encoder(ids, padding=padding)))


@token_classifier.variant
class ByHandProduct(TokenClassifier):
    def forward(self, ids, padding=None):
        x = self.encoder(ids) if padding is None else self.encoder(ids, padding)
        x = nn.functional.dropout(x, self.dropout, training=self.training)
        return torch.einsum("bsd,ld->bsl", x, self.out.weight) + self.out.bias


@token_classifier.variant
class TokenByToken(TokenClassifier):
    def forward(self, ids, padding=None):
        x = nn.functional.dropout(self.encoder(ids, padding), self.dropout, self.training)
        return torch.stack([self.out(x[:, i]) for i in range(x.shape[1])], dim=1)
