import type { PersonId } from "../src/domain/ids.ts";
import type { FieldValues } from "../src/domain/message.ts";
import { endSession } from "./calendar.ts";
import { text } from "./field-values.ts";
import { nameThem } from "./names.ts";
import { REVIEW_ASKS } from "./review-asks.ts";
import { hasPart, isManager } from "./session-queries.ts";
import { postOfTelling } from "./telling.ts";
import type { Turn } from "./turn.ts";
import { wording } from "./wording.ts";

/** After the event: what was raised goes down again, five questions are answered, and the session closes. */

/** Whoever has a part in the session knows how it went; for others there is the thread. */
export function mayReview(turn: Turn, person: PersonId): boolean {
  if (hasPart(turn.state, person)) return true;
  turn.tell(wording.notInIt("write the review and say what was scaled down"));
  return false;
}

export function takeReview(turn: Turn, person: PersonId, name: string | undefined, values: FieldValues): void {
  if (!mayReview(turn, person)) return;
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
  closeWhenDone(turn, person);
  const missing = REVIEW_ASKS.filter((ask) => turn.state.review?.[ask.id] === undefined).length;
  if (turn.state.status === "closed") {
    return turn.tell(
      `Thank you. "${turn.state.name}" is reviewed and closed. Next time, \`${turn.ctx.settings.command} start "…" <date> --from ${turn.state.id}\` begins with what still holds.`,
    );
  }
  turn.tell(
    missing === 0
      ? "Recorded."
      : `Recorded. ${wording.plural(missing, "question")} still open; anyone with a part in it can add to it.`,
  );
}

export function scaledDown(turn: Turn, person: PersonId): void {
  if (!mayReview(turn, person)) return;
  if (turn.state.scaledDown === undefined) turn.emit({ kind: "scaled_down", person });
  redrawReview(turn);
  closeWhenDone(turn, person);
  turn.tell("Noted: scaled down.");
}

function redrawReview(turn: Turn): void {
  const post = postOfTelling(turn, "review");
  if (post !== undefined) turn.redraw(post);
}

/** Said once to the facilitator, where somebody else did the last of it. */
const CLOSING_OFFERED = "closing_offered";

/**
 * The review is written and nothing stands too large any more: done. It closes by itself for those who may close it or
 * sign for it; otherwise the facilitator is told that it can be.
 */
function closeWhenDone(turn: Turn, person: PersonId): void {
  const { state } = turn;
  const reviewed = REVIEW_ASKS.every((ask) => state.review?.[ask.id] !== undefined);
  if (state.status !== "open" || !reviewed || state.scaledDown === undefined) return;
  if (person === state.facilitator || isManager(state, person)) return endSession(turn);
  if (state.said.includes(CLOSING_OFFERED)) return;
  turn.emit({ kind: "sentence_said", key: CLOSING_OFFERED });
  const text = wording.canBeClosed(state.name, turn.ctx.settings.command);
  turn.want({ do: "tell", person: state.facilitator, text });
}
