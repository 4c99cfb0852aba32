// On a page: put each chart in the place of its figure, with its controls; without this script the figure stays.

function make(kind, attributes = {}, ...inside) {
  const element = document.createElement(kind);
  for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value);
  element.append(...inside);
  return element;
}

// Each control has an input that knows its place; `changed` is told after every move.
function slider(control, identifier, changed) {
  const last = control.values.length - 1;
  const input = make("input", { type: "range", id: identifier, min: 0, max: last, step: 1 });
  const shown = make("output", { for: identifier });
  input.value = control.start;
  shown.style.minWidth = `${Math.max(...control.labels.map((label) => label.length))}ch`;
  const tell = () => {
    shown.textContent = control.labels[input.value];
    input.setAttribute("aria-valuetext", control.labels[input.value]);
  };
  input.addEventListener("input", () => { tell(); changed(); });
  tell();
  const parts = [make("label", { for: identifier }, control.label), input, shown];
  if (control.play) parts.unshift(player(input, last));
  return { parts, place: () => Number(input.value) };
}

function player(input, last) {
  const button = make("button", { type: "button" }, "{{ say.play }}");
  let timer = null;
  const stop = () => { clearInterval(timer); timer = null; button.textContent = "{{ say.play }}"; };
  const step = () => {
    if (Number(input.value) >= last) { stop(); return; }
    input.value = Number(input.value) + 1;
    input.dispatchEvent(new Event("input"));
  };
  button.addEventListener("click", () => {
    if (timer) { stop(); return; }
    if (Number(input.value) >= last) input.value = -1;
    timer = setInterval(step, 350);
    button.textContent = "{{ say.pause }}";
  });
  return button;
}

function select(control, identifier, changed) {
  const options = control.labels.map((label, place) => make("option", { value: place }, label));
  const input = make("select", { id: identifier }, ...options);
  input.value = control.start;
  input.addEventListener("change", changed);
  return { parts: [make("label", { for: identifier }, control.label), input], place: () => Number(input.value) };
}

function toggle(control, identifier, changed) {
  const input = make("input", { type: "checkbox", id: identifier });
  input.checked = control.start === 1;
  input.addEventListener("change", changed);
  return { parts: [input, make("label", { for: identifier }, control.label)], place: () => Number(input.checked) };
}

const KINDS = { slider, select, switch: toggle };

// What a chart shows now, in words and as a table: null where it has no such rows. `values` are those of its controls.
function rowsOf(spec, values) {
  const { times, keys, addresses = [], labels } = spec.datasets ?? {};
  if (times && keys && values.day !== undefined) {
    const words = new Map(keys.map((one) => [one.key, one.status]));
    const found = new Map(addresses.map((one) => [one.source, one.address]));
    const standing = times.filter((one) => one.since <= values.day && values.day < one.until);
    const states = [...new Map(standing.map((one) => [one.name, one])).values()];
    states.sort((one, other) => one.key - other.key || one.name.localeCompare(other.name));
    return {
      name: `states-${new Date(values.day * 864e5).toISOString().slice(0, 10)}`, words: "{{ say.states_shown }}",
      head: ["{{ say.states_heads | join('", "') }}"],
      rows: states.map((one) => [one.name, words.get(one.key), one.when, one.source, found.get(one.source)]),
    };
  }
  if (labels?.some((one) => one.tier)) {
    const shown = labels.filter((one) => values[`show_${one.layer}`]);
    return {
      name: "systems", words: "{{ say.systems_shown }}",
      head: ["{{ say.systems_heads | join('", "') }}"],
      rows: shown.map((one) => [one.name, one.tier, one.range, one.ceiling, one.floor, one.state]),
    };
  }
  const state = paramsOf(spec).find((one) => one.name === "positions")?.value[values.doctrine]?.[values.size];
  return state ? {
    name: "chances", words: "{{ say.chances_shown }}", head: ["{{ say.chances_heads | join('", "') }}"],
    rows: state.pmf.map((chance, place) => [state.first + place, chance]),
  } : null;
}

const WEB = /^https?:\/\//;

