import { reconcile } from "./dom.js";
import { dayOf, messageItem } from "./messages.js";

/** @typedef {import("./messages.js").Message} Message */

const TOGETHER_MS = 5 * 60_000;
const NEAR_END = 80;

/**
 * A scrolling list of messages that stays at its end unless the reader went up.
 * @param {{ scroll: HTMLElement, list: HTMLElement, newer: HTMLElement }} elements
 * @param {import("./messages.js").MessageOptions} options
 */
export function createConversation({ scroll, list, newer }, options) {
  const atEnd = () => scroll.scrollHeight - scroll.scrollTop - scroll.clientHeight < NEAR_END;
  const toEnd = () => {
    scroll.scrollTop = scroll.scrollHeight;
    newer.hidden = true;
  };
  // Scrolling must be possible from the keyboard, also where nothing in the list can be focused.
  scroll.tabIndex = 0;
  newer.addEventListener("click", toEnd);
  let read = true;
  scroll.addEventListener("scroll", () => {
    read = atEnd();
    if (read) newer.hidden = true;
  });
  // A phone's keyboard takes half of the room: whoever was at the end stays there.
  new ResizeObserver(() => {
    if (read) toEnd();
  }).observe(scroll);

  let followUntil = 0;
  return {
    toEnd,
    /** Goes to the end, and again when what was just done appears. */
    follow() {
      followUntil = performance.now() + 2_000;
      toEnd();
    },
    /** @param {Message[]} messages @param {Map<string, { count: number, last: number, unread: boolean }>} replies */
    draw(messages, replies) {
      const stay = atEnd() || performance.now() < followUntil;
      const newest = list.lastElementChild?.getAttribute("data-key");
      reconcile(list, rowsOf(messages, replies), {
        keyOf: ({ message }) => message.id,
        versionOf: (row) => JSON.stringify([row, options.me]),
        make: (row, old) => messageItem(row, options, old),
      });
      if (stay) toEnd();
      else if (list.lastElementChild?.getAttribute("data-key") !== newest) newer.hidden = false;
    },
  };
}

/** @param {Message[]} messages @param {Map<string, { count: number, last: number, unread: boolean }>} replies */
function rowsOf(messages, replies) {
  const newestWhisper = messages.findLast((message) => message.whisper)?.id;
  return messages.map((message, index) => {
    const before = messages[index - 1];
    const newDay = before === undefined || dayOf(before.sentAt) !== dayOf(message.sentAt);
    const compact =
      !newDay &&
      before !== undefined &&
      before.author === message.author &&
      !before.deleted &&
      !message.whisper &&
      !before.whisper &&
      message.sentAt - before.sentAt < TOGETHER_MS;
    return {
      message,
      compact,
      day: newDay ? dayOf(message.sentAt) : null,
      folded: message.whisper === true && message.id !== newestWhisper,
      replies: replies.get(message.id) ?? null,
    };
  });
}
