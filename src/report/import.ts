import { z } from "zod";
import { ArchitectureDocument } from "../domain/intake.ts";
import { REQUEST_STATES } from "../domain/quota-answer.ts";
import { type SessionEvent, type SessionEventKind, SummaryDocument } from "../domain/session-event.ts";

/** The file can't be imported; the message says what is wrong with it and what to do. */
export class ImportError extends Error {
  override name = "ImportError";
}

/** Far above any real session, far below what would hurt. */
const LONGEST = 50_000_000;
const MOST_EVENTS = 200_000;

const Words = z.object({ words: z.string().min(1).max(200), text: z.string().max(200_000).nullable() });
const Id = z.string().min(1).max(300);
const Ids = z.array(Id).max(1_000);
const Platform = z.enum(["slack", "teams", "web"]);
const Address = z.object({ platform: Platform, workspace: z.string(), channel: Id, thread: z.string().optional() });
const MessageRef = z.object({ address: Address, messageId: Id, sentAt: z.number() });
const Scope = z.looseObject({
  accounts: Ids,
  regions: Ids,
  services: Ids,
  hosts: Ids,
  managers: Ids,
  peak: z.number().optional(),
});
const EventTime = z.object({
  date: z.iso.date(),
  time: z
    .string()
    .regex(/^\d{2}:\d{2}$/)
    .optional(),
  zone: z.string().refine(isZone, "an IANA zone"),
});
const Instant = z.iso.datetime({ offset: true });
const Evidence = z.looseObject({
  id: Id,
  source: Id,
  questions: Ids,
  statement: z.string(),
  account: z.string(),
  region: z.string(),
  calls: z.array(z.string()),
  readAt: Instant,
  proves: Ids,
  refutes: Ids,
  figures: z.array(z.looseObject({ label: z.string(), unit: z.string() })).optional(),
});
const Gap = z.looseObject({ source: Id, questions: Ids, account: z.string(), region: z.string(), reason: z.string() });

const Increase = z.looseObject({
  id: Id,
  raise: Id,
  account: z.string(),
  region: z.string(),
  serviceCode: z.string(),
  quotaCode: z.string(),
  label: z.string(),
  unit: z.string(),
  from: z.number(),
  to: z.number(),
  by: Id,
  filedAt: Instant,
  status: z.enum(REQUEST_STATES),
  closed: z.boolean(),
  late: z.boolean(),
});

/** Words that are the JSON of something, unless they were forgotten. */
function holding(inside: z.ZodType) {
  return Words.refine(({ text }) => {
    if (text === null) return true;
    try {
      return inside.safeParse(JSON.parse(text)).success;
    } catch {
      return false;
    }
  }, "a document in the form this version writes");
}

/** What each kind of event must have for the fold to be total; what else it carries is kept. */
const NEEDS: Record<SessionEventKind, z.ZodRawShape> = {
  session_started: {
    id: Id,
    name: z.string().min(1).max(500),
    event: EventTime,
    eventAt: Instant,
    home: Address,
    facilitator: Id,
    modules: z.array(z.object({ id: Id, questions: Ids })).max(100),
    scope: Scope,
  },
  session_edited: { event: EventTime.optional(), eventAt: Instant.optional(), name: z.string().optional() },
  scope_changed: { scope: Scope.partial() },
  person_named: { person: Id, name: z.string() },
  owner_assigned: { module: Id, person: Id.nullable() },
  question_delegated: { question: Id, to: Id.nullable() },
  facilitator_changed: { person: Id },
  post_wanted: { post: z.looseObject({ key: Id, kind: Id, version: z.number(), conversation: Id }) },
  posted: { post: Id, ref: MessageRef },
  post_failed: { post: Id, reason: z.string() },
  post_addressed: { post: Id, to: Id.nullable() },
  question_asked: { question: Id, version: z.number(), to: Id.nullable(), post: Id },
  reply_held: { person: Id, message: MessageRef, platform: Platform, words: Words },
  reply_released: { messageId: Id },
  reply_offered: { offer: z.looseObject({ person: Id, message: MessageRef, words: Words, question: Id }) },
  offer_ended: { messageId: Id, used: z.boolean() },
  answer_part_recorded: {
    question: Id,
    person: Id,
    messageId: Id,
    platform: Platform,
    sentAt: z.number(),
    words: Words,
  },
  answer_part_revised: { question: Id, messageId: Id, words: Words, editedAt: z.number() },
  answer_part_withdrawn: { question: Id, messageId: Id },
  early_change_kept: { messageId: Id, words: Words.nullable(), changedAt: z.number() },
  answer_settled: { question: Id, person: Id, read: Ids },
  answer_reopened: { question: Id, why: z.string() },
  question_skipped: { question: Id, person: Id },
  question_not_applicable: { question: Id, person: Id, reason: Words.optional() },
  question_set_aside: { question: Id },
  follow_up_asked: { question: Id, text: z.string(), worded: Words.optional(), post: Id, points: Ids },
  answer_suggested: {
    question: Id,
    of: Ids,
    choices: Ids,
    followUp: z.looseObject({ points: Ids, words: Words }).optional(),
  },
  choices_ticked: { question: Id, of: Ids, choices: Ids, person: Id },
  answer_reread: { question: Id, read: Ids },
  choices_confirmed: { question: Id, choices: Ids },
  module_completed: { module: Id },
  module_confirmed: { module: Id },
  evidence_requested: {},
  evidence_read: {
    items: z.array(Evidence),
    gaps: z.array(Gap).optional(),
    complete: z.boolean(),
    gone: z.array(Id).optional(),
    again: z.record(Id, Instant).optional(),
    unseen: z.array(Id).optional(),
  },
  increase_filed: { increase: Increase },
  increase_changed: { id: Id, status: z.enum(REQUEST_STATES), closed: z.boolean(), late: z.boolean() },
  sentence_said: { key: Id },
  risk_accepted: { risk: Id, person: Id, reason: Words, level: z.enum(["HIGH", "MEDIUM"]).optional() },
  decision_opened: { version: z.number() },
  decision_signed: { version: z.number(), person: Id, go: z.boolean() },
  decision_made: {
    version: z.number(),
    go: z.boolean(),
    left: z.object({ high: z.number(), unconfirmed: z.number() }).optional(),
  },
  summary_requested: { version: z.number() },
  summary_written: { version: z.number(), writer: z.enum(["bedrock", "plain"]), document: holding(SummaryDocument) },
  note_added: { person: Id, words: Words },
  telling_wanted: { post: Id, telling: z.looseObject({ what: Id }) },
  reminders_ended: { item: Id, of: Id, person: Id },
  risk_watched: { watched: z.record(Id, z.looseObject({ told: Id, seen: Id, times: z.number() }).nullable()) },
  condition_set: { version: z.number(), person: Id, words: Words, dueAt: Instant },
  condition_ended: { version: z.number(), index: z.number(), person: Id, met: z.boolean() },
  scaled_down: { person: Id },
  review_answered: { asks: Id, person: Id, words: Words },
  architecture_given: {
    intake: Id,
    person: Id,
    address: Address,
    source: z.union([z.object({ words: Words }), z.object({ file: z.looseObject({ name: z.string() }) })]),
  },
  architecture_read: { intake: Id, document: holding(ArchitectureDocument).nullable() },
  suggestion_settled: {
    intake: Id,
    question: Id,
    found: Id.optional(),
    how: z.enum(["confirmed", "edited", "rejected"]),
    person: Id,
  },
  seeds_carried: {
    from: Id,
    name: z.string(),
    lessons: z.array(Words),
    seeds: z.record(Id, z.looseObject({ words: Words, by: Id, choices: Ids })),
  },
  channel_digest_set: {
    rhythm: z.enum(["daily", "weekly", "off"]),
    always: z.literal(true).optional(),
    address: z.looseObject({ platform: z.string(), workspace: z.string(), channel: Id }),
    name: z.string(),
    wishedBy: Id.optional(),
  },
  channel_digest_sent: { channel: Id, told: z.number() },
  channel_followed: { address: Address, person: Id },
  channel_unfollowed: { address: Address },
  session_closed: {},
  session_cancelled: { reason: Words.optional() },
  session_forgotten: {},
};

