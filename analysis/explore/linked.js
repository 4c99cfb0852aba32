// A chart in JupyterLab: moved in the browser by a slider and by the traits of its widget; only answers come from Python.

const LEAST_CHANGE = 12; // pixels of width that are worth a new drawing
const AFTER_MS = 150; // without a change of width, before it is drawn anew

async function roomOf(el) {
  for (let tries = 0; tries < 120 && !el.clientWidth; tries += 1) {
    await new Promise((done) => requestAnimationFrame(done));
  }
  return el.clientWidth || 1100;
}

async function sliderOf(model) {
  const reference = model.get("slider");
  return reference ? model.widget_manager.get_model(reference.slice("IPY_MODEL_".length)) : null;
}

// Only signals that differ are set, so that a part of the chart that stays the same is not drawn again.
function changed(view, values) {
  const differs = ([name, value]) => has(view, name) && JSON.stringify(view.signal(name)) !== JSON.stringify(value);
  return Object.fromEntries(Object.entries(values).filter(differs));
}

async function render({ model, el }) {
  const style = document.createElement("style");
  style.textContent = model.get("tooltip_style");
  const box = document.createElement("div");
  box.className = "domes-chart";
  box.style.minHeight = `${model.get("least_height")}px`;
  box.style.background = "#fff";
  const words = { above: paragraph(model.get("least_above")), below: paragraph(0) };
  const say = (name) => { words[name].textContent = model.get(name); words[name].hidden = !model.get(name); };
  Object.keys(words).forEach(say);
  el.append(style, words.above, box, words.below);
  const slider = await sliderOf(model);
  const now = () => ({
    ...model.get("values"), chosen: model.get("chosen"), ...(slider ? { day: slider.get("value") } : {}),
  });
  let room = await roomOf(el);
  let shown = await draw(model, box, room, now());
  const on = (one, event, act) => { one.on(event, act); return () => one.off(event, act); };
  const stops = [
    ...Object.keys(words).map((name) => on(model, `change:${name}`, () => say(name))),
    ...(slider ? [on(slider, "change:value", () => shown.follow({ day: slider.get("value") }))] : []),
    on(model, "change:chosen", () => shown.follow({ chosen: model.get("chosen") })),
    on(model, "change:values", () => shown.follow(changed(shown.view, model.get("values")))),
    on(model, "change:tables", () => {
      for (const [name, rows] of Object.entries(model.get("tables"))) shown.view.data(name, structuredClone(rows));
      shown.follow({});
    }),
  ];
  const watcher = new ResizeObserver(lodashDebounce(async () => {
    if (!el.clientWidth || Math.abs(el.clientWidth - room) < LEAST_CHANGE) return;
    room = el.clientWidth;
    const before = shown;
    box.style.height = `${box.offsetHeight}px`; // nothing jumps while the old chart is gone
    before.finalize();
    shown = await draw(model, box, room, now());
    box.style.height = "";
  }, AFTER_MS));
  watcher.observe(el);
  return () => { watcher.disconnect(); stops.forEach((stop) => stop()); shown.finalize(); };
}

function paragraph(least) {
  const made = document.createElement("p");
  made.setAttribute("role", "status");
  made.style.cssText = `min-height: ${least}em; line-height: 1.4; margin: 4px 2px 8px; max-width: 75rem;`
    + "color: var(--jp-ui-font-color1); font-size: var(--jp-ui-font-size1);";
  return made;
}

// Words in as many lines as their room asks for, measured in the font that this machine draws them with.
function breakLines(words, room, font) {
  if (typeof words !== "string") return words;
  const pen = document.createElement("canvas").getContext("2d");
  pen.font = `${font} sans-serif`;
  const lines = [];
  for (const word of words.split(" ")) {
    const longer = [...lines.slice(-1), word].join(" ");
    if (lines.length && pen.measureText(longer).width <= room) lines[lines.length - 1] = longer;
    else lines.push(word);
  }
  return lines.length > 1 ? lines : words;
}

// No title is wider than its plot: the margin beside a plot has room for the labels of an axis, and for nothing else.
function breakTitles(spec, { title = {}, axis = {} }, around = 0) {
  const width = widthOf(spec) || around;
  if (typeof spec.title === "string") spec.title = { text: spec.title };
  const { text, subtitle } = spec.title ?? {};
  if (text) spec.title.text = breakLines(text, width, `bold ${title.fontSize ?? 13}px`);
  if (subtitle) spec.title.subtitle = breakLines(subtitle, width, `${title.subtitleFontSize ?? 12}px`);
  const across = spec.encoding?.x;
  if (across?.title) across.title = breakLines(across.title, width, `${axis.titleFontSize ?? 11}px`);
  for (const part of [spec.hconcat, spec.vconcat, spec.concat, spec.layer].flatMap((parts) => parts ?? [])) {
    breakTitles(part, { title, axis }, width);
  }
  return spec;
}

async function draw(model, box, room, values) {
  const spec = fit(structuredClone(model.get("spec")), room);
  breakTitles(spec, spec.config ?? {});
  Object.assign(spec.datasets ??= {}, model.get("tables"));
  for (const param of spec.params ?? []) if (param.name in values) param.value = values[param.name];
  const { view, finalize } = await vegaEmbed(box, spec, EMBED);
  link(view, (code) => { model.set("chosen", code); model.save_changes(); });
  if (has(view, "brush")) {
    const tell = (name, value) => {
      model.set("brush", value?.day ? [...value.day] : []);
      model.save_changes();
    };
    view.addSignalListener("brush", lodashDebounce(tell, 40));
    if (model.get("brush").length) tell("brush", null); // a new drawing has no brush
  }
  box.dataset.ready = "yes";
  box.dataset.room = room;
  box.domesView = view;
  return { view, finalize, follow: follower(view) };
}

export default { render };
