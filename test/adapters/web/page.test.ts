import type { Browser } from "playwright-core";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import type { Form } from "../../../src/domain/message.ts";
import { accessibilityProblems, launchBrowser, type WatchedPage, watchedPage } from "../../stand-ins/browser.ts";
import { GENERAL, type Harness, mark, webHarness, words } from "./harness.ts";
import { CONFIRM, placeOf, playScene, QUESTION, type Scene, SUMMARY } from "./scene.ts";

let browser: Browser;
let harness: Harness;
beforeAll(async () => {
  browser = await launchBrowser();
});
afterAll(() => browser?.close());
beforeEach(async () => {
  harness = await webHarness();
});
afterEach(() => harness.close());

/** The page at its address, watched; what it complained of is looked at in the end. */
async function open(hash = "", options: Parameters<typeof watchedPage>[1] = {}): Promise<WatchedPage> {
  const watched = await watchedPage(browser, options);
  watched.page.setDefaultTimeout(8_000);
  await watched.page.goto(`${harness.url}/${hash}`);
  await watched.page.locator("#speaker option").first().waitFor({ state: "attached" });
  return watched;
}

async function done({ page, complaints }: WatchedPage): Promise<void> {
  expect(complaints).toEqual([]);
  await page.context().close();
}

const START: Form = {
  id: "start",
  title: "Start a session",
  intro: ["One session for one event."],
  submit: "Start",
  context: {},
  fields: [
    { name: "name", label: "What is the event called?", required: true, type: "text", max: 80 },
    { name: "date", label: "Date", required: true, type: "date" },
    { name: "workload", label: "What runs it?", hint: "In a line.", type: "text", multiline: true },
    {
      name: "level",
      label: "How sure are you?",
      type: "choice",
      options: [
        { value: "a", label: "Sure" },
        { value: "b", label: "Not sure" },
      ],
    },
    { name: "owner", label: "Owner", type: "person" },
    { name: "managers", label: "Managers", type: "people", values: ["web:local:mia"] },
  ],
};

describe("the page, looked at", () => {
  it("is accessible and cuts nothing off: 390, 820 and 1280 wide, light and dark", async () => {
    await playScene(harness);
    harness.script(() => ({ kind: "committed", reply: { kind: "form", form: START } }));
    const watched = await open("", { reducedMotion: "reduce" });
    const { page } = watched;
    await page.locator("#messages .card").first().waitFor();
    const problems: string[] = [];
    const look = async (what: string) => {
      for (const width of [390, 820, 1280]) {
        await page.setViewportSize({ width, height: 900 });
        const wide = await page.evaluate<string[]>(
          `[...document.querySelectorAll(".card, .message, .bar, .composer, dialog")].filter((part) => part.scrollWidth > part.clientWidth + 1).map((part) => "cut off: " + part.className + " " + part.textContent.slice(0, 60))`,
        );
        problems.push(...wide.map((problem) => `${what}, ${width}: ${problem}`));
        for (const colorScheme of ["light", "dark"] as const) {
          await page.emulateMedia({ colorScheme, reducedMotion: "reduce" });
          const found = await accessibilityProblems(page);
          problems.push(...found.map((problem) => `${what}, ${width}, ${colorScheme}: ${problem}`));
        }
      }
    };
    await look("channel");
    await page.locator(".thread-link").first().click();
    await page.locator("#thread-messages .card").first().waitFor();
    await look("thread");
    await page.locator("#thread-composer-text").fill("/readiness start");
    await page.locator("#thread-composer-text").press("Enter");
    await page.locator("dialog").waitFor();
    await look("form");
    expect(problems).toEqual([]);
    await done(watched);
  });

  it("shows what people wrote as they wrote it, and runs none of it", async () => {
    const hostile = [
      "<script>alert(1)</script>",
      "<img src=x onerror=alert(1)>",
      "[click](javascript:alert(1)) **bold** <b>b</b>",
      "javascript:alert(1) data:text/html,<script>alert(1)</script>",
      "\u202Eright to left\u202C \u0007bell",
      "{{DATE(2026-11-27T09:00:00Z,SHORT)}}",
    ];
    for (const text of hostile) {
      await harness.api("POST", "/web/messages", { as: "omar", channel: "general", text });
      await harness.channel.adapter.post(
        GENERAL,
        {
          summary: text,
          blocks: [
            { kind: "heading", text },
            { kind: "text", text: [{ quote: text }, { link: text, url: "javascript:alert(1)" }] },
            { kind: "table", caption: text, columns: [text], rows: [[text]] },
            { kind: "ticks", id: "t", label: text, ticks: [{ id: "one", text, ticked: false }] },
          ],
        },
        mark(text),
      );
    }
    await harness.api("POST", "/web/people", { name: "Eve' onload='alert(1)" });
    const watched = await open();
    const { page } = watched;
    await page.locator(".card").nth(5).waitFor();
    expect(await page.locator(".from-person .text").allTextContents()).toEqual(hostile);
    const alive = await page.locator("#messages script, #messages img[onerror], #messages b, #messages a").count();
    expect(alive).toBe(0);
    const card = page.locator(".card", { hasText: "[click](javascript:alert(1))" }).first();
    expect((await card.textContent())?.replaceAll("\u2060", "")).toContain(
      "[click](javascript:alert(1)) **bold** <b>b</b>",
    );
    await done(watched);
  });

  it("keeps to its own host: no request elsewhere, no breach of its policy, in a whole scene", async () => {
    await playScene(harness);
    const watched = await open();
    await watched.page.locator(".card").first().waitFor();
    await done(watched);
  });
});

