from autograder.notebooks.names import defined, needed


def test_everything_that_binds_a_name_at_the_top_defines_it() -> None:
    source = """
import a.b, c as d
from e import f as g
h: int = 1
i, (j, *k) = 1, (2, 3)
for l in []: m = 0
with open("x") as n: pass
if (o := 1): pass
def p(inner): local = 1
class q: attribute = 1
r = [s for s in ()]
await t()
"""
    assert defined(source) == set("adghijklmnopqr")


def test_a_function_needs_the_globals_it_reads_but_not_its_own_names_or_builtins() -> None:
    source = """
@decorator
def attend(q: Float[Tensor, "... query"], scale=default) -> Tensor:
    total = len(q)
    parts = [helper(part) for part in q]
    return attend(total, lambda x: x + constant, parts)
"""
    assert needed(source) == {"decorator", "Float", "Tensor", "default", "helper", "constant"}


def test_a_class_needs_what_its_bases_its_body_and_its_methods_read() -> None:
    source = """
class Layer(nn.Module):
    width = WIDTH
    double = width * 2

    def forward(self, x: Tensor) -> "Later":
        super().forward(x)
        return self.width, split(x), __class__
"""
    assert needed(source) == {"nn", "WIDTH", "Tensor", "split"}
