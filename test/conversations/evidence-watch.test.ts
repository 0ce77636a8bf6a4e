import { describe, expect, it } from "vitest";
import type { Evidence, EvidenceReport } from "../../src/domain/evidence.ts";
import { Room, said, wordsOf } from "./room.ts";

const storage = (room: Room, proves: string[], refutes: string[] = []): Evidence => ({
  id: "ebs-storage/prod/eu-west-1/gp3",
  source: "ebs-storage",
  questions: ["Q3"],
  statement: `gp3 storage: ${proves.join() === "q3_short" ? 49 : 20} of 50 TiB used.`,
  account: "prod",
  region: "eu-west-1",
  calls: ["ec2:DescribeVolumes"],
  readAt: new Date(room.now).toISOString(),
  proves,
  refutes,
});
const report = (...items: Evidence[]): EvidenceReport => ({ items, gaps: [], complete: true });

/** AWS is on; Q3 is answered and confirmed as these choices. */
function answered(choices: string[]): Room {
  const room = new Room("2026-10-16T09:00:00Z");
  room.aws = { on: true, accounts: [{ alias: "prod", regions: ["eu-west-1"] }] };
  room.command("fay", 'start "Black Friday" 2026-11-27 09:00 --tz Europe/London');
  room.run();
  room.press("pat", "claim", { module: "service-quotas" });
  room.run();
  room.press("pat", "answer", { question: "Q3" }, { answer: "20 of 50 TiB, owner Pat, by 1 November" });
  room.run();
  room.form("pat", "answer", undefined, {});
  room.deliver({
    kind: "form",
    receipts: ["form:q3"],
    actor: room.actor("pat"),
    address: room.home,
    form: "answer",
    context: { session: room.state.id, question: "Q3", version: room.state.questions.Q3!.version },
    values: { answer: "20 of 50 TiB, owner Pat, by 1 November", choices },
  });
  room.run();
  expect(room.state.questions.Q3).toMatchObject({ status: "answered", confirmed: { choices } });
  return room;
}
/** Reads AWS as often as there are readings, an hour apart. */
function readings(room: Room, ...read: (() => Evidence)[]): string[] {
  for (const one of read) {
    room.reading = () => report(one());
    room.now += 3_600_000;
    room.deliver({ kind: "timer", timer: "daily", session: room.state.id, receipts: [] });
    room.run();
  }
  return room.told();
}

