// What a reader thinks of an answer, and the form that asks what is wrong with it.

const rating = (() => {
  const open = (turn) => {
    const form = find(".reasons", turn);
    form.hidden = !form.hidden;
    if (!form.hidden) find("input", form).focus();
  };

  const close = (turn) => {
    const form = find(".reasons", turn);
    if (form.contains(document.activeElement)) find('[data-act="bad"]', turn).focus();
    form.hidden = true;
  };

  const reason = (form) =>
    [form.elements.reason.value, form.elements.more.value.trim()].filter(Boolean).join("：");

  const rate = async (turn, good, why, server, words) => {
    const thanks = find(".thanks", turn);
    let noted = false;
    try {
      noted = await server.rate_entry(find(".reasons", turn).dataset.entry, good, why);
    } catch { /* the note below says so */ }
    close(turn);
    thanks.textContent = noted ? words.thanks : words.not_rated;
    thanks.hidden = false;
    if (!noted) return;
    for (const [name, pressed] of [["good", good], ["bad", !good]]) {
      find(`[data-act="${name}"]`, turn).setAttribute("aria-pressed", String(pressed));
    }
  };

  return { open, close, reason, rate };
})();
