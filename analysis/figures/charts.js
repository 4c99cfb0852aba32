// Shared by the page and by JupyterLab: fit a chart into its room, link its marks to a name.

function widthOf(spec) {
  const parts = spec.hconcat ?? spec.vconcat ?? spec.concat;
  if (!parts) return typeof spec.width === "number" ? spec.width : 0;
  const widths = parts.map(widthOf);
  const gaps = (parts.length - 1) * (spec.spacing ?? 20);
  return spec.hconcat ? widths.reduce((sum, one) => sum + one, gaps) : Math.max(...widths);
}

function scale(spec, factor) {
  for (const side of ["width", "height"]) {
    if (typeof spec[side] === "number") spec[side] = Math.round(spec[side] * factor);
  }
  for (const part of spec.hconcat ?? spec.vconcat ?? spec.concat ?? []) scale(part, factor);
  for (const part of spec.layer ?? []) scale(part, factor);
}

// Make a chart as wide as its room, within limits; in little room, what stands side by side is put one below the other.
function fit(spec, room) {
  const free = room - (spec.usermeta?.margin ?? 60);
  if (free < 560) {
    for (const part of spec.vconcat ?? []) {
      if (part.hconcat) [part.vconcat, part.hconcat] = [part.hconcat, undefined];
      if (part.width === undefined && part.layer === undefined) continue;
      if (part.width > 640) part.width = 640;
    }
    for (const param of paramsOf(spec)) if (param.name === "columns") param.value = 1;
  }
  const width = widthOf(spec);
  const factor = Math.min(1.45, Math.max(0.3, free / (width || free)));
  scale(spec, factor);
  for (const param of paramsOf(spec)) if (param.name === "zoom") param.value = factor;
  return JSON.parse(JSON.stringify(spec));
}

function paramsOf(spec) {
  const parts = [...(spec.hconcat ?? []), ...(spec.vconcat ?? []), ...(spec.concat ?? []), ...(spec.layer ?? [])];
  return [...(spec.params ?? []), ...parts.flatMap(paramsOf)];
}

function has(view, name) {
  try { view.signal(name); return true; } catch { return false; }
}

// The pointer marks a state in every part of the chart; a click chooses it, a click beside the marks lets go.
function link(view, choose) {
  const codeOf = (item) => item?.datum?.code ?? "";
  const set = (name, value) => {
    if (has(view, name) && view.signal(name) !== value) view.signal(name, value).runAsync();
  };
  view.addEventListener("pointermove", (event, item) => set("hovered", codeOf(item)));
  view.addEventListener("pointerout", () => set("hovered", ""));
  if (has(view, "chosen")) {
    view.addEventListener("click", (event, item) => { set("chosen", codeOf(item)); choose?.(codeOf(item)); });
  }
}

// Set signals, at most once a frame, so that a fast slider never queues up.
function follower(view) {
  let waiting = null;
  return (values) => {
    if (waiting) { Object.assign(waiting, values); return; }
    waiting = { ...values };
    requestAnimationFrame(() => {
      const now = waiting;
      waiting = null;
      for (const [name, value] of Object.entries(now)) if (has(view, name)) view.signal(name, value);
      view.runAsync();
    });
  };
}

const EMBED = {
  ast: true, actions: false, defaultStyle: false, renderer: "canvas", mode: "vega-lite",
  tooltip: { disableDefaultStyle: true },
};
