import { readingJob } from "../../conversations/model-reading.ts";
import type { Question } from "../domain/catalogue.ts";
import type { OutboxItem } from "../domain/effect.ts";
import { RetryLaterError } from "../domain/errors.ts";
import type { ChoiceId, QuestionId } from "../domain/ids.ts";
import type { Parts } from "./parts.ts";
import type { Receiver } from "./receive.ts";

/** A model that reads answers. It may be slow, wrong or away: it never rejects for that, and nothing waits for it. */
export type AnswerReading = {
  suggestChoices(question: Question, answer: string): Promise<ChoiceId[]>;
  wordFollowUp(
    question: Question,
    answer: string,
    missing: string[],
    accepts: (text: string) => boolean,
  ): Promise<string | undefined>;
};

/** A slow model holds no more of the worker's hands than this. */
const MOST_AT_ONCE = 4;
const BUSY_MS = 400;
/** After that the answer stays as it was read. */
const MOST_TRIES = 12;

/** Asks the model about one answer; what it says comes back as a fact, and is checked by whoever decides on it. */
export function createAnswerReading(parts: Parts, receiver: Receiver) {
  const { store, log } = parts;
  let underWay = 0;

  return async (item: OutboxItem, id: QuestionId): Promise<void> => {
    const session = await store.session(item.session ?? "");
    const job = session === undefined ? undefined : readingJob(session, id, parts.catalogue);
    const model = parts.answerReading;
    if (session === undefined || job === undefined || model === undefined || item.attempts > MOST_TRIES) {
      await store.settle(item.id, item.token);
      return;
    }
    if (underWay >= MOST_AT_ONCE) throw new RetryLaterError("The model is busy with others", { retryAfter: BUSY_MS });
    underWay += 1;
    try {
      const { question, answer, of, missing, accepts } = job;
      const points = missing.map((point) => point.text);
      const [choices, text] = await Promise.all([
        model.suggestChoices(question, answer),
        points.length === 0 ? undefined : model.wordFollowUp(question, answer, points, accepts),
      ]).catch((err: unknown): [ChoiceId[], undefined] => {
        log.warn({ err, session: session.id, question: id }, "The model couldn't read an answer");
        return [[], undefined];
      });
      await receiver.fact(
        {
          kind: "answer_read",
          session: session.id,
          question: id,
          of,
          choices,
          ...(text === undefined ? {} : { followUp: { points: missing.map((point) => point.id), text } }),
          receipts: [],
        },
        { id: item.id, token: item.token },
      );
    } finally {
      underWay -= 1;
    }
  };
}
