import { z } from "zod";
import { type PersonId, personId } from "../../src/domain/ids.ts";
import type { Actor, Inbound } from "../../src/domain/inbound.ts";
import { type FieldValues, FORM_IDS } from "../../src/domain/message.ts";
import type { WebMessage } from "../../src/domain/ports.ts";
import { WEB_LIMITS, WEB_WORKSPACE } from "./options.ts";
import type { WebPerson } from "./people.ts";
import { addressOf } from "./rows.ts";
import { mentionsIn, typed } from "./words.ts";

/** What the page sends. `key` is the page's own name for one act: a repeat of it changes nothing. */
const who = {
  as: z.string().min(1).max(100),
  zone: z.string().max(80).optional(),
  key: z.string().min(8).max(100).optional(),
};
const where = { channel: z.string().min(1).max(120), thread: z.string().max(40).nullish() };

export const PostBody = z.object({ ...who, ...where, text: z.string() });
export const EditBody = z.object({ ...who, text: z.string() });
export const DeleteBody = z.object({ ...who });
export const ActionBody = z.object({
  ...who,
  ...where,
  messageId: z.string().max(40).optional(),
  verb: z.string().max(100).optional(),
  data: z.record(z.string(), z.unknown()),
});
const FieldValue = z.union([z.string().max(WEB_LIMITS.text), z.array(z.string().max(400)).max(300), z.null()]);
export const FormBody = z.object({
  ...who,
  ...where,
  form: z.enum(FORM_IDS),
  context: z.object({
    session: z.string().max(200).optional(),
    question: z.string().max(200).optional(),
    module: z.string().max(200).optional(),
    version: z.number().int().optional(),
    arg: z.string().max(4_000).optional(),
  }),
  values: z.record(z.string().max(100), FieldValue),
});
export const PersonBody = z.object({ name: z.string() });
export const ChannelBody = z.object({ ...who, name: z.string() });
export const Query = z.object({
  as: z.string().min(1).max(100),
  channel: z.string().max(120).optional(),
  after: z.string().max(100).optional(),
});

export function actorOf(person: WebPerson, zone: string | undefined): Actor {
  return {
    platform: "web",
    workspace: WEB_WORKSPACE,
    user: person.user,
    name: person.name,
    ...(zone !== undefined && isZone(zone) ? { zone } : {}),
  };
}

type Said = Pick<WebMessage, "id" | "channel" | "thread" | "author" | "authorName" | "text" | "sentAt">;

/** A posted line: a message, or a command where it begins with the bot's name outside a thread. Text stays verbatim. */
export function messageInbound(
  said: Said,
  { people, zone, key }: { people: WebPerson[]; zone?: string | undefined; key?: string | undefined },
): Extract<Inbound, { kind: "message" | "command" }> {
  const mine = people.find((person) => person.user === said.author);
  const common = {
    receipts: [`web:message:${said.id}`, ...(key === undefined ? [] : [`web:key:${key}`])],
    actor: actorOf(mine ?? { user: said.author, name: said.authorName, part: "participant" }, zone),
    address: addressOf(said, WEB_WORKSPACE),
    ...(said.channel.startsWith("@") ? { direct: true } : {}),
  };
  const line = typed(said.text);
  const addressed = line.kind === "addressed";
  const text = addressed ? line.text : said.text;
  const mentions = mentionsIn(text, people);
  if (addressed && said.thread === null) {
    return { kind: "command", ...common, text: withoutReadiness(line.text), mentions, form: "possible" };
  }
  return {
    kind: "message",
    ...common,
    messageId: said.id,
    sentAt: said.sentAt,
    text,
    mentions,
    ...(addressed ? { addressed: true } : {}),
  };
}

/** "@T-Minus readiness status" and "@T-Minus status" are the same. */
function withoutReadiness(text: string): string {
  return text.trim().replace(/^\/?readiness(?:\s+|$)/i, "");
}

/** An empty box is an emptied field. */
export function fieldValues(values: z.infer<typeof FormBody>["values"]): FieldValues {
  return Object.fromEntries(Object.entries(values).map(([name, value]) => [name, value === "" ? null : value]));
}

/** What the people picked in a form are called. */
export function namesIn(values: z.infer<typeof FormBody>["values"], people: WebPerson[]): Record<PersonId, string> {
  const picked = Object.values(values).flatMap((value) => value ?? []);
  const known = people.map(
    (person) => [personId({ platform: "web", workspace: WEB_WORKSPACE, user: person.user }), person.name] as const,
  );
  return Object.fromEntries(known.filter(([id]) => picked.includes(id)));
}

/** Asking Intl costs more than all the rest of a message; there are some 600 zones, and few offices. */
const zones = new Map<string, boolean>();
const MOST_ZONES = 1_000;

function isZone(zone: string): boolean {
  const known = zones.get(zone);
  if (known !== undefined) return known;
  const is = asksIntl(zone);
  if (zones.size < MOST_ZONES) zones.set(zone, is);
  return is;
}

function asksIntl(zone: string): boolean {
  try {
    new Intl.DateTimeFormat("en", { timeZone: zone });
    return zone.includes("/") || zone === "UTC";
  } catch {
    return false;
  }
}
