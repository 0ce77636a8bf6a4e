import { z } from "zod";
import type { Address } from "./address.ts";
import type { PersonId } from "./ids.ts";
import type { FileRef } from "./inbound.ts";
import type { Words } from "./words.ts";

/**
 * An architecture that somebody gave: a file, or text. What is read in it are suggestions with the place they come
 * from; they count for nothing until the question's owner takes them as an answer.
 */
export const Found = z.object({
  id: z.string(),
  question: z.string(),
  /** One sentence. */
  statement: z.string(),
  /** `weak`: a single point of failure, a stress point, a missing alarm. It becomes a follow-up. */
  kind: z.enum(["fact", "weak"]),
  place: z.object({ file: z.string(), line: z.number(), resource: z.string() }),
});
export type Found = z.infer<typeof Found>;

/** What the stored words of a reading are: names of files and resources are somebody's words, so `forget` reaches them. */
export const ArchitectureDocument = z.object({
  name: z.string(),
  resources: z.number(),
  found: z.array(Found),
  /** How it was read: by a parser, by the phrases of the catalogue, or by a model. */
  by: z.enum(["parser", "phrases", "model"]),
  /** The file itself, kept only where a change of it can be drafted. */
  text: z.string().optional(),
});
export type ArchitectureDocument = z.infer<typeof ArchitectureDocument>;

export type ArchitectureReading = { ok: true; document: ArchitectureDocument } | { ok: false; why: string };

export type ArchitectureSource = { file: FileRef } | { words: Words };

/** In a session's state. */
export type Architecture = {
  id: string;
  by: PersonId;
  at: string;
  address: Address;
  source: ArchitectureSource;
  reading: "under_way" | "failed" | "read";
  document?: ArchitectureDocument;
  /** By question and finding (`R2/R2-0`), or by question alone: what its owner made of it. */
  settled: Record<string, { how: SuggestionEnd; by: PersonId; at: string }>;
};

export type SuggestionEnd = "confirmed" | "edited" | "rejected";
