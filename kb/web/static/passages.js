// The passages behind marks and figures: beside the conversation where there is room, else in a sheet from below.

const passages = (() => {
  const WIDE = window.matchMedia("(min-width: 60rem)");

  // Passages that an answer quotes are its sources; those of a refusal are only near to the question.
  const name = (heading, turn) => {
    heading.textContent = find(".passages", turn)?.dataset.name || heading.textContent;
  };

  // Wide pages show the passages of one turn beside the conversation.
  const showAll = (turn) => {
    const side = find("#cards");
    side.replaceChildren(...all(".passages > .card", turn).map((card) => card.cloneNode(true)));
    side.turn = turn;
    name(find("#sources h2"), turn);
  };

  const light = (card, marker) => {
    all("mark", card).forEach((mark) => {
      mark.classList.toggle("current", mark.dataset.markers.split(" ").includes(marker));
    });
    return find("mark.current", card);
  };

  const cardOf = (place, marker) =>
    all(".card", place).find((card) => card.dataset.markers.split(" ").includes(marker));

  const show = (pressed, byKeyboard) => {
    const turn = pressed.closest(".turn");
    const { marker } = pressed.dataset;
    if (WIDE.matches) {
      const side = find("#cards");
      if (side.turn !== turn) showAll(turn);
      const card = cardOf(side, marker);
      if (!card) return false;
      all(".card", side).forEach((one) => one.classList.remove("flashes"));
      void card.offsetWidth; // so that it flashes again
      card.classList.add("flashes");
      const mark = light(card, marker) || card;
      const room = find("#sources");
      room.scrollTop += mark.getBoundingClientRect().top - room.getBoundingClientRect().top - room.clientHeight / 3;
      card.cameFrom = pressed;
      if (byKeyboard) card.focus({ preventScroll: true });
      return true;
    }
    const card = cardOf(find(".passages", turn), marker);
    return Boolean(card) && openSheet(turn, [card], marker);
  };

  const openSheet = (turn, cards, marker) => {
    const sheet = find("#sheet");
    const body = find(".cards", sheet);
    body.replaceChildren(...cards.map((card) => card.cloneNode(true)));
    name(find("h2", sheet), turn);
    sheet.showModal();
    body.scrollTop = 0;
    if (marker) light(body, marker)?.scrollIntoView({ block: "center" });
    return true;
  };

  const showNearest = (turn) => {
    if (WIDE.matches) {
      showAll(turn);
      find("#sources").scrollTop = 0;
      all("#cards .card").forEach((card) => card.classList.add("flashes"));
      find("#cards .card")?.focus();
    } else {
      openSheet(turn, all(".passages > .card", turn));
    }
  };

  return { showAll, show, showNearest };
})();
