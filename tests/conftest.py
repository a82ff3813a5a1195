"""What all tests share: the devices there are, random numbers that repeat, one thread a worker."""

from collections.abc import Callable

import hypothesis
import pytest
import torch
from torch import Tensor, nn

from gradus.device import best_device

# Workers of pytest-xdist would fight over the cores.
torch.set_num_threads(1)

# A slow machine is not a failure, and every run tries the same examples.
hypothesis.settings.register_profile("gradus", deadline=None, derandomize=True, max_examples=50)
hypothesis.settings.load_profile("gradus")


@pytest.fixture(params=["cpu", pytest.param("gpu", marks=pytest.mark.gpu)])
def device(request: pytest.FixtureRequest) -> torch.device:
    """Every device of this machine in turn: the CPU, then the accelerator if there is one."""
    if request.param == "cpu":
        return torch.device("cpu")
    if best_device().type == "cpu":
        pytest.skip("no accelerator on this machine")
    return best_device()


@pytest.fixture
def rng() -> torch.Generator:
    """Random numbers on the CPU, the same in every run."""
    return torch.Generator().manual_seed(2017)


@pytest.fixture
def randn(rng: torch.Generator) -> Callable[..., Tensor]:
    """`randn(2, 3)`: a leaf tensor of unit scale in float64, which wants gradients."""

    def draw(*shape: int, dtype: torch.dtype = torch.float64) -> Tensor:
        return torch.randn(*shape, generator=rng, dtype=dtype).requires_grad_()

    return draw


@pytest.fixture
def randomise(rng: torch.Generator) -> Callable[[nn.Module], nn.Module]:
    """Give all of a module's parameters unit-scale values in float64: small ones hide mistakes."""

    def fill(module: nn.Module) -> nn.Module:
        module.double()
        with torch.no_grad():
            for parameter in module.parameters():
                parameter.normal_(generator=rng)
        return module

    return fill
