"""Theme, palettes, sizes and the one way in which a notebook shows a figure with its sentence."""

import base64
import gzip
import io
import os
from collections.abc import Iterable
from typing import Any

import matplotlib as mpl
import seaborn as sns
from IPython.display import display
from matplotlib.artist import Artist
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.backends.backend_svg import FigureCanvasSVG
from matplotlib.collections import Collection
from matplotlib.colors import to_hex, to_rgb
from matplotlib.figure import Figure
from matplotlib.transforms import Bbox

from analysis.figures.data_file import DATA_MIME, SAVED_MIME, SAVED_VARIABLE, Data, pack_data, pack_whole

WIDE = (10.0, 5.2)
NARROW = 5.2  # inches: as wide as a column of text, and still read on a telephone
PAGE_DPI = 144
EDGE_PX = 1.0
LEAST_CONTRAST = 4.5  # of a text and what is behind it, by the Web Content Accessibility Guidelines

INK = "#1d2733"
MUTED = "#5b6672"
GRID = "#d9dee4"
EMPTY = "#e9ecef"
OTHERS = "#b4bcc6"  # what stands behind for comparison

# The hues of Okabe and Ito, safe for the colour-blind; a palette below says what a hue means.
BLUE, SKY, GREEN, AMBER, RED, PINK = "#0072b2", "#56b4e9", "#009e73", "#e69f00", "#d55e00", "#cc79a7"
BROWN, CHARCOAL, PURPLE = "#a6761d", "#4d4d4d", "#8c6bb1"

# --- recognition: entities -------------------------------------------------------------------------------------------
ENTITY_COLOURS = {
    "TWN": BLUE,
    "CHN": RED,
    "ISR": SKY,
    "PSE": GREEN,
    "XKX": AMBER,
    "ESH": PINK,
    "ABK": PURPLE,
    "OST": CHARCOAL,
    "NCY": BROWN,
    "SOL": "#66a61e",
    "PMR": "#7570b3",
    "ARM": "#b2182b",
    "CYP": "#c2a500",
    "KOR": "#2166ac",
    "PRK": "#762a83",
}

# --- recognition: 01 map, 05 dossier ---------------------------------------------------------------------------------
REGION_COLOURS = {"Africa": AMBER, "Americas": BLUE, "Asia": PINK, "Europe": GREEN, "Oceania": MUTED}
STATUS_COLOURS = {"past": "#b9aea2", "withheld": "#6f655c", "none": "#e0d3b8"}  # the others are shades of an entity's
SHADE = "#3d3d3d"  # what darkens an entity's colour
AGREEMENT_COLOURS = {"USA": INK, "CHN": ENTITY_COLOURS["CHN"], "ISR": ENTITY_COLOURS["ISR"]}
SEA, NO_ROW = "#f7f9fb", "#dde1e6"  # around the shapes of a map, and a shape of which nothing is said

# --- recognition: 02 switching ---------------------------------------------------------------------------------------
OVERLAP_COLOURS = (INK, SKY, GREEN, PINK, AMBER)
REASON_COLOURS = {
    "switch": RED,
    "withdrawal": AMBER,
    "suspension": PINK,
    "union": BROWN,
    "end_of_state": CHARCOAL,
    "not_known": "#9aa3ad",
    "lasts": EMPTY,
}

# --- recognition: 03 co-recognition ----------------------------------------------------------------------------------
SHARE_SHADES = ("white", "#5aa5d8")  # from none to all of a row: pale enough for dark numbers everywhere
SHARED_COLOURS = {"more": BLUE, "fewer": AMBER, "alike": "#e3e6ea"}
PROFILE_SHADES = {  # of a side: from both Israel and Palestine, over one of them, to neither
    "Beijing": (RED, "#f4a96b", "#fbdcc0", "#f5ede6"),
    "Taipei": (BLUE, "#62acd6", "#b5d8ec", "#e1ebf2"),
    "both sides": ("#54278f", "#807dba", "#bcbddc", "#e2e1ef"),
    "neither side": (CHARCOAL, "#878787", "#bababa", "#efe8db"),
}

# --- recognition: 04 ties without recognition ------------------------------------------------------------------------
WITHHELD_HATCH = "#8a8f96"

