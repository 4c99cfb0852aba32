// The ledger of a page: every input of its answer as a control, and what follows from a change. It computes with
// chain.js, writes numbers where the page has marked them, and writes no sentence of its own; without it the page stays.

const DOTS = 20;
const BAND = [0.05, 0.95];
const SLICE_MS = 12; // how long the page computes before it looks at what its reader does
const HASH = "#case=";
const SHARE_STEP = 0.01; // what an arrow key adds to a share

function make(kind, attributes = {}, ...inside) {
  const element = document.createElement(kind);
  for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value);
  element.append(...inside);
  return element;
}

// How numbers are written: as figures/air_defence/words.py and figures/words.py do.

const whole = (number) => Math.round(number).toLocaleString("en-US");
const WRITE = {
  count: whole,
  threats(number) {
    if (number >= 99.95) return whole(number);
    return number.toFixed(number >= 0.095 || number < 0.005 ? 1 : 2);
  },
};

function quantile(values, q) {
  const sorted = Float64Array.from(values).sort();
  const place = (sorted.length - 1) * q;
  const low = Math.floor(place);
  const high = Math.min(low + 1, sorted.length - 1);
  return sorted[low] + (sorted[high] - sorted[low]) * (place - low);
}

// A magazine is allotted to classes before the raid, as models/allotment.py does it.

function inProportion(rounds, classes, raid) {
  const total = Math.max(1, classes.reduce((sum, name) => sum + raid[name], 0));
  const exact = classes.map((name) => rounds * (raid[name] / total));
  const given = exact.map(Math.floor);
  const left = rounds - given.reduce((sum, number) => sum + number, 0);
  const order = classes.map((_, place) => place).sort((one, other) => given[one] - exact[one] - (given[other] - exact[other]) || one - other);
  for (const place of order.slice(0, left)) given[place] += 1;
  return classes.map((name, place) => [name, given[place]]);
}

function allot(rounds, classes, raid, ledger, shots) {
  if (ledger.allotment === "proportional") return inProportion(rounds, classes, raid);
  const rest = classes.filter((name) => ledger.level.includes(name));
  const first = classes.filter((name) => !rest.includes(name));
  const threats = (names) => names.reduce((sum, name) => sum + raid[name], 0);
  const given = threats(rest) ? Math.min(rounds, shots * threats(first)) : rounds;
  return [...inProportion(given, first, raid), ...inProportion(rounds - given, rest, raid)];
}

// A case as the chain asks it, draw by draw, with what the reader states in the place of what is drawn.

function readColumn(drawn, scale) {
  if (typeof drawn === "number") return drawn / scale;
  return Float64Array.from({ length: drawn.length / 4 }, (_, place) => parseInt(drawn.slice(4 * place, 4 * place + 4), 36) / scale);
}

function readColumns(ledger) {
  // By case and kind of draw, every drawn input by its name.
  const whole = ledger.names.map((name) => name.endsWith(".rounds"));
  const read = new Map();
  const column = (place, k) => {
    if (!read.has(place)) read.set(place, readColumn(ledger.columns[place], whole[k] ? 1 : ledger.parts));
    return read.get(place);
  };
  const byName = (places) => Object.fromEntries(ledger.names.map((name, k) => [name, column(places[k], k)]));
  return ledger.cases.map(({ draws, dots }) => ({ draws: byName(draws), dots: byName(dots) }));
}

class Asked {
  constructor(ledger, place, what, state) {
    const { raid, stated } = state;
    const asked = ledger.cases[place];
    const columns = ledger.drawn[place][what];
    const known = (name, own) => stated.get(name) ?? columns[name] ?? asked.fixed[name] ?? own;
    this.size = ledger.sizes[what];
    this.raid = raid;
    this.correlation = Object.fromEntries(Object.keys(raid).map((name) => [name, known(`raid_correlation.${name}`, 0)]));
    this.track = known("track", 1);
    this.layers = ledger.layers.map((layer) => {
      const classes = layer.classes.filter((name) => raid[name] > 0);
      const rounds = known(`${layer.name}.rounds`, 0);
      const drawn = classes.map((name) => ({
        name,
        singleShot: known(`${layer.name}.${name}.single_shot`, 0),
        coverage: known(`${layer.name}.${name}.coverage`, 1),
      }));
      if (!state.allotted.has(layer.name)) state.allotted.set(layer.name, new Map());
      const allotted = state.allotted.get(layer.name);
      const give = (number) => {
        if (!allotted.has(number)) allotted.set(number, allot(number, classes, raid, ledger, layer.shots));
        return allotted.get(number);
      };
      return { track: known(`${layer.name}.track`, layer.track), rounds, drawn, give };
    });
    this.defence = {
      trackScope: asked.trackScope,
      coverageScope: asked.coverageScope,
      track: 1,
      layers: ledger.layers.map((layer) => ({ ...layer, classes: Object.fromEntries(layer.classes.map((name) => [name, {}])) })),
    };
  }

