import { z } from "zod";
import { identityOf, type PersonId } from "../../src/domain/ids.ts";
import { type ActionValue, type Field, type FieldValues, FORM_IDS, type Form } from "../../src/domain/message.ts";
import type { AdaptiveCard } from "../cards/elements.ts";
import { toFormCard } from "../cards/form-card.ts";
import { readForm } from "../cards/read.ts";
import { clip, TEAMS_LIMITS } from "./limits.ts";
import { idOf } from "./people.ts";

/**
 * Dialogs (Teams calls them task modules) and forms inside messages. A form travels with its card and comes back with
 * the submission, so that a wrong one can be shown again, also after a restart: nothing about dialogs is kept here.
 */

const Inline = z.union([
  z.string(),
  z.object({ strong: z.string() }),
  z.object({ soft: z.string() }),
  z.object({ code: z.string() }),
  z.object({ quote: z.string() }),
  z.object({ link: z.string(), url: z.string() }),
  z
    .object({ person: z.string(), name: z.string(), ping: z.boolean().optional() })
    .transform(({ person, name }) => ({ person, name })),
  z
    .object({ time: z.string(), show: z.enum(["day", "time"]).optional(), fallback: z.string() })
    .transform(({ time, show, fallback }) => ({ time, fallback, ...(show === undefined ? {} : { show }) })),
]);

const Option = z.object({ value: z.string(), label: z.string() });
const Base = z.object({
  name: z.string(),
  label: z.string(),
  hint: z.string().optional(),
  required: z.boolean().optional(),
});
const FieldSchema = z.discriminatedUnion("type", [
  Base.extend({
    type: z.literal("text"),
    value: z.string().optional(),
    multiline: z.boolean().optional(),
    max: z.number().optional(),
  }),
  Base.extend({ type: z.literal("date"), value: z.string().optional() }),
  Base.extend({ type: z.literal("time"), value: z.string().optional() }),
  Base.extend({ type: z.literal("choice"), value: z.string().optional(), options: z.array(Option) }),
  Base.extend({ type: z.literal("choices"), values: z.array(z.string()), options: z.array(Option) }),
  Base.extend({ type: z.literal("person"), value: z.string().optional() }),
  Base.extend({ type: z.literal("people"), values: z.array(z.string()) }),
]);

const FormSchema = z.object({
  id: z.enum(FORM_IDS),
  title: z.string(),
  intro: z.array(Inline).optional(),
  submit: z.string(),
  fields: z.array(FieldSchema),
  context: z.object({
    session: z.string().optional(),
    question: z.string().optional(),
    module: z.string().optional(),
    version: z.number().optional(),
    arg: z.string().optional(),
  }),
});

/** The form that a card carries (`shown`), or that a "More…" button opens (`opens`). It is the client's word: parsed. */
const Carried = z.object({ shown: z.unknown().optional(), opens: z.unknown().optional() });

export type NameOf = (user: string) => string | undefined;

/** The answer to `task/fetch`, and to a submission that has to be corrected. */
export function dialogOf(form: Form, nameOf: NameOf, errors?: Record<string, string>): object {
  return {
    task: {
      type: "continue",
      value: {
        title: clip(form.title, TEAMS_LIMITS.dialogTitle),
        height: form.fields.length > 4 ? "large" : "medium",
        width: "medium",
        card: { contentType: ADAPTIVE, content: formCard(form, nameOf, errors) },
      },
    },
  };
}

export const ADAPTIVE = "application/vnd.microsoft.card.adaptive";

/** A form as a card that carries itself. People are picked by their directory ids; known names stand already there. */
export function formCard(form: Form, nameOf: NameOf, errors?: Record<string, string>): AdaptiveCard {
  const known = new Map<string, string>();
  const fields = form.fields.map((field): Field => {
    if (field.type === "person") {
      const user = field.value === undefined ? undefined : userOf(field.value);
      if (user !== undefined) known.set(user, nameOf(user) ?? user);
      const { value: _, ...rest } = field;
      return { ...rest, ...(user === undefined ? {} : { value: user }) };
    }
    if (field.type === "people") {
      const users = field.values.flatMap((person) => userOf(person) ?? []);
      for (const user of users) known.set(user, nameOf(user) ?? user);
      return { ...field, values: users };
    }
    return field;
  });
  const card = toFormCard(
    { ...form, fields },
    {
      people: [...known].map(([value, name]) => ({ value, name })),
      searchPeople: true,
      ...(errors === undefined ? {} : { errors: withStray(errors, form) }),
    },
  );
  return {
    ...card,
    actions: (card.actions ?? []).map((action) =>
      action.type === "Action.Submit" ? { ...action, data: { ...action.data, shown: form } } : action,
    ),
  };
}

/** An error that belongs to no field is told at the first one. */
function withStray(errors: Record<string, string>, form: Form): Record<string, string> {
  const names = new Set(form.fields.map(({ name }) => name));
  const stray = Object.entries(errors).flatMap(([name, text]) => (names.has(name) ? [] : [text]));
  const first = form.fields[0]?.name;
  if (stray.length === 0 || first === undefined) return errors;
  return { ...errors, [first]: [errors[first], ...stray].filter((text) => text !== undefined).join(" ") };
}

/**
 * A form inside a message, for a command that needs more: its required fields, a button that submits it, and one that
 * opens all of it as a dialog, since Teams opens dialogs only from a card's button.
 */
