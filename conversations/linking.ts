import { type PersonId, type Platform, personId } from "../src/domain/ids.ts";
import type { Inbound } from "../src/domain/inbound.ts";
import type { Message } from "../src/domain/message.ts";
import type { Session, SessionState } from "../src/domain/session.ts";
import { assignee, hasPart, isManager, openQuestionOf } from "./session-queries.ts";
import type { Turn } from "./turn.ts";
import { button } from "./views/parts.ts";

/**
 * One person on several platforms. A code that one side hands out and the other side brings proves that both are the
 * same: it works once, for a quarter of an hour.
 */

export const PLATFORM_NAMES: Record<Platform, string> = { slack: "Slack", teams: "Teams", web: "the web channel" };

export const CODE_LIVES_MS = 15 * 60_000;

/** Where replies to one person can be seen by others, so that no code is said there. */
const OPEN_PLATFORMS: ReadonlySet<Platform> = new Set(["teams"]);

/** `me link`: a code for the other side. */
export function offerLink(turn: Turn, inbound: Inbound): void {
  if (isOverheard(inbound)) return turn.tell("I hand out codes in our personal chat only. Say `me link` to me there.");
  const code = newCode(turn);
  const until = turn.ctx.machineNow + CODE_LIVES_MS;
  const name = inbound.actor.name ?? turn.person.name ?? inbound.actor.user;
  turn.want({ do: "link", step: "offer", code, person: idOf(turn, inbound), until, name });
  turn.say({
    summary: `Your code is ${code}. Bring it to me on the other platform within 15 minutes.`,
    blocks: [
      {
        kind: "text",
        text: ["Write this to me on your other platform within 15 minutes, and I know you there, too:"],
      },
      { kind: "text", text: ["In Slack: ", { code: `/readiness me link ${code}` }] },
      { kind: "text", text: ["In Teams, in our personal chat: ", { code: `me link ${code}` }] },
      { kind: "context", text: ["The code is for you alone and works once. Whoever brings it acts as you."] },
    ],
  });
}

/** `me link <code>`: looked up after the commit; who it belongs to is shown, and joined on a tap. */
export function bringLink(turn: Turn, text: string, inbound: Inbound): void {
  if (isOverheard(inbound)) return turn.tell("Bring codes to our personal chat only: here others can read along.");
  turn.want(wantLink("ask", text, inbound));
}

/** `me unlink`, and the button under what is said of a link. */
export function endLink(turn: Turn, { actor, address }: Inbound): void {
  const { platform, workspace, user } = actor;
  turn.want({ do: "link", step: "unlink", identity: { platform, workspace, user }, address });
}

/** "Link us". */
export function joinLink(turn: Turn, inbound: Extract<Inbound, { kind: "action" }>): void {
  turn.want(wantLink("join", inbound.value.arg ?? "", inbound));
}

function wantLink(step: "ask" | "join", text: string, { actor, address }: Inbound) {
  const { platform, workspace, user } = actor;
  const code = text.trim().toUpperCase().slice(0, 40);
  return {
    do: "link",
    step,
    code,
    identity: { platform, workspace, user },
    address,
    name: actor.name ?? user,
  } as const;
}

function isOverheard({ actor, direct }: Inbound): boolean {
  return OPEN_PLATFORMS.has(actor.platform) && direct !== true;
}

function idOf(turn: Turn, inbound: Inbound): PersonId {
  return turn.person.id === "" ? personId(inbound.actor) : turn.person.id;
}

/** Ten hexadecimal digits of a fresh id, in two groups. */
export function newCode(turn: Turn): string {
  const id = turn.ctx.newId("t");
  const digits = id.slice(id.indexOf("-") + 1).replace(/[^0-9a-f]/gi, "");
  const code = digits.slice(0, 10).padStart(10, "0").toUpperCase();
  return `${code.slice(0, 5)}-${code.slice(5)}`;
}

/** Shown to whoever brings a code, before anything is joined. */
export function linkCard(code: string, name: string, platform: string): Message {
  const line = `This code is from ${name} in ${platform}. Is that you?`;
  return {
    summary: line,
    blocks: [
      { kind: "text", text: [line, " Then what waits for either of you is yours on both sides."] },
      { kind: "buttons", buttons: [button("link", "Yes, link us", { arg: code }, { style: "primary" })] },
      { kind: "context", text: ["If you got this code from somebody else, leave it: they would act as you."] },
    ],
  };
}

/** Said once after two ids were linked by their e-mail address. `name`: what they are called there. */
export function linkedCard(platform: Platform, name: string | undefined): Message {
  const line = `I know you in ${PLATFORM_NAMES[platform]}, too${name === undefined ? "" : `, as ${name}`}: your e-mail address is the same there.`;
  return {
    summary: line,
    blocks: [
      {
        kind: "text",
        text: [line, " What waits for you is yours on both sides, and your hours and absence count on both."],
      },
      { kind: "buttons", buttons: [button("unlink", "That isn't me, unlink", {})] },
      {
        kind: "context",
        text: ["Later: ", { code: "me unlink" }, ". ", { code: "me here" }, " says where I write to you."],
      },
    ],
  };
}

/**
 * Under which of their ids somebody acts here: the one the session knows for what they do. A manager who was named on
 * one platform signs from the other; nothing about the session changes.
 */
export function actingAs(session: Session, input: Inbound): PersonId {
  const own = personId(input.actor);
  const ids = [own, ...(input.actor.also ?? [])];
  if (ids.length === 1 || session.status === "none") return own;
  return (
    ids.find((id) => isMeant(session, input, id)) ??
    ids.find((id) => session.facilitator === id) ??
    ids.find((id) => hasPart(session, id)) ??
    ids.find((id) => session.people[id] !== undefined) ??
    own
  );
}

const SIGNS = /^(?:go|no_go|accept|decide)$/;

function isMeant(session: SessionState, input: Inbound, id: PersonId): boolean {
  switch (input.kind) {
    case "action": {
      const question = session.questions[input.value.question ?? ""];
      if (question !== undefined) return assignee(session, question) === id;
      const module = session.modules[input.value.module ?? ""];
      return SIGNS.test(input.action) ? isManager(session, id) : module?.owner === id;
    }
    case "form": {
      const question = session.questions[input.context.question ?? ""];
      return question === undefined
        ? SIGNS.test(input.form) && isManager(session, id)
        : assignee(session, question) === id;
    }
    case "command":
      return /^\W*(?:readiness\s+)?(?:decide|accept)\s+\S/i.test(input.text) && isManager(session, id);
    case "message":
      return openQuestionOf(session, id) !== undefined;
    default:
      return false;
  }
}
