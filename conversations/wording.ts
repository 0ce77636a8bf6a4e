import type { Catalogue, Question } from "../src/domain/catalogue.ts";
import type { Unfit } from "../src/domain/inbound.ts";
import type { Button, Message, ReadyState, Rich } from "../src/domain/message.ts";
import { plainWords } from "../src/domain/rich.ts";
import type { QuestionState, SessionState, SessionStatus } from "../src/domain/session.ts";
import { coded } from "./coded.ts";
import { nearest } from "./nearest.ts";

/**
 * What the bot says outside its cards: every sentence, in one place. First the point, then what it means, then what to
 * do. Cards are in `views/`.
 */

/** A message that is one line of text. */
function sentence(text: string, buttons: Button[] = []): Message {
  return {
    summary: text,
    blocks: [
      { kind: "text", text: coded(text) },
      ...(buttons.length === 0 ? [] : [{ kind: "buttons" as const, buttons }]),
    ],
  };
}

/** A message that is one line with names, moments or links in it. */
function line(rich: Rich): Message {
  return { summary: plainWords(rich), blocks: [{ kind: "text", text: rich }] };
}

const STATES: Record<ReadyState, string> = {
  ready: "🟢 ready",
  at_risk: "🟡 at risk",
  high_risk: "🔴 high risk",
  not_answered: "⚪ not answered",
};

const UNFIT: Record<Unfit, string> = {
  outsider: "is a guest or belongs to another organisation",
  bot: "is an app, not a person",
  gone: "has no account here (any more)",
};

