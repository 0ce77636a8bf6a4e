import type { Block, Message, Rich } from "../../src/domain/message.ts";
import { plainWords } from "../../src/domain/rich.ts";
import type { SessionState, Telling } from "../../src/domain/session.ts";
import { textOf } from "../../src/domain/words.ts";
import { followedCard } from "../following.ts";
import { leftOpen, spokenName } from "../left-open.ts";
import { REVIEW_ASKS } from "../review-asks.ts";
import { nameOf } from "../session-queries.ts";
import { STEPS } from "../steps.ts";
import { endSentence, outgrownLine, risksOf, verdictOf } from "../verdict.ts";
import { wording } from "../wording.ts";
import { atMoment, atTime, between, onDay } from "./moments.ts";
import { button, excerpt, person, type ViewContext } from "./parts.ts";

/** What is said once in a thread. Made from what it is about and the session as it is at the moment of sending. */
export function tellingCard(
  state: SessionState,
  telling: Telling | undefined,
  view: ViewContext,
  /** In a channel that follows, not at home. */
  there = false,
): Message {
  switch (telling?.what) {
    case "plan_moved":
      return planMoved(state, telling, view);
    case "check":
      return check(state, telling, view);
    case "risk_changed":
      return riskChanged(state, telling, view);
    case "condition_failed":
      return conditionFailed(state, telling, view);
    case "away":
      return away(state, telling, view);
    case "followed":
      return followedCard(state, telling, there);
    case "timeline":
      return timeline(state);
    case "ended":
      return ended(state);
    case "review":
      return review(state);
    case undefined:
      return wording.sentence(state.name);
  }
}

function planMoved(state: SessionState, telling: Extract<Telling, { what: "plan_moved" }>, view: ViewContext): Message {
  const moment = (at: string) => atMoment(at, state, view);
  const line: Rich = ["The event moved from ", moment(telling.from), " to ", moment(telling.to), "."];
  const title = (id: string) => STEPS.find((step) => step.id === id)?.title ?? id;
  const items = telling.moved.map(
    ({ milestone, from, to }): Rich => [
      `${title(milestone)}: `,
      onDay(to, state, view),
      ", was ",
      onDay(from, state, view),
    ],
  );
  return {
    summary: plainWords(line),
    blocks: [
      { kind: "text", text: [...line, " Answers stay as they are."] },
      ...(items.length === 0
        ? [{ kind: "text" as const, text: ["The rest of the plan stands."] }]
        : [{ kind: "list" as const, items }]),
      ...(telling.lapsed.length === 0
        ? []
        : [
            {
              kind: "text" as const,
              text: [`Accepted only until before the new date, so open again: ${telling.lapsed.join(", ")}.`],
            },
          ]),
    ],
  };
}

function check(state: SessionState, { before }: Extract<Telling, { what: "check" }>, view: ViewContext): Message {
  const { high, unconfirmed } = leftOpen(state, view.catalogue);
  const conditions = (state.decisions.at(-1)?.conditions ?? []).filter((condition) => condition.met === undefined);
  const line = `${before === "24h" ? "One day to go." : "One hour to go."} ${decidedSoFar(state, view)}`;
  const ids = atMost(
    9,
    unconfirmed.map(({ question }) => question),
    ", ",
  );
  const questions = wording.plural(unconfirmed.length, "question");
  const risks = atMost(
    5,
    high.map(({ question }) => spokenName(question, view.catalogue)),
    "; ",
  );
  const lines: Rich[] = [
    ...(ids === "" ? [] : [[{ strong: "Not confirmed: " }, `${ids} (${questions}).`]]),
    ...(risks === "" ? [] : [[{ strong: "Open high risks: " }, `${risks}.`]]),
    ...conditions.map((one): Rich => [{ strong: "Still to be met: " }, { quote: excerpt(textOf(one.words), 160) }]),
    ...(state.scope.bridge === undefined ? [] : [[{ strong: "Bridge: " }, { quote: state.scope.bridge }]]),
    ...(state.scope.contacts === undefined
      ? []
      : [[{ strong: "Contacts: " }, { quote: excerpt(state.scope.contacts, 300) }]]),
    ...(state.scope.scenarios === undefined || before === "24h"
      ? []
      : [[{ strong: "If something goes wrong: " }, { quote: excerpt(state.scope.scenarios, 300) }]]),
  ];
  return {
    summary: `${state.name}: ${line}`,
    blocks: [
      { kind: "text", text: [{ strong: line }] },
      ...(lines.length === 0 ? [] : [{ kind: "list" as const, items: lines }]),
      {
        kind: "context",
        text:
          before === "24h"
            ? [
                state.said.includes("aws_off")
                  ? "The next word from me is one hour before the event."
                  : "I read AWS every hour from now on and speak up only when a risk changes.",
              ]
            : ["I stay quiet from here. ", { code: `${view.command} note …` }, " puts a line on the timeline."],
      },
    ],
  };
}

