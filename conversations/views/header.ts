import type { Block, Message, Rich } from "../../src/domain/message.ts";
import type { SessionState } from "../../src/domain/session.ts";
import { daysUntil, sayWhen } from "../dates.ts";
import { nextMilestone } from "../plan.ts";
import { isSettled, modulesInOrder } from "../session-queries.ts";
import { STEPS } from "../steps.ts";
import { progressOf } from "../verdict.ts";
import { wording } from "../wording.ts";
import { sharedGapLines } from "./gaps.ts";
import { onDay } from "./moments.ts";
import { button, person, type ViewContext } from "./parts.ts";

/** The session's header card: one message in the channel, always current. */
export function headerCard(state: SessionState, view: ViewContext): Message {
  const progress = progressOf(state, view.catalogue);
  const title = `${state.name} · ${countdown(state, view.now)} · ${sayWhen(state.event, view.now)}`;
  const owners = Object.fromEntries(modulesInOrder(state).map((module) => [module.id, module.owner]));
  const blocks: Block[] = [
    { kind: "heading", text: title },
    ...decisionLine(state),
    { kind: "text", text: [{ strong: riskLine(progress) }] },
    {
      kind: "progress",
      rows: progress.modules.map((row) => ({
        label: row.title,
        done: row.done,
        total: row.total,
        state: row.state,
        note: noteOf(state, owners[row.id], row.done === row.total && row.state === "not_answered"),
      })),
    },
    ...nextLine(state, view),
    ...readersClock(state),
    ...endLine(state),
  ];
  if (state.status === "open") {
    blocks.push({
      kind: "buttons",
      buttons: [
        button("next", "My questions", { session: state.id }, { style: "primary" }),
        button("scope", "Scope", { session: state.id }, { opens: true }),
        button("summary", "Summary", { session: state.id }),
        button("decide", "Decide", { session: state.id }),
      ],
    });
  }
  return { summary: `${title}. ${riskLine(progress)}`, blocks };
}

/** The title is in the session's zone, for everybody; here stands the same moment by the reader's own clock. */
function readersClock(state: SessionState): Block[] {
  if (state.status !== "open") return [];
  return [{ kind: "context", text: ["By your clock: ", { time: state.eventAt, fallback: sayWhen(state.event) }] }];
}

/** Who has it; and where all is said but not confirmed, why it still counts as not answered. */
function noteOf(state: SessionState, owner: string | undefined, unconfirmed: boolean): Rich {
  if (unconfirmed) {
    return ["all said; counts once ", owner === undefined ? "somebody" : person(state, owner), " confirms it"];
  }
  return [owner === undefined ? "nobody yet" : person(state, owner)];
}

/** "T-30 days", "T-1 day", "today", "3 days ago". */
export function countdown(state: SessionState, now: Date): string {
  const days = daysUntil(now, state.eventAt, state.event.zone);
  if (days === 0) return "today";
  if (days > 0) return `T-${wording.plural(days, "day")}`;
  return `${wording.plural(-days, "day")} ago`;
}

function riskLine(progress: ReturnType<typeof progressOf>): string {
  const parts = [
    ...(progress.high > 0 ? [`🔴 ${progress.high} high risk`] : []),
    ...(progress.medium > 0 ? [`🟡 ${progress.medium} at risk`] : []),
    wording.questionsAnswered(progress.done, progress.total),
  ];
  return parts.join(" · ");
}

/** The next step of the plan, or the one that is late. */
function nextLine(state: SessionState, view: ViewContext): Block[] {
  if (state.status !== "open") return [];
  const next = nextMilestone(state, view.catalogue, view.now);
  const says = STEPS.find(({ id }) => id === next?.id)?.says;
  if (next === undefined || says === undefined) return [];
  const day = onDay(next.at, state, view);
  const late = next.at < view.now.toISOString();
  return [
    { kind: "text", text: late ? ["Late since ", day, `: ${says.late}.`] : [`Next: ${says.next} by `, day, "."] },
  ];
}

/** What was decided stands first: all the rest of the card is read in its light. */
function decisionLine(state: SessionState): Block[] {
  const decision = state.decisions.at(-1);
  if (decision?.status === "go") return [{ kind: "text", text: [{ strong: "Decision: go." }] }];
  if (decision?.status === "no_go") return [{ kind: "text", text: [{ strong: "Decision: no-go." }] }];
  return [];
}

function endLine(state: SessionState): Block[] {
  const said: Block[] = [];
  if (state.status === "closed") said.push({ kind: "context", text: ["This session is closed."] });
  if (state.status === "cancelled") said.push({ kind: "context", text: ["This session is cancelled."] });
  return said;
}

function howToAnswer(state: SessionState): string {
  return state.flat ? "Answer here, in your own words." : "Answer in the thread, in your own words.";
}

/** A module's post in the channel; its thread hangs under it. */
export function moduleCard(state: SessionState, moduleId: string, view: ViewContext): Message {
  const module = state.modules[moduleId];
  const asked = view.catalogue.module(moduleId);
  const title = asked?.title ?? moduleId;
  const ids = module?.questions ?? [];
  const done = ids.filter((id) => {
    const question = state.questions[id];
    return question !== undefined && isSettled(question);
  }).length;
  const owner: Rich = module?.owner === undefined ? ["nobody owns it yet"] : ["owner ", person(state, module.owner)];
  const lacks = lacking(state, moduleId);
  return {
    summary: `${title}: ${wording.plural(ids.length, "question")}`,
    blocks: [
      {
        kind: "text",
        text: [
          { strong: title },
          ` · ${wording.plural(ids.length, "question")} · `,
          ...owner,
          done === 0 ? "" : ` · ${done} of ${ids.length} answered`,
        ],
      },
      {
        kind: "text",
        text: [`${asked?.intro ?? ""} ${done === ids.length ? "" : howToAnswer(state)}`.trim()],
      },
      ...(lacks === "" ? [] : [{ kind: "context" as const, text: [lacks] }]),
      ...(state.status === "open"
        ? sharedGapLines(state, ids, view.command).map((text) => ({ kind: "context" as const, text }))
        : []),
      ...(module?.owner === undefined && state.status === "open"
        ? [
            {
              kind: "buttons" as const,
              buttons: [
                button(
                  "claim",
                  "I'll take this",
                  { session: state.id, module: moduleId },
                  {
                    style: "primary",
                    describes: `Take ${title}`,
                  },
                ),
              ],
            },
          ]
        : []),
    ],
  };
}

/** What a module still lacks from the Scope to be looked up instead of asked. */
function lacking(state: SessionState, module: string): string {
  const { scope } = state;
  const missing: Record<string, string[]> = {
    performance: [
      ...(scope.hosts.length === 0 ? ["hostnames"] : []),
      ...(scope.loadTarget === undefined ? ["a load-test target"] : []),
    ],
    resilience: [...(scope.regions.length === 0 ? ["Regions"] : [])],
    "service-quotas": [
      ...(scope.accounts.length === 0 ? ["an AWS account"] : []),
      ...(scope.regions.length === 0 ? ["Regions"] : []),
      ...(scope.peak === undefined ? ["the expected peak"] : []),
    ],
  };
  const lacks = missing[module] ?? [];
  if (lacks.length < 2) return lacks.length === 0 ? "" : `The Scope still lacks ${lacks.join("")}.`;
  return `The Scope still lacks ${lacks.slice(0, -1).join(", ")} and ${lacks.at(-1)}.`;
}
