import type { PersonId } from "../../src/domain/ids.ts";
import type { Block, Button, Message, Rich } from "../../src/domain/message.ts";
import type { Session } from "../../src/domain/session.ts";
import { COMMAND_USAGE, type CommandName } from "../command.ts";
import { button, type ViewContext } from "./parts.ts";

const GROUPS = ["Answer", "Run the session", "Decide", "Yourself"] as const;

/** What each command is for, in half a line, by what somebody wants to do. */
const PURPOSE: Record<CommandName, { group: (typeof GROUPS)[number]; purpose: string }> = {
  next: { group: "Answer", purpose: "what waits for you" },
  answer: { group: "Answer", purpose: "answer from anywhere" },
  why: { group: "Answer", purpose: "why a question is asked, and what good looks like" },
  quotas: { group: "Answer", purpose: "ask AWS for room, in plain words" },
  practice: { group: "Answer", purpose: "practise a module on a sample" },
  start: { group: "Run the session", purpose: "begin a session for an event" },
  status: { group: "Run the session", purpose: "where the session stands" },
  scope: { group: "Run the session", purpose: "accounts, Regions, services, managers" },
  assign: { group: "Run the session", purpose: "name an owner, delegate a question, hand over" },
  remind: { group: "Run the session", purpose: "remind somebody of what waits for them" },
  evidence: { group: "Run the session", purpose: "read AWS again now" },
  note: { group: "Run the session", purpose: "put a line on the timeline" },
  follow: {
    group: "Run the session",
    purpose: "have another channel, also on the other platform, get the summary and the decision",
  },
  edit: { group: "Run the session", purpose: "change name or date" },
  export: { group: "Run the session", purpose: "a copy of everything" },
  import: { group: "Run the session", purpose: "bring a session back from its export" },
  close: { group: "Run the session", purpose: "end the session" },
  cancel: { group: "Run the session", purpose: "the event is off" },
  forget: { group: "Run the session", purpose: "erase the words people wrote" },
  summary: { group: "Decide", purpose: "write the readiness summary" },
  accept: { group: "Decide", purpose: "accept a risk, by name" },
  decide: { group: "Decide", purpose: "open go / no-go, or sign it" },
  me: { group: "Yourself", purpose: "your hours; also me zone, me away, me nudges thread" },
  digest: { group: "Yourself", purpose: "what moved, for you, another manager or a channel" },
  help: { group: "Yourself", purpose: "this list, or one command" },
};

const LISTED = Object.keys(PURPOSE).filter((name): name is CommandName => name in COMMAND_USAGE);

export function helpCard(view: ViewContext, command?: CommandName, asked?: string): Message {
  if (command !== undefined) {
    const line = `\`${view.command} ${COMMAND_USAGE[command]}\`: ${PURPOSE[command].purpose}.`;
    return {
      summary: line,
      blocks: [
        ...(asked === undefined
          ? []
          : [{ kind: "text" as const, text: [`There is no command "${asked}". The nearest is ${command}.`] }]),
        {
          kind: "text",
          text: [{ code: `${view.command} ${COMMAND_USAGE[command]}` }, `: ${PURPOSE[command].purpose}.`],
        },
      ],
    };
  }
  return {
    summary: `What ${view.command} can do`,
    blocks: [
      {
        kind: "text",
        text: [
          "Owners answer in the module's thread, in their own words: no command needed. There, ",
          { code: "skip" },
          ", ",
          { code: "n/a because …" },
          ", ",
          { code: "don't know" },
          ", ",
          { code: "back" },
          " and ",
          { code: "why?" },
          " are understood.",
        ],
      },
      ...GROUPS.flatMap((title): Block[] => [
        { kind: "text", text: [{ strong: title }] },
        {
          kind: "list",
          items: LISTED.filter((name) => PURPOSE[name].group === title).map(
            (name): Rich => [{ code: COMMAND_USAGE[name] }, ` ${PURPOSE[name].purpose}`],
          ),
        },
      ]),
      {
        kind: "context",
        text: [
          "Terraform, CloudFormation or a description: ",
          { code: "@T-Minus here's our architecture" },
          ", with the file or the text. What it shows becomes suggestions.",
        ],
      },
    ],
  };
}

/** The bare command: what makes sense now. */
export function menuCard(session: Session, view: ViewContext, person: PersonId): Message {
  if (session.status === "none") {
    return {
      summary: "No session is open here. Start one?",
      blocks: [
        {
          kind: "text",
          text: [
            "No session is open in this channel. A session takes your team from now to a signed go / no-go for one event.",
          ],
        },
        { kind: "buttons", buttons: [button("start", "Start a session", {}, { style: "primary", opens: true })] },
        { kind: "context", text: ["Or in one line: ", { code: `${view.command} start "Black Friday" 2027-11-26` }] },
      ],
    };
  }
  const value = { session: session.id };
  const buttons: Button[] = [
    button("next", "My questions", value, { style: "primary" }),
    button("status", "Where it stands", value),
    button("scope", "Scope", value, { opens: true }),
    ...(session.facilitator === person || session.scope.managers.includes(person)
      ? [button("summary", "Summary", value), button("decide", "Open go / no-go", value)]
      : []),
  ];
  return {
    summary: `${session.name} is open here.`,
    blocks: [
      { kind: "text", text: [{ strong: session.name }, " is open in this channel. What do you need?"] },
      { kind: "buttons", buttons },
      { kind: "context", text: [{ code: `${view.command} help` }, " lists every command."] },
    ],
  };
}