// A cell that a spreadsheet would take for a formula gets an apostrophe, as in the files that Python writes.
function writeCsv({ head, rows }) {
  const write = (value) => {
    const text = String(value ?? "");
    const formula = /^\s*[=+@\-\uff1d\uff0b\uff0d\uff20]/.test(text) && Number.isNaN(Number(text));
    const harmless = formula ? `'${text}` : text;
    return /[",\n\r]/.test(harmless) ? `"${harmless.replaceAll('"', '""')}"` : harmless;
  };
  return [head, ...rows].map((row) => `${row.map(write).join(",")}\n`).join("");
}

// What is shown as a list that the keyboard reaches and a screen reader reads, filled while it is open, and as a file.
function lister(spec, values) {
  let now = rowsOf(spec, values);
  if (!now) return null;
  const linked = now.head.at(-1) === "{{ say.states_heads | last }}";
  const heads = linked ? now.head.slice(0, -1) : now.head;
  const body = make("tbody");
  const head = make("tr", {}, ...heads.map((name) => make("th", { scope: "col" }, name)));
  const table = make("table", {}, make("thead", {}, head), body);
  const box = make("div", { class: "table", role: "group", tabindex: 0, "aria-label": now.words }, table);
  const list = make("details", { class: "more" }, make("summary", {}, `{{ say.as_list }}`), box);
  const file = make("a", { href: "#" }, `{{ say.as_file }}`);
  const row = ([first, ...rest]) => {
    const cells = rest.slice(0, heads.length - 1).map((text) => make("td", {}, String(text ?? "")));
    const address = linked ? rest.at(-1) ?? "" : "";
    if (WEB.test(address)) cells.at(-1).replaceChildren(make("a", { href: address }, cells.at(-1).textContent));
    return make("tr", {}, make("th", { scope: "row" }, String(first)), ...cells);
  };
  const fill = () => { if (list.open) body.replaceChildren(...now.rows.map(row)); };
  const pack = () => {
    file.download = `${now.name}.csv`;
    file.href = `data:text/csv;charset=utf-8,${encodeURIComponent(writeCsv(now))}`;
  };
  for (const event of ["pointerenter", "focus", "click"]) file.addEventListener(event, pack);
  list.addEventListener("toggle", fill);
  pack();
  return { parts: [make("p", { class: "data" }, file), list], show: (moved) => { now = rowsOf(spec, moved); fill(); } };
}

// The keyboard reaches a box for as long as what it holds is wider, so that it can be scrolled.
function reachable(box, held) {
  const look = new ResizeObserver(() => {
    if (box.scrollWidth > box.clientWidth) box.tabIndex = 0;
    else box.removeAttribute("tabindex");
  });
  look.observe(box);
  look.observe(held);
}

async function start(data, number) {
  const { spec, controls = [], sentences = {}, note = "" } = JSON.parse(data.textContent);
  const figure = data.closest("figure");
  const drawing = make("div", { role: "img", "aria-label": figure.querySelector("img").alt });
  const bar = make("div", { class: "controls" });
  const words = make("p", { class: "now", role: "status" });
  const box = make("div", { class: "room", role: "group", "aria-label": "{{ say.chart }}" }, drawing);
  const live = make("div", { class: "live" }, bar, words, box, make("small", {}, note));
  figure.querySelector(".frame").after(live);
  const room = live.clientWidth - 16;
  let move = () => {};
  const made = controls.map((control, place) => KINDS[control.kind](control, `control-${number}-${place}`, () => move()));
  const at = (place) => controls[place].values[made[place].place()];
  const values = () => Object.fromEntries(controls.map((control, place) => [control.param, at(place)]));
  const shown = lister(spec, values());
  if (shown) live.append(...shown.parts);
  for (const one of made) bar.append(make("div", { class: "control" }, ...one.parts));
  const { view } = await window.vegaEmbed(drawing, fit(spec, room), EMBED);
  const follow = follower(view);
  link(view);
  reachable(box, drawing);
  move = () => {
    follow(values());
    shown?.show(values());
    words.textContent = sentences[made.map((one) => one.place()).join(",")] ?? "";
    if (words.textContent) drawing.setAttribute("aria-label", words.textContent);
  };
  words.hidden = Object.keys(sentences).length === 0;
  move();
  figure.classList.add("alive");
}

const charts = [...document.querySelectorAll("script.chart")];
charts.forEach((data, number) => start(data, number).catch((error) => {
  data.closest("figure").querySelector(".live")?.remove();
  console.error(error);
}));
