import type { PersonId, RiskId } from "../src/domain/ids.ts";
import { wantPost } from "./asking.ts";
import { isManager, nameOf, postKeys } from "./session-queries.ts";
import type { Turn } from "./turn.ts";
import { risksOf } from "./verdict.ts";
import { wording } from "./wording.ts";

/** Go / no-go: opened by the facilitator, signed by each named manager, and final until a new one replaces it. */

export function openDecision(turn: Turn, person: PersonId): void {
  const { state } = turn;
  const last = state.decisions.at(-1);
  if (last?.status === "open") return wantDecisionCard(turn, last.version);
  if (person !== state.facilitator) {
    return turn.tell(wording.notAllowed("open the decision", nameOf(state, state.facilitator)));
  }
  if (state.scope.managers.length === 0) return turn.tell(wording.noManagers(turn.ctx.settings.command));
  const version = (last?.version ?? 0) + 1;
  turn.emit({ kind: "decision_opened", version });
  wantPost(turn, { key: postKeys.decision(version), kind: "decision", version });
  turn.redraw(postKeys.header);
}

/** The card is there already: say where it stands. */
function wantDecisionCard(turn: Turn, version: number): void {
  turn.redraw(postKeys.decision(version));
  turn.tell("The decision is open. Its card stands in the channel.");
}

/** A manager signs. Any no-go is no-go; go needs everybody, and every open HIGH risk accepted by name first. */
export function sign(turn: Turn, person: PersonId, go: boolean, reason: string): void {
  const { state } = turn;
  const decision = state.decisions.at(-1);
  if (decision === undefined) return turn.tell(wording.noDecision(turn.ctx.settings.command));
  if (!isManager(state, person)) {
    return turn.tell(wording.notManager(state.scope.managers.map((id) => nameOf(state, id)).join(", ")));
  }
  if (decision.status !== "open") return turn.tell(wording.decisionMade(decision.status === "go"));
  if (go) {
    const open = openHighRisks(turn);
    if (open.length > 0) return turn.tell(wording.acceptFirst(open.map((risk) => risk.id).join(", ")));
  }
  turn.emit({
    kind: "decision_signed",
    version: decision.version,
    person,
    go,
    ...(reason === "" ? {} : { reason: turn.words(reason) }),
  });
  const signatures = turn.state.decisions.at(-1)?.signatures ?? [];
  const all = turn.state.scope.managers.every((id) => signatures.some((one) => one.by === id && one.go));
  if (!go) turn.emit({ kind: "decision_made", version: decision.version, go: false });
  else if (all) turn.emit({ kind: "decision_made", version: decision.version, go: true });
  turn.redraw(postKeys.decision(decision.version));
  turn.redraw(postKeys.header);
  turn.tell(wording.signed(go));
}

function openHighRisks(turn: Turn) {
  return risksOf(turn.state, turn.ctx.catalogue).filter((risk) => risk.level === "HIGH" && risk.accepted === undefined);
}

/** A manager takes a risk on, by name and with a reason. */
export function acceptRisk(turn: Turn, person: PersonId, risk: RiskId, reason: string, until: string): void {
  const { state } = turn;
  if (!isManager(state, person)) {
    const names = state.scope.managers.map((id) => nameOf(state, id)).join(", ");
    return turn.tell(names === "" ? wording.noManagers(turn.ctx.settings.command) : wording.notManager(names));
  }
  if (!/[\p{L}\p{N}]/u.test(reason)) return turn.tell(wording.acceptNeedsReason());
  const risks = risksOf(state, turn.ctx.catalogue).filter((one) => one.level !== "UNANSWERED");
  const found = risks.find((one) => one.id === risk.toLowerCase());
  if (found === undefined) return turn.tell(wording.noSuchRisk(risk, risks.map((one) => one.id).join(", ")));
  turn.emit({
    kind: "risk_accepted",
    risk: found.id,
    person,
    reason: turn.words(reason),
    ...(until === "" ? {} : { until }),
  });
  for (const decision of turn.state.decisions) turn.redraw(postKeys.decision(decision.version));
  turn.redraw(postKeys.header);
  turn.tell(wording.accepted(found.id));
}
