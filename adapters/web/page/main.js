import { act, Refused, request } from "./api.js";
import { createComposer } from "./composer.js";
import { createConversation } from "./conversation.js";
import { openForm } from "./dialog.js";
import { byId, h } from "./dom.js";
import { drawPlaces, drawSpeakers } from "./places.js";

/** @typedef {import("./messages.js").Message} Message */

const session = sessionStorage;
const state = {
  you: session.getItem("t-minus.you") ?? "fay",
  channel: "general",
  /** @type {string | null} */
  thread: null,
  /** @type {{ user: string, name: string, part: string }[]} */
  people: [],
  /** @type {string[]} */
  channels: ["general"],
  /** @type {Map<string, Message>} */
  messages: new Map(),
  /** @type {Message[]} */
  whispers: [],
  /** @type {Set<string>} */
  unread: new Set(),
  /** Newest reply seen, by thread. @type {Map<string, number>} */
  seen: new Map(),
  last: "",
};

/** @type {EventSource | undefined} */
let source;
/** Counts loads, so that an answer that comes late is dropped. */
let load = 0;

const options = {
  get me() {
    return state.you;
  },
  get names() {
    return [...state.people.map((person) => person.name), "T-Minus"];
  },
  onAction: tap,
  onEdit: (/** @type {Message} */ message, /** @type {string} */ text) =>
    request("PATCH", `/web/messages/${message.id}`, { as: state.you, text }),
  onRecord: (/** @type {Message} */ message) => act(`/web/messages/${message.id}/record`, { as: state.you }),
  onDelete: (/** @type {Message} */ message) => request("DELETE", `/web/messages/${message.id}`, { as: state.you }),
  onDismiss: (/** @type {Message} */ message) => {
    state.whispers = state.whispers.filter((one) => one.id !== message.id);
    draw();
    request("DELETE", `/web/whispers/${message.id}`, { as: state.you }).catch(() => {});
  },
};

const main = createConversation(
  { scroll: byId("scroll"), list: byId("messages"), newer: byId("newer") },
  Object.assign(bind(options), { onOpenThread: openThread }),
);
const side = createConversation(
  { scroll: byId("thread-scroll"), list: byId("thread-messages"), newer: byId("thread-newer") },
  bind(options),
);
const composer = createComposer(byId("composer"), {
  textId: "composer-text",
  names: suggestedNames,
  onSend: (text) => say(text, null),
  draft: draftOf(() => state.channel),
});
const threadComposer = createComposer(byId("thread-composer"), {
  textId: "thread-composer-text",
  names: suggestedNames,
  onSend: (text) => say(text, state.thread),
  draft: draftOf(() => `${state.channel}/${state.thread}`),
});

/** Getters survive a spread only this way. @param {typeof options} source */
function bind(source) {
  return Object.create(null, Object.getOwnPropertyDescriptors(source));
}

function suggestedNames() {
  return [
    { name: "T-Minus", hint: "the bot" },
    ...state.people.map((person) => ({ name: person.name, hint: person.part })),
  ];
}

/** @param {() => string} place */
function draftOf(place) {
  const key = () => `t-minus.draft.${state.you}.${place()}`;
  return {
    get: () => session.getItem(key()) ?? "",
    set: (/** @type {string} */ text) => (text === "" ? session.removeItem(key()) : session.setItem(key(), text)),
  };
}

/** @param {string} text @param {string | null} thread */
async function say(text, thread) {
  const answer = await act("/web/messages", { as: state.you, channel: state.channel, thread, text });
  // Whoever speaks wants to see what comes of it.
  (thread === null ? main : side).follow();
  if (answer.form) show(answer.form, answer.place);
}

/** @param {Message} message @param {{ verb?: string, data: object }} action */
async function tap(message, action) {
  const place = { channel: message.channel, thread: message.thread };
  const answer = await act("/web/actions", { as: state.you, ...place, messageId: message.id, ...action });
  if (answer.form) show(answer.form, place);
  if (answer.errors) throw new Refused(Object.values(answer.errors).join(" "));
}

