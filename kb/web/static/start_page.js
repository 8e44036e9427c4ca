// The question that is written while the pages come up: it goes on to the chat when that stands, and is asked there.
// The chat is not gone to while somebody writes: what is typed during the change would be lost.

const form = document.querySelector("#ask");
const box = document.querySelector("#written");
const note = document.querySelector("#note");
let sent = false;
let stands = false;

const goOn = () => {
  if (!stands || (box.value.trim() && !sent)) return;
  if (!sent || memory.keepWritten(box.value.trim())) {
    location.reload();
    return;
  }
  box.readOnly = false; // a browser that keeps nothing
  note.textContent = note.dataset.notKept;
};

const send = () => {
  if (!box.value.trim()) return;
  sent = true;
  box.readOnly = true;
  note.textContent = note.dataset.noted;
  goOn();
};

form.addEventListener("submit", (event) => { event.preventDefault(); send(); });
box.addEventListener("keydown", (event) => {
  if (event.key !== "Enter" || event.shiftKey || event.isComposing) return;
  event.preventDefault();
  send();
});
box.addEventListener("input", goOn); // emptied again

const wait = async () => {
  while (!stands) {
    try {
      await fetch("/stands"); // answered when it is true
      stands = true;
    } catch { // it was stopped, or started anew
      await new Promise((again) => { setTimeout(again, 1000); });
    }
  }
  goOn();
};
wait();
