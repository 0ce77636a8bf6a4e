import { beforeEach, describe, expect, it } from "vitest";
import { standardCatalogue } from "../../conversations/catalogue/index.ts";
import { raiseValue } from "../../conversations/quota-asks.ts";
import { riskOfQuestion } from "../../conversations/verdict.ts";
import { quotaAnswerCard } from "../../conversations/views/quota.ts";
import type { Evidence, EvidenceGap } from "../../src/domain/evidence.ts";
import type { Increase, QuotaAnswer } from "../../src/domain/quota-answer.ts";
import type { QuotaQuery } from "../../src/domain/quota-query.ts";
import { Room, said, wordsOf } from "./room.ts";

const PROD = { alias: "prod", regions: ["eu-west-1"] };

/** A room whose operator granted accounts. */
class AwsRoom extends Room {
  accounts: { alias: string; regions: string[]; allow?: Record<"workspaces" | "tenants" | "channels", string[]> }[] = [
    PROD,
  ];
  model = false;
  override context() {
    const context = super.context();
    return {
      ...context,
      settings: { ...context.settings, model: this.model, aws: { on: true as const, accounts: this.accounts } },
    };
  }
  wants(what: string) {
    return this.outbox.filter(({ effect }) => effect.do === what).map(({ effect }) => effect);
  }
}

const QUERY: QuotaQuery = {
  kind: "run",
  instances: [{ type: "m7g.2xlarge", count: 300 }],
  purchase: "on-demand",
  regions: ["eu-west-1"],
  accounts: [],
};
const WANTED = { account: "prod", region: "eu-west-1", quotaCode: "L-1216C47A" };
const ARG = raiseValue({ query: QUERY, wanted: WANTED });

const INCREASE: Increase = {
  id: "req-1",
  raise: "raise-1",
  account: "prod",
  region: "eu-west-1",
  serviceCode: "ec2",
  quotaCode: "L-1216C47A",
  label: "Running On-Demand Standard",
  unit: "vCPU",
  from: 1_152,
  to: 2_880,
  by: "web:local:fay",
  filedAt: "2026-10-16T09:00:00.000Z",
  status: "PENDING",
  closed: false,
  late: false,
};

function item(id: string, more: Partial<Evidence> = {}): Evidence {
  return {
    id,
    source: id.split("/")[0] ?? "",
    questions: ["Q2"],
    statement: `What ${id} says`,
    account: "prod",
    region: "eu-west-1",
    calls: [],
    readAt: "2026-10-16T09:00:00.000Z",
    proves: [],
    refutes: [],
    ...more,
  };
}

const gap = (more: Partial<EvidenceGap> = {}): EvidenceGap => ({
  source: "ebs-storage",
  questions: ["Q3"],
  account: "prod",
  region: "eu-west-1",
  reason: "AWS can't be reached",
  ...more,
});

describe("asking quotas", () => {
  it("works without a session: understood at once, read later, in a lane of one's own", () => {
    const room = new AwsRoom();
    expect(said(room.command("omar", "quotas can we run 300 m7g.2xlarge in eu-west-1?"))).toBe(
      "Reading AWS: 300 m7g.2xlarge On-Demand in eu-west-1",
    );
    expect(room.outbox).toMatchObject([
      { lane: `quota:${room.id("omar")}`, class: "internal", effect: { do: "quota", query: QUERY } },
    ]);
  });

  it("an unclear question gets one question back, and nothing is read", () => {
    const room = new AwsRoom();
    expect(said(room.command("omar", "quotas can we run m7g.2xlarge?"))).toBe(
      "How many m7g.2xlarge? For example: 300 m7g.2xlarge.",
    );
    expect(room.outbox).toEqual([]);
  });

  it("with a model, what our grammar can't read goes to it; what it can never does", () => {
    const room = new AwsRoom();
    room.model = true;
    expect(said(room.command("omar", "quotas would Dublin cope"))).toContain("I read that with the model");
    expect(room.outbox).toMatchObject([{ effect: { do: "translate_quota", text: "would Dublin cope" } }]);
    room.outbox = [];
    room.command("omar", "quotas how much gp3 is left");
    expect(room.wants("translate_quota")).toEqual([]);
  });

  it("without AWS: the sentence why", () => {
    const room = new Room();
    expect(said(room.command("omar", "quotas how much gp3 is left"))).toContain("AWS isn't connected (not set up)");
    expect(room.outbox).toEqual([]);
  });

  it("guests get nothing read", () => {
    const room = new AwsRoom();
    const actor = { ...room.actor("guest"), outsider: true };
    room.deliver({ kind: "command", receipts: ["g"], actor, address: room.home, text: "quotas ec2", mentions: [] });
    expect(room.outbox).toEqual([]);
  });

  it("alone it explains with examples, and in a session with a scope looks at what is closest", () => {
    const room = new AwsRoom();
    const help = room.command("omar", "quotas");
    expect(help?.kind === "message" ? wordsOf(help.message).match(/readiness quotas /g) : []).toHaveLength(3);
    expect(room.outbox).toEqual([]);
    room.command("fay", 'start "Sale" 2026-11-27 --tz UTC');
    room.command("omar", "quotas");
    expect(room.wants("quota")).toMatchObject([{ query: { kind: "closest", top: 3 } }]);
  });
});

