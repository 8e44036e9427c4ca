// What the browser keeps: the conversation of each tab, and questions that are not answered yet. Some browsers keep
// nothing (private windows); a conversation then lasts as long as its page.

const memory = (() => {
  const CONVERSATION = "wenzheng-conversation";
  const ASKED = "wenzheng-asked"; // without an answer so far
  const WRITTEN = "wenzheng-written"; // while the pages came up

  const keep = (name, text, storage = "sessionStorage") => {
    try {
      window[storage].setItem(name, text);
      return true;
    } catch {
      return false;
    }
  };

  const kept = (name, storage = "sessionStorage") => {
    try {
      return window[storage].getItem(name);
    } catch {
      return null;
    }
  };

  const taken = (name) => {
    const text = kept(name) ?? "";
    keep(name, "");
    return text;
  };

  return {
    // A new tab begins with what was spoken last in any.
    keepConversation: (text) => ["sessionStorage", "localStorage"].forEach((storage) => keep(CONVERSATION, text, storage)),
    conversation: () => kept(CONVERSATION) ?? kept(CONVERSATION, "localStorage") ?? "",
    // Gradio loads the page anew after a lost connection: until it is answered, a question is kept.
    keepAsked: (question) => keep(ASKED, question),
    answered: () => keep(ASKED, ""),
    takeAsked: () => taken(ASKED),
    keepWritten: (question) => keep(WRITTEN, question),
    takeWritten: () => taken(WRITTEN),
  };
})();
