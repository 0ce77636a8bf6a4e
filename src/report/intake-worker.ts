import { parentPort, workerData } from "node:worker_threads";
import { z } from "zod";
import { readArchitecture } from "./intake.ts";

/**
 * Reads one file in a thread of its own, and ends. The HCL parser is Go compiled to WebAssembly: it works for seconds on
 * a large file, and a deeply nested one takes its whole runtime down. Neither may reach the program.
 */
const file = z.object({ name: z.string(), text: z.string() }).parse(workerData);

const read = await readArchitecture(file, {
  hcl: async (name, text) => (await import("@cdktn/hcl2json")).parse(name, text),
  yaml: async (text) => {
    const { parseDocument } = await import("yaml");
    const document = parseDocument(text, { logLevel: "silent", uniqueKeys: true });
    const problem = document.errors[0];
    if (problem !== undefined) throw new Error(problem.message);
    return document.toJS({ maxAliasCount: 100 });
  },
});
parentPort?.postMessage(read.ok ? { ok: true, resources: read.resources.length, findings: read.findings } : read);
