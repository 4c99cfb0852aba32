"""The kernel that runs a notebook: this interpreter's own, whatever else is installed on the machine."""

import os
import shutil
import tempfile
from pathlib import Path

from jupyter_client import AsyncKernelManager
from jupyter_client.kernelspec import KernelSpecManager
from traitlets import default


class OwnKernelManager(AsyncKernelManager):
    """Starts ``python -m ipykernel`` with the interpreter that runs us.

    Notes
    -----
    A kernelspec named ``python3`` in a user's or a system folder may belong to another environment. A
    manager that looks into no folder falls back on ipykernel's built-in one, which names
    ``sys.executable``. Where the system has them, sockets are files in a folder that only this user
    can read: no ports that two kernels could both take, and no traffic that others could hear.
    """

    @default("kernel_spec_manager")
    def _look_into_no_folder(self) -> KernelSpecManager:
        return KernelSpecManager(parent=self, kernel_dirs=[])

    @default("transport")
    def _prefer_sockets_in_files(self) -> str:
        return "ipc" if os.name == "posix" else "tcp"

    @default("ip")
    def _choose_address(self) -> str:
        return str(Path(tempfile.mkdtemp(prefix="domes-"), "k")) if self.transport == "ipc" else "127.0.0.1"

    async def cleanup_resources(self, restart: bool = False) -> None:  # type: ignore[override]
        """Remove the sockets' folder with the rest."""
        await super().cleanup_resources(restart)
        if self.transport == "ipc" and not restart:
            shutil.rmtree(Path(self.ip).parent, ignore_errors=True)