# --- air defence: layers, classes, 01 coverage -----------------------------------------------------------------------
LAYER_COLOURS = {
    "exo": "#542788",
    "upper_endo": BLUE,
    "long": SKY,
    "medium": GREEN,
    "short": AMBER,
    "very_short": RED,
}
"""Layers that intercept, the highest first."""
TARGET_COLOURS = {"aircraft": GREEN, "ballistic": RED, "any": BLUE, "not_stated": "#4d5863"}
STATE_COLOURS = {"fielded": BLUE, "funded": SKY, "announced": AMBER}
MEMBER_COLOURS = {
    "fielded": "#7aa6c9",
    "funded": "#bcd3e6",
    "announced": "#f3d9a8",
    "not listed in this architecture": "#d5d9de",
}
"""Of the same hues, paler: claims are drawn upon them."""
COVER_COLOURS = {"gap": "#f4c7ab", "disputed": "#fbe9a7", "not known": "white"}  # bands without a rated system
NO_SOURCE = "#a3195b"  # a number that no source gives: assumed, or general knowledge
PROPERTY_COLOURS = {"seen": BLUE, "guessed": NO_SOURCE}

# --- air defence: 02 leakage, explorer -------------------------------------------------------------------------------
LUCK, WORST_LUCK = BLUE, PURPLE  # chance at the best values, and its 95 % point
NOT_KNOWN, SHARE_OF_NOT_KNOWN = RED, PURPLE  # over draws of the inputs; what each input answers for
SCOPE_COLOURS = {"layer": GREEN, "threat": BLUE, "raid": PINK}
WAY_COLOURS = (PINK, BLUE, GREEN)  # one shot, barrage, shoot-look-shoot
CASE_COLOURS = (BLUE, AMBER, GREEN, PINK)
CLASS_COLOURS = {
    "mortar_rocket": "#999999",
    "owa_drone": AMBER,
    "subsonic_cm": GREEN,
    "supersonic_cm": "#66a61e",
    "tactical_aircraft": PURPLE,
    "crbm": BROWN,
    "srbm": SKY,
    "mrbm": BLUE,
    "irbm": CHARCOAL,
    "hgv": PINK,
}
END_COLOURS = {"at_low": "#92c5de", "at_high": "#f4a582"}  # of the range of an input
ROUNDS_SPENT, SPENT_SCALE = "#9aa5b1", "YlOrBr"
EFFORT_COLOURS = {"spent": AMBER, "stopped": GREEN}

# --- air defence: 03 integration -------------------------------------------------------------------------------------
NETWORK_COLOURS = {"apart": "#c2185b", "network": BLUE}
WINDOW_COLOUR = BLUE
SHADES = ("#9ecae1", "#4292c6", "#08519c", "#041f45")  # of a quantity that grows
LEAKAGE_MAP = "YlOrBr"

# --- air defence: 04 cost --------------------------------------------------------------------------------------------
PRICE_COLOURS = {"domestic": BLUE, "export": GREEN, "package": PURPLE, "guess": RED}
LOSS_TO_GAIN = sns.color_palette("RdBu", 6).as_hex()  # for the defender, in six shades
STAGE_COLOURS = {  # the further, the darker; an estimate is nobody's decision
    "announced": "#ebf3fb",
    "estimated": "#fde0c5",
    "notified": "#d0e1f2",
    "requested": "#b7d4ea",
    "budgeted": "#94c4df",
    "enacted": "#6baed6",
    "contracted": "#2171b5",
    "delivered": "#08519c",
}
STOCK_COLOURS = {"exist": ROUNDS_SPENT, "in_place": BLUE, "left": RED}
OUTPUT_COLOUR = PURPLE
RELOAD_COLOURS = {False: RED, True: BLUE}

# --- air defence: 05 evidence ----------------------------------------------------------------------------------------
DENOMINATOR_COLOURS = {"engaged": BLUE, "launched": RED, "threatening": GREEN, "not_stated": "#4d5863"}

# --- air defence: 06 hindcast ----------------------------------------------------------------------------------------
HELD_COLOURS = {True: "#2b6a99", False: "#d55e00"}  # an outcome inside or outside its predicted interval
BAND_COLOUR = "#c9dcea"  # a predicted interval, and what chance alone explains
FITTED_COLOUR = "#7db3dc"  # a predicted interval upon a wider, grey one
WAY_OF_PREDICTING_COLOURS = {"law": BLUE, "binomial": "#b9aea2", "beta_binomial": AMBER, "last_month": PINK}
DEFINITION_COLOURS = {"destroyed_or_lost": BLUE, "destroyed": AMBER}
LEVEL_COLOURS = {"assumed": OTHERS, "common": BLUE, "new_war": AMBER}

