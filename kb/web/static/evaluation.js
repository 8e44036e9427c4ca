// The bar of an evaluation moves by itself; when it has ended the page is shown anew, with the result.
const running = document.querySelector(".running");
if (running) {
  const bar = running.querySelector("progress");
  const count = running.querySelector(".count");
  const look = async () => {
    const answer = await fetch("/desk/quality/progress", { headers: { accept: "application/json" } });
    const progress = answer.ok && !answer.redirected ? await answer.json() : null;
    if (!progress || String(progress.evaluation) !== running.dataset.evaluation) {
      location.reload();
      return;
    }
    count.textContent = count.textContent.replace(/\d+/, progress.done);
    bar.value = progress.done;
    setTimeout(look, 1000);
  };
  setTimeout(look, 1000);
}