const needs: ReadonlyMap<string, z.ZodRawShape> = new Map(Object.entries(NEEDS));

const File = z.looseObject({
  format: z.literal("t-minus-session"),
  version: z.literal(1),
  eventVersion: z.number().int().min(1),
  session: z.looseObject({ id: Id }),
  events: z
    .array(z.looseObject({ kind: z.string(), at: Instant }))
    .min(1)
    .max(MOST_EVENTS),
});

/**
 * Reads a JSON export back into the session's events. The file is somebody's: its size, every kind of event and what
 * each must carry are checked before anything is folded. `upgrade` raises events of older versions (it refuses newer
 * ones). A kind that this build doesn't know is refused by name rather than dropped.
 * @throws {ImportError}
 */
export function importSession(
  text: string,
  upgrade: (stored: { v: number; body: unknown }) => SessionEvent,
): { session: string; events: SessionEvent[] } {
  if (text.length > LONGEST) throw new ImportError(`The file is larger than ${LONGEST / 1e6} MB. Is it an export?`);
  const file = File.safeParse(parsed(text));
  if (!file.success)
    throw new ImportError(`This is no session export: ${firstIssue(file.error)}. Use a file from "export json".`);
  const { events, eventVersion, session } = file.data;
  const raised = events.map((body, index): SessionEvent => {
    const shape = needs.get(body.kind);
    const place = `event ${index + 1} (${body.kind.slice(0, 40)})`;
    if (shape === undefined)
      throw new ImportError(`${place} is of a kind that this version doesn't know. Use the newer T-Minus.`);
    const checked = z.looseObject(shape).safeParse(body);
    if (!checked.success) throw new ImportError(`${place} is damaged: ${firstIssue(checked.error)}.`);
    try {
      return upgrade({ v: eventVersion, body });
    } catch (cause) {
      throw new ImportError(`${place} can't be read: ${cause instanceof Error ? cause.message : "unknown version"}`, {
        cause,
      });
    }
  });
  const first = raised[0];
  if (first?.kind !== "session_started" || first.id !== session.id) {
    throw new ImportError("The file's first event must start its session. It was cut or put together by hand.");
  }
  if (raised.slice(1).some((event) => event.kind === "session_started")) {
    throw new ImportError("The file starts a session twice. Export one session a file.");
  }
  const known = new Set(first.modules.flatMap((module) => module.questions));
  for (const event of raised) {
    if ("question" in event && typeof event.question === "string" && !known.has(event.question)) {
      throw new ImportError(`The file speaks of question ${event.question}, which its session doesn't have.`);
    }
  }
  return { session: session.id, events: raised };
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text.replace(/^\ufeff/, ""), (key, value: unknown) => (key === "__proto__" ? undefined : value));
  } catch (cause) {
    throw new ImportError(`This is no JSON file. Use a file from "export json".`, { cause });
  }
}

function firstIssue(error: z.ZodError): string {
  const issue = error.issues[0];
  return issue ? `${issue.path.join(".") || "the file"}: ${issue.message}` : "unknown";
}

function isZone(zone: string): boolean {
  try {
    Intl.DateTimeFormat("en", { timeZone: zone });
    return true;
  } catch {
    return false;
  }
}
