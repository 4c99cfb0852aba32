// A chart in JupyterLab: moved in the browser by the traits of its widget, without a question to the kernel.

async function roomOf(el) {
  for (let tries = 0; tries < 120 && !el.clientWidth; tries += 1) {
    await new Promise((done) => requestAnimationFrame(done));
  }
  return el.clientWidth || 1100;
}

async function render({ model, el }) {
  const style = document.createElement("style");
  style.textContent = model.get("tooltip_style");
  const box = document.createElement("div");
  box.className = "domes-chart";
  box.style.minHeight = `${model.get("least_height")}px`;
  box.style.background = "#fff";
  el.append(style, box);
  const spec = fit(structuredClone(model.get("spec")), await roomOf(el));
  Object.assign(spec.datasets ??= {}, model.get("tables"));
  for (const param of spec.params ?? []) {
    if (param.name in model.get("values")) param.value = model.get("values")[param.name];
    if (param.name === "day") param.value = model.get("day");
    if (param.name === "chosen") param.value = model.get("chosen");
  }
  const { view, finalize } = await vegaEmbed(box, spec, EMBED);
  const follow = follower(view);
  link(view, (code) => { model.set("chosen", code); model.save_changes(); });
  model.on("change:day", () => follow({ day: model.get("day") }));
  model.on("change:chosen", () => follow({ chosen: model.get("chosen") }));
  model.on("change:values", () => follow(model.get("values")));
  model.on("change:tables", () => {
    for (const [name, rows] of Object.entries(model.get("tables"))) view.data(name, structuredClone(rows));
    follow({});
  });
  if (has(view, "brush")) {
    view.addSignalListener("brush", lodashDebounce((name, value) => {
      model.set("brush", value?.day ? [...value.day] : []);
      model.save_changes();
    }, 40));
  }
  box.dataset.ready = "yes";
  box.domesView = view;
  return finalize;
}

export default { render };
