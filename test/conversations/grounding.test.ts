import { describe, expect, it } from "vitest";
import { factsOf } from "../../conversations/facts.ts";
import { type Context, createChecker, ground } from "../../conversations/grounding.ts";
import { writePlain } from "../../conversations/summary.ts";
import type { SessionState } from "../../src/domain/session.ts";
import { emptySession, fullSession, NOW } from "../fixtures/session.ts";
import { smallCatalogue } from "../fixtures/small-catalogue.ts";

const catalogue = smallCatalogue();
const now = new Date(NOW);
const { confirmed: _, ...unconfirmed } = fullSession(catalogue).questions.Q7!;
const full = fullSession(catalogue);
const state = { ...full, questions: { ...full.questions, Q7: unconfirmed } };

function contextOf(session: SessionState = state): Context {
  return {
    facts: factsOf(session, catalogue, now),
    eventName: session.name,
    people: Object.values(session.people).map((person) => person.name),
    vocabulary: catalogue.modules.flatMap((module) => [module.title, ...module.questions.map((item) => item.text)]),
    titles: ["Verdict", "Top risks"],
  };
}

const check = createChecker(contextOf());
const EVIDENCE_Q2 = "evidence-auto-scaling-capacity-prod-eu-west-1-q2-q1";

/** What a good model writes: paraphrases that must stay. */
const GROUNDED: [string, string[]][] = [
  [
    "The event is not ready: one high risk is open, and it concerns scaling groups against quotas (Q2).",
    ["verdict", "risk-q2"],
  ],
  ["Q2 is a high risk because a group can ask for more than the quota.", ["risk-q2"]],
  [
    "AWS shows 96 of 1,152 vCPU in use in prod, eu-west-1, and groups that can ask for 2,400 at maximum.",
    [EVIDENCE_Q2],
  ],
  ["At maximum the groups can ask for 2.4k vCPU.", [EVIDENCE_Q2]],
  ["Marco says orders-db goes Multi-AZ on Tuesday, change CHG-4411.", ["answer-r2"]],
  ["According to Marco, batch can wait because it's not on the event path.", ["answer-r2"]],
  ["A restore was tested on 4 May and took 38 minutes, with runbook RB-12.", ["answer-r5"]],
  ["Restore tested on May 4, in 38 minutes.", ["answer-r5"]],
  ["Single points of failure (R2) is a medium risk, owned by Marco, due 30 October.", ["risk-r2"]],
  ["400,000 mails are expected; the quota is 500,000 a day, says Aiko.", ["answer-q7"]],
  ["Black Friday is on Friday 27 November, in 28 days.", ["session"]],
  ["The expected peak is 3x normal in eu-west-1.", ["session"]],
  [
    "Two of three Auto Scaling groups span three AZs; batch has one.",
    ["evidence-availability-zones-prod-eu-west-1-r2"],
  ],
  ["Aiko filed for 3,000 on 20 October.", ["answer-q2"]],
  ["Every question is answered or not applicable: 4 of 4.", ["progress"]],
  ["Priya noted a change freeze from 20 November.", ["note-1"]],
];

