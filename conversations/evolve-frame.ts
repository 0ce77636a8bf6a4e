import { ArchitectureDocument } from "../src/domain/intake.ts";
import type { SessionState } from "../src/domain/session.ts";
import type { SessionEvent } from "../src/domain/session-event.ts";
import { endedBy, forgotten, known, withArchitecture, withModule } from "./evolve-pieces.ts";

type FrameEvent = Extract<
  SessionEvent,
  {
    kind:
      | "session_edited"
      | "scope_changed"
      | "person_named"
      | "owner_assigned"
      | "facilitator_changed"
      | "module_completed"
      | "module_confirmed"
      | "note_added"
      | "scaled_down"
      | "review_answered"
      | "architecture_given"
      | "architecture_read"
      | "suggestion_settled"
      | "seeds_carried"
      | "session_closed"
      | "session_cancelled"
      | "session_forgotten";
  }
>;

/** What becomes of a session itself: its name and scope, its people and modules, what was brought to it, its end. */
export function evolveFrame(state: SessionState, event: FrameEvent): SessionState {
  switch (event.kind) {
    case "session_edited":
      return {
        ...state,
        name: event.name ?? state.name,
        event: event.event ?? state.event,
        eventAt: event.eventAt ?? state.eventAt,
        ...(event.eventAt === undefined || event.eventAt === state.eventAt ? {} : { plannedFrom: event.at }),
      };
    case "scope_changed":
      return { ...state, scope: known({ ...state.scope, ...event.scope }) };
    case "person_named":
      return { ...state, people: { ...state.people, [event.person]: { name: event.name } } };
    case "owner_assigned":
      return withModule(state, event.module, (module) => {
        const { owner: _before, ownerSince: _since, givenBy: _giver, ...rest } = module;
        if (event.person === null) return rest;
        const given = event.by === undefined || event.by === event.person ? {} : { givenBy: event.by };
        return { ...rest, owner: event.person, ownerSince: event.at, ...given };
      });
    case "facilitator_changed":
      return { ...state, facilitator: event.person };
    case "module_completed":
      return withModule(state, event.module, (module) => ({ ...module, completedAt: event.at }));
    case "module_confirmed":
      return withModule(state, event.module, (module) => ({ ...module, confirmedAt: event.at }));
    case "note_added":
      return { ...state, notes: [...state.notes, { at: event.at, by: event.person, words: event.words }] };
    case "scaled_down":
      return { ...state, scaledDown: { by: event.person, at: event.at } };
    case "review_answered":
      return {
        ...state,
        review: { ...state.review, [event.asks]: { words: event.words, by: event.person, at: event.at } },
      };
    case "architecture_given":
      return {
        ...state,
        architectures: [
          ...(state.architectures ?? []),
          {
            id: event.intake,
            by: event.person,
            at: event.at,
            address: event.address,
            source: event.source,
            reading: "under_way",
            settled: {},
          },
        ],
      };
    case "architecture_read":
      return withArchitecture(state, event.intake, (one) => {
        const text = event.document?.text ?? null;
        if (event.document === null) return { ...one, reading: "failed" };
        return {
          ...one,
          reading: "read",
          ...(text === null ? {} : { document: ArchitectureDocument.parse(JSON.parse(text)) }),
        };
      });
    case "suggestion_settled": {
      const key = event.found === undefined ? event.question : `${event.question}/${event.found}`;
      return withArchitecture(state, event.intake, (one) => ({
        ...one,
        settled: { ...one.settled, [key]: { how: event.how, by: event.person, at: event.at } },
      }));
    }
    case "seeds_carried":
      return {
        ...state,
        from: { session: event.from, name: event.name, lessons: event.lessons },
        seeds: event.seeds,
      };
    case "session_closed":
      return { ...state, status: "closed", closedAt: event.at, ...endedBy(event) };
    case "session_cancelled":
      return { ...state, status: "cancelled", closedAt: event.at, ...endedBy(event) };
    case "session_forgotten":
      return forgotten(state, event.at);
  }
}
