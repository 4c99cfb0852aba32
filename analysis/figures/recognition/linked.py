"""Map, tile map and curve of one entity, linked and moved by the day: a chart for the browser, and its rows."""

from collections.abc import Iterable
from typing import Any

import altair as alt
import geopandas as gpd
import pandas as pd

from analysis.figures import charts, style
from analysis.figures.captions import say
from analysis.figures.equal_earth import Frame, outline_shapes, place_circles
from analysis.figures.recognition.recognition_map import COUNTED, last_seen, mix_statuses
from analysis.figures.recognition.words import VERBS
from analysis.figures.words import cite_in_full, write_when
from analysis.recognition.facts.choices import ENTITIES
from analysis.recognition.timelines import EPOCH, STATUSES

MAP_WIDTH, TILES_WIDTH, GAP, CURVE_HEIGHT = 640, 430, 24, 90
ALL_WIDTH, LEGEND_COLUMNS = MAP_WIDTH + GAP + TILES_WIDTH, 3
DECADES = [(pd.Timestamp(year, 1, 1) - EPOCH).days for year in range(1950, 2030, 10)]
TIP = [alt.Tooltip("name:N", title="State"), alt.Tooltip("status:N", title="Status"),
       alt.Tooltip("when:N", title="When"), alt.Tooltip("source:N", title="Source")]  # fmt: skip
STANDS = "datum.since <= day && day < datum.until"
STRONG = "!isDefined(brush.day) || (datum.since >= brush.day[0] && datum.since <= brush.day[1])"
MARKED = "datum.code === hovered || datum.code === chosen"
WRITTEN = "utcFormat(datum.value * 864e5, '%Y')"
OWN_KEY = -1  # of the entity itself, which no state has as its status
FIRST, ENDLESS = -36_500, 99_999  # days from 1970, about 1870 and 2243: enough for every chart


def plot_status_over_time(
    times: list[dict[str, Any]], counts: pd.DataFrame, base_map: gpd.GeoDataFrame, states: pd.DataFrame,
    tile_grid: pd.DataFrame, lineage: pd.DataFrame, entity: str, kind: str, day: int, span: tuple[int, int],
) -> alt.VConcatChart:  # fmt: skip
    """Link a world map, a tile map and the curve of the count, all for the day that a slider chooses.

    ``times`` are from :func:`write_times`, ``counts`` have ``day, count``, ``span`` is the first and last day of the
    curve; days count from 1970-01-01. The chart has the parameters ``day``, ``hovered``, ``chosen`` (codes of states)
    and ``entity``, and data ``times``, ``counts`` and ``keys`` that may be replaced while it is shown. With a brush on
    the curve only those states stay strong whose status of that day began within it.
    """
    frame = Frame(MAP_WIDTH)
    shapes = outline_shapes(base_map, frame)
    codes = {row["code"] for row in shapes} | set(tile_grid["iso3"])
    circles = place_circles(states, base_map, frame, find_stand_ins(lineage, [row["code"] for row in shapes]))
    tiles = tile_grid.rename(columns={"iso3": "code"})[["code", "column", "row"]].to_dict("records")
    data = {
        "times": times, "counts": write_counts(counts, span), "keys": write_keys(entity, kind, times, codes),
        "shapes": shapes, "circles": circles, "tiles": tiles, "sea": [{"geo": frame.write(frame.sea)}],
    }  # fmt: skip
    above = alt.hconcat(_draw_map(frame), _draw_tiles(frame.height), spacing=GAP)
    start = {"day": day, "hovered": "", "chosen": "", "entity": entity}
    params = [alt.param(name=name, value=value).param for name, value in start.items()]
    chart = charts.theme(alt.vconcat(above, _draw_legend(), _draw_curve(span), spacing=12, params=params))
    chart.datasets = data  # last: each step before copies all that the chart holds
    return chart


def _standing(from_: str, fields: list[str]) -> alt.Chart:
    """The rows of the day, with their colours and with what another table knows about their codes."""
    chart = alt.Chart(alt.NamedData("times")).transform_filter(STANDS)
    chart = chart.transform_lookup("code", from_=alt.LookupData(alt.NamedData(from_), "code", fields))
    chart = chart.transform_filter(f"isValid(datum.{fields[0]})")
    return chart.transform_lookup("key", from_=alt.LookupData(alt.NamedData("keys"), "key", ["status", "colour"]))


def _look(shown: alt.Chart) -> alt.Chart:
    faint = alt.condition(STRONG, alt.value(1), alt.value(0.18))
    return shown.encode(fill=alt.Fill("colour:N", scale=None), opacity=faint, tooltip=TIP)