describe("the answer", () => {
  const answer: QuotaAnswer = {
    verdict: "no",
    lines: [
      "No. 300 × 8 = 2,400 vCPU; you have room for 1,056.",
      "96 of 1,152 vCPU in use (prod, eu-west-1). Short by 1,344.",
    ],
    figures: [
      {
        account: "prod",
        region: "eu-west-1",
        label: "Standard",
        unit: "vCPU",
        used: 96,
        quota: 1_152,
        projected: 2_496,
      },
    ],
    raise: [
      {
        ...{ account: "prod", region: "eu-west-1", quotaCode: "L-1216C47A", serviceCode: "ec2", label: "Standard" },
        ...{ unit: "vCPU", current: 1_152, needed: 2_496, value: 2_880 },
      },
    ],
    gaps: [],
  };
  const view = { query: QUERY, raiseArg: () => ARG, command: "/readiness" };

  it("says the verdict first, and what the button carries is no value", () => {
    const card = quotaAnswerCard(answer, { ...view, mayRaise: true });
    expect(card.blocks[0]).toEqual({ kind: "text", text: [{ strong: "No." }, expect.stringContaining(" 300 × 8")] });
    const buttons = card.blocks.flatMap((block) => (block.kind === "buttons" ? block.buttons : []));
    expect(buttons.map(({ label }) => label)).toEqual(["Ask AWS for 2,880"]);
    expect(JSON.stringify(buttons.map(({ value }) => value))).not.toContain("2880");
  });

  it("a whole value fits into the tightest platform's button", () => {
    const instances = Array.from({ length: 10 }, (_, at) => ({ type: `u7in-${at}4tb.224xlarge`, count: 1_000_000 }));
    const regions = Array.from({ length: 10 }, () => "ap-southeast-1");
    expect(raiseValue({ query: { ...QUERY, instances, regions }, wanted: WANTED }).length).toBeLessThan(1_900);
  });

  it("others than managers are told who can", () => {
    expect(wordsOf(quotaAnswerCard(answer, { ...view, mayRaise: false }))).toContain(
      "Quota increases are filed from a session, by its managers.",
    );
  });
});