  draw(number) {
    // Set the defence to a draw, and return it.
    const at = (value) => (typeof value === "number" ? value : value[number]);
    this.defence.track = at(this.track);
    this.layers.forEach(({ track, rounds, drawn, give }, place) => {
      const layer = this.defence.layers[place];
      layer.track = at(track);
      for (const { name, singleShot, coverage } of drawn) {
        layer.classes[name].singleShot = at(singleShot);
        layer.classes[name].coverage = at(coverage);
      }
      for (const [name, share] of give(at(rounds))) layer.classes[name].rounds = share;
    });
    return this.defence;
  }

  correlationAt(name, number) {
    const value = this.correlation[name];
    return typeof value === "number" ? value : value[number];
  }
}

// Means and bands, then distributions; classes that a change does not touch are kept from before.

function* findMeans(ledger, place, state, kept) {
  const asked = new Asked(ledger, place, "draws", state);
  const classes = Object.keys(state.raid).filter((name) => state.raid[name] > 0);
  const key = (name) => `means ${place} ${name} ${state.signature(name, false)}`;
  const wanted = classes.filter((name) => !kept.has(key(name)));
  const found = Object.fromEntries(classes.map((name) => [name, kept.get(key(name)) ?? new Float64Array(asked.size)]));
  for (let number = 0; number < asked.size && wanted.length; number += 1) {
    const defence = asked.draw(number);
    for (const name of wanted) found[name][number] = meanOfClass(defence, name, state.raid[name]);
    if (number % 8 === 7) yield;
  }
  for (const name of wanted) kept.set(key(name), found[name]);
  const all = new Float64Array(asked.size);
  for (const name of classes) found[name].forEach((mean, number) => (all[number] += mean));
  return { ...found, all };
}

function* findDots(ledger, place, state, kept) {
  const asked = new Asked(ledger, place, "dots", state);
  const classes = Object.keys(state.raid).filter((name) => state.raid[name] > 0);
  const key = (name) => `dots ${place} ${name} ${state.signature(name, true)}`;
  const wanted = classes.filter((name) => !kept.has(key(name)));
  const rows = Object.fromEntries(classes.map((name) => [name, kept.get(key(name)) ?? []]));
  const total = classes.reduce((sum, name) => sum + state.raid[name], 0);
  const mixed = Object.fromEntries(classes.map((name) => [name, new Float64Array(state.raid[name] + 1)]));
  mixed.all = new Float64Array(total + 1);
  const add = (name, row) => row.forEach((chance, k) => (mixed[name][k] += chance / asked.size));
  for (let number = 0; number < asked.size; number += 1) {
    const defence = asked.draw(number);
    for (const name of wanted) {
      rows[name].push(leakersOfClass(defence, name, state.raid[name], asked.correlationAt(name, number)));
    }
    const whole = defence.trackScope === "raid" ? (row) => failTogether(row, defence.track) : (row) => row;
    for (const name of classes) add(name, whole(rows[name][number]));
    add("all", classes.length ? whole(convolveAll(classes.map((name) => rows[name][number]))) : [1]);
    if (number % 4 === 3) yield;
  }
  for (const name of wanted) kept.set(key(name), rows[name]);
  const shares = Array.from({ length: DOTS }, (_, dot) => (dot + 0.5) / DOTS);
  return Object.fromEntries(Object.entries(mixed).map(([name, row]) => [name, shares.map((q) => quantileOf(row, q))]));
}

// Facts by their place in the sentences of the page.

