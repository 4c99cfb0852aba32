"""Draw docs/readme.png, the one figure of the README; `make readme-figure` calls it."""

from pathlib import Path

from PIL import Image

from analysis import provenance, tables
from analysis.figures.recognition.recognition_map import plot_count_by_rule
from analysis.recognition import panel
from analysis.recognition.facts import spells, states

TARGET = Path(__file__).resolve().parent.parent / "docs" / "readme.png"
CHOICE = {"entity": "TWN", "kind": "relations"}
COLOURS = 48


def draw() -> None:
    """Draw who had relations with the Republic of China (Taiwan) over time, with the published totals."""
    ties = spells.build_spells(tables.load_table("recognition/events"), tables.load_table("recognition/lineage"))
    published = tables.load_table("recognition/published_counts")
    rivals = published.assign(day=states.days_of(published["date"]))
    rivals = rivals.query("entity == 'TWN' and kind == 'relations' and measure == 'current' and states == 'all'")
    counts = panel.counts(ties, **CHOICE).assign(rule="net")
    cut_off = provenance.cut_off()
    figure = plot_count_by_rule(counts, rivals, rule="net", on=cut_off, until=cut_off, **CHOICE)
    TARGET.parent.mkdir(exist_ok=True)
    figure.savefig(TARGET, dpi=96, metadata={"Software": None})
    Image.open(TARGET).convert("RGB").quantize(COLOURS, dither=Image.Dither.NONE).save(TARGET, optimize=True)


if __name__ == "__main__":
    draw()
    print(f"wrote {TARGET.name}, {TARGET.stat().st_size // 1000} kB")
