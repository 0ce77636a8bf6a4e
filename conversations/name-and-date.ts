import type { FieldValues } from "../src/domain/message.ts";
import type { EventTime } from "../src/domain/session.ts";
import { replan } from "./calendar.ts";
import { type DateContext, eventInstant, parseEventDate } from "./dates.ts";
import { text } from "./field-values.ts";
import { redrawScope } from "./scope.ts";
import type { Turn } from "./turn.ts";
import { NAME_MAX } from "./views/forms.ts";
import { wording } from "./wording.ts";

/** The event's name and date: read from a form, when a session starts and when it is edited. */

export function readNameAndDate(
  turn: Turn,
  values: FieldValues,
  zone: string,
): { name: string; event: EventTime; twice?: string } | { errors: Record<string, string> } {
  const name = text(values.name);
  const date = text(values.date);
  const time = text(values.time);
  const errors: Record<string, string> = {};
  if (!/[\p{L}\p{N}]/u.test(name)) errors.name = "Give the event a name, like Black Friday.";
  if (name.length > NAME_MAX) errors.name = wording.nameTooLong(name.length, NAME_MAX);
  if (date === "") errors.date = "Pick the day, like 2027-11-26.";
  const context = { now: turn.ctx.now, zone };
  const parsed = date === "" ? undefined : parseEventDate(`${date} ${time}`.trim(), context);
  if (parsed !== undefined && "problem" in parsed) errors[fieldOfProblem(date, time, context)] = parsed.problem;
  if (Object.keys(errors).length > 0 || parsed === undefined || "problem" in parsed) return { errors };
  return {
    ...(parsed.twice === undefined ? {} : { twice: parsed.twice }),
    name,
    event: { date: parsed.date, zone: parsed.zone, ...(parsed.time === undefined ? {} : { time: parsed.time }) },
  };
}

/** What is wrong is the time where the day alone would do. */
function fieldOfProblem(date: string, time: string, context: DateContext): "date" | "time" {
  if (time === "") return "date";
  const day = parseEventDate(`${date} 23:59`, context);
  return "problem" in day ? "date" : "time";
}

/** `edit`: name and date. Due dates move with it. */
export function editSession(turn: Turn, values: FieldValues): void {
  const read = readNameAndDate(turn, values, turn.state.event.zone);
  if ("errors" in read) return turn.reply({ kind: "errors", errors: read.errors });
  const before = turn.state;
  turn.emit({ kind: "session_edited", name: read.name, event: read.event, eventAt: eventInstant(read.event) });
  const workload = text(values.workload);
  if (workload !== "" && workload !== turn.state.scope.workload)
    turn.emit({ kind: "scope_changed", scope: { workload } });
  redrawScope(turn);
  for (const post of Object.values(turn.state.posts)) if (post.kind === "question") turn.redraw(post.key);
  replan(turn, before);
}
