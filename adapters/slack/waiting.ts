import { z } from "zod";
import type { Store } from "../../src/domain/ports.ts";
import type { Log } from "./config.ts";
import type { Delivery } from "./delivery.ts";
import { isStart } from "./parse-interaction.ts";
import type { People } from "./people.ts";
import type { Places } from "./places.ts";

const NAMESPACE = "slack-waiting";
/** How long Slack has to tell; then it is done with what is known. Milliseconds. */
const PATIENCE = 6_000;
/** What may open a form waits no longer than this: its trigger is good for three seconds. Milliseconds. */
const BEFORE_A_FORM = 1_000;
/** Pauses before what couldn't be stored is tried again. After the last it waits for the next start. Milliseconds. */
const AGAIN_AFTER = [500, 2_000, 5_000, 15_000];
/** Where a delivery has people's words. */
const SAID = new Set(["text", "preview"]);
const Kept = z.object({ body: z.unknown() });

/** Hides secrets in what people wrote. */
export type Mask = (text: string) => Promise<{ text: string }>;

export type Waiting = {
  /** Whether this must wait until Slack has told who did it (a guest? which zone?) or where it is (archived? shared?). */
  mustAsk(delivery: Delivery): boolean;
  /** Resolves when the delivery is stored: then it may be acknowledged. */
  keep(delivery: Delivery, body: unknown): Promise<void>;
  /** Asks Slack, and does what was wished. Never rejects. */
  carryOut(delivery: Delivery, body: unknown): Promise<void>;
  /** What a predecessor didn't come to. */
  restore(): Promise<unknown[]>;
  /** Resolves when nothing waits any more. */
  idle(): Promise<void>;
  size(): number;
};

/**
 * An acknowledgement waits for no call to Slack, and nothing is done for somebody of whom nobody has told yet whether
 * they are a guest, or in which zone their "nine o'clock" is. So the first thing somebody unknown does is stored as it
 * came, acknowledged, and carried out a moment later, when Slack has answered (or hasn't: that stops nothing).
 */
export function createWaiting(parts: {
  store: Pick<Store, "keep" | "keptAll" | "drop">;
  people: People;
  places: Places;
  log: Log;
  mask?: Mask | undefined;
  /** The delivery like any other, with its private answer by other means than the acknowledgement. */
  take(body: unknown): Promise<void>;
}): Waiting {
  const { store, people, places, log, mask, take } = parts;
  /** The newest of each person: what they did first is done first. */
  const chains = new Map<string, Promise<void>>();
  const keyOf = ({ inbound }: Delivery) => (inbound.kind === "ignored" ? undefined : inbound.receipts[0]);
  const personOf = ({ workspace, user }: Delivery) => `${workspace}:${user ?? ""}`;

  async function asked({ inbound, workspace, user }: Delivery): Promise<void> {
    if (inbound.kind === "ignored") return;
    const answers = [people.meet(workspace, user ?? "")];
    if (isStart(inbound) && inbound.direct !== true) answers.push(places.visit(workspace, inbound.address.channel));
    let timer: NodeJS.Timeout | undefined;
    const enough = new Promise<void>((resolve) => {
      timer = setTimeout(resolve, mayOpenForm(inbound) ? BEFORE_A_FORM : PATIENCE);
    });
    await Promise.race([Promise.all(answers), enough]);
    clearTimeout(timer);
  }

  async function done(delivery: Delivery, body: unknown): Promise<void> {
    await asked(delivery);
    for (let tries = 0; ; tries += 1) {
      try {
        await take(body);
        const key = keyOf(delivery);
        if (key !== undefined) await store.drop(NAMESPACE, key);
        return;
      } catch (err) {
        const pause = AGAIN_AFTER[tries];
        log.warn({ err, tries }, "What somebody wished couldn't be carried out yet");
        if (pause === undefined) return;
        await new Promise((resolve) => setTimeout(resolve, pause).unref());
      }
    }
  }

  return {
    mustAsk(delivery) {
      const { inbound, workspace, user } = delivery;
      if (user === undefined || user === "") return false;
      // What somebody said waits only when they seem to be from elsewhere: in an organisation they may be a colleague.
      if (inbound.kind === "message" || inbound.kind === "edit") {
        return inbound.actor.outsider === true && people.unmet(workspace, user);
      }
      if (inbound.kind !== "command" && inbound.kind !== "action" && inbound.kind !== "record") return false;
      if (chains.has(personOf(delivery)) || people.unmet(workspace, user)) return true;
      return isStart(inbound) && inbound.direct !== true && places.unknown(workspace, inbound.address.channel);
    },
    async keep(delivery, body) {
      const key = keyOf(delivery);
      if (key !== undefined) await store.keep(NAMESPACE, key, { body: await slim(body, mask) });
    },
    carryOut(delivery, body) {
      const person = personOf(delivery);
      const before = chains.get(person) ?? Promise.resolve();
      const work = before
        .then(() => done(delivery, body))
        .catch((err: unknown) => log.warn({ err }, "What somebody wished is left for the next start"))
        .finally(() => {
          if (chains.get(person) === work) chains.delete(person);
        });
      chains.set(person, work);
      return work;
    },
    async restore() {
      const rows = await store.keptAll(NAMESPACE, (value) => Kept.parse(value));
      return rows.map(({ value }) => value.body);
    },
    async idle() {
      while (chains.size > 0) await Promise.all(chains.values());
    },
    size: () => chains.size,
  };
}

/** A bare word and a button may ask for a form; what was typed out has all it needs. */
function mayOpenForm(inbound: Delivery["inbound"]): boolean {
  if (inbound.kind === "command") return !/\s/.test(inbound.text.trim());
  return inbound.kind === "action" && inbound.form === "possible";
}

/** Without what isn't read again (our own cards, Slack's token), and with secrets in people's words masked. */
async function slim(value: unknown, mask: Mask | undefined, name = ""): Promise<unknown> {
  if (typeof value === "string") return mask !== undefined && SAID.has(name) ? (await mask(value)).text : value;
  if (Array.isArray(value)) return Promise.all(value.map((one) => slim(one, mask, name)));
  if (typeof value !== "object" || value === null) return value;
  const kept: Record<string, unknown> = {};
  for (const [key, one] of Object.entries(value)) {
    if (key !== "token" && key !== "blocks") kept[key] = await slim(one, mask, key);
  }
  return kept;
}
