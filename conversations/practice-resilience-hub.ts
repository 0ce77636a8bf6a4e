import { occurs, readable } from "./patterns.ts";
import { durationsIn } from "./practice-figures.ts";
import { foundIn, judged, type PracticeStep } from "./practice-steps.ts";

/**
 * Confirming RTO and RPO on a sample assessment, in Resilience Hub's own terms: a resiliency policy's objectives
 * against what the assessment says of the workload as it is. Met is current ≤ objective; the rows are compared here.
 */

type Row = { disruption: string; rto: [objective: number, current: number]; rpo: [objective: number, current: number] };

/** Minutes. Four kinds of disruption, as Resilience Hub names them. */
export const ASSESSMENT: readonly Row[] = [
  { disruption: "Application", rto: [15, 10], rpo: [5, 5] },
  { disruption: "Infrastructure", rto: [15, 12], rpo: [5, 5] },
  { disruption: "Availability Zone", rto: [15, 190], rpo: [5, 5] },
  { disruption: "Region", rto: [240, 1_440], rpo: [60, 1_440] },
];

export const isMet = ([objective, current]: readonly [number, number]) => current <= objective;
const missed = (which: "rto" | "rpo") => ASSESSMENT.filter((row) => !isMet(row[which])).map((row) => row.disruption);

function sayMinutes(minutes: number): string {
  if (minutes < 60) return `${minutes} min`;
  const hours = Math.floor(minutes / 60);
  return minutes % 60 === 0 ? `${hours} h` : `${hours} h ${minutes % 60} min`;
}

const table = {
  caption: "Assessment of larch-and-loom against the policy winter-sale",
  columns: ["Disruption", "RTO objective", "RTO current", "RPO objective", "RPO current"],
  rows: ASSESSMENT.map(({ disruption, rto, rpo }) => [disruption, ...rto.map(sayMinutes), ...rpo.map(sayMinutes)]),
};

/** Patterns by which a row is named in an answer. */
const NAMED: Record<string, string> = {
  Application: "\\b(?:application|app|software)\\b",
  Infrastructure: "\\b(?:infrastructure|hardware)\\b",
  "Availability Zone": "\\b(?:availability zone|zone|zonal|az)\\b",
  Region: "\\bregion(?:al)?\\b",
};

function rowsStep(which: "rto" | "rpo", what: string): PracticeStep {
  const name = which.toUpperCase();
  return {
    id: which,
    short: `${name} by row`,
    ask: `Which disruptions miss their ${name}, and by how much?`,
    known: () => [what],
    table,
    judge(answer) {
      const words = readable(answer);
      const named = Object.entries(NAMED)
        .filter(([, pattern]) => occurs(pattern, words))
        .map(([disruption]) => disruption);
      if (named.length === 0 && !occurs("\\b(?:none|all|no)\\b", words)) {
        return { again: "Name the rows: Application, Infrastructure, Availability Zone, Region." };
      }
      const wrong = missed(which);
      return judged(
        ASSESSMENT.map((row) => ({
          text: `${row.disruption}: ${isMet(row[which]) ? "met" : "missed"}`,
          ok: named.includes(row.disruption) === wrong.includes(row.disruption),
        })),
        {
          sums: ASSESSMENT.map((row) => {
            const [objective, current] = row[which];
            return `${row.disruption}: ${sayMinutes(current)} against ${sayMinutes(objective)}, ${isMet(row[which]) ? "met" : `missed by ${sayMinutes(current - objective)}`}.`;
          }),
          weaknesses: [],
          model: `${wrong.join(" and ")}. Met is when the current value is no longer than the objective; equal is met.`,
        },
      );
    },
  };
}

