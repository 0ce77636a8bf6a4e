import { z } from "zod";
import type { AwsPlace } from "./clients.ts";
import type { UsageMetric } from "./read-quotas.ts";
import { looseRows, type ReaderContext, type Reading, read } from "./reading.ts";

/** What to read: a metric as Service Quotas names it, and for rates the seconds that the quota's value is for. */
export type UsageQuestion = { key: string; metric: UsageMetric; perSeconds: number | null };

/** The newest point is not the answer: a spike between two looks would be missed. */
export const USAGE_WINDOW_HOURS = 24;

/** Per call: 500 metrics, 100,800 points. Maxima every five minutes, sums every minute (an average hides a spike). */
const CALL_METRICS = 500;
const CALL_POINTS = 100_800;
const MAXIMUM_PERIOD = 300;
const SUM_PERIOD = 60;

const Result = z.object({ Id: z.string(), Values: z.array(z.number()).default([]) });

/** Highest use in the last day by key; a key without any point is absent (unknown, or nothing was used). */
export function readUsage(
  context: ReaderContext,
  place: AwsPlace,
  questions: readonly UsageQuestion[],
): Promise<Reading<Map<string, number>>> {
  const action = "cloudwatch:GetMetricData";
  const cacheKey = `usage/${questions.map((each) => each.key).join(",")}`;
  return read(context, place, cacheKey, [action], async () => {
    const value = new Map<string, number>();
    if (questions.length === 0) return { value, skipped: 0 };
    const { client, sdk } = await context.clients.cloudWatch(place);
    const end = new Date(Math.floor(context.machine.now() / 60_000) * 60_000);
    const start = new Date(end.getTime() - USAGE_WINDOW_HOURS * 3_600_000);
    let skipped = 0;
    const ask = async (chunk: readonly UsageQuestion[]) => {
      let token: string | undefined;
      do {
        const answer = await client.send(
          new sdk.GetMetricDataCommand({
            StartTime: start,
            EndTime: end,
            MetricDataQueries: chunk.map((question, index) => ({
              Id: `m${index}`,
              ReturnData: true,
              MetricStat: {
                Metric: {
                  Namespace: question.metric.namespace,
                  MetricName: question.metric.name,
                  Dimensions: Object.entries(question.metric.dimensions).map(([Name, Value]) => ({ Name, Value })),
                },
                Period: periodOf(question),
                Stat: question.metric.statistic,
              },
            })),
            ...(token === undefined ? {} : { NextToken: token }),
          }),
        );
        const parsed = looseRows(Result, answer.MetricDataResults ?? [], context.log, action);
        skipped += parsed.skipped;
        for (const row of parsed.rows) {
          const question = chunk[Number(row.Id.slice(1))];
          if (question === undefined || row.Values.length === 0) continue;
          const highest = Math.max(...row.Values) * scaleOf(question);
          value.set(question.key, Math.max(value.get(question.key) ?? 0, highest));
        }
        token = answer.NextToken === "" ? undefined : answer.NextToken;
      } while (token !== undefined);
    };
    await Promise.all(chunked(questions).map(ask));
    return { value, skipped };
  });
}

function periodOf(question: UsageQuestion): number {
  return question.metric.statistic === "Sum" ? SUM_PERIOD : MAXIMUM_PERIOD;
}

/** A sum over one minute, for a quota of so many per second (or per five): sum ÷ 60 × seconds. */
function scaleOf(question: UsageQuestion): number {
  if (question.metric.statistic !== "Sum") return 1;
  return (question.perSeconds ?? 1) / SUM_PERIOD;
}

function chunked(questions: readonly UsageQuestion[]): UsageQuestion[][] {
  const chunks: UsageQuestion[][] = [];
  let current: UsageQuestion[] = [];
  let points = 0;
  for (const question of questions) {
    const more = (USAGE_WINDOW_HOURS * 3_600) / periodOf(question);
    if (current.length === CALL_METRICS || (current.length > 0 && points + more > CALL_POINTS)) {
      chunks.push(current);
      current = [];
      points = 0;
    }
    current.push(question);
    points += more;
  }
  if (current.length > 0) chunks.push(current);
  return chunks;
}
