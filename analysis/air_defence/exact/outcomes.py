"""The outcome of one raid on a packed defence: exact where it can be, simulated otherwise, and who did the work."""

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from analysis.air_defence.exact import raid as exact
from analysis.air_defence.exact import sharing
from analysis.air_defence.exact.defence import Layer, Packed

SURE = 1e-12  # a shared magazine that runs dry with a smaller chance is taken not to bind
HARDLY_HITS = 1e-7  # below this single-shot kill probability, shots are counted as if none could hit


def arrays(packed: Packed, scope: int) -> tuple:
    """Return the arguments of the compiled models, of one memory layout so that they are compiled once."""
    before = (packed.threats, packed.single_shot, packed.rounds, packed.track, packed.common)
    return *map(np.ascontiguousarray, before), scope, *map(np.ascontiguousarray, (packed.shots, packed.looks))


def cut(packed: Packed, n_layers: int, classes: list[int] | None = None) -> Packed:
    """Keep the first layers, and some of the classes."""
    kept = list(range(packed.threats.size)) if classes is None else classes
    return replace(
        packed,
        threats=packed.threats[kept],
        single_shot=packed.single_shot[kept, :n_layers],
        rounds=packed.rounds[kept, :n_layers],
        track=packed.track[:n_layers],
        shots=packed.shots[kept, :n_layers],
        looks=packed.looks[:n_layers],
    )


def is_exact(layers: Sequence[Layer], packed: Packed, scope: int) -> bool:
    """Whether no shared magazine can run dry, other than one that serves a single class of the raid.

    Notes
    -----
    Layer by layer, the shots that could be wanted of a shared magazine are counted with every earlier layer exact and,
    in scopes ``threat`` and ``raid``, with every threat tracked, which can only raise them.
    """
    tracked = packed if scope == exact.LAYER else replace(packed, track=np.ones_like(packed.track))
    for j, layer in enumerate(layers):
        classes = [int(i) for i in np.flatnonzero(packed.shots[:, j])]
        if not layer.is_shared or len(classes) < 2:
            continue
        arriving = exact.leak(*arrays(cut(tracked, j, classes), exact.LAYER))[1]
        if arriving[layer.rounds_for("") // layer.shots + 1 :].sum() >= SURE:
            return False
    return True


def simulate(
    layers: Sequence[Layer], packed: Packed, scope: int, seed: int, n_simulations: int
) -> tuple[np.ndarray, np.ndarray]:
    """Simulate the raid; return how often 0, 1, ... leaked, and the sums of arrivals, kills, shots, shortages."""
    size = packed.shots.shape
    slots = np.empty(size, np.int64)
    stocks: list[int] = []
    for j, layer in enumerate(layers):
        for i in range(size[0]):
            if i == 0 or not layer.is_shared:
                stocks.append(layer.rounds_for("") if layer.is_shared else int(packed.rounds[i, j, 0]))
            slots[i, j] = len(stocks) - 1
    return sharing.simulate(
        np.random.default_rng(seed),
        n_simulations,
        packed.threats,
        packed.single_shot[:, :, 0].copy(),
        slots,
        np.array(stocks, np.int64),
        packed.track[:, 0].copy(),
        float(packed.common[0, 0]),
        scope,
        packed.shots,
        packed.looks,
    )


def exact_work(packed: Packed, i: int, j: int, scope: int) -> tuple[float, float, float, float]:
    """Return the arrivals, kills and shots of class i at layer j on average, and P(rounds missing)."""
    arriving = mean_leakers(cut(packed, j, [i]), scope) if j else float(packed.threats[i])
    if packed.shots[i, j] == 0:
        return arriving, 0.0, 0.0, 0.0
    here = cut(packed, j + 1, [i])
    _, pmf, short = exact.leak(*arrays(here, scope))
    killed = arriving - float(np.arange(pmf.size) @ pmf)
    return arriving, killed, spent(here, arriving, killed, float(short[0, j]), scope), float(short[0, j])


def spent(here: Packed, arriving: float, killed: float, short: float, scope: int) -> float:
    """Interceptors that the last layer fires at its one class, on average.

    Notes
    -----
    Under shoot-look-shoot every shot kills with the same chance, so shots are kills / p (Wald). A barrage does not
    depend on p: with p = 1 each threat fired at is a kill, which counts the threats that get shots.
    """
    p, shots, rounds = here.single_shot[0, -1, 0], int(here.shots[0, -1]), int(here.rounds[0, -1, 0])
    if here.looks[-1] and p > HARDLY_HITS:
        return killed / p
    sure = here.single_shot.copy()
    sure[0, -1] = 1.0
    looks = here.looks.copy()
    looks[-1] = False
    fired_at = arriving - mean_leakers(replace(here, single_shot=sure, looks=looks), scope)
    rest = rounds % shots
    chance = short if not here.looks[-1] else float(exact.leak(*arrays(replace(here, looks=looks), scope))[2][0, -1])
    in_part = chance if rest else 0.0
    return shots * (fired_at - in_part) + rest * in_part


def mean_leakers(packed: Packed, scope: int) -> float:
    """Leakers on average."""
    return float(exact.leak(*arrays(packed, scope))[0][0, 0])
