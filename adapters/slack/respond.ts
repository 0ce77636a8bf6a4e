import { personId } from "../../src/domain/ids.ts";
import type { Form, Message } from "../../src/domain/message.ts";
import type { ChatAdapter, Outcome, Reply } from "../../src/domain/ports.ts";
import type { Api } from "./api.ts";
import type { Log } from "./config.ts";
import type { Delivery } from "./delivery.ts";
import { modalOf } from "./forms.ts";
import { tellingView } from "./home.ts";
import type { AfterAcknowledgement } from "./receiver.ts";
import { type Rendered, render } from "./render.ts";
import { wording } from "./wording.ts";

type Parts = { api: Api; chat: ChatAdapter; log: Log };

/** What the acknowledgement carries, and what is done right after it. */
export function answer(
  delivery: Delivery,
  outcome: Outcome | undefined,
  after: AfterAcknowledgement,
  parts: Parts,
): unknown {
  const reply = replyOf(delivery, outcome);
  if (reply === undefined) return undefined;
  switch (reply.kind) {
    case "message":
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
  const { workspace, user } = delivery;
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
      after(() => openView(delivery, tellingView(message, workspace, delivery.place), message, parts));
      return undefined;
    case "home":
      if (user !== undefined) after(async () => parts.chat.home?.(idOf(delivery), message));
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
async function whisper(delivery: Delivery, message: Message, { chat, log }: Parts): Promise<void> {
  const { workspace, user, place, inbound } = delivery;
  if (user === undefined || user === "") return;
  const channel = place?.channel ?? `@${user}`;
  const address =
    inbound.kind === "ignored"
      ? { platform: "slack" as const, workspace, channel, ...(place?.thread ? { thread: place.thread } : {}) }
      : inbound.address;
  try {
    await chat.whisper(address, idOf(delivery), message);
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

/** Slack's `response_url`: good for five answers in half an hour, also where the app is no member. */
async function respondLater({ responseUrl }: Delivery, { text, blocks }: Rendered): Promise<void> {
  if (responseUrl === undefined) return;
  const response = await fetch(responseUrl, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ response_type: "ephemeral", replace_original: false, text, blocks }),
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
  after(() => openView(delivery, view, button, parts));
  return undefined;
}

function placeOf({ inbound }: Delivery): { channel?: string; thread?: string } {
  if (inbound.kind === "ignored") return {};
  const { channel, thread } = inbound.address;
  return { channel, ...(thread === undefined ? {} : { thread }) };
}

/** A form that opens too late becomes a button. */
async function openView(
  delivery: Delivery,
  view: ReturnType<typeof modalOf>,
  otherwise: Message,
  parts: Parts,
): Promise<void> {
  const { triggerId, workspace } = delivery;
  if (triggerId === undefined) return whisper(delivery, otherwise, parts);
  try {
    await parts.api.call(workspace, "views.open", undefined, (client) =>
      client.views.open({ trigger_id: triggerId, view }),
    );
  } catch (err) {
    parts.log.info({ err }, "A form could not be opened in time");
    await whisper(delivery, otherwise, parts);
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