export const wording = {
  sentence,

  line,

  state: (state: ReadyState) => STATES[state],

  plural: (count: number, one: string, many = `${one}s`) => `${count} ${count === 1 ? one : many}`,

  // ── Without a session, or not here ──────────────────────────────────────────────────────────────────────────────
  noSession: (command: string) =>
    `No session is open in this channel. Start one with \`${command} start "Black Friday" 2027-11-26\`, or \`${command} start\` for a form.`,
  noSessionDirect: (command: string) =>
    `You are in no open session. Go to your team's channel and type \`${command} start\` there.`,
  whichSession: () => "You are in more than one session. Which one?",
  startInChannel: (command: string) =>
    `A session lives in a channel, where its owners are. Go there and type \`${command} start\`.`,
  nameTooLong: (length: number, most: number) =>
    `That name has ${length} characters, and it can have at most ${most}. The rest fits under "What runs it?".`,
  startedWithoutAccounts: (accounts: string, why: string) =>
    `It has started, without ${accounts} in its Scope: AWS isn't connected (${why}), so I ask instead of looking. Your answers count just the same.`,
  alreadyOpen: (name: string) => `"${name}" is already open in this channel. One channel holds one session at a time.`,
  outsider: () =>
    "Guests and people from other organisations can read along here, but can't answer or run commands. Ask the facilitator to do it for you.",
  placeGone: (session: string, change: "removed" | "archived", channel?: string) => {
    const place = `the channel${channel === undefined ? "" : ` "${channel}"`} of "${session}"`;
    return change === "archived"
      ? `T${place.slice(1)} was archived, so nothing can be asked there. What was said is kept. Unarchive it to go on, or close the session here: \`close\`.`
      : `I was removed from ${place}, or it was deleted, so nothing can be asked there. What was said is kept. Bring me back there to go on, or close the session here: \`close\`.`;
  },
  summaryNowhere: (session: string) =>
    `I can't post in the channel of "${session}" any more, so a summary couldn't appear there. Bring me back there and ask again; until then \`export md\` gives you where it stands.`,
  placeShared: (session: string, channel?: string) =>
    `The channel${channel === undefined ? "" : ` "${channel}"`} of "${session}" is now shared with another organisation: its people see what stands there. They can't answer or decide. To keep it inside, end the sharing, or close the session here and start it again from another channel: \`close\`, then \`start --from\`.`,
  unverified: (platform: string) =>
    `${platform} hasn't told me yet whether you belong here. Nothing is lost: try again in a minute.`,
  sessionOver: ({ name, status }: { name: string; status: SessionStatus }, command: string) =>
    `"${name}" is ${status === "cancelled" ? "cancelled" : "closed"}. Everything stays readable; start the next one with \`${command} start\`.`,
  notInThisVersion: (what: string) => `${what} is not in this version yet. Everything else works without it.`,

  // ── Commands ────────────────────────────────────────────────────────────────────────────────────────────────────
  unknownCommand: (word: string, nearest: string, command: string) =>
    `I don't know "${word}".${nearest === "help" ? "" : ` Did you mean \`${command} ${nearest}\`?`} \`${command} help\` lists everything.`,
  notAllowed: (what: string, who: string) => `Only ${who} can ${what}. Ask ${who}.`,
  notFacilitator: (what: string, name: string) => `Only the facilitator, ${name}, can ${what}. Ask ${name}.`,
  notOneOf: (what: string, ...who: string[]) =>
    `Only ${who.slice(0, -1).join(", ")} and ${who.at(-1) ?? ""} can ${what}. Ask one of them.`,
  unknownQuestion: (id: string, ids: string) => `There is no question ${id} in this session. Its questions are ${ids}.`,
  unknownModule: (id: string, modules: readonly string[]) => {
    const likely = nearest(id, modules)?.word;
    const guess = likely === undefined ? "" : ` Did you mean ${likely}?`;
    return `There is no module "${id}" in this session.${guess} Its modules are ${modules.join(", ")}.`;
  },
  noPartForDigest: (name: string, command: string) =>
    `${name} is neither a manager nor an owner here. Name them first: \`${command} assign manager @${name}\`, which begins a digest by itself.`,
  nothingWaits: () => "Nothing waits for you in this session.",
  questionsAnswered: (done: number, total: number) => `${done} of ${total} answered`,

  // ── Answering ───────────────────────────────────────────────────────────────────────────────────────────────────
  noWordsInIt: () =>
    "I couldn't find words in that, so it isn't recorded. Answer in a sentence, or say `skip` or `n/a because …`.",
  dontKnow: (state: SessionState, question: QuestionState, asked: Question): Message => ({
    summary: `The answer to ${question.id} is usually known by ${asked.whoKnows}.`,
    blocks: [
      {
        kind: "text",
        text: [
          `That's fine. The answer to ${question.id} is usually known by ${asked.whoKnows}. Delegate it, or leave it for now.`,
        ],
      },
      {
        kind: "buttons",
        buttons: [
          {
            action: "delegate",
            label: "Delegate",
            opens: true,
            style: "primary",
            value: { session: state.id, question: question.id, version: question.version },
          },
          {
            action: "skip",
            label: "Skip for now",
            value: { session: state.id, question: question.id, version: question.version },
          },
        ],
      },
    ],
  }),
  staleQuestion: (id: string) =>
    `${id} has moved on since that button was made. The newest card in the thread is the one that counts.`,
  /** What was pressed or typed came after the end of it. */
  settledAlready: (question: QuestionState, who: string) => {
    const { id, status } = question;
    const how =
      status === "skipped"
        ? `${who} skipped it`
        : status === "not_applicable"
          ? `${who} said that it doesn't apply`
          : `${who} answered it`;
    const button = question.parts.some((part) => !part.withdrawn) ? "Edit" : "Answer";
    return `${id} isn't open any more: ${how}. To change that, use ${button} on its line in the thread.`;
  },
  staleCard: () => "That card has been replaced by a newer one. The newest counts.",
  unknownButton: (command: string) =>
    `I don't know this button; it may be from another version. Type \`${command}\` to see what you can do.`,
  nothingToUndo: () => "There is nothing to go back to yet: no answer of yours is recorded in this session.",
  noOtherModule: () => "No other module waits for you, so this question stays.",
  notYourQuestion: (id: string, owner: string) =>
    `${id} is put to ${owner}. To answer it on purpose, use the Answer button.`,
  takenBack: (id: string) => `Taken back: ${id} is asked again.`,
  leftOut: (id: string) => `${id} is left out for now. To answer it after all, use Answer on its line in the thread.`,
  emptyAnswer: () => "Write the answer in a sentence or two. To leave it out, use Skip or Not applicable.",
  recorded: (id: string) => `Recorded for ${id}.`,
  answerKept: (id: string) => `Nothing changed: the answer to ${id} stands as it was.`,
  taken: (module: string) => `${module} is yours. Its question stands in the thread; reply there in your own words.`,
  alreadyTaken: (module: string, owner: string) => `${owner} has already taken ${module}.`,
  takenOther: (module: string, open: string) =>
    `${module} is yours. ${open} is still open for you; this one comes right after.`,
  nothingOpenHere: () => "No question is open in this thread. Answer an earlier one with its Edit button.",
  offerGone: () => "That message is no longer here to use. Write the answer in the thread, or use the Answer button.",
  /** What came of it, by state, and where to change it. */
  confirmed: (module: string, counts: ReadonlyMap<ReadyState, number>) => {
    const levels = [...counts].map(([state, count]) => STATES[state].replace(" ", ` ${count} `)).join(" · ");
    return `${module} is confirmed: ${levels}. "Change the reading" is on the card.`;
  },
  confirmedSome: (module: string, ids: string[], left: { who: string; ids: string[] }[]) =>
    [
      ids.length === 0 ? `Nothing in ${module} was yours to confirm.` : `${listed(ids)} ${areOne(ids)} confirmed.`,
      ...left.map(({ who, ids: theirs }) => `${listed(theirs)} ${areOne(theirs)} left to ${who}.`),
    ].join(" "),
  assigned: (what: string, name: string) => `${what} now belongs to ${name}.`,
  cantTakePart: (name: string, why: Unfit) =>
    `${name} ${UNFIT[why]}, so nothing can be put to them. Name somebody who can answer here.`,
  partTakenBack: (name: string, why: Unfit, what: string, session: string) =>
    `${name} ${UNFIT[why]}, so nothing can be put to them. In "${session}" I took back what they were given: ${what}. Name somebody who can answer here.`,
  secretsMasked: (kinds: string[]) =>
    `That looked like it contained a secret (${kinds.join(", ")}). I stored the answer with it blacked out. Rotate that secret now: it has been in a chat.`,

  // ── AWS ─────────────────────────────────────────────────────────────────────────────────────────────────────────
  awsOff: (why: string) =>
    `AWS isn't connected (${why}), so I ask instead of looking. Your answers count just the same.`,
  quotasOff: (why: string) =>
    `I can't look at quotas: AWS isn't connected (${why}). Whoever runs me can connect it; "Quotas" in the README says how.`,
  raiseNeedsSession: (command: string) =>
    `Quota increases are filed from a session, by its managers. Start one with \`${command} start\`.`,
  raiseNeedsManager: (command: string) =>
    `Only a manager of this session can ask AWS for more. Ask one of them, or be named: \`${command} assign manager @name\`.`,
  increaseFiledAlready: (id: string) => `That is filed already (request ${id}). Nothing is asked of AWS twice.`,
  evidenceEnded: (read: boolean, gaps: readonly { account: string; region: string; reason: string }[]) => {
    const why = [...new Set(gaps.map(({ account, reason }) => `${account}: ${reason}`))];
    const more = why.length > 3 ? `; and ${why.length - 3} more` : "";
    if (why.length === 0) return "AWS is read. What it says stands in the questions it speaks to.";
    const could = read ? "AWS is read, but not all of it" : "I couldn't read AWS";
    return `${could} (${why.slice(0, 3).join("; ")}${more}). What I read before stands, with its time, and answers count just the same.`;
  },
  evidenceStarted: () => "Reading AWS now. What I find appears in the questions it speaks to.",

  // ── Decision ────────────────────────────────────────────────────────────────────────────────────────────────────
  noManagers: (command: string) =>
    `Nobody is named to sign yet. Name the managers in the Scope card or with \`${command} assign manager @person\`, then open the decision.`,
  notManager: (names: readonly string[]) =>
    `Only a named manager can sign or accept a risk. Here ${names.length === 1 ? "that is" : "those are"} ${names.join(", ")}.`,
  noDecision: (command: string) => `No decision is open. The facilitator opens it with \`${command} decide\`.`,
  decisionMade: (go: boolean) =>
    `The decision is made: ${go ? "go" : "no-go"}. To decide again, the facilitator opens a new one.`,
  acceptFirst: (count: number, question: string, short: string) =>
    count === 1
      ? `Go needs somebody who accepts ${question}, ${short}, by name first.`
      : `Go needs somebody who accepts ${count} open high risks by name first. Begin with ${question}, ${short}.`,
  signed: (go: boolean) => (go ? "Signed: go." : "Signed: no-go. That decides it."),
  acceptNeedsReason: () => "Give the reason: what happens if it comes true, and why that is bearable.",
  noSuchRisk: (risk: string, open: string) => `There is no open risk called ${risk}. Open: ${open || "none"}.`,
  noRiskLeft: () => "No open risk is left to accept.",
  accepted: (risk: string, level: string) =>
    `Accepted: ${risk}, as a ${level === "HIGH" ? "high" : "medium"} risk. Your name and reason stand in the summary.${level === "HIGH" ? "" : " Should it become a high risk, it must be accepted anew."}`,

  // ── Ends ────────────────────────────────────────────────────────────────────────────────────────────────────────
  closed: (name: string) => `"${name}" is closed. Everything stays readable; \`export md\` gives you a copy.`,
  canBeClosed: (name: string, command: string) =>
    `The review of "${name}" is written and it is scaled down again, so nothing is left to do in it. Close it in its channel: \`${command} close\`.`,
  notInIt: (what: string) => `Only its facilitator, owners and managers can ${what}. Ask one of them.`,
  cancelled: (name: string) => `"${name}" is cancelled. Nobody will be asked or reminded any more.`,
  confirmForget: (name: string, command: string) =>
    `This erases every word people wrote in "${name}", for good. Who answered, when and what was signed stays. Type \`${command} forget "${name}"\` if you mean it.`,
  forgotten: (name: string) => `The words of "${name}" are erased. Who, when and what was signed stays.`,
  hoursInForm: () => "Write it like 9-17 Mon-Fri.",
  awayInForm: () => "Pick the first and the last day you are away.",
  noteAdded: () => "On the timeline.",
  architectureHow: () =>
    "Attach the file to the message (Terraform, CloudFormation, Markdown; at most 5 MB), or paste the text after a colon: `here's our architecture: …`.",
  architectureReading: (names: string) =>
    `Reading ${names}. What it suggests appears in the questions it speaks to, and counts only once their owners say so.`,
  noFixWithoutModel: () =>
    "I can't draft a fix: no model is set up (BEDROCK_MODEL_ID). The finding stays in the question, with file and line, for whoever changes it.",
  imported: (name: string) =>
    `"${name}" is back, with every answer and who gave it. Its board and exports are as they were.`,
  importHow: (command: string) =>
    `Attach the JSON export to the message: \`${command} import\` with the file. Where files don't reach me, the operator sends it to \`POST /sessions/import\`.`,
  importing: (file: string) => `Reading ${file}. I tell you here when its session is back.`,
  exportUnsure: (session: string, format: string, command: string) =>
    `I can't tell whether the ${format} export of "${session}" arrived. If it didn't, ask again: \`${command} export ${format}\`.`,
  draftUnsure: () => "I can't tell whether the draft arrived. If it didn't, ask for the change again.",
  cantDeliver: (what: string, why: string) => `I couldn't post ${what}: ${why}`,
} as const;

/** "S1", "S1 and S2", "S1, S2 and S3". */
function listed(items: readonly string[]): string {
  return items.length < 2 ? items.join("") : `${items.slice(0, -1).join(", ")} and ${items.at(-1)}`;
}

function areOne(items: readonly string[]): string {
  return items.length === 1 ? "is" : "are";
}

/** "P1, P2, …" for an error that lists what there is. */
export function questionIds(state: SessionState): string {
  return state.moduleOrder.flatMap((module) => state.modules[module]?.questions ?? []).join(", ");
}

export function moduleTitle(catalogue: Catalogue, module: string): string {
  return catalogue.module(module)?.title ?? module;
}
