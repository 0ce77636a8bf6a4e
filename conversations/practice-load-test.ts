import { occurs, readable } from "./patterns.ts";
import { durationsIn, numbersIn } from "./practice-figures.ts";
import { SAMPLE } from "./practice-sample.ts";
import { type Figures, foundIn, judged, type PracticeStep } from "./practice-steps.ts";

/**
 * Planning a load test on the sample, as the workshop did it with Distributed Load Testing: target, ramp, duration,
 * tasks, and the quota of the load generator itself. Every figure is computed here, from the answers' own figures.
 */

/** What is put on top of the expected peak: forecasts are wrong, and rarely downwards. */
const FACTOR = 1.3;
const SECONDS_PER_REQUEST = 1.5;
const USERS_PER_TASK = 250;
const VCPU_PER_TASK = 2;
const FARGATE = { applied: 64, used: 22 };
const BURST_MINUTES = 30;

export function targetRps(): number {
  return SAMPLE.normalRps * SAMPLE.peak * FACTOR;
}

/** Virtual users that hold a rate, and the tasks and vCPUs that carry them. */
export function generatorFor(rps: number): { users: number; tasks: number; vcpu: number } {
  const users = Math.ceil(rps * SECONDS_PER_REQUEST);
  const tasks = Math.ceil(users / USERS_PER_TASK);
  return { users, tasks, vcpu: tasks * VCPU_PER_TASK };
}

const say = (figure: number) => figure.toLocaleString("en-GB", { maximumFractionDigits: 1 });
const rpsOf = (figures: Figures) => figures.target ?? targetRps();