/** @param {any} form @param {{ channel: string, thread: string | null }} place */
function show(form, place) {
  const people = state.people.map((person) => ({ id: `web:local:${person.user}`, name: person.name }));
  openForm(form, {
    people,
    onSubmit: async (values) => {
      const answer = await act("/web/forms", { as: state.you, ...place, form: form.id, context: form.context, values });
      if (answer.form) show(answer.form, place);
    },
  });
}

// ── Loading and hearing ─────────────────────────────────────────────────────────────────────────────────────────────

async function start() {
  readAddress();
  let known;
  try {
    known = await request("GET", `/web/state?as=${encodeURIComponent(state.you)}`);
  } catch {
    state.you = "fay";
    known = await request("GET", "/web/state?as=fay");
  }
  state.people = known.people;
  state.channels = known.channels;
  if (!state.channels.includes(state.channel) && !state.channel.startsWith("@")) state.channel = "general";
  if (state.channel.startsWith("@")) state.channel = `@${state.you}`;
  await open();
}

async function open() {
  load += 1;
  const mine = load;
  source?.close();
  const query = new URLSearchParams({ as: state.you, channel: state.channel });
  const answer = await request("GET", `/web/messages?${query}`);
  if (mine !== load) return;
  state.messages = new Map(answer.messages.map((/** @type {Message} */ message) => [message.id, message]));
  state.whispers = answer.whispers.map(whisperMessage);
  for (const message of state.messages.values()) noteSeen(message);
  state.unread.delete(state.channel);
  if (state.thread !== null && !state.messages.has(state.thread)) state.thread = null;
  listen(answer.last);
  drawAll();
  main.toEnd();
  side.toEnd();
}

/** @param {string} after */
function listen(after) {
  source = new EventSource(`/web/stream?${new URLSearchParams({ as: state.you, after })}`);
  source.onopen = () => {
    byId("offline").hidden = true;
  };
  source.onerror = () => {
    byId("offline").hidden = false;
    // After a refusal (a restart forgot nobody, but a name may be gone) the browser doesn't try again by itself.
    if (source?.readyState === EventSource.CLOSED) setTimeout(() => start().catch(() => {}), 2_000);
  };
  const hear = (/** @type {string} */ type, /** @type {(data: any) => void} */ work) =>
    source?.addEventListener(type, (event) => work(JSON.parse(/** @type {MessageEvent} */ (event).data)));
  hear("message", heardMessage);
  hear("whisper", (whisper) => {
    if (whisper.channel !== state.channel) state.unread.add(whisper.channel);
    else {
      state.whispers.push(whisperMessage(whisper));
      announce("T-Minus, only to you", whisper.text);
    }
    draw();
  });
  hear("whisper-gone", ({ id }) => {
    state.whispers = state.whispers.filter((whisper) => whisper.id !== id);
    draw();
  });
  hear("people", (people) => {
    state.people = people;
    drawAll();
  });
  hear("channels", (channels) => {
    state.channels = channels;
    drawAll();
  });
  hear("reload", () => open().catch(() => {}));
}

/** @param {Message} message */
function heardMessage(message) {
  if (message.channel !== state.channel) {
    if (!message.deleted) state.unread.add(message.channel);
    draw();
    return;
  }
  const fresh = !state.messages.has(message.id);
  state.messages.set(message.id, message);
  if (fresh && message.author !== state.you) announce(message.authorName, message.text);
  if (message.thread === state.thread) noteSeen(message);
  draw();
}

/** @param {any} whisper @returns {Message} */
function whisperMessage(whisper) {
  return {
    ...whisper,
    author: "t-minus",
    authorName: "T-Minus",
    bot: true,
    reactions: [],
    editedAt: null,
    deleted: false,
    whisper: true,
  };
}