function factsOfOwn(ledger, classes, means, state) {
  const facts = { all_threats: state.total };
  const tell = (start, values, threats) => {
    facts[`${start}.mean`] = values.reduce((sum, value) => sum + value, 0) / values.length;
    [facts[`${start}.low`], facts[`${start}.high`]] = BAND.map((q) => quantile(values, q));
    facts[`${start}.threats`] = threats;
  };
  tell("chosen", means.all, state.total);
  tell(`beside.${ledger.own}`, means.all, state.total);
  classes.forEach((name, place) => tell(`by_class.${place}`, means[name] ?? [0], state.raid[name]));
  ledger.rates.forEach(({ leaks }, place) => {
    const known = classes.filter((name) => name in leaks);
    facts[`records.${place}.leakers`] = known.reduce((sum, name) => sum + leaks[name] * state.raid[name], 0);
    facts[`records.${place}.threats`] = known.reduce((sum, name) => sum + state.raid[name], 0);
  });
  return facts;
}

const HALF_AND_MOST = [0.5, 0.95].map((q) => Math.floor(q * (DOTS - 1)));

function factsOfDots(classes, dots) {
  const [half, most] = HALF_AND_MOST;
  const facts = { half: dots.all[half], most: dots.all[most] };
  classes.forEach((name, place) => {
    const own = dots[name] ?? new Array(DOTS).fill(0);
    facts[`ends_of_class.${place}.half`] = own[half];
    facts[`ends_of_class.${place}.most`] = own[most];
  });
  return facts;
}

function factsOfOtherDots(dots) {
  const facts = {};
  ["half", "most"].forEach((end, which) => {
    const ends = dots.map((found) => found.all[HALF_AND_MOST[which]]);
    ends.forEach((value, place) => (facts[`others.${place}.${end}`] = value));
  });
  return facts;
}

function factsOfOthers(means, state) {
  const facts = {};
  means.forEach((found, place) => {
    const start = `beside.${place}`;
    facts[`${start}.mean`] = found.all.reduce((sum, value) => sum + value, 0) / found.all.length;
    [facts[`${start}.low`], facts[`${start}.high`]] = BAND.map((q) => quantile(found.all, q));
    facts[`${start}.threats`] = state.total;
  });
  const all = means.map((_, place) => facts[`beside.${place}.mean`]);
  facts["spread.least"] = Math.min(...all);
  facts["spread.most"] = Math.max(...all);
  return facts;
}

// What the reader states: changes by the name of an input.

class State {
  constructor(ledger, changes) {
    this.raid = Object.fromEntries(ledger.classes.map((name) => [name, ledger.raid[name]]));
    this.stated = new Map();
    this.allotted = new Map();
    for (const input of ledger.inputs) {  // what is said of one system comes after what systems share, and wins
      if (!changes.has(input.name)) continue;
      const value = changes.get(input.name);
      if (input.kind === "threats") this.raid[input.name.slice("raid.".length)] = value;
      else for (const name of input.sets ?? [input.name]) this.stated.set(name, value);
    }
    this.total = Object.values(this.raid).reduce((sum, threats) => sum + threats, 0);
  }

  signature(name, luck) {
    const classes = Object.keys(this.raid);
    const mine = ([input]) => {
      if (input.startsWith("raid_correlation.") && !luck) return false;
      const parts = input.split(".");
      return parts.includes(name) || !parts.some((part) => classes.includes(part));
    };
    return JSON.stringify([this.raid, [...this.stated].filter(mine)]);
  }
}

// The case in the address, and as a file.

function readHash(hash, ledger) {
  // Changes that an address holds, and the names of what it cannot mean, which is left out.
  const changes = new Map();
  if (!hash.startsWith(HASH)) return { changes, refused: [] };
  const known = new Map(ledger.inputs.map((input) => [input.name, input]));
  const parts = hash.slice(HASH.length, 20_000).split(";").filter(Boolean);
  const refused = [];
  for (const part of parts) {
    const [name, text, ...more] = part.split(":");
    const value = known.has(name) && /^\d{1,6}(\.\d{1,6})?$/.test(text ?? "") ? allowed(known.get(name), Number(text)) : null;
    if (value === null || more.length) refused.push(name.slice(0, 60));
    else if (value !== known.get(name).best) changes.set(name, value);
  }
  return { changes, refused };
}

function allowed(input, value) {
  const fits = Number.isFinite(value) && value >= 0 && value <= input.most;
  return fits && (input.kind === "share" || Number.isInteger(value)) ? value : null;
}

function writeHash(changes) {
  return changes.size ? HASH + [...changes].map(([name, value]) => `${name}:${value}`).join(";") : "";
}

