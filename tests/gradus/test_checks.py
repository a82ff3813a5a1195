"""Tests of layers are tested: they spare every right suspect and catch every wrong one."""

import pytest

from gradus.checks.attend import check_attend
from gradus.checks.lm_loss import check_lm_loss
from gradus.checks.top_p_filter import check_top_p_filter
from gradus.suspects import suspect
from tests.gradus.test_suspects import EVERY, NUMBERS, RIGHT

CHECKS = {
    "attend": check_attend,
    "lm_loss": check_lm_loss,
    "top_p_filter": check_top_p_filter,
}


@pytest.mark.parametrize(("kind", "way"), EVERY, ids=[f"{k}: {w}" for k, w in EVERY])
def test_a_check_spares_the_right_and_catches_the_wrong(kind, way):
    accused = suspect(kind, way, NUMBERS.get(way, 0.0))
    if way in RIGHT[kind]:
        CHECKS[kind](accused)
    else:
        with pytest.raises(AssertionError):
            CHECKS[kind](accused)
