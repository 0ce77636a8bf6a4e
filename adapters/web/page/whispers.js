import { h } from "./dom.js";

/**
 * What only one person sees.
 *
 * @typedef {import("./messages.js").Message} Message
 * @typedef {import("./messages.js").MessageOptions} MessageOptions
 */

export function whisperHead(/** @type {Message} */ message, /** @type {MessageOptions} */ options) {
  return h(
    "p",
    { class: "head whisper-head" },
    h("strong", { class: "name" }, "T-Minus"),
    h("span", { class: "only-you" }, "Only you can see this"),
    message.about ? h("code", { class: "about" }, message.about) : null,
    h(
      "button",
      {
        class: "icon small",
        type: "button",
        "aria-label": "Close this private message",
        onclick: () => options.onDismiss(message),
      },
      "✕",
    ),
  );
}

/**
 * One that a newer one follows is a line, which opens: several of them would push the cards off a small screen. What
 * somebody has open, or is typing in, stays open.
 * @param {Message} message
 * @param {HTMLElement[]} shown
 * @param {HTMLElement | undefined} old
 */
export function foldedWhisper(message, shown, old) {
  const details = h("details", { class: "folded" }, h("summary", { dir: "auto" }, message.text), ...shown);
  const wasOpen = old?.querySelector("details.folded")?.hasAttribute("open") === true;
  const inUse = old?.querySelector(".card")?.contains(document.activeElement) === true;
  details.toggleAttribute("open", wasOpen || inUse);
  return details;
}