function writeCase(ledger, changes) {
  // The YAML of ``domes case``: what differs from ours, as a tree of keys.
  const tree = {};
  const put = (path, value) => {
    const last = path.length - 1;
    path.reduce((at, key, place) => (at[key] = place === last ? value : at[key] ?? {}), tree);
  };
  const raidChanged = [...changes.keys()].some((name) => name.startsWith("raid."));
  for (const input of ledger.inputs) {
    if (input.kind === "threats") {
      if (raidChanged) put(["raids", ledger.words.raid, "threats", input.path.at(-1)], changes.get(input.name) ?? input.best);
    } else if (changes.has(input.name)) put(input.path, changes.get(input.name));
  }
  if (raidChanged) tree.raids[ledger.words.raid] = { name: "{{ say.raid_of_reader }}", ...tree.raids[ledger.words.raid] };
  const lines = (branch, indent) => Object.entries(branch).flatMap(([key, value]) =>
    typeof value === "object" ? [`${indent}${key}:`, ...lines(value, `${indent}  `)] : [`${indent}${key}: ${value}`]);
  const run = raidChanged ? ledger.run.replace(/ -p raid_percent=\S+/, "") : ledger.run;
  const over = ledger.over ? [`{{ say.over_another }}`] : [];
  return [`# ${run}`, ...over, "name: {{ say.case_of_reader }}", ...lines(tree, ""), ""].join("\n");
}

// The picture: rows of twenty dots, as figures/air_defence/leakage_by_class.py draws them.

const WIDE = 640;
const ROW = 68;
const ACROSS = 46; // dots that stand beside each other at most
const LEFT = 8;

function draw(kind, attributes, ...inside) {
  const element = document.createElementNS("http://www.w3.org/2000/svg", kind);
  for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value);
  element.append(...inside);
  return element;
}

function stackDots(values, step) {
  const stacks = [];
  for (const value of values) {
    const last = stacks.at(-1);
    if (last && value < last.start + step) last.end = value;
    else stacks.push({ start: value, end: value, number: 0 });
    stacks.at(-1).number += 1;
  }
  return stacks.map(({ start, end, number }) => ({ middle: (start + end) / 2, number }));
}

function ticksUpTo(most) {
  const raw = Math.max(1, most / 6);
  const size = 10 ** Math.floor(Math.log10(raw));
  const step = [1, 2, 5, 10].map((times) => times * size).find((one) => one >= raw);
  return Array.from({ length: Math.floor(most / step) + 1 }, (_, place) => place * step);
}

function drawMark(x, y, { shape, face }, ink) {
  const outline = shape === "s" ? `M${x - 4} ${y - 4}h8v8h-8z` : `M${x} ${y - 5}l5 9h-10z`;
  return draw("path", { d: outline, fill: face === "white" ? "#fff" : face, stroke: ink });
}

function drawPanel(title, rows, top, colours) {
  // A row: { name, dots, colour, rates: [{ leakers, shape, face }] }.
  const parts = [draw("text", { x: 0, y: top + 14, "font-weight": "bold" }, title)];
  const most = Math.max(1, ...rows.flatMap((row) => [...row.dots, ...row.rates.map((rate) => rate.leakers)]));
  const right = 1.03 * most + 0.7;
  const x = (value) => LEFT + ((value + 0.7) / (right + 0.7)) * (WIDE - 2 * LEFT);
  const size = (WIDE / (ACROSS + 4)) * 0.46;
  const start = top + 24;
  const end = start + rows.length * ROW + 8;
  for (const tick of ticksUpTo(most)) {
    parts.push(draw("line", { x1: x(tick), x2: x(tick), y1: start, y2: end, stroke: colours.grid }));
    parts.push(draw("text", { x: x(tick), y: end + 16, "text-anchor": "middle" }, whole(tick)));
  }
  rows.forEach((row, place) => {
    const base = start + (place + 1) * ROW - 12;
    parts.push(draw("line", { x1: LEFT, x2: WIDE - LEFT, y1: base, y2: base, stroke: colours.grid }));
    parts.push(draw("text", { x: LEFT + 4, y: base - ROW + 24 }, row.name));
    for (const { middle, number } of stackDots(row.dots, (right + 0.7) / ACROSS)) {
      const rise = Math.min(2.1 * size, (0.46 * ROW) / number);
      for (let level = 0; level < number; level += 1) {
        parts.push(draw("circle", { cx: x(middle), cy: base - rise * (level + 0.5), r: size, fill: row.colour, stroke: "#fff", "stroke-width": 0.8 }));
      }
    }
    for (const rate of row.rates) parts.push(drawMark(x(rate.leakers), base + 7, rate, colours.ink));
  });
  return { parts, end: end + 22 };
}

