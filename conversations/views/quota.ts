import type { Block, Message, Rich } from "../../src/domain/message.ts";
import type { Increase, QuotaAnswer, RaiseConfirmation, RaiseProposal } from "../../src/domain/quota-answer.ts";
import type { QuotaQuery } from "../../src/domain/quota-query.ts";
import { QUOTA_SUBJECTS } from "../../src/domain/quota-subjects.ts";
import type { SessionState } from "../../src/domain/session.ts";
import { coded } from "../coded.ts";
import { sayFigure } from "../headroom.ts";
import { describeQuotaQuery } from "../quota-query.ts";
import { nameOf } from "../session-queries.ts";
import { headroomChart } from "../summary-blocks.ts";
import { onDay } from "./moments.ts";
import { button, person } from "./parts.ts";

/** Answers to quota questions and what becomes of a shortfall. Private but for the posts about filed increases. */

/** More buttons than this and nobody reads them. */
const MOST_RAISES = 3;
const MOST_LINES = 12;

/** `quotas` alone: what can be asked, with examples to tap. */
export function quotaHelp({ command, scoped, off }: { command: string; scoped: boolean; off?: string }): Message {
  const examples = [
    "can we run 300 m7g.2xlarge in eu-west-1?",
    "how much gp3 is left in Ohio",
    "what's closest to its quota",
  ];
  const intro = "Ask about quotas in plain words. I read the account and answer with yes or no, and the sum.";
  return {
    summary: intro,
    blocks: [
      { kind: "text", text: [intro] },
      { kind: "list", items: examples.map((example): Rich => [{ code: `${command} quotas ${example}` }]) },
      ...(off === undefined ? [] : [{ kind: "context" as const, text: coded(off) }]),
      ...(scoped
        ? [
            {
              kind: "context" as const,
              text: ["Reading AWS: what is closest to its quota in this session's accounts."],
            },
          ]
        : []),
    ],
  };
}

/** Shown at once; the answer follows. */
export function readingCard(understood: string): Message {
  const line = `Reading AWS: ${understood}`;
  return { summary: line, blocks: [{ kind: "text", text: ["Reading AWS: ", { strong: understood }, "."] }] };
}

export type AnswerView = {
  query: QuotaQuery;
  /** The session it is asked in, if one is open there. */
  session?: SessionState;
  mayRaise: boolean;
  /** What a button means, as its opaque value. */
  raiseArg(proposal: RaiseProposal): string;
  command: string;
};

/** First yes or no, then the arithmetic, then what can be done. */
export function quotaAnswerCard(answer: QuotaAnswer, view: AnswerView): Message {
  const [first = "I can't tell.", ...rest] = answer.lines;
  const { verdict, words } = splitVerdict(first);
  const shown = rest.slice(0, MOST_LINES);
  const blocks: Block[] = [
    { kind: "text", text: [{ strong: verdict }, ...coded(words)] },
    ...(shown.length === 1 ? [{ kind: "text" as const, text: coded(shown[0] ?? "") }] : []),
    ...(shown.length > 1 ? [{ kind: "list" as const, items: shown.map(coded) }] : []),
  ];
  const chart = headroomChart(
    answer.figures.map((figure) => ({ ...figure, readAt: "" })),
    chartTitle(view),
  );
  if (chart !== undefined) blocks.push(chart);
  const raises = answer.raise.slice(0, MOST_RAISES);
  const first_ = raises[0];
  if (first_ !== undefined) {
    blocks.push({ kind: "context", text: [whyLine(raises)] });
    if (!view.mayRaise) blocks.push({ kind: "context", text: coded(whoRaises(view)) });
  }
  const value = view.session === undefined ? {} : { session: view.session.id };
  const raiseButtons = view.mayRaise
    ? raises.map((one) =>
        button(
          "raise",
          raiseLabel(one, raises),
          { ...value, arg: view.raiseArg(one) },
          {
            style: "primary",
            describes: `Ask AWS for ${sayFigure(one.value)} ${one.unit} of ${one.label}`.slice(0, 75),
          },
        ),
      )
    : [];
  const all = seeAll(answer, view);
  if (raiseButtons.length + all.length > 0) blocks.push({ kind: "buttons", buttons: [...raiseButtons, ...all] });
  blocks.push({ kind: "context", text: [`I understood: ${describeQuotaQuery(view.query)}.`] });
  return { summary: [first, ...rest.slice(0, 1)].join(" "), blocks };
}

