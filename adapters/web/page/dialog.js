import { freshId, h } from "./dom.js";

/** What was typed in a form that was closed without sending; it is there again when the form is opened again. */
const drafts = new Map();

/**
 * Opens a form as a dialog. Escape and Cancel close it; its words are kept until it was sent.
 * @param {{ id: string, title: string, intro?: any[], submit: string, fields: any[], context: object }} form
 * @param {{ people: { id: string, name: string }[], onSubmit: (values: Record<string, string | string[]>) => Promise<void> }} options
 */
export function openForm(form, { people, onSubmit }) {
  const draftKey = `${form.id} ${JSON.stringify(form.context)}`;
  const draft = drafts.get(draftKey) ?? {};
  const titleId = freshId("form-title");
  const problem = h("p", { class: "problem", role: "alert" });
  const fields = form.fields.map((field) => fieldFor(field, draft[field.name], people));
  const submit = h("button", { class: "primary", type: "submit" }, form.submit);
  const returnTo = document.activeElement;
  const dialog = /** @type {HTMLDialogElement} */ (
    h(
      "dialog",
      { class: "form", "aria-labelledby": titleId },
      h(
        "form",
        { method: "dialog", novalidate: true },
        h(
          "header",
          { class: "form-head" },
          h("h2", { id: titleId, dir: "auto" }, form.title),
          h("button", { class: "icon", type: "button", "aria-label": "Close", onclick: () => dialog.close() }, "✕"),
        ),
        h(
          "div",
          { class: "form-body" },
          form.intro === undefined
            ? null
            : h("p", { class: "form-intro", dir: "auto" }, form.intro.map(inlineText).join("")),
          ...fields.map((field) => field.element),
        ),
        problem,
        h(
          "footer",
          { class: "form-foot" },
          h("button", { type: "button", onclick: () => dialog.close() }, "Cancel"),
          submit,
        ),
      ),
    )
  );

  const values = () => Object.fromEntries(fields.map((field) => [field.name, field.value()]));
  dialog.addEventListener("close", () => {
    if (dialog.returnValue !== "sent") drafts.set(draftKey, values());
    dialog.remove();
    if (returnTo instanceof HTMLElement && returnTo.isConnected) returnTo.focus({ preventScroll: true });
  });
  let sending = false;
  dialog.addEventListener("submit", async (event) => {
    event.preventDefault();
    if (sending) return;
    problem.textContent = "";
    const missing = fields.filter((field) => field.missing());
    for (const field of fields) field.say(field.missing() ? field.needed : "");
    if (missing[0] !== undefined) return missing[0].focus();
    sending = true;
    submit.setAttribute("aria-disabled", "true");
    try {
      await onSubmit(values());
      drafts.delete(draftKey);
      dialog.close("sent");
    } catch (error) {
      const errors = error instanceof Error && "fields" in error ? error.fields : undefined;
      const known =
        errors === undefined || errors === null
          ? []
          : fields.filter((field) => field.name in /** @type {object} */ (errors));
      for (const field of known) field.say(/** @type {Record<string, string>} */ (errors)[field.name] ?? "");
      if (known[0] !== undefined) known[0].focus();
      else {
        const sentences = errors ? Object.values(/** @type {Record<string, string>} */ (errors)) : [];
        problem.textContent = sentences.join(" ") || (error instanceof Error ? error.message : String(error));
      }
    } finally {
      sending = false;
      submit.removeAttribute("aria-disabled");
    }
  });
  dialog.addEventListener("click", (event) => {
    if (event.target === dialog) dialog.close();
  });
  document.body.append(dialog);
  dialog.showModal();
  fields[0]?.focus();
}

/** @param {any} inline */
function inlineText(inline) {
  if (typeof inline === "string") return inline;
  return (
    inline.strong ?? inline.soft ?? inline.code ?? inline.quote ?? inline.link ?? inline.name ?? inline.fallback ?? ""
  );
}

/** @param {any} field @param {string | string[] | undefined} drafted @param {{ id: string, name: string }[]} people */
function fieldFor(field, drafted, people) {
  const id = freshId("field");
  const hintId = `${id}-hint`;
  const errorId = `${id}-error`;
  const error = h("p", { class: "field-error", id: errorId });
  const hint = field.hint ? h("p", { class: "field-hint", id: hintId }, field.hint) : null;
  const described = [hint ? hintId : "", errorId].filter(Boolean).join(" ");
  const { label } = field;
  const options =
    field.type === "person" || field.type === "people"
      ? people.map((one) => ({ value: one.id, label: one.name }))
      : (field.options ?? []);
  const start =
    drafted ?? field.values ?? field.value ?? (field.type === "choices" || field.type === "people" ? [] : "");
  const base = { name: field.name, needed: /[?]$/.test(field.label) ? "This is needed." : `${field.label} is needed.` };
  const say = (/** @type {HTMLElement} */ control) => (/** @type {string} */ text) => {
    error.textContent = text;
    if (text === "") control.removeAttribute("aria-invalid");
    else control.setAttribute("aria-invalid", "true");
  };
  const optional = field.required ? null : h("span", { class: "optional" }, " optional");

  if (field.type === "choices" || field.type === "people" || (field.type === "choice" && options.length <= 5)) {
    const type = field.type === "choice" ? "radio" : "checkbox";
    const chosen = Array.isArray(start) ? start : [start];
    const inputs = options.map((/** @type {{ value: string, label: string }} */ option) => {
      const input = /** @type {HTMLInputElement} */ (h("input", { type, name: id, value: option.value }));
      input.checked = chosen.includes(option.value);
      return input;
    });
    const group = h(
      "fieldset",
      { class: "field", "aria-describedby": described },
      h("legend", {}, label, optional),
      hint,
      h(
        "div",
        { class: "options" },
        ...inputs.map((/** @type {HTMLElement} */ input, /** @type {number} */ index) =>
          h("label", { class: "option", dir: "auto" }, input, options[index].label),
        ),
      ),
      error,
    );
    const picked = () =>
      inputs
        .filter((/** @type {HTMLInputElement} */ input) => input.checked)
        .map((/** @type {HTMLInputElement} */ input) => input.value);
    return {
      ...base,
      element: group,
      say: say(group),
      focus: () => inputs[0]?.focus(),
      value: () => (type === "radio" ? (picked()[0] ?? "") : picked()),
      missing: () => Boolean(field.required) && picked().length === 0,
    };
  }

  const control = /** @type {HTMLInputElement} */ (controlFor(field, options));
  control.id = id;
  control.setAttribute("aria-describedby", described);
  if (field.required) control.setAttribute("aria-required", "true");
  if (field.max) control.maxLength = field.max;
  control.value = Array.isArray(start) ? "" : start;
  return {
    ...base,
    element: h("div", { class: "field" }, h("label", { for: id }, label, optional), hint, control, error),
    say: say(control),
    focus: () => control.focus(),
    value: () => control.value,
    missing: () => Boolean(field.required) && control.value.trim() === "",
  };
}

/** @param {any} field @param {{ value: string, label: string }[]} options */
function controlFor(field, options) {
  if (field.type === "choice" || field.type === "person") {
    const nobody = field.type === "person" ? "Nobody yet" : "Choose one";
    return h(
      "select",
      {},
      h("option", { value: "" }, nobody),
      ...options.map((option) => h("option", { value: option.value }, option.label)),
    );
  }
  if (field.type === "text" && field.multiline) return h("textarea", { rows: "4", dir: "auto" });
  return h("input", {
    type: field.type === "text" ? "text" : field.type,
    dir: field.type === "text" ? "auto" : undefined,
    autocomplete: "off",
  });
}
