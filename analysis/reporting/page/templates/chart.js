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
  const button = make("button", { type: "button" }, "Play");
  let timer = null;
  const stop = () => { clearInterval(timer); timer = null; button.textContent = "Play"; };
  const step = () => {
    if (Number(input.value) >= last) { stop(); return; }
    input.value = Number(input.value) + 1;
    input.dispatchEvent(new Event("input"));
  };
  button.addEventListener("click", () => {
    if (timer) { stop(); return; }
    if (Number(input.value) >= last) input.value = -1;
    timer = setInterval(step, 350);
    button.textContent = "Pause";
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

// The states of the day as a list that the keyboard reaches and a screen reader reads; filled only while it is open.
function lister(spec) {
  const { times, keys } = spec.datasets ?? {};
  if (!times || !keys) return null;
  const words = new Map(keys.map((one) => [one.key, one.status]));
  const body = make("tbody");
  const head = make("tr", {}, ...["State", "Status", "When", "Source"].map((name) => make("th", { scope: "col" }, name)));
  const table = make("table", {}, make("thead", {}, head), body);
  const box = make("div", { class: "table", role: "group", tabindex: 0, "aria-label": "States of the day shown" }, table);
  const list = make("details", { class: "more" }, make("summary", {}, "The states of that day as a list"), box);
  let day = null;
  const fill = () => {
    if (!list.open) return;
    const standing = new Map(times.filter((one) => one.since <= day && day < one.until).map((one) => [one.name, one]));
    const rows = [...standing.values()].sort((one, other) => one.key - other.key || one.name.localeCompare(other.name));
    body.replaceChildren(...rows.map((one) => make("tr", {}, make("th", { scope: "row" }, one.name),
      ...[words.get(one.key), one.when, one.source].map((text) => make("td", {}, text ?? "")))));
  };
  list.addEventListener("toggle", fill);
  return { list, show: (now) => { day = now; fill(); } };
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
  const box = make("div", { class: "room", role: "group", "aria-label": "Chart" }, drawing);
  const live = make("div", { class: "live" }, bar, words, box, make("small", {}, note));
  figure.querySelector(".frame").after(live);
  const states = lister(spec);
  if (states) live.append(states.list);
  const room = live.clientWidth - 16;
  let move = () => {};
  const made = controls.map((control, place) => KINDS[control.kind](control, `control-${number}-${place}`, () => move()));
  for (const one of made) bar.append(make("div", { class: "control" }, ...one.parts));
  const { view } = await window.vegaEmbed(drawing, fit(spec, room), EMBED);
  const follow = follower(view);
  link(view);
  reachable(box, drawing);
  move = () => {
    follow(Object.fromEntries(controls.map((control, place) => [control.param, control.values[made[place].place()]])));
    const byDay = controls.findIndex((control) => control.param === "day");
    if (states && byDay >= 0) states.show(controls[byDay].values[made[byDay].place()]);
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