# --- both rooms: ratings and trust -----------------------------------------------------------------------------------
CAPABILITY_COLOURS = {"primary": "#08519c", "secondary": "#6baed6", "limited": "#c6dbef", "none": "#f4f5f6"}
CONFIDENCE_COLOURS = {"high": "#1b6b4f", "medium": "#8fb8a6", "low": "#d9a441"}
REST_COLOURS = CONFIDENCE_COLOURS | {"implied": OTHERS}  # what a tie rests on
GRADE_COLOURS = CONFIDENCE_COLOURS | {"unconfirmed": "#b5482f"}
OUTCOME_COLOURS = {
    "agrees": GRADE_COLOURS["high"],
    "sourced": GRADE_COLOURS["medium"],
    "changed": GRADE_COLOURS["low"],
    "not found": "#c9ced4",
    "differs": GRADE_COLOURS["unconfirmed"],
}


def mix(colour: str, other: str, share: float) -> str:
    """Mix a colour with a share of another, 0 to 1.

    Examples
    --------
    >>> mix("#0072b2", "white", 0.5)
    '#80b8d8'
    """
    red, green, blue = ((1 - share) * one + share * two for one, two in zip(to_rgb(colour), to_rgb(other), strict=True))
    return to_hex((red, green, blue))


def shade(values: Iterable[Any]) -> dict[Any, Any]:
    """Give each of some growing values a shade; values that are more than the shades lie between them.

    Examples
    --------
    >>> list(shade([0.2, 0.5])) == [0.2, 0.5] and len(set(map(str, shade(range(7)).values())))
    7
    """
    known = list(values)
    few = len(known) <= len(SHADES)
    return dict(zip(known, SHADES if few else sns.blend_palette(SHADES, len(known)), strict=False))


def readable_ink(behind: str) -> str:
    """Choose the ink of a text from the colour behind it: the house's dark one where it is read well, else the better
    of white and black, of which one always is.

    Parameters
    ----------
    behind : str
        Colour behind the text, as matplotlib knows it.

    Examples
    --------
    >>> readable_ink("#08519c"), readable_ink("#4292c6"), readable_ink("#f4f5f6") == INK
    ('white', 'black', True)
    """
    if find_contrast(INK, behind) >= LEAST_CONTRAST:
        return INK
    return max(("white", "black"), key=lambda ink: find_contrast(ink, behind))


def find_contrast(one: str, other: str) -> float:
    """Find how much two colours stand out from each other: 1 where they are the same, 21 for black on white.

    References
    ----------
    Contrast ratio and relative luminance: Web Content Accessibility Guidelines 2.2, World Wide Web Consortium.

    Examples
    --------
    >>> round(find_contrast("black", "white"))
    21
    """
    dark, light = sorted((_luminance(one), _luminance(other)))
    return (light + 0.05) / (dark + 0.05)


def _luminance(colour: str) -> float:
    linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in to_rgb(colour)]
    return sum(weight * part for weight, part in zip((0.2126, 0.7152, 0.0722), linear, strict=True))


def apply_theme() -> None:
    """Set the house's look for every figure drawn afterwards; called when this module is imported.

    Notes
    -----
    Whatever a user's own settings (``matplotlibrc``, a style) had chosen is taken back first. The backend stays.
    """
    mpl.rcdefaults()
    mpl.rcParams["timezone"] = mpl.rcParamsDefault["timezone"]  # rcdefaults leaves it
    sns.set_theme(
        context="notebook",
        style="whitegrid",
        rc={
            "axes.edgecolor": GRID,
            "axes.labelcolor": INK,
            "axes.titlecolor": INK,
            "axes.titlelocation": "left",
            "axes.titlesize": 13,
            "axes.titleweight": "bold",
            "axes.labelsize": 11,
            "figure.constrained_layout.use": True,
            "figure.dpi": PAGE_DPI,
            "font.family": "DejaVu Sans",
            "grid.color": GRID,
            "legend.frameon": False,
            "legend.fontsize": 10,
            "svg.hashsalt": "domes-and-ties",
            "text.parse_math": False,  # NT$ and US$ in one line are no formula
            "text.color": INK,
            "xtick.color": MUTED,
            "ytick.color": MUTED,
            "xtick.labelsize": 10,
            "ytick.labelsize": 10,
        },
    )
    mpl.rcParams["savefig.dpi"] = PAGE_DPI


