"""The meta device works without torch's compiler, and the compiler still works."""

import subprocess
import sys

OPERATIONS = """
import sys, torch
from torch.nn import functional as F
import autograder.check

def steps(x, ids):
    weights = (x @ x.transpose(-1, -2)).masked_fill(ids[:, None] > 1, -1e9).softmax(-1)
    y = F.layer_norm(F.gelu(weights @ x), x.shape[-1:])
    y = torch.where(x > 0, y, -x) + torch.einsum("bd,cd->bc", x, x) @ x
    return F.cross_entropy(y.exp().log1p().cumsum(-1), ids) + y.var(-1).sqrt().mean()

for device in ("cpu", "meta"):
    x = torch.ones(3, 5, device=device, requires_grad=True)
    loss = steps(x, torch.tensor([0, 1, 4], device=device))
    loss.backward()
    print(device, loss.device, tuple(x.grad.shape))
print("torch._dynamo" in sys.modules)
"""


def said(code: str) -> list[str]:
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    return done.stdout.splitlines()


def test_the_compiler_is_not_imported_for_the_meta_device():
    assert said(OPERATIONS) == ["cpu cpu (3, 5)", "meta meta (3, 5)", "False"]


def test_an_answer_with_an_optimizer_need_not_wait_for_the_compiler():
    code = """
import sys, torch
from autograder.uncompiled import ready_for
def plain(x): return x.softmax(-1)
def trains(model):
    def optimizer(): return torch.optim.SGD(model.parameters())
    return optimizer
for answer in (plain, torch.nn.Linear, 7, trains):
    ready_for(answer)
    print("torch._dynamo" in sys.modules)
"""
    assert said(code) == ["False", "False", "False", "True"]


def test_what_is_compiled_still_equals_what_is_not():
    code = """
import autograder.check, torch
from torch.nn import functional as F
def steps(x): return F.gelu(x).softmax(-1) + x.masked_fill(x > 0, 1.0)
x = torch.linspace(-2, 2, 12).reshape(3, 4)
compiled = torch.compile(steps, backend="aot_eager", fullgraph=True)
print(torch.equal(compiled(x), steps(x)))
"""
    assert said(code) == ["True"]
