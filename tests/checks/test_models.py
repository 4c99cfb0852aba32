"""Each published result of a model comes out to the digits that were printed, or a reason says why it does not."""

import pytest

from analysis.checks.models import RESULTS


@pytest.mark.parametrize("result", RESULTS, ids=lambda result: result.figure)
def test_a_published_result_is_reproduced_or_its_difference_explained(result):
    agrees = round(float(result.ours()), result.digits) == result.published
    assert agrees == (not result.reason)
    assert float(result.ours()) == pytest.approx(result.published, rel=0.01)
