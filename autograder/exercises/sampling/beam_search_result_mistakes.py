"""What goes wrong in beam_search at the end: which text is returned, and as what."""

import torch
from torch import tensor

from autograder.exercises.sampling.beam_search import beam_search
from autograder.exercises.sampling.beam_search_mistakes import mistake
from autograder.exercises.sampling.beam_search_steps import Search


@beam_search.mistake(
    "An ended text keeps its place among the beams, in competition with texts that go on.",
    "Where are finished texts kept: among the beams, or aside?",
)
@torch.no_grad()
def stays_in(model, ids, new, beams, eos=None, alpha=1.0):
    if new < 1 or beams < 1 or not len(ids):
        raise ValueError("there is nothing to search")
    live = [(0.0, ids.tolist())]
    for _ in range(new):
        pool = []
        for mass, text in live:
            if eos is not None and text[-1] == eos and len(text) > len(ids):
                pool.append((mass, text))
                continue
            logs = model(tensor([text], device=ids.device))[0, -1].log_softmax(-1)
            pool += [(mass + log, [*text, token]) for token, log in enumerate(logs.tolist())]
        live = sorted(pool, key=lambda one: -one[0] / (len(one[1]) - len(ids)) ** alpha)[:beams]
    mass, text = live[0]
    score = mass / (len(text) - len(ids)) ** alpha
    return tensor(text, device=ids.device), tensor(score, device=ids.device)


@mistake("An end in the prompt ends the search.", "Which ends has the model written itself?")
class EndInPrompt(Search):
    def write(self):
        self.check()
        if self.eos is not None and self.ids[-1].item() == self.eos:
            return self.ids.clone(), tensor(0.0, device=self.ids.device)
        return super().write()


@mistake(
    "The text that was finished first is returned, not the one with the best score.",
    "How do you choose among the finished texts?",
)
class FirstFinished(Search):
    def choose(self, finished):
        return finished[0]


@mistake("The end is cut off the text.", "Is the end part of what is returned?")
class WithoutEnd(Search):
    def result(self, text, score):
        ended = self.eos is not None and text[-1].item() == self.eos
        return (text[:-1] if ended else text), score


@mistake("The prompt is not returned.", "What does the text begin with that is returned?")
class NewOnly(Search):
    def result(self, text, score):
        return text[len(self.ids) :], score


@mistake("Only the text is returned.", "How many things does the docstring promise?")
class TextOnly(Search):
    def result(self, text, score):
        return text


@mistake(
    "The score is that of a loss: its sign is wrong.",
    "Is a log-probability positive or negative?",
)
class Loss(Search):
    def result(self, text, score):
        return text, -score


@mistake("What makes no sense is not refused.", "Which errors does the docstring name?")
class TakesAnything(Search):
    def check(self):
        self.new, self.beams = max(1, self.new), max(1, self.beams)