function drawPicture(ledger, classes, state, own, others) {
  const { words, colours } = ledger;
  const fill = (text, ...values) => values.reduce((filled, value) => filled.replace("{}", value), text);
  const known = ledger.rates.filter((rate) => rate.shape);
  const rated = (names) => known.map((rate) => {
    const leaking = names.filter((name) => name in rate.leaks);
    return { ...rate, leakers: leaking.length ? leaking.reduce((sum, name) => sum + rate.leaks[name] * state.raid[name], 0) : null };
  }).filter((rate) => rate.leakers !== null);
  const present = classes.filter((name) => own[name]);
  const upper = drawPanel(words.by_class, present.map((name) => ({
    name: fill(words.of_class, words.classes[name], whole(state.raid[name])),
    dots: own[name],
    colour: colours.cases[ledger.own],
    rates: rated([name]),
  })), 4, colours);
  const lower = drawPanel(fill(words.of_all, whole(state.total)), words.cases.map((name, place) => ({
    name,
    dots: place === ledger.own ? own.all : others?.[place]?.all ?? [],
    colour: colours.cases[place],
    rates: rated(classes),
  })), upper.end + 10, colours);
  let y = lower.end + 4;
  const parts = [...upper.parts, ...lower.parts, draw("text", { x: WIDE / 2, y: (y += 12), "text-anchor": "middle" }, words.axis)];
  const key = (shape, text) => parts.push(shape, draw("text", { x: 36, y: y + 5 }, text));
  for (const [text, colour] of new Map(words.dots.map((text, place) => [text, colours.cases[place]]))) {
    y += 20;
    key(draw("circle", { cx: 18, cy: y, r: 6, fill: colour }), text);
  }
  for (const rate of known) {
    y += 20;
    key(drawMark(18, y, rate, colours.ink), words.records[rate.record]);
  }
  const frame = { viewBox: `0 0 ${WIDE} ${y + 14}`, width: WIDE, role: "img", "font-size": 13, fill: colours.ink };
  return draw("svg", frame, ...parts);
}

// The page.

class Ledger {
  constructor(element, data) {
    this.data = { ...data, drawn: readColumns(data) };
    this.element = element;
    this.figure = document.getElementById(`figure-${data.figure}`);
    this.classes = data.classes;
    this.facts = [...document.querySelectorAll("[data-fact]")].map((span) => ({ span, ours: span.textContent }));
    this.changes = new Map();
    this.controls = new Map();
    this.kept = new Map();
    this.refused = [];
    this.was = data.over ? "{{ say.was_before }}" : "{{ say.was_ours }}"; // a page made from a case holds its values beside ours
    this.turn = 0;
    this.build();
    addEventListener("hashchange", () => location.hash.startsWith(HASH) && this.open(location.hash));
    if (location.hash.startsWith(HASH)) this.open(location.hash);
  }

  build() {
    const { data } = this;
    this.list = make("ul", { class: "mine" });
    this.link = make("a", { href: "#" }, "{{ say.link_to_case }}");
    this.file = make("a", { href: "#", download: "case-of-a-reader.yaml" }, "{{ say.make_case }}");
    this.status = make("p", { class: "status", role: "status" });
    this.bar = make("p", { class: "data" }, this.link, "; ", this.file, ` (${data.run})`);
    const groups = new Map();
    for (const input of data.inputs) {
      if (!groups.has(input.heading)) groups.set(input.heading, []);
      groups.get(input.heading).push(this.control(input));
    }
    const blocks = [...groups].map(([heading, rows], place) => {
      const block = make("details", {}, make("summary", {}, heading), make("div", { class: "inputs" }, ...rows));
      block.open = place < 2;
      return block;
    });
    const about = `{{ say.about_changes }}`;
    const box = make("details", { class: "assumptions" }, make("summary", {}, "{{ say.change }}"),
      make("p", {}, about), this.list, this.bar, ...blocks);
    box.addEventListener("toggle", () => { if (box.open && !this.changes.size) this.follow(); });
    this.box = box;
    this.banner = make("div", { class: "warning yours", role: "note" });
    this.banner.hidden = true;
    const short = document.querySelector(".short");
    const change = make("button", { type: "button" }, "{{ say.change }}");
    this.asking = change;
    change.addEventListener("click", () => {
      box.open = true;
      box.scrollIntoView();
      box.querySelector("input").focus({ preventScroll: true });
    });
    short?.before(this.banner);
    short?.append(make("p", { class: "change" }, change));
    this.element.append(box, this.status);
    this.tell();
  }

