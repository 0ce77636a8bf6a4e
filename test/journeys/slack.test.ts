import { afterAll, describe, expect, it } from "vitest";
import type { Json } from "../stand-ins/slack/check-blocks.ts";
import { blocksOf, type Said, type SlackUser } from "../stand-ins/slack/user.ts";
import type { Message } from "../stand-ins/slack/world.ts";
import { elements } from "../stand-ins/slack/world.ts";
import {
  answersOf,
  answerTo,
  asked,
  begin,
  eventually,
  flush,
  hears,
  isOpen,
  type Journey,
  type JourneyOptions,
  journey,
  markOf,
  modulePost,
  questionPost,
  questionPosts,
  quiet,
  reply,
  says,
  told,
  wordsOf,
} from "./slack.ts";
import { troubledSession } from "./slack-trouble.ts";

/**
 * Whole stories: the real program, a strict Slack, and people who answer. They run side by side, since a channel takes
 * one post a second and most of each story is waiting for that.
 */
describe.concurrent("A session in Slack", { timeout: 120_000 }, () => {
  it("goes from the form to a signed decision: 23 questions by five owners, answered in every way", async () => {
    await fromStartToEnd();
  });

  it("keeps every answer once and leaves nothing twice while one in seven of everything fails", async () => {
    const report = await troubledSession({ seed: 12, storm: 1 / 7, modules: ["security", "monitoring"] });
    expect(report).toMatchObject({ lost: [], repeated: [], duplicates: [], unanswered: [] });
    expect(Object.keys(report.faults).length).toBeGreaterThan(3);
  });

  it("keeps every answer once and leaves nothing twice over kills at random instants", async () => {
    const report = await troubledSession({ seed: 11, kills: 3, modules: ["security", "monitoring"] });
    expect(report).toMatchObject({ kills: 3, lost: [], repeated: [], duplicates: [], unanswered: [] });
    expect(report.said).toBeGreaterThanOrEqual(4);
  });

  it("asks an owner of two sessions one question in each, and reminds them of both in one message", async () => {
    await withJourney({}, async (where) => {
      const { slack } = where;
      const [fay, omar] = [slack.user("U1"), slack.user("U2")];
      slack.addChannel({ id: "C2", name: "billing" });
      await Promise.all([
        begin(where, { modules: ["performance", "resilience"] }),
        begin(where, { channel: "C2", name: "Invoice run", modules: ["performance", "resilience"] }),
      ]);
      for (const channel of ["C1", "C2"]) {
        await fay.command(channel, "assign performance @U2");
        await fay.command(channel, "assign resilience @U2");
      }
      await flush(where);
      for (const channel of ["C1", "C2"]) {
        const mine = questionPosts(slack, channel).filter((post) => isAskedOf(post, "u2"));
        expect(mine.map((post) => markOf(post).question)).toHaveLength(1);
      }
      // Past the first due date, at noon of a working day in London.
      await flush(where, "2026-10-27T12:00:00Z");
      const nudges = slack.posts({ kind: "nudge" }).filter((post) => directTo(where, post) === "U2");
      expect(nudges.length).toBeGreaterThan(0);
      const days = nudges.map((post) => wordsOf(post));
      expect(days[0]).toContain("Black Friday");
      expect(days[0]).toContain("Invoice run");
      const before = nudges.length;
      // Nothing more on the same day.
      await flush(where, "2026-10-27T16:30:00Z");
      expect(slack.posts({ kind: "nudge" }).filter((post) => directTo(where, post) === "U2")).toHaveLength(before);
      // From the reminder itself the question can be answered and put off.
      const nudge = nudges.at(-1)!;
      expect((await omar.clicks(nudge, "snooze")).status).toBe(200);
      await omar.clicks(nudge, "answer", 2);
      const form = await eventually(() => omar.view());
      expect((await omar.submits(form, { answer: "One table locks first, at 3x; tested." })).body).toBeUndefined();
    });
  });

  it("answers every button that stands anywhere, and does nothing behind Slack's back", async () => {
    await withJourney({}, async (where) => {
      const { slack } = where;
      await begin(where);
      const fay = slack.user("U1");
      await fay.clicks(modulePost(slack, "security")!, "claim");
      await fay.clicks(modulePost(slack, "performance")!, "claim");
      await flush(where);
      const first = slack.posts().filter((post) => post.channel === "C1");
      let taps = 0;
      // As somebody's screen still shows them, also where the message has moved on.
      for (const post of structuredClone(first)) {
        for (const [action, nth] of buttonsOf(post)) {
          // What asks for a form gets it, or a sentence: other things that move on meanwhile are no answer.
          const noticed = FORMS.has(action) ? privately : visible;
          const before = noticed(where);
          const answered = await fay.clicks(post, action, nth);
          expect(answered.status, `${action} on ${post.text}`).toBe(200);
          taps += 1;
          await eventually(() => noticed(where) > before, {
            within: 10_000,
            what: `something to see after "${action}" on "${post.text}"`,
          });
          fay.closes();
        }
      }
      expect(taps).toBeGreaterThan(25);
      await flush(where);
      expect(failedCalls(where)).toEqual([]);
      expect(where.program.output()).not.toMatch(/"level":"(?:error|fatal)"/);
    });
  });

  it("draws App Home, takes an answer from there, and keeps hours and absence", async () => {
    await withJourney({}, async (where) => {
      const { slack } = where;
      // Somebody of whom nothing is known, and a Slack that fails at first.
      slack.addUser({ id: "U7", name: "Noor", tz: "Asia/Tokyo" });
      slack.faults.next("views.publish", "500_before");
      await slack.user("U7").opensHome();
      await homeSays(where, "U7", "(Asia/Tokyo).");
      expect(slack.calls("views.publish").filter(({ status }) => status === 500)).toHaveLength(1);
      await slack.user("U2").opensHome();
      await homeSays(where, "U2", "(Europe/London).");
      await begin(where, { modules: ["performance"] });
      const fay = slack.user("U1");
      await fay.clicks(modulePost(slack, "performance")!, "claim");
      await asked(where, "P1");
      await fay.opensHome();
      const home = await eventually(() => slack.world.homes.get("U1"));
      const words = wordsOf({ text: "", blocks: blocksOf({ home }) });
      expect(words).toContain("P1");
      expect(words).toContain("Black Friday");
      expect(words).toContain("How I reach you");
      await fay.clicks({ home }, "answer");
      const form = await eventually(() => fay.view());
      expect(wordsOf({ text: "", blocks: blocksOf(form) })).toContain("stress");
      expect((await fay.submits(form, { answer: "" })).body).toMatchObject({ response_action: "errors" });
      await fay.submits(form, { answer: answerTo("P1") });
      // Hours and absence, from the page itself, which then shows them.
      await fay.clicks({ home }, "me");
      const mine = await eventually(() => (fay.view() === form ? undefined : fay.view()));
      const wrong = await fay.submits(mine, { hours: "whenever", zone: "Europe/Londn" });
      expect(wrong.body).toMatchObject({ errors: { hours: expect.any(String), zone: expect.any(String) } });
      const filled = { hours: "10-16 Mon-Thu", away_from: "2026-10-20", away_until: "2026-10-23" };
      expect((await fay.submits(mine, filled)).body).toBeUndefined();
      await homeSays(where, "U1", "Mon–Thu, 10:00–16:00 (Europe/London). Away Tue 20 Oct to Fri 23 Oct.");
      // What a manager manages stands there, by the clock of whoever looks.
      await fay.command("C1", "assign manager @U5");
      await flush(where);
      await slack.user("U5").opensHome();
      await homeSays(where, "U5", "What you manage");
      await homeSays(where, "U5", "T-42 days · Fri 27 Nov, 09:00");
      await slack.user("U5").clicks({ home: slack.world.homes.get("U5")! }, "status");
      const told = await eventually(() => slack.user("U5").view());
      expect(wordsOf({ text: "", blocks: blocksOf(told) })).toContain("Black Friday");
      await eventually(async () => (await answersOf(where)).P1 === answerTo("P1"));
    });
  });

  it("gives nothing to guests, apps or accounts that are gone, and takes back what it gave before Slack told", async () => {
    await withJourney({}, async (where) => {
      const { slack } = where;
      const fay = slack.user("U1");
      slack.addChannel({ id: "D1", name: "directmessage", im: "U1", members: ["U1", "UBOT"] });
      await begin(where, { modules: ["security", "monitoring"] });
      const guest = slack.addUser({ id: "U8", name: "Gus", is_restricted: true });
      slack.addUser({ id: "U9", name: "Lea", deleted: true });
      slack.world.channels.get("C1")?.members.add("U8");
      await fay.command("C1", "assign security @U8");
      await fay.command("C1", "assign monitoring @U9");
      await guest.says("C1", "we rotate them", reply(questionPost(slack, "S1")!)).delivered;
      const answered = (words: string) =>
        eventually(() => slack.posts({ channel: "D1" }).find((post) => wordsOf(post).includes(words)), { what: words });
      await says(await answered("Gus is a guest"), "Security");
      await says(await answered("Lea has no account"), "Monitoring");
      const free = await eventually(() => {
        const post = questionPost(slack, "S1");
        return post !== undefined && wordsOf(post).includes("I'll take this") ? post : undefined;
      });
      // From then on it is refused where it is tried.
      await fay.command("C1", "assign security @U8");
      await hears(slack, "U1", "Gus is a guest");
      await fay.clicks(slack.posts({ kind: "header", channel: "C1" })[0]!, "scope");
      const form = await eventually(() => fay.view());
      const refused = await fay.submits(form, { managers: ["UBOT"] });
      expect(refused.body).toMatchObject({
        response_action: "errors",
        errors: { managers: expect.stringContaining("is an app") },
      });
      await fay.clicks(free, "claim");
      await says(free, "u1");
      // Nothing said to the bot alone stays without an answer, and none of it is one to a question in a thread.
      await fay.says("D1", "frobnicate").delivered;
      await answered('I don\'t know "frobnicate"');
      await fay.says("D1", "so what is it that you want from me now").delivered;
      await says(await answered("It stands in the Security thread"), "S1 is open for you");
      for (const post of slack.posts({ channel: "D1" })) expect(markOf(post).session).toBe(markOf(free).session);
      await flush(where);
      expect((await answersOf(where)).S1).toBe("");
    });
  });

  it("takes back what is undone, and asks it again", async () => {
    await withJourney({}, async (where) => {
      const { slack } = where;
      const fay = slack.user("U1");
      await begin(where, { modules: ["performance"] });
      await fay.clicks(modulePost(slack, "performance")!, "claim");
      const post = await asked(where, "P1");
      const first = fay.says("C1", "In July", reply(post));
      await fay.says("C1", "skip", reply(post)).delivered;
      const next = await asked(where, "P2");
      expect(wordsOf(next)).toContain("Recorded for P1");
      await eventually(() => isTicked(where, first.ts));
      await fay.clicks(next, "undo");
      const again = await eventually(
        () => questionPosts(slack).find((one) => markOf(one).question === "P1" && one.ts !== post.ts),
        { within: 20_000 },
      );
      await says(next, "later");
      await eventually(() => !isTicked(where, first.ts), { what: "the receipt taken back" });
      const text = answerTo("P1");
      const edited = fay.says("C1", "In Octobr", reply(again));
      await edited.delivered;
      await fay.edits(edited, text);
      await fay.says("C1", "skip", reply(again)).delivered;
      await eventually(async () => (await answersOf(where)).P1 === text);
      await eventually(() => isTicked(where, edited.ts));
      await fay.deletes(edited);
      await eventually(async () => (await answersOf(where)).P1 === "");
      expect(failedCalls(where)).toEqual([]);
    });
  });

  it("finds five answers that were typed while it was down for ten minutes", async () => {
    await withJourney({ slack: { retryDelays: [0, 20, 100] } }, async (where) => {
      const { slack } = where;
      await begin(where);
      const owners: [string, string, string][] = [
        ["U1", "performance", "P1"],
        ["U2", "resilience", "R1"],
        ["U3", "security", "S1"],
        ["U4", "service-quotas", "Q1"],
        ["U5", "monitoring", "M1"],
      ];
      for (const [user, module] of owners) await slack.user(user).clicks(modulePost(slack, module)!, "claim");
      await flush(where);
      await where.program.kill();
      const before = slack.world.ahead;
      const said: Said[] = [];
      for (const [user, , question] of owners) {
        slack.passes(2 * 60_000);
        const text = `${question}: ${user} typed this meanwhile`;
        said.push(slack.user(user).says("C1", text, reply(questionPost(slack, question)!)));
      }
      // One is corrected and one goes on, all while nobody listens, as long as Slack tries.
      await slack.user("U2").edits(said[1]!, "R1: U2 typed and corrected this");
      const more = slack.user("U1").says("C1", "and this later", reply(questionPost(slack, "P1")!));
      expect(await Promise.all([...said, more].map((one) => one.delivered))).not.toContain(true);
      expect(slack.world.ahead - before).toBe(10 * 60_000);
      expect(Number(more.ts) - Number(said[0]!.ts)).toBeGreaterThan(8 * 60);
      await where.restart();
      await flush(where, "2026-10-16T08:10:00Z");
      const expected = {
        P1: "P1: U1 typed this meanwhile\nand this later",
        R1: "R1: U2 typed and corrected this",
        S1: "S1: U3 typed this meanwhile",
        Q1: "Q1: U4 typed this meanwhile",
        M1: "M1: U5 typed this meanwhile",
      };
      await eventually(async () => {
        const answers = await answersOf(where);
        return Object.entries(expected).every(([id, text]) => answers[id] === text);
      });
      await eventually(() => [...said, more].every(({ ts }) => isTicked(where, ts)));
      // What comes next for them (a question, or what is still missing) stands, once.
      const newIn = (module: string) =>
        questionPosts(slack).some((post) => post.ts > more.ts && markOf(post).module === module);
      for (const [, module] of owners) await eventually(() => newIn(module), { what: `something new in ${module}` });
      await flush(where);
      expect(await answersOf(where)).toMatchObject(expected);
      expect(duplicatesIn(slack.posts())).toEqual([]);
    });
  });

  it("sends nothing twice when it dies while Slack takes its time over a post", async () => {
    await withJourney({}, async (where) => {
      const { slack } = where;
      slack.faults.next("chat.postMessage", "slow");
      await slack.user("U1").command("C1", 'start "Black Friday" 2026-11-27');
      await eventually(() => slack.world.arrived["chat.postMessage"] === 1);
      await where.program.kill();
      expect(slack.posts({ channel: "C1" })).toEqual([]);
      await where.restart();
      await eventually(() => modulePost(slack, "monitoring"));
      await quiet(where);
      expect(slack.posts({ channel: "C1", kind: "header" })).toHaveLength(1);
      expect(duplicatesIn(slack.posts())).toEqual([]);
    });
  });

  it("keeps its word over Socket Mode, also for what was said while the connection was lost", async () => {
    await withJourney({ sockets: true, slack: { retryDelays: [] } }, async (where) => {
      const { slack } = where;
      const fay = slack.user("U1");
      await begin(where, { modules: ["performance"] });
      await fay.clicks(modulePost(slack, "performance")!, "claim");
      const post = await asked(where, "P1");
      slack.dropSockets();
      const said = fay.says("C1", answerTo("P1"), reply(post));
      expect(await said.delivered).toBe(false);
      await eventually(() => slack.sockets() > 0, { what: "the connection again" });
      await eventually(() => isTicked(where, said.ts), { what: "the receipt of what was said in between" });
      await eventually(async () => (await answersOf(where)).P1 === answerTo("P1"));
      slack.refreshSockets();
      await eventually(async () => (await fay.command("C1", "status")).status === 200);
    });
  });

  // What needs no program of its own: each in a channel of its own.
  describe.concurrent("beside other sessions", () => {
    let running: Promise<Journey> | undefined;
    const shared = () => {
      running ??= journey();
      return running;
    };
    afterAll(async () => (await running)?.end());

    it("says in a sentence where nothing can start, and who can't take part", async () => {
      const where = await shared();
      const { slack } = where;
      const fay = slack.user("U1");
      slack.addChannel({ id: "C2", name: "nothing-yet" });
      slack.addChannel({ id: "C3", name: "elsewhere", members: ["U1"] });
      slack.addChannel({ id: "C4", name: "old", archived: true });
      slack.addChannel({ id: "C5", name: "partners", shared: true });
      slack.addChannel({ id: "D9", name: "directmessage", im: "U1", members: ["U1", "UBOT"] });
      const guest = slack.addUser({ id: "U8", name: "guest", is_restricted: true });
      const stranger = slack.addUser({ id: "U9", name: "stranger", team: "T9", is_stranger: true });
      slack.world.channels.get("C2")?.members.add("U8").add("U9");
      const line = 'start "Black Friday" 2026-11-27';
      for (const [channel, sentence] of [
        ["C3", "/invite @T-Minus"],
        ["C4", "archived"],
        ["C5", "another organisation"],
        ["D9", "Go there and type"],
      ] as const) {
        expect((await fay.command(channel, line)).status).toBe(200);
        await hears(slack, "U1", sentence);
      }
      await fay.command("C2", "status");
      await hears(slack, "U1", "No session is open in this channel");
      for (const [who, channel] of [
        [guest, "C2"],
        [stranger, "C2"],
      ] as const) {
        await who.command(channel, line);
        await hears(slack, who.id, "can't answer or run commands");
      }
      for (const channel of ["C2", "C3", "C4", "C5", "D9"]) expect(slack.posts({ channel })).toEqual([]);
      await fay.invitesBot("C3");
      await begin(where, { channel: "C3", modules: ["performance"] });
      const before = told(slack, "U1").length;
      await fay.command("C3", "stauts");
      await hears(slack, "U1", "status", before);
    });

    it("turns a form that opened too late into a button", async () => {
      const where = await shared();
      const { slack } = where;
      const fay = slack.user("U1");
      slack.addChannel({ id: "C6", name: "late" });
      slack.faults.next("views.open", "500_before");
      await fay.command("C6", "start");
      const late = await eventually(() => slack.world.ephemerals.find((one) => wordsOf(one).includes("Open the form")));
      await fay.clicks(late, "start");
      const form = await eventually(() => fay.view());
      const refused = await fay.submits(form, { name: "", date: "2026-10-01" });
      expect(refused.body).toMatchObject({
        response_action: "errors",
        errors: { name: expect.stringContaining("name"), date: expect.stringContaining("in the past") },
      });
      // The same view with the same hash, corrected: it counts, and counts once.
      const filled = { name: "Black Friday", date: "2026-11-27" };
      expect((await fay.submits(form, filled)).body).toBeUndefined();
      await fay.submits(form, filled);
      await eventually(() => modulePost(slack, "performance", "C6"));
      expect(slack.posts({ channel: "C6", kind: "header" })).toHaveLength(1);
    });

    it("answers somebody unknown at once, and dates their session in the zone that Slack tells afterwards", async () => {
      const where = await shared();
      const { slack } = where;
      slack.addChannel({ id: "C7", name: "new-people" });
      await slack.user("U1").command("C7", "help");
      await hears(slack, "U1", "start");
      const newcomer = slack.addUser({ id: "U7", name: "Noor", tz: "America/New_York" });
      slack.world.channels.get("C7")?.members.add("U7");
      slack.faults.slow("users.info", 5_000);
      const answered = await newcomer.command("C7", 'start "Black Friday" 2026-11-27 09:00');
      expect(answered.status).toBe(200);
      // Slack shows the person an error after three seconds.
      expect(answered.ms).toBeLessThan(3_000);
      expect(slack.posts({ channel: "C7" })).toEqual([]);
      const header = await eventually(() => slack.posts({ channel: "C7", kind: "header" })[0]);
      expect(wordsOf(header)).toContain("09:00 New York");
      slack.faults.slow("users.info", 0);
      // Somebody who is named and never says a word is known as well.
      slack.addUser({ id: "U6", name: "Kenji", tz: "Asia/Tokyo" });
      await newcomer.command("C7", "assign resilience @U6");
      await says(await eventually(() => modulePost(slack, "resilience", "C7")), "Kenji");
    });

    it("goes on where it was put out of the channel and invited again; its facilitator hears of one cause once", async () => {
      const where = await shared();
      const { slack } = where;
      const fay = slack.user("U5");
      slack.addChannel({ id: "C9", name: "revolving-door" });
      await fay.invitesBot("C9");
      // Slack forgot to say that the bot isn't there any more.
      slack.world.channels.get("C9")!.members.delete("UBOT");
      await fay.command("C9", 'start "Revolving door" 2026-11-27');
      const letters = () =>
        slack.posts().filter((post) => directTo(where, post) === "U5" && wordsOf(post).includes("/invite"));
      await eventually(() => letters().length > 0);
      await quiet(where);
      expect(letters()).toHaveLength(1);
      expect(slack.posts({ channel: "C9" })).toEqual([]);
      // Invited again, or asked for again: what is missing goes up.
      slack.world.channels.get("C9")!.members.add("UBOT");
      await fay.command("C9", 'start "Revolving door" 2026-11-27');
      await hears(slack, "U5", "already open");
      await asked(where, "P1", "C9");
      await fay.removesBot("C9");
      await fay.command("C9", "summary");
      await hears(slack, "U5", "a summary couldn't appear there");
      await fay.invitesBot("C9");
      await fay.command("C9", "summary");
      await eventually(() => slack.posts({ channel: "C9", kind: "summary" })[0]);
      await quiet(where);
      expect(slack.posts({ channel: "C9", kind: "header" })).toHaveLength(1);
      expect(slack.posts({ channel: "C9", kind: "module" })).toHaveLength(5);
    });

    it("puts a header and an open question that somebody deleted up again, and nothing else", async () => {
      const where = await shared();
      const { slack } = where;
      const fay = slack.user("U5");
      slack.addChannel({ id: "C10", name: "tidy" });
      await begin(where, { channel: "C10", by: "U5", modules: ["resilience"] });
      await fay.clicks(modulePost(slack, "resilience", "C10")!, "claim");
      const question = await asked(where, "R1", "C10");
      await quiet(where);
      for (const post of [slack.posts({ channel: "C10", kind: "header" })[0]!, question]) post.deleted = true;
      await fay.command("C10", "answer R2 two zones, tested in May, failover in 4 minutes");
      await fay.command("C10", "assign resilience @U2");
      await quiet(where);
      await eventually(() => slack.posts({ channel: "C10", kind: "header" }).length === 1);
      await eventually(() => questionPosts(slack, "C10").some((post) => markOf(post)?.question === "R1"));
      expect(slack.posts({ channel: "C10", kind: "module" })).toHaveLength(5);
    });

    it("tells the facilitator where it can no longer post", async () => {
      const where = await shared();
      const { slack } = where;
      const fay = slack.user("U5");
      slack.addChannel({ id: "C8", name: "soon-archived" });
      await begin(where, { channel: "C8", by: "U5", modules: ["performance"] });
      await fay.clicks(modulePost(slack, "performance", "C8")!, "claim");
      await asked(where, "P1", "C8");
      slack.world.channels.get("C8")!.archived = true;
      await fay.command("C8", "answer P1 one table, tested at 3x, owner Sam, alarm at 70 per cent");
      const letter = await eventually(
        () => slack.posts().find((post) => directTo(where, post) === "U5" && wordsOf(post).includes("archived")),
        { within: 15_000, what: "a word to the facilitator" },
      );
      await says(letter, /question [A-Z]\d|module|card/);
    });
  });
});

