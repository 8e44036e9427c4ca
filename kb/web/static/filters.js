// What a reader keeps questions to: the panel shows what goes together, the bar says what was chosen.

const filters = (() => {
  const panel = () => find("#filter-panel");
  const checked = (name) => all(`#filter-panel input[name="${name}"]:checked`);

  let chosen = new Set(); // by row and name: the panel is made anew where what is held changes
  const keyOf = (input) => `${input.name} ${input.value}`;

  const within = () => {
    if (!panel()) return {};
    const rows = {
      issuers: checked("issuers").map((input) => input.value),
      years: checked("years").map((input) => Number(input.value)),
      kinds: checked("kinds").map((input) => input.value),
    };
    return Object.fromEntries(Object.entries(rows).filter(([, row]) => row.length));
  };

  const ROWS = ["issuers", "years", "kinds"];

  const filtered = () => {
    if (!panel()) return;
    const words = JSON.parse(panel().dataset.words);
    const together = JSON.parse(panel().dataset.together);
    chosen = new Set(ROWS.flatMap(checked).map(keyOf));
    const places = ROWS.map((name) => new Set(checked(name).map((input) => Number(input.dataset.place))));
    const admits = (group, but) => ROWS.every((_, row) => row === but || !places[row].size || places[row].has(group[row]));
    const count = together.filter((group) => admits(group, -1)).reduce((sum, group) => sum + group[3], 0);
    ROWS.forEach((name, row) => {
      const open = new Set(together.filter((group) => admits(group, row)).map((group) => group[row]));
      const sought = find(`fieldset[data-row="${name}"] input[type="search"]`, panel())?.value.trim() || "";
      all(`input[name="${name}"]`, panel()).forEach((input) => {
        const label = input.closest("label");
        const goes = open.has(Number(input.dataset.place)) && label.textContent.includes(sought);
        label.hidden = !goes && !input.checked;
      });
    });
    const none = places.every((row) => !row.size);
    const chosenWords = count === 1 ? words.one : count ? words.some.replace("{count}", count) : words.no;
    find("#filters .bar > button").textContent = none ? words.all : chosenWords;
    find("#filters .tags").replaceChildren(...ROWS.flatMap(checked).map((input) => {
      const name = input.closest("label").textContent;
      const tag = make("button", "tag", `${name} ×`);
      tag.type = "button";
      tag.dataset.act = "untag";
      tag.setAttribute("aria-label", words.off.replace("{name}", name));
      tag.input = input;
      return tag;
    }));
  };

  const renewed = () => {
    all('#filter-panel input[type="checkbox"]').forEach((input) => { input.checked = chosen.has(keyOf(input)); });
    filtered();
  };

  const openFilters = (open) => {
    if (!panel() || panel().hidden === !open) return;
    panel().hidden = !open;
    find("#filters .bar > button").setAttribute("aria-expanded", String(open));
    if (open) find("input", panel())?.focus();
  };

  return { within, filtered, renewed, open: openFilters, panel };
})();
