import { z } from "zod";
import type { PersonId } from "../src/domain/ids.ts";
import type { Inbound } from "../src/domain/inbound.ts";
import type { Fact } from "../src/domain/ports.ts";
import { type Increase, RaiseChoice } from "../src/domain/quota-answer.ts";
import { QuotaQuery } from "../src/domain/quota-query.ts";
import { wantPost } from "./asking.ts";
import { collect } from "./collecting.ts";
import { describeQuotaQuery, parseQuotaQuestion } from "./quota-query.ts";
import { isManager, postKeys } from "./session-queries.ts";
import type { Turn } from "./turn.ts";
import { quotaHelp, readingCard } from "./views/quota.ts";
import { wording } from "./wording.ts";

/** Quota questions in plain words, and the increases that come of a shortfall. AWS is read after the acknowledgement. */

const MODULE = "service-quotas";
/** What an increase changes the answer to. */
const AFTER_AN_INCREASE = ["service-quotas", "auto-scaling-capacity", "ebs-storage", "ses-sending", "quota-requests"];
const DAY_MS = 86_400_000;

/** What is nearest to its limit in a session's accounts: said beside the explanation. */
const NEAREST: QuotaQuery = { kind: "closest", services: [], top: 3, regions: [], accounts: [] };

/** What a button of an answer carries. Read with care: it has been in other hands. */
const RaiseValue = z.object({ query: QuotaQuery, wanted: RaiseChoice });
type RaiseValue = z.infer<typeof RaiseValue>;

export function raiseValue(value: RaiseValue): string {
  return JSON.stringify(value);
}

/** `quotas …`: says at once what was understood; the answer follows, to whoever asked and nobody else. */
export function askQuotas(turn: Turn, text: string | undefined, inbound: Inbound, person: PersonId): void {
  const { aws, command } = turn.ctx.settings;
  const { session } = turn;
  const { address } = inbound;
  if (text === undefined) {
    const scoped =
      aws.on && session.status === "open" && session.scope.accounts.length > 0 && session.scope.regions.length > 0;
    if (scoped) turn.want({ do: "quota", person, address, query: NEAREST });
    return turn.say(quotaHelp({ command, scoped, ...(aws.on ? {} : { off: wording.awsOff(aws.why) }) }));
  }
  if (!aws.on) return turn.tell(wording.quotasOff(aws.why));
  const query = parseQuotaQuestion(
    text,
    aws.accounts.map(({ alias }) => alias),
  );
  if ("unclear" in query) {
    if (turn.ctx.settings.model !== true) return turn.tell(query.unclear);
    turn.want({ do: "translate_quota", person, address, text });
    return turn.tell("I read that with the model, and show how I understood it.");
  }
  turn.want({ do: "quota", person, address, query });
  turn.say(readingCard(describeQuotaQuery(query)));
}

/** "Ask AWS for …": nothing is asked yet. The need is computed anew and shown for confirmation. */
export function raisePressed(turn: Turn, action: Extract<Inbound, { kind: "action" }>, person: PersonId): void {
  if (!mayRaise(turn, person)) return;
  const value = readValue(action.value.arg);
  if (value === undefined) return turn.tell(wording.staleCard());
  turn.want({ do: "raise", person, address: action.address, ...value });
  turn.tell("Reading AWS once more, so that the number is today's. Nothing is asked of AWS before you confirm it.");
}

function readValue(arg: string | undefined): RaiseValue | undefined {
  try {
    return RaiseValue.safeParse(JSON.parse(arg ?? "")).data;
  } catch {
    return undefined;
  }
}

/** "File it": what was shown is filed, once. */
export function filePressed(turn: Turn, action: Extract<Inbound, { kind: "action" }>, person: PersonId): void {
  if (!mayRaise(turn, person)) return;
  const raise = action.value.arg ?? "";
  const filed = Object.values(turn.state.increases ?? {}).find((one) => one.raise === raise);
  if (filed !== undefined) return turn.tell(wording.increaseFiledAlready(filed.id));
  turn.want({ do: "file_increase", person, address: action.address, raise });
  turn.tell("Asking AWS. I tell you when it is filed.");
}

function mayRaise(turn: Turn, person: PersonId): boolean {
  const { aws } = turn.ctx.settings;
  const { session } = turn;
  if (!aws.on) turn.tell(wording.quotasOff(aws.why));
  else if (session.status !== "open") turn.tell(wording.raiseNeedsSession(turn.ctx.settings.command));
  else if (!isManager(session, person)) turn.tell(wording.raiseNeedsManager(turn.ctx.settings.command));
  else return true;
  return false;
}

/** It is filed: told in the module's thread, followed every day, and read again as evidence. */
export function increaseFiled(turn: Turn, { increase }: Extract<Fact, { kind: "increase_filed" }>): void {
  if (turn.state.increases?.[increase.id] !== undefined) return;
  turn.emit({ kind: "increase_filed", increase });
  tellOf(turn, increase, "filed");
  followTomorrow(turn);
  collect(turn, { sources: AFTER_AN_INCREASE, fresh: true });
}

/** The daily look: only what changed is told. */
export function increasesRead(turn: Turn, { standings }: Extract<Fact, { kind: "increases_read" }>): void {
  let changed = false;
  for (const { id, status, closed, late } of standings) {
    const before = turn.state.increases?.[id];
    if (before === undefined || (before.status === status && before.late === late)) continue;
    changed = true;
    turn.emit({ kind: "increase_changed", id, status, closed, late });
    const now = turn.state.increases?.[id] ?? before;
    if (before.status !== status) tellOf(turn, now, status.toLowerCase());
    if (late && !before.late) tellOf(turn, now, "late");
  }
  if (changed) collect(turn, { sources: AFTER_AN_INCREASE, fresh: true });
  if (openIncreases(turn).length > 0) followTomorrow(turn);
}

export function increasesDue(turn: Turn): void {
  if (turn.state.status === "open" && openIncreases(turn).length > 0) turn.want({ do: "follow_increases" });
}

function openIncreases(turn: Turn): Increase[] {
  return Object.values(turn.state.increases ?? {}).filter((one) => !one.closed);
}

function followTomorrow(turn: Turn): void {
  turn.want({
    do: "timer",
    key: `increases:${turn.state.id}`,
    clock: "calendar",
    at: turn.ctx.now.getTime() + DAY_MS,
    input: { timer: "increases", session: turn.state.id },
  });
}

/** A post of its own in the Service Quotas thread, once for each thing there is to tell. */
function tellOf(turn: Turn, increase: Increase, what: string): void {
  const key = `increase:${increase.id}:${what}`;
  if (turn.state.posts[key] !== undefined) return;
  wantPost(turn, { key, kind: "evidence", module: MODULE, version: 1 }, postKeys.module(MODULE));
}
