import { carryOver, drawCard } from "./cards.js";
import { h } from "./dom.js";
import { drawSigns, sign } from "./signs.js";
import { foldedWhisper, whisperHead } from "./whispers.js";

/**
 * @typedef {{ id: string, channel: string, thread: string | null, author: string, authorName: string, bot: boolean,
 *   text: string, card: any, reactions: string[], sentAt: number, editedAt: number | null, deleted: boolean,
 *   whisper?: boolean, about?: string | null, file?: { name: string, url: string } | null }} Message
 * @typedef {{ me: string, names: string[], onAction: (message: Message, action: { verb?: string, data: object }) => Promise<void>,
 *   onOpenThread?: (id: string) => void, onEdit: (message: Message, text: string) => Promise<void>,
 *   onRecord: (message: Message) => Promise<void>, onDelete: (message: Message) => Promise<void>, onDismiss: (message: Message) => void }} MessageOptions
 * @typedef {{ message: Message, compact: boolean, day: string | null, folded: boolean, replies: { count: number, last: number, unread: boolean } | null }} Row
 */

const clock = new Intl.DateTimeFormat(undefined, { hour: "2-digit", minute: "2-digit" });
const full = new Intl.DateTimeFormat(undefined, { dateStyle: "full", timeStyle: "short" });
const dayName = new Intl.DateTimeFormat(undefined, { weekday: "long", day: "numeric", month: "long" });
const LONG = 1_500;

/** @param {number} at */
export function dayOf(at) {
  return dayName.format(new Date(at));
}

/**
 * One message as a list item.
 * @param {Row} row
 * @param {MessageOptions} options
 * @param {HTMLElement | undefined} old
 */
export function messageItem({ message, compact, day, folded, replies }, options, old) {
  const item = h("li", { class: "message-item" });
  if (day !== null) item.append(h("div", { class: "day" }, h("span", {}, day)));
  const kind = message.whisper ? "whisper" : message.bot ? "from-bot" : "from-person";
  const body = h("article", {
    class: `message ${kind}${compact ? " compact" : ""}${message.deleted ? " gone" : ""}`,
    "aria-label": `${message.authorName}, ${clock.format(message.sentAt)}`,
    "data-id": message.id,
  });
  item.append(body);
  body.append(
    compact ? h("span", { class: "gutter", "aria-hidden": "true" }, clock.format(message.sentAt)) : avatar(message),
  );
  const content = h("div", { class: "content" });
  body.append(content);
  if (message.whisper) content.append(whisperHead(message, options));
  else if (!compact) content.append(head(message));
  const shown = inside(message, options, old);
  content.append(...(folded ? [foldedWhisper(message, shown, old)] : shown));
  if (message.reactions.includes("✅")) {
    content.append(h("p", { class: "receipt" }, sign("✅"), " Recorded"));
  }
  if (replies !== null && options.onOpenThread) content.append(threadLink(message, replies, options.onOpenThread));
  if (!message.deleted && !message.whisper) {
    const tools = toolbar(message, options, content);
    if (tools !== null) body.append(tools);
  }
  return item;
}

function avatar(/** @type {Message} */ message) {
  if (message.bot || message.whisper) return h("img", { class: "avatar", src: "/web/page/mark.svg", alt: "" });
  return h(
    "span",
    { class: `avatar tint-${tint(message.author)}`, "aria-hidden": "true" },
    initial(message.authorName),
  );
}

/** The first character as people see it, not half an emoji. @param {string} name */
export function initial(name) {
  return ([...name][0] ?? "?").toUpperCase();
}

/** @param {string} user */
export function tint(user) {
  let sum = 0;
  for (const character of user) sum = (sum * 31 + (character.codePointAt(0) ?? 0)) % 997;
  return sum % 8;
}

function head(/** @type {Message} */ message) {
  return h(
    "p",
    { class: "head" },
    h("strong", { class: "name", dir: "auto" }, message.authorName),
    message.bot && h("span", { class: "tag" }, "app"),
    h(
      "time",
      { datetime: new Date(message.sentAt).toISOString(), title: full.format(message.sentAt) },
      clock.format(message.sentAt),
    ),
  );
}

