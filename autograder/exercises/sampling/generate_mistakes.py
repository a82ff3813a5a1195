"""What goes wrong in generate."""

from autograder.exercises.sampling.generate import generate
from autograder.exercises.sampling.generate_steps import Writer


def mistake(name, look):
    """Add a writer as a mistake."""

    def add(kind):
        def answer(
            model, ids, new, padding=None, eos=None, temperature=1.0, keep=None, context=None,
            cached=True, generator=None, penalty=1.0,
        ):  # fmt: skip
            return kind(
                model, ids, new, padding, eos, temperature, keep, context, cached, generator,
                penalty,
            ).write()  # fmt: skip

        answer.__name__ = kind.__name__
        generate.mistake(name, look)(answer)
        return kind

    return add


@mistake(
    "The logits of the first position are used: they say what follows the first token.",
    "At which position does the model say what follows the whole text?",
)
class FirstPosition(Writer):
    def last(self, logits):
        return logits[:, 0]


@mistake(
    "The logits of the last position but one are used: they say what is there already.",
    "What do the logits at the position of the last token predict?",
)
class BeforeLast(Writer):
    def last(self, logits):
        return logits[:, -min(2, logits.shape[1])]


@mistake(
    "Only the last token is read, although there are no caches that know the others.",
    "Without caches, what does the model know of the text?",
)
class LastTokenOnly(Writer):
    def window(self):
        return self.text[:, -1:]

    def seen(self):
        seen = super().seen()
        return seen if seen is None or self.cached else seen[:, -1:]


@mistake(
    "`context` is ignored: the text outgrows what the model can read.",
    "Where in your code does `context` appear?",
)
class NeverCrops(Writer):
    def first(self):
        return 0


@mistake(
    "The first tokens are kept, and the new ones are cut off.",
    "Which end of a long text matters for what comes next?",
)
class CropsTheEnd(Writer):
    def fresh(self):
        return self.step == 0 or self.text.shape[1] > (self.context or 10**9)

    def first(self):
        return 0

    def unread(self):
        return self.text[:, self.read : self.context]

    def window(self):
        return self.text[:, : self.context]

    def seen(self):
        return None if self.real is None else self.real[:, : self.context]


@mistake(
    "It ends as soon as one text has ended.", "May a short answer cut the others of its batch off?"
)
class StopsAtFirst(Writer):
    def stop(self):
        return bool(self.done.any())


@mistake("It goes on after all texts have ended.", "When is there nothing left to be written?")
class NeverStops(Writer):
    def stop(self):
        return False


@mistake(
    "Texts go on after their end, as long as others are not finished.",
    "What should a finished text be filled up with?",
)
class WritesOn(Writer):
    def finish(self, token):
        return token


@mistake(
    "Finished texts are filled up with 0, not with eos.", "What does the task fill texts up with?"
)
class FillsWithZero(Writer):
    def finish(self, token):
        return token.masked_fill(self.done, 0)


@mistake(
    "An end in the prompt counts as the end of the text.",
    "Does it matter what the prompt says, or what the model writes?",
)
class EndInPrompt(Writer):
    def began(self):
        if self.eos is None:
            return super().began()
        return (self.ids == self.eos).any(1)


@mistake("The prompt is not returned.", "What shape has the result?")
class NewOnly(Writer):
    def result(self):
        return self.text[:, self.ids.shape[1] :]


@mistake("It writes one token too many.", "How many steps does your loop take?")
class OneMore(Writer):
    def steps(self):
        return range(self.new + 1)


@mistake("It writes one token too few.", "How many steps does your loop take?")
class OneLess(Writer):
    def steps(self):
        return range(max(0, self.new - 1))


@mistake(
    "`new` is taken for the length of the whole text.",
    "Does the prompt count among the tokens that are asked for?",
)
class WholeLength(Writer):
    def steps(self):
        return range(max(0, self.new - self.ids.shape[1]))


@mistake(
    "The model is used in the mode that it comes in, with dropout if that is on.",
    "Which mode is for use, and which for training?",
)
class NoEval(Writer):
    def begin(self):
        self.mode = self.model.training


@mistake("The model is left in eval mode.", "In which mode did it come?")
class LeavesEval(Writer):
    def end(self):
        pass


@mistake("The model is left in train mode.", "In which mode did it come?")
class LeavesTrain(Writer):
    def end(self):
        self.model.train()


@mistake(
    "Gradients are kept for the whole text: the memory grows with every token.",
    "Will anybody call backward on what is written?",
)
class KeepsGradients(Writer):
    grades = True


@mistake(
    "When the text outgrows the context, the old caches are kept.",
    "The window has moved by one. Does what the caches hold still begin where it begins?",
)
class StaleCaches(Writer):
    def fresh(self):
        return self.step == 0


@mistake(
    "The whole text is put into the caches again at every step.",
    "What do the caches hold already?",
)
class ReadsTwice(Writer):
    def unread(self):
        return self.window()


@mistake(
    "New caches are made at every step: they never save anything.",
    "How many tokens does the model read at the tenth step?",
)
class NewCaches(Writer):
    def fresh(self):
        return True


@mistake(
    "All blocks share one cache.", "What does `[KVCache()] * n` hold: n caches, or one n times?"
)
class OneCache(Writer):
    def empty(self):
        return super().empty()[:1] * len(self.model.blocks)


@mistake("Caches are used even where `cached` is False.", "Where does `cached` appear?")
class AlwaysCached(Writer):
    def begin(self):
        super().begin()
        self.cached = True