// ── The whole story ─────────────────────────────────────────────────────────────────────────────────────────────────

const OWNERS = {
  performance: "U1",
  resilience: "U2",
  security: "U3",
  "service-quotas": "U4",
  monitoring: "U5",
} as const;

async function fromStartToEnd(): Promise<void> {
  await withJourney({}, async (where) => {
    const { slack } = where;
    const fay = slack.user("U1");
    await fay.command("C1", "");
    await hears(slack, "U1", "start");
    await fay.command("C1", "start");
    await fay.submits(await eventually(() => fay.view()), { name: "Black Friday", date: "2026-11-27", time: "08:30" });
    const header = await eventually(() => slack.posts({ kind: "header" })[0]);
    expect(header.text).toContain("Black Friday · T-42 days");
    await fillScope(where, header);
    const answers = await answerEverything(where);
    await confirmAll(where);
    const summary = await eventually(() => slack.posts({ kind: "summary" })[0], { within: 20_000 });
    expect(summary.thread_ts).toBeUndefined();
    await signedByManager(where);
    await exportsToDirectMessage(where);
    await flush(where);
    expect(wordsOf(slack.posts({ kind: "scope" })[0]!)).toContain("shop.example.com");
    const kept = await answersOf(where);
    for (const [question, text] of answers) expect(kept[question], question).toBe(text);
    expect((await where.exported()).questions.map(({ status }) => status)).not.toContain("waiting");
    const top = slack.posts({ channel: "C1", thread: null }).map((post) => markOf(post).kind);
    expect(top.toSorted()).toEqual(["decision", "header", ...Array.from({ length: 5 }, () => "module"), "summary"]);
    expect(failedCalls(where)).toEqual([]);
    expect(duplicatesIn(slack.posts())).toEqual([]);
    await fay.command("C1", "close");
    await flush(where);
    expect(wordsOf(slack.posts({ kind: "header" })[0]!)).toContain("closed");
  });
}

