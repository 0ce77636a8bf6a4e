import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { eventually, type Program, startProgram, temporaryFolder } from "./program.ts";
import { WebClient } from "./web-client.ts";

/** A rehearsal outside, on the real program: private, one question at a time, and there again after a restart. */

const folder = temporaryFolder();
let program: Program;
let client: WebClient;

const CLOCK = { CLOCK_START: "2026-10-16T09:00:00Z" };
const OWN = "@omar";

type View = { messages: { text: string }[]; whispers: { text: string; card: unknown; about: string | null }[] };

beforeAll(async () => {
  program = await startProgram(CLOCK, folder.path);
  client = new WebClient(program.url, "practice");
});

afterAll(async () => {
  await program.stop();
  folder.remove();
});

const view = (as: string, channel: string) =>
  client.json<View>(`/web/messages?as=${as}&channel=${encodeURIComponent(channel)}`);

/** The newest private answer, once it says this: its text and everything in its card. */
function heard(as: string, channel: string, words: string): Promise<{ text: string; all: string }> {
  return eventually(`${as} hears "${words}"`, async () => {
    const last = (await view(as, channel)).whispers.at(-1);
    const all = JSON.stringify(last?.card ?? {});
    return last !== undefined && `${last.text}${all}`.includes(words) ? { text: last.text, all } : undefined;
  });
}

const direct = (text: string) =>
  client.send("POST", "/web/messages", { as: "omar", channel: OWN, key: client.key(), text });

describe("practice", () => {
  it("is private: in a channel only who asked sees it", async () => {
    await client.say("fay", '/readiness start "Black Friday" 2026-11-27 09:00');
    await client.say("omar", "/readiness practice");
    await heard("omar", "general", "Larch & Loom");
    const others = await view("fay", "general");
    expect(JSON.stringify(others)).not.toContain("Larch & Loom");
  });

  it("takes plain replies in a direct chat and compares them", async () => {
    await direct("practice resilience");
    await heard("omar", OWN, "1 of 6: What risks exist");
    await direct("The release on 25 Nov: owner checkout, moved, can be rolled back");
    const second = await heard("omar", OWN, "2 of 6");
    expect(second.text).toContain("R1: 3 of 3 points, 1 of 3 weaknesses found.");
    expect(second.all).toContain("True of the sample today");
  });

  it("goes on after the program was killed, where it was left", async () => {
    await program.kill();
    program = await startProgram(CLOCK, folder.path);
    client.moved(program.url);
    await direct(
      "orders-db is Single-AZ, Multi-AZ on Tuesday by Omar; NAT, redis and the payment provider are single too",
    );
    const next = await heard("omar", OWN, "3 of 6");
    expect(next.text).toContain("R2: ");
    expect(next.text).toContain("4 of 4 weaknesses found");
  });

  it("leaves the session as it was", async () => {
    const { sessions } = await client.json<{ sessions: { id: string }[] }>("/sessions");
    const response = await fetch(`${program.url}/sessions/${sessions[0]!.id}/export?format=json`);
    const exported = await response.text();
    expect(exported).not.toContain("orders-db");
    expect(exported).not.toContain("practice");
    expect(JSON.parse(exported).questions.every((one: { answers: unknown[] }) => one.answers.length === 0)).toBe(true);
  });

  it("ends with a word, and says how it went", async () => {
    await direct("stop");
    const end = await heard("omar", OWN, "Practice of Resilience: ");
    expect(end.text).toMatch(/^Practice of Resilience: \d+ of 6 points covered, 5 of 7 planted weaknesses found\.$/);
  });
});
