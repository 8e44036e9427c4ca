// Dark where the reader's system is dark; before the page is painted, so that nothing flashes.
const dark = window.matchMedia("(prefers-color-scheme: dark)");
const dress = () => document.documentElement.classList.toggle("dark", dark.matches);
dress();
dark.addEventListener("change", dress);
