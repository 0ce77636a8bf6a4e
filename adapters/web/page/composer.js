import { freshId, h } from "./dom.js";

/** What can be typed after a slash; the rest is in `/readiness help`. */
const COMMANDS = [
  ["/readiness start", "start a session here"],
  ["/readiness status", "where the session stands"],
  ["/readiness next", "what waits for you"],
  ["/readiness why ", "why a question is asked"],
  ["/readiness assign ", "name a module's owner"],
  ["/readiness scope", "what is known about the event"],
  ["/readiness summary", "write the summary"],
  ["/readiness decide", "open go / no-go"],
  ["/readiness export json", "everything as a file"],
  ["/readiness help", "all commands"],
].map(([text, hint]) => ({ text: text ?? "", hint: hint ?? "" }));

/** These say all they need as they are, so Enter sends them although more could follow. */
const WHOLE = [
  "/readiness",
  "/readiness why",
  ...COMMANDS.map(({ text }) => text).filter((text) => !text.endsWith(" ")),
];

/**
 * The box under a conversation. Enter sends, Shift and Enter break the line; what wasn't stored stays in the box.
 * @param {HTMLElement} holder
 * @param {{ textId: string, names: () => { name: string, hint: string }[], onSend: (text: string) => Promise<void>, draft: { get: () => string, set: (text: string) => void } }} options
 */
export function createComposer(holder, { textId, names, onSend, draft }) {
  const listId = freshId("suggestions");
  const box = /** @type {HTMLTextAreaElement} */ (
    h("textarea", {
      id: textId,
      rows: "1",
      dir: "auto",
      autocomplete: "off",
      "aria-controls": listId,
      "aria-autocomplete": "list",
      "aria-haspopup": "listbox",
    })
  );
  const list = h("ul", {
    class: "suggestions",
    id: listId,
    role: "listbox",
    "aria-label": "Suggestions",
    hidden: true,
  });
  const problem = h("p", { class: "problem", role: "alert" });
  const send = h("button", { class: "primary send", type: "submit" }, "Send");
  const form = h("form", { class: "composer" }, list, problem, h("div", { class: "composer-row" }, box, send));
  holder.replaceChildren(form);

  /** @type {{ text: string, hint: string, from: number }[]} */
  let offers = [];
  let chosen = 0;
  /** Whether somebody went through the suggestions: then Enter takes one, also behind a whole command. */
  let moved = false;
  let sending = false;

  const grow = () => {
    box.style.height = "auto";
    box.style.height = `${Math.min(box.scrollHeight + 2, 220)}px`;
  };

  function offer() {
    const before = box.value.slice(0, box.selectionStart);
    const name = /(?:^|\s)@([^@\n]{0,30})$/.exec(before);
    if (/^\/\S*( \S*)?$/.test(box.value) && box.value.length < 20) {
      offers = COMMANDS.filter(({ text }) => text.startsWith(box.value) && text !== box.value).map((command) => ({
        ...command,
        from: 0,
      }));
    } else if (name !== null) {
      const typed = (name[1] ?? "").toLowerCase();
      const from = before.length - typed.length - 1;
      offers = names()
        .filter((known) => known.name.toLowerCase().startsWith(typed) && known.name.toLowerCase() !== typed)
        .slice(0, 8)
        .map((known) => ({ text: `@${known.name} `, hint: known.hint, from }));
    } else offers = [];
    chosen = 0;
    moved = false;
    show();
  }

  function show() {
    list.hidden = offers.length === 0;
    if (offers.length === 0) box.removeAttribute("aria-activedescendant");
    list.replaceChildren(
      ...offers.map((one, index) => {
        const id = `${listId}-${index}`;
        if (index === chosen) box.setAttribute("aria-activedescendant", id);
        return h(
          "li",
          {
            id,
            role: "option",
            "aria-selected": String(index === chosen),
            onpointerdown: (/** @type {Event} */ event) => pick(index, event),
          },
          h("span", { class: "suggestion" }, one.text.trim()),
          h("span", { class: "hint" }, one.hint),
        );
      }),
    );
    list.children[chosen]?.scrollIntoView({ block: "nearest" });
  }

  function pick(/** @type {number} */ index, /** @type {Event | undefined} */ event) {
    event?.preventDefault();
    const one = offers[index];
    if (one === undefined) return;
    const after = box.value.slice(box.selectionStart);
    box.value = box.value.slice(0, one.from) + one.text + after;
    const end = one.from + one.text.length;
    box.setSelectionRange(end, end);
    box.focus();
    draft.set(box.value);
    offers = [];
    show();
    grow();
  }

  async function submit() {
    const text = box.value;
    if (sending || text.trim() === "") return;
    sending = true;
    send.setAttribute("aria-disabled", "true");
    problem.textContent = "";
    // The box is free for the next words at once; if these weren't stored they come back in front of them.
    box.value = "";
    offers = [];
    show();
    grow();
    try {
      await onSend(text);
      draft.set(box.value);
    } catch (error) {
      box.value = box.value === "" ? text : `${text}\n${box.value}`;
      draft.set(box.value);
      problem.textContent = error instanceof Error ? error.message : String(error);
      grow();
    } finally {
      sending = false;
      send.removeAttribute("aria-disabled");
    }
  }

  function sends() {
    return !moved && WHOLE.includes(box.value.trim());
  }

  form.addEventListener("submit", (event) => {
    event.preventDefault();
    submit();
  });
  box.addEventListener("input", () => {
    draft.set(box.value);
    problem.textContent = "";
    grow();
    offer();
  });
  box.addEventListener("blur", () => {
    offers = [];
    show();
  });
  box.addEventListener("keydown", (event) => {
    if (offers.length > 0 && (event.key === "ArrowDown" || event.key === "ArrowUp")) {
      event.preventDefault();
      moved = true;
      chosen = (chosen + (event.key === "ArrowDown" ? 1 : offers.length - 1)) % offers.length;
      show();
    } else if (offers.length > 0 && !event.shiftKey && (event.key === "Tab" || (event.key === "Enter" && !sends()))) {
      event.preventDefault();
      pick(chosen, undefined);
    } else if (offers.length > 0 && event.key === "Escape") {
      event.stopPropagation();
      offers = [];
      show();
    } else if (event.key === "Enter" && !event.shiftKey && !event.isComposing) {
      event.preventDefault();
      submit();
    }
  });

  return {
    /** Shows another conversation's draft. @param {string} label */
    reset(label) {
      box.setAttribute("aria-label", label);
      box.placeholder = label;
      box.value = draft.get();
      problem.textContent = "";
      offers = [];
      show();
      grow();
    },
    focus: () => box.focus({ preventScroll: true }),
    /** @param {string} text */
    sendNow(text) {
      box.value = text;
      return submit();
    },
  };
}
