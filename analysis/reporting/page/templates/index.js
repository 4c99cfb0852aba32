// Show only the runs that hold every word of the filter; without this script all runs are shown and there is no filter.
(() => {
  const box = document.querySelector(".filter");
  const input = box.querySelector("input");
  const told = box.querySelector("[role=status]");
  const plain = (text) => text.toLowerCase().normalize("NFKD").replace(/\p{M}/gu, "")
    .replace(/recogniz/g, "recognis").replace(/defense/g, "defence"); // as it is written here
  const held = (one, text = one.textContent) => plain(`${text} ${one.dataset.words ?? ""} `);
  const beside = [...document.querySelectorAll("p.beside")].map((one) => [one, held(one)]);
  const groups = [...document.querySelectorAll("section.runs")].map((section) => ({
    section,
    name: held(section.querySelector(".of")) + held(section, ""),
    runs: [...section.querySelectorAll(".list > li")].map((run) => [run, held(run.querySelector(".what"))]),
    rows: [...section.querySelectorAll(".table tbody tr")], // of the comparison: one for each run, in the same order
  }));
  const questions = document.querySelector(".questions");
  const subjects = [...document.querySelectorAll("section.subject")];
  const filter = () => {
    const words = plain(input.value).split(/\s+/).filter(Boolean);
    let shown = 0, all = 0;
    for (const { section, name, runs, rows } of groups) {
      let here = 0;
      runs.forEach(([run, text], place) => {
        run.hidden = !words.every((word) => text.includes(word) || name.includes(word));
        if (rows[place]) rows[place].hidden = run.hidden;
        if (!run.hidden) here += 1;
      });
      section.hidden = here === 0;
      shown += here;
      all += runs.length;
    }
    for (const [one, text] of beside) one.hidden = !words.every((word) => text.includes(word));
    if (questions) questions.hidden = words.length > 0;
    for (const subject of subjects) subject.hidden = !subject.querySelector("section.runs:not([hidden])");
    told.textContent = `{{ say.filtered }}`;
  };
  input.addEventListener("input", filter);
  box.hidden = false;
  filter();
})();