describe("the page, used from the keyboard", () => {
  it("goes from the first Tab to a message that is sent", async () => {
    const watched = await open();
    const { page } = watched;
    await page.keyboard.press("Tab");
    expect(await page.evaluate("document.activeElement.textContent")).toBe("Skip to writing a message");
    await page.keyboard.press("Enter");
    await page.keyboard.type("hello @pri");
    await page.locator("[role=option]", { hasText: "@Priya" }).waitFor();
    await page.keyboard.press("Enter");
    await page.keyboard.type("are you there");
    await page.keyboard.press("Shift+Enter");
    await page.keyboard.type("or @om");
    await page.keyboard.press("Escape");
    await page.keyboard.type("ar");
    await page.keyboard.press("Enter");
    await page.locator(".from-person .text", { hasText: "are you there" }).waitFor();
    expect(harness.heard.at(-1)).toMatchObject({
      text: "hello @Priya are you there\nor @omar",
      mentions: [{ user: "priya" }, { user: "omar" }],
    });
    await done(watched);
  });

  it("closes what is open with Escape, the innermost first, and gives the focus back", async () => {
    const scene = await playScene(harness);
    harness.script(() => ({ kind: "committed", reply: { kind: "form", form: START } }));
    const watched = await open(`#general/${scene.module.messageId}`);
    const { page } = watched;
    const answer = page.locator(`[data-id="${scene.question.messageId}"]`).getByRole("button", { name: "Answer" });
    await answer.focus();
    await page.keyboard.press("Enter");
    await page.locator("dialog").waitFor();
    expect(await page.evaluate("document.activeElement.tagName")).toBe("INPUT");
    await page.keyboard.press("Escape");
    await page.locator("dialog").waitFor({ state: "detached" });
    expect(await page.evaluate("document.activeElement.textContent")).toBe("Answer");
    await page.keyboard.press("Escape");
    await page.locator("#thread").waitFor({ state: "hidden" });
    expect(await page.evaluate("document.activeElement.className")).toContain("thread-link");
    await done(watched);
  });

  it("ticks, asks back and sends with Space and Enter", async () => {
    await harness.channel.adapter.post(GENERAL, CONFIRM, mark("o1"));
    await harness.channel.adapter.post(GENERAL, SUMMARY, mark("o2"));
    const watched = await open();
    const { page } = watched;
    await page.getByRole("checkbox", { name: /Every tier is in two or more AZs/ }).focus();
    await page.keyboard.press("Space");
    await page.getByRole("button", { name: "That's right" }).focus();
    await page.keyboard.press("Enter");
    await expect
      .poll(() => harness.heard.at(-1))
      .toMatchObject({
        action: "confirm",
        inputs: { R2: ["r2_owned", "r2_multi"], R5: ["r5_tested"] },
      });
    await page.getByRole("button", { name: "No-go", exact: true }).focus();
    await page.keyboard.press("Enter");
    await page.getByText("Any no-go is no-go for the event.").waitFor();
    expect(harness.heard.at(-1)).toMatchObject({ action: "confirm" });
    await page.getByRole("button", { name: "Say no-go" }).focus();
    await page.keyboard.press("Enter");
    await expect.poll(() => harness.heard.at(-1)).toMatchObject({ action: "no_go" });
    await done(watched);
  });
});