async function fillScope(where: Journey, header: Message): Promise<void> {
  const { slack } = where;
  const fay = slack.user("U1");
  await fay.clicks(header, "scope");
  const form = await eventually(() => fay.view());
  const wrong = await fay.submits(form, { peak: "a lot", regions: "Ireland" });
  expect(wrong.body).toMatchObject({
    response_action: "errors",
    errors: { peak: expect.any(String), regions: expect.any(String) },
  });
  const filled = { peak: "3x", regions: "eu-west-1", hosts: "shop.example.com", managers: ["U5"] };
  expect((await fay.submits(form, filled)).body).toBeUndefined();
  const scope = await eventually(() => slack.posts({ kind: "scope" })[0]);
  await fay.clicks(scope, "owners");
  const owners = await eventually(() => fay.view());
  await fay.submits(
    owners,
    Object.fromEntries(Object.entries(OWNERS).map(([module, user]) => [`owner_${module}`, user])),
  );
  // Somebody else's module can't be claimed.
  const post = await eventually(() => modulePost(slack, "security"), { within: 15_000 });
  const before = told(slack, "U2").length;
  await slack.user("U2").command("C1", "assign security @U2");
  await hears(slack, "U2", "Only", before);
  await says(post, "u3");
}

type Way = (where: Journey, user: SlackUser, post: Message) => Promise<string>;

