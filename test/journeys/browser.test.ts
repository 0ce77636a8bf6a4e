import { readFile } from "node:fs/promises";
import { join } from "node:path";
import type { Browser } from "playwright-core";
import { afterAll, beforeAll, expect, it } from "vitest";
import { accessibilityProblems, launchBrowser, watchedPage } from "../stand-ins/browser.ts";
import { ChannelPage, type OpenCard } from "./browser-page.ts";
import { eventually, type Program, startProgram, temporaryFolder } from "./program.ts";
import { WebClient } from "./web-client.ts";

/**
 * A whole session, as people do it: a real program on a fresh database, a real browser, five owners. Nothing is known
 * of the inside but what the page shows; at the end the export must hold every word.
 */

let program: Program;
let browser: Browser;
const folder = temporaryFolder();
const SETTLE_MS = 700;
const STANDSTILL_MS = 30_000;

beforeAll(async () => {
  [program, browser] = await Promise.all([
    startProgram({ CLOCK_START: "2026-10-16T08:00:00Z", ANSWER_SETTLE: `PT${SETTLE_MS / 1000}S` }, folder.path),
    launchBrowser(),
  ]);
});
afterAll(async () => {
  await browser?.close();
  await program?.stop();
  folder.remove();
});

const OWNERS: Record<string, string> = {
  Performance: "Priya",
  Resilience: "Omar",
  Security: "Sven",
  "Service Quotas": "Lena",
  Monitoring: "Tom",
};

/** What somebody says to one question. Words are unlike any other's, so that each can be found again. */
const SPOKEN: Record<string, string[]> = {
  P1: [
    "The NAT gateway, at 55 Gbit/s.",
    "The checkout database's writer is next.",
    "Both were loaded to 3x in September.",
  ],
  P2: ["orders has a hot row: the stock counter of the offer of the hour"],
  R2: ["batch can wait, orders-db goes Multi-AZ on Tuesday (CHG-4411)"],
  R3: ["In S3 with versioning; <script>alert('R3')</script> [not a link](javascript:alert(1))"],
  S3: ["نعم, break-glass accounts exist 🔑 tested 2026-09-30"],
};

function wordsFor(question: string): string[] {
  return SPOKEN[question] ?? [`${question}: yes, looked at on 14 October by the team, nothing left open`];
}

type Export = {
  session: { id: string; name: string };
  questions: {
    id: string;
    status: string;
    answers: { text: string; by: string }[];
    choices: unknown;
  }[];
};

