// What the chat page does by itself: it follows the conversation, and hears what is pressed.
// Questions and answers come from the server as HTML, escaped there; what is written here is set as text.

const wenzheng = (() => {
  const WORDS = JSON.parse(document.currentScript.dataset.words);
  const { language } = document.currentScript.dataset;
  const speak = () => {
    if (document.documentElement.lang !== language) document.documentElement.lang = language;
  };
  speak();
  new MutationObserver(speak).observe(document.documentElement, { attributeFilter: ["lang"] }); // Gradio sets its own

  const VERSION = 1;
  const MOST_TURNS = 30;
  const MOST_CHARACTERS = 200000;
  const MOST_HISTORY = 8;
  const SECONDS_BETWEEN_LOOKS = 3;

  const places = {}; // the elements of ours within Gradio's, by name
  let next = null; // a question that is asked in the place of what stands in the box
  let replaces = false; // whether the next question takes the place of the last turn
  let server = null;
  let wasStopped = false;

  const turns = () => all(".turn:not(.moved .turn)", find("#talk"));
  const box = () => find("#question textarea");

  // The conversation -------------------------------------------------------------------------------------------

  const fields = (turn) => JSON.parse(turn.dataset.kept);

  const conversation = () => {
    const kept = turns().filter((turn) => turn.dataset.kept).map(fields).slice(-MOST_TURNS);
    let text = JSON.stringify({ version: VERSION, turns: kept });
    while (text.length > MOST_CHARACTERS) {
      kept.shift();
      text = JSON.stringify({ version: VERSION, turns: kept });
    }
    return kept.length ? text : "";
  };

  const keep = () => memory.keepConversation(conversation());

  // A question that lost its answer by a lost connection.
  const unanswered = () => {
    const question = memory.takeAsked();
    if (!question) return;
    const turn = make("article", "turn", "");
    turn.append(make("h2", "asked", question));
    stop(turn, WORDS.broken);
    places.pending.append(turn);
    markLast();
  };

  // While an answer is awaited: whether there is still someone to give it.
  const watchConnection = () => setInterval(async () => {
    if (!document.documentElement.classList.contains("asking")) return;
    let words = WORDS.searching;
    try {
      await fetch("/design/elements.js", { method: "HEAD", cache: "no-store" });
    } catch {
      words = WORDS.lost;
    }
    const searching = find(".searching", places.pending);
    if (searching && searching.textContent !== words) searching.textContent = words;
  }, SECONDS_BETWEEN_LOOKS * 1000);

  const asked = (turn) => find(".asked", turn).textContent;
  // Those behind a question build on what it was taken for.
  const meant = (turn) => find(".asked", turn).dataset.meant || asked(turn);
  const history = () => turns().slice(0, -1).map(meant).slice(-MOST_HISTORY);

  const markLast = () => {
    const list = turns();
    list.forEach((turn, place) => turn.classList.toggle("last", place === list.length - 1));
  };

  // Called with each question before it is sent: the last turn moves up, and the new one stands below it at once.
  const ask = (written) => {
    const question = (next ?? written).trim();
    next = null;
    wasStopped = false;
    if (!question) return ["", "[]", "{}"];
    const last = turns().at(-1);
    if (replaces && last) last.remove();
    stopEditing();
    places.pending.replaceChildren();
    const before = find(".turn", places.current);
    // What is not shown was moved up before.
    if (before && !places.current.classList.contains("moved")) places.earlier.append(before.cloneNode(true));
    places.current.classList.add("moved");
    places.suggestions.classList.add("moved");
    const turn = document.createElement("article");
    turn.className = "turn pending";
    turn.append(make("h2", "asked", question), make("p", "searching", WORDS.searching));
    memory.keepAsked(question);
    places.pending.append(turn);
    document.documentElement.classList.add("asking");
    filters.open(false);
    markLast();
    turn.scrollIntoView({ block: "nearest" });
    keyboard.keepPlace();
    return [question, JSON.stringify(history()), JSON.stringify(filters.within())];
  };

  // The server has answered, in part or whole.
  const shown = () => {
    const turn = find(".turn", places.current);
    if (!turn) return;
    const first = places.current.classList.contains("moved");
    places.current.classList.remove("moved");
    places.pending.replaceChildren();
    markLast();
    if (wasStopped && !turn.classList.contains("whole")) stop(turn, WORDS.stopped); // what was on its way still
    if (first || turn.classList.contains("whole")) turn.scrollIntoView({ block: "start" });
    if (turn.classList.contains("whole")) {
      keep();
      find("#spoken").textContent = WORDS.spoken + find(".answer", turn).innerText;
      passages.showAll(turn);
    }
    keyboard.keepPlace();
  };

  const ended = () => {
    memory.answered();
    document.documentElement.classList.remove("asking");
    const turn = find(".turn", places.pending);
    if (turn) stop(turn, WORDS.broken);
    keep();
    keyboard.keepPlace();
  };

  const stop = (turn, words) => {
    if (find(".stopped-note", turn)) return;
    turn.classList.add("stopped");
    const note = make("p", "stopped-note", words);
    const searching = find(".searching", turn);
    if (searching) searching.replaceWith(note);
    else turn.append(note);
    const acts = make("div", "acts", "");
    for (const name of ["retry", "edit"]) {
      const act = make("button", "act", WORDS[`act_${name}`]);
      act.type = "button";
      act.dataset.act = name;
      acts.append(act);
    }
    turn.append(acts);
  };

  const stopped = () => {
    wasStopped = true;
    memory.answered();
    document.documentElement.classList.remove("asking");
    const pending = find(".turn", places.pending);
    if (pending) {
      stop(pending, WORDS.stopped);
    } else {
      const turn = turns().at(-1);
      if (turn && !turn.classList.contains("whole")) stop(turn, WORDS.stopped);
    }
    keep();
    box().focus();
  };

  const send = (question) => {
    next = question;
    find("#send").click();
  };

  const write = (words) => {
    const field = box();
    field.value = words;
    field.dispatchEvent(new Event("input", { bubbles: true }));
    field.focus();
  };

  // Those before it are shown by now: a question that was sent while the pages came up (start_page.js).
  const goOn = () => {
    const question = memory.takeWritten();
    if (question) send(question);
  };

  const edit = (turn) => {
    replaces = true;
    turn.classList.add("edited");
    find("#editing").hidden = false;
    write(asked(turn));
  };

  const stopEditing = () => {
    replaces = false;
    turns().forEach((turn) => turn.classList.remove("edited"));
    find("#editing").hidden = true;
  };

  const clear = () => {
    stopEditing();
    [places.earlier, places.pending].forEach((place) => place.replaceChildren());
    places.current.classList.add("moved");
    places.suggestions.classList.add("moved");
    find(".turn", places.current)?.remove();
    find("#cards").replaceChildren();
    keep();
    box().focus();
  };

  const restored = () => {
    markLast();
    const last = turns().at(-1);
    if (last) passages.showAll(last);
    if (last && !places.restored) last.scrollIntoView({ block: "end" });
    places.restored = true;
  };

  const after = () => {
    const last = turns().at(-1);
    const whole = last?.classList.contains("whole") && !document.documentElement.classList.contains("asking");
    return [whole ? last.dataset.kept || "" : "", JSON.stringify(history())];
  };

  const suggested = () => {
    const asking = document.documentElement.classList.contains("asking");
    places.suggestions.classList.toggle("moved", asking);
    if (!asking) turns().at(-1)?.scrollIntoView({ block: "start" });
  };

  // Acts -------------------------------------------------------------------------------------------------------

  const copy = async (act) => {
    const words = act.dataset.text;
    let done = true;
    try {
      await navigator.clipboard.writeText(words);
    } catch { // pages that are not served over HTTPS have no clipboard
      const field = make("textarea", "unseen", words);
      document.body.append(field);
      field.select();
      done = document.execCommand("copy");
      field.remove();
      act.focus();
    }
    const before = act.textContent;
    act.textContent = done ? WORDS.copied : WORDS.not_copied;
    find("#spoken").textContent = act.textContent;
    setTimeout(() => { act.textContent = before; }, 2000);
  };

  const acts = {
    ask: (act) => send(act.dataset.question),
    retry: (act) => {
      const turn = act.closest(".turn");
      replaces = true;
      send(asked(turn));
    },
    edit: (act) => edit(act.closest(".turn")),
    keepLast: () => { stopEditing(); write(""); },
    copy,
    good: (act) => rating.rate(act.closest(".turn"), true, "", server, WORDS),
    bad: (act) => rating.open(act.closest(".turn")),
    nearest: (act) => passages.showNearest(act.closest(".turn")),
    keep: (act) => {
      const input = all(`#filter-panel input[name="${act.dataset.row}"]`).find((box) => box.value === act.dataset.value);
      if (input) input.checked = true;
      filters.filtered();
      box().focus();
    },
    filters: () => filters.open(filters.panel().hidden),
    all: () => { all("input:checked", filters.panel()).forEach((input) => { input.checked = false; }); filters.filtered(); },
    chosen: () => { filters.open(false); box().focus(); },
    untag: (act) => { act.input.checked = false; filters.filtered(); box().focus(); },
    clear,
    print: () => window.print(),
    close: () => find("#sheet").close(),
  };

  document.addEventListener("click", (event) => {
    if (event.target.closest?.(".skip")) {
      event.preventDefault();
      box().focus();
      return;
    }
    const pressed = event.target.closest?.("[data-marker]");
    if (pressed && pressed.closest(".turn") && !event.ctrlKey && !event.metaKey && !event.shiftKey) {
      if (passages.show(pressed, event.detail === 0)) event.preventDefault();
      return;
    }
    const act = event.target.closest?.("[data-act]");
    if (act) acts[act.dataset.act]?.(act);
    if (event.target === find("#sheet")) find("#sheet").close(); // beside the sheet
  });

  document.addEventListener("keydown", (event) => {
    if (event.key !== "Escape") return;
    const card = event.target.closest?.("#cards .card");
    const reasons = event.target.closest?.(".reasons");
    const menu = event.target.closest?.(".menu");
    if (reasons) rating.close(reasons.closest(".turn"));
    else if (menu?.open) keyboard.close(menu);
    else if (card?.cameFrom?.isConnected) card.cameFrom.focus();
    else if (filters.panel() && !filters.panel().hidden) { filters.open(false); find("#filters .bar > button").focus(); }
    else if (replaces) acts.keepLast();
  });

  document.addEventListener("input", (event) => {
    if (event.target.closest?.("#filter-panel")) filters.filtered();
  });

  document.addEventListener("submit", (event) => {
    const form = event.target;
    if (form.matches(".reasons")) {
      event.preventDefault();
      rating.rate(form.closest(".turn"), false, rating.reason(form), server, WORDS);
    }
    if (form.matches("#export")) {
      form.elements.conversation.value = conversation();
      if (!form.elements.conversation.value) event.preventDefault();
      keyboard.close(form.closest("details"));
    }
  });

  // Gradio calls these when its parts stand and when what they show has changed.
  const parts = {
    earlier: (element, watch) => { places.earlier = element; watch("value", restored); },
    current: (element, watch, functions) => {
      places.current = element;
      server = functions;
      watch("value", shown);
    },
    pending: (element) => { places.pending = element; unanswered(); watchConnection(); },
    suggestions: (element, watch) => { places.suggestions = element; watch("value", suggested); },
    filters: (element, watch) => { watch("value", filters.renewed); },
  };

  return { ask, after, ended, goOn, stopped, kept: memory.conversation, parts };
})();
