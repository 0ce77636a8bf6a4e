import type { Effect } from "../src/domain/effect.ts";
import type { Turn } from "./turn.ts";

type Look = Pick<Extract<Effect, { do: "collect" }>, "sources" | "fresh" | "asked">;

/** Looks at AWS for the scope as it is now; where there is no AWS, says so once. */
export function collect(turn: Turn, { sources, fresh, asked }: Look = {}): void {
  const { aws } = turn.ctx.settings;
  if (!aws.on) {
    if (!turn.state.said.includes("aws_off")) {
      turn.emit({ kind: "sentence_said", key: "aws_off" });
      turn.emit({ kind: "sentence_said", key: `aws_off_because:${aws.why}` });
    }
    return;
  }
  if (turn.state.scope.accounts.length === 0 || turn.state.scope.regions.length === 0) return;
  turn.emit({ kind: "evidence_requested", ...(sources === undefined ? {} : { sources }) });
  const some = sources === undefined ? "" : `:${sources.join(",")}`;
  turn.want({
    do: "collect",
    key: `collect:${turn.state.id}${some}`,
    ...(sources === undefined ? {} : { sources }),
    ...(fresh === undefined ? {} : { fresh }),
    ...(asked === undefined ? {} : { asked }),
  });
}