it("takes a team from the form to the export, and keeps every word", { timeout: 170_000 }, async () => {
  const { page: tab, complaints } = await watchedPage(browser, {
    viewport: { width: 1400, height: 1000 },
    acceptDownloads: true,
  });
  const page = new ChannelPage(tab);
  const client = new WebClient(program.url);
  const said: string[] = [];
  const settled = new Map<string, string>();

  // Start: the form.
  await page.open(program.url);
  await page.speakAs("Fay");
  await tab.getByRole("button", { name: "Start a session" }).click();
  const start = page.dialog("Start a session");
  await start.getByLabel("What is the event called?").fill("Black Friday");
  await start.getByLabel("Which day is it?").fill("2026-11-27");
  await start.getByLabel(/When does it begin\?/).fill("09:00");
  await start.getByLabel(/What runs it\?/).fill("web shop <b>& checkout</b>");
  await page.send("Start");
  await tab.getByRole("heading", { name: /Black Friday · T-42 days/ }).waitFor();
  await expect.poll(() => tab.locator("#messages .thread-link").count()).toBe(6);

  // Scope.
  await page.openThread("Black Friday · T-42");
  await page.thread.getByRole("button", { name: "Fill in" }).click();
  const scope = page.dialog("Scope");
  await scope.getByLabel(/^Regions/).fill("eu-west-1, us-east-1");
  await scope.getByLabel(/^Expected peak/).fill("3x");
  await scope.getByLabel(/^Contacts/).fill("Omar first, then the bridge");
  await scope.getByRole("checkbox", { name: "Mia" }).check();
  await page.send("Save");
  await page.thread.locator(".card", { hasText: "eu-west-1, us-east-1" }).waitFor();
  expect(await page.thread.locator(".card", { hasText: "web shop <b>& checkout</b>" }).count()).toBe(1);

  // Four owners by the form; the fifth module waits for somebody who takes it.
  await page.thread.getByRole("button", { name: "Owners" }).click();
  const owners = page.dialog("Owners");
  for (const [module, owner] of Object.entries(OWNERS)) {
    if (module !== "Monitoring") await owners.getByLabel(new RegExp(`^${module}`)).selectOption({ label: owner });
  }
  await page.send("Save");
  // The busy cards are redrawn every 15 s at most; that Lena is asked shows at once.
  await page.openThread("Service Quotas · 7 questions");
  await page.thread.locator(".card", { hasText: "Lena · Q1" }).waitFor();

  // Monitoring: Pat's words would do, but Pat isn't it; Tom takes it with his.
  await page.openThread("Monitoring · 1 question");
  await page.speakAs("Pat");
  await page.reply("we watch the orders per minute, I think that's Tom's");
  await page.whisper("Nobody owns Monitoring yet.").getByRole("button", { name: "Not me" }).click();
  await expect.poll(() => page.whisper("Nobody owns Monitoring").count()).toBe(0);
  await page.speakAs("Tom");
  await page.reply("M1: orders per minute, p99 of checkout, and 5xx of the load balancer; Tom watches");
  said.push("M1: orders per minute, p99 of checkout, and 5xx of the load balancer; Tom watches");
  await page.whisper("Nobody owns Monitoring yet.").getByRole("button", { name: /^Yes/ }).click();
  await page.thread.locator(".card", { hasText: "Heard: M1: orders per minute" }).waitFor();

  // Everybody answers, in turns, as their questions come.
  const done = new Set<string>();
  const special = specialActs(page, said);
  let moved = Date.now();
  while (done.size < 5) {
    const open = Object.keys(OWNERS).filter((module) => !done.has(module));
    // However slow the machine: somebody is asked something new before long.
    expect(Date.now() - moved, `nothing new in ${open}`).toBeLessThan(STANDSTILL_MS);
    // With few modules left there is little to do between two looks; the program is given room to answer.
    if (open.length < 3) await tab.waitForTimeout(100);
    for (const [module, owner] of Object.entries(OWNERS)) {
      if (done.has(module)) continue;
      await page.speakAs(owner);
      await page.openThread(moduleWords(module));
      if ((await page.thread.getByRole("button", { name: "That's right" }).count()) > 0) {
        done.add(module);
        moved = Date.now();
        continue;
      }
      const card = (await page.openCards()).at(-1);
      // The last words settle; what comes next isn't there yet.
      if (card === undefined || settled.get(module) === card.version) continue;
      settled.set(module, card.version);
      await answer(page, card, owner, said, special);
      moved = Date.now();
    }
  }

  // What is in the pages is accessible, whatever people wrote.
  expect(await accessibilityProblems(tab)).toEqual([]);

  // Every reading is confirmed by its owner.
  for (const [module, owner] of Object.entries(OWNERS)) {
    await page.speakAs(owner);
    await page.openThread(moduleWords(module));
    await page.thread.getByRole("button", { name: "That's right" }).click();
    await page.thread.locator(".card", { hasText: `${module} is answered. Confirmed by ${owner}.` }).waitFor();
  }

  // The summary came by itself; the facilitator asks for the export.
  await page.speakAs("Fay");
  await tab.locator("#messages .card", { hasText: "Readiness summary · Black Friday" }).first().waitFor();
  await page.type("/readiness export json");
  await page.whisper("The JSON export comes to your direct messages.").waitFor();
  await tab.getByRole("button", { name: /Messages from T-Minus/ }).click();
  const link = tab.getByRole("link", { name: /^Download / });
  const [download] = await Promise.all([tab.waitForEvent("download"), link.click()]);
  const path = join(folder.path, "export.json");
  await download.saveAs(path);
  const exported = await readFile(path, "utf8");
  const record = JSON.parse(exported) as Export;
  expect(record.session.name).toBe("Black Friday");
  expect(record.questions).toHaveLength(23);
  expect(record.questions.filter(({ status }) => status === "waiting" || status === "open")).toEqual([]);
  const missing = said.filter((words) => !exported.includes(JSON.stringify(words).slice(1, -1)));
  expect(missing).toEqual([]);

  // The same over HTTP, and as text to read.
  const { sessions } = await client.json<{ sessions: { id: string; name: string; status: string }[] }>("/sessions");
  expect(sessions).toMatchObject([{ id: record.session.id, name: "Black Friday", status: "open" }]);
  const overHttp = await client.json<Export>(`/sessions/${record.session.id}/export?format=json`);
  expect(overHttp.questions).toEqual(record.questions);
  const markdown = await (await fetch(`${program.url}/sessions/${record.session.id}/export?format=md`)).text();
  expect(markdown).toContain("Black Friday");

  expect(complaints).toEqual([]);
  await eventually("all is settled", async () => ((await client.ready()).due === 0 ? true : undefined));
});

