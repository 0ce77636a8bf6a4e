import type { PersonId } from "../src/domain/ids.ts";
import type { FieldValues } from "../src/domain/message.ts";
import { endSession } from "./calendar.ts";
import { REVIEW_ASKS } from "./review-asks.ts";
import { nameThem, text } from "./starting.ts";
import { postOfTelling } from "./telling.ts";
import type { Turn } from "./turn.ts";
import { wording } from "./wording.ts";

/** After the event: what was raised goes down again, five questions are answered, and the session closes. */

export function takeReview(turn: Turn, person: PersonId, name: string | undefined, values: FieldValues): void {
  const said = REVIEW_ASKS.flatMap((ask) => {
    const words = text(values[ask.id]);
    return /[\p{L}\p{N}]/u.test(words) ? [{ ask, words }] : [];
  });
  if (said.length === 0) {
    return turn.reply({ kind: "errors", errors: { [REVIEW_ASKS[0]?.id ?? "outcome"]: "Write at least one answer." } });
  }
  nameThem(turn, person, name);
  for (const { ask, words } of said) {
    if (turn.state.review?.[ask.id]?.words.text === words) continue;
    turn.emit({ kind: "review_answered", asks: ask.id, person, words: turn.words(words) });
  }
  redrawReview(turn);
  closeWhenDone(turn);
  const missing = REVIEW_ASKS.filter((ask) => turn.state.review?.[ask.id] === undefined).length;
  if (turn.state.status === "closed") {
    return turn.tell(
      `Thank you. "${turn.state.name}" is reviewed and closed. Next time, \`${turn.ctx.settings.command} start "…" <date> --from ${turn.state.id}\` begins with what still holds.`,
    );
  }
  turn.tell(
    missing === 0 ? "Recorded." : `Recorded. ${wording.plural(missing, "question")} still open; anyone can add to it.`,
  );
}

export function scaledDown(turn: Turn, person: PersonId): void {
  if (turn.state.scaledDown === undefined) turn.emit({ kind: "scaled_down", person });
  redrawReview(turn);
  closeWhenDone(turn);
  turn.tell("Noted: scaled down.");
}

function redrawReview(turn: Turn): void {
  const post = postOfTelling(turn, "review");
  if (post !== undefined) turn.redraw(post);
}

/** The review is written and nothing stands too large any more: done. */
function closeWhenDone(turn: Turn): void {
  const reviewed = REVIEW_ASKS.every((ask) => turn.state.review?.[ask.id] !== undefined);
  if (turn.state.status === "open" && reviewed && turn.state.scaledDown !== undefined) endSession(turn);
}
