import { isNode, nodesOf } from "../stand-ins/teams/card-check.ts";
import { eventually, type Person, type Seen, startTeamsWorld } from "../stand-ins/teams/world.ts";
import { startProgram, temporaryFolder } from "./program.ts";
import { WEB_TOKEN } from "./slack.ts";
import { hasButton } from "./teams.ts";
import { CREW, EVERYBODY, type Heard, QUIET, type Stage, settled, type Which, type Who } from "./weeks-stage.ts";

/** The six weeks in Teams: the real program beside the strict stand-in, in a team's channel. */
export async function teamsStage(start: string): Promise<Stage> {
  const world = await startTeamsWorld({ limits: false });
  const people = Object.fromEntries(
    EVERYBODY.map((who) => [who, world.user(CREW[who].name, { zone: CREW[who].zone })]),
  ) as Record<Who, Person>;
  const team = world.team("Shop", Object.values(people));
  const channel = world.channel(team, "Checkout");
  const leads = world.channel(team, "leads");
  const folder = temporaryFolder();
  const environment = {
    ...world.environment,
    ...QUIET,
    SECRET_KEY: "a key of at least thirty-two characters, for tests",
    WEB_CHANNEL: "off",
    WEB_CHANNEL_TOKEN: WEB_TOKEN,
    CLOCK_START: start,
  };
  let program = await startProgram(environment, folder.path);
  world.connectTo(program.url);
  await world.installs(team, people.fay);
  for (const who of EVERYBODY) await world.installs(people[who].chat(), people[who]);

  function placeOf({ stored }: Seen): Heard["place"] {
    const direct = EVERYBODY.find((who) => people[who].chat() === stored.conversation);
    if (stored.conversation === leads) return "leads";
    return direct ?? (stored.root === undefined || stored.root === stored.id ? "channel" : "thread");
  }

  function newest({ kind, module, to }: Which, action: string): Promise<Seen> {
    const look = () =>
      world.all().findLast((post) => {
        if (post.mark?.kind !== kind || (module !== undefined && post.mark.module !== module)) return false;
        return (to === undefined || placeOf(post) === to) && hasButton(post.card, action);
      });
    return eventually(look, { what: `a ${kind} ${module ?? ""} with "${action}" for ${to ?? "anybody"}` });
  }

  async function said(who: Who, text: string): Promise<void> {
    const names = EVERYBODY.filter((one) => text.includes(`@${CREW[one].name}`)).map((one) => people[one]);
    const { delivered } = await people[who].says({ conversation: channel }, text, { mention: true, names });
    if (delivered?.status !== 200) throw new Error(`"${text}" was answered with ${delivered?.status}`);
    await settled(program);
  }

  return {
    platform: "teams",
    program: () => program,
    command: said,
    async privately(who, text) {
      const { delivered } = await people[who].says({ conversation: people[who].chat() }, text);
      if (delivered?.status !== 200) throw new Error(`"${text}" was answered with ${delivered?.status}`);
      await settled(program);
    },
    async taps(who, which, action) {
      const { status } = await people[who].clicks(await newest(which, action), action);
      if (status !== 200) throw new Error(`"${action}" was answered with ${status}`);
      await settled(program);
    },
    async fills(who, which, action, values) {
      const opened = await people[who].opens(await newest(which, action), action);
      if (opened.kind !== "dialog") throw new Error(`No dialog: ${JSON.stringify(opened)}`);
      const result = await people[who].submits(opened.dialog, values);
      if (result.kind === "dialog") throw new Error(`The dialog came back: ${result.dialog.words}`);
      await settled(program);
    },
    async fillsAfter(who, command, values) {
      await said(who, command);
      const form = await eventually(() => world.all().findLast(({ fromBot, card }) => fromBot && hasForm(card)), {
        what: `a form after "${command}"`,
      });
      const { status } = await people[who].clicks(form, "submit_form", values);
      if (status !== 200) throw new Error(`The form was answered with ${status}`);
      await settled(program);
    },
    async heard() {
      return world
        .all()
        .filter(({ fromBot, mark }) => fromBot && mark !== undefined && mark.private !== true)
        .map((seen) => ({
          id: seen.id,
          kind: String(seen.mark?.kind),
          module: textOf(seen.mark?.module),
          question: textOf(seen.mark?.question),
          place: placeOf(seen),
          summary: seen.stored.summary,
          words: seen.words,
        }));
    },
    answers: async () =>
      world
        .all()
        .filter(({ mark }) => mark?.private === true)
        .map(({ words }) => words),
    violations: () => world.connector.violations,
    async down(until) {
      await program.stop();
      program = await startProgram({ ...environment, CLOCK_START: until }, folder.path);
      world.connectTo(program.url);
    },
    async close() {
      await program.stop();
      await world.close();
      folder.remove();
    },
  };
}

function hasForm(card: unknown): boolean {
  return nodesOf(card).some(
    ({ verb, data }) => verb === "submit_form" || (isNode(data) && data.verb === "submit_form"),
  );
}

function textOf(value: unknown): string | undefined {
  return typeof value === "string" ? value : undefined;
}
