"""Compiled code is kept where it can be; where it cannot, it is compiled all the same, and that is said once."""

import pytest

from analysis import compiling


@pytest.fixture
def nowhere(monkeypatch):
    """A machine on which no folder for compiled code can be written."""
    compile_it = compiling.njit

    def njit(cache=False, **options):
        if cache:
            raise RuntimeError("cannot cache function 'double': no locator available for file 'x.py'")
        return compile_it(**options)

    monkeypatch.setattr(compiling, "njit", njit)
    monkeypatch.setattr(compiling, "_said", [])


def test_without_a_place_functions_are_compiled_anew_and_that_is_said_once(nowhere, capsys):
    one, two = (compiling.keep_compiled()(lambda number, n=n: n * number) for n in (2, 3))
    assert (one(21), two(2)) == (42, 6)
    assert capsys.readouterr().err.count("NUMBA_CACHE_DIR") == 1


def test_in_a_kernel_nothing_is_said_since_a_page_would_show_it(nowhere, capsys, monkeypatch):
    monkeypatch.setattr("builtins.get_ipython", lambda: None, raising=False)
    assert compiling.keep_compiled()(lambda number: number)(1) == 1
    assert capsys.readouterr().err == ""


def test_another_fault_is_told(monkeypatch):
    def broken(**_):
        raise RuntimeError("something else")

    monkeypatch.setattr(compiling, "njit", broken)
    with pytest.raises(RuntimeError, match="something else"):
        compiling.keep_compiled()(len)
