import type { PersonId } from "../../src/domain/ids.ts";
import type { Button, Message, Rich } from "../../src/domain/message.ts";
import type { Session } from "../../src/domain/session.ts";
import { COMMAND_USAGE, type CommandName } from "../command.ts";
import { button, type ViewContext } from "./parts.ts";

/** What each command is for, in half a line. */
const PURPOSE: Record<CommandName, string> = {
  start: "begin a session for an event",
  status: "where the session stands",
  next: "what waits for you",
  why: "why a question is asked, and what good looks like",
  help: "this list, or one command",
  scope: "accounts, Regions, services, managers",
  assign: "name an owner, delegate a question, hand over",
  answer: "answer from anywhere",
  quotas: "ask AWS for room, in plain words",
  evidence: "read AWS again now",
  summary: "write the readiness summary",
  digest: "a roll-up for a manager, or for a channel",
  follow: "have another channel, also on the other platform, get the summary and the decision",
  remind: "remind somebody of what waits for them",
  decide: "open the decision, or sign it",
  accept: "take a risk on, by name",
  note: "put a line on the timeline",
  me: "your hours; also me zone, me away, me nudges thread",
  export: "a copy of everything",
  import: "bring a session back from its export",
  edit: "change name or date",
  close: "end the session",
  cancel: "the event is off",
  forget: "erase the words people wrote",
  practice: "rehearse a module on a sample",
};

export function helpCard(view: ViewContext, command?: CommandName, asked?: string): Message {
  if (command !== undefined) {
    const line = `\`${view.command} ${COMMAND_USAGE[command]}\`: ${PURPOSE[command]}.`;
    return {
      summary: line,
      blocks: [
        ...(asked === undefined
          ? []
          : [{ kind: "text" as const, text: [`There is no command "${asked}". The nearest is ${command}.`] }]),
        { kind: "text", text: [{ code: `${view.command} ${COMMAND_USAGE[command]}` }, `: ${PURPOSE[command]}.`] },
      ],
    };
  }
  const names = Object.keys(COMMAND_USAGE).filter((name): name is CommandName => name in PURPOSE);
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
      { kind: "list", items: names.map((name): Rich => [{ code: COMMAND_USAGE[name] }, ` ${PURPOSE[name]}`]) },
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
        { kind: "context", text: ["Or in one line: ", { code: `${view.command} start "Black Friday" 2026-11-27` }] },
      ],
    };
  }
  const value = { session: session.id };
  const buttons: Button[] = [
    button("next", "My questions", value, { style: "primary" }),
    button("status", "Where it stands", value),
    button("scope", "Scope", value, { opens: true }),
    ...(session.facilitator === person || session.scope.managers.includes(person)
      ? [button("summary", "Summary", value), button("decide", "Decide", value)]
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
