import { createHash } from "node:crypto";
import { identityOf, type PersonId } from "../../src/domain/ids.ts";
import type { Ignored, Inbound, Unfit } from "../../src/domain/inbound.ts";
import type { FieldValues } from "../../src/domain/message.ts";
import { readAction } from "../cards/read.ts";
import { readSubmission, SUBMIT_FORM } from "./dialogs.ts";
import { actorOf, type ParseContext, placeOf, shapeOf, tenantOf } from "./origin.ts";
import { ignored } from "./parse-message.ts";
import { type ActivityOf, CardActionValue, TaskValue } from "./schema.ts";
import { unfitOf } from "./text.ts";

/** Invokes come again with new ids and timestamps when an answer was late: the same tap within this time is one tap. */
const REDELIVERY = 60_000;

/** A tap on a card, or a dialog asked for or sent. */
export function invoke(activity: ActivityOf<"invoke">, context: ParseContext): Inbound | Ignored {
  switch (activity.name) {
    case "adaptiveCard/action": {
      const parsed = CardActionValue.safeParse(activity.value);
      if (!parsed.success) return ignored("a card action that can't be read");
      if (parsed.data.trigger === "automatic") return ignored("a client refreshed a card by itself");
      const { verb, data } = parsed.data.action;
      if (verb === SUBMIT_FORM) return filledIn(activity, data, context);
      return withBox(pressed(activity, data, verb ?? undefined, context));
    }
    case "task/fetch": {
      const parsed = TaskValue.safeParse(activity.value);
      if (!parsed.success) return ignored("a dialog request that can't be read");
      const inbound = pressed(activity, parsed.data.data, undefined, context);
      if (inbound.kind !== "action") return inbound;
      const asks: Inbound = { ...inbound, form: "possible" };
      // Nothing was typed: asking for a form changes nothing, and a repeat (the program died before it answered) gets
      // the form as well.
      if (!isBlank(inbound.inputs)) return asks;
      return { ...asks, receipts: [`teams:open:${inbound.address.channel}:${activity.id ?? ""}:${context.now}`] };
    }
    case "task/submit": {
      const parsed = TaskValue.safeParse(activity.value);
      return parsed.success
        ? filledIn(activity, parsed.data.data, context)
        : ignored("a submitted dialog that can't be read");
    }
    default:
      return ignored(`an invoke "${activity.name ?? ""}"`);
  }
}

function isBlank(inputs: FieldValues): boolean {
  return Object.values(inputs).every((value) => value === null || value === "");
}

export function submitted(activity: ActivityOf<"message">, context: ParseContext): Inbound | Ignored {
  const asForm = filledIn(activity, activity.value, context);
  return asForm.kind === "form" ? asForm : withBox(pressed(activity, activity.value, undefined, context));
}

/** What opens no dialog stands beside its answer box ("Send answer"); a client may leave out a box that is empty. */
function withBox(inbound: Inbound | Ignored): Inbound | Ignored {
  if (inbound.kind !== "action" || inbound.action !== "answer") return inbound;
  return { ...inbound, inputs: { answer: null, ...inbound.inputs } };
}

/** A submitted form, from a dialog or from inside a message. */
function filledIn(
  activity: ActivityOf<"invoke"> | ActivityOf<"message">,
  data: unknown,
  context: ParseContext,
): Inbound | Ignored {
  const submission = readSubmission(data, tenantOf(activity), (id) => context.person(id).user);
  if (submission === undefined) return ignored("a submitted form that isn't ours");
  const { address, type } = placeOf(activity);
  const actor = actorOf(activity, context);
  const { form, context: about, values } = submission;
  return {
    kind: "form",
    receipts: windowed(`teams:form:${address.channel}:${actor.user}:${form}:${digest([about, values])}`, context.now),
    actor,
    address,
    ...shapeOf(type),
    form,
    context: about,
    values,
    ...pickedPeople(submission.people, context),
  };
}

/** What the people picked in a form are called, and who can take no part, as far as their members' lists told. */
function pickedPeople(
  people: PersonId[],
  context: ParseContext,
): { names?: Record<PersonId, string>; unfit?: Record<PersonId, Unfit> } {
  const names: Record<PersonId, string> = {};
  const unfit: Record<PersonId, Unfit> = {};
  for (const person of people) {
    const { user } = identityOf(person);
    const { name, outsider } = context.person(user);
    const { unfit: why } = unfitOf(user, outsider);
    if (name) names[person] = name;
    if (why !== undefined) unfit[person] = why;
  }
  return {
    ...(Object.keys(names).length === 0 ? {} : { names }),
    ...(Object.keys(unfit).length === 0 ? {} : { unfit }),
  };
}

function pressed(
  activity: ActivityOf<"invoke"> | ActivityOf<"message">,
  data: unknown,
  verb: string | undefined,
  context: ParseContext,
): Inbound | Ignored {
  const button = readAction(data, verb);
  if (button === undefined) return ignored("a button that isn't ours");
  const { address, type } = placeOf(activity);
  const actor = actorOf(activity, context);
  const card = activity.replyToId ?? "";
  const meaning = digest([button.action, button.value, button.inputs]);
  return {
    kind: "action",
    receipts: windowed(`teams:action:${address.channel}:${card}:${actor.user}:${meaning}`, context.now),
    actor,
    address,
    ...shapeOf(type),
    action: button.action,
    value: button.value,
    inputs: button.inputs,
    ...(card === "" ? {} : { messageId: card }),
  };
}

/**
 * Keys of a tap's meaning: of this window and the next, so that a redelivery on either side of a boundary is known,
 * and "Why?" may still be asked again a little later.
 */
function windowed(meaning: string, now: number): string[] {
  const window = Math.floor(now / REDELIVERY);
  return [`${meaning}:${window}`, `${meaning}:${window + 1}`];
}

function digest(value: unknown): string {
  return createHash("sha256").update(stable(value)).digest("base64url").slice(0, 22);
}

/** JSON with sorted keys: a client may reorder what it sends back. */
function stable(value: unknown): string {
  return JSON.stringify(value, (_key, part: unknown) =>
    typeof part === "object" && part !== null && !Array.isArray(part)
      ? Object.fromEntries(Object.entries(part).sort(([a], [b]) => (a < b ? -1 : 1)))
      : part,
  );
}