/** Says it and ends the wait: what was said stands as it is. */
const plainly: Way = async ({ slack: _slack }, user, post) => {
  const text = answerTo(String(markOf(post).question));
  user.says("C1", text, reply(post));
  await user.says("C1", "skip", reply(post)).delivered;
  return text;
};

/** How particular questions are answered; every other one plainly. The answer that must stand at the end. */
const WAYS: Record<string, Way> = {
  async P1(_where, user, post) {
    const parts = ["The checkout database gives way first", "at about 3x, measured in May", "Sam scales it up by hand"];
    const said = parts.map((part) => user.says("C1", part, reply(post)));
    await Promise.all(said.map((one) => one.delivered));
    await user.edits(said[1]!, "at about 4x, measured in October");
    await user.says("C1", "skip", reply(post)).delivered;
    return [parts[0], "at about 4x, measured in October", parts[2]].join("\n");
  },
  async P2(where, user, post) {
    const first = user.says("C1", "The basket table, I think", reply(post));
    await first.delivered;
    await user.says("C1", "skip", reply(post)).delivered;
    await eventually(() => isTicked(where, first.ts));
    // Deleted after it was recorded: the question is open again.
    await user.deletes(first);
    await eventually(() => {
      const again = questionPost(where.slack, "P2");
      return again !== undefined && isOpen(again) && user.id === "U1" ? again : undefined;
    });
    return plainly(where, user, questionPost(where.slack, "P2")!);
  },
  async R1(_where, user, post) {
    const text = `${"A long pasted runbook line. ".repeat(300)}end`;
    user.pastes("C1", text, reply(post));
    await eventually(() =>
      _where.slack.world.messages.some((one) => one.files !== undefined && one.reactions.length > 0),
    );
    await eventually(async () => (await answersOf(_where)).R1 === text, { what: "the pasted text" });
    await user.says("C1", "skip", reply(post)).delivered;
    return text;
  },
  async R2(where, _user, post) {
    const other = where.slack.user("U4");
    const before = other.view();
    await other.clicks(post, "answer");
    const form = await eventually(() => (other.view() === before ? undefined : other.view()));
    await other.submits(form, { answer: "U4 knows: the NAT gateway, one per zone since June." });
    return "U4 knows: the NAT gateway, one per zone since June.";
  },
  async S1(where, user, post) {
    // Talk, used as an answer on purpose.
    const talk = "who rotates the database password?";
    await user.says("C1", talk, reply(post)).delivered;
    const offer = await eventually(() => {
      return where.slack.world.ephemerals.find((one) => one.user === user.id && wordsOf(one).includes("Use as answer"));
    });
    await user.clicks(offer, "use_as_answer");
    await eventually(() => !isOpen(post) || wordsOf(post).includes("Heard"));
    await user.says("C1", "skip", reply(post)).delivered;
    return talk;
  },
  async S2(_where, user, post) {
    await user.says("C1", "n/a because nobody logs in on that day", reply(post)).delivered;
    return "";
  },
  async S3(_where, user, post) {
    const before = user.view();
    await user.clicks(post, "not_applicable");
    const form = await eventually(() => (user.view() === before ? undefined : user.view()));
    expect((await user.submits(form, { reason: "" })).body).toMatchObject({ response_action: "errors" });
    await user.submits(form, { reason: "Break-glass is tested by another team" });
    return "";
  },
  async Q1(where, user, post) {
    await user.clicks(post, "delegate");
    const form = await eventually(() => user.view());
    await user.submits(form, { person: "U1" });
    await eventually(
      () =>
        isAskedOf(questionPost(where.slack, "Q1")!, "u1") || wordsOf(questionPost(where.slack, "Q1")!).includes("u1"),
    );
    return plainlyWhenFree(where, "U1", "Q1");
  },
  async Q2(where, user, post) {
    await user.says("C1", "<@U5>", reply(post)).delivered;
    return plainlyWhenFree(where, "U5", "Q2");
  },
  async Q3(_where, user, post) {
    await user.says("C1", "skip", reply(post)).delivered;
    return "";
  },
  async Q4(_where, user, post) {
    const before = user.view();
    await user.clicks(post, "answer");
    const form = await eventually(() => (user.view() === before ? undefined : user.view()));
    const choices = blocksOf(form).find((block) => block.block_id === "choices")?.element as Json;
    const [first] = (choices.options ?? []) as { value: string }[];
    await user.submits(form, { answer: "We raised it on 2 October.", choices: [first!.value] });
    const more = await eventually(() => {
      const newest = questionPost(_where.slack, "Q4");
      return newest !== undefined && markOf(newest).kind === "follow_up" ? newest : undefined;
    });
    await user.clicks(more, "skip");
    return "We raised it on 2 October.";
  },
};

