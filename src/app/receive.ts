import { decide, targetOf } from "../../conversations/engine.ts";
import { wording } from "../../conversations/wording.ts";
import type { Effect, NewOutboxItem } from "../domain/effect.ts";
import { identityOf, type PersonId, type Platform, personId, type SessionId } from "../domain/ids.ts";
import type { Inbound } from "../domain/inbound.ts";
import type { FieldValues } from "../domain/message.ts";
import type { Fact, Outcome, Reply, TransitionRequest } from "../domain/ports.ts";
import type { SessionState } from "../domain/session.ts";
import { whenItFits } from "../when-it-fits.ts";
import { type Parts, settingsFor } from "./parts.ts";
import { previousFor } from "./previous.ts";

/** A card that many things change is redrawn at once, and then at most this often; the last state always lands. */
export const REDRAW_EVERY_MS = 15_000;
const BUSY_POSTS = /^(header|scope|module:.*)$/;

export type Receiver = {
  /** From a platform to a durable outcome. No network: what must be said goes through the outbox, or right after. */
  accept(inbound: Inbound, webMessage?: TransitionRequest["webMessage"]): Promise<Outcome>;
  /** From our own work. `settles`: the claimed item whose work this is. */
  fact(fact: Fact, settles?: { id: string; token: string }): Promise<Outcome>;
};

/**
 * A form that is refused leaves no trace, not even its receipt: the person corrects it and sends the same form again,
 * which on Slack is the same view with the same hash.
 */
class RefusedAtFieldsError extends Error {
  readonly reply: Extract<Reply, { kind: "errors" }>;
  constructor(reply: Extract<Reply, { kind: "errors" }>) {
    super("Refused at its fields");
    this.reply = reply;
  }
}

export function createReceiver(parts: Parts): Receiver {
  const { store, log } = parts;

  function context(platform: Platform, previous?: SessionState) {
    return {
      ...(previous === undefined ? {} : { previous }),
      now: parts.calendar.now(),
      machineNow: parts.machine.now(),
      catalogue: parts.catalogue,
      newId: parts.newId,
      settings: settingsFor(parts, platform),
    };
  }

  async function transition(
    request: TransitionRequest,
    input: Inbound | Fact,
    platform: Platform,
    previous?: SessionState,
  ): Promise<Outcome> {
    let fleeting: Effect[] = [];
    let outcome: Outcome;
    try {
      outcome = await store.transition(request, (loaded) => {
        const decision = decide(loaded, input, context(platform, previous));
        const reply = "reply" in decision.outcome ? decision.outcome.reply : undefined;
        if (reply?.kind === "errors") throw new RefusedAtFieldsError(reply);
        fleeting = decision.fleeting;
        return { ...decision, outbox: decision.outbox.map((item) => coalesced(parts, item)) };
      });
    } catch (error) {
      if (!(error instanceof RefusedAtFieldsError)) throw error;
      return { kind: "ignored", reason: "Refused at its fields", reply: error.reply };
    }
    if (outcome.kind === "committed") for (const effect of fleeting) whisper(parts, effect, outcome.session);
    return outcome;
  }

  return {
    async accept(given, webMessage) {
      const { inbound, found } = await masked(parts, await withAllIds(parts, given));
      const row = found.length > 0 && webMessage !== undefined ? await maskedRow(parts, webMessage) : webMessage;
      const request: TransitionRequest = {
        receipts: inbound.receipts,
        target: targetOf(inbound),
        ...(row === undefined ? {} : { webMessage: row }),
      };
      const previous = await previousFor(store, inbound);
      const outcome = await transition(request, inbound, inbound.actor.platform, previous);
      log.debug({ kind: inbound.kind, outcome: outcome.kind }, "Input handled");
      const { outsider, unverified } = inbound.actor;
      if (outcome.kind === "committed" && !outsider && !unverified) {
        parts.met?.(personId(inbound.actor), inbound.kind === "met" ? "named" : "acted");
      }
      if (found.length > 0 && outcome.kind !== "duplicate") {
        whisper(parts, {
          do: "whisper",
          address: inbound.address,
          person: personId(inbound.actor),
          message: wording.sentence(wording.secretsMasked(found)),
        });
      }
      return outcome;
    },
    async fact(fact, settles) {
      const request = {
        receipts: fact.receipts,
        target: targetOf(fact),
        ...(settles === undefined ? {} : { settles }),
      };
      const outcome = await transition(request, fact, platformOf(parts, fact));
      if (fact.kind === "timer" && fact.timer === "named") parts.met?.(fact.person, "named");
      return outcome;
    },
  };
}

