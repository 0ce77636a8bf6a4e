import type { Address } from "../../src/domain/address.ts";
import type { Ignored, Inbound } from "../../src/domain/inbound.ts";
import type { Mark, Message } from "../../src/domain/message.ts";
import type { Machine, Outcome, Receive, Store } from "../../src/domain/ports.ts";
import { conversationParts } from "./address.ts";
import {
  type Answer,
  type Aside,
  answerLater,
  answerMeanwhile,
  answerToAction,
  answerToCardForm,
  answerToDialog,
  answerToIgnored,
  answerToWords,
  NOTHING_TO_DO,
  notice,
} from "./answers.ts";
import type { Background } from "./background.ts";
import type { TeamsChat } from "./chat.ts";
import type { Log } from "./config.ts";
import { dialogOf, openedForm, pickedIn, readSubmission, SUBMIT_FORM } from "./dialogs.ts";
import { RefusedError } from "./gate.ts";
import type { Lessons } from "./learn.ts";
import { tenantOf } from "./origin.ts";
import { toInbound } from "./parse.ts";
import { idOf, type People } from "./people.ts";
import type { Reference } from "./references.ts";
import { type Activity, type ActivityOf, CardActionValue, TaskValue } from "./schema.ts";
import type { InvokeAnswer } from "./sdk.ts";
import { createWaiting, type Waiting } from "./waiting.ts";
import type { Whispers } from "./whispers.ts";

/** The current words of one of a session's posts. */
export type Redraw = (session: string, messageId: string) => Promise<{ message: Message; mark: Mark } | undefined>;

const REMEMBERED = 1_000;

export type Turn = {
  /** One activity: learn from it, parse it, have it committed, and only then answer. */
  handle(activity: Activity): Promise<InvokeAnswer | undefined>;
  /** Takes in what was acknowledged and not yet taken in. */
  resume(): Promise<void>;
  /** What was acknowledged and isn't taken in yet. */
  waiting: Pick<Waiting, "size" | "idle">;
};

