"""Where kernels come from: forked from the warm server where that can be done, else started afresh."""

import asyncio
import sys
from pathlib import Path
from typing import Any

from jupyter_client.connect import KernelConnectionInfo
from jupyter_client.provisioning import LocalProvisioner

from analysis.reporting.kernel import warm
from analysis.reporting.kernel.surroundings import own_environment

APP = "analysis.reporting.kernel.app"
EXIT_POLLS, EXIT_POLL_S = 400, 0.005


class WarmProvisioner(LocalProvisioner):
    """Forks kernels of this interpreter from a server that has imported the libraries.

    Notes
    -----
    Registered as ``domes-warm``, so that a kernelspec can name it:
    ``"metadata": {"kernel_provisioner": {"provisioner_name": "domes-warm"}}``. A kernel manager may have
    ``warm`` (False starts every kernel afresh), ``memory_mb`` (largest memory for a kernel's data) and
    ``environment`` (variables that the kernel has besides the caller's).
    """

    process: Any = None  # Popen, or what looks like it

    async def pre_launch(self, **kwargs: Any) -> dict[str, Any]:
        """Set the variables that every kernel has, so that forked and other kernels compute and draw the same."""
        kwargs = await super().pre_launch(**kwargs)
        own = dict(getattr(self.parent, "environment", {}))
        if folder := getattr(self.parent, "folder", None):
            own["IPYTHONDIR"] = str(folder)
        kwargs["env"] = own_environment(kwargs["env"], own)
        return kwargs

    async def launch_kernel(self, cmd: list[str], **kwargs: Any) -> KernelConnectionInfo:
        """Fork a kernel, or start one where that cannot be done, saying so once."""
        if not (getattr(self.parent, "warm", True) and _is_own(cmd)):
            return await self._start_afresh(cmd, kwargs)
        try:
            self.process = await asyncio.to_thread(self._fork, cmd, kwargs)
        except OSError as error:
            say_once(error)
            return await self._start_afresh(cmd, kwargs)
        self.pid = self.pgid = self.process.pid
        self.cwd = kwargs.get("cwd") or Path.cwd()
        return self.connection_info

    async def kill(self, restart: bool = False) -> None:
        """End the kernel and return as soon as it has ended."""
        await super().kill(restart)
        for _ in range(EXIT_POLLS):
            if await self.poll() is not None:
                break
            await asyncio.sleep(EXIT_POLL_S)

    async def _start_afresh(self, cmd: list[str], kwargs: dict[str, Any]) -> KernelConnectionInfo:
        afresh = [sys.executable, "-P", "-m", APP, *cmd[3:]] if _is_own(cmd) else cmd
        info = await super().launch_kernel(afresh, **kwargs)
        if self._memory_mb and self.process and sys.platform == "linux":
            from resource import RLIMIT_DATA, prlimit

            limit = self._memory_mb * 1024 * 1024
            prlimit(self.process.pid, RLIMIT_DATA, (limit, limit))
        return info

    def _fork(self, cmd: list[str], kwargs: dict[str, Any]) -> "warm.ForkedProcess":
        if not warm.can_fork():
            raise OSError("this system cannot fork them")
        environment = dict(kwargs["env"])
        folder = Path(kwargs.get("cwd") or ".").absolute()  # the server stands elsewhere
        kernel = warm.ForkedKernel(cmd[3:], environment, str(folder), self._memory_mb)
        out, err = _descriptor(kwargs.get("stdout"), 1), _descriptor(kwargs.get("stderr"), 2)
        server = warm.warm_server(environment)
        try:
            return server.fork(kernel, out, err)
        except OSError:
            if server.is_running(patience_s=1):
                raise
            return warm.warm_server(environment).fork(kernel, out, err)  # somebody ended the server: another one

    @property
    def _memory_mb(self) -> int | None:
        return getattr(self.parent, "memory_mb", None)


def _is_own(cmd: list[str]) -> bool:
    """Tell whether a command starts ipykernel with our interpreter, which is what a fork gives."""
    return cmd[:3] == [sys.executable, "-m", "ipykernel_launcher"]


def _descriptor(stream: Any, own: int) -> int:
    if stream is None:
        return own
    return stream if isinstance(stream, int) and stream >= 0 else stream.fileno()


_said: set[str] = set()


def say_once(error: OSError) -> None:
    """Say on stderr why kernels are not warm, the first time."""
    if not _said:
        print(f"No warm kernels ({error}): each run starts its own, which takes longer.", file=sys.stderr)
    _said.add(str(error))
