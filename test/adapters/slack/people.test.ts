import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { eventually, type SlackStandIn, slackStandIn } from "../../stand-ins/slack/stand-in.ts";
import { configFor, keptInMemory, running, scripted } from "./parts.ts";

const NAMESPACE = "slack-people";

describe("what is kept of people in Slack", () => {
  let slack: SlackStandIn;
  let engine: ReturnType<typeof scripted>;
  let store: ReturnType<typeof keptInMemory>;
  /** Keys of the profiles that were written, one for each time. */
  let written: string[];
  let app: Awaited<ReturnType<typeof running>>;

  beforeEach(async () => {
    slack = await slackStandIn({ burst: 1_000, tiers: false });
    engine = scripted();
    written = [];
    const memory = keptInMemory();
    store = {
      ...memory,
      async keep(namespace, key, value) {
        if (namespace === NAMESPACE) written.push(key);
        await memory.keep(namespace, key, value);
      },
    };
  });
  afterEach(async () => {
    await app.stop();
    await slack.stop();
  });

  const start = async (teamsAllowed: string[] = []) => {
    app = await running(slack, engine, { config: configFor(slack, { teamsAllowed }), store });
    await eventually(() => [...store.rows.keys()].some((key) => key.startsWith("slack own")));
  };
  const profile = (id: string, tz = "Europe/London", more: object = {}) => ({
    type: "user_change",
    user: { id, team_id: "T1", name: id, tz, profile: { display_name: id.toLowerCase() }, ...more },
  });
  const changes = (id: string, tz?: string, more?: object) =>
    slack.delivery.event("T1", "UBOT", profile(id, tz, more), { event_time: 1 });
  const command = async (user: string) => {
    await slack.user(user).command("C1", "status");
    await app.app.waiting.idle();
  };
  const outsiders = () =>
    Object.fromEntries(
      engine.heard.filter(({ kind }) => kind !== "met").map(({ actor }) => [actor.user, actor.outsider ?? false]),
    );

  it("a change of somebody who never did anything here is not written", async () => {
    await start();
    await changes("U4", "Asia/Tokyo");
    await changes("USTRANGER", "Asia/Tokyo");
    expect(written).toEqual([]);
  });

  it("a change of somebody who did is written when something that is kept is another, and counts from then on", async () => {
    slack.addUser({ id: "U50", name: "u50" });
    slack.faults.next("users.list", "500_before");
    await start();
    await command("U50");
    expect(written).toEqual(["T1:U50"]);
    await changes("U50", "Europe/London", { real_name: "Something else", status: "away" });
    expect(written).toEqual(["T1:U50"]);
    await changes("U50", "Asia/Tokyo");
    expect(written).toEqual(["T1:U50", "T1:U50"]);
    await command("U50");
    expect(engine.of("command").at(-1)?.actor.zone).toBe("Asia/Tokyo");
  });

  it("who was kept as an outsider before their workspaces were is asked for once more, and guests stay guests", async () => {
    slack.addUser({ id: "UGUEST", is_restricted: true });
    for (const user of ["U1", "UGUEST"]) await store.keep(NAMESPACE, `T1:${user}`, { name: user, outsider: true });
    slack.faults.next("users.list", "500_before");
    await start();
    await command("U1");
    await command("UGUEST");
    expect(outsiders()).toEqual({ U1: false, UGUEST: true });
  });

  it("whom the operator allows later is no outsider from then on", async () => {
    slack.addUser({ id: "U9", team: "T2" });
    await start();
    await command("U9");
    expect(outsiders()).toEqual({ U9: true });
    await app.stop();
    await start(["T2"]);
    await command("U9");
    expect(outsiders()).toEqual({ U9: false });
  });
});
