"use strict";
// The exact chain of leakers for a page with no kernel; analysis/air_defence/exact is the one that notebooks use, and a
// test holds this one against it. A row is an array of chances: entry k is the chance that k threats are there.
//
// A defence: { layers, trackScope: layer|threat|raid, track, coverageScope: layer|place }. A layer: { looks, shots, local,
// track, classes: { name: { singleShot, rounds, coverage } } }, the first to engage first; it lets pass what it does not name.

const NEGLIGIBLE = 1e-12; // a magazine that is too small with a smaller chance is taken not to bind
const TINY = 1e-14; // chances below are dropped
const FAR = -Math.log(NEGLIGIBLE);
const NODES = 12;
const SHELVES = new Array(512); // rows by length, used anew for each class: making so many takes longer than filling them
const INVERSE = Float64Array.from({ length: 1025 }, (_, k) => 1 / k);
let touched = [];

function zeros(length) {
  const shelf = (SHELVES[length] ??= { rows: [], taken: 0 });
  if (shelf.taken === 0) touched.push(shelf);
  if (shelf.taken === shelf.rows.length) shelf.rows.push(new Float64Array(length));
  else shelf.rows[shelf.taken].fill(0);
  shelf.taken += 1;
  return shelf.rows[shelf.taken - 1];
}

function putBackRows() {
  for (const shelf of touched) shelf.taken = 0;
  touched = [];
}

function inverse(k) {
  return k < INVERSE.length ? INVERSE[k] : 1 / k;
}

function binomial(n, p) {
  const row = zeros(n + 1);
  if (p <= 0 || p >= 1) {
    row[p <= 0 ? 0 : n] = 1;
    return row;
  }
  const odds = p / (1 - p);
  const mode = Math.min(n, Math.floor((n + 1) * p));
  let total = (row[mode] = 1);
  for (let k = mode + 1; k <= n && row[k - 1] > TINY; k += 1) total += row[k] = row[k - 1] * odds * (n - k + 1) * inverse(k);
  for (let k = mode - 1; k >= 0 && row[k + 1] > TINY; k -= 1) total += row[k] = (row[k + 1] * (k + 1) * inverse(n - k)) / odds;
  const scale = 1 / total;
  for (let k = 0; k <= n; k += 1) row[k] *= scale;
  return row;
}

function topOf(row) {
  let top = row.length - 1;
  while (top > 0 && row[top] < TINY) top -= 1;
  return top;
}

function timesTwoTerms(row, degree, constant, linear) {
  // Multiply a polynomial in place by constant + linear z; return the new degree.
  for (let k = degree + 1; k > 0; k -= 1) row[k] = row[k] * constant + row[k - 1] * linear;
  row[0] *= constant;
  let top = degree + 1;
  while (top > 0 && row[top] < TINY) row[top--] = 0;
  return top;
}

function thin(row, stays, top = topOf(row)) {
  // Each threat stays with one chance, by Horner's scheme over the number there was.
  const out = zeros(row.length);
  out[0] = row[top];
  let degree = 0;
  for (let n = top - 1; n >= 0; n -= 1) {
    degree = timesTwoTerms(out, degree, 1 - stays, stays);
    out[0] += row[n];
  }
  return out;
}

function convolve(one, other) {
  const out = zeros(one.length + other.length - 1);
  const top = topOf(other);
  for (let i = 0; i < one.length; i += 1) {
    if (one[i] > TINY) for (let j = 0; j <= top; j += 1) out[i + j] += one[i] * other[j];
  }
  return out;
}

// One layer. ``fire`` is { p, shots, looks, rounds, reach } of one class.

function servedIn(fire) {
  return Math.floor(fire.rounds / fire.shots);
}

function leakIn(fire) {
  return 1 - fire.reach * (1 - (1 - fire.p) ** fire.shots);
}

