import { z } from "zod";
import { PLATFORMS } from "../domain/ids.ts";
import { RISKS } from "../domain/report.ts";

/**
 * The JSON export, published as `docs/export.schema.json`. Every answer is there in its owner's own words (but for
 * masked secrets), with every wording it ever had; `events` is the whole audit trail, from which `import` builds the
 * session again.
 */

const Instant = z.string().describe("ISO 8601");
const Named = z.object({ id: z.string().describe("platform:workspace:user"), name: z.string() });

const Answer = z.object({
  id: z.string().describe("Stable inside the export, such as R2-1"),
  text: z.string().nullable().describe("Verbatim; several messages are joined by a line break. null once forgotten."),
  by: Named,
  at: Instant,
  platform: z.enum(PLATFORMS),
  messageIds: z.array(z.string()).describe("The platform's ids of the messages it consists of, in platform order"),
  replaces: z.string().nullable().describe("The id of the answer that this one corrects"),
  withdrawn: z.boolean().describe("It no longer counts: replaced, deleted or taken back"),
});

const Accepted = z.object({
  by: Named,
  at: Instant,
  reason: z.string(),
  until: z.string().optional(),
  level: z.enum(["HIGH", "MEDIUM"]).optional().describe("The risk as it was accepted"),
});

const Evidence = z.object({
  id: z.string(),
  source: z.string(),
  statement: z.string(),
  account: z.string().describe("An alias, never an account id"),
  region: z.string(),
  calls: z.array(z.string()),
  readAt: Instant,
  proves: z.array(z.string()),
  refutes: z.array(z.string()),
  assumptions: z.array(z.string()).optional(),
  figures: z.array(z.looseObject({ label: z.string(), unit: z.string() })).optional(),
});

const Question = z.object({
  id: z.string(),
  module: z.string(),
  text: z.string().describe("In the workshop notes' words"),
  status: z.enum(["waiting", "open", "settling", "answered", "skipped", "not_applicable", "later"]),
  owner: Named.nullable(),
  due: Instant.nullable(),
  answers: z.array(Answer).describe("Oldest first; what counts is not withdrawn"),
  reason: z.string().nullable().describe("Why it doesn't apply"),
  choices: z.array(
    z.object({
      id: z.string(),
      text: z.string(),
      read: z.boolean().describe("Our reading of the answer"),
      confirmed: z.boolean().describe("Confirmed by an owner"),
      proved: z.boolean().describe("Proved by evidence"),
      refuted: z.boolean().describe("Refuted by evidence"),
    }),
  ),
  confirmedBy: Named.nullable(),
  risk: z.object({ level: z.enum(RISKS), because: z.string(), confirmed: z.boolean() }),
  evidence: z.array(Evidence),
});

export const SessionExport = z.object({
  format: z.literal("t-minus-session"),
  version: z.literal(1),
  eventVersion: z.number().int().min(1).describe("Of the entries of events"),
  exportedAt: Instant,
  session: z.object({
    id: z.string(),
    name: z.string(),
    status: z.enum(["open", "closed", "cancelled"]),
    date: z.string().describe("2026-11-27"),
    time: z.string().nullable(),
    zone: z.string().describe("IANA"),
    eventAt: Instant,
    startedAt: Instant,
    closedAt: Instant.nullable(),
    facilitator: Named,
    managers: z.array(Named),
    people: z.array(Named),
    scope: z.looseObject({}),
    verdict: z.object({
      verdict: z.enum(["ready", "ready_with_accepted_risks", "not_ready"]),
      headline: z.string(),
      reasons: z.array(z.string()),
    }),
    scorecard: z.array(
      z.object({
        id: z.string(),
        area: z.string(),
        colour: z.enum(["GREEN", "YELLOW", "RED", "GREY"]),
        reason: z.string(),
      }),
    ),
    risks: z.array(
      z.looseObject({
        id: z.string(),
        level: z.string(),
        title: z.string(),
        accepted: Accepted.optional(),
        outgrown: Accepted.optional().describe("Accepted when it was smaller; that doesn't cover it any more"),
      }),
    ),
    decisions: z.array(z.looseObject({ version: z.number(), status: z.enum(["open", "go", "no_go"]) })),
    notes: z.array(z.object({ at: Instant, by: Named, text: z.string().nullable() })),
    summary: z.object({
      by: z.enum(["bedrock", "plain"]),
      at: Instant,
      published: z.boolean(),
      sections: z.array(
        z.object({
          title: z.string(),
          sentences: z.array(z.object({ text: z.string(), facts: z.array(z.string()) })),
        }),
      ),
      cited: z
        .array(z.object({ id: z.string(), text: z.string(), source: z.string() }))
        .optional()
        .describe("What the sentences rest on, as it was when they were written; facts holds them as they are now"),
      record: z
        .object({ model: z.string().optional(), facts: z.number(), dropped: z.number() })
        .optional()
        .describe("The model, how many facts it was given, how many of its sentences no fact supported"),
    }),
    facts: z.array(z.looseObject({ id: z.string(), text: z.string(), source: z.string() })),
  }),
  questions: z.array(Question),
  events: z.array(z.looseObject({ kind: z.string(), at: Instant })),
});
export type SessionExport = z.infer<typeof SessionExport>;
export type ExportedAnswer = z.infer<typeof Answer>;
export type ExportedQuestion = z.infer<typeof Question>;

/** What `docs/export.schema.json` holds; a test keeps the two the same. */
export function exportJsonSchema(): Record<string, unknown> {
  return {
    ...z.toJSONSchema(SessionExport, { target: "draft-07" }),
    title: "T-Minus session export",
  };
}
