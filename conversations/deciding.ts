import { DateTime } from "luxon";
import type { Catalogue } from "../src/domain/catalogue.ts";
import type { PersonId, RiskId } from "../src/domain/ids.ts";
import type { RegisteredRisk } from "../src/domain/report.ts";
import type { Decision, SessionState } from "../src/domain/session.ts";
import { wantPost, watch } from "./asking.ts";
import { parseDay, sayCalendarDay } from "./dates.ts";
import { leftOpen } from "./left-open.ts";
import { facilitatorAndManagers, isManager, nameOf, postKeys } from "./session-queries.ts";
import { announce } from "./telling.ts";
import type { Turn } from "./turn.ts";
import { acceptanceOf, risksOf, verdictOf } from "./verdict.ts";
import { onDay } from "./views/moments.ts";
import { button } from "./views/parts.ts";
import { wording } from "./wording.ts";
import { safeZone } from "./zones.ts";

/** Go / no-go: opened by the facilitator, signed by each named manager, and final until a new one replaces it. */

export function openDecision(turn: Turn, person: PersonId): void {
  const { state } = turn;
  const last = state.decisions.at(-1);
  if (last?.status === "open") return wantDecisionCard(turn, last.version);
  if (person !== state.facilitator) {
    return turn.tell(wording.notFacilitator("open the decision", nameOf(state, state.facilitator)));
  }
  if (state.scope.managers.length === 0) return turn.tell(wording.noManagers(turn.ctx.settings.command));
  const version = (last?.version ?? 0) + 1;
  turn.emit({ kind: "decision_opened", version });
  wantPost(turn, { key: postKeys.decision(version), kind: "decision", version });
  if (last !== undefined) turn.redraw(postKeys.decision(last.version));
  turn.redraw(postKeys.header);
  for (const manager of state.scope.managers) if (manager !== turn.actor) watch(turn, manager, 0);
}

/** The card is there already: say where it stands. */
function wantDecisionCard(turn: Turn, version: number): void {
  turn.redraw(postKeys.decision(version));
  turn.tell("The decision is open. Its card stands in the channel.");
}

/** The open decision, for a manager; otherwise they are told why there is nothing to sign for them. */
export function decisionToSign(turn: Turn, person: PersonId): Decision | undefined {
  const { state } = turn;
  const decision = state.decisions.at(-1);
  if (decision === undefined) turn.tell(wording.noDecision(turn.ctx.settings.command));
  else if (!isManager(state, person)) {
    turn.tell(wording.notManager(state.scope.managers.map((id) => nameOf(state, id))));
  } else if (decision.status !== "open") turn.tell(wording.decisionMade(decision.status === "go"));
  else return decision;
  return undefined;
}

/** A manager signs. Any no-go is no-go; go needs everybody, and every open HIGH risk accepted by name first. */
export function sign(turn: Turn, person: PersonId, go: boolean, reason: string): void {
  const { state } = turn;
  const decision = decisionToSign(turn, person);
  if (decision === undefined) return;
  if (go) {
    const [first, ...others] = leftOpen(state, turn.ctx.catalogue).high;
    if (first !== undefined) {
      const { short = "" } = turn.ctx.catalogue.question(first.question) ?? {};
      const accept = button("accept", "Accept a risk", { session: state.id, arg: first.id }, { opens: true });
      const line = wording.acceptFirst(others.length + 1, first.question, short);
      return turn.say(wording.sentence(line, [{ ...accept, style: "primary" }]));
    }
  }
  turn.emit({
    kind: "decision_signed",
    version: decision.version,
    person,
    go,
    ...(reason === "" ? {} : { reason: turn.words(reason) }),
  });
  const condition = go ? conditionIn(turn, reason) : undefined;
  if (condition !== undefined) {
    const words = turn.words(reason);
    turn.emit({ kind: "condition_set", version: decision.version, person, words, dueAt: condition });
    watch(turn, state.facilitator);
  }
  const signatures = turn.state.decisions.at(-1)?.signatures ?? [];
  const all = turn.state.scope.managers.every((id) => signatures.some((one) => one.by === id && one.go));
  if (!go || all) {
    const { headline } = verdictOf(turn.state, turn.ctx.catalogue);
    const { high, unconfirmed } = leftOpen(turn.state, turn.ctx.catalogue);
    const left = { high: high.length, unconfirmed: unconfirmed.length };
    turn.emit({ kind: "decision_made", version: decision.version, go, headline, left });
  }
  turn.redraw(postKeys.decision(decision.version));
  turn.redraw(postKeys.header);
  if (condition === undefined) return turn.tell(wording.signed(go));
  const asked = `${nameOf(state, state.facilitator)} is asked on `;
  const day = onDay(condition, state, turn.ctx);
  turn.say(wording.line(["Signed: go, on your condition. ", asked, day, " whether it is met."]));
}

