/**
 * Makes an element. Strings become text, never markup; `null` and `false` children are left out.
 * @param {string} tag
 * @param {Record<string, unknown>} [attributes] `class`, `on…` handlers, `data-…`, properties or attributes
 * @param {...(Node | string | null | false | undefined)} children
 * @returns {HTMLElement}
 */
export function h(tag, attributes = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (value === undefined || value === null || value === false) continue;
    if (name.startsWith("on") && typeof value === "function") {
      element.addEventListener(name.slice(2), /** @type {EventListener} */ (value));
    } else if (value === true) element.setAttribute(name, "");
    else element.setAttribute(name, String(value));
  }
  for (const child of children) if (child) element.append(child);
  return element;
}

/** @param {string} id @returns {HTMLElement} */
export function byId(id) {
  const found = document.getElementById(id);
  if (found === null) throw new Error(`The page has no element "${id}".`);
  return found;
}

let counter = 0;
/** @param {string} prefix */
export function freshId(prefix) {
  counter += 1;
  return `${prefix}-${counter}`;
}

/** A name of our own for one act, so that sending it twice does it once. */
export function freshKey() {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
}

/**
 * Puts the items in place, keeping the elements that haven't changed (and whatever the reader does in them).
 * @template T
 * @param {HTMLElement} list
 * @param {T[]} items
 * @param {{ keyOf: (item: T) => string, versionOf: (item: T) => string, make: (item: T, old: HTMLElement | undefined) => HTMLElement }} how
 */
export function reconcile(list, items, { keyOf, versionOf, make }) {
  const old = new Map();
  for (const element of /** @type {HTMLElement[]} */ ([...list.children])) old.set(element.dataset.key, element);
  let place = list.firstElementChild;
  for (const item of items) {
    const key = keyOf(item);
    const version = versionOf(item);
    let element = old.get(key);
    old.delete(key);
    if (element === undefined || element.dataset.version !== version) {
      const made = make(item, element);
      made.dataset.key = key;
      made.dataset.version = version;
      if (element !== undefined) {
        if (place === element) place = made;
        element.replaceWith(made);
      }
      element = made;
    }
    if (element === place) place = place?.nextElementSibling ?? null;
    else list.insertBefore(element, place);
  }
  for (const element of old.values()) element.remove();
}
