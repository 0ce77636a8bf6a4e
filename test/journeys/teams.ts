import { inputsOf, nodesOf } from "../stand-ins/teams/card-check.ts";
import type { Conversation, Team } from "../stand-ins/teams/state.ts";
import { eventually, type Person, type Seen, startTeamsWorld, type TeamsWorld } from "../stand-ins/teams/world.ts";
import { type Program, startProgram, temporaryFolder } from "./program.ts";

/** The real program beside a Teams of its own, with a team, a channel and people. */
export type TeamsStage = {
  world: TeamsWorld;
  program: Program;
  team: Team;
  channel: Conversation;
  priya: Person;
  omar: Person;
  /** Stops the program (or kills it) and starts it again on its database. `between`: while it is off. */
  restart(how?: "stop" | "kill", between?: (folder: string) => void): Promise<void>;
  /** A session's export, as the HTTP contract gives it: the one of this name, or the first. */
  exported(name?: string): Promise<Exported>;
  close(): Promise<void>;
};

export type Exported = {
  questions: {
    id: string;
    status: string;
    answers: { text: string; by: string; platform: string; messageIds: string[] }[];
  }[];
};

export const TOKEN = "a-token-for-tests";

export async function startTeamsStage(
  options: { consent?: boolean; environment?: Record<string, string>; redelivers?: boolean } = {},
): Promise<TeamsStage> {
  const world = await startTeamsWorld({ redelivers: options.redelivers ?? false });
  const priya = world.user("Priya Nair");
  const omar = world.user("Omar Haddad");
  const team = world.team("Shop", [priya, omar], { consent: options.consent ?? false });
  const channel = world.channel(team, "Checkout");
  const folder = temporaryFolder();
  const environment = {
    ...world.environment,
    SECRET_KEY: "a key of at least thirty-two characters, for tests",
    WEB_CHANNEL: "off",
    WEB_CHANNEL_TOKEN: TOKEN,
    ANSWER_SETTLE: "PT0.2S",
    LOG_LEVEL: "warn",
    ...options.environment,
  };
  let program = await startProgram(environment, folder.path);
  world.connectTo(program.url);
  return {
    world,
    team,
    channel,
    priya,
    omar,
    get program() {
      return program;
    },
    async restart(how = "stop", between) {
      await program[how]();
      between?.(folder.path);
      program = await startProgram(environment, folder.path);
      world.connectTo(program.url);
    },
    async exported(name) {
      const headers = { authorization: `Bearer ${TOKEN}` };
      const found = await eventually(
        async () => {
          const list: { sessions: { id: string; name: string }[] } = await (
            await fetch(`${program.url}/sessions`, { headers })
          ).json();
          return list.sessions.find((one) => name === undefined || one.name === name);
        },
        { what: `the session ${name ?? ""}` },
      );
      return (await fetch(`${program.url}/sessions/${found.id}/export?format=json`, { headers })).json();
    },
    async close() {
      await program.stop();
      await world.close();
      folder.remove();
    },
  };
}

/** Starts a session in the channel and waits for its five module threads. */
export async function startSession({ world, channel, priya, team }: TeamsStage, name = "Black Friday"): Promise<void> {
  await world.installs(team, priya);
  const { delivered } = await priya.says({ conversation: channel }, `start "${name}" 2027-11-26 09:00`, {
    mention: true,
  });
  if (delivered?.status !== 200) throw new Error(`start was answered with ${delivered?.status}.`);
  for (const module of ["performance", "resilience", "security", "service-quotas", "monitoring"]) {
    await eventually(() => modulePost(world, module, channel), { what: `the post of ${module}` });
  }
}

export function modulePost(world: TeamsWorld, module: string, where?: Conversation): Seen | undefined {
  return standing(world, where).find(({ mark }) => mark?.kind === "module" && mark.module === module);
}

/** Everything that stands in a conversation, threads included; or everywhere. */
export function standing(world: TeamsWorld, where?: Conversation): Seen[] {
  return world.all().filter(({ stored }) => where === undefined || stored.conversation === where);
}

/** The words that count as the answer to a question now. */
export async function answerTo(stage: TeamsStage, question: string, session?: string): Promise<string> {
  const { questions } = await stage.exported(session);
  const answers = questions.find(({ id }) => id === question)?.answers ?? [];
  return answers.filter((answer) => !("withdrawn" in answer && answer.withdrawn === true)).at(-1)?.text ?? "";
}

/** Cards of open questions and follow-ups, oldest first: a settled one has only its Edit. */
export function openCards(world: TeamsWorld, where?: Conversation): Seen[] {
  return standing(world, where).filter(
    ({ mark, card }) =>
      (mark?.kind === "question" || mark?.kind === "follow_up") &&
      hasButton(card, "answer") &&
      (hasButton(card, "why") || hasButton(card, "skip")),
  );
}

export function hasButton(card: unknown, verb: string): boolean {
  return nodesOf(card).some((node) => node.verb === verb || (isData(node.data) && node.data.verb === verb));
}

function isData(value: unknown): value is { verb?: unknown } {
  return typeof value === "object" && value !== null;
}

export type Way = "reply" | "mention" | "box" | "dialog";

