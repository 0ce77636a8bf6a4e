import { REVIEW_ASKS } from "../../conversations/review-asks.ts";
import { type Program, startProgram, temporaryFolder } from "./program.ts";
import { WebClient } from "./web-client.ts";

/** Six weeks of one session, in the real program and its web channel, by a team that works and one owner who is slow. */

export type WeeksReport = {
  /** Unprompted messages (reminders and digests) by person and week (its Monday). */
  perPersonAndWeek: Map<string, number>;
  /** Bot posts at the channel's top level. */
  topLevel: string[];
  /** Every direct message, as its notification says it. */
  directs: { to: string; week: string; text: string }[];
  status: string;
  settled: number;
  people: number;
};

const DAY_MS = 86_400_000;
const TEAM: Record<string, { modules: string[]; questions: string[] }> = {
  omar: {
    modules: ["performance", "resilience"],
    questions: ["P1", "P2", "P3", "P4", "P5", "P6", "R1", "R2", "R3", "R4", "R5", "R6"],
  },
  lena: { modules: ["service-quotas"], questions: ["Q1", "Q2", "Q3", "Q4", "Q5", "Q6", "Q7"] },
  sven: { modules: ["security", "monitoring"], questions: ["S1", "S2", "S3", "M1"] },
};
/** On which days since the start each of them sits down, and how many questions they get through. */
const SITS: Record<string, Record<number, number>> = {
  omar: { 3: 4, 7: 5, 27: 3 },
  lena: { 12: 7 },
  sven: { 28: 4 },
};

export async function sixWeeks(): Promise<WeeksReport> {
  const folder = temporaryFolder();
  const program = await startProgram(
    { CLOCK_START: "2026-10-16T08:00:00Z", CLOCK_SPEED: "0", ANSWER_SETTLE: "PT0.01S", LOG_LEVEL: "warn" },
    folder.path,
  );
  try {
    return await play(program);
  } finally {
    await program.stop();
    folder.remove();
  }
}

async function play(program: Program): Promise<WeeksReport> {
  const client = new WebClient(program.url, "weeks");
  const people = ["fay", "mia", ...Object.keys(TEAM)];
  await client.say("fay", '/readiness start "Black Friday" 2026-11-27 09:00 --tz Europe/London');
  await client.flush();
  const session = /"session":"(s-[0-9a-f]+)"/.exec(JSON.stringify(await client.messages()))?.[1] ?? "";
  await client.say("fay", "/readiness assign manager @Mia");
  for (const [person, { modules }] of Object.entries(TEAM)) {
    for (const module of modules) await client.act(person, "claim", { session, module });
  }
  const seen = new Set<string>();
  const report: WeeksReport = {
    perPersonAndWeek: new Map(),
    topLevel: [],
    directs: [],
    status: "",
    settled: 0,
    people: people.length,
  };
  const done = new Set<string>();
  const start = Date.parse("2026-10-16T00:00:00Z");
  for (let day = 0; day < 60; day++) {
    const at = start + day * DAY_MS;
    const week = new Date(at - ((new Date(at).getUTCDay() + 6) % 7) * DAY_MS).toISOString().slice(0, 10);
    await client.send("POST", "/clock", { to: new Date(at + 10.5 * 3_600_000).toISOString() });
    for (const [person, days] of Object.entries(SITS)) {
      const most = days[day] ?? 0;
      if (most > 0) report.settled += await sitDown(client, person, most, done);
    }
    if (day === 32) {
      for (const [person, { modules }] of Object.entries(TEAM)) await confirm(client, person, session, modules);
    }
    if (day === 38) await client.say("fay", "/readiness decide");
    if (day === 39) await client.say("mia", "/readiness decide no-go the load test is missing");
    if (day === 42) await client.say("fay", "/readiness note traffic at 2x");
    if (day === 46) await afterwards(client, session);
    for (const person of people) {
      for (const message of await client.messages(person, `@${person}`)) {
        if (message.author !== "t-minus" || seen.has(message.id)) continue;
        seen.add(message.id);
        report.directs.push({ to: person, week, text: message.text });
        count(report, person, week);
      }
    }
    for (const message of await client.messages()) {
      if (message.author !== "t-minus" || seen.has(message.id)) continue;
      seen.add(message.id);
      if (message.thread === null) report.topLevel.push(message.text.split(":")[0] ?? "");
    }
  }
  const { sessions } = await client.json<{ sessions: { status: string }[] }>("/sessions");
  report.status = sessions[0]?.status ?? "";
  return report;
}

function count(report: WeeksReport, person: string, week: string): void {
  const key = `${person} ${week}`;
  report.perPersonAndWeek.set(key, (report.perPersonAndWeek.get(key) ?? 0) + 1);
}

/** Answers their next questions, and what is asked back about each. */
async function sitDown(client: WebClient, person: string, most: number, done: Set<string>): Promise<number> {
  const next = (TEAM[person]?.questions ?? []).filter((id) => !done.has(id)).slice(0, most);
  for (const id of next) {
    await client.say(person, `/readiness answer ${id} Two zones, tested in May`);
    await client.say(person, `/readiness answer ${id} owner ${person}, by 1 November, plan in the wiki`);
    await client.flush();
    done.add(id);
  }
  return next.length;
}

async function confirm(client: WebClient, person: string, session: string, modules: readonly string[]): Promise<void> {
  for (const module of modules) await client.act(person, "confirm", { session, module });
}

async function afterwards(client: WebClient, session: string): Promise<void> {
  await client.act("fay", "scaled_down", { session });
  const values = Object.fromEntries(REVIEW_ASKS.map(({ id }) => [id, "As expected"]));
  await client.send("POST", "/web/forms", {
    as: "fay",
    channel: "general",
    key: client.key(),
    form: "answer",
    context: { session, arg: "review" },
    values,
  });
}
