import type { Catalogue } from "../../src/domain/catalogue.ts";
import type { PersonId } from "../../src/domain/ids.ts";
import type { SessionState } from "../../src/domain/session.ts";
import type { SessionEvent } from "../../src/domain/session-event.ts";
import { textOf } from "../../src/domain/words.ts";

export type Activity = { at: string; text: string };

/** The audit trail in words, newest first: what a person would want to hear, not every message. */
export function activityOf(
  state: SessionState,
  events: readonly SessionEvent[],
  catalogue: Pick<Catalogue, "question" | "module">,
  most = 30,
): Activity[] {
  const found: Activity[] = [];
  for (const event of events.toReversed()) {
    const text = words(state, event, catalogue);
    if (text !== undefined) found.push({ at: event.at, text });
    if (found.length === most) break;
  }
  return found;
}

function words(
  state: SessionState,
  event: SessionEvent,
  catalogue: Pick<Catalogue, "question" | "module">,
): string | undefined {
  const name = (person: PersonId | undefined): string =>
    person === undefined ? "T-Minus" : (state.people[person]?.name ?? "Somebody");
  const question = (id: string): string => `${id}, ${catalogue.question(id)?.short ?? "a question"}`;
  const module = (id: string): string => catalogue.module(id)?.title ?? id;
  switch (event.kind) {
    case "session_started":
      return `${name(event.facilitator)} started the session`;
    case "owner_assigned":
      if (event.person === null) return `${module(event.module)} is nobody's again`;
      return event.by === event.person
        ? `${name(event.person)} took ${module(event.module)}`
        : `${module(event.module)} now belongs to ${name(event.person)}`;
    case "question_delegated":
      return event.to === null ? undefined : `${question(event.question)} went to ${name(event.to)}`;
    case "answer_settled":
      return `${name(event.person)} answered ${question(event.question)}`;
    case "answer_part_revised":
      return `${name(event.by)} changed the answer to ${question(event.question)}`;
    case "answer_reopened":
      return event.why === "evidence"
        ? `AWS contradicts the answer to ${question(event.question)}: it is open again`
        : `${question(event.question)} is open again`;
    case "question_skipped":
      return `${name(event.person)} skipped ${question(event.question)}`;
    case "question_not_applicable":
      return `${name(event.person)} said that ${question(event.question)} doesn't apply`;
    case "choices_confirmed":
      return `${name(event.by)} confirmed ${question(event.question)}`;
    case "module_completed":
      return `${module(event.module)} is answered`;
    case "evidence_read": {
      const gaps = (event.gaps ?? []).length === 0 ? "" : `; ${event.gaps?.length} could not be read`;
      const { length: facts } = event.items;
      return `AWS was read: ${facts === 0 ? "nothing new" : `${facts} new or changed ${facts === 1 ? "fact" : "facts"}`}${gaps}`;
    }
    case "risk_accepted":
      return `${name(event.person)} accepted ${event.risk.replace("risk-", "").toUpperCase()}`;
    case "decision_opened":
      return "The go / no-go was opened";
    case "decision_signed":
      return `${name(event.person)} signed ${event.go ? "go" : "no-go"}`;
    case "decision_made":
      return `Decision: ${event.go ? "go" : "no-go"}`;
    case "summary_written":
      return `Summary ${event.version} was written${event.writer === "plain" ? " without a model" : ""}`;
    case "note_added":
      return `${name(event.person)} noted: ${textOf(event.words)}`;
    case "session_closed":
      return "The session was closed";
    case "session_cancelled":
      return "The session was cancelled";
    default:
      return undefined;
  }
}
