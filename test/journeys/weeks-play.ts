import { DateTime } from "luxon";
import { REVIEW_ASKS } from "../../conversations/review-asks.ts";
import { eventually } from "./program.ts";
import { WEB_TOKEN } from "./slack.ts";
import { CREW, EVERYBODY, type Heard, moveTo, type Stage, type Which, type Who } from "./weeks-stage.ts";

/**
 * The whole six weeks, told once for every platform: three zones over both changes of the clocks (Sydney forward on
 * 4 October, London back on 25 October, New York back on 1 November), a zone that changes midway, two ends of months,
 * an event that is moved twice, three days down, an absence, and a decision on a condition.
 */

export const START = "2026-09-28T09:00:00Z";
const END = "2026-12-12T00:00:00Z";
const HOUR = 3_600_000;
const MODULES: Record<string, string[]> = {
  performance: ["P1", "P2", "P3", "P4", "P5", "P6"],
  resilience: ["R1", "R2", "R3", "R4", "R5", "R6"],
  security: ["S1", "S2", "S3"],
  "service-quotas": ["Q1", "Q2", "Q3", "Q4", "Q5", "Q6", "Q7"],
  monitoring: ["M1"],
};

/** Something that came unasked, and when: by the calendar's hour in which it came. */
export type Unasked = Heard & { hour: DateTime<true> };

export type Story = {
  /** Direct messages and what is told in threads, in order. */
  unasked: Unasked[];
  /** What stands at the channel's top level in the end. */
  topLevel: string[];
  /** When each question was answered, by calendar. */
  answeredAt: Map<string, DateTime<true>>;
  /** Their zone at a moment. */
  zoneOf(who: Who, at: DateTime): string;
  status: string;
  violations: unknown[];
};

type Act = { at: string; do(stage: Stage): Promise<void> };

export async function playWeeks(stage: Stage): Promise<Story> {
  const unasked: Unasked[] = [];
  const seen = new Set<string>();
  const answeredAt = new Map<string, DateTime<true>>();
  const acts = script(answeredAt);
  let now = Date.parse(START);
  const listen = async () => {
    for (const heard of await stage.heard()) {
      if (seen.has(heard.id)) continue;
      seen.add(heard.id);
      if (!isUnasked(heard)) continue;
      unasked.push({ ...heard, hour: instant(now).startOf("hour") as DateTime<true> });
    }
  };
  while (now < Date.parse(END)) {
    // To the last moment of the hour: whatever came since the hour before came within it.
    now = Math.floor(now / HOUR) * HOUR + HOUR - 1;
    if (now > Date.parse(START) + HOUR) await moveTo(stage.program(), new Date(now).toISOString());
    await listen();
    while (acts[0] !== undefined && Date.parse(acts[0].at) <= now) {
      const act = acts.shift();
      await act?.do(stage);
      const moved = await calendarOf(stage);
      if (moved > now) now = moved;
      await listen();
    }
    now = Math.floor(now / HOUR) * HOUR + HOUR;
  }
  const { sessions } = await sessionsOf(stage);
  return {
    unasked,
    topLevel: (await stage.heard()).filter(({ place }) => place === "channel").map(({ kind }) => kind),
    answeredAt,
    zoneOf: (who, at) => (who === "pat" && at >= instant(Date.parse(PAT_MOVES)) ? "Asia/Tokyo" : CREW[who].zone),
    status: sessions[0]?.status ?? "",
    violations: stage.violations(),
  };
}

/** Nudges and digests, and what is told in threads. A note in a direct chat is the answer to a tap there. */
function isUnasked({ kind, place }: Heard): boolean {
  return kind === "nudge" || kind === "digest" || (place === "thread" && (kind === "note" || kind === "evidence"));
}

function instant(ms: number): DateTime<true> {
  return DateTime.fromMillis(ms, { zone: "utc" }) as DateTime<true>;
}

async function calendarOf(stage: Stage): Promise<number> {
  const { now }: { now: string } = JSON.parse(await (await fetch(`${stage.program().url}/readyz`)).text());
  return Date.parse(now);
}

