"""Named values, weighed: a score, and the probability that the best candidate answers."""

from __future__ import annotations

import math

import pytest

from kb.answering.judge.belief import ChoiceWeights, probability, shipped, weighed

SURENESS = ChoiceWeights(score={}, sureness={"covered": 2.0, "constant": -1.0}, least=0.5)


def test_values_are_weighed_by_name() -> None:
    """0.5 × 2 − 1 × 3; a value without a weight and a weight without a value count for nothing."""
    assert 0.5 * 2.0 - 3.0 == weighed({"covered": 0.5, "length": 1.0, "odd": 9.0}, {"covered": 2.0, "length": -3.0})
    assert 0.0 == weighed({"odd": 9.0}, {"covered": 2.0})
    assert 0.0 == weighed({}, {})


@pytest.mark.parametrize(("covered", "log_odds"), [(0.0, -1.0), (0.5, 0.0), (1.0, 1.0), (5.0, 9.0)])
def test_the_log_odds_of_a_probability(covered: float, log_odds: float) -> None:
    """Weighed signs and the constant are the log odds; at 0 the probability is one half."""
    chance = probability({"covered": covered}, SURENESS)
    assert pytest.approx(log_odds) == math.log(chance / (1 - chance))


def test_the_constant_is_not_a_sign() -> None:
    """It counts once, whatever the signs say, and by itself where there are none."""
    assert pytest.approx(1 / (1 + math.e)) == probability({}, SURENESS)
    assert probability({}, SURENESS) == probability({"constant": 7.0}, SURENESS)


def test_shipped_weights() -> None:
    """The file is read once, has a least probability and a constant, and weighs what the judge says."""
    weights = shipped()
    assert weights is shipped()
    assert 0 < weights.least < 1
    assert "constant" in weights.sureness
    assert any(sign.startswith("judged") for sign in weights.score)
    assert all(map(math.isfinite, (*weights.score.values(), *weights.sureness.values(), *weights.prior.values())))