/** "No. 300 × 8 = …" → "No." and the rest; "I can't tell: …" stays whole. */
function splitVerdict(line: string): { verdict: string; words: string } {
  const match = /^((?:Yes|No)[.,:])(.*)$/s.exec(line);
  return { verdict: match?.[1] ?? line, words: match?.[2] ?? "" };
}

/** "Ask AWS for 2,880"; beside others with its unit, and with its name where the units are the same. */
function raiseLabel(one: RaiseProposal, raises: readonly RaiseProposal[]): string {
  const short = `Ask AWS for ${sayFigure(one.value)}`;
  if (raises.length === 1) return short;
  const alike = raises.filter((other) => other.unit === one.unit).length > 1;
  return alike ? `${short}: ${one.label}` : `${short} ${one.unit}`;
}

/** What the bars show: the need of the question, or the use at the expected peak. */
function chartTitle({ query, session }: AnswerView): string {
  if (query.kind === "run" || (query.kind === "room" && query.amount !== undefined))
    return "With these, against the quota";
  const peak = session?.scope.peak;
  return peak === undefined ? "Use against the quota" : `Use at ${sayFigure(peak)}× peak, against the quota`;
}

/** "Ask for 2,880 vCPU: 2,496 needed, plus 15%." */
function whyLine(raises: readonly RaiseProposal[]): string {
  const each = raises.map(
    ({ value, needed, unit }) => `${`${sayFigure(value)} ${unit}`.trim()}: ${sayFigure(needed)} needed, plus 15%`,
  );
  return `Ask for ${each.join("; ")}.`;
}

function whoRaises({ session, command }: AnswerView): string {
  if (session === undefined) {
    return `Quota increases are filed from a session, by its managers. \`${command} start\` opens one.`;
  }
  const managers = session.scope.managers.map((id) => nameOf(session, id));
  return managers.length === 0
    ? `Only a manager can ask AWS for more, and this session has none yet. \`${command} assign manager @name\` names one.`
    : `Only a manager can ask AWS for more: ${managers.join(", ")}.`;
}

const SERVICE_TITLES: Record<string, string> = {
  ec2: "EC2",
  ebs: "EBS",
  lambda: "Lambda",
  vpc: "VPC",
  elasticloadbalancing: "ELB",
  ses: "SES",
  dynamodb: "DynamoDB",
  rds: "RDS",
  cloudfront: "CloudFront",
  autoscaling: "Auto Scaling",
};

/** One tap from one quota to all of its service. */
function seeAll(answer: QuotaAnswer, { query, session }: AnswerView) {
  if (query.kind === "closest" || query.kind === "groups") return [];
  const code =
    answer.figures[0]?.serviceCode ??
    QUOTA_SUBJECTS.find(({ id }) => query.kind === "room" && id === query.subjects[0])?.service;
  const title = SERVICE_TITLES[code ?? ""];
  if (title === undefined) return [];
  const place = query.regions.length === 0 ? "" : ` in ${query.regions.join(" ")}`;
  const value = session === undefined ? {} : { session: session.id };
  return [button("run", `See all of ${title}`, { ...value, arg: `quotas ${title.toLowerCase()}${place}` })];
}

