import { afterEach, describe, expect, it } from "vitest";
import type { Inbound } from "../../../src/domain/inbound.ts";
import { createWorld, type World } from "../../journeys/calendar-parts.ts";
import { temporaryFolder } from "../../journeys/program.ts";

const here = { platform: "slack", workspace: "T1", channel: "C1" } as const;
const line = 'start "Spring sale" 2027-03-01 09:00 --tz Europe/London --from "Black Friday"';

describe("a session that goes on from one of another platform", () => {
  const folder = temporaryFolder();
  let world: World | undefined;
  afterEach(async () => {
    await world?.close();
    folder.remove();
  });

  /** In the web channel Oli owns Security and Pat Monitoring; Fay and Oli are in Slack, too. */
  async function held(): Promise<World> {
    const made = await createWorld({
      url: `file:${folder.path}/previous.db`,
      start: "2026-10-16T09:00:00Z",
      slack: true,
    });
    await made.command("fay", "general", 'start "Black Friday" 2026-11-27 09:00 --tz Europe/London');
    await made.advance("2026-10-16T09:01:00Z");
    const [session] = await made.store.sessions();
    await made.press("oli", "general", "claim", { session: session!.id, module: "security" });
    await made.press("pat", "general", "claim", { session: session!.id, module: "monitoring" });
    await made.command("oli", "general", "answer S1 rotated in June by the platform team, runbook in the wiki");
    await made.command("oli", "general", "answer S1 nothing expires before December");
    await made.command("pat", "general", "answer M1 n/a because nothing runs that could be watched");
    await made.advance("2026-10-16T09:05:00Z");
    for (const [user, id] of [
      ["fay", "U1"],
      ["oli", "U2"],
    ]) {
      await made.store.linkIdentity({ platform: "slack", workspace: "T1", user: id! }, `web:local:${user}`);
    }
    return made;
  }
  const says = (user: string): Extract<Inbound, { kind: "command" }> => ({
    kind: "command",
    receipts: [`slack ${user}`],
    actor: { platform: "slack", workspace: "T1", user, name: user },
    address: here,
    text: line,
    mentions: [],
  });

  it("knows its people by their ids here, frees what belongs to somebody who isn't here, and offers what was said", async () => {
    world = await held();
    await world.receiver.accept(says("U1"));
    await world.advance("2026-10-16T09:06:00Z");
    const row = (await world.store.sessions()).find(({ name }) => name === "Spring sale");
    const session = await world.store.session(row!.id);
    expect(session!.home).toEqual(here);
    expect(session!.modules.security!.owner).toBe("slack:T1:U2");
    expect(session!.modules.monitoring!.owner).toBeUndefined();
    expect(session!.seeds).toMatchObject({
      S1: { by: "slack:T1:U2", words: { text: expect.stringMatching(/^rotated in June .*\nnothing expires/) } },
      // The only question of its module is asked, with what was said; elsewhere what didn't apply isn't asked again.
      M1: { by: "web:local:pat", notApplicable: true, words: { text: "nothing runs that could be watched" } },
    });
    expect(session!.questions.M1!.status).not.toBe("not_applicable");
  });

  it("isn't for somebody who took no part in it", async () => {
    world = await held();
    const outcome = await world.receiver.accept(says("U9"));
    expect(JSON.stringify(outcome)).toContain("I don't find a session");
    expect((await world.store.sessions()).map(({ name }) => name)).toEqual(["Black Friday"]);
  });
});