async function sessionsOf(stage: Stage): Promise<{ sessions: { id: string; status: string }[] }> {
  const headers = { authorization: `Bearer ${WEB_TOKEN}` };
  return JSON.parse(await (await fetch(`${stage.program().url}/sessions`, { headers })).text());
}

const PAT_MOVES = "2026-10-13T13:00:00Z";

function script(answeredAt: Map<string, DateTime<true>>): Act[] {
  const answer = async (stage: Stage, who: Who, ids: readonly string[], words = "Two zones, tested in May") => {
    for (const id of ids) {
      await stage.command(who, `answer ${id} ${words}, owner ${CREW[who].name}, by 1 November`);
      await stage.command(who, `answer ${id} The plan is in the wiki, alarms go to the on-call phone`);
      answeredAt.set(id, instant(await calendarOf(stage)));
    }
  };
  const confirm = (stage: Stage, who: Who, module: string) => stage.taps(who, { kind: "confirm", module }, "confirm");
  const claim = (stage: Stage, who: Who, module: string) => stage.taps(who, { kind: "module", module }, "claim");
  const edit = (stage: Stage, date: string) => stage.fillsAfter("fay", "edit", { date });
  const acts: Act[] = [
    {
      at: START,
      async do(stage) {
        await stage.command("fay", 'start "Black Friday" 2026-11-13 09:00 --tz Europe/London');
        await stage.command("fay", "assign manager @Mia");
        await claim(stage, "omar", "performance");
        await claim(stage, "omar", "resilience");
        await claim(stage, "pat", "service-quotas");
      },
    },
    // Nobody takes Security and Monitoring: Fay hands them out when she is told.
    {
      at: "2026-09-30T10:00:00Z",
      async do(stage) {
        await stage.command("fay", "assign security @Kim");
        await stage.command("fay", "assign monitoring @Kim");
        await stage.privately("kim", "me hours 10-16 mon-thu");
      },
    },
    // The leads follow along, for a month; a channel that the bot isn't in gets a sentence.
    {
      at: "2026-10-01T14:00:00Z",
      async do(stage) {
        await stage.command("fay", "digest weekly #nowhere");
        await eventually("what stands against #nowhere", async () =>
          (await stage.answers()).some((words) => words.includes("I'm in no channel called #nowhere."))
            ? true
            : undefined,
        );
        await stage.command("fay", "digest weekly #leads");
      },
    },
    { at: "2026-11-03T13:00:00Z", do: (stage) => stage.privately("omar", "me nudges thread") },
    { at: "2026-11-03T14:00:00Z", do: (stage) => stage.command("fay", "digest off #leads") },
    { at: "2026-10-05T10:00:00Z", do: (stage) => answer(stage, "omar", ["P1", "P2", "R1"]) },
    // Pat moves from New York to Tokyo.
    { at: PAT_MOVES, do: (stage) => stage.privately("pat", "me zone Asia/Tokyo") },
    { at: "2026-10-14T10:00:00Z", do: (stage) => edit(stage, "2026-11-20") },
    { at: "2026-10-16T14:00:00Z", do: (stage) => answer(stage, "omar", ["R2", "R3", "R4", "P4"]) },
    // Three days down over a weekend's end: what was to be said on Monday and Tuesday is said once, when they work again.
    { at: "2026-10-24T20:00:00Z", do: (stage) => stage.down("2026-10-27T20:30:00Z") },
    { at: "2026-10-28T10:00:00Z", do: (stage) => edit(stage, "2026-11-17") },
    { at: "2026-10-28T10:00:00Z", do: (stage) => answer(stage, "omar", ["P3", "P5", "P6", "R5", "R6"]) },
    {
      at: "2026-10-28T12:00:00Z",
      async do(stage) {
        await confirm(stage, "omar", "performance");
        await confirm(stage, "omar", "resilience");
      },
    },
    { at: "2026-10-29T02:00:00Z", do: (stage) => stage.privately("kim", "me away 2026-11-02 to 2026-11-04") },
    // Pat never answers Q2 to Q7: the facilitator is told, and hands them to Omar.
    { at: "2026-10-29T10:00:00Z", do: (stage) => stage.command("fay", "assign service-quotas @Omar") },
    { at: "2026-11-04T14:00:00Z", do: (stage) => answer(stage, "omar", MODULES["service-quotas"] ?? []) },
    { at: "2026-11-05T14:00:00Z", do: (stage) => confirm(stage, "omar", "service-quotas") },
    {
      at: "2026-11-09T02:00:00Z",
      async do(stage) {
        await answer(stage, "kim", [...(MODULES.security ?? []), "M1"]);
        await confirm(stage, "kim", "security");
        await confirm(stage, "kim", "monitoring");
      },
    },
    { at: "2026-11-12T15:00:00Z", do: (stage) => stage.command("fay", "decide") },
    {
      at: "2026-11-13T11:00:00Z",
      async do(stage) {
        for (const id of Object.values(MODULES).flat()) {
          await stage.command("mia", `accept risk-${id.toLowerCase()} known, watched by Omar`);
        }
        await stage.command("mia", "decide go if the increase lands by 16 Nov");
      },
    },
    { at: "2026-11-16T11:00:00Z", do: (stage) => stage.taps("fay", { kind: "nudge", to: "fay" }, "condition") },
    { at: "2026-11-17T09:30:00Z", do: (stage) => stage.command("fay", "note traffic at 2x, all calm") },
    {
      at: "2026-11-19T10:00:00Z",
      async do(stage) {
        const which: Which = { kind: "nudge", to: "fay" };
        await stage.taps("fay", which, "scaled_down");
        await stage.fills("fay", which, "review", Object.fromEntries(REVIEW_ASKS.map(({ id }) => [id, "As expected"])));
      },
    },
  ];
  return acts.sort((a, b) => a.at.localeCompare(b.at));
}

