import { afterEach, describe, expect, it } from "vitest";
import { brokenRules, playWeeks, START, transcript } from "./weeks-play.ts";
import { slackStage } from "./weeks-slack.ts";
import type { Stage } from "./weeks-stage.ts";
import { teamsStage } from "./weeks-teams.ts";
import { webStage } from "./weeks-web.ts";

/** Everything that came unasked in ten weeks, by the reader's own clock, and why it was worth a message. */
const EXPECTED: readonly (readonly [line: string, because: string])[] = [
  [
    "Tue 29 Sep 09h fay nudge: One thing waits for you. nobody owns Monitoring and Security yet.",
    "unowned for a working day: with the facilitator",
  ],
  [
    "Thu 01 Oct 10h kim nudge: Two things wait for you. Fay gave you Monitoring (1 question).",
    "given two modules by Fay",
  ],
  [
    'Thu 01 Oct 15h leads digest: "Black Friday" is told here each Monday at 09:00, when something changed. Fay asked for it.',
    "Fay asked for it",
  ],
  ["Mon 05 Oct 09h mia digest: The session began. The event is Fri 13 Nov, 09:00 London.", "the first Monday's digest"],
  ["Wed 07 Oct 09h omar nudge: Four things wait for you. P4 CDN, due Fri 9 Oct.", "two working days before it is due"],
  ["Fri 09 Oct 09h omar nudge: Four things wait for you. P4 CDN, due today.", "the day it is due"],
  ["Mon 12 Oct 09h leads digest: Answered: 3 questions.", "Monday, and something moved"],
  ["Mon 12 Oct 09h mia digest: Answered: 3 questions.", "Monday, and something moved"],
  ["Mon 12 Oct 09h omar nudge: Four things wait for you. P4 CDN, was due Fri 9 Oct.", "late; the third and last"],
  [
    "Wed 14 Oct 10h kim nudge: One thing waits for you. M1 crucial metrics, due Sat 17 Oct.",
    "by her clock, in her hours",
  ],
  [
    "Wed 14 Oct 09h fay nudge: Four things wait for you. four things went unanswered after three reminders, so they are yours now: Omar: answer P4, R2, R3 and R4.",
    "after three the facilitator",
  ],
  [
    "Wed 14 Oct 09h omar nudge: One thing waits for you. P5 logging for the next time, due Fri 16 Oct.",
    "another question, two working days before it is due",
  ],
  ["Wed 14 Oct 11h thread note: The event moved from Fri 13 Nov, 09:00 to Fri 20 Nov, 09:00.", "the date moved"],
  ["Mon 19 Oct 09h leads digest: Answered: 4 questions.", "Monday, and something moved"],
  ["Mon 19 Oct 09h mia digest: Answered: 4 questions.", "Monday, and something moved"],
  [
    "Fri 23 Oct 09h pat nudge: Seven things wait for you. Q1 services that need more quota, due Tue 27 Oct.",
    "nine in Tokyo, where Pat has moved",
  ],
  [
    "Wed 28 Oct 10h kim nudge: One thing waits for you. M1 crucial metrics, was due Tue 27 Oct.",
    "two that the days down kept back, as one",
  ],
  [
    "Wed 28 Oct 09h pat nudge: Seven things wait for you. Q1 services that need more quota, was due Tue 27 Oct.",
    "two that the days down kept back, as one",
  ],
  [
    "Wed 28 Oct 09h leads digest: Nothing was answered, and something became late.",
    "Monday's, which the three days down kept back",
  ],
  [
    "Wed 28 Oct 09h mia digest: Nothing was answered, and something became late.",
    "Monday's, which the three days down kept back",
  ],
  [
    "Wed 28 Oct 09h omar nudge: Two things wait for you. P5 logging for the next time, was due Mon 26 Oct.",
    "two that the days down kept back, as one",
  ],
  ["Wed 28 Oct 10h thread note: The event moved from Fri 20 Nov, 09:00 to Tue 17 Nov, 09:00.", "the date moved again"],
  [
    "Thu 29 Oct 11h omar nudge: One thing waits for you. Fay gave you Service Quotas (7 questions). Q1 stands in its thread.",
    "given to Omar, in the middle of the day",
  ],
  [
    "Mon 02 Nov 09h leads digest: Better: P1 infrastructure stress point (at risk); P6 alarms and where they go (at risk); R5 restoration plans (ready).",
    "Monday, after the clocks went back",
  ],
  [
    "Mon 02 Nov 09h mia digest: Better: P1 infrastructure stress point (at risk); P6 alarms and where they go (at risk); R5 restoration plans (ready). Something is yours to decide.",
    "Monday, after the clocks went back",
  ],
  [
    "Mon 02 Nov 09h omar nudge: Seven things wait for you. Q1 services that need more quota, due Wed 4 Nov.",
    "handed to Omar; two working days before they are due",
  ],
  [
    "Wed 04 Nov 09h omar nudge: Seven things wait for you. Q1 services that need more quota, due today.",
    "the day they are due",
  ],
  [
    "Thu 05 Nov 10h kim nudge: One thing waits for you. M1 crucial metrics, due today.",
    "her first day back, and the third",
  ],
  [
    "Thu 05 Nov 09h thread nudge: Omar: confirm how your answers in Service Quotas were read.",
    "a card to confirm, from the day after; Omar prefers the thread for a single thing",
  ],
  [
    "Mon 09 Nov 10h kim nudge: Three things wait for you. S1 rotation of credentials, due Wed 11 Nov.",
    "two of her working days before they are due",
  ],
  ["Mon 09 Nov 09h mia digest: Answered: 11 questions. Something is yours to decide.", "Monday, and something moved"],
  [
    "Thu 12 Nov 15h mia nudge: One thing waits for you. your signature on go / no-go. Not ready.",
    "the decision was opened then",
  ],
  ["Fri 13 Nov 09h mia digest: Go / no-go was opened. Something is yours to decide.", "daily in the last week"],
  [
    'Mon 16 Nov 09h fay nudge: One thing waits for you. Mia signed on a condition, due today: "if the increase lands by 16 Nov". Is it met?',
    "the condition's day",
  ],
  [
    "Mon 16 Nov 09h mia digest: Better: P2 application stress point (accepted by Mia); P3 load testing (accepted by Mia); P4 CDN (accepted by Mia) and 17 more.",
    "daily in the last week",
  ],
  ["Mon 16 Nov 09h thread note: One day to go. Decision: go.", "T-24h"],
  ["Tue 17 Nov 08h thread note: One hour to go. Decision: go.", "T-1h"],
  ["Tue 17 Nov 09h mia digest: Met: a condition of the decision.", "daily in the last week, and it is met"],
  ["Tue 17 Nov 09h thread note: Timeline of 1 note.", "somebody noted something"],
  [
    "Wed 18 Nov 09h fay nudge: Two things wait for you. scale down what was raised for the event.",
    "the day after: scale down, and the review",
  ],
  [
    "Wed 18 Nov 09h thread note: Black Friday is over. Two things are left: scaling down and a short review.",
    "the day after, for everybody",
  ],
  ["Mon 23 Nov 09h mia digest: The session is closed.", "the last Monday"],
];

describe("six weeks, in the real program", () => {
  let stage: Stage | undefined;
  afterEach(() => stage?.close());

  it.each([
    ["the web channel", webStage],
    ["Slack", slackStage],
    ["Teams", teamsStage],
  ])("in %s: every unprompted message has its reason", async (_name, open) => {
    stage = await open(START);
    const story = await playWeeks(stage);
    expect(transcript(story)).toEqual(EXPECTED.map(([line]) => line));
    expect(brokenRules(story)).toEqual([]);
    expect(story.topLevel).toEqual(["header", ...Array(5).fill("module"), "summary", "decision"]);
    expect(story.violations).toEqual([]);
    expect(story.status).toBe("closed");
  });
});
