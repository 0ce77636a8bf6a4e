import { z } from "zod";

/**
 * A quota question as data. Our grammar makes it from words; a model may translate into it and into nothing else, and
 * what it made is shown back. The answer is computed from it in code.
 */

const Where = {
  /** Region codes; empty: those of the session, or the account's own. */
  regions: z
    .array(z.string().regex(/^[a-z]{2}(-[a-z]+)+-\d$/))
    .max(10)
    .default([]),
  /** Aliases from the operator's list; empty: those of the session. */
  accounts: z.array(z.string().min(1).max(64)).max(10).default([]),
};

/** Lower case with a dot, such as `m7g.2xlarge` or `u-6tb1.112xlarge`. */
export const InstanceType = z.string().regex(/^[a-z][a-z0-9-]*\.[a-z0-9-]+$/, "an instance type such as m7g.2xlarge");

export const QuotaQuery = z.discriminatedUnion("kind", [
  /** "can we run 300 m7g.2xlarge": on top of what runs now. */
  z.object({
    kind: z.literal("run"),
    instances: z
      .array(z.object({ type: InstanceType, count: z.number().int().min(1).max(1_000_000) }))
      .min(1)
      .max(10),
    purchase: z.enum(["on-demand", "spot"]),
    ...Where,
  }),
  /** "how much gp3 is left", "enough Lambda concurrency for 4000", "room for 20 TiB more gp3". */
  z.object({
    kind: z.literal("room"),
    /** Ids of quota subjects. */
    subjects: z.array(z.string().min(1)).min(1).max(12),
    /** In the subject's unit. Absent: how much is left. */
    amount: z.number().positive().optional(),
    /** On top of today's use, or in all. */
    demand: z.enum(["more", "total"]),
    ...Where,
  }),
  /** "what's closest to its limit". */
  z.object({
    kind: z.literal("closest"),
    /** Service Quotas' codes; empty: all that events usually need. */
    services: z.array(z.string().min(1)).max(20),
    top: z.number().int().min(1).max(25),
    ...Where,
  }),
  /** "will our Auto Scaling groups fit": every group at maximum and at peak. */
  z.object({ kind: z.literal("groups"), ...Where }),
]);
export type QuotaQuery = z.infer<typeof QuotaQuery>;
