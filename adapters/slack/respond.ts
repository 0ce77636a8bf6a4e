import { OutcomeUnknownError, RetryLaterError } from "../../src/domain/errors.ts";
import { personId, type SessionId } from "../../src/domain/ids.ts";
import type { Form, Message } from "../../src/domain/message.ts";
import type { ChatAdapter, Outcome, Reply } from "../../src/domain/ports.ts";
import type { Api } from "./api.ts";
import type { Log } from "./config.ts";
import type { Delivery } from "./delivery.ts";
import { isRefusal } from "./errors.ts";
import { modalOf } from "./forms.ts";
import { tellingView } from "./home.ts";
import type { AfterAcknowledgement } from "./receiver.ts";
import { type Rendered, render } from "./render.ts";
import { wording } from "./wording.ts";

/** `session`: which one it is about, where that is known. */
type Parts = { api: Api; chat: ChatAdapter; log: Log; session?: SessionId | undefined };

/** What the acknowledgement carries, and what is done right after it. */
export function answer(
  delivery: Delivery,
  outcome: Outcome | undefined,
  after: AfterAcknowledgement,
  given: Parts,
): unknown {
  const reply = replyOf(delivery, outcome);
  if (reply === undefined) return undefined;
  const parts = { ...given, session: outcome?.kind === "committed" ? outcome.session : undefined };
  // A form that we don't know stays where the person looks, and tells what became of it.
  if (delivery.say !== undefined && delivery.answer === "view") {
    return { response_action: "update", view: tellingView(sentence(delivery.say), delivery.workspace, delivery.place) };
  }
  switch (reply.kind) {
    case "message":
      if (reply.ends && delivery.answer === "ephemeral" && delivery.inPrivate) {
        after(() => takePlace(delivery, reply.message, parts));
        return undefined;
      }
      return tell(delivery, reply.message, after, parts);
    case "form":
      return ask(delivery, reply.form, after, parts);
    case "errors":
      return fieldErrors(delivery, reply.errors, after, parts);
    case "file":
      after(() => sendFile(delivery, reply, parts));
      return tell(delivery, reply.message, after, parts);
  }
}

function replyOf(delivery: Delivery, outcome: Outcome | undefined): Reply | undefined {
  if (delivery.say !== undefined) return { kind: "message", message: sentence(delivery.say) };
  if (outcome === undefined || outcome.kind === "duplicate" || outcome.kind === "lost_claim") return undefined;
  return outcome.reply;
}

export function sentence(text: string): Message {
  return { summary: text, blocks: [{ kind: "text", text: [text] }] };
}

function tell(delivery: Delivery, message: Message, after: AfterAcknowledgement, parts: Parts): unknown {
  const { workspace } = delivery;
  switch (delivery.answer) {
    case "acknowledgement": {
      const [first, ...more] = render(message, workspace);
      for (const part of more) after(() => respondLater(delivery, part));
      return { response_type: "ephemeral", text: first.text, blocks: first.blocks };
    }
    case "afterwards":
      after(() => tellAfterwards(delivery, message, parts));
      return undefined;
    case "modal":
      after(() => openTelling(delivery, message, parts));
      return undefined;
    case "ephemeral":
    case "view":
    case "none":
      after(() => whisper(delivery, message, parts));
      return undefined;
  }
}

function idOf({ workspace, user }: Delivery): string {
  return personId({ platform: "slack", workspace, user: user ?? "" });
}

/** Private, where it happened: as an ephemeral message, or by the request's own address where we are no member. */
async function whisper(delivery: Delivery, message: Message, { chat, log, session }: Parts): Promise<void> {
  const { workspace, user, place, inbound } = delivery;
  if (user === undefined || user === "") return;
  const channel = place?.channel ?? `@${user}`;
  const address =
    inbound.kind === "ignored"
      ? { platform: "slack" as const, workspace, channel, ...(place?.thread ? { thread: place.thread } : {}) }
      : inbound.address;
  try {
    await chat.whisper(address, idOf(delivery), message, session);
  } catch (err) {
    if (delivery.responseUrl === undefined) throw err;
    log.debug({ err }, "Answering by the request's own address");
    for (const part of render(message, workspace)) await respondLater(delivery, part);
  }
}

/** A command is answered by its own address, which also works where we are no member; else as an ephemeral message. */
async function tellAfterwards(delivery: Delivery, message: Message, parts: Parts): Promise<void> {
  if (delivery.responseUrl === undefined) return whisper(delivery, message, parts);
  try {
    for (const part of render(message, delivery.workspace)) await respondLater(delivery, part);
  } catch (err) {
    parts.log.debug({ err }, "The response address is of no use any more");
    const { responseUrl: _useless, ...rest } = delivery;
    await whisper(rest, message, parts);
  }
}

/** An offer that was taken has no live buttons any more: its outcome stands where it stood, or below it. */
async function takePlace(delivery: Delivery, message: Message, parts: Parts): Promise<void> {
  if (delivery.responseUrl === undefined) return whisper(delivery, message, parts);
  const [first, ...more] = render(message, delivery.workspace);
  try {
    await respondLater(delivery, first, true);
    for (const part of more) await respondLater(delivery, part);
  } catch (err) {
    parts.log.debug({ err }, "An offer could not be replaced by its outcome");
    const { responseUrl: _useless, ...rest } = delivery;
    await whisper(rest, message, parts);
  }
}