/** A delegate answers when the question is theirs and nothing else is open for them. */
async function plainlyWhenFree(where: Journey, id: string, question: string): Promise<string> {
  const user = where.slack.user(id);
  const post = await eventually(
    () => {
      const newest = questionPost(where.slack, question);
      return newest !== undefined && isAskedOf(newest, id.toLowerCase()) ? newest : undefined;
    },
    { within: 40_000, what: `${question} put to ${id}` },
  );
  return plainly(where, user, post);
}

/** Every owner answers what is put to them, each at their own pace. */
async function answerEverything(where: Journey): Promise<Map<string, string>> {
  const { slack } = where;
  const answers = new Map<string, string>();
  const seen = new Set<string>();
  const running: Promise<unknown>[] = [];
  const failures: unknown[] = [];
  await eventually(
    () => {
      for (const post of questionPosts(slack)) {
        const { question, module } = markOf(post);
        const id = String(question);
        const owner = OWNERS[String(module) as keyof typeof OWNERS];
        if (seen.has(id) || !isOpen(post) || !isAskedOf(post, owner.toLowerCase())) continue;
        seen.add(id);
        const way = WAYS[id] ?? plainly;
        const done = way(where, slack.user(owner), post).then((text) => answers.set(id, text));
        running.push(done);
        done.catch((error: unknown) => failures.push(error));
      }
      return answers.size === 23 || failures.length > 0;
    },
    { within: 70_000, what: "all 23 questions answered" },
  ).catch(async (error: unknown) => {
    const open = [...seen].filter((id) => !answers.has(id));
    const there = questionPosts(slack).map((post) => wordsOf(post).slice(0, 200).replaceAll("\n", " | "));
    const text = `Asked ${seen.size}, answered ${answers.size}; under way: ${open}\n${there.join("\n")}`;
    throw new Error(text, { cause: error });
  });
  await Promise.all(running);
  return answers;
}

