import type { Answered } from "../stand-ins/slack/deliver.ts";
import { type Fault, seeded } from "../stand-ins/slack/faults.ts";
import {
  answerTo,
  begin,
  type Export,
  eventually,
  isOpen,
  type Journey,
  journey,
  markOf,
  modulePost,
  questionPosts,
  quiet,
  reply,
} from "./slack.ts";

/** A session in Slack through a program that is killed again and again, or through a Slack that fails in every way. */

export type Trouble = {
  seed: number;
  /** SIGKILLs at random instants. */
  kills?: number;
  /** Chance of a fault of each call, and of each event to come twice or late. */
  storm?: number;
  /** Which modules have an owner: each one of their own. */
  modules?: readonly string[];
};

export type TroubleReport = {
  kills: number;
  said: number;
  /** How many calls failed, by kind. */
  faults: Partial<Record<Fault, number>>;
  /** What somebody said and no answer holds. */
  lost: string[];
  /** What stands in an answer more than once. */
  repeated: string[];
  /** Posts that stand more than once, half a minute after the last trouble. */
  duplicates: string[];
  unanswered: string[];
};

const OWNER: Record<string, string> = {
  performance: "U1",
  resilience: "U2",
  security: "U3",
  "service-quotas": "U4",
  monitoring: "U5",
};

/** A platform's retries, shortened: three, and then never again. */
const RETRIES = [50, 500, 2_000];
/** No duplicate remains this long after the trouble. */
const RECOVERY_MS = 30_000;

export async function troubledSession({
  seed,
  kills = 0,
  storm = 0,
  modules = Object.keys(OWNER),
}: Trouble): Promise<TroubleReport> {
  const where = await journey({ slack: { retryDelays: RETRIES }, environment: { LOG_LEVEL: "warn" } });
  const { slack } = where;
  const chaos = killer(where, seed, kills);
  try {
    if (storm > 0) {
      slack.faults.storm(storm, seed);
      slack.delivery.mischief({ duplicate: storm, reorder: storm, late: 1_500, seed });
    }
    await begin(where);
    chaos.start();
    for (const module of modules) await claim(where, module);
    const said = await answerModules(where, modules, chaos);
    const killed = await chaos.end();
    slack.faults.calm();
    slack.delivery.mischief({ duplicate: 0, reorder: 0 });
    await slack.delivery.settled();
    await quiet(where, 60_000);
    const duplicates = await duplicatesThatRemain(where);
    return {
      kills: killed,
      faults: slack.faults.taken,
      duplicates,
      ...compared(await where.exported(), said, modules),
    };
  } finally {
    await chaos.end();
    await where.end();
  }
}

/** Kills the program after a random while, and starts it again, as often as asked. */
function killer(where: Journey, seed: number, kills: number) {
  const chance = seeded(seed);
  let killed = 0;
  let running = Promise.resolve();
  let stopping = false;
  const round = async () => {
    while (killed < kills && !stopping) {
      await pause(200 + chance() * 2_300);
      if (stopping) return;
      await where.program.kill();
      killed += 1;
      await where.restart();
    }
  };
  return {
    start() {
      running = round();
    },
    /** All kills have been made. */
    done: () => killed >= kills,
    async end(): Promise<number> {
      stopping = true;
      await running;
      return killed;
    },
  };
}

/** Commands and taps are never sent again by Slack: the person tries again. */
async function insisting(act: () => Promise<Answered>): Promise<void> {
  await eventually(async () => (await act()).status === 200, { within: 60_000, what: "a tap that is answered" });
}

async function claim(where: Journey, module: string): Promise<void> {
  const { slack } = where;
  await insisting(() => slack.user(OWNER[module] ?? "U1").clicks(modulePost(slack, module)!, "claim"));
}

/** Each question that is put is answered once, whatever becomes of the answer's delivery. */
async function answerModules(
  where: Journey,
  modules: readonly string[],
  chaos: ReturnType<typeof killer>,
): Promise<Map<string, string[]>> {
  const said = new Map<string, string[]>();
  const seen = new Set<string>();
  await eventually(
    async () => {
      for (const post of questionPosts(where.slack)) {
        const { kind, question, version, module } = markOf(post);
        const key = `${kind} ${question} ${version}`;
        if (seen.has(key) || !isOpen(post) || !modules.includes(String(module))) continue;
        seen.add(key);
        const id = String(question);
        const text = kind === "follow_up" ? `More on ${id}: Sam decides, until noon.` : answerTo(id);
        where.slack.user(OWNER[String(module)] ?? "U1").says("C1", text, reply(post));
        said.set(id, [...(said.get(id) ?? []), text]);
      }
      return chaos.done() && (await isAnswered(where, modules));
    },
    { within: 240_000, what: "all questions answered" },
  );
  return said;
}

let looked = 0;
async function isAnswered(where: Journey, modules: readonly string[]): Promise<boolean> {
  // The export is worth a look now and then only.
  looked += 1;
  if (looked % 25 !== 0) return false;
  const { questions } = await where.exported();
  return questions.every(({ module, status }) => !modules.includes(module) || status === "answered");
}

function compared(
  { questions }: Export,
  said: Map<string, string[]>,
  modules: readonly string[],
): Pick<TroubleReport, "said" | "lost" | "repeated" | "unanswered"> {
  const found = [...said].flatMap(([id, texts]) => {
    const answer = questions.find((question) => question.id === id)?.answers.find(({ withdrawn }) => !withdrawn);
    const lines = (answer?.text ?? "").split("\n");
    return texts.map((text) => ({ text, times: lines.filter((line) => line === text).length }));
  });
  return {
    said: found.length,
    lost: found.filter(({ times }) => times === 0).map(({ text }) => text),
    repeated: found.filter(({ times }) => times > 1).map(({ text }) => text),
    unanswered: questions.filter(({ id, module }) => modules.includes(module) && !said.has(id)).map(({ id }) => id),
  };
}

async function duplicatesThatRemain(where: Journey): Promise<string[]> {
  const look = () => {
    const marks = where.slack.posts().map((post) => {
      const { kind, module, question, version, part } = markOf(post);
      return [kind, module, question, version, part].join(" ");
    });
    return marks.filter((mark, at) => marks.indexOf(mark) !== at);
  };
  await eventually(() => look().length === 0, { within: RECOVERY_MS }).catch(() => {});
  return look();
}

function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}