def _draw_map(frame: Frame) -> Any:
    shape = alt.Shape("geo:G")
    own = alt.condition("datum.code === entity", alt.value(style.INK), alt.value(style.NO_ROW))
    sea = alt.Chart(alt.NamedData("sea")).mark_geoshape(fill=style.SEA, stroke=style.GRID).encode(shape)
    land = alt.Chart(alt.NamedData("shapes")).mark_geoshape(stroke="white", strokeWidth=0.4).encode(shape, fill=own)
    held = _look(_standing("shapes", ["geo"]).mark_geoshape(stroke="white", strokeWidth=0.4)).encode(shape)
    edge = _standing("shapes", ["geo"]).transform_filter(MARKED)
    edge = edge.mark_geoshape(filled=False, stroke=style.INK, strokeWidth=2).encode(shape)
    at: dict[str, Any] = {"longitude": alt.Longitude("x:Q"), "latitude": alt.Latitude("y:Q")}
    small = _standing("circles", ["x", "y"]).mark_circle(size=42, stroke=style.INK, strokeWidth=0.7, opacity=1)
    ring = _standing("circles", ["x", "y"]).transform_filter(MARKED)
    ring = ring.mark_point(size=90, stroke=style.INK, strokeWidth=2.2, filled=False).encode(**at)
    layers = alt.layer(sea, land, held, edge, _look(small).encode(**at), ring)
    layers = layers.properties(width=frame.width, height=frame.height)
    return layers.project("identity", scale=alt.ExprRef("zoom"), translate=[0, 0]).add_params(
        alt.param(name="zoom", value=1)
    )


def _draw_tiles(height: float) -> Any:
    at: dict[str, Any] = {
        "x": alt.X("column:O", axis=None, scale=alt.Scale(paddingInner=0.08)),
        "y": alt.Y("row:O", axis=None, scale=alt.Scale(paddingInner=0.08)),
    }
    own = alt.condition("datum.code === entity", alt.value(style.INK), alt.value(style.NO_ROW))
    empty = alt.Chart(alt.NamedData("tiles")).mark_rect().encode(**at, fill=own)
    held = _look(_standing("tiles", ["column", "row"]).mark_rect()).encode(**at)
    edge = _standing("tiles", ["column", "row"]).transform_filter(MARKED)
    edge = edge.mark_rect(filled=False, stroke=style.INK, strokeWidth=2).encode(**at)
    return alt.layer(empty, held, edge).properties(width=TILES_WIDTH, height=height)


def _draw_legend() -> Any:
    keys = alt.Chart(alt.NamedData("keys")).transform_calculate(
        row="floor(datum.place / columns)", column="datum.place % columns"
    )
    at: dict[str, Any] = {
        "x": alt.X("column:Q", axis=None, scale=alt.Scale(domain=[0, LEGEND_COLUMNS])),
        "y": alt.Y("row:O", axis=None),
    }
    marks = keys.mark_square(size=110, opacity=1, xOffset=8).encode(**at, color=alt.Color("colour:N", scale=None))
    words = keys.mark_text(align="left", dx=18, fontSize=12, color=style.INK).encode(**at, text="status:N")
    legend = alt.layer(marks, words).properties(width=ALL_WIDTH, height=alt.Step(17))
    return legend.add_params(alt.param(name="columns", value=LEGEND_COLUMNS))


def _draw_curve(span: tuple[int, int]) -> Any:
    axis = alt.Axis(title=None, values=DECADES, labelExpr=WRITTEN, grid=False)
    time = alt.X("day:Q", axis=axis, scale=alt.Scale(domain=list(span), nice=False))
    brush = alt.selection_interval(name="brush", encodings=["x"])
    line = alt.Chart(alt.NamedData("counts")).mark_area(
        interpolate="step-after", line={"color": style.INK, "strokeWidth": 1.5}, color=style.EMPTY
    )
    line = line.encode(time, alt.Y("count:Q", title="States", axis=alt.Axis(tickCount=4)))
    now = alt.Chart(alt.Data(values=[{}])).mark_rule(color=style.INK, strokeWidth=2, clip=True)
    now = now.transform_calculate(day="day").encode(x="day:Q")
    return alt.layer(line.add_params(brush), now).properties(width=ALL_WIDTH, height=CURVE_HEIGHT)