def source_line(figure: Figure, text: str) -> None:
    """Write a small grey line (source, caveat) under the axes of a figure.

    Parameters
    ----------
    figure : matplotlib Figure
        Drawn with constrained layout, which makes room for the line.
    text : str
        One or two sentences; long text is wrapped.
    """
    figure.supxlabel(text, fontsize=8.5, color=MUTED, x=0.01, ha="left", wrap=True)


def show(figure: Figure, description: str, data: Data | None = None, newest: bool = False) -> None:
    """Show a figure once, with a sentence that is both its alternative text and its caption.

    Parameters
    ----------
    figure : matplotlib Figure
        A closed figure, as every ``plot_`` function returns it.
    description : str
        What the figure shows, with its numbers, from ``captions.say``.
    data : DataFrame, Series, Graph, or mapping of name to these, optional
        What the figure was drawn from, as ``data_file.pack_data`` takes it; a reader of the page can download it.
    newest : bool
        Whether a screen that is too narrow shows the right end first: where time runs to the right, the newest.

    Notes
    -----
    The picture is a PNG of fixed resolution without a date or a version inside, so that equal
    figures give equal bytes. The describing sentence travels in the output's metadata, from where
    the page exporter takes it.
    """
    content, metadata = bundle(figure, description, data)
    metadata["image/png"] |= {"opens_at_end": True} if newest else {}
    display(content, metadata=metadata, raw=True)


def bundle(figure: Figure, description: str, data: Data | None = None) -> tuple[dict[str, Any], dict[str, Any]]:
    """Return a figure, its sentence and its data as an output of a notebook: content and metadata by media type."""
    buffer = io.BytesIO()
    figure.set_dpi(PAGE_DPI)
    quick = {"compress_level": 1}  # a page packs its pictures anew
    FigureCanvasAgg(figure).print_png(buffer, metadata={"Software": None}, pil_kwargs=quick)  # savefig lays out twice
    picture = base64.b64encode(buffer.getvalue()).decode("ascii")
    content: dict[str, Any] = {"image/png": picture, "text/plain": description}
    if data is not None:
        content[DATA_MIME] = pack_data(data)
    if os.environ.get(SAVED_VARIABLE):
        content[SAVED_MIME] = {"svg": _draw_svg(figure), "csv": pack_whole(data) if data is not None else {}}
    return content, {"image/png": {"alt": description}}


def _draw_svg(figure: Figure) -> str:
    """Draw a figure as SVG, laid out as in its picture, letters as outlines, without a date; packed, in base64."""
    drawn = io.StringIO()
    figure.set_layout_engine("none")  # it would lay all out anew, which takes as long as the drawing
    _drop_clips(figure)
    FigureCanvasSVG(figure).print_svg(drawn, metadata={"Date": None, "Creator": None})
    return base64.b64encode(gzip.compress(drawn.getvalue().encode(), mtime=0)).decode("ascii")


def _drop_clips(figure: Figure) -> None:
    """Clip nothing that lies within its axes: each clip makes what draws an SVG paint the whole picture once more."""
    for axes in figure.axes:
        left, bottom, right, top = axes.bbox.padded(EDGE_PX).extents
        for artist in axes.findobj(lambda one: one.get_clip_on() and one.get_clip_box() is not None):
            drawn = _extent_of(artist)
            inside = left <= drawn.xmin <= drawn.xmax <= right and bottom <= drawn.ymin <= drawn.ymax <= top
            artist.set_clip_on(not inside)


def _extent_of(artist: Artist) -> Bbox:
    """Where an artist draws, in pixels; of marks on a scatter where their middles are."""
    if isinstance(artist, Collection) and artist.axes is not None:  # its own answer is infinite
        return artist.get_datalim(artist.axes.transData).transformed(artist.axes.transData)
    return artist.get_window_extent()


apply_theme()
