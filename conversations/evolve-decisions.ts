import type { SessionState } from "../src/domain/session.ts";
import { type SessionEvent, SummaryDocument } from "../src/domain/session-event.ts";
import { seenAgain, withDecision } from "./evolve-pieces.ts";

type DecisionEvent = Extract<
  SessionEvent,
  {
    kind:
      | "evidence_requested"
      | "evidence_read"
      | "increase_filed"
      | "increase_changed"
      | "risk_accepted"
      | "decision_opened"
      | "decision_signed"
      | "decision_made"
      | "summary_requested"
      | "summary_written"
      | "risk_watched"
      | "condition_set"
      | "condition_ended";
  }
>;

/** What becomes of evidence and risks, of decisions and their conditions, and of summaries. */
export function evolveDecisions(state: SessionState, event: DecisionEvent): SessionState {
  switch (event.kind) {
    case "evidence_requested":
      return { ...state, evidenceRunning: true };
    case "evidence_read": {
      const evidence = {
        ...seenAgain(state.evidence, event),
        ...Object.fromEntries(event.items.map((item) => [item.id, item])),
      };
      for (const id of event.gone ?? []) delete evidence[id];
      return {
        ...state,
        evidence,
        gaps: event.gaps ?? state.gaps,
        evidenceAt: event.at,
        evidenceRunning: !event.complete,
      };
    }
    case "increase_filed":
      return { ...state, increases: { ...state.increases, [event.increase.id]: event.increase } };
    case "increase_changed": {
      const increase = state.increases?.[event.id];
      if (increase === undefined) return state;
      const { status, closed, late } = event;
      return { ...state, increases: { ...state.increases, [event.id]: { ...increase, status, closed, late } } };
    }
    case "risk_accepted":
      return {
        ...state,
        accepted: [
          ...state.accepted.filter((accepted) => accepted.risk !== event.risk),
          {
            risk: event.risk,
            by: event.person,
            at: event.at,
            reason: event.reason,
            ...(event.until === undefined ? {} : { until: event.until }),
            ...(event.level === undefined ? {} : { level: event.level }),
          },
        ],
      };
    case "decision_opened":
      return {
        ...state,
        decisions: [
          ...state.decisions,
          {
            version: event.version,
            openedBy: event.by ?? state.facilitator,
            openedAt: event.at,
            status: "open",
            signatures: [],
          },
        ],
      };
    case "decision_signed":
      return withDecision(state, event.version, (decision) => ({
        ...decision,
        signatures: [
          ...decision.signatures.filter((signature) => signature.by !== event.person),
          {
            by: event.person,
            go: event.go,
            at: event.at,
            ...(event.reason === undefined ? {} : { reason: event.reason }),
          },
        ],
      }));
    case "decision_made":
      return withDecision(state, event.version, (decision) => ({
        ...decision,
        status: event.go ? "go" : "no_go",
        decidedAt: event.at,
        ...(event.headline === undefined ? {} : { headline: event.headline }),
        ...(event.left === undefined ? {} : { left: event.left }),
      }));
    case "summary_requested":
      return { ...state, drafting: { version: event.version, at: event.at } };
    case "summary_written": {
      const { drafting: _written, ...rest } = state;
      if (event.document.text === null) return rest;
      const document = SummaryDocument.parse(JSON.parse(event.document.text));
      return {
        ...rest,
        summaries: [
          ...state.summaries.filter((summary) => summary.version !== event.version),
          { version: event.version, at: event.at, by: event.writer, ...document },
        ],
      };
    }
    case "risk_watched": {
      const watched = { ...state.watched };
      for (const [question, watch] of Object.entries(event.watched)) {
        if (watch === null) delete watched[question];
        else watched[question] = watch;
      }
      return { ...state, watched };
    }
    case "condition_set":
      return withDecision(state, event.version, (decision) => ({
        ...decision,
        conditions: [
          ...(decision.conditions ?? []),
          { by: event.person, words: event.words, at: event.at, dueAt: event.dueAt },
        ],
      }));
    case "condition_ended":
      return withDecision(state, event.version, (decision) => ({
        ...decision,
        conditions: (decision.conditions ?? []).map((condition, index) =>
          index === event.index ? { ...condition, met: event.met, toldBy: event.person } : condition,
        ),
      }));
  }
}
