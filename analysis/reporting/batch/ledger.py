"""What stands for a run: a change of cells, values, package or data makes it another run."""

import hashlib
import json
import os
import platform
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import asdict, dataclass, fields
from datetime import UTC, datetime
from functools import cache
from importlib.metadata import PackageNotFoundError, requires, version
from pathlib import Path
from typing import Any, BinaryIO

from filelock import FileLock, Timeout
from packaging.requirements import Requirement

from analysis.errors import RunError
from analysis.parameters import Parameters
from analysis.reporting.run.catalogue import Notebook

PACKAGE = Path(__file__).resolve().parents[2]
DISTRIBUTION = "domes-and-ties"
ABSENT = "not installed"


def run_key(notebook: Notebook, parameters: Parameters, surroundings: str, case: str = "") -> str:
    """Return what stands for a run: change a cell, a value, the package or the data, and it is another.

    Parameters
    ----------
    notebook : Notebook
        Its name, the text of its cells, and the modules that lie beside it count; kept outputs do not.
    parameters : Parameters
        All values.
    surroundings : str
        From ``hash_surroundings``.
    case : str
        Checksum of the case file of the user that lies over the data; empty without one.

    Notes
    -----
    The versions of Python and of the packages count too, and the day that ``SOURCE_DATE_EPOCH`` puts on a page. The
    commit does not: what it changed in package and data counts by itself, and the page names the one that made it.
    """
    cells = [
        [cell["cell_type"], "".join(cell["source"]), cell.get("metadata", {}).get("tags", [])]
        for cell in notebook.content["cells"]
    ]
    beside = {path.name: checksum(path) for path in sorted(notebook.path.parent.glob("*.py")) if path.is_file()}
    day = os.environ.get("SOURCE_DATE_EPOCH", "")
    content = [notebook.name, cells, beside, parameters.model_dump(), surroundings, versions(), day]
    content += [case] if case else []
    return hashlib.sha256(json.dumps(content, sort_keys=True).encode()).hexdigest()[:32]


def hash_surroundings(data: Path) -> str:
    """Return a checksum of the package's source and templates, and of every file of the data folder."""
    digest = hashlib.sha256()
    for folder in (PACKAGE, data):
        for path in sorted(path for path in folder.rglob("*") if path.is_file() and not _is_made(path, folder)):
            digest.update(f"{path.relative_to(folder).as_posix()} {checksum(path)}\n".encode())
    return digest.hexdigest()


@cache
def versions() -> dict[str, str]:
    """Return the versions of Python and of each package that this one requires."""
    try:
        required = requires(DISTRIBUTION) or []
    except PackageNotFoundError:
        required = []
    names = {Requirement(text).name for text in required if "extra ==" not in text}
    return {"python": platform.python_version()} | {name: _version(name) for name in sorted(names)}