describe("a new reading of AWS", () => {
  it("is made every morning, and hourly in the last day", () => {
    const room = answered(["q3_filed"]);
    const at: string[] = [];
    room.reading = () => {
      at.push(new Date(room.now).toISOString());
      return report();
    };
    room.advance("2026-10-19T12:00:00Z");
    expect(at).toEqual(["2026-10-17T06:00:00.000Z", "2026-10-18T06:00:00.000Z", "2026-10-19T06:00:00.000Z"]);
    room.advance("2026-11-26T08:00:00Z");
    at.length = 0;
    room.advance("2026-11-27T09:00:00Z");
    expect(at).toHaveLength(25);
  });
  it("is never one that was made for something else: a jump of the calendar is no reason to believe a cache", () => {
    const room = answered(["q3_filed"]);
    const before = room.collected.length;
    room.advance("2026-10-19T12:00:00Z");
    expect(room.collected.slice(before).map(({ fresh }) => fresh)).toEqual([true, true, true]);
  });
  it("that was asked for tells whoever asked how it ended", () => {
    const room = answered(["q3_filed"]);
    const ended = () => room.whispers.map(({ to, message }) => `${to}: ${message.summary}`);
    room.advance("2026-10-17T12:00:00Z");
    expect(ended()).toEqual([]);
    room.command("fay", "evidence");
    room.run();
    expect(ended()).toEqual([`${room.id("fay")}: AWS is read. What it says stands in the questions it speaks to.`]);
    const gap = { source: "ebs-storage", questions: ["Q3"], account: "prod", region: "eu-west-1" };
    room.reading = () => ({ items: [], gaps: [{ ...gap, reason: "AWS can't be reached" }], complete: true });
    room.command("fay", "evidence service-quotas");
    room.run();
    expect(ended()[1]).toContain("I couldn't read AWS (prod: AWS can't be reached). What I read before stands");
  });
  it("that couldn't be made leaves the last good figures, with the time at which they were read", () => {
    const room = answered(["q3_filed"]);
    const q1 = (id: string, readAt: string, statement: string): Evidence => ({
      ...storage(room, []),
      id: `service-quotas/prod/eu-west-1/${id}`,
      source: "service-quotas",
      questions: ["Q1"],
      statement,
      readAt,
    });
    room.reading = () =>
      report(
        q1("gp3", "2026-10-16T09:00:00.000Z", "gp3: 20 of 50 TiB"),
        q1("vpc", "2026-10-16T09:05:00.000Z", "VPCs: 2 of 5"),
      );
    room.command("fay", "evidence");
    room.run();
    expect(wordsOf(room.card("question:Q1:1"))).toContain("read 10:00");
    room.now = Date.parse("2026-10-17T10:00:00Z");
    room.reading = () => report(q1("vpc", "2026-10-17T10:00:00.000Z", "VPCs: 3 of 5"));
    room.command("fay", "evidence");
    room.run();
    expect(wordsOf(room.card("question:Q1:1"))).toContain("read Fri 16 Oct, 10:00");
  });
  it("says a risk that became worse once, in its thread, with the reason", () => {
    const room = answered(["q3_filed"]);
    const short = () => storage(room, ["q3_short"]);
    expect(readings(room, short)).toHaveLength(1);
    expect(room.told()[0]).toMatch(/^Q3 EBS storage: 🔴 high risk, was 🟡 at risk\. /);
    expect(room.posts.at(-1)!.key).toBe("evidence:1");
    expect(room.state.posts["evidence:1"]!.conversation).toBe(
      room.state.posts["question:Q3:1"]?.conversation ?? room.state.posts["evidence:1"]!.conversation,
    );
    expect(readings(room, short, short, short)).toHaveLength(1);
  });
  it("says that it became better when two readings in a row show it", () => {
    const room = answered(["q3_filed"]);
    readings(room, () => storage(room, ["q3_short"]));
    room.now += 86_400_000;
    expect(readings(room, () => storage(room, []))).toHaveLength(1);
    expect(readings(room, () => storage(room, []))).toHaveLength(2);
    expect(room.told()[1]).toContain("Q3 EBS storage: 🟡 at risk, was 🔴 high risk.");
  });
  it("that comes in pieces is one reading", () => {
    const room = answered(["q3_filed"]);
    const short = storage(room, ["q3_short"]);
    const land = (complete: boolean, ...items: Evidence[]) =>
      room.deliver({ kind: "evidence", session: room.state.id, report: { items, gaps: [], complete }, receipts: [] });
    land(false, short);
    room.run();
    expect(room.told()).toEqual([]);
    land(false);
    land(true, short);
    room.run();
    expect(room.told()).toHaveLength(1);
    room.reading = () => report(short);
    room.now += 90_000_000;
    room.run();
    land(false, storage(room, []));
    land(true, storage(room, []));
    room.run();
    expect(room.told()).toHaveLength(1);
    land(true, storage(room, []));
    room.run();
    expect(room.told()).toHaveLength(2);
  });
  it("doesn't chatter when a figure swings around its threshold", () => {
    const room = answered(["q3_filed"]);
    const [short, fine] = [() => storage(room, ["q3_short"]), () => storage(room, [])];
    expect(readings(room, short, fine, short, fine, short, fine, short, fine, short, short)).toHaveLength(1);
  });
  it("says nothing about what its owner changed, nor about the first reading", () => {
    const room = answered(["q3_filed"]);
    readings(room, () => storage(room, []));
    room.press("fay", "confirm", { module: "service-quotas" });
    expect(readings(room, () => storage(room, []))).toEqual([]);
  });
  it("that contradicts a confirmed answer opens the question again, at most once a day", () => {
    const room = answered(["q3_room_at_peak"]);
    const contradiction = () => storage(room, ["q3_short"], ["q3_room_at_peak"]);
    expect(readings(room, contradiction)).toHaveLength(1);
    expect(room.told()[0]).toContain("🔴 high risk, was 🟢 ready. AWS contradicts");
    expect(room.told()[0]).toContain("It contradicts what was confirmed, so the question is open again.");
    expect(room.events.filter(({ kind }) => kind === "answer_reopened")).toHaveLength(1);
    expect(room.state.questions.Q3!.status).not.toBe("answered");
    const card = room.press("fay", "show_confirm", { module: "service-quotas" });
    expect(said(card)).toBe("Service Quotas is open again: AWS contradicts what was confirmed for Q3.");
    // Pat says it again: the same reading doesn't open it twice a day.
    room.deliver({
      kind: "form",
      receipts: ["form:q3-again"],
      actor: room.actor("pat"),
      address: room.home,
      form: "answer",
      context: { session: room.state.id, question: "Q3", version: room.state.questions.Q3!.version },
      values: { answer: "That volume is deleted tonight", choices: ["q3_room_at_peak"] },
    });
    room.run();
    readings(room, () => storage(room, []), contradiction, contradiction);
    expect(room.events.filter(({ kind }) => kind === "answer_reopened")).toHaveLength(1);
    expect(wordsOf(room.card("header"))).toContain("Service Quotas");
    expect(room.refold()).toEqual(room.state);
  });
});