/** @returns {HTMLElement[]} */
function inside(
  /** @type {Message} */ message,
  /** @type {MessageOptions} */ options,
  /** @type {HTMLElement | undefined} */ old,
) {
  if (message.deleted) return [h("p", { class: "text soft" }, "This message was deleted.")];
  if (message.card !== null && message.card !== undefined) {
    const drawn = card(message, options, old);
    const file = message.file ?? message.card.tMinusFile;
    return file ? [drawn, fileLink(file)] : [drawn];
  }
  return [words(message, options)];
}

function card(
  /** @type {Message} */ message,
  /** @type {MessageOptions} */ options,
  /** @type {HTMLElement | undefined} */ old,
) {
  const holder = h("div", { class: "card" });
  const problem = h("p", { class: "problem", role: "alert" });
  const drawn = drawCard(message.card, {
    scope: message.id,
    inThread: options.onOpenThread === undefined,
    onAction: async (action) => {
      // The focus stays where it is meanwhile: a dialog that opens gives it back there.
      if (holder.hasAttribute("aria-busy")) return;
      problem.textContent = "";
      holder.setAttribute("aria-busy", "true");
      try {
        await options.onAction(message, action);
      } catch (error) {
        problem.textContent = error instanceof Error ? error.message : String(error);
      } finally {
        holder.removeAttribute("aria-busy");
      }
    },
  });
  holder.append(drawn ?? h("p", { class: "text" }, message.text), problem);
  drawSigns(holder);
  const before = old?.querySelector(".card");
  if (before instanceof HTMLElement) queueMicrotask(carryOver(before, holder));
  return holder;
}

function fileLink(/** @type {{ name: string, url: string }} */ file) {
  const url = /^\/web\/files\/[\w-]+$/.test(file.url) ? file.url : "#";
  return h("p", { class: "file" }, h("a", { href: url, download: file.name }, `Download ${file.name}`));
}

function words(/** @type {Message} */ message, /** @type {MessageOptions} */ options) {
  const text = h("div", { class: "text", dir: "auto" });
  const edited = message.editedAt === null ? null : h("span", { class: "edited" }, " (edited)");
  const show = (/** @type {string} */ shown) => text.replaceChildren(...linked(shown, options.names), edited ?? "");
  if (message.text.length <= LONG) {
    show(message.text);
    return text;
  }
  show(`${message.text.slice(0, LONG)}…`);
  const more = h(
    "button",
    { class: "quiet", type: "button" },
    `Show all ${message.text.length.toLocaleString()} characters`,
  );
  more.addEventListener("click", () => {
    show(message.text);
    more.remove();
  });
  return h("div", {}, text, more);
}

/** Words as they are; addresses of pages become links and known names stand out. @param {string} text @param {string[]} names */
function linked(text, names) {
  const known = names.map((name) => name.replace(/[.*+?^${}()|[\]\\]/g, "\\$&")).sort((a, b) => b.length - a.length);
  const pattern = new RegExp(
    `(https?://[^\\s<>"']+[^\\s<>"'.,;:!?)\\]])|(@(?:${known.join("|")})(?![\\p{L}\\p{N}]))`,
    "giu",
  );
  /** @type {(string | HTMLElement)[]} */
  const parts = [];
  let end = 0;
  for (const found of text.matchAll(pattern)) {
    parts.push(text.slice(end, found.index));
    const [whole, url] = found;
    parts.push(
      url === undefined
        ? h("span", { class: "mention" }, whole)
        : h("a", { href: url, target: "_blank", rel: "noopener noreferrer" }, url),
    );
    end = found.index + whole.length;
  }
  parts.push(text.slice(end));
  return parts;
}

function threadLink(
  /** @type {Message} */ message,
  /** @type {{ count: number, last: number, unread: boolean }} */ replies,
  /** @type {(id: string) => void} */ open,
) {
  const count =
    replies.count === 0 ? "Open the thread" : `${replies.count} ${replies.count === 1 ? "reply" : "replies"}`;
  return h(
    "button",
    { class: `thread-link${replies.unread ? " unread" : ""}`, type: "button", onclick: () => open(message.id) },
    h("span", { class: "thread-count" }, count),
    replies.count > 0 && h("span", { class: "thread-last" }, `last ${clock.format(replies.last)}`),
    replies.unread && h("span", { class: "thread-new" }, "new"),
  );
}

