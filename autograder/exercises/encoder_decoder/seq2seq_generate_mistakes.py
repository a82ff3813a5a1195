"""What goes wrong in seq2seq_generate: where it starts, and where it stops."""

from autograder.exercises.encoder_decoder.seq2seq_generate_steps import Writer, mistake


@mistake(
    "It starts with the padding, whatever `start_id` is.",
    "Where in your code is `start_id`? T5's start happens to be its padding.",
)
class StartsWithPadding(Writer):
    def first(self):
        return self.pad_id


@mistake("It starts with the end token.", "Where in your code is `start_id`?")
class StartsWithEnd(Writer):
    def first(self):
        return self.end_id


@mistake("The start token is returned as well.", "What does the task say about the start token?")
class KeepsStart(Writer):
    def result(self, ids):
        return ids


@mistake(
    "It never stops early: when all rows are done, it goes on to write padding.",
    "How wide should the result be when the longest row ends after 3 tokens?",
)
class NeverStops(Writer):
    def stop(self, done):
        return False


@mistake(
    "A row that has ended goes on writing.", "What does the model know about a text that is over?"
)
class GoesOn(Writer):
    def finish(self, token, done):
        return token


@mistake(
    "It stops only when all rows end in the same step, and rows that end before write on.",
    "How does your code remember which rows are done?",
)
class RemembersNothing(GoesOn):
    def ended(self, done, token):
        return token == self.end_id


@mistake("It stops as soon as one row has ended.", "Are the other rows done as well?")
class StopsWithTheFirst(Writer):
    def stop(self, done):
        return bool(done.any())


@mistake("It looks at the first row only to see whether to stop.", "How many rows are there?")
class LooksAtRowZero(Writer):
    def stop(self, done):
        return bool(done[0])


@mistake(
    "The end token itself is not written: padding stands in its place.",
    "How can one tell a text that has ended from one that was cut?",
)
class NoEnd(Writer):
    def result(self, ids):
        return ids[:, 1:].masked_fill(ids[:, 1:] == self.end_id, self.pad_id)


@mistake(
    "A row counts as done only while its last token is the end: after the padding it goes on.",
    "Is a row that ended two steps ago still done? What does your code compare?",
)
class ForgetsDone(Writer):
    def ended(self, done, token):
        return token == self.end_id


@mistake("Rows that are done repeat the end token.", "Which id fills up rows that are done?")
class PadsWithEnd(Writer):
    def finish(self, token, done):
        return token.masked_fill(done, self.end_id)


@mistake(
    "Rows that are done are filled up with 0, whatever `pad_id` is.",
    "Is the id of the padding 0 in every vocabulary?",
)
class PadsWithZero(Writer):
    def finish(self, token, done):
        return token.masked_fill(done, 0)
