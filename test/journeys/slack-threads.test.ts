import { afterAll, describe, expect, it } from "vitest";
import {
  answersOf,
  asked,
  begin,
  eventually,
  flush,
  hears,
  type Journey,
  journey,
  markOf,
  modulePost,
  questionPost,
  quiet,
  reply,
  says,
  told,
  wordsOf,
} from "./slack.ts";

/** What happens in several threads at once: the real program and a strict Slack. */
describe.concurrent("A session's threads in Slack", { timeout: 120_000 }, () => {
  let running: Promise<Journey> | undefined;
  const shared = () => {
    running ??= journey();
    return running;
  };
  afterAll(async () => (await running)?.end());

  it("say where the interview goes on, take others' words in their names, and hear of the end", async () => {
    const where = await shared();
    const { slack } = where;
    const [fay, oli] = [slack.user("U1"), slack.user("U2")];
    await begin(where, { modules: ["resilience", "performance"] });
    await oli.clicks(modulePost(slack, "resilience")!, "claim");
    await oli.clicks(modulePost(slack, "performance")!, "claim");
    // Nothing is more urgent elsewhere: the interview stays where it is.
    for (const id of ["R1", "R2", "R3"]) await oli.says("C1", "skip", reply(await asked(where, id))).delivered;
    const last = await asked(where, "R4");
    const before = slack.posts({ channel: "C1" }).length;
    await oli.says("C1", "skip", reply(last)).delivered;
    await says(last, "Next: P1 in Performance");
    await quiet(where);
    expect(slack.posts({ channel: "C1" })).toHaveLength(before);

    // R5 goes to Una: two questions could be meant with what somebody else says there.
    await fay.command("C1", "assign R5 @U3");
    const hers = await asked(where, "R5");
    const words = "Restored from the snapshot in May, 40 minutes, by Sam.";
    const said = slack.user("U4").says("C1", words, reply(hers));
    await said.delivered;
    await slack.user("U5").usesShortcut("record_answer", said);
    await hears(slack, "U5", "Which question");
    const choice = slack.world.ephemerals.find((one) => one.user === "U5" && wordsOf(one).includes("Which question"));
    expect(wordsOf(choice!)).toContain(words);
    await slack.user("U5").clicks(choice!, "record_for");
    await hears(slack, "U5", "Recorded for R5.");
    await eventually(async () => (await answersOf(where, markOf(hers).session)).R5 === words);
    await says(questionPost(slack, "R5")!, `${slack.world.users.get("U4")?.name}: ${words}`);

    // An answer that changes while more is asked about it.
    const first = questionPost(slack, "P1")!;
    const answer = oli.says("C1", "One table", reply(first));
    await answer.delivered;
    await flush(where);
    await says(first, "Recorded: One table");
    await oli.edits(answer, "One table locks first");
    await says(first, "Recorded: One table locks first");
    await oli.deletes(answer);
    await eventually(() => !wordsOf(first).includes("Recorded:"), { what: "the question as it was" });
    expect(JSON.stringify(first.blocks)).toContain('"not_applicable');

    await fay.command("C1", "cancel the launch moved to spring");
    const header = slack.posts({ kind: "header", channel: "C1" })[0]!;
    const note = await eventually(() => slack.posts({ kind: "note", channel: "C1" })[0], { what: "the last word" });
    expect(note.thread_ts).toBe(header.ts);
    expect(wordsOf(note)).toContain("cancelled this session: the launch moved to spring.");
  });

  it("tell nobody that their end couldn't be said where the channel is gone", async () => {
    const where = await shared();
    const { slack } = where;
    const kim = slack.user("U3");
    slack.addChannel({ id: "C2", name: "soon-gone" });
    await begin(where, { channel: "C2", by: "U3", modules: ["security"] });
    await quiet(where);
    slack.world.channels.get("C2")!.archived = true;
    const before = told(slack, "U3").length;
    await kim.command("C2", "close");
    await hears(slack, "U3", "is closed", before);
    await quiet(where);
    expect(slack.posts().filter((post) => wordsOf(post).includes("couldn't post"))).toEqual([]);
    expect(slack.posts({ kind: "note", channel: "C2" })).toEqual([]);
  });
});