export function formMessageCard(form: Form, nameOf: NameOf, errors?: Record<string, string>): AdaptiveCard {
  const required = form.fields.filter((field) => field.required);
  const short = required.length > 0 && required.length < form.fields.length ? { ...form, fields: required } : form;
  const card = formCard(short, nameOf, errors);
  const [submit] = card.actions ?? [];
  return {
    ...card,
    actions: [
      ...(submit?.type === "Action.Submit"
        ? [
            {
              type: "Action.Execute" as const,
              title: submit.title,
              style: "positive" as const,
              verb: SUBMIT_FORM,
              data: { ...submit.data, shown: form },
              fallback: { ...submit, data: { ...submit.data, shown: form } },
            },
          ]
        : []),
      ...(short === form
        ? []
        : [{ type: "Action.Submit" as const, title: "More…", data: { msteams: { type: "task/fetch" }, opens: form } }]),
    ],
  };
}

/** Verb of a form that is submitted from inside a message. */
export const SUBMIT_FORM = "submit_form";

/** The form that a "More…" button opens, with what was already typed on the card. */
export function openedForm(data: unknown): Form | undefined {
  const carried = Carried.safeParse(data);
  const form = FormSchema.safeParse(carried.success ? carried.data.opens : undefined);
  if (!form.success) return undefined;
  const typed = z.record(z.string(), z.unknown()).catch({}).parse(data);
  return toForm(form.data, (field) => {
    const value = typed[field.name];
    return typeof value === "string" && value !== "" ? value : undefined;
  });
}

export type Submission = {
  form: Form["id"];
  context: ActionValue;
  values: FieldValues;
  /** Who was picked in it. */
  people: PersonId[];
  shown: Form | undefined;
};

/** A submitted form. People come back as person ids, whatever the picker gave. */
export function readSubmission(
  data: unknown,
  tenant: string,
  userOfId: (id: string) => string,
): Submission | undefined {
  const read = readForm(data);
  if (read === undefined) return undefined;
  const carried = Carried.safeParse(data);
  const parsed = FormSchema.safeParse(carried.success ? carried.data.shown : undefined);
  const shown = parsed.success ? toForm(parsed.data, (field) => text(read.values[field.name])) : undefined;
  const person = (id: string) => (id.startsWith("teams:") || id.includes(":web:") ? id : idOf(tenant, userOfId(id)));
  const values: FieldValues = { ...read.values };
  const people: PersonId[] = [];
  for (const field of shown?.fields ?? []) {
    const value = values[field.name];
    if (field.type === "person" && typeof value === "string") {
      const picked = person(value);
      people.push(picked);
      values[field.name] = picked;
    }
    if (field.type === "people" && Array.isArray(value)) {
      const picked = value.map(person);
      people.push(...picked);
      values[field.name] = picked;
    }
  }
  return { ...read, values, people, shown };
}

/** The Teams users picked in a submitted form, as the client sent them. */
export function pickedIn(data: unknown, tenant: string): string[] {
  if (data === undefined) return [];
  const people = readSubmission(data, tenant, (id) => id)?.people ?? [];
  return people.flatMap((person) => userOf(person) ?? []);
}

function text(value: FieldValues[string] | undefined): string | undefined {
  return Array.isArray(value) ? value.join(",") : (value ?? undefined);
}

/** Fields with what was typed; the lists of the form's own values stay where nothing was. */
function toForm(form: z.infer<typeof FormSchema>, typed: (field: { name: string }) => string | undefined): Form {
  const { intro, fields, context, ...rest } = form;
  return {
    ...rest,
    context: clean(context),
    ...(intro === undefined ? {} : { intro }),
    fields: fields.map((field): Field => {
      const value = typed(field);
      const base = {
        name: field.name,
        label: field.label,
        ...(field.hint === undefined ? {} : { hint: field.hint }),
        ...(field.required === undefined ? {} : { required: field.required }),
      };
      if (field.type === "choices") {
        return { ...base, type: field.type, options: field.options, values: value?.split(",") ?? field.values };
      }
      if (field.type === "people") return { ...base, type: field.type, values: value?.split(",") ?? field.values };
      const now = value ?? field.value;
      const current = now === undefined ? {} : { value: now };
      if (field.type === "choice") return { ...base, type: field.type, options: field.options, ...current };
      if (field.type !== "text") return { ...base, type: field.type, ...current };
      return {
        ...base,
        type: field.type,
        ...current,
        ...(field.multiline === undefined ? {} : { multiline: field.multiline }),
        ...(field.max === undefined ? {} : { max: field.max }),
      };
    }),
  };
}

function clean(context: z.infer<typeof FormSchema>["context"]): ActionValue {
  const { session, question, module, version, arg } = context;
  return {
    ...(session === undefined ? {} : { session }),
    ...(question === undefined ? {} : { question }),
    ...(module === undefined ? {} : { module }),
    ...(version === undefined ? {} : { version }),
    ...(arg === undefined ? {} : { arg }),
  };
}

/** Person ids of this platform become its users; a bare id from the picker stays; others can't be picked here. */
function userOf(person: string): string | undefined {
  if (!/^(?:slack|teams|web):/.test(person)) return person;
  const { platform, user } = identityOf(person);
  return platform === "teams" ? user : undefined;
}