async function confirmAll(where: Journey): Promise<void> {
  const { slack } = where;
  const cards = await eventually(
    () => {
      const all = slack.posts({ kind: "confirm" });
      return all.length === 5 ? all : undefined;
    },
    { within: 20_000, what: "five cards to confirm" },
  );
  for (const card of cards) {
    const owner = OWNERS[String(markOf(card).module) as keyof typeof OWNERS];
    const stranger = owner === "U2" ? "U3" : "U2";
    await slack.user(stranger).clicks(card, "confirm");
    await slack.user(owner).clicks(card, "confirm");
  }
  await flush(where);
  for (const card of cards) expect(wordsOf(card)).toMatch(/confirmed/i);
}

async function signedByManager(where: Journey): Promise<void> {
  const { slack } = where;
  const [fay, mia, oli] = [slack.user("U1"), slack.user("U5"), slack.user("U2")];
  const before = told(slack, "U2").length;
  await oli.command("C1", "decide");
  await hears(slack, "U2", "Only", before);
  await fay.command("C1", "decide");
  const card = await eventually(() => slack.posts({ kind: "decision" })[0]);
  await oli.clicks(card, "go");
  await hears(slack, "U2", "Only a named manager");
  await mia.clicks(card, "go");
  const answered = () => told(slack, "U5").filter((one) => /Signed: go|Go needs somebody/.test(one));
  for (let refused = 1; ; refused += 1) {
    const said = await eventually(() => answered()[refused - 1]);
    const [, risk] = /(?:accepts|Begin with) ([A-Z]\d)/.exec(said) ?? [];
    if (risk === undefined) break;
    // The sentence names a risk, and its button leads to that one.
    const view = mia.view();
    const shown = slack.world.ephemerals.findLast((one) => one.user === "U5" && wordsOf(one).includes("Go needs"));
    await mia.clicks(shown!, "accept");
    const form = await eventually(() => (mia.view() === view ? undefined : mia.view()));
    await mia.submits(form, {
      risk: `risk-${risk.toLowerCase()}`,
      reason: "The fallback page is tested and somebody watches.",
    });
    await hears(slack, "U5", `Accepted: risk-${risk.toLowerCase()}`);
    await mia.clicks(card, "go");
  }
  await eventually(() => told(slack, "U5").some((one) => one.includes("Signed: go.")));
  await flush(where);
  expect(wordsOf(slack.posts({ kind: "header" })[0]!)).toContain("Decision: go.");
}

