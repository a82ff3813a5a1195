"""What goes wrong in score_labels when log-probabilities are looked up and put together."""

import torch

from autograder.exercises.prompting.score_labels import score_labels
from autograder.exercises.prompting.score_labels_steps import score, together
from gradus.scoring import score_labels as right


@score_labels.mistake(
    "The probabilities are averaged, and the logarithm is taken of their mean.",
    "Which comes first: the logarithm, or the mean?",
)
def log_of_mean(model, encode, prompt, labels, device=None):
    def collect(log_probs):
        return log_probs.exp().mean().log()

    return score(model, encode, prompt, labels, collect=collect)


@score_labels.mistake(
    "It takes the logarithm of a softmax, which is 0 where the odds are long.",
    "What is log(0)? Which function goes there in one step?",
)
def log_of_softmax(model, encode, prompt, labels, device=None):
    def measure(logits, ids):
        return logits.softmax(-1).log().gather(-1, ids.unsqueeze(-1)).squeeze(-1)

    return score(model, encode, prompt, labels, measure=measure)


@score_labels.mistake(
    "The logits themselves are averaged: they are no log-probabilities yet.",
    "By how much can all logits grow and change nothing?",
)
def raw_logits(model, encode, prompt, labels, device=None):
    def measure(logits, ids):
        return logits.gather(-1, ids.unsqueeze(-1)).squeeze(-1)

    return score(model, encode, prompt, labels, measure=measure)


@score_labels.mistake(
    "The scores are normalised over the labels, not over the vocabulary.",
    "Over what does the softmax of a language model run?",
)
def over_labels(model, encode, prompt, labels, device=None):
    return right(model, encode, prompt, labels).log_softmax(-1)


@score_labels.mistake(
    "The sign is wrong: these are losses, and the best label has the smallest.",
    "Is the logarithm of a probability above or below 0?",
)
def losses(model, encode, prompt, labels, device=None):
    return -right(model, encode, prompt, labels)


@score_labels.mistake(
    "The best label's place is returned, not the scores.", "What does the docstring promise?"
)
def best_only(model, encode, prompt, labels, device=None):
    return right(model, encode, prompt, labels).argmax()


@score_labels.mistake(
    "The model reads the label without the prompt, or only the prompt's last token.",
    "What did the model read before the label?",
)
def last_only(model, encode, prompt, labels, device=None):
    right(model, encode, prompt, labels)

    def cut(encode, prompt, label):
        ids, start = together(encode, prompt, label)
        return ids[start - 1 :], 1

    return score(model, encode, prompt, labels, cut=cut)


@score_labels.mistake(
    "Labels go into one batch, and the padding of the shorter ones is scored too.",
    "Whose tokens stand behind a short label in a batch?",
)
def padding_too(model, encode, prompt, labels, device=None):
    right(model, encode, prompt, labels)
    cuts = [together(encode, prompt, label) for label in labels]
    longest = max(len(ids) for ids, _ in cuts)

    def cut(encode, prompt, label):
        ids, start = together(encode, prompt, label)
        return ids + [0] * (longest - len(ids)), start

    return score(model, encode, prompt, labels, cut=cut)


@score_labels.mistake(
    "A label's tokens are all scored after the prompt alone, not after the tokens before them.",
    "What has the model read when it comes to the second token of 'badder'?",
)
def prompt_alone(model, encode, prompt, labels, device=None):
    right(model, encode, prompt, labels)
    scores = []
    for label in labels:
        ids, start = together(encode, prompt, label)
        logits = model(torch.tensor([ids[:start]]))[0, -1]
        scores.append(logits.log_softmax(-1)[ids[start:]].mean())
    return torch.stack(scores)


@score_labels.mistake("An empty label, or no labels, are not refused.", "What is the score of ''?")
def refuses_no_label(model, encode, prompt, labels, device=None):
    if not labels:
        return torch.zeros(0)
    if "" in labels:
        return score(model, encode, prompt, labels, check=False)
    return right(model, encode, prompt, labels)


@score_labels.mistake(
    "A prompt of no tokens is not refused.",
    "After what does the model say how probable the label's first token is?",
)
def refuses_no_prompt(model, encode, prompt, labels, device=None):
    if labels and "" not in labels and not encode(prompt):
        return score(
            model, encode, prompt, labels, cut=lambda e, p, x: (e(f" {x}") * 2, 1), check=0
        )
    return right(model, encode, prompt, labels)


@score_labels.mistake(
    "The labels' first tokens are compared with each other: a softmax over the labels only.",
    "How many tokens has 'badder'? And over what does the softmax of a language model run?",
)
def among_first_tokens(model, encode, prompt, labels, device=None):
    logits = model(torch.tensor([encode(prompt)]))[0, -1]
    return logits[[encode(f" {label}")[0] for label in labels]].softmax(-1)


@score_labels.mistake(
    "The scores are returned as a list, not as a tensor.", "What does the signature say it returns?"
)
def as_list(model, encode, prompt, labels, device=None):
    return right(model, encode, prompt, labels).tolist()
