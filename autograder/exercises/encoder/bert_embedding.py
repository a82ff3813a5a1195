"""BertEmbedding: its cases and variants. Its mistakes are in a file of their own."""

import torch
from torch import Generator, nn, randint, randn, tensor

from autograder.exercise import ByHand, Exercise
from autograder.exercises.embedding.starts import Starts
from autograder.judge import complaint
from autograder.observation import Observation
from autograder.trial import Trial, build
from gradus import encoder as layers
from gradus.encoder import BertEmbedding

bert_embedding = Exercise(layers.BertEmbedding)


def weights(rng, vocab, d_model, max_seq, types=2, scale=1.0):
    """Random tables, and a norm whose weight and bias are random too."""
    tables = {"tokens": vocab, "positions": max_seq, "types": types}
    state = {f"{t}.weight": scale * randn(n, d_model, generator=rng) for t, n in tables.items()}
    return state | {f"norm.{n}": randn(d_model, generator=rng) for n in ("weight", "bias")}


def _layer(rng, vocab=9, d_model=6, max_seq=7, types=2):
    return build(vocab, d_model, max_seq, types).load(weights(rng, vocab, d_model, max_seq, types))


@bert_embedding.case(
    "two tokens, by hand", hint="Add the three vectors first. Their sums are (2, 4) and (5, 3)."
)
def by_hand(rng: Generator) -> ByHand:
    state = {
        "tokens.weight": tensor([[0.0, 0], [1, 2], [3, 3]]),
        "positions.weight": tensor([[1.0, 1], [2, -1], [7, 7]]),
        "types.weight": tensor([[0.0, 1], [5, 5]]),
        "norm.weight": tensor([4.0, 6]),
        "norm.bias": tensor([10.0, 20]),
    }
    trial = build(3, 2, 3, eps=3.0).load(state).call(tensor([[1, 2]]))
    return ByHand(trial, tensor([[[8.0, 23], [12, 17]]]))


@bert_embedding.case("texts of one segment", 2, hint="Without types, every token is of type 0.")
def one_segment(rng: Generator) -> list[Trial]:
    trial = _layer(rng)
    return [trial.call(randint(9, (3, seq), generator=rng)) for seq in (5, 1)]


@bert_embedding.case(
    "texts of two segments", 2, hint="The second segment goes on where the first one ended."
)
def two_segments(rng: Generator) -> Trial:
    types = tensor([[0, 0, 0, 1, 1], [0, 1, 1, 1, 0], [1, 1, 1, 1, 1]])
    return _layer(rng).call(randint(9, (3, 5), generator=rng), types)


@bert_embedding.case("one type of segment, and three", 0.5)
def kinds(rng: Generator) -> list[Trial]:
    ids, types = randint(9, (2, 5), generator=rng), tensor([[0, 2, 1, 1, 0], [2, 2, 0, 0, 1]])
    return [_layer(rng, types=1).call(ids), _layer(rng, types=3).call(ids, types)]


@bert_embedding.case("the eps that it is given, and the one that it is not")
def eps(rng: Generator) -> list[Trial]:
    ids = randint(9, (2, 5), generator=rng)
    small = build(9, 6, 7).load(weights(rng, 9, 6, 7, scale=1e-3)).call(ids)
    return [small, build(9, 6, 7, eps=0.5).load(weights(rng, 9, 6, 7)).call(ids)]


@bert_embedding.case(
    "a text as long as the table, and one that is longer",
    0.5,
    hint="There is no vector for the eighth position of seven. What does your table do then?",
)
def long_texts(rng: Generator) -> list[Trial]:
    trial = _layer(rng)
    return [trial.call(randint(9, (2, seq), generator=rng)) for seq in (7, 8)]


@bert_embedding.case("every vector learns")
def learns(rng: Generator) -> Trial:
    types = tensor([[0, 0, 1, 1, 1], [0, 0, 0, 1, 1]])
    return _layer(rng).call(tensor([[3, 0, 1, 2, 8], [0, 3, 3, 5, 1]]), types).with_gradients()