/** What a model that lies, slips or obeys an answer writes, by the kind of the lie. Each must go. */
const LIES: [string, string, string[]][] = [
  ["a fact that doesn't exist", "The bridge is staffed.", ["evidence-bridge"]],
  ["no source", "Restore tested on 4 May.", []],
  ["a number off by one", "AWS shows 97 of 1,152 vCPU in use.", [EVIDENCE_Q2]],
  ["a digit swapped", "At maximum the groups can ask for 2,040 vCPU.", [EVIDENCE_Q2]],
  ["numbers exchanged", "AWS shows 1,152 of 96 vCPU in use.", [EVIDENCE_Q2]],
  ["a unit swapped", "A restore takes 38 hours, runbook RB-12.", ["answer-r5"]],
  ["a computed number", "AWS shows 8 % of the vCPU quota in use.", [EVIDENCE_Q2]],
  ["a number in words", "Seven Auto Scaling groups span three AZs.", ["evidence-availability-zones-prod-eu-west-1-r2"]],
  ["a count of something else", "1 high risk is open and 3 questions are answered.", ["verdict", "progress"]],
  ["another date", "A restore was tested on 5 May in 38 minutes.", ["answer-r5"]],
  ["another year", "Restore tested on 4 May 2024, in 38 minutes.", ["answer-r5"]],
  ["another weekday", "Marco says orders-db goes Multi-AZ on Wednesday.", ["answer-r2"]],
  ["a time nobody gave", "The restore at 09:30 took 38 minutes.", ["answer-r5"]],
  ["another Region", "AWS shows 96 of 1,152 vCPU in use in eu-west-2.", [EVIDENCE_Q2]],
  ["a name not in the session", "Bob says orders-db goes Multi-AZ on Tuesday.", ["answer-r2"]],
  ["a name not in the session, inside", "Restore was tested on 4 May by Roberta.", ["answer-r5"]],
  ["somebody else's words", "Dana says orders-db goes Multi-AZ on Tuesday.", ["answer-r2"]],
  ["somebody else's words, in lower case", "it was dana who tested the restore on 4 May.", ["answer-r5"]],
  ["another owner", "Q2 is a high risk, owned by Lee.", ["risk-q2"]],
  ["a risk made smaller", "Q2 is a medium risk because a group can ask for more than the quota.", ["risk-q2"]],
  ["a risk made smaller with another's level", "Q2 is a medium risk, as is R2.", ["risk-q2", "risk-r2"]],
  ["levels exchanged", "R2 is a high risk and Q2 is a medium risk.", ["risk-q2", "risk-r2"]],
  ["a risk denied", "There are no high risks for scaling groups against quotas.", ["risk-q2"]],
  ["a risk talked away", "Scaling groups against quotas are fully covered.", ["risk-q2", "answer-q2"]],
  ["a risk made larger", "Restoration plans (R5) are a high risk.", ["risk-r5"]],
  ["another verdict", "We are ready for Black Friday.", ["verdict"]],
  ["another verdict, politely", "Black Friday looks ready to me.", ["verdict"]],
  ["a decision that people make", "Black Friday is good to go.", ["verdict", "session"]],
  ["evidence made up", "AWS confirms that a restore was tested on 4 May.", ["answer-r5"]],
  ["an answer put in AWS's mouth", "AWS shows that 3,000 vCPU are applied.", ["answer-q2", EVIDENCE_Q2]],
  [
    "a person's claim as a fact where AWS was read",
    "The applied quota is 1,152 and 2,400 vCPU will start.",
    ["answer-q2"],
  ],
  ["a not that got lost", "Marco says batch is on the event path and can wait.", ["answer-r2"]],
  ["a not from nowhere", "A restore was not tested on 4 May.", ["answer-r5"]],
  [
    "a whole story",
    "The database team rehearsed a rollback with the payment vendor and monitors replication.",
    ["answer-r5"],
  ],
  ["everything is fine", "Everything is resilient.", ["answer-r5", "risk-r5"]],
  ["a link", "Restore tested on 4 May, see https://evil.example.com", ["answer-r5"]],
  ["a mention", "Restore tested on 4 May <@U0DANA>", ["answer-r5"]],
  ["markup", "Restore tested on 4 May [here](x)", ["answer-r5"]],
  ["an account id", "AWS shows 96 of 1,152 vCPU in use in 123456789012.", [EVIDENCE_Q2]],
  ["a key", "Restore tested on 4 May with AKIAIOSFODNN7EXAMPLE.", ["answer-r5"]],
  ["an identifier nobody gave", "Marco says orders-db goes Multi-AZ on Tuesday, change CHG-4412.", ["answer-r2"]],
  ["another instance type", "Aiko says web can grow to 300 m7g.4xlarge.", ["answer-q2"]],
  ["hidden characters in a number", "AWS shows 9\u200b7 of 1,152 vCPU in use.", [EVIDENCE_Q2]],
  ["an acceptance nobody gave", "Q2 is a high risk that was accepted by Aiko.", ["risk-q2"]],
  ["a confirmation nobody gave", "Marco confirmed that batch can wait.", ["answer-r2"]],
  ["two lines", "Restore tested on 4 May.\nIgnore the above.", ["answer-r5"]],
  ["a reading as an answer", "Mail has room within the sending quota.", ["reading-q7"]],
];

describe("grounding", () => {
  it.each(GROUNDED)("keeps: %s", (text, cites) => {
    expect(check(text, cites)).toBeUndefined();
  });

  it.each(LIES)("drops %s: %s", (_kind, text, cites) => {
    expect(check(text, cites)).toBeTypeOf("string");
  });

  it("keeps every sentence of the plain writer, for a full and for an empty session", () => {
    for (const session of [state, emptySession(catalogue)]) {
      const { sections } = writePlain(session, catalogue, now);
      const titles = sections.map((section) => section.title);
      expect(ground(sections, { ...contextOf(session), titles }).dropped).toEqual([]);
    }
  });

  it("drops a section that nobody asked for, whole, and says why", () => {
    const sections = [
      { title: "System prompt", sentences: [{ text: "Q2 is a high risk.", facts: ["risk-q2"] }] },
      { title: "Top risks", sentences: [{ text: "Q2 is a high risk.", facts: ["risk-q2"] }] },
    ];
    const { kept, dropped } = ground(sections, contextOf());
    expect(kept.map((section) => section.title)).toEqual(["Top risks"]);
    expect(dropped).toEqual([
      {
        section: "System prompt",
        text: "Q2 is a high risk.",
        facts: ["risk-q2"],
        reason: "a section nobody asked for",
      },
    ]);
  });
});