/** "if the increase lands by Tuesday": 17:00 of that day; without a day, the working day before the event. */
function conditionIn(turn: Turn, reason: string): string | undefined {
  if (!/^(?:but )?(?:only )?(?:if|provided|as long as|unless|once|when)\b/i.test(reason)) return undefined;
  const { now } = turn.ctx;
  const { event, eventAt } = turn.state;
  const zone = safeZone(event.zone);
  const said = dayAfter(reason, /\b(?:by|until|before|on)\s+/gi, { now, zone });
  const end = (date: string) => DateTime.fromISO(date, { zone }).set({ hour: 17 });
  const before = DateTime.fromISO(eventAt, { zone }).minus({ days: 1 }).set({ hour: 17, minute: 0 });
  const due = said === undefined ? before : end(said);
  const latest = Math.min(due.toMillis(), Date.parse(eventAt) - 3_600_000);
  return new Date(Math.max(latest, now.getTime() + 3_600_000)).toISOString();
}

/** The day that the words after one of these name. */
function dayAfter(text: string, word: RegExp, context: { now: Date; zone: string }): string | undefined {
  for (const found of text.matchAll(word)) {
    const rest = text.slice(found.index + found[0].length).split(/[,.;:!?]/)[0] ?? "";
    const words = rest.trim().split(/\s+/).slice(0, 4);
    for (let length = words.length; length > 0; length--) {
      const day = parseDay(words.slice(0, length).join(" "), context);
      if (!("problem" in day)) return day.date;
    }
  }
  return undefined;
}

/** "… until 30 Nov": the date stays in the reason, and is kept apart where it can be read. */
export function untilIn(turn: Turn, reason: string): string {
  const context = { now: turn.ctx.now, zone: safeZone(turn.state.event.zone) };
  return dayAfter(reason, /\b(?:until|till)\s+/gi, context) ?? "";
}

/** "Met" and "Not met", from the facilitator or a manager. It is said once, and can't be unsaid. */
export function answerCondition(turn: Turn, person: PersonId, said: string): void {
  const { state } = turn;
  const [how, place] = said.split(":");
  const decision = state.decisions.at(-1);
  const index = Number(place);
  const condition = decision?.conditions?.[index];
  if (decision === undefined || condition === undefined) return turn.tell(wording.staleCard());
  if (person !== state.facilitator && !isManager(state, person)) {
    return turn.tell(wording.notOneOf("say whether it is met", ...facilitatorAndManagers(state)));
  }
  if (condition.met !== undefined) return turn.tell(`That is recorded already: ${condition.met ? "met" : "not met"}.`);
  const met = how === "met";
  turn.emit({ kind: "condition_ended", version: decision.version, index, person, met });
  turn.redraw(postKeys.decision(decision.version));
  turn.redraw(postKeys.header);
  if (!met) announce(turn, { what: "condition_failed", version: decision.version, index });
  turn.tell(met ? "Noted: met. The go stands." : "Noted: not met. The managers see it in the header's thread.");
}

/** Risks that somebody can take on: open ones, and the one that is named, since it may be accepted for longer. */
export function acceptableRisks(state: SessionState, catalogue: Catalogue, named?: RiskId): RegisteredRisk[] {
  const known = risksOf(state, catalogue).filter((one) => one.level !== "UNANSWERED");
  const risks = known.filter((one) => one.accepted === undefined || one.id === named);
  return risks.toSorted((a, b) => Number(b.id === named) - Number(a.id === named));
}

export function mayAccept(turn: Turn, person: PersonId): boolean {
  const { state } = turn;
  if (isManager(state, person)) return true;
  const names = state.scope.managers.map((id) => nameOf(state, id));
  turn.tell(names.length === 0 ? wording.noManagers(turn.ctx.settings.command) : wording.notManager(names));
  return false;
}

/** A manager takes a risk on, by name and with a reason. */
export function acceptRisk(turn: Turn, person: PersonId, risk: RiskId, reason: string, until: string): void {
  const { state } = turn;
  if (!mayAccept(turn, person)) return;
  const risks = risksOf(state, turn.ctx.catalogue).filter((one) => one.level !== "UNANSWERED");
  const found = risks.find((one) => one.id === risk.toLowerCase());
  if (found === undefined) return turn.tell(wording.noSuchRisk(risk, risks.map((one) => one.id).join(", ")));
  if (!/[\p{L}\p{N}]/u.test(reason)) return turn.tell(wording.acceptNeedsReason());
  turn.emit({
    kind: "risk_accepted",
    risk: found.id,
    person,
    reason: turn.words(reason),
    ...(until === "" ? {} : { until }),
    ...(found.level === "UNANSWERED" ? {} : { level: found.level }),
  });
  for (const decision of turn.state.decisions) turn.redraw(postKeys.decision(decision.version));
  turn.redraw(postKeys.header);
  if (until !== "") watch(turn, person);
  if (acceptanceOf(turn.state, found.id) === undefined) {
    return turn.tell(
      `Recorded, but it ends on ${sayCalendarDay(until, turn.ctx.now)}, before the event on ${sayCalendarDay(state.event.date, turn.ctx.now)}, so ${found.id} still counts as open.`,
    );
  }
  turn.tell(wording.accepted(found.id, found.level));
}
