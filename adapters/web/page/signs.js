import { h } from "./dom.js";

const SIGNS = { "🟢": "ready", "🟡": "at-risk", "🔴": "high-risk", "⚪": "not-answered", "✅": "recorded" };

/**
 * The five signs are drawn, so that they look the same on every machine (some have no colour emoji). The sign itself
 * stays in the text; its word always stands beside it.
 * @param {HTMLElement} root
 */
export function drawSigns(root) {
  const walker = document.createTreeWalker(root, NodeFilter.SHOW_TEXT);
  /** @type {Text[]} */
  const found = [];
  for (let node = walker.nextNode(); node !== null; node = walker.nextNode()) {
    if (/[🟢🟡🔴⚪✅]/u.test(node.textContent ?? "")) found.push(/** @type {Text} */ (node));
  }
  for (const text of found) {
    const parts = (text.textContent ?? "").split(/([🟢🟡🔴⚪✅])/u).filter((part) => part !== "");
    text.replaceWith(...parts.map((part) => (part in SIGNS ? sign(/** @type {keyof typeof SIGNS} */ (part)) : part)));
  }
}

/** @param {keyof typeof SIGNS} character */
export function sign(character) {
  return h("span", { class: `sign sign-${SIGNS[character]}`, "aria-hidden": "true" }, character);
}