export const resilienceHubSteps: readonly PracticeStep[] = [
  rowsStep(
    "rto",
    "RTO is how long the workload may be away; current is what the assessment expects of it as it is built.",
  ),
  rowsStep("rpo", "RPO is how much data may be lost, as a time before the failure."),
  {
    id: "age",
    short: "age of the assessment",
    ask: "Can this assessment be used for the sale?",
    known: () => [
      "It was made on 26 September, 34 days ago. Compliance: policy breached.",
      'The checkout was deployed anew on 14 October, with a queue that the app in Resilience Hub doesn\'t know. Its status is "Changes detected".',
    ],
    judge(answer) {
      const words = readable(answer);
      return judged(
        [
          {
            text: "That it describes the workload as it was, not as it is",
            ok: occurs(
              "\\b(?:no|not|old|older|changed?|changes|outdated|stale|before|deploy\\w{0,4}|new queue|queue)\\b",
              words,
            ),
          },
          {
            text: "That a new one is run, after the app's resources were brought up to date",
            ok: occurs(
              "\\b(?:again|new (?:one|assessment)|re-?run|run (?:it|a)|assess\\w{0,2} (?:again|anew)|import|publish|update)\\b",
              words,
            ),
          },
        ],
        {
          sums: ["26 September to 30 October: 34 days. One deployment since."],
          weaknesses: foundIn(
            [
              {
                text: "The new queue is in nobody's picture: an assessment says nothing about resources it doesn't know.",
                seen: ["\\bqueue\\b", "\\bresources?\\b", "\\bimport\\w{0,3}\\b"],
              },
            ],
            answer,
          ),
          model:
            "No. It is 34 days old and the checkout has changed since. The queue is added to the app, a new version is published, and the assessment is run again this week; it takes minutes.",
        },
      );
    },
  },
  {
    id: "zone",
    short: "the zone's RTO",
    ask: "What brings the Availability Zone row within its RTO?",
    known: () => [
      "orders-db is Single-AZ: the estimate of 3 h 10 min is its restore from a snapshot.",
      "Resilience Hub's recommendation says achievable: 2 min RTO with a Multi-AZ instance.",
    ],
    judge(answer) {
      const words = readable(answer);
      return judged(
        [
          {
            text: "Multi-AZ for orders-db",
            ok: occurs("\\bmulti.?az\\b|\\bstandby\\b|\\baurora\\b|\\bsecond (?:az|zone)\\b", words),
          },
          {
            text: "By when, and by whom",
            ok: occurs(
              "\\bby \\w+|\\b\\d{1,2} (?:oct|nov)|\\bowner\\b|\\b(?:mon|tues|wednes|thurs|fri)day\\b|\\bweek\\b",
              words,
            ),
          },
          {
            text: "That it is seen to work: a failover is forced",
            ok: occurs("\\b(?:test\\w{0,3}|forced?|drill|fail.?over|rehears\\w{1,3}|game day|measured?)\\b", words),
          },
        ],
        {
          sums: ["3 h 10 min → about 2 min, against an objective of 15 min: met, once a test has shown it."],
          weaknesses: [],
          model:
            "orders-db becomes Multi-AZ on 10 November, owner Database. A failover is forced on 12 November at test load and timed; then the assessment is run again.",
        },
      );
    },
  },
  {
    id: "confirm",
    short: "what is confirmed",
    ask: "Resilience Hub estimates 10 minutes for Application. The drill last week took 26. Which RTO do you confirm to the manager who signs?",
    known: () => [
      "Objective: 15 minutes. In the drill the on-call looked for the runbook for 14 minutes; the restart itself took 12.",
    ],
    hint: "A time, and what you do about it.",
    judge(answer) {
      const words = readable(answer);
      const minutes = durationsIn(answer);
      const measured = minutes.includes(26) || occurs("\\b26\\b", words);
      return judged(
        [
          { text: "The measured 26 minutes, not the estimate", ok: measured },
          {
            text: "That the objective of 15 isn't met today",
            ok: occurs("\\b(?:not met|missed|miss|breach\\w{0,2}|above|longer|too long|over|fail\\w{0,3})\\b", words),
          },
          {
            text: "What is done: the runbook where it is found, and another drill",
            ok: occurs("\\b(?:runbook|drill|again|rehears\\w{1,3}|practi[cs]e|link|alarm)\\b", words),
          },
        ],
        {
          sums: ["14 min of looking + 12 min of restarting = 26 min, against 15: missed by 11 min."],
          weaknesses: foundIn(
            [
              {
                text: "An estimate counts machines. People looking for a runbook aren't in it.",
                seen: ["\\brunbook\\b|\\bpeople\\b|\\blook(?:ed|ing)\\b|\\b14\\b"],
              },
            ],
            answer,
          ),
          model:
            "26 minutes, measured: the objective of 15 isn't met. The runbook's link goes into the alarm, the drill is repeated on 12 November, and what it shows is confirmed.",
        },
      );
    },
  },
];