/** @param {Message} message */
function noteSeen(message) {
  if (message.thread === null) return;
  state.seen.set(message.thread, Math.max(state.seen.get(message.thread) ?? 0, message.sentAt));
}

/** One line for screen readers; redrawn cards say nothing. @param {string} who @param {string} text */
function announce(who, text) {
  byId("announcer").textContent = `${who}: ${text.slice(0, 160)}`;
}

// ── Drawing ─────────────────────────────────────────────────────────────────────────────────────────────────────────

function draw() {
  const all = [...state.messages.values(), ...state.whispers].sort((a, b) => a.sentAt - b.sentAt);
  const replies = new Map();
  for (const message of all) {
    if (message.thread === null || message.deleted || message.whisper) continue;
    const sofar = replies.get(message.thread) ?? { count: 0, last: 0, unread: false };
    sofar.count += 1;
    sofar.last = Math.max(sofar.last, message.sentAt);
    replies.set(message.thread, sofar);
  }
  for (const [thread, sofar] of replies)
    sofar.unread = thread !== state.thread && sofar.last > (state.seen.get(thread) ?? 0);
  const top = all.filter((message) => message.thread === null && (!message.deleted || replies.has(message.id)));
  main.draw(top, replies);
  if (state.thread !== null) {
    const root = state.messages.get(state.thread);
    side.draw(
      [...(root ? [root] : []), ...all.filter((message) => message.thread === state.thread && !message.deleted)],
      new Map(),
    );
  }
  byId("welcome").hidden = top.length > 0;
  drawPlaces(state, (channel) => go(channel, null));
}

function drawAll() {
  const direct = state.channel.startsWith("@");
  const name = state.people.find((person) => person.user === state.you)?.name ?? state.you;
  byId("title").textContent = direct ? "Messages from T-Minus" : `#${state.channel}`;
  byId("subtitle").textContent = direct ? `to ${name}, and nobody else` : `${state.people.length} people and T-Minus`;
  document.title = `${direct ? "Messages" : `#${state.channel}`} · T-Minus`;
  drawSpeakers(state);
  welcome(direct, name);
  const thread = byId("thread");
  const root = state.thread === null ? undefined : state.messages.get(state.thread);
  thread.hidden = root === undefined;
  byId("app").classList.toggle("with-thread", root !== undefined);
  if (root !== undefined) byId("thread-subtitle").textContent = root.text.slice(0, 80);
  composer.reset(direct ? `Message T-Minus as ${name}` : `Message #${state.channel} as ${name}`);
  threadComposer.reset(`Reply as ${name}`);
  draw();
  session.setItem("t-minus.you", state.you);
}

/** @param {boolean} direct @param {string} name */
function welcome(direct, name) {
  const box = byId("welcome");
  if (direct) {
    box.replaceChildren(
      h("h2", {}, "Nothing waits for you"),
      h("p", {}, `When something does, T-Minus writes to ${name} here: one message a day, with everything in it.`),
    );
    return;
  }
  box.replaceChildren(
    h("img", { src: "/web/page/mark.svg", alt: "", width: "56", height: "56" }),
    h("h2", {}, "Get ready for the big day"),
    h(
      "p",
      {},
      "A session takes your team through 23 questions, each with the person who knows, to a signed go or no-go.",
    ),
    h(
      "button",
      { class: "primary", type: "button", onclick: () => composer.sendNow("/readiness start") },
      "Start a session",
    ),
    h("p", { class: "soft" }, "or type /readiness start, or @T-Minus help"),
  );
}

// ── Moving ──────────────────────────────────────────────────────────────────────────────────────────────────────────

/** @param {string} id */
function openThread(id) {
  state.thread = id;
  for (const message of state.messages.values()) if (message.thread === id) noteSeen(message);
  drawAll();
  side.toEnd();
  writeAddress();
  // On a phone the keyboard would cover what was just opened.
  if (matchMedia("(hover: hover)").matches) threadComposer.focus();
  else byId("thread-close").focus();
}

