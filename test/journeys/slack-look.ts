import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { chromium } from "playwright-core";
import { drawMessage, drawView, page } from "../stand-ins/slack/draw.ts";
import { blocksOf } from "../stand-ins/slack/user.ts";
import {
  answerTo,
  asked,
  begin,
  eventually,
  flush,
  journey,
  markOf,
  modulePost,
  questionPost,
  questionPosts,
  reply,
} from "./slack.ts";

/**
 * For looking, not for `npm test`: `node test/journeys/slack-look.ts <folder>` runs a session through the real program
 * and draws what people would see in Slack.
 */
const folder = process.argv[2] ?? "slack-look";
mkdirSync(folder, { recursive: true });
const where = await journey();
const { slack } = where;
const names: Record<string, string> = { U1: "Fay Olsen", U2: "Omar Haddad", U3: "Priya Nair", U5: "Mia Lindqvist" };
for (const [id, name] of Object.entries(names)) slack.world.users.get(id)!.name = name;
const shots: Record<string, { title: string; html: string }[]> = { start: [], question: [], end: [], forms: [] };
const nameOf = (id: string) => names[id] ?? id;
const draw = (
  part: string,
  title: string,
  shown: { text: string; blocks?: object[] } | undefined,
  ephemeral = false,
) => {
  if (shown === undefined) return;
  const blocks = JSON.parse(JSON.stringify(shown.blocks ?? []));
  shots[part]?.push({ title, html: drawMessage({ text: shown.text, blocks, ephemeral }, nameOf) });
};
const view = (title: string, shown: object) => {
  shots.forms?.push({ title, html: drawView(JSON.parse(JSON.stringify(shown)), nameOf) });
};
const whispered = (user: string) => slack.world.ephemerals.findLast((one) => one.user === user);

try {
  const [fay, omar, mia] = [slack.user("U1"), slack.user("U2"), slack.user("U5")];
  await fay.command("C1", "");
  draw("start", "/readiness alone", await eventually(() => whispered("U1")), true);
  await fay.command("C1", "start");
  const start = await eventually(() => fay.view());
  view("start", start.view);
  start.open = false;
  await begin(where);
  await flush(where);
  draw("start", "header, new", slack.posts({ kind: "header" })[0]);
  draw("start", "module, unowned", modulePost(slack, "resilience"));
  draw("start", "scope, empty", slack.posts({ kind: "scope" })[0]);
  draw("question", "question, unowned", questionPost(slack, "R1"));
  await fay.clicks(slack.posts({ kind: "header" })[0]!, "scope");
  const scope = await eventually(() => fay.view());
  view("scope", scope.view);
  await fay.submits(scope, {
    peak: "3x",
    regions: "eu-west-1, eu-central-1",
    services: "ec2, rds, ses",
    hosts: "shop.example.com",
    managers: ["U5"],
  });
  await fay.command("C1", "assign resilience @U2");
  draw("question", "assigned", whispered("U1"), true);
  await fay.command("C1", "assign security @U2");
  await fay.command("C1", "assign monitoring @U3");
  await flush(where);
  draw(
    "question",
    "question, asked",
    questionPosts(slack).find((post) => JSON.stringify(post.blocks).includes("Omar")),
  );
  const r1 = await asked(where, "R1");
  omar.says("C1", answerTo("R1"), reply(r1));
  await omar.says("C1", "skip", reply(r1)).delivered;
  const r2 = await asked(where, "R2");
  await flush(where);
  draw("question", "collapsed", questionPost(slack, "R1"));
  draw("question", "the next, with Undo", r2);
  await omar.says("C1", "does the CDN count?", reply(r2)).delivered;
  await eventually(() => whispered("U2"));
  draw("question", "talk", whispered("U2"), true);
  await omar.says("C1", "don't know", reply(r2)).delivered;
  await eventually(() => JSON.stringify(whispered("U2")).includes("usually known"));
  draw("question", "don't know", whispered("U2"), true);
  await omar.clicks(r2, "why");
  await eventually(() => JSON.stringify(whispered("U2")).includes("good answer"));
  draw("question", "why", whispered("U2"), true);
  await omar.clicks(r2, "answer");
  const answer = await eventually(() => omar.view());
  view("answer", answer.view);
  answer.open = false;
  await omar.says("C1", "The NAT gateway", reply(r2)).delivered;
  await eventually(() => questionPosts(slack).find((post) => markOf(post).kind === "follow_up"));
  await flush(where);
  draw(
    "question",
    "awaiting a follow-up",
    questionPosts(slack).find((post) => markOf(post).question === "R2"),
  );
  draw(
    "question",
    "follow-up",
    questionPosts(slack).find((post) => markOf(post).kind === "follow_up"),
  );
  const m1 = await asked(where, "M1");
  slack.user("U3").says("C1", answerTo("M1"), reply(m1));
  await slack.user("U3").says("C1", "skip", reply(m1)).delivered;
  const confirm = await eventually(() => slack.posts({ kind: "confirm" })[0], { within: 20_000 });
  draw("question", "confirm", confirm);
  await slack.user("U3").clicks(confirm, "confirm");
  await fay.command("C1", "status");
  draw("end", "status", whispered("U1"), true);
  await fay.command("C1", "summary");
  draw("end", "summary", await eventually(() => slack.posts({ kind: "summary" })[0], { within: 20_000 }));
  await fay.command("C1", "decide");
  draw("end", "decision", await eventually(() => slack.posts({ kind: "decision" })[0], { within: 20_000 }));
  await flush(where, "2026-10-27T12:00:00Z");
  draw("end", "nudge", slack.posts({ kind: "nudge" }).at(-1));
  draw("end", "digest", slack.posts({ kind: "digest" }).at(-1));
  await omar.opensHome();
  const home = await eventually(() => slack.world.homes.get("U2"));
  view("home", { ...home, blocks: blocksOf({ home }) });
  await mia.opensHome();
  const managed = await eventually(() => slack.world.homes.get("U5"));
  view("home of a manager", { ...managed, blocks: blocksOf({ home: managed }) });
  await mia.clicks({ home: managed }, "me");
  const me = await eventually(() => mia.view());
  view("how I reach you", me.view);
  me.open = false;
  await mia.clicks(slack.posts({ kind: "decision" })[0]!, "go");
  await flush(where);
  draw("end", "signing", whispered("U5"), true);
  draw("end", "header, later", slack.posts({ kind: "header" })[0]);
  draw("end", "module, owned", modulePost(slack, "resilience"));
  draw("end", "scope, filled", slack.posts({ kind: "scope" })[0]);
} finally {
  await where.end();
}
const browser = await chromium.launch({ executablePath: "/usr/bin/chromium", args: ["--no-sandbox", "--disable-gpu"] });
const tab = await browser.newPage({ viewport: { width: 720, height: 900 } });
for (const [name, sections] of Object.entries(shots)) {
  writeFileSync(join(folder, `${name}.html`), page(sections));
  await tab.setContent(page(sections));
  await tab.screenshot({ path: join(folder, `${name}.png`), fullPage: true });
}
await browser.close();