export function createTurn(options: {
  receive: Receive;
  lessons: Lessons;
  people: People;
  chat: TeamsChat;
  whispers: Whispers;
  background: Background;
  machine: Machine;
  log: Log;
  tenantAllowed: (tenant: string) => boolean;
  isCommand: (text: string) => boolean;
  local: boolean;
  redraw: Redraw | undefined;
  fileConsent: (activity: ActivityOf<"invoke">) => Promise<InvokeAnswer>;
  store: Pick<Store, "keep" | "keptAll" | "drop">;
  mask: (text: string) => Promise<{ text: string }>;
}): Turn {
  const { receive, lessons, people, chat, whispers, background, machine, log, tenantAllowed } = options;
  /** Answers of the last invokes: a redelivery has a new id but the same meaning, and gets the same answer. */
  const answered = new Map<string, InvokeAnswer>();
  const nameIn = (tenant: string) => (user: string) => people.known(tenant, user)?.name;
  const userIn = (tenant: string) => (id: string) => people.known(tenant, id)?.user ?? id;
  const waiting = createWaiting({
    store: options.store,
    mask: options.mask,
    takeIn,
    run: (work, what) => background.run(work, what),
    log,
  });

  async function handle(activity: Activity): Promise<InvokeAnswer | undefined> {
    const tenant = tenantOf(activity);
    if (!tenantAllowed(tenant)) {
      throw new RefusedError(
        `The tenant ${tenant} may not use this bot. Its operator can add it to TEAMS_TENANTS_ALLOWED.`,
      );
    }
    if (activity.type === "invoke") {
      if (activity.name === "fileConsent/invoke") return options.fileConsent(activity);
      const opened = activity.name === "task/fetch" ? openedForm(dataOf(activity)) : undefined;
      if (opened !== undefined) return { status: 200, body: dialogOf(opened, nameIn(tenant)) };
    }
    const reference = await lessons.learn(activity);
    const strangers = await lessons.strangers(activity, reference, pickedIn(submittedBy(activity), tenant));
    const inbound = parsed(activity, tenant);
    if (strangers.length > 0) {
      if (inbound.kind !== "ignored" && dependsOnWho(inbound)) {
        await waiting.add(inbound.receipts.join(" "), activity);
        return activity.type === "invoke" ? answerMeanwhile(activity) : undefined;
      }
      background.run(lessons.meet(strangers, reference), "look up people");
    }
    return commit(activity, reference, inbound);
  }

  function parsed(activity: Activity, tenant: string): Inbound | Ignored {
    const theirs = activity.channelData?.tenant?.id;
    return toInbound(activity, {
      now: machine.now(),
      isCommand: options.isCommand,
      local: options.local,
      foreign: theirs !== undefined && theirs !== tenant && !tenantAllowed(theirs),
      person: (id) => people.known(tenant, id) ?? { user: id },
    });
  }

  /** What was acknowledged when nobody knew yet who said it. Its answer is a private reply. */
  async function takeIn(activity: Activity): Promise<void> {
    const reference = await lessons.learn(activity);
    const { tenant } = reference;
    const picked = pickedIn(submittedBy(activity), tenant);
    await lessons.meet(await lessons.strangers(activity, reference, picked), reference);
    const inbound = parsed(activity, tenant);
    if (inbound.kind === "ignored") return;
    if (activity.type === "message") await lessons.fromMessage(activity, reference, inbound);
    const outcome = await receive(inbound);
    const shown = readSubmission(submittedBy(activity), tenant, userIn(tenant))?.shown;
    const { aside } = answerLater(outcome, shown, nameIn(tenant));
    say(aside, whereSaid(activity, inbound.address), inbound, reference);
    takeDownUsed(activity, outcome, reference);
  }

  async function commit(
    activity: Activity,
    reference: Reference,
    inbound: Inbound | Ignored,
  ): Promise<InvokeAnswer | undefined> {
    if (activity.type === "message") await lessons.fromMessage(activity, reference, inbound);
    if (inbound.kind === "place") await lessons.fromPlace(activity, reference, inbound, receive);
    if (inbound.kind === "ignored") {
      log.debug({ type: activity.type, reason: inbound.reason }, "Ignored an activity");
      return activity.type === "invoke" ? answerToIgnored(activity.name) : undefined;
    }
    const outcome = await receive(inbound);
    return activity.type === "invoke"
      ? respondToInvoke(activity, inbound, outcome, reference)
      : respondToWords(activity, inbound, outcome, reference);
  }

  function respondToWords(activity: Activity, inbound: Inbound, outcome: Outcome, reference: Reference): undefined {
    const { aside } = answerToWords(outcome, nameIn(reference.tenant));
    const address = whereSaid(activity, inbound.address);
    say(aside, address, inbound, reference);
    if (inbound.kind === "command" && outcome.kind === "committed" && aside === undefined) {
      background.run(chat.typing(address), "show typing");
    }
    takeDownUsed(activity, outcome, reference);
    return undefined;
  }

  async function respondToInvoke(
    activity: ActivityOf<"invoke">,
    inbound: Inbound,
    outcome: Outcome,
    reference: Reference,
  ): Promise<InvokeAnswer> {
    if (outcome.kind === "duplicate") {
      const again = inbound.receipts.flatMap((receipt) => answered.get(receipt) ?? [])[0];
      if (again !== undefined) return again;
    }
    const { answer = notice(NOTHING_TO_DO), aside } = await answerTo(activity, inbound, outcome, reference.tenant);
    say(aside, whereSaid(activity, inbound.address), inbound, reference);
    takeDownUsed(activity, outcome, reference);
    if (answered.size > REMEMBERED) answered.clear();
    for (const receipt of inbound.receipts) answered.set(receipt, answer);
    return answer;
  }

  async function answerTo(
    activity: ActivityOf<"invoke">,
    inbound: Inbound,
    outcome: Outcome,
    tenant: string,
  ): Promise<Answer> {
    if (activity.name === "adaptiveCard/action") {
      const action = CardActionValue.safeParse(activity.value).data?.action;
      return action?.verb === SUBMIT_FORM
        ? answerToCardForm(outcome, readSubmission(action.data, tenant, userIn(tenant))?.shown, nameIn(tenant))
        : answerToAction(outcome, nameIn(tenant), await currentCard(inbound, outcome));
    }
    const reply = "reply" in outcome ? outcome.reply : undefined;
    const drawn =
      reply?.kind === "message"
        ? await chat.draw(inbound.address, reply.message, { kind: "note", private: true })
        : undefined;
    const shown = readSubmission(dataOf(activity), tenant, userIn(tenant))?.shown;
    return answerToDialog(outcome, inbound, shown, nameIn(tenant), drawn);
  }

  /** The card that was tapped, as it stands now. Its update is on its way as well, for everybody else. */
  async function currentCard(inbound: Inbound, outcome: Outcome): Promise<object | undefined> {
    if (options.redraw === undefined || inbound.kind !== "action" || inbound.messageId === undefined) return undefined;
    if (inbound.value.session === undefined) return undefined;
    if (outcome.kind !== "committed" && outcome.kind !== "duplicate") return undefined;
    try {
      const current = await options.redraw(inbound.value.session, inbound.messageId);
      return current === undefined ? undefined : await chat.draw(inbound.address, current.message, current.mark);
    } catch (err) {
      log.warn({ err }, "A card could not be redrawn in the answer to its button");
      return undefined;
    }
  }

  /** Private words after the answer; nobody waits for them. */
  function say(aside: Aside | undefined, address: Address, inbound: Inbound, reference: Reference): void {
    if (aside === undefined) return;
    const person = idOf(reference.tenant, inbound.actor.user);
    switch (aside.say) {
      case "message":
        return background.deliver(() => chat.whisper(address, person, aside.message), "answer privately");
      case "card":
        return background.deliver(() => chat.whisper(address, person, aside), "show a form");
      case "file": {
        const { name, mediaType, content, message } = aside.file;
        const file = { name, mediaType, content: new TextEncoder().encode(content), comment: message.summary };
        return background.deliver(() => chat.adapter.sendFile(address, file), "hand over a file");
      }
    }
  }

  /** A private reply whose button was used goes; one that asks for a correction, or only opened a dialog, stays. */
  function takeDownUsed(activity: Activity, outcome: Outcome, { tenant, channel }: Reference): void {
    const card = "replyToId" in activity ? activity.replyToId : undefined;
    const isTap = activity.type === "invoke" ? activity.name !== "task/fetch" : "value" in activity && !!activity.value;
    const isDone = outcome.kind === "committed" && outcome.reply?.kind !== "errors" && outcome.reply?.kind !== "form";
    if (card && isTap && isDone) background.run(whispers.used(tenant, channel, card), "take a private reply down");
  }

  return { handle, resume: () => waiting.resume(), waiting };
}

/**
 * Whether it needs to be known who it is from, or whom it names. Talk doesn't: an owner's words count, and a stranger's
 * are at most offered. A dialog has to open in the answer itself.
 */
function dependsOnWho(inbound: Inbound): boolean {
  switch (inbound.kind) {
    case "command":
    case "form":
      return true;
    case "action":
      return inbound.form !== "possible";
    case "message":
      return inbound.direct === true || inbound.addressed === true || inbound.mentions.length > 0;
    default:
      return false;
  }
}

/** Answers stay in the thread where something was said, also when it was said by the thread's root message. */
function whereSaid(activity: Activity, address: Address): Address {
  const { root } = conversationParts(activity.conversation.id);
  return root === undefined ? address : { ...address, thread: root };
}

/** What a card's button or a dialog sends along: a form, if it is one. */
function submittedBy(activity: Activity): unknown {
  if (activity.type === "message") return activity.value;
  if (activity.type !== "invoke") return undefined;
  return CardActionValue.safeParse(activity.value).data?.action.data ?? dataOf(activity);
}

function dataOf(activity: ActivityOf<"invoke">): unknown {
  return TaskValue.safeParse(activity.value).data?.data;
}
