import { execFileSync } from "node:child_process";
import { join } from "node:path";
import { describe, expect, it } from "vitest";

const FILE = join(import.meta.dirname, "../../src/priority.ts");

type Thread = { name: string; priority: number };

/** In a process of its own: the priority of a thread can't be raised again. */
function threadsAfterwards(): Thread[] {
  const program = `
    import { readdirSync, readFileSync } from "node:fs";
    import { getPriority } from "node:os";
    import { lowerV8Threads } from ${JSON.stringify(FILE)};
    lowerV8Threads();
    const threads = readdirSync("/proc/self/task").map((thread) => ({
      name: readFileSync(\`/proc/self/task/\${thread}/comm\`, "utf8").trim(),
      priority: getPriority(Number(thread)),
    }));
    process.stdout.write(JSON.stringify(threads));`;
  return JSON.parse(execFileSync(process.execPath, ["--input-type=module", "-e", program], { encoding: "utf8" }));
}

describe.runIf(process.platform === "linux")("the priority of threads", () => {
  it("is lower for V8's own, and for nobody else", () => {
    const lower = threadsAfterwards().filter(({ priority }) => priority === 10);
    const names = threadsAfterwards().map(({ name }) => name);
    expect(lower.length).toBeGreaterThan(0);
    expect(lower.map(({ name }) => name)).toEqual(names.filter((name) => name.startsWith("V8Worker")));
  });
});