/** Old, new, why. Nothing is filed before "File it". */
export function raiseConfirmCard(confirmation: RaiseConfirmation, raise: string, session: string): Message {
  const { change, why, open, proposal } = confirmation;
  if (open !== null) {
    const line = `An increase of ${proposal.label} to ${sayFigure(open.desired)} is open already (request ${open.id}).`;
    return {
      summary: line,
      blocks: [
        { kind: "text", text: [line] },
        {
          kind: "text",
          text: [
            "AWS takes one open request per quota, so nothing new is filed. I can follow that one and tell you how it ends.",
          ],
        },
        { kind: "buttons", buttons: [button("file_increase", "Follow it", { session, arg: raise })] },
      ],
    };
  }
  return {
    summary: `Ask AWS for this? ${change}`,
    blocks: [
      { kind: "text", text: [{ strong: "Ask AWS for this?" }] },
      {
        kind: "facts",
        facts: [
          { label: "Quota", value: [`${proposal.label} (${proposal.account}, ${proposal.region})`] },
          { label: "Today", value: [`${sayFigure(proposal.current)} ${proposal.unit}`.trim()] },
          { label: "New", value: [{ strong: `${sayFigure(proposal.value)} ${proposal.unit}`.trim() }] },
          { label: "Why", value: [why] },
          { label: "Open requests", value: ["none for this quota"] },
        ],
      },
      { kind: "buttons", buttons: [button("file_increase", "File it", { session, arg: raise }, { style: "primary" })] },
      {
        kind: "context",
        text: ["AWS decides, often within days. I look every day and tell the Service Quotas thread."],
      },
    ],
  };
}

/** What happened to an increase, as it was when it was told. `key`: `increase:<request>:<what>`. */
export function increaseCard(state: SessionState, key: string): Message {
  const [, id = "", what = ""] = key.split(":");
  const increase = state.increases?.[id];
  if (increase === undefined) return plain(state.name);
  const { label, unit, account, region, from, to } = increase;
  const place = `${account}, ${region}`;
  const asked = `${sayFigure(to)} ${unit}`.trim();
  const filed = onDay(increase.filedAt, state, { now: new Date(state.eventAt) });
  const note: Rich = [`Request ${id}, filed `, filed, `: ${label} ${sayFigure(from)} → ${sayFigure(to)} (${place}).`];
  switch (what) {
    case "filed":
      return {
        summary: `AWS is asked for ${asked} of ${label}.`,
        blocks: [
          {
            kind: "text",
            text:
              increase.already === true
                ? [
                    `${label} (${place}): an increase to ${asked} was open already; `,
                    person(state, increase.by),
                    " has it followed here.",
                  ]
                : [
                    person(state, increase.by),
                    ` asked AWS for ${asked} of ${label} (${place}); today it is ${sayFigure(from)}.`,
                  ],
          },
          {
            kind: "context",
            text: [`Request ${id}. I look every day until AWS has closed it, and tell you here.`],
          },
        ],
      };
    case "late":
      return told(
        `Late: AWS hasn't closed the increase of ${label} to ${asked}, and the event is less than 7 days away.`,
        "It counts as missing until it is there. Call the support case in today, or lower the need: fewer instances, another family, another Region.",
        note,
      );
    case "pending":
    case "case_opened":
      return told(`AWS looks at the increase of ${label} to ${asked}: a support case is open.`, "", note);
    case "approved":
      return told(`AWS approved ${asked} of ${label}.`, "I read the quota again; the questions show it.", note);
    case "case_closed":
      return told(
        `AWS closed the support case about ${label} (${asked} asked).`,
        "Read the case for what was granted; the questions show today's quota.",
        note,
      );
    default:
      return told(
        `AWS didn't approve ${asked} of ${label}.`,
        "Read why in the support case. Ask again with the reason and the date of the event, or lower the need.",
        note,
      );
  }
}

function told(line: string, next: string, note: Rich): Message {
  return {
    summary: line,
    blocks: [
      { kind: "text", text: [{ strong: line }, next === "" ? "" : ` ${next}`] },
      { kind: "context", text: note },
    ],
  };
}

/** To whoever filed it. */
export function filedLine(increase: Increase): string {
  const { label, to, unit, id } = increase;
  return increase.already === true
    ? `An increase of ${label} to ${sayFigure(to)} was open already (request ${id}); nothing new is filed. I follow it in the Service Quotas thread.`
    : `Filed: ${sayFigure(to)} ${unit} of ${label} (request ${id}). I look every day and tell the Service Quotas thread how it goes.`;
}

function plain(text: string): Message {
  return { summary: text, blocks: [{ kind: "text", text: [text] }] };
}