function platformOf(parts: Parts, fact: Fact): Platform {
  const person: PersonId | undefined = "person" in fact ? fact.person : undefined;
  if (person?.startsWith("slack:")) return "slack";
  if (person?.startsWith("teams:")) return "teams";
  return parts.chats.slack ? "slack" : parts.chats.teams ? "teams" : "web";
}

/** Redraws of busy cards wait until the last one is old enough; a later redraw takes a waiting one's place. */
function coalesced(parts: Parts, item: NewOutboxItem): NewOutboxItem {
  if (item.effect.do !== "update" || !BUSY_POSTS.test(item.effect.post)) return item;
  const last = parts.redrawn.get(item.lane);
  const earliest = last === undefined ? 0 : last + REDRAW_EVERY_MS;
  return earliest > parts.machine.now() ? { ...item, notBefore: earliest } : item;
}

/** Said to one person, right after the commit, once. A failure loses nothing that counts. */
export function whisper(
  parts: Pick<Parts, "chats" | "log"> & Partial<Pick<Parts, "store">>,
  effect: Effect,
  session?: SessionId,
): void {
  if (effect.do !== "whisper") return;
  const chat = parts.chats[effect.address.platform];
  const said = async () => chat?.whisper(effect.address, await knownThere(parts, effect), effect.message, session);
  whenItFits(said).catch((err: unknown) => {
    parts.log.warn({ err, person: effect.person }, "A private message could not be shown");
  });
}

/** Somebody who acted from another platform than the one their session knows them by is answered where they are. */
async function knownThere(
  { store }: Partial<Pick<Parts, "store">>,
  effect: Extract<Effect, { do: "whisper" }>,
): Promise<PersonId> {
  const { person, address } = effect;
  if (store === undefined || identityOf(person).platform === address.platform) return person;
  const others = await store.identities(person);
  const here = others.find(
    ({ platform, workspace }) => platform === address.platform && workspace === address.workspace,
  );
  return here === undefined ? person : personId(here);
}

/** The same person on other platforms: the session may know them by another id. */
async function withAllIds({ store }: Parts, inbound: Inbound): Promise<Inbound> {
  const others = await store.identities(personId(inbound.actor));
  if (others.length === 0) return inbound;
  return { ...inbound, actor: { ...inbound.actor, also: others.map(personId) } };
}

/** Secrets in what people write are masked before the first write. */
async function masked(parts: Parts, inbound: Inbound): Promise<{ inbound: Inbound; found: string[] }> {
  switch (inbound.kind) {
    case "message":
    case "edit":
    case "command":
    case "record": {
      const { text, found } = await parts.mask(inbound.text);
      return found.length === 0 ? { inbound, found } : { inbound: { ...inbound, text }, found };
    }
    case "form": {
      const { values, found } = await maskedValues(parts, inbound.values);
      return { inbound: { ...inbound, values }, found };
    }
    case "action": {
      const { values, found } = await maskedValues(parts, inbound.inputs);
      return { inbound: { ...inbound, inputs: values }, found };
    }
    case "delete":
    case "home":
    case "met":
    case "place":
      return { inbound, found: [] };
  }
}

async function maskedValues(parts: Parts, values: FieldValues): Promise<{ values: FieldValues; found: string[] }> {
  const found = new Set<string>();
  const result: FieldValues = {};
  for (const [name, value] of Object.entries(values)) {
    if (typeof value !== "string") {
      result[name] = value;
      continue;
    }
    const read = await parts.mask(value);
    for (const kind of read.found) found.add(kind);
    result[name] = read.text;
  }
  return { values: result, found: [...found] };
}

/** The web channel's own copy of the words is masked like the engine's. */
async function maskedRow(
  parts: Parts,
  row: NonNullable<TransitionRequest["webMessage"]>,
): Promise<NonNullable<TransitionRequest["webMessage"]>> {
  if ("put" in row) return { put: { ...row.put, text: (await parts.mask(row.put.text)).text } };
  if ("edit" in row) return { edit: { ...row.edit, text: (await parts.mask(row.edit.text)).text } };
  return row;
}
