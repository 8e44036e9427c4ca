// Files are dropped or chosen, checked for their size, and sent with a bar; without this script the form sends them.
const form = document.querySelector("form.upload");
const field = form.querySelector("input[type=file]");
const sending = form.querySelector(".sending");
const bar = sending.querySelector("progress");
const note = form.querySelector(".upload-note");
const button = form.querySelector("button");
const words = form.dataset;

form.querySelector(".drop").hidden = false;

const tell = (lines, failed) => {
  const list = document.createElement("ul");
  for (const line of lines) {
    const row = document.createElement("li");
    row.textContent = line; // as text: names come from files
    list.append(row);
  }
  note.replaceChildren(list);
  note.className = failed ? "upload-note message failed" : "upload-note";
};

const end = () => {
  sending.hidden = true;
  button.disabled = false;
};

const send = (files) => {
  const most = Number(words.most) * 2 ** 20;
  const large = files.filter((file) => file.size > most);
  if (large.length) {
    tell(large.map((file) => `${file.name}：${words.tooLarge}`), true);
    return;
  }
  if (files.reduce((size, file) => size + file.size, 0) > Number(words.total) * 2 ** 20) {
    tell([words.tooMuch], true);
    return;
  }
  const body = new FormData();
  for (const file of files) body.append("files", file);
  const request = new XMLHttpRequest();
  request.open("POST", form.action);
  request.setRequestHeader("accept", "application/json");
  request.setRequestHeader("x-desk-token", words.token);
  request.responseType = "json";
  request.upload.onprogress = (event) => {
    bar.value = event.lengthComputable ? (100 * event.loaded) / event.total : 0;
    if (event.loaded === event.total) tell([words.sent], false);
  };
  request.onload = () => {
    end();
    const reply = request.response;
    const refused = reply?.refused ?? [];
    if (reply?.run && !refused.length) window.location.assign(reply.run);
    else if (refused.length) {
      tell(refused.map(({ name, reason }) => (name ? `${name}：${reason}` : reason)), true);
      if (reply.run) {
        const link = document.createElement("a");
        link.href = reply.run;
        link.textContent = reply.to_run;
        note.append(link);
      }
    } else tell([reply?.problem ?? words.failed], true);
  };
  request.onerror = () => {
    end();
    tell([words.failed], true);
  };
  button.disabled = true;
  sending.hidden = false;
  bar.value = 0;
  tell([words.sending], false);
  request.send(body);
};

form.addEventListener("submit", (event) => {
  event.preventDefault();
  send([...field.files]);
});
for (const name of ["dragenter", "dragover"]) {
  form.addEventListener(name, (event) => {
    event.preventDefault();
    form.classList.add("dragged");
  });
}
for (const name of ["dragleave", "drop"]) {
  form.addEventListener(name, () => form.classList.remove("dragged"));
}
form.addEventListener("drop", (event) => {
  event.preventDefault();
  const files = [...event.dataTransfer.files];
  if (files.length) send(files);
});
