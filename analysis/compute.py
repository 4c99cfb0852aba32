"""A sweep over draws, defences and raids: here, in processes on one machine, or on many machines through dask."""

import multiprocessing
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor
from contextlib import contextmanager
from typing import Any

import pandas as pd

from analysis.air_defence.arguments import require_count, require_one
from analysis.air_defence.lanes import LANES
from analysis.air_defence.layers import Layer, raid_leakers_by_draw
from analysis.errors import ParameterError, RunError

LARGEST_POOL = 256
PATIENCE_S = 10  # how long to wait for a scheduler to answer


def sweep(
    defences: Mapping[str, Sequence[Layer]],
    raids: Mapping[str, Mapping[str, int]],
    draws: pd.DataFrame | Mapping[str, pd.DataFrame],
    track_scope: str = "layer",
    track: float = 1.0,
    seed: int = 0,
    n_simulations: int = 20_000,
    workers: int = 1,
    scheduler: str | None = None,
    chunk: int = 2_000,
) -> pd.DataFrame:
    """Leakers of each raid against each defence, for each draw of uncertain inputs.

    Parameters
    ----------
    defences : dict of str to list of Layer
        Layers by the name of the defence.
    raids : dict of str to dict
        Threats by class, by the name of the raid.
    draws : pandas.DataFrame, or dict of str to pandas.DataFrame
        One row is a draw, as for ``layers.raid_leakers_by_draw``; one frame for all defences, or one for each.
    track_scope, track, seed, n_simulations
        As in ``layers.raid_leakers``.
    workers : int
        Processes on this machine, 1 to 256; 1 works in this process. Not used with a scheduler.
    scheduler : str
        Address of a dask scheduler, such as ``tcp://host:8786``, whose workers have this package.
    chunk : int
        Draws that a worker takes at a time, 1 to 10,000,000; taken up to a multiple of 32, the number of draws that are
        worked on side by side, so that the last digit does not depend on it either.

    Returns
    -------
    pandas.DataFrame
        One row is a draw of a defence and a raid: ``defence, raid, draw`` (the label of the row in ``draws``) and the
        columns of ``layers.raid_leakers_by_draw``. The same whatever the workers, scheduler and chunk.

    Raises
    ------
    ParameterError
        As ``layers.raid_leakers_by_draw``; also when a defence has no draws.
    RunError
        When the scheduler does not answer.

    Notes
    -----
    Starting processes takes about a second: a sweep that is done within a few seconds is best left to one worker.

    Examples
    --------
    >>> defences = {"thin": [Layer("upper", {"srbm": 0.5}, {"srbm": 2}, shots=1)]}
    >>> draws = pd.DataFrame({"upper.srbm.single_shot": [0.5, 1.0]})
    >>> sweep(defences, {"small": {"srbm": 2}}, draws)[["defence", "raid", "draw", "mean"]].values.tolist()
    [['thin', 'small', 0, 1.0], ['thin', 'small', 1, 0.0]]
    """
    require_one(workers=workers, chunk=chunk)
    require_count("workers", workers, LARGEST_POOL, smallest=1)
    step = -(-int(require_count("chunk", chunk, 10_000_000, smallest=1)) // LANES) * LANES
    question = (track_scope, track, seed, n_simulations)
    tasks = [
        (defence, raid, layers, threats, part, question)
        for defence, layers in defences.items()
        for raid, threats in raids.items()
        for part in cut(find_draws(draws, defence), step)
    ]
    with open_pool(workers, scheduler) as run:
        parts = list(run(work, tasks))
    return pd.concat(parts, ignore_index=True) if parts else pd.DataFrame(columns=["defence", "raid", "draw"])


def find_draws(draws: pd.DataFrame | Mapping[str, pd.DataFrame], defence: str) -> pd.DataFrame:
    """Return the draws of one defence."""
    if isinstance(draws, pd.DataFrame):
        return draws
    if defence not in draws:
        raise ParameterError(f"draws has no entry for {defence!r}; it has {', '.join(draws) or 'none'}.")
    return draws[defence]


def cut(draws: pd.DataFrame, step: int) -> Iterator[pd.DataFrame]:
    """Yield the draws in parts of ``step`` rows; no draws are one empty part.

    Examples
    --------
    >>> [len(part) for part in cut(pd.DataFrame({"track": [0.1, 0.2, 0.3]}), 2)]
    [2, 1]
    """
    for start in range(0, max(1, len(draws)), step):
        yield draws.iloc[start : start + step]


def work(task: tuple) -> pd.DataFrame:
    """Answer one part of a sweep."""
    defence, raid, layers, threats, draws, question = task
    found = raid_leakers_by_draw(layers, threats, draws, *question)
    names = pd.DataFrame({"defence": defence, "raid": raid, "draw": found.index})
    return pd.concat([names, found.reset_index(drop=True)], axis=1)


@contextmanager
def open_pool(workers: int, scheduler: str | None) -> Iterator[Callable[[Callable, Iterable], Iterable[Any]]]:
    """Give a ``map`` that keeps the order of its tasks: here, in processes, or at a scheduler.

    Parameters
    ----------
    workers : int
        Processes on this machine; 1 works in this process.
    scheduler : str
        Address of a dask scheduler; replaces ``workers``.

    Raises
    ------
    RunError
        When the scheduler does not answer.

    Examples
    --------
    >>> with open_pool(1, None) as run:
    ...     list(run(abs, [-1, 2]))
    [1, 2]
    """
    if scheduler is not None:
        with connect(scheduler) as client:
            yield lambda function, tasks: client.gather(client.map(function, client.scatter(list(tasks)), pure=False))
    elif workers == 1:
        yield map
    else:
        context = multiprocessing.get_context("spawn")  # the same on every system, and safe beside threads
        with ProcessPoolExecutor(workers, mp_context=context) as pool:
            yield pool.map


def connect(scheduler: str) -> Any:
    """Return a client of a dask scheduler."""
    from distributed import Client  # takes half a second, and most runs do without

    try:
        return Client(scheduler, timeout=PATIENCE_S)
    except (OSError, ValueError) as error:
        raise RunError(
            f"scheduler = {scheduler!r} does not answer ({error}); start one with 'dask scheduler', or leave it out."
        ) from None
