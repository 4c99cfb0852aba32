"""A case as text, checked against our own tables."""

import pytest

from analysis.own_case.file import check_case


@pytest.fixture
def make_case():
    def make(text, name="mine.yaml"):
        return check_case(f"name: Mine\n{text}".encode(), name)

    return make