async function exportsToDirectMessage(where: Journey): Promise<void> {
  const { slack } = where;
  await slack.user("U1").command("C1", "export json");
  const sent = await eventually(() => slack.world.uploads.find((upload) => upload.done));
  expect(slack.world.channels.get(sent.channel ?? "")?.im).toBe("U1");
  expect(sent.file.name).toMatch(/\.json$/);
  expect(JSON.parse(sent.file.content).questions).toHaveLength(23);
}

// ── Looking ─────────────────────────────────────────────────────────────────────────────────────────────────────────

async function withJourney(options: JourneyOptions, run: (where: Journey) => Promise<void>): Promise<void> {
  const where = await journey(options);
  try {
    await run(where);
  } finally {
    await where.end();
  }
}

/** Whether an open question names this person as the one who is asked. */
function isAskedOf(post: Message, name: string): boolean {
  if (!isOpen(post)) return false;
  const [first] = post.blocks ?? [];
  const words = first === undefined ? "" : wordsOf({ text: "", blocks: [first] });
  return (
    !words.includes("after their open question") &&
    new RegExp(`(?:^|\\s)(?:${name}|<@${name.toUpperCase()}>) ·`).test(words)
  );
}

/** Resolves once somebody's App Home says this. */
function homeSays({ slack }: Journey, user: string, words: string): Promise<boolean> {
  const shown = () => {
    const home = slack.world.homes.get(user);
    return home === undefined ? "" : wordsOf({ text: "", blocks: blocksOf({ home }) });
  };
  return eventually(() => shown().includes(words), { what: `"${words}" in the App Home of ${user}` });
}