/** The thread's root, whoever owns it. */
function moduleWords(module: string): string {
  return `${module} · ${({ Performance: 6, Resilience: 6, Security: 3, "Service Quotas": 7, Monitoring: 1 } as Record<string, number>)[module]} question`;
}

type Special = Record<string, (card: OpenCard, owner: string) => Promise<void>>;

async function answer(
  page: ChannelPage,
  card: OpenCard,
  owner: string,
  said: string[],
  special: Special,
): Promise<void> {
  if (card.followUp) {
    const words = `One thing more from ${owner}: it is in the runbook, page ${said.length}`;
    said.push(words);
    await page.reply(words);
    return;
  }
  const act = special[card.question];
  if (act !== undefined) {
    delete special[card.question];
    await act(card, owner);
    return;
  }
  for (const words of wordsFor(card.question)) {
    said.push(words);
    await page.reply(words);
  }
}

/** What people do besides answering. */
function specialActs(page: ChannelPage, said: string[]): Special {
  const say = async (words: string) => {
    said.push(words);
    return page.reply(words);
  };
  return {
    // An edit: both wordings stay in the record.
    P2: async () => {
      const message = await say("orders has a hot row");
      said.push("orders has a hot row: the stock counter; it is sharded since 1 October");
      await page.editLast(message, "orders has a hot row: the stock counter; it is sharded since 1 October");
    },
    // A deletion of one part of an answer.
    P4: async () => {
      await say("P4: the read replicas carry it");
      const message = await say("P4: and this part is wrong");
      await page.deleteMessage(message);
    },
    P5: async () => {
      await page.reply("skip");
    },
    R4: async () => {
      await page.reply("n/a because nothing of value is kept on those volumes");
      said.push("nothing of value is kept on those volumes");
    },
    // Talk is no answer.
    R5: async (card) => {
      await page.reply("does anybody have the restore protocol?");
      const whisper = page.whisper("so I took it as talk. R5 still waits for your answer.");
      await whisper.waitFor();
      await whisper.getByRole("button", { name: "Close this private message" }).click();
      await expect.poll(() => page.whisper("so I took it as talk").count()).toBe(0);
      expect((await page.openCards()).at(-1)).toEqual(card);
      await say("R5: restored into a second account on 2 October, 41 minutes");
    },
    // A delegation: Sven hands S2 to Pat, who answers it where it stands.
    S2: async (card) => {
      await page.button(card, "Delegate");
      await page
        .dialog("Delegate S2")
        .getByLabel(/^Who should answer it/)
        .selectOption({ label: "Pat" });
      await page.send("Delegate");
      await page.speakAs("Pat");
      await eventually("S2 is put to Pat", async () =>
        (await page.thread.locator(".card", { hasText: "Pat" }).filter({ hasText: "S2 · 2 of 3" }).count()) > 0
          ? true
          : undefined,
      );
      await say("S2: Pat knows, the last review of the roles was on 3 October");
      // What follows is Pat's too: one thing more is asked, or it is settled.
      const settledCard = page.thread.locator(".card", { hasText: /S2 ✓.*Pat/ });
      const more = await eventually("S2 is settled, or one thing more is asked", async () => {
        const followUp = (await page.openCards()).find((one) => one.followUp);
        return followUp ?? ((await settledCard.count()) > 0 ? "settled" : undefined);
      });
      if (more !== "settled") await page.button(more, "That's all I know");
      await settledCard.waitFor();
    },
    // An undo: the answer is taken back and said anew.
    Q4: async (card) => {
      await say("Q4: taken back in a moment");
      await eventually("what comes after Q4", async () => {
        const last = (await page.openCards()).at(-1);
        return last !== undefined && last.version !== card.version ? last : undefined;
      });
      await page.thread.getByRole("button", { name: "Undo" }).last().click();
      await eventually("Q4 again", async () =>
        (await page.openCards()).find((one) => one.question === "Q4" && one.version !== card.version),
      );
      await say("Q4: the shared VPC has 4,000 free addresses in each subnet");
    },
  };
}
