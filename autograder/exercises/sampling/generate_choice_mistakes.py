"""What goes wrong in generate between the logits and a token, and with padding."""

import torch
from torch import cat

from autograder.exercises.sampling.generate_mistakes import mistake
from autograder.exercises.sampling.generate_steps import Writer
from gradus.penalty import repetition_penalty
from gradus.sampling import sample


@mistake(
    "The generator is set back at every step, so that the dice always fall alike.",
    "How often is a seed set in your code?",
)
class SameDice(Writer):
    def choose(self, logits):
        if self.temperature <= 0:
            return super().choose(logits)
        seed = self.generator.initial_seed() if self.generator else 0
        return sample(logits, torch.Generator().manual_seed(seed))


@mistake(
    "The generator is not used: the draws come from torch's global one.",
    "Where in your code does `generator` appear?",
)
class NoGenerator(Writer):
    def choose(self, logits):
        return sample(logits) if self.temperature > 0 else super().choose(logits)


@mistake("It always takes the likeliest token, whatever the temperature.", "When is a token drawn?")
class AlwaysGreedy(Writer):
    def choose(self, logits):
        return logits.argmax(-1)


@mistake("The temperature is ignored.", "Where in your code does `temperature` appear?")
class NoTemperature(Writer):
    def warm(self, logits):
        return logits


@mistake(
    "The temperature is applied once more at every step.",
    "Is something multiplied or divided in your loop that was so already?",
)
class MoreAndMore(Writer):
    def warm(self, logits):
        for _ in range(self.step + 1):
            logits = super().warm(logits)
        return logits


@mistake("`keep` is never called.", "Where in your code does `keep` appear?")
class NoFilter(Writer):
    def filter(self, logits):
        return logits


@mistake(
    "`keep` gets the logits before the temperature.", "In which order does the task name the steps?"
)
class FiltersFirst(Writer):
    def change(self, logits):
        return self.warm(self.filter(self.penalise(logits)))


@mistake(
    "At temperature 0 `keep` is not asked.", "Does the task make an exception of the third step?"
)
class ColdUnfiltered(Writer):
    def filter(self, logits):
        return super().filter(logits) if self.temperature > 0 else logits


@mistake("`padding` is ignored.", "Where in your code does `padding` appear?")
class NoPadding(Writer):
    def seen(self):
        return None

    def penalise(self, logits):
        return repetition_penalty(logits, self.text, self.penalty)


@mistake(
    "The padding does not grow with the text.",
    "The model reads one token more than before. What does the padding say of it?",
)
class StaysShort(Writer):
    def grow(self):
        return self.real


@mistake(
    "The tokens that it writes count as padding.", "What is True in `padding`, and is a new token?"
)
class NewIsPadding(Writer):
    def grow(self):
        return (
            None if self.real is None else cat([self.real, torch.zeros_like(self.real[:, :1])], 1)
        )

    def penalise(self, logits):
        real = None if self.real is None else cat(
            [self.padding, torch.ones_like(self.real[:, self.padding.shape[1] :])], 1
        )  # fmt: skip
        return repetition_penalty(logits, self.text, self.penalty, real)


@mistake("`penalty` is ignored.", "Where in your code does `penalty` appear?")
class NoPenalty(Writer):
    def penalise(self, logits):
        return logits


@mistake("Only what is written counts for the penalty, not the prompt.", "What is the text so far?")
class PenalisesNew(Writer):
    def penalise(self, logits):
        return repetition_penalty(logits, self.text[:, self.ids.shape[1] :], self.penalty)


@mistake("Only the prompt counts for the penalty, not what is written.", "What is the text so far?")
class PenalisesPrompt(Writer):
    def penalise(self, logits):
        return repetition_penalty(logits, self.ids, self.penalty, self.padding)


@mistake("The padding is penalised too.", "Is padding a part of the text?")
class PenalisesPadding(Writer):
    def penalise(self, logits):
        return repetition_penalty(logits, self.text, self.penalty)


@mistake("What makes no sense is not refused.", "Which errors does the docstring name?")
class TakesAnything(Writer):
    def check(self):
        pass
