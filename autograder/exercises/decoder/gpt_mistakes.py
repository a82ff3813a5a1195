"""What goes wrong in Gpt: the way up, from the tokens to the logits."""

import torch
from torch import nn

from autograder.exercises.decoder.gpt import gpt
from autograder.exercises.decoder.gpt_steps import Steps


@gpt.mistake("There is no norm before the head.", "Where in your code is `norm`?")
class NoNorm(Steps):
    def last(self, x):
        return self.score(x)


@gpt.mistake(
    "The norm is applied before the blocks, not after them.",
    "What does the head read: the stream, or a normalised copy of it?",
)
class NormFirst(Steps):
    def up(self, x, mask, caches):
        return super().up(self.norm(x), mask, caches)

    def last(self, x):
        return self.score(x)


@gpt.mistake(
    "The last norm is applied after every block.",
    "Is the norm inside your loop over the blocks, or behind it?",
)
class NormEachTime(Steps):
    def up(self, x, mask, caches):
        for i, block in enumerate(self.blocks):
            x = self.norm(block(x, mask=mask, cache=caches[i] if caches else None))
        return x

    def last(self, x):
        return self.score(x)


@gpt.mistake(
    "A head that is given is not used: tokens are always scored with the embedding.",
    "Where in your code is `head`?",
)
class HeadIgnored(Steps):
    def score(self, x):
        return x @ self.tokens.weight.T


@gpt.mistake(
    "It makes a linear head of its own where none is given.",
    "Which weights score the tokens when there is no head? Are new ones needed?",
)
class NewHead(Steps):
    def __init__(self, tokens, blocks, norm, positions=None, head=None):
        vocab, width = tokens.weight.shape
        super().__init__(
            tokens, blocks, norm, positions, head or nn.Linear(width, vocab, bias=False)
        )


@gpt.mistake(
    "The blocks are kept in a plain list, so their weights are no part of the model.",
    "Which kind of list does a module know the members of?",
)
class PlainList(Steps):
    def __init__(self, tokens, blocks, norm, positions=None, head=None):
        super().__init__(tokens, [], norm, positions, head)
        del self.blocks
        self.blocks = list(blocks)


@gpt.mistake(
    "A mask is kept as a buffer, so it turns up among the weights to be loaded.",
    "What is in your model's state_dict() that nobody learns?",
)
class MaskKept(Steps):
    def __init__(self, tokens, blocks, norm, positions=None, head=None):
        super().__init__(tokens, blocks, norm, positions, head)
        self.register_buffer("causal_mask", torch.ones(1024, 1024).tril().bool())


@gpt.mistake(
    "The word vectors are added twice: `place` has added them already.",
    "What does `place` return: positions, or words with their positions?",
)
class WordsTwice(Steps):
    def put(self, x, ids, past, padding):
        return x if self.positions is None else x + super().put(x, ids, past, padding)


@gpt.mistake("The positions are not added.", "Where in your code is `positions`?")
class NoPositions(Steps):
    def put(self, x, ids, past, padding):
        return x


@gpt.mistake(
    "The positions are added after the blocks.",
    "Can a block know where a word stands if positions come behind it?",
)
class PositionsLast(Steps):
    def forward(self, ids, padding=None, caches=None):
        past = self.held(caches)
        x = self.up(self.embed(ids), self.mask(ids, past, padding), caches)
        return self.last(self.put(x, ids, past, padding))


@gpt.mistake(
    "The positions are added again before every block.",
    "Is adding the positions inside your loop over the blocks?",
)
class PositionsEachTime(Steps):
    def forward(self, ids, padding=None, caches=None):
        past = self.held(caches)
        x, mask = self.embed(ids), self.mask(ids, past, padding)
        for i, block in enumerate(self.blocks):
            x = self.put(x, ids, past, padding)
            x = block(x, mask=mask, cache=caches[i] if caches else None)
        return self.last(x)


@gpt.mistake(
    "Positions are looked up by the id of the token, not by its place.",
    "Which number tells where a token stands: its id?",
)
class PositionsById(Steps):
    def put(self, x, ids, past, padding):
        if self.positions is None:
            return x
        if past + ids.shape[1] > len(self.positions.weight):
            raise ValueError("too long")
        return x + self.positions.weight[ids % len(self.positions.weight)]


@gpt.mistake(
    "The word vectors are multiplied by the square root of their width.",
    "Which model scales its embeddings: this one, or the first Transformer?",
)
class Scaled(Steps):
    def embed(self, ids):
        x = self.tokens(ids)
        return x * x.shape[-1] ** 0.5


@gpt.mistake(
    "It returns probabilities, not logits.", "Does the task say a softmax comes after the head?"
)
class Probabilities(Steps):
    def last(self, x):
        return super().last(x).softmax(-1)


@gpt.mistake(
    "It returns log-probabilities, not logits.",
    "Does the task say a softmax comes after the head?",
)
class LogProbabilities(Steps):
    def last(self, x):
        return super().last(x).log_softmax(-1)


@gpt.mistake(
    "Only the logits of the last position come back.",
    "How many positions predict a next token while the model is trained?",
)
class LastOnly(Steps):
    def last(self, x):
        return super().last(x)[:, -1:]


@gpt.mistake(
    "The logits of the last position are cut off.",
    "Who shifts logits against ids: the model, or the loss?",
)
class Shifted(Steps):
    def last(self, x):
        return super().last(x)[:, :-1]


@gpt.mistake("Only the first block is run.", "Is there a return inside your loop?")
class FirstBlock(Steps):
    def up(self, x, mask, caches):
        for block in self.blocks[:1]:
            x = block(x, mask=mask, cache=caches[0] if caches else None)
        return x


@gpt.mistake(
    "The first block is run over and over in place of the others.",
    "Does the name of the block in your loop change with each turn?",
)
class SameBlock(Steps):
    def up(self, x, mask, caches):
        for i in range(len(self.blocks)):
            x = self.blocks[0](x, mask=mask, cache=caches[i] if caches else None)
        return x


@gpt.mistake("The blocks are run in reverse order.", "Which block reads the words first?")
class Reversed(Steps):
    def up(self, x, mask, caches):
        for i in reversed(range(len(self.blocks))):
            x = self.blocks[i](x, mask=mask, cache=caches[i] if caches else None)
        return x


@gpt.mistake(
    "Every block reads the word vectors; only what the last one says is kept.",
    "What does the second block read?",
)
class AllFromWords(Steps):
    def up(self, x, mask, caches):
        out = x
        for i, block in enumerate(self.blocks):
            out = block(x, mask=mask, cache=caches[i] if caches else None)
        return out


@gpt.mistake(
    "The stream is added to what a block returns, which holds it already.",
    "Who adds to the stream: the block itself, or the model?",
)
class AddedAgain(Steps):
    def up(self, x, mask, caches):
        for i, block in enumerate(self.blocks):
            x = x + block(x, mask=mask, cache=caches[i] if caches else None)
        return x


@gpt.mistake(
    "Without a head, no gradient reaches the embedding from the scores.",
    "Is there a detach, .data or no_grad where the scores are made?",
)
class TiedDetached(Steps):
    def score(self, x):
        return x @ self.tokens.weight.detach().T if self.head is None else self.head(x)
