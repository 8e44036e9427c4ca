"""A reader who has no mouse: Tab and Enter lead everywhere, and the focus is always seen."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from playwright.sync_api import Page

# What has the focus: whether it is something, is in the window, is not covered, and shows it by a line around it or
# around the box that it fills.
_FOCUS = """() => {
  const at = document.activeElement;
  if (!at || at === document.body) return "the focus is lost";
  if (at.matches("main")) return ""; // where the skip link leads: nothing that is pressed
  const lined = (one) => {
    const style = getComputedStyle(one);
    return style.outlineStyle !== "none" && parseFloat(style.outlineWidth) >= 2 && style.outlineColor !== "rgba(0, 0, 0, 0)";
  };
  const boxes = [at, ...(at.matches("textarea") ? [at.closest("#question")] : [])].filter(Boolean);
  const told = at.outerHTML.slice(0, 160);
  if (!boxes.some(lined)) return `no line around ${told}`;
  const { left, top, width, height } = at.getClientRects()[0];
  const [x, y] = [left + width / 2, top + Math.min(height, 40) / 2];
  if (!(x > 0 && x < innerWidth && y > 0 && y < innerHeight)) return `out of the window: ${told}`;
  const seen = document.elementFromPoint(x, y);
  return at.contains(seen) || seen?.contains(at) ? "" : `covered: ${told}`;
}"""


class Keys:
    """Presses keys on a page, and holds after each that the focus is seen."""

    def __init__(self, page: Page) -> None:
        self.page = page

    def press(self, *keys: str) -> None:
        """Press keys one after another."""
        for key in keys:
            self.page.keyboard.press(key)
            self.see()

    def see(self) -> None:
        """Wait shortly for the focus to be seen: pages scroll smoothly."""
        fault = ""
        for _ in range(20):
            fault = self.page.evaluate(_FOCUS)
            if not fault:
                return
            self.page.wait_for_timeout(50)
        raise AssertionError(fault)

    def tab_to(self, selector: str, *, back: bool = False, most: int = 60) -> None:
        """Press Tab until an element of `selector` has the focus; `back` goes the other way."""
        for _ in range(most):
            self.press("Shift+Tab" if back else "Tab")
            if self.is_at(selector):
                return
        raise AssertionError(f"Tab does not lead to {selector}")

    def is_at(self, selector: str) -> bool:
        """Whether an element of `selector` has the focus."""
        return bool(self.page.evaluate("selector => document.activeElement.matches(selector)", selector))