describe("raising", () => {
  let room: AwsRoom;
  beforeEach(() => {
    room = new AwsRoom();
    room.command("fay", 'start "Sale" 2026-11-27 --tz UTC');
    room.run();
    room.command("fay", "assign manager @fay", [{ label: "@fay", user: "fay", name: "Fay" }]);
    room.command("fay", "assign service-quotas @omar", [{ label: "@omar", user: "omar", name: "Omar" }]);
    room.run();
  });
  const file = (increase = INCREASE) =>
    room.deliver({ kind: "increase_filed", session: room.state.id, increase, receipts: [] });
  const standing = (status: Increase["status"], late = false, closed = false) =>
    room.deliver({
      kind: "increases_read",
      session: room.state.id,
      standings: [{ id: "req-1", status, late, closed }],
      receipts: [],
    });
  const posts = () => room.posts.filter(({ key }) => key.startsWith("increase:")).map(({ key }) => key);

  it.each([
    ["a participant", "omar", ARG, "Only a manager of this session"],
    ["nonsense in the button", "fay", "{", "replaced by a newer one"],
    ["a value in the button", "fay", '{"value":9999}', "replaced by a newer one"],
  ])("%s asks AWS for nothing", (_, who, arg, sentence) => {
    expect(said(room.press(who, "raise", { arg }))).toContain(sentence);
    expect(room.wants("raise")).toEqual([]);
  });

  it("a manager's press computes anew, and the confirmation files", () => {
    room.press("fay", "raise", { arg: ARG });
    expect(room.wants("raise")).toMatchObject([{ query: QUERY, wanted: WANTED }]);
    room.press("fay", "file_increase", { arg: "raise-1" });
    expect(room.wants("file_increase")).toMatchObject([{ raise: "raise-1" }]);
  });

  it("is told in the module's thread once, and read again", () => {
    file();
    file();
    expect(room.wants("collect")).toMatchObject([{ fresh: true, sources: expect.arrayContaining(["quota-requests"]) }]);
    room.run();
    expect(posts()).toEqual(["increase:req-1:filed"]);
    expect(room.state.posts["increase:req-1:filed"]?.conversation).toContain(room.thread("service-quotas").thread);
    expect(said(room.press("fay", "file_increase", { arg: "raise-1" }))).toContain("is filed already (request req-1)");
  });

  it("is looked at every day while it is open; only what changed is told", () => {
    file();
    room.run();
    const look = () => {
      room.now += 86_400_000;
      room.run();
      return room.state.increases?.["req-1"]?.closed === true;
    };
    const asked: string[] = [];
    for (const status of ["PENDING", "CASE_OPENED", "CASE_OPENED"] as const) {
      look();
      asked.push(status);
      standing(status);
      room.run();
    }
    standing("CASE_OPENED", true);
    standing("CASE_OPENED", true);
    standing("APPROVED", false, true);
    room.run();
    expect(posts()).toEqual([
      "increase:req-1:filed",
      "increase:req-1:case_opened",
      "increase:req-1:late",
      "increase:req-1:approved",
    ]);
    expect(room.outbox.filter(({ key }) => key?.startsWith("increases:"))).toHaveLength(1);
    room.now += 86_400_000;
    room.run();
    expect(room.outbox.filter(({ key }) => key?.startsWith("increases:"))).toEqual([]);
  });
});

