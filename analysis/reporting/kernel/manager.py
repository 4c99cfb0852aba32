"""The kernel that runs a notebook: this interpreter's own, whatever else is installed on the machine."""

import os
import shutil
import time
import uuid
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from queue import Empty
from types import MappingProxyType
from typing import Any

from jupyter_client import AsyncKernelManager
from jupyter_client.asynchronous import AsyncKernelClient
from jupyter_client.kernelspec import KernelSpecManager
from traitlets import Instance, Type, default

from analysis.reporting.kernel.provisioner import WarmProvisioner
from analysis.scratch import holds_sockets, make_scratch

READY_POLL_S = 0.2


class OwnKernelClient(AsyncKernelClient):
    """Knows that a kernel is ready from what it says, where others wait for it to be silent."""

    async def wait_for_ready(self, timeout: float | None = None) -> None:
        """Wait until a question is answered and its last message has come over the output channel.

        Raises
        ------
        RuntimeError
            When the kernel has ended, or does not answer within ``timeout`` seconds.
        """
        end = time.monotonic() + (float("inf") if timeout is None else timeout)
        asked: set[str] = set()
        while time.monotonic() < end:
            asked.add(self.kernel_info())
            with suppress(Empty):
                reply = await self.get_shell_msg(timeout=1)
                if reply["msg_type"] == "kernel_info_reply" and await self._hears_the_end_of(asked):
                    self._handle_kernel_info_reply(reply)
                    return
            if not await self.is_alive():
                raise RuntimeError("Kernel died before replying to kernel_info")
        raise RuntimeError(f"Kernel didn't respond in {timeout} seconds")

    async def _hears_the_end_of(self, asked: set[str]) -> bool:
        with suppress(Empty):
            while True:
                message = await self.get_iopub_msg(timeout=READY_POLL_S)
                idle = message["content"].get("execution_state") == "idle"
                if idle and message["parent_header"].get("msg_id") in asked:
                    return True
        return False


class OwnKernelManager(AsyncKernelManager):
    """Starts ipykernel with the interpreter that runs us: forked from the warm server, else afresh.

    Notes
    -----
    A kernelspec named ``python3`` in a user's or a system folder may belong to another environment. A
    manager that looks into no folder falls back on ipykernel's built-in one, which names
    ``sys.executable``. Where the system has them, sockets are files in a folder that only this user
    can read: no ports that two kernels could both take, and no traffic that others could hear.
    """

    warm: bool = True
    memory_mb: int | None = None
    environment: Mapping[str, str] = MappingProxyType({})
    client_factory = Type(klass=OwnKernelClient)
    folder = Instance(Path, help="For sockets, the connection file and IPython's profile; it lives as the kernel does.")

    @default("kernel_spec_manager")
    def _look_into_no_folder(self) -> KernelSpecManager:
        return KernelSpecManager(parent=self, kernel_dirs=[])

    @default("folder")
    def _make_folder(self) -> Path:
        return make_scratch(for_sockets=True)

    @default("transport")
    def _prefer_sockets_in_files(self) -> str:
        return "ipc" if os.name == "posix" and holds_sockets(self.folder) else "tcp"

    @default("ip")
    def _choose_address(self) -> str:
        return str(self.folder / "k") if self.transport == "ipc" else "127.0.0.1"

    @default("connection_file")
    def _keep_the_key_in_the_folder(self) -> str:
        return str(self.folder / "kernel.json")

    async def pre_start_kernel(self, **kwargs: Any) -> tuple[list[str], dict[str, Any]]:  # type: ignore[override]
        """Have the kernel come from our own provisioner, whichever are registered."""
        if self.provisioner is None:
            self.kernel_id = self.kernel_id or str(uuid.uuid4())
            self.provisioner = WarmProvisioner(kernel_id=self.kernel_id, kernel_spec=self.kernel_spec, parent=self)
        return await super().pre_start_kernel(**kwargs)

    _async_pre_start_kernel = pre_start_kernel

    async def cleanup_resources(self, restart: bool = False) -> None:  # type: ignore[override]
        """Remove the kernel's folder with the rest."""
        await super().cleanup_resources(restart)
        if not restart:
            shutil.rmtree(self.folder, ignore_errors=True)


@dataclass
class Usage:
    """What a kernel used, known when it has ended.

    Attributes
    ----------
    peak_memory_mb : float or None
        Largest memory; None where the system does not tell, or the kernel ended on its own.
    """

    peak_memory_mb: float | None = None


def kernel_for_a_run(
    warm: bool, memory_mb: int | None, usage: Usage, environment: Mapping[str, str] | None = None
) -> type[OwnKernelManager]:
    """Return a kernel manager for one run; papermill and nbclient take a class and make the object themselves.

    Parameters
    ----------
    warm : bool
        Fork the kernel from the warm server; False starts it afresh.
    memory_mb : int or None
        Largest memory for the kernel's data, in MB.
    usage : Usage
        Filled in when the kernel is ended.
    environment : mapping of str to str, optional
        Variables that the kernel has besides those of this process.
    """

    class KernelOfARun(OwnKernelManager):
        async def shutdown_kernel(self, now: bool = False, restart: bool = False) -> None:  # type: ignore[override]
            usage.peak_memory_mb = _peak_memory_mb(getattr(self.provisioner, "pid", None))
            await super().shutdown_kernel(now, restart)

    KernelOfARun.warm, KernelOfARun.memory_mb = warm, memory_mb
    KernelOfARun.environment = dict(environment or {})
    return KernelOfARun


def _peak_memory_mb(pid: int | None) -> float | None:
    try:
        lines = Path(f"/proc/{pid}/status").read_text().splitlines()
    except OSError:
        return None
    sizes = [line.split()[1] for line in lines if line.startswith("VmHWM:")]
    return int(sizes[0]) / 1024 if sizes else None