/** A decision stands as it was made; only where there is none the verdict speaks. */
function decidedSoFar(state: SessionState, view: ViewContext): string {
  const decision = state.decisions.at(-1);
  if (decision?.status === "go") return "Decision: go.";
  if (decision?.status === "no_go") return "Decision: no-go.";
  const { headline } = verdictOf(state, view.catalogue);
  if (decision === undefined) return `${headline}, and go / no-go isn't opened.`;
  const signed = new Set(decision.signatures.map(({ by }) => by));
  const waiting = state.scope.managers.filter((id) => !signed.has(id)).map((id) => nameOf(state, id));
  return `${headline}; go / no-go waits for ${waiting.length === 0 ? "a signature" : waiting.join(", ")}.`;
}

/** What doesn't fit is counted, never dropped. */
function atMost(most: number, names: string[], separator: string): string {
  const rest = names.length - most;
  return rest > 0 ? `${names.slice(0, most).join(separator)} and ${rest} more` : names.join(separator);
}

const LEVELS: Record<string, string> = {
  HIGH: wording.state("high_risk"),
  MEDIUM: wording.state("at_risk"),
  NONE: wording.state("ready"),
  NOT_APPLICABLE: wording.state("ready"),
  UNANSWERED: wording.state("not_answered"),
};

function riskChanged(
  state: SessionState,
  telling: Extract<Telling, { what: "risk_changed" }>,
  view: ViewContext,
): Message {
  const short = view.catalogue.question(telling.question)?.short ?? "";
  const level = LEVELS[telling.to] ?? telling.to;
  const read: Rich = state.evidenceAt === undefined ? [] : [", read ", atTime(state.evidenceAt, state, view)];
  const moved = telling.from === telling.to ? "" : `: ${level}, was ${LEVELS[telling.from] ?? telling.from}`;
  const line = `${telling.question} ${short}${moved}.`;
  const risk = risksOf(state, view.catalogue).find((one) => one.question === telling.question);
  const outgrown = telling.to === "HIGH" && risk !== undefined ? outgrownLine(risk) : undefined;
  return {
    summary: `${line} ${telling.because}`,
    blocks: [
      { kind: "text", text: [{ strong: line }, ` ${telling.because}`] },
      {
        kind: "context",
        text: [
          "From AWS",
          ...read,
          ".",
          telling.reopened === true ? " It contradicts what was confirmed, so the question is open again." : "",
          outgrown === undefined ? "" : ` ${outgrown}`,
        ],
      },
    ],
  };
}

function conditionFailed(
  state: SessionState,
  telling: Extract<Telling, { what: "condition_failed" }>,
  view: ViewContext,
): Message {
  const condition = state.decisions.find(({ version }) => version === telling.version)?.conditions?.[telling.index];
  const line = "A condition of the go is not met.";
  if (condition === undefined) return wording.sentence(line);
  return {
    summary: line,
    blocks: [
      {
        kind: "text",
        text: [
          { strong: `${line} ` },
          person(state, condition.by),
          " signed: ",
          { quote: excerpt(textOf(condition.words), 200) },
        ],
      },
      {
        kind: "text",
        text: [
          "The decision stays on record. To decide again, open a new one: ",
          { code: `${view.command} decide` },
          ".",
        ],
      },
      { kind: "buttons", buttons: [button("decide", "Open go / no-go", { session: state.id })] },
    ],
  };
}