describe("evidence in the session", () => {
  let room: AwsRoom;
  beforeEach(() => {
    room = new AwsRoom();
    room.command("fay", 'start "Sale" 2026-11-27 --tz UTC');
    room.run();
  });
  const read = (items: Evidence[], sources: string[], complete = false, gaps: EvidenceGap[] = []) => {
    const report = { items, gaps, sources, complete };
    room.deliver({ kind: "evidence", session: room.state.id, report, receipts: [] });
  };
  const kinds = () => room.events.filter((event) => event.kind === "evidence_read");

  it("progress is kept as it comes, and what brings nothing new leaves no trace", () => {
    const first = item("auto-scaling-capacity/a");
    const before = kinds().length;
    read([first], ["auto-scaling-capacity"]);
    read([first], ["auto-scaling-capacity"]);
    expect(kinds()).toHaveLength(before + 1);
    expect(room.state.evidenceRunning).toBe(true);
    read([first, item("ebs-storage/b")], ["auto-scaling-capacity", "ebs-storage"], true);
    expect(Object.keys(room.state.evidence)).toEqual(["auto-scaling-capacity/a", "ebs-storage/b"]);
    expect(room.state.evidenceRunning).toBe(false);
  });

  it("what a reading says again as before isn't stored again, and is still shown as read now", () => {
    const [a, b, c] = [item("auto-scaling-capacity/a"), item("ebs-storage/b"), item("ebs-storage/c")];
    const later = { readAt: "2026-11-21T09:02:00.000Z" };
    read([a, b, c], ["auto-scaling-capacity", "ebs-storage"], true, [gap()]);
    // Of storage one item is as it was, one changed; the groups can't be read this time but for nothing at all.
    const changed = { ...c, ...later, statement: "49 of 50 TiB used" };
    read([{ ...b, ...later }, changed], ["auto-scaling-capacity", "ebs-storage"], true, [
      gap(),
      gap({ source: "auto-scaling-capacity" }),
    ]);
    const last = kinds().at(-1);
    expect(last).toMatchObject({ items: [changed], again: { "ebs-storage": later.readAt } });
    expect(room.state.evidence).toEqual({ [a.id]: a, [b.id]: { ...b, ...later }, [c.id]: changed });
    read([{ ...b, ...later }], ["ebs-storage"], true, [gap()]);
    expect(kinds().at(-1)).toMatchObject({ items: [] });
    const many = Array.from({ length: 80 }, (_, n) => item(`ebs-storage/${n}`));
    read(many, ["ebs-storage"], true, [gap()]);
    const first = JSON.stringify(kinds().at(-1)).length;
    for (let day = 10; day < 30; day++) {
      read(
        many.map((one) => ({ ...one, readAt: `2026-12-${day}T07:00:00.000Z` })),
        ["ebs-storage"],
        true,
        [gap()],
      );
      expect(JSON.stringify(kinds().at(-1)).length).toBeLessThan(first / 50);
    }
    expect(Object.values(room.state.evidence).filter(({ readAt }) => readAt.startsWith("2026-12-29"))).toHaveLength(80);
    expect(room.refold()).toEqual(room.state);
  });

  it("lets go of what a source no longer says, and keeps what couldn't be read this time", () => {
    read([item("auto-scaling-capacity/a"), item("ebs-storage/b")], ["auto-scaling-capacity", "ebs-storage"], true);
    read([], ["auto-scaling-capacity", "ebs-storage"], true, [gap()]);
    expect(Object.keys(room.state.evidence)).toEqual(["ebs-storage/b"]);
    expect(room.state.gaps).toHaveLength(1);
  });

  it("reading one module leaves the others' evidence and gaps alone", () => {
    read([item("auto-scaling-capacity/a")], ["auto-scaling-capacity", "ebs-storage"], true, [gap()]);
    read([], ["alarms"], true);
    expect(Object.keys(room.state.evidence)).toEqual(["auto-scaling-capacity/a"]);
    expect(room.state.gaps).toHaveLength(1);
  });

  it("`evidence service-quotas` reads that module's sources, anew", () => {
    room.outbox = [];
    room.command("fay", "evidence service-quotas");
    const [wanted] = room.wants("collect");
    expect(wanted).toMatchObject({ fresh: true });
    expect(wanted?.do === "collect" ? wanted.sources : []).toEqual(
      expect.arrayContaining(["auto-scaling-capacity", "ebs-storage", "quota-requests", "ses-sending"]),
    );
    expect(wanted?.do === "collect" ? wanted.sources : []).not.toContain("alarms");
  });

  it("that AWS can't be read is said once, on the module's card", () => {
    read([], ["ebs-storage", "spot-capacity"], true, [gap(), gap({ source: "spot-capacity", questions: ["Q6"] })]);
    expect(wordsOf(room.card("module:service-quotas"))).toContain(
      "I can't read AWS (prod, eu-west-1): AWS can't be reached.",
    );
    expect(wordsOf(room.card("module:resilience"))).not.toContain("can't be reached");
    read([], ["ebs-storage", "spot-capacity"], true);
    expect(wordsOf(room.card("module:service-quotas"))).not.toContain("can't be reached");
  });

  it("an increase that turns late makes a risk that was filed away high again", () => {
    const asked = standardCatalogue.question("Q2");
    if (asked === undefined) throw new Error("No Q2");
    const short = item("auto-scaling-capacity/a", { refutes: ["q2_room_at_peak", "q2_room_at_max"] });
    const filed = { ...item("quota-requests/r"), proves: ["q2_filed"] };
    read([short, filed], ["auto-scaling-capacity", "quota-requests"], true);
    expect(riskOfQuestion(room.state, asked).risk).toBe("MEDIUM");
    const late = { ...filed, proves: ["q2_short"], refutes: ["q2_filed"] };
    read([short, late], ["auto-scaling-capacity", "quota-requests"], true);
    expect(riskOfQuestion(room.state, asked).risk).toBe("HIGH");
  });

  it("an account that is limited to other channels isn't this session's", () => {
    const other = new AwsRoom();
    other.accounts = [{ ...PROD, allow: { workspaces: [], tenants: [], channels: ["launches"] } }];
    expect(said(other.command("fay", 'start "Sale" 2026-11-27 --tz UTC --accounts prod'))).toContain(
      `I may not read the account "prod" from this channel; nothing was started.`,
    );
    other.command("fay", 'start "Sale" 2026-11-27 --tz UTC');
    expect(other.state.scope.accounts).toEqual([]);
    expect(other.wants("collect")).toEqual([]);
  });
});