function closeThread() {
  const was = state.thread;
  state.thread = null;
  drawAll();
  writeAddress();
  const link = document.querySelector(`[data-id="${was}"] .thread-link`);
  if (link instanceof HTMLElement) link.focus();
  else composer.focus();
}

/** @param {string} channel @param {string | null} thread */
function go(channel, thread) {
  state.channel = channel;
  state.thread = thread;
  menu(false);
  writeAddress();
  open().catch(report);
}

/** @param {string} user */
function speakAs(user) {
  state.you = user;
  if (state.channel.startsWith("@")) state.channel = `@${user}`;
  writeAddress();
  open().catch(report);
}

function readAddress() {
  const [channel, thread] = decodeURIComponent(location.hash.slice(1)).split("/");
  if (channel) state.channel = channel;
  state.thread = thread ?? null;
}

function writeAddress() {
  const address = `#${encodeURIComponent(state.channel)}${state.thread === null ? "" : `/${state.thread}`}`;
  if (location.hash !== address) history.pushState(null, "", address);
}

/** @param {boolean} wanted */
function menu(wanted) {
  byId("app").classList.toggle("with-menu", wanted);
  byId("side-open").setAttribute("aria-expanded", String(wanted));
  if (wanted) byId("side-close").focus();
}

/** @param {unknown} error */
function report(error) {
  byId("side-error").textContent = error instanceof Error ? error.message : String(error);
}

for (const id of ["speaker", "speaker-bar"]) {
  byId(id).addEventListener("change", (event) => speakAs(/** @type {HTMLSelectElement} */ (event.target).value));
}
byId("side-open").addEventListener("click", () => menu(!byId("app").classList.contains("with-menu")));
byId("side-close").addEventListener("click", () => {
  menu(false);
  byId("side-open").focus();
});
byId("thread-close").addEventListener("click", closeThread);
document.addEventListener("keydown", (event) => {
  if (event.key !== "Escape" || event.defaultPrevented || document.querySelector("dialog[open]")) return;
  if (byId("app").classList.contains("with-menu")) {
    menu(false);
    byId("side-open").focus();
  } else if (state.thread !== null) closeThread();
});
addEventListener("popstate", () => {
  const before = state.channel;
  readAddress();
  if (state.channel === before) {
    drawAll();
    side.toEnd();
  } else open().catch(report);
});

for (const [id, path, after] of /** @type {const} */ ([
  ["add-channel", "/web/channels", (/** @type {any} */ answer) => go(answer.name, null)],
  ["add-person", "/web/people", (/** @type {any} */ answer) => speakAs(answer.user)],
])) {
  byId(id).addEventListener("submit", async (event) => {
    event.preventDefault();
    const form = /** @type {HTMLFormElement} */ (event.target);
    const input = /** @type {HTMLInputElement} */ (form.elements.namedItem("name"));
    byId("side-error").textContent = "";
    try {
      const answer = await request("POST", path, { as: state.you, name: input.value });
      form.reset();
      const known = await request("GET", `/web/state?as=${encodeURIComponent(state.you)}`);
      state.people = known.people;
      state.channels = known.channels;
      after(answer);
    } catch (error) {
      report(error);
      input.focus();
    }
  });
}

// Not by its address: that is where the channel and thread stand.
document.querySelector(".skip")?.addEventListener("click", (event) => {
  event.preventDefault();
  composer.focus();
});

const theme = /** @type {HTMLSelectElement} */ (byId("theme"));
theme.value = document.documentElement.dataset.theme ?? "system";
theme.addEventListener("change", () => {
  if (theme.value === "system") delete document.documentElement.dataset.theme;
  else document.documentElement.dataset.theme = theme.value;
  localStorage.setItem("t-minus.theme", theme.value);
});

start().catch(report);
