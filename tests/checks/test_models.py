"""Each published result of a model comes out to the digits that were printed."""

import pytest

from analysis.checks.models import RESULTS


@pytest.mark.parametrize("result", RESULTS, ids=lambda result: result.figure)
def test_a_published_result_is_reproduced(result):
    assert round(float(result.ours()), result.digits) == result.published
