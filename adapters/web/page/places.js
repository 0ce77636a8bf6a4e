import { byId, h } from "./dom.js";

/**
 * The side: channels, the speaker's direct messages, and who speaks.
 * @param {{ channels: string[], channel: string, you: string, people: { user: string, name: string, part: string }[], unread: Set<string> }} state
 * @param {(channel: string) => void} onOpen
 */
export function drawPlaces({ channels, channel, you, unread }, onOpen) {
  const place = (/** @type {string} */ id, /** @type {string} */ label, /** @type {string} */ prefix) =>
    h(
      "li",
      {},
      h(
        "button",
        {
          type: "button",
          class: "place",
          "aria-current": id === channel ? "page" : undefined,
          onclick: () => onOpen(id),
          "data-channel": id,
        },
        h("span", { class: "place-sign", "aria-hidden": "true" }, prefix),
        h("span", { class: "place-name", dir: "auto" }, label),
        unread.has(id) && h("span", { class: "place-new" }, "new"),
      ),
    );
  byId("channels").replaceChildren(...channels.map((name) => place(name, name, "#")));
  byId("directs").replaceChildren(place(`@${you}`, "Messages from T-Minus", "✉"));
}

const PARTS = ["facilitator", "owner", "manager", "participant"];
const HEADINGS = { facilitator: "Facilitator", owner: "Owners", manager: "Managers", participant: "Others" };

/** @param {{ people: { user: string, name: string, part: string }[], you: string }} state */
export function drawSpeakers({ people, you }) {
  for (const id of ["speaker", "speaker-bar"]) {
    const select = /** @type {HTMLSelectElement} */ (byId(id));
    select.replaceChildren(
      ...PARTS.map((part) => {
        const group = h("optgroup", { label: HEADINGS[/** @type {keyof typeof HEADINGS} */ (part)] });
        for (const person of people.filter((one) => one.part === part))
          group.append(h("option", { value: person.user }, person.name));
        return group;
      }).filter((group) => group.childElementCount > 0),
    );
    select.value = you;
  }
}
