import type { PersonId } from "../src/domain/ids.ts";
import type { Inbound } from "../src/domain/inbound.ts";
import { acceptableRisks, decisionToSign, mayAccept } from "./deciding.ts";
import { isFacilitator } from "./permissions.ts";
import { mayReview } from "./reviewing.ts";
import { typedStart } from "./start-again.ts";
import { alreadyOpen, askForStart } from "./starting.ts";
import type { Turn } from "./turn.ts";
import { acceptForm, editForm, noGoForm, ownersForm, scopeForm } from "./views/forms.ts";
import type { ViewContext } from "./views/parts.ts";
import { reviewForm } from "./views/review.ts";
import { wording } from "./wording.ts";

/**
 * Forms that a button or a command opens. Whoever would be refused on sending one is told before they have typed
 * anything: what was typed into a form that is refused is lost.
 */

/** `typed`: what stands in the button that asks for it. */
export function openStart(turn: Turn, inbound: Inbound, typed: string | undefined): void {
  if (inbound.direct) return turn.tell(wording.startInChannel(turn.ctx.settings.command));
  if (turn.session.status === "open") return alreadyOpen(turn, turn.session.id, turn.session.name);
  askForStart(turn, typedStart(typed), inbound);
}

export function openEdit(turn: Turn, person: PersonId): void {
  if (isOver(turn) || !isFacilitator(turn, person, "edit the session")) return;
  turn.reply({ kind: "form", form: editForm(turn.state) });
}

export function openScope(turn: Turn, person: PersonId, view: ViewContext): void {
  if (isOver(turn)) return;
  turn.reply({ kind: "form", form: scopeForm(turn.state, turn.ctx.settings, view, person) });
}

export function openOwners(turn: Turn, person: PersonId, view: ViewContext): void {
  if (isOver(turn) || !isFacilitator(turn, person, "name the owners")) return;
  turn.reply({ kind: "form", form: ownersForm(turn.state, view) });
}

export function openReview(turn: Turn, person: PersonId): void {
  if (isOver(turn) || !mayReview(turn, person)) return;
  turn.reply({ kind: "form", form: reviewForm(turn.state) });
}

export function openNoGo(turn: Turn, person: PersonId): void {
  if (isOver(turn) || decisionToSign(turn, person) === undefined) return;
  turn.reply({ kind: "form", form: noGoForm(turn.state.id) });
}

/** `risk`: the one that the button names; it may be accepted already, and then for longer. */
export function openAccept(turn: Turn, person: PersonId, risk: string | undefined): void {
  if (isOver(turn) || !mayAccept(turn, person)) return;
  const risks = acceptableRisks(turn.state, turn.ctx.catalogue, risk);
  if (risks.length === 0) return turn.tell(wording.noRiskLeft());
  if (risk !== undefined && !risks.some((one) => one.id === risk)) {
    return turn.tell(wording.noSuchRisk(risk, risks.map((one) => one.id).join(", ")));
  }
  turn.reply({ kind: "form", form: acceptForm(turn.state, risks, risk) });
}

function isOver(turn: Turn): boolean {
  const { state, ctx } = turn;
  if (state.status !== "open") turn.tell(wording.sessionOver(state, ctx.settings.command));
  return state.status !== "open";
}