def control_years(
    counts: pd.DataFrame, entity: str, kind: str, rule: str, on: str, span: tuple[int, int],
    seen: pd.Timestamp | None = None, note: str = "",
) -> charts.Controls:  # fmt: skip
    """Make the slider that moves the day from year to year, with a sentence for each of its places.

    It has the last days of years, the last day of the span, and the one shown at first (``on``); ``seen`` is the last
    day up to which the ties were watched.

    Examples
    --------
    >>> counts = pd.DataFrame({"day": pd.to_datetime(["1970-06-01"]), "count": [5]})
    >>> years = control_years(counts, "TWN", "relations", "net", "1970-12-31", (0, 800))
    >>> years.controls[0].labels, years.sentences["0"].split(" had")[0]
    (['1970', '1971', '11 Mar 1972'], '5 states')
    """
    begin, last = (EPOCH + pd.Timedelta(days=day) for day in span)
    days = sorted({*pd.date_range(begin, last, freq="YE"), last, pd.Timestamp(on)})
    facts = {"entity": entity, "verb": VERBS[kind], "rule": rule, "rules": COUNTED}
    numbers = [{"number": _count_on(counts, day), "on": day, "seen": last_seen(day, seen)} for day in days]
    said = [say("recognition_map.year", facts | one) for one in numbers]
    slider = charts.Control(
        param="day",
        label="Year",
        values=[(day - EPOCH).days for day in days],
        labels=[str(day.year) if (day.month, day.day) == (12, 31) else f"{day.day} {day:%b %Y}" for day in days],
        start=days.index(pd.Timestamp(on)),
        play=True,
    )
    return charts.Controls([slider], {str(place): sentence for place, sentence in enumerate(said)}, write_note(note))


def write_note(source: str = "") -> str:
    """Write what stands beneath the chart: what grey and circles mean, and the caveat of the base map."""
    return say("maps.note", {"source": source, "heirs": True, "lost": [], "squares": 0, "unsaid": True})


def _count_on(counts: pd.DataFrame, day: pd.Timestamp) -> int:
    return int(counts.loc[counts["day"] <= day, "count"].iloc[-1]) if (counts["day"] <= day).any() else 0


def write_keys(
    entity: str, kind: str, times: list[dict[str, Any]], codes: Iterable[str] = ()
) -> list[dict[str, Any]]:  # fmt: skip
    """Write the legend's rows, of statuses that some state has at some time: key, status, colour, place.

    ``times`` are from :func:`write_times`; the entity comes last where it is one of ``codes``, the shapes and squares.

    Examples
    --------
    >>> [(row["key"], row["status"]) for row in write_keys("TWN", "relations", [{"key": 3}], ["TWN"])]
    [(3, 'no relations on record'), (-1, 'Republic of China (Taiwan)')]
    """
    words, colours, used = STATUSES[kind], mix_statuses(entity), {row["key"] for row in times}
    keys = [(key, words[name], colours[name]) for key, name in enumerate(words) if key in used]
    keys += [(OWN_KEY, ENTITIES[entity], style.INK)] if entity in codes else []
    return [{"key": key, "status": status, "colour": colour, "place": place}
            for place, (key, status, colour) in enumerate(keys)]  # fmt: skip


def write_counts(counts: pd.DataFrame, span: tuple[int, int]) -> list[dict[str, int]]:
    """Write the count's changes as rows of a chart: day, counted from 1970-01-01, and count.

    Examples
    --------
    >>> write_counts(pd.DataFrame({"day": pd.to_datetime(["1970-01-03"]), "count": [5]}), (0, 9))
    [{'day': 0, 'count': 0}, {'day': 2, 'count': 5}, {'day': 9, 'count': 5}]
    """
    days = [(day - EPOCH).days for day in counts["day"]]
    steps = list(zip(days, counts["count"].tolist(), strict=True))
    before = [number for day, number in steps if day <= span[0]]
    last = [number for day, number in steps if day <= span[1]]
    inside = [(day, number) for day, number in steps if span[0] < day < span[1]]
    ends = (span[0], before[-1] if before else 0), (span[1], last[-1] if last else 0)
    return [{"day": day, "count": number} for day, number in (ends[0], *inside, ends[1])]


def write_times(
    timelines: pd.DataFrame, codes: list[str], lineage: pd.DataFrame, sources: pd.DataFrame, kind: str
) -> list[dict[str, Any]]:
    """Write timelines as rows of a chart, a row for each time in which a shape shows one status.

    ``timelines`` are from ``timelines.find_timelines``; ``codes`` are the shapes and squares there are. A shape whose
    own state does not exist shows its nearest predecessor; a state without a shape has its own row as well. Columns:
    ``code`` (shape), ``name`` (state shown), ``key`` (place of the status in ``STATUSES``), ``since`` and ``until``
    (days from 1970, half-open), ``when`` (in words), ``source``.

    Examples
    --------
    >>> row = {"iso3": "SUN", "name": "Soviet Union", "status": "has relations", "since": 0, "until": 8030,
    ...        "precision": "day", "source_id": "S1"}
    >>> lineage = pd.DataFrame({"predecessor": ["SUN"], "successor": ["RUS"]})
    >>> sources = pd.DataFrame({"source_id": ["S1"], "title": ["A list"], "publisher": ["A ministry"], "year": [1991]})
    >>> rows = write_times(pd.DataFrame([row]), ["RUS"], lineage, sources, "relations")
    >>> [(one["code"], one["name"]) for one in rows], rows[0]["when"]
    ([('SUN', 'Soviet Union'), ('RUS', 'Soviet Union')], '1 January 1970 to 27 December 1991')
    """
    places = {words: number for number, words in enumerate(STATUSES[kind].values())}
    cited = dict(zip(sources["source_id"], cite_in_full(sources, sources["source_id"]), strict=True))
    ends = timelines.groupby("iso3", sort=False)["precision"].shift(-1)
    own = [_write_row(row, places, cited) for row in timelines.assign(end_precision=ends).to_dict("records")]
    of_state: dict[str, list[dict[str, Any]]] = {}
    for row in own:
        of_state.setdefault(row["code"], []).append(row)
    parents = dict(zip(lineage["successor"], lineage["predecessor"], strict=True))
    heirs = [row for code in codes for row in _inherit(code, parents, of_state)]
    return own + heirs