function trackedBeyond(row, served, reach, top) {
  // For each number of threats that the magazine would not serve in full: chances that so many are there and so many tracked.
  const rows = [];
  let bind = 0;
  for (let n = served + 1; n <= top; n += 1) {
    const tracked = binomial(n, reach);
    for (let t = 0; t <= n; t += 1) tracked[t] *= row[n];
    for (let t = served + 1; t <= n; t += 1) bind += tracked[t];
    rows.push(tracked);
  }
  return { rows, bind };
}

function fireTogether(beyond, fire, top, out) {
  // Horner's scheme over the threats tracked: those that the magazine serves in full, one that gets what is left, the rest.
  const served = servedIn(fire);
  const partial = zeros(top + 2);
  beyond.forEach((tracked, place) => {
    for (let t = served + 1; t < tracked.length; t += 1) partial[place] += tracked[t];
  });
  const lastMiss = (1 - fire.p) ** (fire.rounds % fire.shots);
  const miss = (1 - fire.p) ** fire.shots;
  let degree = timesTwoTerms(partial, top - served - 1, 1 - lastMiss, lastMiss);
  for (let t = served; t >= 0; t -= 1) {
    if (t < served) degree = timesTwoTerms(partial, degree, 1 - miss, miss);
    const first = served + 1 - t;
    for (let place = 0; place < beyond.length; place += 1) partial[first + place] += beyond[place][t];
    degree = Math.max(degree, top - t);
  }
  for (let k = 0; k <= top; k += 1) out[k] += partial[k];
}

function roundsOfKills(most, fire, hit) {
  // Row j: how many rounds j kills take, each after at most ``shots`` looks; then the chance of so many or fewer.
  const size = most * fire.shots + 1;
  const rows = [new Float64Array(size)];
  rows[0][0] = 1;
  for (let j = 1; j <= most; j += 1) {
    const row = zeros(size);
    for (let v = j - 1; v <= (j - 1) * fire.shots; v += 1) {
      let chance = (rows[j - 1][v] * fire.p) / hit;
      for (let f = 1; f <= fire.shots; f += 1, chance *= 1 - fire.p) row[v + f] += chance;
    }
    rows.push(row);
  }
  return rows;
}

function fireAndLook(beyond, fire, top, out) {
  // Threats are finished one after another. With j of i killed, the rounds gone are those of the kills and all shots at
  // each survivor; the magazine is dry at the next threat when fewer than ``shots`` are left and all of them miss.
  const hit = 1 - (1 - fire.p) ** fire.shots;
  const { shots, rounds } = fire;
  const kills = roundsOfKills(top, fire, hit);
  const upTo = kills.map((chances) => chances.reduce((sums, chance, v) => ((sums[v] = (v ? sums[v - 1] : 0) + chance), sums), zeros(chances.length)));
  const at = (chances, v) => (v >= 0 && v < chances.length ? chances[v] : 0);
  const ended = zeros(top + 1); // by kills, the chance that the magazine went dry before this threat
  const killed = [];
  for (let t = 0; t <= top; t += 1) {
    const both = binomial(t, hit);
    const chances = zeros(t + 1);
    for (let j = 0; j <= t; j += 1) {
      const left = rounds - (t - j) * shots;
      if (left >= 0) chances[j] = both[j] * upTo[j][Math.min(left, upTo[j].length - 1)];
      chances[j] += ended[j];
    }
    for (let j = 0; j <= t; j += 1) {
      for (let r = 0; r < shots; r += 1) {
        ended[j] += both[j] * at(kills[j], rounds - r - (t - j) * shots) * (1 - fire.p) ** r;
      }
    }
    killed.push(chances);
  }
  for (const tracked of beyond) {
    const n = tracked.length - 1;
    for (let t = 0; t <= n; t += 1) {
      if (tracked[t] >= TINY) for (let j = 0; j <= t; j += 1) out[n - j] += tracked[t] * killed[t][j];
    }
  }
}

function passMagazine(row, fire, beyond, top) {
  // Take a row through a layer whose magazine may bind; up to what it serves in full, threats are independent.
  if (fire.p <= 0 || fire.reach <= 0) return row;
  const out = thin(row, leakIn(fire), servedIn(fire));
  (fire.looks ? fireAndLook : fireTogether)(beyond, fire, top, out);
  return out;
}

