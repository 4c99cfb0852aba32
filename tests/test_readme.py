"""The Python that the README shows runs as it stands there."""

import re
from pathlib import Path

import pytest

README = (Path(__file__).resolve().parent.parent / "README.md").read_text(encoding="utf-8")
BLOCKS = re.findall(r"```python\n(.*?)```", README, flags=re.S)


@pytest.mark.parametrize("block", BLOCKS, ids=lambda block: block.splitlines()[1])
def test_a_block_of_the_readme_gives_a_table(block):
    *lines, last = block.strip().splitlines()
    names: dict = {}
    exec("\n".join(lines), names)
    assert len(eval(last, names)) > 10


def test_there_is_a_block_for_each_room():
    assert len(BLOCKS) == 2


def test_every_notebook_stands_in_the_table():
    root = Path(__file__).resolve().parent.parent
    for path in root.glob("notebooks/**/*.ipynb"):
        if ".ipynb_checkpoints" not in path.parts:
            assert path.relative_to(root).as_posix() in README, path