export const loadTestSteps: readonly PracticeStep[] = [
  {
    id: "target",
    short: "target rate",
    ask: "Which rate must the load test reach?",
    known: () => [
      `The busiest hour of an ordinary day has ${say(SAMPLE.normalRps)} requests a second; marketing expects ${SAMPLE.peak} times that.`,
      "Last year a quarter more people came than was forecast.",
    ],
    hint: "A figure in requests a second, and how you came to it.",
    judge(answer) {
      const said = numbersIn(answer).filter((one) => one >= 100);
      if (said.length === 0) return { again: "I need a figure in requests a second, such as 2,000." };
      const target = Math.max(...said);
      const peak = SAMPLE.normalRps * SAMPLE.peak;
      return judged(
        [
          { text: "The expected peak, and not the ordinary day", ok: target >= peak },
          { text: "Something on top, since forecasts are wrong", ok: target >= peak * 1.1 },
        ],
        {
          sums: [
            `${say(SAMPLE.normalRps)} × ${SAMPLE.peak} (peak) = ${say(peak)} requests/s; × ${FACTOR} (factor) = ${say(targetRps())}.`,
            `Yours is ${say(target)}: ${say(Math.round((target / SAMPLE.normalRps) * 10) / 10)} times an ordinary day.`,
          ],
          weaknesses: [
            {
              text: "Last year a quarter more came than was forecast: the same again, and 3× is passed on the day.",
              found: target >= peak * 1.25,
            },
          ],
          model: `${say(targetRps())} requests a second: ${say(SAMPLE.normalRps)} on a busy day, times ${SAMPLE.peak}, and 30% on top, since last year a quarter more came than was forecast.`,
          figures: { target },
        },
      );
    },
  },
  {
    id: "ramp",
    short: "ramp",
    ask: "How does the test get there: how long is the ramp?",
    known: () => [
      "At 09:00 a push message goes to 400,000 phones. Last year the load went from normal to peak in two minutes.",
      "A new web instance takes four minutes until it serves. The load balancer grows on its own, over minutes.",
    ],
    hint: "In minutes. More than one test may be needed.",
    judge(answer) {
      const minutes = durationsIn(answer);
      const words = readable(answer);
      const step =
        minutes.some((one) => one <= 3) || occurs("\\b(?:step|sudden|at once|spike|instant\\w{0,3})\\b", words);
      const slow =
        minutes.some((one) => one >= 8) || occurs("\\b(?:slow|gradual|stair|until it breaks)\\w{0,5}\\b", words);
      if (minutes.length === 0 && !step && !slow)
        return { again: "I need a time: how many minutes from normal to peak?" };
      return judged(
        [
          { text: "A step as steep as the real one: two minutes", ok: step },
          { text: "A slow ramp as well, to find the limit before the step hides it", ok: slow },
        ],
        {
          sums: [
            "The crowd comes in 2 minutes, an instance in 4: for 2 minutes the running ones carry everything. Only a step shows that.",
          ],
          weaknesses: [
            {
              text: "Scaling is slower than the crowd. A gentle ramp passes and proves nothing about 09:00.",
              found: step,
            },
          ],
          model:
            "Two runs: first a slow ramp of 20 minutes past the target, to find what gives way and where; then a step from normal to the target in two minutes, as at 09:00, with instances scaled ahead.",
          ...(minutes.length === 0 ? {} : { figures: { ramp: Math.min(...minutes) } }),
        },
      );
    },
  },
  {
    id: "duration",
    short: "duration",
    ask: "How long is the target held?",
    known: () => [
      "The first wave of the sale lasts two hours.",
      `The small instances of the api, and the disks of the search cluster, run on burst credits; full, they last about ${BURST_MINUTES} minutes.`,
    ],
    hint: "In minutes or hours.",
    judge(answer, figures) {
      const minutes = durationsIn(answer);
      if (minutes.length === 0) return { again: "I need a time, such as 20 minutes or 2 hours." };
      const held = Math.max(...minutes);
      return judged(
        [
          { text: `Longer than burst credits last (${BURST_MINUTES} minutes)`, ok: held > BURST_MINUTES },
          {
            text: "Twice as long, or the whole first wave, so that queues, memory and logs show themselves",
            ok: held >= 60,
          },
        ],
        {
          sums: [
            `${say(rpsOf(figures))} requests/s for ${say(held)} minutes are ${say((rpsOf(figures) * held * 60) / 1e6)} million requests.`,
          ],
          weaknesses: [
            {
              text: `Burst credits: what is fast for ${BURST_MINUTES} minutes fails in the second half of the first hour.`,
              found: held > BURST_MINUTES,
            },
          ],
          model:
            "60 minutes at the target, so that burst credits run out twice over; once the whole two hours before the freeze.",
          figures: { held },
        },
      );
    },
  },
  {
    id: "tasks",
    short: "tasks",
    ask: "How many tasks does the load generator need?",
    known: (figures) => [
      `Your target is ${say(rpsOf(figures))} requests a second.`,
      `A virtual user sends one request every ${SECONDS_PER_REQUEST} seconds: 0.3 s until the answer, 1.2 s pause.`,
      `One task (${VCPU_PER_TASK} vCPU on Fargate) carried ${USERS_PER_TASK} virtual users in a trial; above that it measured itself.`,
    ],
    hint: "Users first, then tasks.",
    judge(answer, figures) {
      const said = numbersIn(answer);
      if (said.length === 0) return { again: "I need a figure: how many tasks?" };
      const { users, tasks } = generatorFor(rpsOf(figures));
      const near = (one: number) => one >= tasks && one <= Math.ceil(tasks * 1.25);
      const mine = said.find(near) ?? Math.min(...said);
      return judged(
        [
          {
            text: "Virtual users from rate × seconds per request",
            ok: near(mine) || said.some((one) => Math.abs(one - users) < users * 0.05),
          },
          { text: "Enough tasks for them, so that the generator isn't what is measured", ok: near(mine) },
        ],
        {
          sums: [
            `${say(rpsOf(figures))} × ${SECONDS_PER_REQUEST} s = ${say(users)} virtual users; ÷ ${USERS_PER_TASK} = ${say(tasks)} tasks.`,
            ...(mine < tasks
              ? [
                  `With ${say(mine)} tasks the most you could send is about ${say(Math.floor((mine * USERS_PER_TASK) / SECONDS_PER_REQUEST))} requests/s.`,
                ]
              : []),
          ],
          weaknesses: [
            { text: "A generator that is too small reports slow answers, and they are its own.", found: near(mine) },
          ],
          model: `${say(users)} virtual users, so ${say(tasks)} tasks with ${USERS_PER_TASK} each.`,
          figures: { tasks: near(mine) ? mine : tasks },
        },
      );
    },
  },
  {
    id: "generator",
    short: "the generator's own quota",
    ask: "Does the load generator fit its own quota, and what do you do about it?",
    known: (figures) => [
      `${say(figures.tasks ?? generatorFor(rpsOf(figures)).tasks)} tasks with ${VCPU_PER_TASK} vCPU each, on Fargate On-Demand, in the account prod.`,
      `Fargate On-Demand vCPU resource count (L-3032A538): ${FARGATE.applied} applied, ${FARGATE.used} in use, read this morning.`,
    ],
    judge(answer, figures) {
      const words = readable(answer);
      const tasks = figures.tasks ?? generatorFor(rpsOf(figures)).tasks;
      const vcpu = tasks * VCPU_PER_TASK;
      const room = FARGATE.applied - FARGATE.used;
      const short = vcpu - room;
      const saysNo = occurs(
        "\\b(?:no|not|doesn't|don't|short|exceed\\w{0,2}|over|too (?:few|little|small)|above|missing)\\b",
        words,
      );
      const counted = numbersIn(answer).some((one) => one === vcpu || one === room || one === Math.abs(short));
      const fixed = occurs(
        "\\b(?:increase\\w{0,1}|filed?|request\\w{0,3}|another (?:region|account)|other (?:region|account)|second region|two regions|own account|fewer|spread|split)\\b",
        words,
      );
      return judged(
        [
          { text: "The vCPU sum against what is free, not against the whole quota", ok: counted },
          short > 0
            ? {
                text: "That it doesn't fit, and what is done: an increase, another Region, an account of its own",
                ok: saysNo && fixed,
              }
            : { text: "That it fits, and only just", ok: !saysNo || counted },
        ],
        {
          sums: [
            `${say(tasks)} × ${VCPU_PER_TASK} = ${say(vcpu)} vCPU; free are ${FARGATE.applied} − ${FARGATE.used} = ${room}. ${short > 0 ? `Short by ${say(short)}.` : `${say(room - vcpu)} to spare.`}`,
            ...(short > 0
              ? [`Ask for ${say(Math.ceil((vcpu + FARGATE.used) * 1.15))} (${say(vcpu + FARGATE.used)} needed, + 15%).`]
              : []),
          ],
          weaknesses: [
            {
              text: "The generator runs in the account it tests: what it takes, the shop can't have. Tests get an account of their own.",
              found: occurs("\\b(?:own|other|another|separate|different) account\\b|\\bsame account\\b", words),
            },
          ],
          model:
            short > 0
              ? `No: ${say(vcpu)} vCPU against ${room} free, short by ${say(short)}. The tests move to an account of their own, whose quota is raised two weeks ahead; half of the tasks run in a second Region.`
              : `It fits: ${say(vcpu)} vCPU of ${room} free. The tests still move to an account of their own, since what they take the shop can't have.`,
          figures: { vcpu },
        },
      );
    },
  },
  {
    id: "verdict",
    short: "when it has passed",
    ask: "When has the test passed, and when is it stopped?",
    known: (figures) => [
      `The plan so far: ${say(rpsOf(figures))} requests/s, held for ${say(figures.held ?? 60)} minutes.`,
      "The shop promises 800 ms at the 99th percentile. On an ordinary day 0.02% of requests fail.",
      "The test runs on production, at five in the morning. 300 customers are there all the same.",
    ],
    judge(answer) {
      const words = readable(answer);
      return judged(
        [
          {
            text: "A percentile, not an average: p99 below 800 ms",
            ok: occurs("\\bp ?9[59]|\\b9[59](?:th|\\.\\d)? ?(?:percentile|perz|%)|\\bpercentile", words),
          },
          {
            text: "A share of errors",
            ok: occurs("\\berrors?\\b|\\b5xx\\b|\\bfail\\w{0,4}\\b|\\bsuccess\\b|\\d ?%", words),
          },
          {
            text: "The rate was really reached, and held",
            ok: occurs("\\b(?:reach\\w{0,3}|held|hold|at the target|rps|requests)\\b", words),
          },
          {
            text: "When it is stopped, and by whom: real customers are there",
            ok: occurs(
              "\\b(?:stop\\w{0,4}|abort\\w{0,3}|cancel\\w{0,4}|kill|pull the plug|customers?|watch\\w{0,3})\\b",
              words,
            ),
          },
        ],
        {
          sums: [
            "Distributed Load Testing reports seconds: 800 ms is 0.8 there. Over tasks its percentiles are averaged, so read them per label.",
          ],
          weaknesses: foundIn(
            [
              {
                text: "There are customers on the shop while you test it: the test needs a stop, and somebody awake to use it.",
                seen: ["\\b(?:stop\\w{0,4}|abort\\w{0,3}|cancel\\w{0,4}|customers?|kill|on.?call)\\b"],
              },
            ],
            answer,
          ),
          model:
            "Passed: the target was reached and held, p99 below 800 ms, errors below 0.1%, and nothing above 80% of its limit. Stopped by the on-call, who watches, as soon as p99 passes 2 s for a minute or orders of real customers fail. Repeated after every fix.",
        },
      );
    },
  },
];
