import { blocksOf } from "../stand-ins/slack/user.ts";
import type { Message } from "../stand-ins/slack/world.ts";
import { elements } from "../stand-ins/slack/world.ts";
import { eventually, journey, markOf, wordsOf } from "./slack.ts";
import { CREW, EVERYBODY, type Heard, QUIET, type Stage, settled, type Which, type Who } from "./weeks-stage.ts";

/** The six weeks in Slack: the real program beside the strict stand-in. */
export async function slackStage(start: string): Promise<Stage> {
  const where = await journey({ slack: { burst: 10_000 }, environment: { ...QUIET, CLOCK_START: start } });
  const { slack } = where;
  const ids: Record<Who, string> = { fay: "U1", mia: "U2", omar: "U3", pat: "U4", kim: "U5" };
  for (const who of EVERYBODY) {
    slack.addUser({ id: ids[who], name: CREW[who].name, tz: CREW[who].zone });
  }
  slack.addChannel({ id: "C7", name: "leads" });
  const user = (who: Who) => slack.user(ids[who]);
  const written = (text: string) =>
    EVERYBODY.reduce((line, who) => line.replaceAll(`@${CREW[who].name}`, `@${ids[who]}`), text);

  function placeOf(post: Message): Heard["place"] {
    const im = slack.world.channels.get(post.channel)?.im;
    const direct = EVERYBODY.find((who) => ids[who] === im);
    if (post.channel === "C7") return "leads";
    return direct ?? (post.thread_ts === undefined ? "channel" : "thread");
  }

  function newest({ kind, module, to }: Which, action: string): Promise<Message> {
    const look = () =>
      slack.posts({ kind }).findLast((post) => {
        if (module !== undefined && markOf(post).module !== module) return false;
        if (to !== undefined && placeOf(post) !== to) return false;
        return blocksOf(post).some((block) =>
          elements(block).some((element) => String(element.action_id).replace(/:\d+$/, "") === action),
        );
      });
    return eventually(look, {
      within: 10_000,
      what: `a ${kind} ${module ?? ""} with "${action}" for ${to ?? "anybody"}`,
    });
  }

  async function submit(who: Who, values: Record<string, string>): Promise<void> {
    const view = await eventually(() => user(who).view(), { what: `a form for ${who}` });
    const { body } = await user(who).submits(view, values);
    if (body !== undefined && body !== "") throw new Error(`The form was refused: ${JSON.stringify(body)}`);
    await settled(where.program);
  }

  return {
    platform: "slack",
    program: () => where.program,
    async command(who, text) {
      const { status } = await user(who).command("C1", written(text));
      if (status !== 200) throw new Error(`"${text}" was answered with ${status}`);
      await settled(where.program);
    },
    async privately(who, text) {
      const { status } = await user(who).command("C1", written(text));
      if (status !== 200) throw new Error(`"${text}" was answered with ${status}`);
      await settled(where.program);
    },
    async taps(who, which, action) {
      const { status } = await user(who).clicks(await newest(which, action), action);
      if (status !== 200) throw new Error(`"${action}" was answered with ${status}`);
      await settled(where.program);
    },
    async fills(who, which, action, values) {
      await user(who).clicks(await newest(which, action), action);
      await submit(who, values);
    },
    async fillsAfter(who, command, values) {
      await user(who).command("C1", written(command));
      await submit(who, values);
    },
    async heard() {
      return slack.posts().map((post) => ({
        id: post.ts,
        kind: String(markOf(post).kind),
        module: textOf(markOf(post).module),
        question: textOf(markOf(post).question),
        place: placeOf(post),
        summary: post.text,
        words: wordsOf(post),
      }));
    },
    answers: async () => slack.world.ephemerals.map(wordsOf),
    violations: () =>
      slack.world.calls.filter((call) => !call.ok && call.status !== 429 && call.error !== "already_reacted"),
    async down(until) {
      await where.program.stop();
      await where.restart({ CLOCK_START: until });
    },
    close: () => where.end(),
  };
}

function textOf(value: unknown): string | undefined {
  return typeof value === "string" ? value : undefined;
}
