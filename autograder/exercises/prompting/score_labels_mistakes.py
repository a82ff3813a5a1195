"""What goes wrong in score_labels."""

import torch

from autograder.exercises.prompting.score_labels import score_labels
from autograder.exercises.prompting.score_labels_steps import score, shared, together
from gradus.probability import gather_log_probs
from gradus.scoring import score_labels as right


@score_labels.mistake(
    "The log-probabilities of a label's tokens are added up, not averaged: short labels win.",
    "Each token takes something off. How often is that taken from 'badder'?",
)
def total(model, encode, prompt, labels, device=None):
    return score(model, encode, prompt, labels, collect=torch.sum)


@score_labels.mistake("Only the first token of a label is scored.", "How many tokens has 'badder'?")
def first_token(model, encode, prompt, labels, device=None):
    return score(model, encode, prompt, labels, collect=lambda log_probs: log_probs[0])


@score_labels.mistake("Only the last token of a label is scored.", "How many tokens has 'badder'?")
def last_token(model, encode, prompt, labels, device=None):
    return score(model, encode, prompt, labels, collect=lambda log_probs: log_probs[-1])


@score_labels.mistake(
    "The prompt's own tokens are in the mean as well.",
    "Do all labels share the prompt? What can it tell of one of them?",
)
def prompt_too(model, encode, prompt, labels, device=None):
    def cut(encode, prompt, label):
        return encode(f"{prompt} {label}"), 1

    return score(model, encode, prompt, labels, cut=cut)


@score_labels.mistake(
    "The sum over the label's tokens is divided by the length of the whole text.",
    "The mean of which tokens is asked?",
)
def over_all(model, encode, prompt, labels, device=None):
    means = score(model, encode, prompt, labels, collect=torch.sum)
    return means / torch.tensor([len(encode(f"{prompt} {label}")) for label in labels])


@score_labels.mistake(
    "The sum is divided by the number of the label's characters, not of its tokens.",
    "What do you count with len(label)?",
)
def over_characters(model, encode, prompt, labels, device=None):
    sums = score(model, encode, prompt, labels, collect=torch.sum)
    return sums / torch.tensor([len(label) for label in labels])


@score_labels.mistake(
    "There is no space between the prompt and the label.",
    "Is 'good' the same token as ' good'?",
)
def no_space(model, encode, prompt, labels, device=None):
    right(model, encode, prompt, labels)

    def cut(encode, prompt, label):
        ids = encode(prompt + label)
        return ids, max(1, shared(encode(prompt), ids))

    return score(model, encode, prompt, labels, cut=cut)


@score_labels.mistake(
    "Prompt and label are cut into tokens one by one, and their ids put together.",
    "Does the tokenizer cut the whole text in the same places?",
)
def apart(model, encode, prompt, labels, device=None):
    def cut(encode, prompt, label):
        return encode(prompt) + encode(f" {label}"), len(encode(prompt))

    return score(model, encode, prompt, labels, cut=cut)


@score_labels.mistake(
    "The label is taken to begin after as many tokens as the prompt has by itself.",
    "When the prompt's last token grows by the label, how many tokens are the prompt's own?",
)
def by_length(model, encode, prompt, labels, device=None):
    def cut(encode, prompt, label):
        ids = encode(f"{prompt} {label}")
        return ids, min(len(encode(prompt)), len(ids) - 1)

    return score(model, encode, prompt, labels, cut=cut)


@score_labels.mistake(
    "As many tokens are scored as the label has by itself, counted from the end.",
    "Has ' label' always as many tokens at the end of a text as alone?",
)
def from_the_end(model, encode, prompt, labels, device=None):
    def cut(encode, prompt, label):
        ids = encode(f"{prompt} {label}")
        return ids, max(1, len(ids) - len(encode(f" {label}")))

    return score(model, encode, prompt, labels, cut=cut)


@score_labels.mistake(
    "It is off by one: each token is looked up in the logits after it, not before it.",
    "The logits at place t: are they about token t, or about the one that follows?",
)
def unshifted(model, encode, prompt, labels, device=None):
    return score(model, encode, prompt, labels, shift=0)


@score_labels.mistake(
    "It is off by one the other way: each token is looked up two places before it.",
    "Which logits did the model give when it had just read the prompt's last token?",
)
def two_before(model, encode, prompt, labels, device=None):
    right(model, encode, prompt, labels)
    scores = []
    for label in labels:
        ids, start = together(encode, prompt, label)
        text = torch.tensor(ids)
        places = (torch.arange(start, len(ids)) - 2).clamp(min=0)
        logits = model(text.unsqueeze(0))[0, places]
        scores.append(gather_log_probs(logits, text[start:]).mean())
    return torch.stack(scores)


@score_labels.mistake(
    "Probabilities are returned, not their logarithms.", "What does the docstring say a score is?"
)
def probabilities(model, encode, prompt, labels, device=None):
    return right(model, encode, prompt, labels).exp()
