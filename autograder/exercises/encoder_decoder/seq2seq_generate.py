"""seq2seq_generate: its cases and variants. Its mistakes are in a file of their own."""

import torch
from torch import Generator, cat, full, randperm, tensor, zeros

from autograder.exercise import ByHand, Exercise
from autograder.stand_ins import Part
from autograder.trial import Trial, ask
from gradus import seq2seq
from gradus.cache import KVCache

seq2seq_generate = Exercise(seq2seq.seq2seq_generate)

PAD, START, END, VOCAB = 0, 1, 2, 30
TEXTS = [([11, 12, 13], [21, 22]), ([14, 15], [23, 22, 21, 20]), ([16, 17, 18], [19])]


def translator(texts=TEXTS, start=START, end=END, once=False, single=False) -> Part:
    """A model that knows these texts by heart; whoever asks wrongly gets ids from 25 on."""
    return Part("translator", ([list(text) for text in texts], start, end, VOCAB, once, single))


SOURCE = tensor([[11, 12, 13], [14, 15, PAD], [16, 17, 18]])
PADDING = tensor([[1, 1, 1], [1, 1, 0], [1, 1, 1]]).bool()
EVEN = tensor([[11, 12, 13], [16, 17, 18]])


@seq2seq_generate.case(
    "one source, one target, by hand",
    0.5,
    hint="The model knows that 11 12 13 becomes 21 22, and then ends (2). Its last ids, from 25 "
    "on, say that it was asked wrongly: after another start, or with another history.",
)
def by_hand(rng: Generator) -> ByHand:
    trial = ask(translator(), tensor([[11, 12, 13]]), 9, START, END, PAD)
    return ByHand(trial, tensor([[21, 22, END]]))


@seq2seq_generate.case(
    "rows that end at different times", 2, hint="What a model says after the end means nothing."
)
def ragged(rng: Generator) -> list[Trial]:
    return [
        ask(translator(), EVEN, 9, START, END, PAD),
        ask(translator(), EVEN.flip(0), 9, START, END, 7),
    ]


@seq2seq_generate.case(
    "sources with padding",
    1,
    hint="The padding of the source is of interest to both halves. Id 29: the source is not known; "
    "id 28: the two halves disagree about its padding.",
)
def padded(rng: Generator) -> Trial:
    return ask(translator(), SOURCE, 9, START, END, PAD, PADDING)


@seq2seq_generate.case("no more than `new` tokens", 1)
def limited(rng: Generator) -> list[Trial]:
    return [
        ask(translator(), SOURCE, new, START, END, PAD, source_padding=PADDING)
        for new in (1, 2, 4, 5)
    ]


@seq2seq_generate.case(
    "a start that is the padding, or the end",
    0.5,
    hint="T5 starts with its padding, BART with its end.",
)
def starts(rng: Generator) -> list[Trial]:
    return [
        ask(translator(start=start), SOURCE, 9, start, END, PAD, PADDING) for start in (PAD, END, 5)
    ]


@seq2seq_generate.case(
    "the source is read once", 0.5, hint="Here the model refuses to read it again."
)
def read_once(rng: Generator) -> Trial:
    return ask(translator(once=True), SOURCE, 9, START, END, PAD, PADDING)


@seq2seq_generate.case(
    "one token a step", 0.5, hint="Here the model refuses what it has in its caches already."
)
def single_tokens(rng: Generator) -> Trial:
    return ask(translator(single=True), SOURCE, 9, START, END, PAD, PADDING)


@seq2seq_generate.case("nothing to write", 0.25)
def nothing(rng: Generator) -> list[Trial]:
    return [ask(translator(), EVEN, new, START, END, PAD) for new in (0, -1)]


@seq2seq_generate.case("hidden texts", 0.5, hidden=True)
def hidden(rng: Generator) -> Trial:
    words = (randperm(15, generator=rng) + 10).tolist()
    texts = [(words[:4], words[4:7]), (words[7:9], words[9:14]), (words[2:5], words[:1])]
    source = zeros(3, 4, dtype=torch.int64)
    for row, (text, _) in enumerate(texts):
        source[row, 4 - len(text) :] = tensor(text)
    return ask(translator(texts, 6, 8), source, 8, 6, 8, 3, source > 0)


@seq2seq_generate.house_rules(0.5)
def typical(rng: Generator) -> Trial:
    return ask(translator(), SOURCE, 9, START, END, PAD, PADDING)


@seq2seq_generate.variant
@torch.no_grad()
def into_a_table(model, source, new, start_id, end_id, pad_id, source_padding=None):
    """The result is a table of padding that fills up; rows are written while they are open."""
    if new <= 0:
        raise ValueError("new must be positive")
    memory = model.encode(source, source_padding)
    caches = [KVCache() for _ in range(len(model.blocks))]
    out = torch.full((len(source), new), pad_id, device=source.device)
    open_rows = torch.ones(len(source), dtype=torch.bool, device=source.device)
    last = torch.full((len(source), 1), start_id, device=source.device)
    for step in range(new):
        logits = model.decode(last, memory, memory_padding=source_padding, caches=caches)
        last = logits[:, -1].argmax(-1)
        out[open_rows, step] = last[open_rows]
        open_rows = open_rows & (last != end_id)
        last = last[:, None]
        if not open_rows.any():
            return out[:, : step + 1]
    return out


@seq2seq_generate.variant
def cut_at_the_end(model, source, new, start_id, end_id, pad_id, source_padding=None):
    """Everything is written to its end; what comes behind the end of a row is wiped out then."""
    if new < 1:
        raise ValueError("nothing to write")
    with torch.inference_mode():
        memory = model.encode(source, source_padding)
        caches = [KVCache() for _ in model.blocks]
        ids = source.new_full((len(source), 1), start_id)
        ended = 0
        while ids.shape[1] <= new and ended < len(ids):
            logits = model.decode(ids[:, -1:], memory, source_padding, caches=caches)
            ids = cat([ids, logits[:, -1].max(-1).indices[:, None]], 1)
            ended = int((ids[:, 1:] == end_id).any(1).sum())
        written = ids[:, 1:].clone()
    behind = (written == end_id).long().cumsum(1) - (written == end_id).long() > 0
    return torch.where(behind, pad_id, written)


@seq2seq_generate.variant
def with_lists(model, source, new, start_id, end_id, pad_id, source_padding=None):
    if not new > 0:
        raise ValueError("new")
    rows, step = [[] for _ in source], full((len(source), 1), start_id).to(source.device)
    with torch.no_grad():
        memory = model.encode(source, padding=source_padding)
        caches = [KVCache() for _ in model.blocks]
        while len(rows[0]) < new and not all(end_id in row for row in rows):
            best = model.decode(step, memory, source_padding, None, caches)[:, -1].topk(1).indices
            for row, token in zip(rows, best.flatten().tolist(), strict=True):
                row.append(pad_id if end_id in row else token)
            step = tensor([[row[-1]] for row in rows], device=source.device)
    return tensor(rows, device=source.device)