/** Every rule that unprompted messages keep, whatever the story; the sentences say what was broken. */
export function brokenRules({ unasked, answeredAt, zoneOf }: Story): string[] {
  const broken: string[] = [];
  for (const who of EVERYBODY) {
    const mine = unasked.filter(({ place }) => place === who);
    const dates = mine.map(({ hour }) => hour.setZone(zoneOf(who, hour)).toISODate() ?? "");
    for (const [n, { hour, summary, words }] of mine.entries()) {
      const local = hour.setZone(zoneOf(who, hour));
      const at = `${who} ${local.toFormat("ccc yyyy-MM-dd HH:mm")}: ${summary}`;
      if (local.hour < 9 || local.hour >= 17 || local.weekday > 5) broken.push(`out of hours: ${at}`);
      if (dates.indexOf(dates[n] ?? "") !== n) broken.push(`twice a day: ${at}`);
      const week = dates.filter((date) => date > (local.minus({ days: 7 }).toISODate() ?? "") && date <= dates[n]!);
      if (week.length > 5) broken.push(`more than five in seven days: ${at}`);
      for (const [question, when] of answeredAt) {
        const asked = new RegExp(`\\b${question}\\b[^.;]*(?:due|Then)`).test(words);
        if (asked && when < hour) broken.push(`${question} was answered before: ${at}`);
      }
    }
  }
  const told = unasked.filter(({ place }) => place === "thread").map(({ summary }) => summary);
  if (new Set(told).size !== told.length) broken.push(`told twice: ${told.join(" | ")}`);
  return broken;
}

/** A line a message: when by the reader's clock (a thread's: London), to whom, and what it says is the reason. */
export function transcript({ unasked, zoneOf }: Story): string[] {
  const lines = unasked.map(({ hour, place, kind, summary }) => {
    const who = EVERYBODY.find((one) => one === place) ?? "fay";
    const local = hour.setZone(zoneOf(who, hour));
    const said = summary.replace("Black Friday: ", "");
    return { hour: hour.toMillis(), line: `${local.toFormat("ccc dd LLL HH")}h ${place} ${kind}: ${said}` };
  });
  // What goes out in the same hour has no order: conversations don't wait for one another.
  return lines.sort((a, b) => a.hour - b.hour || a.line.localeCompare(b.line)).map(({ line }) => line);
}
