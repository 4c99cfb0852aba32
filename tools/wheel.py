"""What a wheel carries beside the modules; hatchling calls it. An editable install finds all of it in the checkout."""

from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface

INSIDE = ("data", "notebooks", "docs/calibration", "CHANGELOG.md", "CITATION.cff", "LICENSE", "LICENSE-DATA")
"""A checkout has these beside the package, a wheel inside it; ``analysis/home.py`` finds either."""
COMMAND = "domes_command.py"


class WithData(BuildHookInterface):
    """Put data and notebooks into the package of a wheel."""

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Name the files, unless the install is editable."""
        if version == "editable":
            return
        root = Path(self.root)
        own = [
            path for name in INSIDE for path in ((root / name).rglob("*") if (root / name).is_dir() else [root / name])
        ]
        files = [path.relative_to(root) for path in own if path.is_file()]
        shown = [path for path in files if not any(part.startswith((".", "__")) for part in path.parts)]
        inside = {str(root / path): f"analysis/{path.as_posix()}" for path in shown}
        build_data["force_include"] = inside | {str(root / COMMAND): COMMAND}