describe("the page's box", () => {
  it("sends a whole command with Enter, and takes a suggestion where one was gone to", async () => {
    const watched = await open();
    const { page } = watched;
    const box = page.locator("#composer-text");
    await box.fill("/readiness");
    await page.locator("#composer .suggestion").first().waitFor();
    await box.press("Enter");
    await expect.poll(() => harness.heard.at(-1)).toMatchObject({ kind: "command", text: "" });
    expect(await box.inputValue()).toBe("");
    await box.fill("/readiness");
    await page.locator("#composer .suggestion").first().waitFor();
    await box.press("ArrowDown");
    await box.press("Enter");
    expect(await box.inputValue()).toBe("/readiness status");
    await box.fill("/readiness su");
    await page.locator("#composer .suggestion").first().waitFor();
    await box.press("Enter");
    expect(await box.inputValue()).toBe("/readiness summary");
    await done(watched);
  });
});

describe("the page, live", () => {
  it("folds what was said privately before, and keeps the cross in its corner on a phone", async () => {
    const watched = await open("", { viewport: { width: 390, height: 844 } });
    const { page } = watched;
    const about = `/readiness quotas ${"can we run 300 m7g.2xlarge in eu-west-1? ".repeat(3)}`;
    harness.script(() => ({ kind: "committed", reply: { kind: "message", message: words("The first answer.") } }));
    await page.locator("#composer-text").fill(about);
    await page.locator("#composer-text").press("Enter");
    const first = page.locator(".whisper", { hasText: "The first answer." });
    await first.locator(".card").waitFor();
    const [cross, frame] = await Promise.all([
      first.getByRole("button", { name: "Close this private message" }).boundingBox(),
      first.locator(".content").boundingBox(),
    ]);
    if (cross === null || frame === null) throw new Error("Both are on the page");
    expect(cross.y - frame.y).toBeLessThan(12);
    expect(frame.x + frame.width - cross.x - cross.width).toBeLessThan(14);
    await harness.channel.adapter.whisper(GENERAL, "web:local:fay", words("The second answer."));
    await page.locator(".whisper .card", { hasText: "The second answer." }).waitFor();
    await first.locator(".card").waitFor({ state: "hidden" });
    await first.locator("summary").click();
    await first.locator(".card").waitFor();
    await harness.channel.adapter.whisper(GENERAL, "web:local:fay", words("The third answer."));
    await page.locator(".whisper .card", { hasText: "The third answer." }).waitFor();
    await page.locator(".whisper", { hasText: "The second answer." }).locator(".card").waitFor({ state: "hidden" });
    expect(await first.locator(".card").isVisible()).toBe(true);
    expect(await accessibilityProblems(page)).toEqual([]);
    await done(watched);
  });
  it("shows in one window what is done in another, and private things to their person alone", async () => {
    const [one, two] = [await open(), await open()];
    await two.page.locator("#speaker").selectOption({ label: "Priya" });
    await two.page.locator('#composer-text[aria-label$="as Priya"]').waitFor();
    await one.page.locator("#composer-text").fill("seen by all");
    await one.page.locator("#composer-text").press("Enter");
    await two.page.locator(".from-person .text", { hasText: "seen by all" }).waitFor();
    expect(await two.page.locator("#announcer").textContent()).toBe("Fay: seen by all");
    await harness.channel.adapter.whisper(GENERAL, "web:local:priya", words("for Priya"));
    await two.page.locator(".whisper", { hasText: "for Priya" }).waitFor();
    expect(await one.page.locator(".whisper").count()).toBe(0);
    await two.page.getByRole("button", { name: "Close this private message" }).click();
    await two.page.locator(".whisper").waitFor({ state: "detached" });
    await harness.channel.adapter.post(
      { ...GENERAL, channel: "@priya" },
      words("Two things wait for you."),
      mark("o1"),
    );
    await two.page.locator('[data-channel="@priya"] .place-new').waitFor();
    await two.page.locator('[data-channel="@priya"]').click();
    await two.page.locator(".from-bot", { hasText: "Two things wait for you." }).waitFor();
    await done(one);
    await done(two);
  });

  it("redraws a card under somebody's hands without losing their ticks or their place", async () => {
    const ref = await harness.channel.adapter.post(GENERAL, CONFIRM, mark("o1"));
    const watched = await open();
    const { page } = watched;
    await page.getByRole("checkbox", { name: /Every tier/ }).check();
    const button = page.getByRole("button", { name: "That's right" });
    await button.focus();
    await harness.channel.adapter.update(
      ref,
      { ...CONFIRM, blocks: [...CONFIRM.blocks, { kind: "context", text: ["AWS was read again."] }] },
      mark("o1"),
    );
    await page.getByText("AWS was read again.").waitFor();
    expect(await page.getByRole("checkbox", { name: /Every tier/ }).isChecked()).toBe(true);
    expect(await page.evaluate("document.activeElement.textContent")).toBe("That's right");
    await done(watched);
  });

  it("keeps what was typed when it can't be stored, says why, and sends it when it can", async () => {
    const watched = await open("", { allow: [/503/] });
    const { page } = watched;
    harness.script(() => {
      throw Object.assign(new Error("The disk is full."), { name: "StoreUnavailableError" });
    });
    await page.locator("#composer-text").fill("my words");
    await page.locator("#composer-text").press("Enter");
    await page.getByText("Not stored: The disk is full.").waitFor();
    expect(await page.locator("#composer-text").inputValue()).toBe("my words");
    await page.locator("#speaker").selectOption({ label: "Omar" });
    await page.locator('#composer-text[aria-label$="as Omar"]').waitFor();
    expect(await page.locator("#composer-text").inputValue()).toBe("");
    await page.locator("#speaker").selectOption({ label: "Fay" });
    await page.locator('#composer-text[aria-label$="as Fay"]').waitFor();
    expect(await page.locator("#composer-text").inputValue()).toBe("my words");
    harness.script(() => ({ kind: "ignored", reason: "talk" }));
    await page.locator("#composer-text").press("Enter");
    await page.locator(".from-person .text", { hasText: "my words" }).waitFor();
    await done(watched);
  });

  it("keeps what was filled into a form, through errors and through closing it", async () => {
    harness.script((inbound) =>
      inbound.kind === "form"
        ? { kind: "committed", reply: { kind: "errors", errors: { date: "That day is past." } } }
        : { kind: "committed", reply: { kind: "form", form: START } },
    );
    const watched = await open("", { allow: [/422/] });
    const { page } = watched;
    const dialog = page.getByRole("dialog", { name: "Start a session" });
    await page.getByRole("button", { name: "Start a session" }).click();
    await dialog.getByRole("button", { name: "Start", exact: true }).click();
    await dialog.getByText("This is needed.").waitFor();
    await dialog.getByText("Date is needed.").waitFor();
    await dialog.getByLabel("What is the event called?").fill("Black Friday");
    await dialog.getByLabel("Date").fill("2020-01-01");
    await dialog.getByRole("radio", { name: "Not sure" }).check();
    await dialog.getByLabel(/^Owner/).selectOption({ label: "Omar" });
    await dialog.getByRole("button", { name: "Start", exact: true }).click();
    await dialog.getByText("That day is past.").waitFor();
    expect(await page.evaluate("document.activeElement.type")).toBe("date");
    expect(harness.heard.at(-1)).toMatchObject({
      kind: "form",
      values: {
        name: "Black Friday",
        date: "2020-01-01",
        workload: null,
        level: "b",
        owner: "web:local:omar",
        managers: ["web:local:mia"],
      },
    });
    await page.keyboard.press("Escape");
    await page.getByRole("button", { name: "Start a session" }).click();
    expect(await dialog.getByLabel("What is the event called?").inputValue()).toBe("Black Friday");
    expect(await dialog.getByRole("radio", { name: "Not sure" }).isChecked()).toBe(true);
    await done(watched);
  });

  it("edits and deletes in place, with a question before a deletion", async () => {
    const watched = await open();
    const { page } = watched;
    await page.locator("#composer-text").fill("two AZ");
    await page.locator("#composer-text").press("Enter");
    const message = page.locator(".from-person").first();
    await message.hover();
    await message.getByRole("button", { name: /^Edit/ }).click();
    await page.getByLabel("Edit your message").fill("two AZs");
    await page.keyboard.press("Enter");
    await page.locator(".text", { hasText: "two AZs (edited)" }).waitFor();
    await message.hover();
    await message.getByRole("button", { name: /^Delete/ }).click();
    await message.getByRole("button", { name: "Delete", exact: true }).click();
    await page.locator(".from-person").waitFor({ state: "detached" });
    expect(harness.heard.slice(-2).map(({ kind }) => kind)).toEqual(["edit", "delete"]);
    await done(watched);
  });

  it("opens a second channel and adds a name, for a second session beside the first", async () => {
    const watched = await open();
    const { page } = watched;
    await page.getByLabel("Name of a channel to open").fill("Spring launch");
    await page.keyboard.press("Enter");
    await page.getByRole("heading", { level: 1, name: "#spring-launch" }).waitFor();
    await page.getByLabel("Name of a person to add").fill("Zoë Ng");
    await page.keyboard.press("Enter");
    await page.locator('#composer-text[aria-label="Message #spring-launch as Zoë Ng"]').waitFor();
    await page.locator("#composer-text").fill("hello");
    await page.keyboard.press("Enter");
    await expect
      .poll(() => harness.heard.at(-1))
      .toMatchObject({ actor: { user: "zoe-ng" }, address: { channel: "spring-launch" } });
    await done(watched);
  });

  it("hides a long text behind a button, and loses none of it", async () => {
    const long = `${"word ".repeat(7_999)}last.`;
    const watched = await open();
    const { page } = watched;
    await page.locator("#composer-text").fill(long);
    await page.locator("#composer-text").press("Enter");
    await page.getByRole("button", { name: "Show all 40,000 characters" }).click();
    expect(await page.locator(".from-person .text").textContent()).toBe(long);
    await done(watched);
  });

  it("follows the device's colours unless the switch says otherwise, and remembers it", async () => {
    const watched = await open("", { colorScheme: "dark" });
    const { page } = watched;
    const ground = () => page.evaluate("getComputedStyle(document.body).backgroundColor");
    const dark = await ground();
    await page.locator("#theme").selectOption("light");
    expect(await ground()).not.toBe(dark);
    await page.reload();
    await page.locator("#speaker option").first().waitFor({ state: "attached" });
    expect(await ground()).not.toBe(dark);
    await done(watched);
  });
});

it("a thread on a phone lies over the channel and gives it back", async () => {
  const scene: Scene = await playScene(harness);
  await harness.channel.adapter.post({ ...GENERAL, thread: scene.header.messageId }, QUESTION, mark("o9"));
  const watched = await open("", { viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true });
  const { page } = watched;
  await page.locator(".thread-link").last().click();
  const box = await page.locator("#thread").boundingBox();
  expect(box).toMatchObject({ x: 0, width: 390 });
  await page.locator("#thread-composer-text").fill("two AZs");
  await page.getByRole("button", { name: "Send" }).last().click();
  await page.locator("#thread .from-person", { hasText: "two AZs" }).waitFor();
  expect(harness.heard.at(-1)).toMatchObject({ address: { thread: placeOf(scene.module).thread } });
  await page.getByRole("button", { name: "Close the thread" }).click();
  await page.locator("#thread").waitFor({ state: "hidden" });
  await done(watched);
});
