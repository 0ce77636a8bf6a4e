import { expect, it } from "vitest";
import { crashSession } from "./crash.ts";

it("survives at least a hundred kills over many sessions", async () => {
  let kills = 0;
  let answers = 0;
  for (let seed = 100; kills < 100; seed++) {
    const report = await crashSession(seed, 12);
    expect(report, `seed ${seed}`).toMatchObject({ lost: [], duplicates: [], unsettled: [], sessions: 1 });
    kills += report.kills;
    answers += report.acknowledged.length;
  }
  process.stdout.write(`crash: ${kills} kills, ${answers} acknowledged answers, 0 lost, 0 duplicates\n`);
});
