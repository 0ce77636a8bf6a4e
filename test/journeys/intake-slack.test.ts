import { readFileSync } from "node:fs";
import { afterAll, describe, expect, it } from "vitest";
import type { SlackUser } from "../stand-ins/slack/user.ts";
import { asked, begin, eventually, type Journey, journey, told, wordsOf } from "./slack.ts";

/** Files in Slack, fetched with the workspace's own token: an architecture, and a session that comes back. */

const SHOP = readFileSync(new URL("../fixtures/architecture/shop.tf", import.meta.url), "utf8");
const open: Journey[] = [];

afterAll(async () => {
  await Promise.all(open.map((one) => one.end()));
});

async function anew(environment: Record<string, string> = {}): Promise<Journey> {
  const made = await journey({ environment });
  open.push(made);
  return made;
}

function attach(where: Journey, user: SlackUser, text: string, name: string, content: string, mimetype: string): void {
  const file = { id: `F-${name}`, name, mimetype, mode: "hosted", content };
  where.slack.world.files.set(file.id, file);
  user.says("C1", text, { files: [file] });
}

const hears = (where: Journey, user: string, words: string) =>
  eventually(() => told(where.slack, user).find((one) => one.includes(words)), {
    within: 20_000,
    what: `${user} hears "${words}"`,
  });

const posted = (where: Journey) =>
  eventually(() => where.slack.posts({ kind: "summary" }).at(-1), { within: 20_000, what: "the summary" });

function linkIn(message: object): string {
  const found = /<(https:\/\/t-minus\.example\.com\/sessions\/[^|>]+)\|Open the board>/.exec(JSON.stringify(message));
  if (found?.[1] === undefined) throw new Error(`No link to the board in ${JSON.stringify(message).slice(0, 2_000)}`);
  return found[1];
}

/** What somebody without the token sees behind a link. */
async function openedWith(where: Journey, link: string): Promise<string> {
  const { pathname, search } = new URL(link);
  const first = await fetch(`${where.program.url}${pathname}${search}`, { redirect: "manual" });
  const cookie = first.headers.get("set-cookie")?.split(";")[0];
  if (cookie === undefined) return first.text();
  const page = await fetch(`${where.program.url}${first.headers.get("location")}`, { headers: { cookie } });
  return page.text();
}

describe("files in Slack", { timeout: 90_000 }, () => {
  it("reads an attached architecture and shows it where the question stands", async () => {
    const where = await anew();
    const fay = where.slack.user("U1");
    await begin(where, { modules: ["performance"] });
    await fay.command("C1", "assign performance me");
    attach(where, fay, "@T-Minus here's our architecture", "shop.tf", SHOP, "application/octet-stream");
    expect(await hears(where, "U1", "shop.tf, 7 resources")).toContain("it answers part of 8 questions");
    await eventually(async () => wordsOf(await asked(where, "P1")).includes("one NAT gateway"), {
      within: 20_000,
      what: "the suggestion on P1's card",
    });
    const exported = JSON.stringify(await where.exported());
    expect(exported.includes("hunter2")).toBe(false);
  });

  it("refuses a picture without a model, and what is no architecture", async () => {
    const where = open[0]!;
    const fay = where.slack.user("U1");
    attach(where, fay, "@T-Minus here's our architecture diagram", "shop.png", "x", "image/png");
    await hears(where, "U1", "pictures need a model");
    attach(where, fay, "@T-Minus here's our architecture", "broken.tf", 'resource "x" {', "text/plain");
    await hears(where, "U1", "broken.tf can't be read");
  });

  it("brings a session back from its attached export, for somebody who could have exported it", async () => {
    const file = JSON.stringify(await open[0]!.exported());
    const where = await anew({ PUBLIC_URL: "https://t-minus.example.com", SECRET_KEY: "k".repeat(43) });
    attach(where, where.slack.user("U2"), "@T-Minus import", "other.json", file, "application/json");
    await hears(where, "U2", "Only the facilitator or a manager");
    attach(where, where.slack.user("U1"), "@T-Minus import", "session.json", file, "application/json");
    await hears(where, "U1", '"Black Friday" is back');
    const again = await where.exported();
    expect(again.questions).toEqual(JSON.parse(file).questions);
    attach(where, where.slack.user("U1"), "@T-Minus import", "notes.json", "[]", "application/json");
    await hears(where, "U1", "no session export");
  });

  it("gives a summary a link to its board that opens without the token", async () => {
    const [without, where] = [open[0]!, open[1]!];
    await without.slack.user("U1").command("C1", "summary");
    const plain = await posted(without);
    expect(wordsOf(plain)).toContain("the long form as a file");
    expect(wordsOf(plain)).not.toMatch(/board/);

    const fay = where.slack.user("U1");
    await fay.command("C1", "summary");
    const summary = await posted(where);
    const link = linkIn(summary);
    const [picture] = /https:\/\/t-minus\.example\.com\/charts\/[\w.-]+\.png/.exec(JSON.stringify(summary)) ?? [];
    const drawn = await fetch(`${where.program.url}${new URL(picture ?? "").pathname}`);
    expect([drawn.status, drawn.headers.get("content-type")]).toEqual([200, "image/png"]);
    expect(JSON.stringify(plain)).not.toContain("image_url");
    const first = await openedWith(where, link);
    expect(first).toContain("Black Friday");
  });

  it("has the links withdrawn from the Scope card, by whoever answers for the session", async () => {
    const where = open[1]!;
    where.slack.addChannel({ id: "C2", name: "spring" });
    const fay = where.slack.user("U1");
    await fay.command("C2", 'start "Spring launch" 2026-12-04 09:00');
    const scope = await eventually(() => where.slack.posts({ channel: "C2", kind: "scope" })[0]);
    expect(JSON.stringify(scope)).toContain("Withdraw board links?");
    await fay.command("C2", "summary");
    const linked = () => where.slack.posts({ channel: "C2", kind: "summary" }).at(-1);
    const link = linkIn(await eventually(linked));
    await fay.command("C2", "status");
    const status = await eventually(() =>
      where.slack.world.ephemerals.find((one) => /Spring launch\*? · Not ready/.test(wordsOf(one))),
    );
    expect(wordsOf(status)).toMatch(/My questions\s+Summary$/);
    await where.slack.user("U2").clicks(scope, "revoke_links");
    await hears(where, "U2", "and the managers can withdraw the board's links");
    await fay.clicks(scope, "revoke_links");
    await hears(where, "U1", "open nothing");
    const renewed = await eventually(
      () => {
        const now = linkIn(linked()!);
        return now === link ? undefined : now;
      },
      { within: 20_000, what: "the card carries a new link" },
    );
    expect(await openedWith(where, link)).toContain("has ended or was withdrawn");
    expect(await openedWith(where, renewed)).toContain("Spring launch");
  });
});
