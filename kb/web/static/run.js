// Looks at the run that is at work once a second, and loads the page again when it is over: its report stands there then.
for (const strip of document.querySelectorAll("[data-run]")) {
  const part = (name) => strip.querySelector(`[data-run-${name}]`);
  const bar = strip.querySelector("progress");
  const say = (name, words) => {
    if (part(name).textContent !== words) part(name).textContent = words; // else a screen reader says it again
  };
  const look = async () => {
    try {
      const reply = await fetch(strip.dataset.run, { headers: { accept: "application/json" }, redirect: "error" });
      if (!reply.ok) return;
      const run = await reply.json();
      if (run.over) {
        // Who types, or goes through the page by keyboard, keeps their place.
        const isUsed = document.activeElement !== document.body;
        if (!isUsed && !document.querySelector(".sending:not([hidden])")) window.location.reload();
        else say("state", run.state);
        return;
      }
      bar.max = run.total;
      bar.value = run.done;
      for (const name of ["state", "step", "count", "left", "note"]) say(name, run[name]);
    } catch {
      // The server is away, or the session is over: the page stays as it is, and asks again.
    }
    window.setTimeout(look, 1000);
  };
  window.setTimeout(look, 1000);
}
