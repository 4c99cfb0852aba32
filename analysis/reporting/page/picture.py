"""Figures of a page: small PNG files with a palette, always the same bytes for the same picture."""

import base64
import io
from dataclasses import dataclass
from typing import Any
from zlib import Z_FILTERED

from PIL import Image

DPI = 144
CSS_DPI = 96
COLOURS = 32
MOST_COUNTED = 65_536
THUMBNAIL_WIDTH = 360
THUMBNAIL_COLOURS = 16
TALLEST_THUMBNAIL = 324
"""A taller figure becomes narrower; none is cut."""


@dataclass(frozen=True)
class Picture:
    """A picture as it stands in a page.

    Attributes
    ----------
    source : str
        ``data:`` address.
    width, height : int
        Size in CSS pixels; 0 where the file does not say.
    """

    source: str
    width: int = 0
    height: int = 0


def palette_picture(content: str) -> Picture:
    """Reduce a PNG picture to a palette.

    Parameters
    ----------
    content : str
        PNG file in base64, drawn at 144 dots per inch.

    Raises
    ------
    OSError
        When the content is not a picture.
    """
    image = _read(content)
    return Picture(_png_address(image), round(image.width * CSS_DPI / DPI), round(image.height * CSS_DPI / DPI))


def thumbnail(content: str) -> Picture:
    """Make a small version of a whole PNG picture, shown at half its pixels; else as `palette_picture`."""
    image = _read(content)
    scale = min(THUMBNAIL_WIDTH / image.width, TALLEST_THUMBNAIL / image.height)
    width, height = (max(round(length * scale), 2) for length in image.size)
    small = image.resize((width, height), Image.Resampling.LANCZOS, reducing_gap=2.0)
    return Picture(_png_address(small, THUMBNAIL_COLOURS), width // 2, height // 2)


def svg_picture(markup: str) -> Picture:
    """Put an SVG drawing into a page as a picture, where no script in it can run."""
    return Picture("data:image/svg+xml;base64," + base64.b64encode(markup.encode()).decode("ascii"))


def _read(content: str) -> Image.Image:
    image: Image.Image = Image.open(io.BytesIO(base64.b64decode(content)))
    if image.has_transparency_data and image.mode != "RGBA":
        image = image.convert("RGBA")
    if image.mode == "RGBA" and image.getchannel("A").getextrema() != (255, 255):
        image = Image.alpha_composite(Image.new("RGBA", image.size, "white"), image)
    return image.convert("RGB")


def _png_address(image: Image.Image, colours: int = COLOURS) -> str:
    buffer = io.BytesIO()
    _reduce(image, colours).save(buffer, format="png", compress_level=9, compress_type=Z_FILTERED)
    return "data:image/png;base64," + base64.b64encode(buffer.getvalue()).decode("ascii")


def _reduce(image: Image.Image, most: int) -> Image.Image:
    """Choose colours that cover all of the picture's; those of its areas stay exact, its soft edges come near."""
    reduced = image.quantize(most, Image.Quantize.MAXCOVERAGE, dither=Image.Dither.NONE)
    counted: list[tuple[int, Any]] = sorted(image.getcolors(MOST_COUNTED) or [])
    colours = Image.new("RGB", (max(len(counted), 1), 1))
    colours.putdata([colour for _, colour in counted])
    entries = colours.quantize(palette=reduced, dither=Image.Dither.NONE).tobytes()
    palette = reduced.getpalette() or []
    for entry, (_, colour) in zip(entries, counted, strict=False):  # the most frequent colour comes last and stays
        palette[3 * entry : 3 * entry + 3] = colour
    reduced.putpalette(palette)
    return reduced
