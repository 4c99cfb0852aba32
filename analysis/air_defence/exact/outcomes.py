"""The outcome of one raid on a packed defence: exact where it can be, simulated otherwise, and who did the work."""

from collections.abc import Sequence
from dataclasses import fields, replace

import numpy as np

from analysis.air_defence.exact import raid as exact
from analysis.air_defence.exact import sharing
from analysis.air_defence.exact.defence import LAYER, Layer, Packed
from analysis.air_defence.exact.raid_effect import NO_CORRELATION

SURE = 1e-12  # a shared magazine that runs dry with a smaller chance is taken not to bind
HARDLY_HITS = 1e-7  # below this single-shot kill probability, shots are counted as if none could hit


def leak(packed: Packed) -> exact.Leak:
    """Solve a packed question; its arrays get one memory layout, so that the model is compiled once."""
    values = (getattr(packed, field.name) for field in fields(packed))
    return exact.leak(*(np.ascontiguousarray(x) if isinstance(x, np.ndarray) else x for x in values))


def cut(packed: Packed, n_layers: int, classes: list[int] | None = None) -> Packed:
    """Keep the first layers, and some of the classes."""
    kept = list(range(packed.threats.size)) if classes is None else classes
    return replace(
        packed,
        threats=packed.threats[kept],
        single_shot=packed.single_shot[kept, :n_layers],
        rounds=packed.rounds[kept, :n_layers],
        reach=packed.reach[kept, :n_layers],
        place=packed.place[kept],
        correlation=packed.correlation[kept],
        first_local=min(packed.first_local, n_layers),
        shots=packed.shots[kept, :n_layers],
        looks=packed.looks[:n_layers],
    )


def is_exact(layers: Sequence[Layer], packed: Packed) -> bool:
    """Whether no shared magazine can run dry, other than one that serves a single class of the raid.

    Notes
    -----
    Layer by layer, the shots that could be wanted of a shared magazine are counted with every earlier layer exact and,
    in scopes ``threat`` and ``raid``, with every threat tracked, which can only raise them.
    """
    tracked = replace(packed, scope=LAYER, correlation=np.zeros_like(packed.correlation))
    for j, layer in enumerate(layers):
        classes = [int(i) for i in np.flatnonzero(packed.shots[:, j])]
        if not layer.is_shared or len(classes) < 2:
            continue
        arriving = leak(cut(tracked, j, classes)).pmf[-1]
        if arriving[layer.rounds_for("") // layer.shots + 1 :].sum() >= SURE:
            return False
    return True


def simulate(layers: Sequence[Layer], packed: Packed, seed: int, n_simulations: int) -> tuple[np.ndarray, np.ndarray]:
    """Simulate the raid: leakers by simulation and class, and sums of arrivals, kills, shots and shortages."""
    size = packed.shots.shape
    slots = np.empty(size, np.int64)
    stocks: list[int] = []
    for j, layer in enumerate(layers):
        for i in range(size[0]):
            if i == 0 or not layer.is_shared:
                stocks.append(layer.rounds_for("") if layer.is_shared else int(packed.rounds[i, j, 0]))
            slots[i, j] = len(stocks) - 1
    rng = np.random.default_rng(seed)
    leaked, failed, counts = sharing.simulate(
        rng,
        n_simulations,
        packed.threats,
        packed.single_shot[:, :, 0].copy(),
        slots,
        np.array(stocks, np.int64),
        packed.reach[:, :, 0].copy(),
        float(packed.common[0, 0]),
        packed.place[:, 0].copy(),
        packed.scope,
        packed.first_local,
        packed.shots,
        packed.looks,
    )
    for i, correlation in enumerate(packed.correlation[:, 0]):
        if correlation >= NO_CORRELATION:
            able = int(packed.threats[i]) - beyond_rounds(packed, i)
            leaked[~failed, i] += vary(rng, leaked[~failed, i] - (packed.threats[i] - able), able, float(correlation))
    return leaked, counts


def beyond_rounds(packed: Packed, i: int) -> int:
    """Threats of class i that leak for want of rounds even where every shot kills."""
    salvos = np.where(packed.looks, 1, np.maximum(packed.shots[i], 1))
    fires = (packed.shots[i] > 0) & (packed.single_shot[i, :, 0] > 0) & (packed.reach[i, :, 0] > 0)
    return max(0, int(packed.threats[i] - (fires * -(-packed.rounds[i, :, 0] // salvos)).sum()))


def vary(rng: np.random.Generator, leaked: np.ndarray, able: int, correlation: float) -> np.ndarray:
    """Threats by which the leakers of each simulation change where its level differs, as in ``raid_effect``."""
    share = float(leaked.mean()) / able if leaked.size and able else 0.0
    if not 0.0 < share < 1.0:
        return np.zeros_like(leaked)
    total = 1.0 / correlation - 1.0
    if total > 0.0:
        level = rng.beta(share * total, (1.0 - share) * total, leaked.size)
    else:
        level = (rng.random(leaked.size) < share).astype(float)
    stopped = rng.binomial(leaked, np.clip(1.0 - level / share, 0.0, 1.0))
    return rng.binomial(able - leaked, np.clip((level - share) / (1.0 - share), 0.0, 1.0)) - stopped


def exact_work(packed: Packed, i: int) -> np.ndarray:
    """Arrivals, kills and shots of class i on average, and P(rounds missing), one row by layer."""
    work = np.zeros((packed.shots.shape[1], 4))
    arriving = float(packed.threats[i])
    for j, shots in enumerate(packed.shots[i]):
        work[j, 0] = arriving
        if shots == 0:
            continue
        here = cut(packed, j + 1, [i])
        _, (pmf, _), short = leak(here)
        leaving = float(np.arange(pmf.size) @ pmf)
        killed = max(0.0, arriving - leaving)  # a difference of sums, where nobody comes
        work[j, 1:] = killed, spent(here, arriving, killed, float(short[0, j])), short[0, j]
        arriving = leaving
    return work


def spent(here: Packed, arriving: float, killed: float, short: float) -> float:
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
    fired_at = arriving - mean_leakers(replace(here, single_shot=sure, looks=looks))
    rest = rounds % shots
    chance = short if not here.looks[-1] else float(leak(replace(here, looks=looks)).short[0, -1])
    in_part = chance if rest else 0.0
    return max(0.0, shots * (fired_at - in_part) + rest * in_part)


def mean_leakers(packed: Packed) -> float:
    """Leakers on average."""
    return float(leak(packed).summaries[-1, 0, 0])
