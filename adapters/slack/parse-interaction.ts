import type { Address } from "../../src/domain/address.ts";
import { identityOf, type PersonId } from "../../src/domain/ids.ts";
import type { Unfit } from "../../src/domain/inbound.ts";
import type { FieldValues, FormId } from "../../src/domain/message.ts";
import { FORM_IDS } from "../../src/domain/message.ts";
import { actionOf } from "./action-id.ts";
import type { Delivery, Known } from "./delivery.ts";
import { readText } from "./escape.ts";
import { decodeMetadata, decodeValue, submittedValues, valuesOf } from "./forms.ts";
import { actorOf, personOf } from "./parse-message.ts";
import type { BlockActions, GlobalShortcut, MessageShortcut, SlashCommand, ViewSubmission } from "./schema.ts";
import { SHORTCUTS } from "./scopes.ts";
import { millis } from "./times.ts";
import { workspaceOf } from "./whose.ts";
import { wording } from "./wording.ts";

/** `/readiness …`: people in it are `<@U…|name>`, since the manifest asks for escaping. */
export function parseCommand(command: SlashCommand, known: Known): Delivery {
  const workspace = known.at(workspaceOf(command));
  const direct = command.channel_id.startsWith("D") || command.channel_name === "directmessage";
  const personOf = (user: string) => known.person(workspace, user);
  const { text, mentions } = readText(command.text, personOf, known.bot(workspace));
  return {
    workspace,
    user: command.user_id,
    answer: "acknowledgement",
    triggerId: command.trigger_id,
    ...(command.response_url === undefined ? {} : { responseUrl: command.response_url }),
    place: { channel: command.channel_id },
    inbound: {
      kind: "command",
      receipts: [`slack:command:${workspace}:${command.trigger_id}`],
      actor: actorOf(workspace, command.user_id, [command.team_id], known),
      address: { platform: "slack", workspace, channel: command.channel_id },
      ...(direct ? { direct: true } : {}),
      text: text.trim(),
      mentions,
      form: "possible",
    },
  };
}

const STARTS = /^start\b/i;

/** A session is to be started here, typed out or by its form. */
export function isStart(inbound: Delivery["inbound"]): boolean {
  return (
    (inbound.kind === "command" && STARTS.test(inbound.text)) || (inbound.kind === "form" && inbound.form === "start")
  );
}

type Interaction = BlockActions | ViewSubmission | MessageShortcut | GlobalShortcut;

/** Where whoever acted is from, as far as the payload says. */
function fromOf({ user, team }: Interaction): string | undefined {
  return user.team_id ?? team?.id;
}

function basis(payload: Interaction, workspace: string): Omit<Delivery, "inbound" | "answer"> {
  return {
    workspace,
    user: payload.user.id,
    ...(payload.trigger_id === undefined ? {} : { triggerId: payload.trigger_id }),
    ...(payload.response_url === undefined ? {} : { responseUrl: payload.response_url }),
  };
}

/** A tap on a button. Ticks of checkboxes are read with the button that follows them. */
export function parseAction(payload: BlockActions, known: Known): Delivery {
  const workspace = known.at(workspaceOf(payload));
  const base = basis(payload, workspace);
  const [action] = payload.actions;
  if (action === undefined || (action.type !== undefined && action.type !== "button")) {
    return { ...base, answer: "none", inbound: { kind: "ignored", reason: "a tick or a menu: read with its button" } };
  }
  const user = payload.user.id;
  const channel = payload.channel?.id ?? payload.container?.channel_id ?? undefined;
  const ts = payload.message?.ts ?? payload.container?.message_ts ?? undefined;
  const thread = threadOf(payload, ts);
  const meta = payload.view == null ? undefined : decodeMetadata(payload.view.private_metadata ?? undefined);
  const place = {
    ...(channel === undefined ? (meta?.place ?? {}) : { channel }),
    ...(thread === undefined ? {} : { thread }),
  };
  const address: Address = {
    platform: "slack",
    workspace,
    channel: place.channel ?? `@${user}`,
    ...(place.thread === undefined ? {} : { thread: place.thread }),
  };
  const state = payload.state?.values ?? payload.view?.state?.values ?? {};
  const subject = ts ?? payload.view?.id ?? payload.container?.view_id ?? "view";
  return {
    ...base,
    answer: channel === undefined ? "modal" : "ephemeral",
    place,
    ...viewOf(payload),
    ...(payload.container?.is_ephemeral === true ? { inPrivate: true } : {}),
    inbound: {
      kind: "action",
      receipts: [
        `slack:action:${workspace}:${channel ?? "view"}:${subject}:${action.action_ts ?? payload.trigger_id ?? ""}:${user}`,
      ],
      actor: actorOf(workspace, user, [fromOf(payload)], known),
      address,
      ...(address.channel.startsWith("D") || address.channel.startsWith("@") ? { direct: true } : {}),
      action: actionOf(action.action_id),
      value: decodeValue(action.value),
      inputs: valuesOf(state, workspace),
      ...(ts === undefined ? {} : { messageId: ts }),
      ...(payload.trigger_id === undefined ? {} : { form: "possible" as const }),
    },
  };
}

