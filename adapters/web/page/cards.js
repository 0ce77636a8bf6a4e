import { hostConfig } from "./host-config.js";

/* global AdaptiveCards */

const { AdaptiveCard, HostConfig, OpenUrlAction, SerializationContext, ToggleVisibilityAction, Versions } =
  AdaptiveCards;

// What the cards escape against markdown is shown as it was written; nothing in a card is markup here.
AdaptiveCard.onProcessMarkdown = (text, result) => {
  const shown = text.replace(/\\([\\`*_[\]~#>+\-.)])/g, "$1");
  result.outputHtml = shown.replace(/&/g, "&amp;").replace(/</g, "&lt;").replace(/>/g, "&gt;");
  result.didProcess = true;
};

/** Headings of cards stand one level under the heading of what they are in. */
const configs = { channel: configAt(2), thread: configAt(3) };

function configAt(/** @type {number} */ headingLevel) {
  return new HostConfig({ ...hostConfig, textBlock: { headingLevel } });
}

/**
 * Draws an Adaptive Card with Microsoft's renderer.
 * @param {object} json
 * @param {{ scope: string, inThread: boolean, onAction: (action: { verb?: string, data: object }) => void }} options `scope` keeps element ids of cards apart
 * @returns {HTMLElement | undefined} undefined where there is nothing to draw
 */
export function drawCard(json, { scope, inThread, onAction }) {
  const card = new AdaptiveCard();
  card.version = Versions.v1_5;
  card.hostConfig = inThread ? configs.thread : configs.channel;
  card.parse(scoped(json, scope), new SerializationContext(Versions.v1_5));
  card.onExecuteAction = (action) => {
    // Opens or closes a panel of the card; the renderer has done it.
    if (action instanceof ToggleVisibilityAction) return;
    if (action instanceof OpenUrlAction) {
      if (action.url) window.open(action.url, "_blank", "noopener,noreferrer");
      return;
    }
    const data = action.data ?? {};
    onAction({ ...(action.verb === undefined ? {} : { verb: action.verb }), data });
  };
  const element = card.render();
  if (!element) return undefined;
  for (const link of element.querySelectorAll("a")) {
    link.rel = "noopener noreferrer";
    // The renderer calls every link a button; to a reader it is a link.
    link.removeAttribute("role");
    link.removeAttribute("aria-label");
  }
  for (const run of element.querySelectorAll(".ac-textRun")) {
    if (/^[▰▱]+$/.test(run.textContent ?? "")) drawBar(/** @type {HTMLElement} */ (run));
  }
  for (const box of element.querySelectorAll("input[type=checkbox]")) {
    const input = /** @type {HTMLInputElement} */ (box);
    input.dataset.was = String(input.checked);
  }
  nameGroups(element);
  restyle(element);
  return element;
}

/** The renderer writes these styles on the elements themselves, where no stylesheet reaches them. */
function restyle(/** @type {HTMLElement} */ card) {
  const set = (/** @type {string} */ selector, /** @type {Partial<CSSStyleDeclaration>} */ style) => {
    for (const element of /** @type {NodeListOf<HTMLElement>} */ (card.querySelectorAll(selector)))
      Object.assign(element.style, style);
  };
  Object.assign(card.style, { padding: "0", outline: "none" });
  set(".ac-textBlock, .ac-richTextBlock", { whiteSpace: "pre-wrap" });
  set(".ac-pushButton > div", { overflow: "visible", whiteSpace: "normal" });
  set(".ac-actionSet", { flexWrap: "wrap" });
  set(".ac-choiceSetInput-multiSelect > div, .ac-choiceSetInput-expanded > div", {
    alignItems: "flex-start",
    padding: "4px 0",
  });
  set("input[type=checkbox]", { marginTop: "2px" });
}

/** A row of ▰ and ▱ as a bar; its figure stands beside it, so nothing is read out twice. */
function drawBar(/** @type {HTMLElement} */ run) {
  const signs = [...(run.textContent ?? "")];
  run.setAttribute("aria-hidden", "true");
  run.classList.add("bar-of");
  run.style.setProperty("--done", `${(100 * signs.filter((sign) => sign === "▰").length) / signs.length}%`);
}

/** What somebody ticked and where they are, carried over when the card is redrawn under their hands. */
export function carryOver(/** @type {HTMLElement} */ from, /** @type {HTMLElement} */ to) {
  for (const old of /** @type {NodeListOf<HTMLInputElement>} */ (from.querySelectorAll("input[type=checkbox]"))) {
    if (String(old.checked) === old.dataset.was) continue;
    const same = /** @type {NodeListOf<HTMLInputElement>} */ (to.querySelectorAll("input[type=checkbox]"));
    for (const box of same) if (box.name === old.name && box.value === old.value) box.checked = old.checked;
  }
  const focused = document.activeElement;
  if (!(focused instanceof HTMLElement) || !from.contains(focused)) return () => {};
  const named = focused.getAttribute("aria-label") ?? focused.textContent;
  const inputValue = focused instanceof HTMLInputElement ? `${focused.name}=${focused.value}` : undefined;
  return () => {
    for (const element of /** @type {NodeListOf<HTMLElement>} */ (to.querySelectorAll("button, input, a"))) {
      const same =
        inputValue === undefined
          ? (element.getAttribute("aria-label") ?? element.textContent) === named
          : element instanceof HTMLInputElement && `${element.name}=${element.value}` === inputValue;
      if (same) {
        element.focus({ preventScroll: true });
        return;
      }
    }
  };
}

/** Ids of panels are the card's own; on one page many cards stand together. */
function scoped(/** @type {unknown} */ value, /** @type {string} */ scope) {
  if (Array.isArray(value)) return value.map((item) => scoped(item, scope));
  if (typeof value !== "object" || value === null) return value;
  /** @type {Record<string, unknown>} */
  const copy = {};
  for (const [name, inner] of Object.entries(value)) {
    if (name === "id" && typeof inner === "string" && inner.startsWith("confirm-")) copy[name] = `${scope}-${inner}`;
    else if (name === "targetElements" && Array.isArray(inner))
      copy[name] = inner.map((target) => `${scope}-${target}`);
    else copy[name] = scoped(inner, scope);
  }
  return copy;
}

/** A set of ticks is a group with its label's name. */
function nameGroups(/** @type {HTMLElement} */ element) {
  for (const first of /** @type {NodeListOf<HTMLInputElement>} */ (element.querySelectorAll("input[type=checkbox]"))) {
    const group = first.closest(".ac-choiceSetInput-multiSelect, .ac-choiceSetInput-expanded");
    if (group === null || group.hasAttribute("role")) continue;
    group.setAttribute("role", "group");
    const label = group.parentElement?.querySelector("label, .ac-richTextBlock");
    if (label?.textContent) group.setAttribute("aria-label", label.textContent);
  }
}
