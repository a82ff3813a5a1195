"""Speed of generation and of training against transformers: `python -m tests.benchmarks.decoding`.

Both sides hold the same weights and take turns; medians are compared. Generation: tokens a second
with a cache, in a model of SmolLM2's shape with fewer layers. Training: seconds for a step (logits,
loss, gradients, AdamW) of a small GPT-2. The last line is one JSON object; a ratio above 1 means
that ours is faster.
"""

import argparse
import json
import statistics
import time
from collections.abc import Callable
from dataclasses import replace

import torch
import transformers
from torch import Tensor

from gradus.device import best_device
from gradus.generation import generate
from gradus.objective import lm_loss
from gradus.zoo.gpt2 import Gpt2Config, gpt2, load_gpt2_weights
from gradus.zoo.llama import SMOLLM2_135M, llama, load_llama

PROMPT = 32


def seconds(work: Callable[[], object], device: torch.device) -> float:
    """Time one run, to the end of what the accelerator has been given."""
    start = time.perf_counter()
    work()
    if device.type == "cuda":
        torch.cuda.synchronize()
    return time.perf_counter() - start


def compared(
    ours: Callable[[], object], theirs: Callable[[], object], rounds: int, device: torch.device
) -> tuple[float, float]:
    """Return the median seconds of both, after a round that does not count."""
    times: tuple[list[float], list[float]] = ([], [])
    for _ in range(rounds + 1):
        for taken, work in zip(times, (ours, theirs), strict=True):
            taken.append(seconds(work, device))
    return statistics.median(times[0][1:]), statistics.median(times[1][1:])


def generation(
    batch: int, layers: int, new: int, rounds: int, device: torch.device
) -> dict[str, float]:
    """Compare tokens a second, the likeliest token each time; both must write the same."""
    ours_config = replace(SMOLLM2_135M, layers=layers)
    config = transformers.LlamaConfig(
        vocab_size=ours_config.vocab,
        hidden_size=ours_config.d_model,
        num_hidden_layers=layers,
        num_attention_heads=ours_config.heads,
        num_key_value_heads=ours_config.kv_heads,
        intermediate_size=ours_config.d_ff,
        rms_norm_eps=ours_config.eps,
        rope_parameters={"rope_type": "default", "rope_theta": ours_config.base},
        tie_word_embeddings=True,
        bos_token_id=None,
        eos_token_id=None,
    )
    torch.manual_seed(0)
    theirs = transformers.LlamaForCausalLM(config).to(device).eval()
    ours = llama(ours_config).to(device).eval()
    load_llama(ours, theirs.state_dict())
    ids = torch.randint(ours_config.vocab, (batch, PROMPT), device=device)
    seen = torch.ones_like(ids)

    def write_ours() -> Tensor:
        return generate(ours, ids, new, temperature=0)

    def write_theirs() -> Tensor:
        return theirs.generate(ids, attention_mask=seen, max_new_tokens=new, do_sample=False)

    if not torch.equal(write_ours(), write_theirs()):
        raise SystemExit("the two models wrote different tokens")
    mine, other = compared(write_ours, write_theirs, rounds, device)
    return {"ours": batch * new / mine, "theirs": batch * new / other, "ratio": other / mine}


def training(rounds: int, device: torch.device) -> dict[str, float]:
    """Compare seconds for a step of a GPT-2 with 4 blocks of width 256."""
    width, layers, heads, vocab, batch, seq = 256, 4, 8, 8192, 8, 128
    config = transformers.GPT2Config(
        vocab_size=vocab,
        n_embd=width,
        n_layer=layers,
        n_head=heads,
        n_positions=seq,
        resid_pdrop=0.0,
        embd_pdrop=0.0,
        attn_pdrop=0.0,
        bos_token_id=None,
        eos_token_id=None,
    )
    torch.manual_seed(0)
    theirs = transformers.GPT2LMHeadModel(config).to(device).train()
    ours = gpt2(Gpt2Config(width, layers, heads, vocab, seq)).to(device).train()
    load_gpt2_weights(ours, theirs.state_dict())
    ids = torch.randint(vocab, (batch, seq), device=device)
    steps = [torch.optim.AdamW(model.parameters(), lr=1e-4) for model in (ours, theirs)]
    losses: tuple[list[float], list[float]] = ([], [])

    def step(side: int) -> None:
        loss = lm_loss(ours(ids), ids) if side == 0 else theirs(ids, labels=ids).loss
        steps[side].zero_grad()
        loss.backward()
        steps[side].step()
        losses[side].append(loss.item())

    mine, other = compared(lambda: step(0), lambda: step(1), rounds, device)
    if abs(losses[0][-1] - losses[1][-1]) > 0.01 * losses[1][-1]:
        raise SystemExit(f"the two models learned differently: {losses}")
    return {"ours": mine, "theirs": other, "ratio": other / mine}


def main() -> None:
    """Compare generation of one text, of several, and training."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--layers", type=int, default=6)
    parser.add_argument("--new", type=int, default=48)
    parser.add_argument("--rounds", type=int, default=5)
    chosen = parser.parse_args()
    device = best_device()
    summary: dict[str, object] = {"device": device.type, "threads": torch.get_num_threads()}
    for batch in (1, 8):
        speed = generation(batch, chosen.layers, chosen.new, chosen.rounds, device)
        summary[f"generate_batch_{batch}"] = speed
        print(
            f"generate, batch {batch}: ours {speed['ours']:.1f} tokens/s, "
            f"theirs {speed['theirs']:.1f}, ratio {speed['ratio']:.2f}"
        )
    step = training(chosen.rounds, device)
    summary["train_step"] = step
    print(
        f"training step: ours {step['ours']:.3f} s, theirs {step['theirs']:.3f} s, "
        f"ratio {step['ratio']:.2f}"
    )
    print(json.dumps(summary))


if __name__ == "__main__":
    main()