class SmallTables(Starts):
    """The tables that a module starts with, out of its `state_dict`."""

    def _tables(self, one: Observation) -> list[Observation]:
        return [
            Observation([table]) for name, table in one.outputs[0].items() if "norm" not in name
        ]

    def fault(self, seen, expected, words):
        """Report a table that is missing, or starts with other numbers."""
        [one], [right] = seen, expected
        if text := complaint(one, right):
            return text
        got, wanted = one.outputs[0], right.outputs[0]
        if not isinstance(got, dict) or list(got) != list(wanted):
            return f"Its weights should be called {', '.join(wanted)}."
        for name in wanted:
            text = None if "norm" in name else self._table(got[name], wanted[name])
            if text:
                return f"{name}: {text}"
        return None

    def alike(self, one, other):
        """Whether all tables start alike."""
        if one.raised or other.raised or one.outputs[0].keys() != other.outputs[0].keys():
            return False
        pairs = zip(self._tables(one), self._tables(other), strict=True)
        return all(super(SmallTables, self).alike(*pair) for pair in pairs)


@bert_embedding.case("the numbers that it starts with", 0.5, judge=SmallTables(0.02))
def starts(rng: Generator) -> Trial:
    return build(200, 40, 150, 100).then("state_dict")


@bert_embedding.case("hidden sizes", hidden=True)
def hidden(rng: Generator) -> Trial:
    batch, seq, vocab, d_model, types = (2 + randint(5, (5,), generator=rng)).tolist()
    sizes = vocab + 5, d_model + 1, seq + 2, types
    ids = randint(sizes[0], (batch, seq), generator=rng)
    kinds = randint(types, (batch, seq), generator=rng)
    return build(*sizes, eps=0.2).load(weights(rng, *sizes)).call(ids, kinds).with_gradients()


@bert_embedding.house_rules()
def typical(rng: Generator) -> Trial:
    types = tensor([[0, 0, 1, 1, 1], [0, 1, 1, 0, 0]])
    return _layer(rng).call(randint(9, (2, 5), generator=rng), types)


@bert_embedding.variant
class WithTorch(BertEmbedding):
    """Torch's own tables and norm, under the same names."""

    def __init__(self, vocab, d_model, max_seq, types=2, eps=1e-12):
        nn.Module.__init__(self)
        self.tokens = nn.Embedding(vocab, d_model)
        self.positions = nn.Embedding(max_seq, d_model)
        self.types = nn.Embedding(types, d_model)
        self.norm = nn.LayerNorm(d_model, eps=eps)
        for table in (self.tokens, self.positions, self.types):
            table.weight.data.normal_(0, 0.02)

    def forward(self, ids, types=None):
        if ids.shape[1] > self.positions.num_embeddings:
            raise ValueError("too long")
        places = torch.arange(ids.shape[1], device=ids.device)
        kinds = self.types.weight[0] if types is None else self.types(types)
        return self.norm(self.tokens(ids) + self.positions(places) + kinds)


@bert_embedding.variant
class OtherOrder(BertEmbedding):
    def forward(self, ids, types=None):
        if types is None:
            types = torch.full_like(ids, 0)
        return self.norm(self.positions(self.types(types) + self.tokens(ids), 0))


@bert_embedding.variant
class NormByHand(BertEmbedding):
    def forward(self, ids, types=None):
        if ids.size(1) > self.positions.weight.size(0):
            raise ValueError(f"{ids.size(1)} positions")
        types = ids * 0 if types is None else types
        x = self.tokens.weight[ids] + self.types.weight[types]
        x = x + self.positions.weight[: ids.size(1)].unsqueeze(0)
        variance, mean = torch.var_mean(x, -1, correction=0, keepdim=True)
        return (x - mean) / (variance + self.norm.eps).sqrt() * self.norm.weight + self.norm.bias
