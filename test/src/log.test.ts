import { describe, expect, it } from "vitest";
import { createLog, scrub } from "../../src/log.ts";
import { createMetrics } from "../../src/metrics.ts";

function logged(write: (log: ReturnType<typeof createLog>) => void) {
  const lines: string[] = [];
  write(createLog("info", (line) => lines.push(line)));
  return lines;
}

describe("the log", () => {
  it("writes one JSON object a line, with the level as a word", () => {
    const [line = "", ...more] = logged((log) => {
      log.debug("not at this level");
      log.info({ session: "s-1" }, "Session started");
    });
    expect(more).toEqual([]);
    expect(JSON.parse(line)).toMatchObject({ level: "info", session: "s-1", msg: "Session started" });
    expect(line.endsWith("}\n")).toBe(true);
  });
  it("never writes a token, whatever it stands in", () => {
    const token = `xoxb-${"1234567890-".repeat(3)}abcdef`;
    const text = logged((log) => {
      log.info({ token: "plain", slack: { botToken: "plain" }, a: { b: { secret: "plain" } } }, "Config");
      log.error({ err: new Error(`Request with ${token} failed`) }, "Slack refused");
      log.warn(`GET https://x.example.com/?token=plain&a=1 with Bearer abcdefghijkl.mnop`);
      log.warn("postgres://user:plain@db.example.com/x");
    }).join("");
    expect(text).not.toContain("plain");
    expect(text).not.toContain(token);
    expect(text).not.toContain("abcdefghijkl");
    expect(text).toContain("postgres://user:…@db.example.com/x");
    for (const line of text.trim().split("\n")) expect(() => JSON.parse(line)).not.toThrow();
  });
  it("leaves ordinary text alone", () => {
    const text = "Reminder could not be delivered to slack:T024:U1 (https://slack.com/api/chat.postMessage)";
    expect(scrub(text)).toBe(text);
  });
});

describe("the metrics", () => {
  it("show what was counted before and after the first scrape", async () => {
    const metrics = createMetrics();
    metrics.count("t_minus_inputs_total", { kind: "message", outcome: "committed" });
    metrics.count("t_minus_inputs_total", { kind: "message", outcome: "committed" }, 2);
    metrics.gauge("t_minus_outbox_waiting", "Rows waiting", async () => 7);
    const first = await metrics.text();
    expect(first.type).toContain("text/plain");
    expect(first.body).toContain('t_minus_inputs_total{kind="message",outcome="committed"} 3');
    expect(first.body).toContain("t_minus_outbox_waiting 7");
    expect(first.body).toContain("process_resident_memory_bytes");
    metrics.count("t_minus_inputs_total", { kind: "message", outcome: "committed" });
    expect((await metrics.text()).body).toContain('outcome="committed"} 4');
  });
});
