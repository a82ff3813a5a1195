"""Decoding held against transformers' `generate`, both sides with the same random GPT-2."""

from functools import partial

import pytest
import torch
import transformers

from gradus.activation import gelu
from gradus.beam import beam_search
from gradus.block import Block
from gradus.decoder import Gpt
from gradus.embedding import Embedding
from gradus.feedforward import FeedForward
from gradus.filters import min_p_filter, top_k_filter, top_p_filter
from gradus.generation import generate
from gradus.gpt2_weights import load_gpt2_weights
from gradus.likelihood import sequence_log_prob
from gradus.norm import LayerNorm
from gradus.position import LearnedPositions

VOCAB, WIDTH, HEADS, D_FF, MAX_SEQ, EOS = 13, 6, 3, 24, 30, 6
PROMPTS = [[3, 1, 5], [7, 9], [2, 2, 8, 11]]


def block():
    """A block of GPT-2."""
    up_and_down = FeedForward(WIDTH, D_FF, activation=partial(gelu, approximate=True))
    norm = LayerNorm(WIDTH, 1e-5)
    return Block(WIDTH, HEADS, D_FF, feedforward=up_and_down, norm=norm)


@pytest.fixture
def models(randomise, rng):
    """transformers' model and ours, in float64; likely tokens are neither certain nor even."""
    config = transformers.GPT2Config(
        vocab_size=VOCAB, n_embd=WIDTH, n_layer=2, n_head=HEADS, n_positions=MAX_SEQ, n_inner=D_FF,
        bos_token_id=None, eos_token_id=EOS, pad_token_id=EOS,
    )  # fmt: skip
    theirs = randomise(transformers.GPT2LMHeadModel(config)).eval()
    theirs.transformer.ln_f.weight.data *= 0.7
    theirs.transformer.ln_f.bias.data *= 0.1
    ours = Gpt(
        Embedding(VOCAB, WIDTH),
        [block() for _ in range(2)],
        LayerNorm(WIDTH, 1e-5),
        LearnedPositions(MAX_SEQ, WIDTH),
    ).double()
    load_gpt2_weights(ours, theirs.state_dict())
    return theirs, ours.eval()


def written(model, ids, new=12, **how):
    """What transformers writes after one prompt or several of the same length."""
    ids = torch.tensor(ids)
    return model.generate(ids, attention_mask=torch.ones_like(ids), max_new_tokens=new, **how)


@pytest.mark.parametrize("penalty", [1.0, 1.7])
@pytest.mark.parametrize("prompt", PROMPTS)
def test_greedy(models, prompt, penalty):
    theirs, ours = models
    expected = written(theirs, [prompt], do_sample=False, repetition_penalty=penalty)
    mine = generate(
        ours, torch.tensor([prompt]), 12, eos=EOS, temperature=0.0, penalty=penalty, context=MAX_SEQ
    )
    assert mine.tolist() == expected.tolist()


@pytest.mark.parametrize("alpha", [0.0, 0.6, 1.0, 2.0])
@pytest.mark.parametrize("beams", [1, 2, 5])
@pytest.mark.parametrize("prompt", PROMPTS)
def test_beam_search(models, prompt, beams, alpha):
    theirs, ours = models
    expected = written(
        theirs, [prompt], new=7, do_sample=False, num_beams=beams, length_penalty=alpha,
        early_stopping=True, output_scores=True, return_dict_in_generate=True,
    )  # fmt: skip
    text, score = beam_search(ours, torch.tensor(prompt), 7, beams, eos=EOS, alpha=alpha)
    assert text.tolist() == expected.sequences[0].tolist()
    if beams > 1:
        assert score.item() == pytest.approx(expected.sequences_scores[0].item())
    length = len(text) - len(prompt)
    mass = sequence_log_prob(ours, text.unsqueeze(0), len(prompt), eos=EOS)[0]
    assert score.item() == pytest.approx(mass.item() / length**alpha)


def test_the_filtered_distribution(models):
    """Behind `keep` stands exactly what transformers samples from."""
    theirs, ours = models
    expected = written(
        theirs, [PROMPTS[0]], new=1, do_sample=True, temperature=0.8, top_k=7, top_p=0.9, min_p=0.1,
        output_scores=True, return_dict_in_generate=True,
    ).scores[0]  # fmt: skip
    seen = []

    def keep(logits):
        for rule in (
            partial(top_k_filter, k=7),
            partial(top_p_filter, p=0.9),
            partial(min_p_filter, p=0.1),
        ):
            logits = rule(logits)
        seen.append(logits)
        return logits

    generate(ours, torch.tensor(PROMPTS[:1]), 1, temperature=0.8, keep=keep)
    torch.testing.assert_close(seen[0].float(), expected)
    assert 1 < seen[0].isfinite().sum() < 8


def test_some_of_these_texts_end_and_some_do_not(models):
    """Else the tests above would say little about ends."""
    lengths = {
        len(beam_search(models[1], torch.tensor(p), 7, 5, EOS, alpha)[0]) - len(p)
        for p in PROMPTS
        for alpha in (0.0, 2.0)
    }
    assert min(lengths) < 7
    assert max(lengths) == 7
