"""What goes wrong in sequence_log_prob."""

import math

import torch
from torch import cat

from autograder.exercises.sampling.sequence_log_prob import sequence_log_prob


class Sum:
    """The sum in steps that can go wrong one by one."""

    def __init__(self, model, ids, prompt=1, padding=None, eos=None):
        self.model, self.ids, self.padding, self.eos = model, ids, padding, eos
        self.asked, self.prompt = prompt, prompt

    def logits(self):
        return self.model(self.ids) if self.padding is None else self.model(self.ids, self.padding)

    def before(self, logits):
        """The logits that predict the tokens after the prompt."""
        return logits[:, self.prompt - 1 : -1]

    def logs(self, logits):
        return logits.log_softmax(-1)

    def counted(self):
        """The tokens that count, as booleans."""
        tokens = self.ids[:, self.prompt :]
        counts = torch.ones_like(tokens, dtype=torch.bool)
        if self.padding is not None:
            counts = counts & self.padding[:, self.prompt :]
        return counts if self.eos is None else counts & ~self.over(tokens == self.eos)

    def over(self, ends):
        return (ends.cumsum(-1) - ends.int()) > 0

    def total(self, logs, counted):
        return logs.masked_fill(~counted, 0).sum(-1)

    def result(self):
        if self.asked < 1:
            raise ValueError("nothing predicts the first token")
        logs = self.logs(self.before(self.logits()))
        tokens = self.ids[:, self.prompt :]
        size = min(logs.shape[1], tokens.shape[1])
        logs = logs[:, :size].gather(-1, tokens[:, :size, None])[..., 0]
        return self.total(logs, self.counted()[:, :size])


def mistake(name, look):
    """Add a sum as a mistake."""

    def add(kind):
        def answer(model, ids, prompt=1, padding=None, eos=None):
            return kind(model, ids, prompt, padding, eos).result()

        answer.__name__ = kind.__name__
        sequence_log_prob.mistake(name, look)(answer)
        return kind

    return add


@mistake(
    "The prompt is counted as well.", "How likely is it that somebody asks what you were asked?"
)
class WithPrompt(Sum):
    def __init__(self, model, ids, prompt=1, padding=None, eos=None):
        super().__init__(model, ids, prompt, padding, eos)
        self.prompt = min(1, prompt)


@mistake(
    "Each token is looked up at its own position, where the model has read it already.",
    "Which position's logits predict token 3?",
)
class NotShifted(Sum):
    def before(self, logits):
        return logits[:, self.prompt :]


@mistake(
    "The first token after the prompt is left out.",
    "At which position does the model predict the first token after the prompt?",
)
class FirstLeftOut(Sum):
    def counted(self):
        counts = super().counted()
        return cat([torch.zeros_like(counts[:, :1]), counts[:, 1:]], 1)


@mistake("The mean is returned, not the sum.", "Is the probability of a text a mean or a product?")
class Mean(Sum):
    def total(self, logs, counted):
        return super().total(logs, counted) / counted.sum(-1).clamp(min=1)


@mistake(
    "The probability is returned, not its logarithm.", "Should the result be positive or negative?"
)
class Probability(Sum):
    def total(self, logs, counted):
        return super().total(logs, counted).exp()


@mistake(
    "The probabilities are multiplied before the logarithm is taken: long texts become impossible.",
    "What is 0.1 to the power of 50 in float32?",
)
class LogOfProduct(Sum):
    def total(self, logs, counted):
        return logs.exp().masked_fill(~counted, 1).prod(-1).log()


@mistake("The end is not counted.", "Is stopping here a choice of the model like any other?")
class WithoutEnd(Sum):
    def over(self, ends):
        return ends.cumsum(-1) > 0


@mistake("What stands behind the end is counted.", "Who chose the tokens behind the end?")
class Filling(Sum):
    def over(self, ends):
        return torch.zeros_like(ends)


@mistake(
    "Only ends are left out; what stands between them is counted.",
    "A text has ended. Does anything behind it count?",
)
class LaterEnds(Sum):
    def over(self, ends):
        return super().over(ends) & ends


@mistake("An end in the prompt ends the text.", "Which ends did the model write itself?")
class EndInPrompt(Sum):
    def over(self, ends):
        before = (self.ids[:, : self.prompt] == self.eos).any(1, keepdim=True)
        return super().over(ends) | before


@mistake("Logits are summed, not log-probabilities.", "What makes probabilities of logits?")
class Logits(Sum):
    def logs(self, logits):
        return logits


@mistake(
    "The softmax runs over the positions, not over the vocabulary.",
    "What sums to 1: the tokens that may stand in one place, or the places of a token?",
)
class OverPositions(Sum):
    def logs(self, logits):
        return logits.log_softmax(1)


@mistake("The sign is that of a loss.", "Is the logarithm of a probability positive or negative?")
class Loss(Sum):
    def total(self, logs, counted):
        return -super().total(logs, counted)


@mistake("The logarithm is that of base 2.", "Does the task ask for nats or for bits?")
class Bits(Sum):
    def total(self, logs, counted):
        return super().total(logs, counted) / math.log(2)


@mistake("All texts are summed up to one number.", "How many numbers does a batch of 3 texts give?")
class OneNumber(Sum):
    def total(self, logs, counted):
        return super().total(logs, counted).sum()


@mistake("The model is not told of the padding.", "With which arguments is the model called?")
class PaddingUntold(Sum):
    def logits(self):
        return self.model(self.ids)


@mistake("Tokens that are padding are counted.", "Where in your sum does `padding` appear?")
class PaddingCounted(Sum):
    def counted(self):
        padding, self.padding = self.padding, None
        counts = super().counted()
        self.padding = padding
        return counts


@mistake(
    "The likeliest token's log-probability is summed, not that of the token which stands there.",
    "Which entry of each row do you look up?",
)
class Likeliest(Sum):
    def result(self):
        if self.prompt < 1:
            raise ValueError("nothing predicts the first token")
        logs = self.logs(self.before(self.logits())).amax(-1)
        return self.total(logs, self.counted())


@mistake("A prompt of 0 is not refused.", "Which logits predict the first token of all?")
class TakesZero(Sum):
    def __init__(self, model, ids, prompt=1, padding=None, eos=None):
        super().__init__(model, ids, max(prompt, 1), padding, eos)