def write_addresses(times: list[dict[str, Any]], sources: pd.DataFrame) -> list[dict[str, str]]:
    """Write where a reader finds the sources of some times (:func:`write_times`): ``source`` and ``address``."""
    named, used = cite_in_full(sources, sources["source_id"]), {row["source"] for row in times}
    known = {source: address for source, address in zip(named, sources["url"], strict=True) if source in used}
    return [{"source": source, "address": address} for source, address in known.items() if pd.notna(address)]


def table_of_statuses(timelines: pd.DataFrame, sources: pd.DataFrame) -> pd.DataFrame:
    """Lay out all that a chart of statuses shows at any time, each row with its source (``find_timelines``).

    Columns: ``iso3, name, status, since, until`` (days, the first that no longer counts; empty: always, or still),
    ``precision, source``. Addresses are added by the page.
    """
    days = {name: [_write_day(number) for number in timelines[name]] for name in ("since", "until")}
    named = {"precision": timelines["precision"], "source": cite_in_full(sources, timelines["source_id"])}
    return timelines[["iso3", "name", "status"]].assign(**days, **named)


def _write_day(number: int) -> str:
    return f"{EPOCH + pd.Timedelta(days=number):%Y-%m-%d}" if FIRST < number < ENDLESS else ""


def find_stand_ins(lineage: pd.DataFrame, codes: list[str]) -> set[str]:
    """Name the former states that are drawn as the shape of a state that did not exist beside them.

    Examples
    --------
    >>> lineage = pd.DataFrame({"predecessor": ["SUN", "DDR"], "successor": ["RUS", "DEU"],
    ...                         "kind": ["continuator", "union"]})
    >>> find_stand_ins(lineage, ["RUS", "DEU"])
    {'SUN'}
    """
    beside = lineage["kind"].isin(["union", "end of state"])
    return set(lineage.loc[~beside & lineage["successor"].isin(codes), "predecessor"])


def _write_row(row: dict[str, Any], places: dict[str, int], cited: dict[str, str]) -> dict[str, Any]:
    since, until = max(row["since"], FIRST), min(row["until"], ENDLESS)
    source = cited.get(row["source_id"], row["source_id"]) if isinstance(row["source_id"], str) else ""
    return {
        "code": row["iso3"],
        "name": row["name"],
        "key": places[row["status"]],
        "since": since,
        "until": until,
        "when": _write_span(row, since, until),
        "source": source,
    }


def _write_span(row: dict[str, Any], since: int, until: int) -> str:
    begin, end = (EPOCH + pd.Timedelta(days=day) for day in (since, min(until, row["until"])))
    seen = [row[name] if isinstance(row[name], str) else "day" for name in ("precision", "end_precision")]
    words = "" if since == FIRST else write_when(begin, seen[0])
    if until == ENDLESS:
        return f"since {words}" if words else "always"
    last = f"to {write_when(end, seen[1])}"
    return f"{words} {last}" if words else f"up {last}"


def _inherit(code: str, parents: dict[str, str], of_state: dict[str, list[dict[str, Any]]]) -> list[dict[str, Any]]:
    """Give the times of a shape's predecessors, nearest first, in which it has no row of its own."""
    taken = [(row["since"], row["until"]) for row in of_state.get(code, [])]
    rows, parent = [], parents.get(code)
    while parent:
        for row in of_state.get(parent, []):
            for since, until in _subtract((row["since"], row["until"]), taken):
                rows.append(row | {"code": code, "since": since, "until": until})
        taken += [(row["since"], row["until"]) for row in of_state.get(parent, [])]
        parent = parents.get(parent)
    return rows


def _subtract(span: tuple[int, int], taken: list[tuple[int, int]]) -> list[tuple[int, int]]:
    left = [span]
    for since, until in taken:
        left = [
            part for one in left for part in ((one[0], min(one[1], since)), (max(one[0], until), one[1]))
            if part[0] < part[1]
        ]  # fmt: skip
    return left
