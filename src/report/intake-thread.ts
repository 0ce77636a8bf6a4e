import { Worker } from "node:worker_threads";
import { z } from "zod";

/** How long a file may take: some seconds for 5 MB. */
const LONGEST_MS = 30_000;
const MOST_MEMORY_MB = 1_024;

const Read = z.union([
  z.object({
    ok: z.literal(true),
    resources: z.number(),
    findings: z.array(
      z.object({
        question: z.string(),
        statement: z.string(),
        kind: z.enum(["fact", "weak"]),
        place: z.object({ file: z.string(), line: z.number(), resource: z.string() }),
      }),
    ),
  }),
  z.object({ ok: z.literal(false), why: z.string() }),
]);
export type ReadInThread = z.infer<typeof Read>;

/**
 * Reads an architecture file in a thread that ends with it. Whatever the file does to a parser, the program goes on: a
 * crash or a file that takes too long is a sentence.
 */
export function readInThread(file: { name: string; text: string }, longestMs = LONGEST_MS): Promise<ReadInThread> {
  return new Promise((resolve) => {
    const worker = new Worker(new URL("./intake-worker.ts", import.meta.url), {
      workerData: file,
      // What a dying parser prints is nothing for our log.
      stdout: true,
      stderr: true,
      resourceLimits: { maxOldGenerationSizeMb: MOST_MEMORY_MB },
    });
    const end = (read: ReadInThread) => {
      clearTimeout(deadline);
      resolve(read);
      void worker.terminate();
    };
    const refuse = (why: string) => end({ ok: false, why: `${file.name} can't be read: ${why}` });
    const deadline = setTimeout(() => refuse("it takes too long. Send the part that matters."), longestMs);
    worker.once("message", (message: unknown) => {
      const read = Read.safeParse(message);
      if (read.success) end(read.data);
      else refuse("what came of it makes no sense.");
    });
    worker.once("error", () => refuse("the parser gave up on it. Is it nested very deeply?"));
    worker.once("exit", () => refuse("the parser gave up on it. Is it nested very deeply?"));
  });
}
