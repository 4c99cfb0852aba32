"""What charts, the page and JupyterLab share without loading a chart library: a media type, a script, a style."""

from pathlib import Path

CHART_MIME = "application/vnd.domes.chart+json"
"""Media type by which the page recognises an interactive chart."""
SCRIPT = Path(__file__).parent / "charts.js"
STYLE = Path(__file__).parent / "charts.css"