/**
 * Slack's `response_url`: good for five answers in half an hour, also where the app is no member. `replace`: in place of
 * the message whose button was tapped.
 */
async function respondLater({ responseUrl }: Delivery, { text, blocks }: Rendered, replace = false): Promise<void> {
  if (responseUrl === undefined) return;
  const response = await fetch(responseUrl, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ response_type: "ephemeral", replace_original: replace, text, blocks }),
    signal: AbortSignal.timeout(10_000),
  });
  if (!response.ok) throw new Error(`Slack answered the response address with ${response.status}`);
}

function ask(delivery: Delivery, form: Form, after: AfterAcknowledgement, parts: Parts): unknown {
  const view = modalOf(form, delivery.place ?? placeOf(delivery), delivery.workspace);
  if (delivery.answer === "view") return { response_action: "update", view };
  const button: Message = {
    summary: wording.formTooLate(form.title),
    blocks: [
      { kind: "text", text: [wording.formTooLate(form.title)] },
      { kind: "buttons", buttons: [{ action: form.id, label: wording.openForm, value: form.context, opens: true }] },
    ],
  };
  const refused = sentence(wording.formRefused(form.title));
  after(() => shown(delivery, opening(delivery, view, parts), { late: button, refused }, parts));
  return undefined;
}

function placeOf({ inbound }: Delivery): { channel?: string; thread?: string } {
  if (inbound.kind === "ignored") return {};
  const { channel, thread } = inbound.address;
  return { channel, ...(thread === undefined ? {} : { thread }) };
}

type View = ReturnType<typeof modalOf>;
type Opening = (() => Promise<unknown>) | undefined;

/** Over the modal whose button was tapped, or where there is none; Slack opens no second one beside it. */
function opening({ triggerId: trigger_id, workspace, view: from }: Delivery, view: View, { api }: Parts): Opening {
  if (trigger_id === undefined) return undefined;
  if (from?.type !== "modal") {
    return () => api.call(workspace, "views.open", undefined, (client) => client.views.open({ trigger_id, view }));
  }
  return () => api.call(workspace, "views.push", undefined, (client) => client.views.push({ trigger_id, view }));
}

/** A private answer as a modal: in place of the one whose button was tapped, if that still is what it was. */
function openTelling(delivery: Delivery, message: Message, parts: Parts): Promise<void> {
  const { workspace, view: from } = delivery;
  const view = tellingView(message, workspace, delivery.place);
  const instead = { late: message, refused: message };
  if (from?.type !== "modal") return shown(delivery, opening(delivery, view, parts), instead, parts);
  const which = { view_id: from.id, ...(from.hash === undefined ? {} : { hash: from.hash }) };
  const update: Opening = () =>
    parts.api.call(workspace, "views.update", undefined, (client) => client.views.update({ ...which, view }));
  return shown(delivery, update, instead, parts);
}

/** A trigger that was held for longer than three seconds or is used up; a modal that was closed or is another by now. */
const TOO_LATE = ["expired_trigger_id", "exchanged_trigger_id", "invalid_trigger_id", "hash_conflict", "not_found"];

/** What can't be shown in time is said instead (a form as a button). What Slack refuses as it is, it would refuse again. */
async function shown(
  delivery: Delivery,
  open: Opening,
  instead: { late: Message; refused: Message },
  parts: Parts,
): Promise<void> {
  if (open === undefined) return whisper(delivery, instead.late, parts);
  try {
    await open();
  } catch (err) {
    const late = err instanceof RetryLaterError || err instanceof OutcomeUnknownError || isRefusal(err, ...TOO_LATE);
    if (late) parts.log.info({ err }, "A form could not be opened in time");
    else parts.log.error({ err }, "Slack refused a form");
    await whisper(delivery, late ? instead.late : instead.refused, parts);
  }
}

/** Inside the modal, at their fields; Slack takes only names of fields that the view has. */
function fieldErrors(
  delivery: Delivery,
  errors: Record<string, string>,
  after: AfterAcknowledgement,
  parts: Parts,
): unknown {
  if (delivery.answer !== "view") {
    return tell(delivery, sentence(Object.values(errors).join(" ")), after, parts);
  }
  const [firstField] = delivery.fields ?? [];
  const placed: Record<string, string> = {};
  for (const [field, text] of Object.entries(errors)) {
    const at = delivery.fields?.includes(field) === true ? field : firstField;
    if (at !== undefined) placed[at] = placed[at] === undefined ? text : `${placed[at]} ${text}`;
  }
  return { response_action: "errors", errors: placed };
}

/** Exports go to the direct message. */
async function sendFile(delivery: Delivery, file: Extract<Reply, { kind: "file" }>, { chat }: Parts): Promise<void> {
  const { workspace, user } = delivery;
  if (user === undefined) return;
  const content = new TextEncoder().encode(file.content);
  const { name, mediaType, message } = file;
  await chat.sendFile(
    { platform: "slack", workspace, channel: `@${user}` },
    { name, mediaType, content, comment: message.summary },
  );
}