def checksum(path: Path) -> str:
    """Return the SHA-256 of a file."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _version(package: str) -> str:
    try:
        return version(package)
    except PackageNotFoundError:
        return ABSENT


def _is_made(path: Path, folder: Path) -> bool:
    return any(part.startswith(".") or part == "__pycache__" for part in path.relative_to(folder).parts)


LEDGER = "ledger.jsonl"
LOCK, OWNER = ".batch.lock", ".batch.json"
DONE, FAILED = "done", "failed"


@dataclass(frozen=True)
class Record:
    """One line of the ledger: how one run ended.

    Attributes
    ----------
    key : str
        Stands for cells, parameters, package and data of the run.
    state : str
        ``done`` or ``failed``.
    notebook : str
        Its name.
    parameters : dict
        All values.
    page : str
        Name of the page below the folder, without suffix.
    ended : str
        Moment in UTC.
    seconds : float
        From the start of the run to its end.
    peak_memory_mb : float or None
        Largest memory of the kernel; None where it is not known.
    notebook_sha256, page_sha256 : str
        Checksums of the executed notebook and of the page; empty where the run failed.
    error : str
        What went wrong; empty where nothing did.
    """

    key: str
    state: str
    notebook: str
    parameters: dict[str, Any]
    page: str
    ended: str
    seconds: float
    peak_memory_mb: float | None = None
    notebook_sha256: str = ""
    page_sha256: str = ""
    error: str = ""


class Ledger:
    """The ledger, open for writing; one process at a time has it, see ``open_ledger``."""

    def __init__(self, folder: Path, file: BinaryIO, records: dict[str, Record]) -> None:
        self.folder = folder
        self.records = records
        self._file = file

    def append(self, record: Record) -> None:
        """Write a line and sync it; where that fails, no half line stays.

        Raises
        ------
        RunError
            When the line cannot be written.
        """
        line = json.dumps(asdict(record), ensure_ascii=False).encode() + b"\n"
        end = self._file.seek(0, os.SEEK_END)
        try:
            self._file.write(line)
            os.fsync(self._file.fileno())
        except OSError as error:
            with suppress(OSError):
                self._file.truncate(end)
            raise RunError(f"{self.folder / LEDGER}: cannot be written ({error.strerror}).") from None
        self.records[record.key] = record

    def is_finished(self, key: str, page: str) -> bool:
        """Tell whether a run is done and its files are still as they were written."""
        record = self.records.get(key)
        if record is None or record.state != DONE or record.page != page:
            return False
        wanted = {".ipynb": record.notebook_sha256, ".html": record.page_sha256}
        files = {self.folder / f"{page}{suffix}": digest for suffix, digest in wanted.items()}
        return all(file.is_file() and checksum(file) == digest for file, digest in files.items())


@contextmanager
def open_ledger(folder: Path) -> Iterator[Ledger]:
    """Open the ledger of a folder for writing, alone.

    Parameters
    ----------
    folder : pathlib.Path
        Where the pages go; it is made.

    Raises
    ------
    RunError
        When another process writes there, or the folder cannot be written.
    """
    with ExitStack() as opened:
        try:
            folder.mkdir(parents=True, exist_ok=True)
            opened.enter_context(FileLock(folder / LOCK, blocking=False))
            file = opened.enter_context((folder / LEDGER).open("a+b", buffering=0))
            records = _read_whole_lines(file)
            _write_owner(folder)
        except Timeout:
            raise RunError(
                f"{folder}: another batch{_read_owner(folder)} is writing here; "
                "wait for it to end, or choose another folder with -o."
            ) from None
        except OSError as error:
            raise RunError(f"{folder}: cannot be written ({error.strerror}); choose another folder with -o.") from None
        yield Ledger(folder, file, records)


def now() -> str:
    """Return the moment, in UTC, to the millisecond."""
    return datetime.now(UTC).isoformat(timespec="milliseconds")


def _read_whole_lines(file: BinaryIO) -> dict[str, Record]:
    """Read all records; a last line that a killed process left unfinished is cut off."""
    file.seek(0)
    content = file.read()
    file.truncate(content.rfind(b"\n") + 1)
    return _parse(content)


def _parse(content: bytes) -> dict[str, Record]:
    names = {field.name for field in fields(Record)}
    records = {}
    for line in content[: content.rfind(b"\n") + 1].splitlines():
        # An unreadable line counts as a run that is missing.
        with suppress(ValueError, TypeError, AttributeError, RecursionError):
            record = Record(**{name: value for name, value in json.loads(line).items() if name in names})
            records[record.key] = record
    return records


def _write_owner(folder: Path) -> None:
    owner = {"process": os.getpid(), "machine": platform.node(), "since": now()}
    (folder / OWNER).write_text(json.dumps(owner), encoding="utf-8")


def _read_owner(folder: Path) -> str:
    try:
        owner = json.loads((folder / OWNER).read_text(encoding="utf-8"))
        return f" (process {owner['process']} on {owner['machine']}, since {owner['since']})"
    except (OSError, ValueError, KeyError, TypeError):
        return ""