/** Times are real ones: also in a simulation nobody could be heard then. */
function away(state: SessionState, { from, to }: Extract<Telling, { what: "away" }>, view: ViewContext): Message {
  return wording.line([
    "I was away from ",
    ...between(from, to, state, view),
    " and didn't hear what was said here. If you answered or changed an answer then, please say it again.",
  ]);
}

/** The day as it went: one message, edited with every note. */
function timeline(state: SessionState): Message {
  const items = state.notes
    .slice(-40)
    .map(
      (note): Rich => [
        atTime(note.at, state, { now: new Date(state.eventAt) }),
        ` ${nameOf(state, note.by)}: `,
        { quote: excerpt(textOf(note.words), 240) },
      ],
    );
  return {
    summary: `Timeline of ${state.name}: ${wording.plural(state.notes.length, "note")}.`,
    blocks: [
      { kind: "text", text: [{ strong: "Timeline" }] },
      { kind: "list", items },
    ],
  };
}

/** What is left after the event. A session that was closed with something left asks for nothing any more. */
function leftLine(state: SessionState, reviewed: boolean): string {
  const scaled = state.scaledDown !== undefined;
  if (scaled && reviewed) return "Scaled down and reviewed.";
  if (state.status !== "open") return "The session is closed.";
  if (scaled) return "One thing is left: the review.";
  if (reviewed) return "One thing is left: scaling down.";
  return "Two things are left: scaling down and a short review.";
}

/** The last word: who ended it, where everybody sees it. */
function ended(state: SessionState): Message {
  const { by, reason } = state.ended ?? { by: state.facilitator };
  const who = person(state, by);
  if (state.status !== "cancelled") return wording.line([who, " closed this session. Everything stays readable."]);
  const why: Rich = reason === undefined ? ["."] : [": ", { quote: endSentence(excerpt(textOf(reason), 240)) }];
  return wording.line([who, " cancelled this session", ...why, " Nobody will be asked or reminded any more."]);
}

/** The card after the event: what goes down again, and five questions. */
function review(state: SessionState): Message {
  const answered = REVIEW_ASKS.filter((ask) => state.review?.[ask.id] !== undefined);
  const line = `${state.name} is over. ${leftLine(state, answered.length === REVIEW_ASKS.length)}`;
  const blocks: Block[] = [
    { kind: "text", text: [{ strong: line }] },
    {
      kind: "text",
      text:
        state.scaledDown === undefined
          ? [
              { strong: "Scale down: " },
              "minimum sizes, provisioned capacity, reserved load-balancer units, whatever was raised for this.",
            ]
          : [{ strong: "Scaled down: " }, person(state, state.scaledDown.by), "."],
    },
    { kind: "text", text: [{ strong: "Review" }] },
    {
      kind: "list",
      items: REVIEW_ASKS.map((ask): Rich => {
        const said = state.review?.[ask.id];
        if (said === undefined) return [ask.text];
        return [{ soft: `${ask.text} ` }, `${nameOf(state, said.by)}: `, { quote: excerpt(textOf(said.words), 240) }];
      }),
    },
  ];
  if (state.status === "open") {
    blocks.push({
      kind: "buttons",
      buttons: [
        ...(answered.length === REVIEW_ASKS.length
          ? []
          : [button("review", "Write the review", { session: state.id }, { opens: true, style: "primary" as const })]),
        ...(state.scaledDown === undefined ? [button("scaled_down", "Scaled down", { session: state.id })] : []),
      ],
    });
  }
  return { summary: line, blocks };
}
