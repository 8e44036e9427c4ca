// Who goes by keyboard never loses their place to the top of the page.

const keyboard = (() => {
  let byKeyboard = false; // what was done last
  for (const name of ["keydown", "pointerdown"]) {
    document.addEventListener(name, () => { byKeyboard = name === "keydown"; }, true);
  }

  // Where what had the focus is gone, it goes on from the box. A finger would bring up the keyboard of a phone by that.
  const keepPlace = () => {
    const at = document.activeElement;
    if (byKeyboard && (at === document.body || !at.getClientRects().length)) find("#question textarea").focus();
  };

  // A menu is closed, and the focus in it goes to what opens it.
  const close = (menu) => {
    if (menu.contains(document.activeElement)) find("summary", menu).focus();
    menu.open = false;
  };

  return { keepPlace, close };
})();