function isRare(k, n, p) {
  // Whether Chernoff's bound makes it negligible that k or more of n happen, each with chance p.
  if (k <= n * p) return false;
  const share = k / n;
  const none = share < 1 ? (1 - share) * Math.log((1 - share) / (1 - p)) : 0;
  return n * (share * Math.log(share / p) + none) > FAR;
}

function servesAll(threats, leak, fire) {
  // Whether more threats than the magazine serves are hardly ever tracked, where they come through with one chance.
  const served = servedIn(fire);
  const chance = leak * fire.reach;
  if (served >= threats || chance <= 0 || (chance < 1 && isRare(served + 1, threats, chance))) return true;
  const tracked = binomial(threats, chance);
  let beyond = 0;
  for (let t = served + 1; t <= threats; t += 1) beyond += tracked[t];
  return beyond < NEGLIGIBLE;
}

function passLayers(threats, fires) {
  // Leakers of so many threats. While no magazine binds, layers merge into one chance to leak, and ``row`` is null.
  let row = null;
  let leak = 1;
  for (const fire of fires) {
    if (row === null ? !servesAll(threats, leak, fire) : servedIn(fire) < threats) {
      row = row === null ? binomial(threats, leak) : leak < 1 ? thin(row, leak) : row;
      leak = 1;
      const top = topOf(row);
      const beyond = trackedBeyond(row, servedIn(fire), fire.reach, top);
      if (beyond.bind >= NEGLIGIBLE) {
        row = passMagazine(row, fire, beyond.rows, top);
        continue;
      }
    }
    leak *= leakIn(fire);
  }
  if (row === null) return { row: binomial(threats, leak), leak };
  return { row: leak < 1 ? thin(row, leak) : row, leak: null };
}

// One class.

function firesAt(defence, name) {
  // Where coverage goes by place, the widest of the local layers says which threats fly there; others reach their share.
  const byPlace = defence.coverageScope === "place";
  const met = defence.layers.filter((layer) => layer.classes[name]);
  const wide = byPlace ? met.filter((layer) => layer.local).map((layer) => layer.classes[name].coverage) : [];
  const found = { above: [], local: [], place: wide.length ? Math.max(...wide) : 1 };
  for (const { local, looks, shots, track, classes } of met) {
    const { singleShot, rounds, coverage } = classes[name];
    const here = byPlace && local;
    const covered = here ? (found.place > 0 ? coverage / found.place : 1) : coverage;
    const reach = (defence.trackScope === "layer" ? track : 1) * covered;
    found[here ? "local" : "above"].push({ p: singleShot, shots, looks, rounds, reach });
  }
  return found;
}

function beyondRounds(threats, fires) {
  let most = 0;
  for (const { p, reach, rounds, shots, looks } of fires) {
    if (p > 0 && reach > 0) most += Math.ceil(Math.min(rounds, shots * threats) / (looks ? 1 : shots));
  }
  return Math.max(0, threats - most);
}