function toolbar(
  /** @type {Message} */ message,
  /** @type {MessageOptions} */ options,
  /** @type {HTMLElement} */ content,
) {
  const own = message.author === options.me && !message.bot;
  const reply = options.onOpenThread && message.thread === null && !message.channel.startsWith("@");
  const record = !message.bot && message.thread !== null;
  if (!own && !reply && !record) return null;
  const button = (/** @type {string} */ label, /** @type {() => void} */ run) =>
    h("button", { type: "button", onclick: run, "aria-label": `${label}: ${message.text.slice(0, 60)}` }, label);
  return h(
    "div",
    { class: "tools" },
    reply && button("Reply", () => options.onOpenThread?.(message.id)),
    record && button("Record as answer", () => recordIt(message, options, content)),
    own && button("Edit", () => editInPlace(message, options, content)),
    own && button("Delete", () => confirmDelete(message, options, content)),
  );
}

/** On purpose, by whoever may: these words answer the question that is open here. */
async function recordIt(
  /** @type {Message} */ message,
  /** @type {MessageOptions} */ options,
  /** @type {HTMLElement} */ content,
) {
  const problem = content.querySelector(":scope > .problem") ?? h("p", { class: "problem", role: "alert" });
  problem.textContent = "";
  content.append(problem);
  try {
    await options.onRecord(message);
  } catch (error) {
    problem.textContent = error instanceof Error ? error.message : String(error);
  }
}

function editInPlace(
  /** @type {Message} */ message,
  /** @type {MessageOptions} */ options,
  /** @type {HTMLElement} */ content,
) {
  if (content.querySelector(".edit") !== null) return;
  const box = /** @type {HTMLTextAreaElement} */ (
    h("textarea", { rows: "3", "aria-label": "Edit your message", dir: "auto" })
  );
  box.value = message.text;
  const problem = h("p", { class: "problem", role: "alert" });
  const shown = content.querySelectorAll(":scope > .text, :scope > div > .text");
  const close = () => {
    form.remove();
    for (const element of shown) if (element instanceof HTMLElement) element.hidden = false;
  };
  const save = async () => {
    try {
      await options.onEdit(message, box.value);
      close();
    } catch (error) {
      problem.textContent = error instanceof Error ? error.message : String(error);
    }
  };
  const form = h(
    "form",
    {
      class: "edit",
      onsubmit: (/** @type {Event} */ event) => {
        event.preventDefault();
        save();
      },
      onkeydown: (/** @type {KeyboardEvent} */ event) => {
        if (event.key === "Escape") {
          event.stopPropagation();
          close();
        } else if (event.key === "Enter" && !event.shiftKey && !event.isComposing) {
          event.preventDefault();
          save();
        }
      },
    },
    box,
    problem,
    h(
      "div",
      { class: "edit-buttons" },
      h("button", { type: "button", onclick: close }, "Cancel"),
      h("button", { class: "primary", type: "submit" }, "Save"),
    ),
  );
  for (const element of shown) if (element instanceof HTMLElement) element.hidden = true;
  content.append(form);
  box.focus();
  box.setSelectionRange(box.value.length, box.value.length);
}

function confirmDelete(
  /** @type {Message} */ message,
  /** @type {MessageOptions} */ options,
  /** @type {HTMLElement} */ content,
) {
  if (content.querySelector(".ask") !== null) return;
  const problem = h("span", { class: "problem", role: "alert" });
  const yes = h("button", { class: "danger", type: "button" }, "Delete");
  const ask = h(
    "div",
    { class: "ask", role: "group", "aria-label": "Delete this message?" },
    h("span", {}, "Delete this message? An answer in it is withdrawn."),
    h("button", { type: "button", onclick: () => ask.remove() }, "Keep"),
    yes,
    problem,
  );
  yes.addEventListener("click", async () => {
    try {
      await options.onDelete(message);
      ask.remove();
    } catch (error) {
      problem.textContent = error instanceof Error ? error.message : String(error);
    }
  });
  content.append(ask);
  yes.focus();
}
