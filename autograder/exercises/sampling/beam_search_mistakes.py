"""What goes wrong in beam_search."""

import torch
from torch import cat, zeros

from autograder.exercises.sampling.beam_search import beam_search
from autograder.exercises.sampling.beam_search_steps import Search


def mistake(name, look):
    """Add a search as a mistake."""

    def add(kind):
        def answer(model, ids, new, beams, eos=None, alpha=1.0):
            return kind(model, ids, new, beams, eos, alpha).write()

        answer.__name__ = kind.__name__
        beam_search.mistake(name, look)(answer)
        return kind

    return add


@mistake(
    "Probabilities are multiplied; the products of long texts are 0 in float32.",
    "What is 0.1 to the power of 50 in float32? What could be added instead?",
)
class Products(Search):
    def begin(self):
        return self.ids[None], torch.ones(1)

    def logs(self, logits):
        return logits.softmax(-1)

    def totals(self, mass, logs):
        return mass[:, None] * logs

    def worth(self, mass, text):
        return mass.log() / self.length**self.alpha


@mistake("The length is not taken into account.", "Where in your code does `alpha` appear?")
class NoLength(Search):
    def worth(self, mass, text):
        return mass


@mistake(
    "The mass is multiplied by the length, not divided by it.",
    "The mass is negative. Should a long text have a larger score, or a smaller one?",
)
class Multiplied(Search):
    def worth(self, mass, text):
        return mass * self.length**self.alpha


@mistake(
    "The mass is divided by alpha times the length.", "What is 3**2 in Python, and what is 3 * 2?"
)
class Times(Search):
    def worth(self, mass, text):
        return mass / (self.length * self.alpha or 1)


@mistake("The prompt counts in the length.", "Which tokens has the model written itself?")
class PromptInLength(Search):
    def worth(self, mass, text):
        return mass / len(text) ** self.alpha


@mistake("The end does not count in the length.", "Is the end one of the tokens written?")
class EndNotInLength(Search):
    def worth(self, mass, text):
        ended = self.eos is not None and text[-1].item() == self.eos
        return mass / max(1, self.length - ended) ** self.alpha


@mistake(
    "The penalty for the length is another one: ((5 + length) / 6)**alpha.",
    "That is the formula of one paper. Which one does the docstring give?",
)
class OtherPenalty(Search):
    def worth(self, mass, text):
        return mass / ((5 + self.length) / 6) ** self.alpha


@mistake(
    "Each text keeps its best continuation: the beams never compete.",
    "Two of the best continuations come from one text. Does your search keep both?",
)
class EachItsOwn(Search):
    def rank(self, totals):
        if len(totals) < self.beams:
            return super().rank(totals)
        rows = torch.arange(len(totals), device=totals.device)
        return rows * totals.shape[-1] + totals.argmax(-1)


@mistake(
    "Only the newest token counts: the mass of what was written before is forgotten.",
    "What are the numbers that you rank? What of the first token is in them?",
)
class Forgets(Search):
    def totals(self, mass, logs):
        return logs


@mistake(
    "The new tokens are put to the wrong texts: each beam goes on with its own old text.",
    "Rank 0 of the new candidates: which of the old texts does it continue?",
)
class NotMoved(Search):
    def extend(self, texts, rows, tokens):
        own = torch.arange(len(tokens), device=tokens.device).clamp(max=len(texts) - 1)
        return cat([texts[own], tokens[:, None]], 1)


@mistake(
    "It begins with the same text in every beam, so that all beams stay alike.",
    "How many different texts are there before the first step?",
)
class AllAlike(Search):
    def begin(self):
        return self.ids.repeat(self.beams, 1), zeros(self.beams)


@mistake("Texts that have ended are written on like any other.", "What may follow an end?")
class WritesOn(Search):
    def ended(self, ends):
        return []

    def go_on(self, ends):
        return torch.arange(len(ends))[: self.beams]


@mistake("Texts that have ended are thrown away.", "Where are finished texts kept until the end?")
class ThrownAway(Search):
    def ended(self, ends):
        return []


@mistake(
    "It returns as soon as the first text has ended.",
    "May a text that ends later be better?",
)
class FirstEnd(Search):
    def over(self, finished):
        return len(finished) >= 1


@mistake(
    "It goes on to the last step, however many texts have ended.",
    "When is the search over? Does one beam write what greedy writes?",
)
class NeverOver(Search):
    def over(self, finished):
        return False


@mistake(
    "Texts that have not ended after the last step are left out, as long as any has ended.",
    "Which texts count after `new` steps?",
)
class EndedOnly(Search):
    def left(self, finished, texts, mass):
        return [] if finished else super().left(finished, texts, mass)


@mistake(
    "Ended texts take up the place of beams: fewer and fewer are followed.",
    "Of the best that do not end, how many go on?",
)
class Shrinks(Search):
    def go_on(self, ends):
        return (~ends[: self.beams]).nonzero().flatten()


@mistake(
    "Ends that are not among the best `beams` count as well.",
    "Of which candidates are ends set aside?",
)
class LateEnds(Search):
    def ended(self, ends):
        return ends.nonzero().flatten().tolist()


@mistake("Logits are added up, not log-probabilities.", "What makes probabilities of logits?")
class Logits(Search):
    def logs(self, logits):
        return logits


@mistake(
    "The least likely texts are followed: the order is the wrong way round.",
    "Are log-probabilities better when they are large, or when they are small?",
)
class Worst(Search):
    def rank(self, totals):
        return totals.flatten().argsort(dim=-1, stable=True)


@mistake(
    "The finished text with the worst score is returned.", "Do you look for the maximum at the end?"
)
class WorstFinished(Search):
    def choose(self, finished):
        return min(finished, key=lambda found: found[1].item())