function leakOfClass(threats, fires, oneTrack) {
  // ``oneTrack`` decides for each threat whether any layer fires; of those that pass the upper layers a binomial number
  // flies to a defended place. Numbers of threats that a draw lets through are worked one by one. Where threats leak
  // independently, ``leak`` is their chance to.
  const { above, local, place } = fires;
  if (oneTrack >= 1 && (place >= 1 || !local.length)) return passLayers(threats, [...above, ...local]);
  const enough = (fire) => servedIn(fire) >= threats;
  if (oneTrack >= 1 && local.every(enough)) {
    const passing = 1 - place + place * local.reduce((leak, fire) => leak * leakIn(fire), 1);
    const { row, leak } = passLayers(threats, above);
    return leak === null ? { row: thin(row, passing), leak } : { row: binomial(threats, leak * passing), leak: leak * passing };
  }
  const width = threats + 1;
  const joint = new Float64Array(width * width); // by those that fly to a defended place, and those that leak for sure
  const flying = zeros(width);
  const tracked = binomial(threats, oneTrack);
  for (let t = 0; t <= threats; t += 1) {
    if (tracked[t] < TINY) continue;
    const alive = passLayers(t, above).row;
    for (let n = 0; n <= t; n += 1) {
      const weight = tracked[t] * alive[n];
      if (weight < TINY) continue;
      const defended = binomial(n, local.length ? place : 0);
      for (let d = 0; d <= n; d += 1) {
        joint[d * width + threats - t + n - d] += weight * defended[d];
        flying[d] += weight * defended[d];
      }
    }
  }
  const out = zeros(threats + 1);
  for (let d = 0; d <= threats; d += 1) {
    if (flying[d] < TINY) continue;
    const passed = passLayers(d, local).row;
    const top = topOf(passed);
    for (let sure = 0; sure <= threats - d; sure += 1) {
      const weight = joint[d * width + sure];
      if (weight >= TINY) for (let k = 0; k <= top; k += 1) out[sure + k] += weight * passed[k];
    }
  }
  return { row: out, leak: null };
}

// Raids differ: the share of a class that leaks follows a beta law from raid to raid.

function betaNodes(share, correlation, n) {
  // Golub and Welsch (1969): eigenvalues, and squares of the first entries of eigenvectors, of Jacobi's matrix.
  if (correlation >= 1) return [[0, 1 - share], [1, share]];
  const total = 1 / correlation - 1;
  const a = share * total;
  const b = (1 - share) * total;
  const diagonal = [share];
  const beside = [Math.sqrt((a * b) / (total + 1)) / total];
  for (let k = 1; k < n; k += 1) {
    const before = 2 * (k - 1) + total;
    diagonal.push(0.5 + (0.5 * (a - b) * (total - 2)) / (before * (before + 2)));
    const j = k + 1;
    const middle = 2 * j + total - 2;
    const square = j * (j + a - 1) * (j + b - 1) * (j + total - 2);
    beside.push(k < n - 1 ? Math.sqrt(square / ((middle + 1) * (middle - 1))) / middle : 0);
  }
  const first = diagonal.map((_, k) => (k === 0 ? 1 : 0));
  for (let place = 0; place < n; place += 1) diagonalise(place, diagonal, first, beside);
  return diagonal.map((node, k) => [Math.min(1, Math.max(0, node)), first[k] ** 2]);
}

function diagonalise(place, diagonal, first, beside) {
  // Turn one more entry of a symmetric matrix of three diagonals into an eigenvalue, by the implicit QL method.
  const n = diagonal.length;
  for (let sweep = 0; sweep < 60; sweep += 1) {
    let end = place;
    while (end < n - 1 && Math.abs(beside[end]) > Number.EPSILON / 2 * (Math.abs(diagonal[end]) + Math.abs(diagonal[end + 1]))) end += 1;
    if (end === place) return;
    let g = (diagonal[place + 1] - diagonal[place]) / (2 * beside[place]);
    g = diagonal[end] - diagonal[place] + beside[place] / (g + (g < 0 ? -1 : 1) * Math.hypot(g, 1));
    let sine = 1;
    let cosine = 1;
    let p = 0;
    let i = end - 1;
    for (; i >= place; i -= 1) {
      const f = sine * beside[i];
      const b = cosine * beside[i];
      const r = (beside[i + 1] = Math.sqrt(f * f + g * g));
      if (r === 0) break;
      sine = f / r;
      cosine = g / r;
      g = diagonal[i + 1] - p;
      const turn = (diagonal[i] - g) * sine + 2 * cosine * b;
      p = sine * turn;
      diagonal[i + 1] = g + p;
      g = cosine * turn - b;
      const next = first[i + 1];
      first[i + 1] = sine * first[i] + cosine * next;
      first[i] = cosine * first[i] - sine * next;
    }
    if (i >= place) {
      diagonal[i + 1] -= p;
      beside[end] = 0;
    } else {
      diagonal[place] -= p;
      beside[place] = g;
      beside[end] = 0;
    }
  }
}

