import type { Timer } from "../src/domain/effect.ts";
import { identityOf, type PersonId } from "../src/domain/ids.ts";
import type { Who } from "./command.ts";
import { DIGEST_HOUR } from "./digest-times.ts";
import { isWorkingInstant, nextWorkingInstant } from "./hours.ts";
import { reachOf } from "./nudging.ts";
import { follow, planDigest } from "./personal.ts";
import { isManager, nameOf } from "./session-queries.ts";
import type { Turn } from "./turn.ts";
import { wording } from "./wording.ts";

/**
 * `digest weekly @Mia`: whoever answers for the session sets the digest of one of its managers or owners. They hear of
 * it once, in their hours, and end it themselves; who ended theirs isn't overruled.
 */

type Setting = Extract<Timer, { timer: "digest_set" }>;
type Wish = { rhythm: "daily" | "weekly" | "off"; always?: true };

export function digestForAnother(
  turn: Turn,
  { rhythm, always }: Wish,
  who: Extract<Who, { self: false }>,
  me: PersonId,
): void {
  const { session } = turn;
  if (session.status !== "open") return turn.tell(wording.noSession(turn.ctx.settings.command));
  if (me !== session.facilitator && !isManager(session, me)) {
    return turn.tell(wording.notAllowed("set somebody else's digest", "the facilitator and the managers"));
  }
  if (rhythm === "off") return turn.tell("Each person ends their own digest: ask them to type `digest off`.");
  const { platform, workspace } = identityOf(me);
  const person = `${platform}:${workspace}:${who.user}`;
  const name = who.name ?? nameOf(session, person);
  const owns = Object.values(session.modules).some(({ owner }) => owner === person);
  if (!isManager(session, person) && !owns) {
    return turn.tell(wording.noPartForDigest(name, turn.ctx.settings.command));
  }
  const wish = { rhythm, ...(always === undefined ? {} : { always }) };
  at(turn, { timer: "digest_set", session: session.id, person, by: me, ...wish }, turn.ctx.now.getTime());
  turn.tell(
    `${name} gets a digest ${said(wish)}, and hears of it once, in their hours. \`digest off\` ends it, and is theirs.`,
  );
}

/** In the person's own aggregate: the digest is set at once; they are told now, or when their working time begins. */
export function digestSet(turn: Turn, setting: Setting): void {
  const { session, person } = turn;
  if (session.status !== "open") return;
  const { rhythm, always } = setting;
  if (person.digestOff === true) {
    if (setting.isSet !== true) turn.want({ do: "tell", person: setting.by, text: offByThemselves(turn, setting) });
    return;
  }
  if (setting.isSet !== true) {
    const { digest } = person;
    const same = digest?.rhythm === rhythm && digest.byDefault === undefined && digest.always === always;
    follow(turn);
    if (same) return;
    const now = turn.ctx.now.toISOString();
    turn.emitPerson({ kind: "digest_set", rhythm, hour: DIGEST_HOUR, ...(always ? { always } : {}), at: now });
    planDigest(turn, setting.person);
  }
  const reach = reachOf(turn.person, turn.ctx.settings.zone);
  if (!isWorkingInstant(turn.ctx.now, reach)) {
    return at(turn, { ...setting, isSet: true }, nextWorkingInstant(turn.ctx.now, reach).getTime());
  }
  const text = `${nameOf(session, setting.by)} has set that you get a digest of "${session.name}" ${said(setting)}. \`digest off\` ends it.`;
  turn.want({ do: "tell", person: setting.person, text });
}

function offByThemselves(turn: Turn, { person, rhythm }: Setting): string {
  const name = nameOf(turn.state, person);
  return `${name} has ended their digest, so it stays off. They begin it again with \`digest ${rhythm}\`.`;
}

function said({ rhythm, always }: Pick<Setting, "rhythm" | "always">): string {
  const when = rhythm === "daily" ? "each working day" : "each Monday";
  return `${when}, ${always ? "also when nothing moved" : "when something has changed"}`;
}

function at(turn: Turn, input: Setting, due: number): void {
  turn.want({ do: "timer", key: `digest-set:${input.session}:${input.person}`, clock: "calendar", at: due, input });
}