  control(input) {
    const identifier = `input-${input.name}`;
    const shown = round(input.best);
    const field = make("input", { type: "number", id: identifier, min: 0, max: input.most, step: input.kind === "share" ? "any" : 1, value: shown, "aria-describedby": `${identifier}-ours` });
    const ends = input.low < input.high ? `{{ say.ends }}` : "";
    const limits = `{{ say.limits }}`;
    const ours = make("small", { id: `${identifier}-ours` }, `${this.was} ${shown}${ends} (${input.basis}); ${input.unit}, ${limits}`);
    const take = () => {
      const value = field.value === "" ? null : allowed(input, Number(field.value));
      field.setAttribute("aria-invalid", String(value === null));
      if (value !== null) this.change(input, value);
      else if (this.changes.delete(input.name)) this.told();  // what was typed on the way to it was never meant
    };
    field.addEventListener("input", take);
    field.addEventListener("keydown", (event) => {
      const way = { ArrowUp: 1, ArrowDown: -1 }[event.key];
      if (!way || input.kind !== "share") return;  // left to itself, a field that takes any share goes to 0 or to 1
      event.preventDefault();
      field.value = Number(Math.min(input.most, Math.max(0, Number(field.value) + way * SHARE_STEP)).toFixed(6));
      take();
    });
    this.controls.set(input.name, { field, input, shown });
    return make("div", { class: "input" }, make("label", { for: identifier }, input.label), field, ours);
  }

  change(input, value) {
    value = Number(value.toFixed(6));
    if (value === Number(round(input.best))) this.changes.delete(input.name);
    else this.changes.set(input.name, value);
    this.told();
  }

  told() {
    this.tell();
    try {
      history.replaceState(null, "", writeHash(this.changes) || location.pathname + location.search);
    } catch { /* where a browser forbids it, the link below still holds the case */ }
    this.follow();
  }

  open(hash) {
    const { changes, refused } = readHash(hash, this.data);
    this.changes = changes;
    this.refused = refused;
    for (const { field, input, shown } of this.controls.values()) {
      field.value = changes.get(input.name) ?? shown;
      field.setAttribute("aria-invalid", "false");
      if (changes.has(input.name)) field.closest("details").open = true;
    }
    this.tell();
    this.follow();
  }

  putBack(names) {
    for (const name of names) {
      this.changes.delete(name);
      const { field, shown } = this.controls.get(name);
      field.value = shown;
      field.setAttribute("aria-invalid", "false");
    }
    this.refused = [];
    this.told();
  }

  tell() {
    // Mark and list what differs from ours, here and at the head of the page.
    const rows = [...this.changes].map(([name, value]) => ({ ...this.controls.get(name), name, value }));
    for (const { field, input } of this.controls.values()) field.parentElement.classList.toggle("differs", this.changes.has(input.name));
    const words = ({ input, value, shown }) => `${input.heading}, ${input.label}: ${value} (${this.was} ${shown})`;
    this.list.replaceChildren(...rows.map((row) => {
      const back = make("button", { type: "button", "aria-label": `{{ say.put_back_this }}` }, "{{ say.put_back }}");
      back.addEventListener("click", () => {
        this.putBack([row.name]);
        (this.list.querySelector("button") ?? this.box.querySelector("summary")).focus({ preventScroll: true });
      });
      return make("li", {}, make("mark", {}, words(row)), " ", back);
    }));
    const all = make("button", { type: "button" }, "{{ say.put_all_back }}");
    all.addEventListener("click", () => {
      this.putBack([...this.changes.keys()]);
      this.asking.focus({ preventScroll: true });
    });
    const lost = this.refused.length ? `{{ say.lost }}` : "";
    this.banner.hidden = !rows.length && !lost;
    for (const note of document.querySelectorAll(".cite-own")) note.hidden = !rows.length;
    const said = rows.length ? `{{ say.yours_said }}` : "";
    this.banner.replaceChildren(make("p", {}, ...(rows.length ? [make("strong", {}, "{{ say.yours_not_ours }}"), `: ${said}`] : []), `${lost} `, ...(rows.length ? [all] : [])));
    this.bar.hidden = this.list.hidden = !rows.length;
    this.link.href = writeHash(this.changes) || "#";
    this.file.href = `data:text/yaml;charset=utf-8,${encodeURIComponent(writeCase(this.data, this.changes))}`;
  }