/** The person at the other end of a direct message. */
function directTo({ slack }: Journey, post: Message): string | undefined {
  return slack.world.channels.get(post.channel)?.im;
}

function isTicked({ slack }: Journey, ts: string): boolean {
  return slack.world.messages.some((message) => message.ts === ts && message.reactions.length > 0);
}

/** Each button of a post: its action, and its place among those of the same action. */
function buttonsOf(post: Message): [action: string, nth: number][] {
  const actions = (post.blocks ?? [])
    .flatMap(elements)
    .filter((element) => element.type === "button")
    .map((element) => String(element.action_id).replace(/:\d+$/, ""));
  return actions.map((action, at) => [action, actions.slice(0, at + 1).filter((one) => one === action).length]);
}

/** Everything a person could have noticed so far. */
function visible(where: Journey): number {
  const { messages } = where.slack.world;
  const updates = messages.reduce((sum, message) => sum + message.updates + message.reactions.length, 0);
  return updates + messages.length + privately(where);
}

const FORMS = new Set(["answer", "not_applicable", "delegate", "scope", "owners"]);

/** What was shown to one person alone so far. */
function privately({ slack }: Journey): number {
  return slack.world.ephemerals.length + slack.world.views.length;
}

/** What Slack refused. */
function failedCalls({ slack }: Journey): string[] {
  return slack.world.calls.filter((call) => !call.ok).map((call) => `${call.method}: ${call.error ?? call.status}`);
}

function duplicatesIn(posts: Message[]): string[] {
  const marks = posts.map((post) => {
    const { kind, module, question, version, part, outbox } = markOf(post);
    // Letters to several people are alike in all else.
    const letter = kind === "nudge" || kind === "digest" ? outbox : undefined;
    return [kind, module, question, version, part, letter].join(" ");
  });
  return marks.filter((mark, at) => !mark.startsWith("note") && marks.indexOf(mark) !== at);
}