function vary({ row, leak }, correlation, sure) {
  // In raids that leak less, leakers are stopped; in others, threats that were stopped leak. ``sure`` leak in any raid.
  const threats = row.length - 1;
  const able = threats - sure;
  const alone = leak !== null && sure === 0;
  let share = alone ? leak : 0;
  if (!alone) for (let k = sure; k <= threats; k += 1) share += ((k - sure) * row[k]) / Math.max(1, able);
  if (correlation < 1e-12 || share <= 0 || share >= 1) return row;
  const out = zeros(threats + 1);
  const nodes = betaNodes(share, correlation, Math.max(NODES, Math.floor(1.2 * Math.sqrt(threats))));
  if (alone) {
    for (const [level, weight] of nodes) {
      if (weight < TINY) continue;
      const alike = binomial(threats, level);
      for (let k = 0; k <= threats; k += 1) out[k] += weight * alike[k];
    }
    return out;
  }
  const leaked = sure ? row.subarray(sure) : row;
  const stopped = leaked.slice().reverse();
  const tops = [topOf(leaked), topOf(stopped)];
  for (const [level, weight] of nodes) {
    if (weight < TINY) continue;
    if (level > share) {
      const stay = thin(stopped, Math.min(1, (1 - level) / (1 - share)), tops[1]);
      for (let k = 0; k <= able; k += 1) out[threats - k] += weight * stay[k];
    } else {
      const stay = thin(leaked, Math.min(1, level / share), tops[0]);
      for (let k = 0; k <= able; k += 1) out[sure + k] += weight * stay[k];
    }
  }
  return out;
}

// A raid: threats and correlation by class.

function failTogether(row, track) {
  const out = row.map((chance) => chance * track);
  out[out.length - 1] += 1 - track;
  return out;
}

function leakingOf(defence, name, threats) {
  // Leakers of a class before raids differ. Rows hold until the next class is asked.
  putBackRows();
  const fires = firesAt(defence, name);
  return { ...leakOfClass(threats, fires, defence.trackScope === "threat" ? defence.track : 1), fires };
}

function meanOfClass(defence, name, threats) {
  // Mean leakers of a class, which does not move where raids differ.
  const { row, leak } = leakingOf(defence, name, threats);
  const mean = leak === null ? meanOf(row) : threats * leak;
  return defence.trackScope === "raid" ? defence.track * mean + (1 - defence.track) * threats : mean;
}

function leakersOfClass(defence, name, threats, correlation) {
  // Distribution of the leakers of a class in raids that are tracked.
  const leaking = leakingOf(defence, name, threats);
  const { above, local } = leaking.fires;
  return vary(leaking, correlation ?? 0, beyondRounds(threats, [...above, ...local])).slice();
}

function convolveAll(rows) {
  putBackRows();
  return rows.length > 1 ? rows.reduce((one, other) => convolve(one, other)).slice() : rows[0];
}

function leakersOfRaid(defence, raid, correlation) {
  // Distribution of leakers: of each class that is present, and of all.
  const present = Object.entries(raid).filter(([, threats]) => threats > 0);
  const own = present.map(([name, threats]) => leakersOfClass(defence, name, threats, correlation[name]));
  const whole = defence.trackScope === "raid" ? (row) => failTogether(row, defence.track) : (row) => row;
  return {
    classes: Object.fromEntries(present.map(([name], place) => [name, whole(own[place])])),
    all: own.length ? whole(convolveAll(own)) : Float64Array.of(1),
  };
}

function meanOf(row) {
  let mean = 0;
  for (let k = 1; k < row.length; k += 1) mean += k * row[k];
  return mean;
}

function quantileOf(row, q) {
  let passed = row[0];
  let k = 0;
  while (passed < q - 1e-12 && k < row.length - 1) passed += row[(k += 1)];
  return k;
}