/** Answers one card in one of the ways that Teams offers. */
export async function answerCard(person: Person, card: Seen, text: string, way: Way): Promise<void> {
  switch (way) {
    case "reply": {
      const { delivered } = await person.says(card, text);
      if (delivered?.status !== 200) throw new Error(`A reply was answered with ${delivered?.status}.`);
      return;
    }
    case "mention": {
      const { delivered } = await person.says(card, text, { mention: true });
      if (delivered?.status !== 200) throw new Error(`A reply was answered with ${delivered?.status}.`);
      return;
    }
    case "box": {
      const { status, body } = await person.clicks(card, "answer", { answer: text }, { redeliver: "new id" });
      if (status !== 200) throw new Error(`The answer box was answered with ${status}: ${JSON.stringify(body)}`);
      return;
    }
    case "dialog": {
      const opened = await person.opens(card, "answer");
      if (opened.kind !== "dialog") throw new Error(`No dialog: ${JSON.stringify(opened)}`);
      const result = await person.submits(opened.dialog, { answer: text });
      if (result.kind === "dialog") throw new Error(`The dialog came back: ${result.dialog.words}`);
    }
  }
}

const MODULES = ["performance", "resilience", "security", "service-quotas", "monitoring"];

/** Priya takes all five modules; only the first question is hers to answer, the others wait behind it. */
export async function claimAll({ world, priya }: TeamsStage): Promise<void> {
  for (const module of MODULES) {
    const post = await eventually(() => modulePost(world, module));
    await priya.clicks(post, "claim");
  }
  await eventually(
    () => openCards(world).filter(({ words }) => words.includes("after their open question")).length === 4,
  );
}

/**
 * Answers whatever is open, in the way that `way` says for each step, until all 23 questions are. `before` runs before
 * each answer: trouble on the wire, a restart. Resolves with what was said to each question.
 */
export async function answerAll(
  stage: TeamsStage,
  way: (step: number) => Way,
  before: (step: number) => Promise<void> | void = () => {},
): Promise<Map<string, string>> {
  const { world, priya } = stage;
  const said = new Map<string, string>();
  const done = new Set<string>();
  for (let step = 0; ; step += 1) {
    // An ambiguous send may have left a card twice; the newest counts.
    const next = () => {
      const open = openCards(world).filter(
        ({ words, mark }) => !words.includes("after their open question") && !done.has(keyOf(mark)),
      );
      return open.findLast(({ mark }) => keyOf(mark) === keyOf(open[0]?.mark));
    };
    // A follow-up to the last question may still come: only the record tells that nothing does.
    const card = await eventually(
      async () => next() ?? (said.size === 23 && (await allAnswered(stage)) ? "all" : undefined),
      { what: `a question after ${said.size} (${[...said.keys()].at(-1)})`, within: 30_000 },
    );
    if (card === "all") return said;
    await before(step);
    const question = String(card.mark?.question);
    const text = `${question}: checked on day ${step + 1}, change CHG-${1000 + step}`;
    if (card.mark?.kind === "question") said.set(question, text);
    done.add(keyOf(card.mark));
    // Cards from before plain replies arrived keep their answer box until they are redrawn.
    const wished = way(step);
    const inCard = () => (hasAnswerBox(world, card) ? "box" : "dialog");
    await answerCard(priya, card, text, wished === "dialog" || wished === "box" ? inCard() : wished);
  }
}

/** As the card stands now: it may have been redrawn since it was looked at. */
function hasAnswerBox(world: TeamsWorld, { id }: Seen): boolean {
  return inputsOf(world.all().find((one) => one.id === id)?.card).some((input) => input.id === "answer");
}

/** Not while the program is off: it is asked again. */
async function allAnswered(stage: TeamsStage): Promise<boolean> {
  const exported = await stage.exported().catch(() => undefined);
  return exported?.questions.every(({ status }) => status === "answered") === true;
}

function keyOf(mark: Seen["mark"]): string {
  return `${mark?.kind}:${mark?.question}:${mark?.version}`;
}

/** Confirms the bot's reading of every module. */
export async function confirmAll({ world, priya }: TeamsStage): Promise<void> {
  for (const module of MODULES) {
    const confirm = await eventually(
      () =>
        world
          .all()
          .findLast(
            ({ mark, card }) => mark?.kind === "confirm" && mark.module === module && hasButton(card, "confirm"),
          ),
      { what: `the closing card of ${module}`, within: 20_000 },
    );
    await priya.clicks(confirm, "confirm");
  }
}

/** Each answer stands in the export once, and came from Teams. */
export async function expectAnswered(stage: TeamsStage, said: Map<string, string>): Promise<void> {
  const { questions } = await stage.exported();
  if (questions.length !== 23) throw new Error(`${questions.length} questions in the export.`);
  for (const { id, answers } of questions) {
    const words = answers.map(({ text }) => text).join("\n");
    const times = words.split(said.get(id) ?? "?").length - 1;
    if (times !== 1) throw new Error(`${id} was recorded ${times} times: ${words}`);
    if (!answers.every(({ platform }) => platform === "teams")) throw new Error(`${id} wasn't answered in Teams.`);
  }
}

/** Posts that stand more than once, by kind and question: what ambiguous sends left behind. */
export function duplicates(world: TeamsWorld): string[] {
  const posts = new Map<string, Seen[]>();
  for (const post of world.all()) {
    const { mark, fromBot } = post;
    if (!fromBot || mark?.outbox === undefined) continue;
    const outbox = String(mark.outbox);
    posts.set(outbox, [...(posts.get(outbox) ?? []), post]);
  }
  return [...posts.values()].flatMap(([first, ...more]) =>
    more.map(() => [first?.mark?.kind, first?.mark?.module, first?.mark?.question].filter(Boolean).join(" ")),
  );
}