  write(facts, changed) {
    for (const { span } of this.facts) {
      if (!(span.dataset.fact in facts)) continue;
      const text = WRITE[span.dataset.written]?.(facts[span.dataset.fact]);
      if (text !== undefined && span.textContent !== text) span.textContent = text;
    }
    for (const { span, ours } of this.facts) {
      if (span.dataset.fact in facts) span.classList.remove("waiting");
      span.classList.toggle("differs", changed && span.textContent !== ours);
    }
  }

  async follow() {
    // Numbers of the case as chosen first, then its picture, then the cases beside it; a newer change ends an older one.
    const mine = (this.turn += 1);
    const { data, classes } = this;
    const state = new State(data, this.changes);
    const changed = this.changes.size > 0;
    const others = data.cases.map((_, place) => place).filter((place) => place !== data.own);
    for (const { span } of this.facts) span.classList.add("waiting");
    let until = performance.now() + 40;
    const finish = async (steps) => {
      for (;;) {
        const { value, done } = steps.next();
        if (done) return value;
        if (performance.now() < until) continue;
        await new Promise((resolve) => setTimeout(resolve));
        if (mine !== this.turn) return null;
        until = performance.now() + SLICE_MS;
      }
    };
    const started = performance.now();
    const means = await finish(findMeans(data, data.own, state, this.kept));
    if (!means) return;
    this.write(factsOfOwn(data, classes, means, state), changed);
    const dots = await finish(findDots(data, data.own, state, this.kept));
    if (!dots) return;
    this.write(factsOfDots(classes, dots), changed);
    this.show(changed, state, dots, null);
    this.element.dataset.shownAfter = String(performance.now() - started);
    const allMeans = data.cases.map(() => means);
    const allDots = data.cases.map(() => dots);
    until = performance.now();
    for (const place of others) {
      allMeans[place] = await finish(findMeans(data, place, state, this.kept));
      if (!allMeans[place]) return;
      allDots[place] = await finish(findDots(data, place, state, this.kept));
      if (!allDots[place]) return;
    }
    this.write({ ...factsOfOthers(allMeans, state), ...factsOfOtherDots(others.map((place) => allDots[place])) }, changed);
    for (const { span } of this.facts) span.classList.remove("waiting");
    this.show(changed, state, dots, allDots);
    while (this.kept.size > 200) this.kept.delete(this.kept.keys().next().value);
    this.element.dataset.followedAfter = String(performance.now() - started);
    clearTimeout(this.saying);
    this.saying = setTimeout(() => this.say(changed), 600);
  }

  show(changed, state, dots, others) {
    // Put the reader's picture in the place of ours, or ours back.
    this.picture?.remove();
    this.picture = null;
    this.figure.classList.toggle("replaced", changed);
    if (!changed) return;
    const drawn = drawPicture(this.data, this.classes, state, dots, others);
    drawn.setAttribute("aria-label", `{{ say.your_picture }}${this.figure.querySelector("figcaption").textContent.trim()}`);
    this.picture = make("div", { class: others ? "room" : "room waiting" }, drawn);
    this.figure.querySelector(".frame").after(this.picture);
  }

  say(changed) {
    // Announce the sentence of the answer that holds its first number, up to the first mean that it lists.
    const span = this.facts.find(({ span: one }) => one.closest(".short"))?.span;
    const text = span?.parentElement.textContent ?? "";
    const sentence = text.match(/[^]*?[.;](?=\s|$)/g)?.find((one) => one.includes(` ${span.textContent} threats`)) ?? text;
    const said = sentence.trim().replace(/;$/, ".");
    this.status.textContent = changed ? `{{ say.your_case }}: ${said}` : this.status.textContent && `${this.data.over ? "{{ say.as_before }}" : "{{ say.ours_again }}"}: ${said}`;
  }
}

function round(value) {
  return String(Number(value.toPrecision(3)));
}

for (const element of document.querySelectorAll(".ledger")) {
  new Ledger(element, JSON.parse(element.querySelector("script").textContent));
}
