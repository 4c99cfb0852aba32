"""The program of a kernel: ipykernel as it comes, which reads no settings of a user or a machine."""

import logging
import os
from pathlib import Path
from typing import Any

from ipykernel.kernelapp import IPKernelApp
from traitlets import default


class OwnKernelApp(IPKernelApp):
    """An ipykernel without ``ipython_config.py`` and without start-up files, wherever such files lie."""

    @default("log_level")
    def _say_what_is_wrong_alone(self) -> int:
        return logging.ERROR  # that its parent has ended, the parent knows

    def load_config_file(self, *_: Any, **__: Any) -> None:
        """Read no file; what is given as an argument still counts."""

    def _run_startup_files(self) -> None:
        pass


def main() -> None:
    """Serve until the kernel is ended; matplotlib and its like read no settings from the notebook's folder."""
    folder = Path.cwd()
    os.chdir(Path(__file__).parent)
    import matplotlib  # noqa: F401 - it looks for a file of settings where it is imported

    os.chdir(folder)
    OwnKernelApp.launch_instance()


if __name__ == "__main__":
    main()