function viewOf({ view }: BlockActions): Pick<Delivery, "view"> {
  if (view == null) return {};
  const { id, hash, type } = view;
  return { view: { id, type: type === "modal" ? "modal" : "home", ...(hash ? { hash } : {}) } };
}

/** The thread the button stands in. A root post is seen in the channel, also when it has replies. */
function threadOf(payload: BlockActions, ts: string | undefined): string | undefined {
  const thread = payload.message?.thread_ts ?? payload.container?.thread_ts ?? undefined;
  return thread === ts ? undefined : thread;
}

export function parseSubmission(payload: ViewSubmission, known: Known): Delivery {
  const workspace = known.at(workspaceOf(payload));
  const user = payload.user.id;
  const { context, place, kept } = decodeMetadata(payload.view.private_metadata ?? undefined);
  const base = { ...basis(payload, workspace), place, fields: Object.keys(payload.view.state.values) };
  const form = FORM_IDS.find((id): id is FormId => id === payload.view.callback_id);
  if (form === undefined) {
    return { ...base, answer: "view", say: wording.unknownForm, inbound: { kind: "ignored", reason: "unknown form" } };
  }
  const address: Address = {
    platform: "slack",
    workspace,
    channel: place.channel ?? `@${user}`,
    ...(place.thread === undefined ? {} : { thread: place.thread }),
  };
  const direct = address.channel.startsWith("D") || address.channel.startsWith("@");
  const values = submittedValues(payload.view.state.values, workspace, kept);
  const key = `${payload.view.id ?? payload.trigger_id ?? ""}:${payload.view.hash ?? ""}`;
  return {
    ...base,
    answer: "view",
    inbound: {
      kind: "form",
      receipts: [`slack:view:${workspace}:${key}`],
      actor: actorOf(workspace, user, [fromOf(payload)], known),
      address,
      ...(direct ? { direct: true } : {}),
      form,
      context,
      values,
      ...pickedIn(values, known),
    },
  };
}

/** What the people picked in a form are called, and who of them can take no part, as far as is known. */
function pickedIn(
  values: FieldValues,
  known: Known,
): { names: Record<PersonId, string>; unfit: Record<PersonId, Unfit> } {
  const names: Record<PersonId, string> = {};
  const unfit: Record<PersonId, Unfit> = {};
  for (const person of Object.values(values).flat()) {
    if (person?.startsWith("slack:") !== true) continue;
    const { workspace, user } = identityOf(person);
    const profile = known.person(workspace, user);
    const why = user === known.bot(workspace) ? "bot" : profile?.unfit;
    if (profile?.name !== undefined) names[person] = profile.name;
    if (why !== undefined) unfit[person] = why;
  }
  return { names, unfit };
}

/** "Record as answer" on somebody's message. */
export function parseMessageShortcut(payload: MessageShortcut, known: Known): Delivery {
  const workspace = known.at(workspaceOf(payload));
  const { message, channel, user } = payload;
  const thread = message.thread_ts === message.ts ? undefined : message.thread_ts;
  const place = { channel: channel.id, ...(thread === undefined ? {} : { thread }) };
  const base: Omit<Delivery, "inbound"> = { ...basis(payload, workspace), answer: "ephemeral", place };
  if (payload.callback_id !== SHORTCUTS.record) {
    return { ...base, say: wording.unknownShortcut, inbound: { kind: "ignored", reason: "unknown shortcut" } };
  }
  const author = personOf(message, known.bot(workspace));
  if (author === undefined) {
    return { ...base, say: wording.notAPersonsWords, inbound: { kind: "ignored", reason: "said by a bot" } };
  }
  const profileOf = (id: string) => known.person(workspace, id);
  const authorName = profileOf(author)?.name;
  const occasion = payload.action_ts ?? payload.trigger_id ?? "";
  return {
    ...base,
    inbound: {
      kind: "record",
      receipts: [`slack:shortcut:${workspace}:${channel.id}:${message.ts}:${occasion}:${user.id}`],
      actor: actorOf(workspace, user.id, [fromOf(payload)], known),
      address: { platform: "slack", workspace, ...place },
      ...(channel.id.startsWith("D") ? { direct: true } : {}),
      messageId: message.ts,
      sentAt: millis(message.ts),
      author,
      ...(authorName === undefined ? {} : { authorName }),
      ...readText(message.text ?? "", profileOf, known.bot(workspace)),
    },
  };
}

/** "What waits for me": `next`, from anywhere in Slack. */
export function parseGlobalShortcut(payload: GlobalShortcut, known: Known): Delivery {
  const workspace = known.at(workspaceOf(payload));
  const user = payload.user.id;
  const base: Omit<Delivery, "inbound"> = { ...basis(payload, workspace), answer: "modal" };
  if (payload.callback_id !== SHORTCUTS.next) {
    return { ...base, say: wording.unknownShortcut, inbound: { kind: "ignored", reason: "unknown shortcut" } };
  }
  return {
    ...base,
    inbound: {
      kind: "command",
      receipts: [`slack:command:${workspace}:${payload.trigger_id ?? payload.action_ts ?? ""}`],
      actor: actorOf(workspace, user, [fromOf(payload)], known),
      address: { platform: "slack", workspace, channel: `@${user}` },
      direct: true,
      text: "next",
      mentions: [],
      form: "possible",
    },
  };
}
