import { channelOf, conversationKey } from "../src/domain/address.ts";
import type { Inbound, PlaceChange } from "../src/domain/inbound.ts";
import type { SessionState } from "../src/domain/session.ts";
import { wantAgain } from "./asking.ts";
import { isStillMeant } from "./session-queries.ts";
import type { Turn } from "./turn.ts";
import { wording } from "./wording.ts";

const GONE = "place_away";
const BACK = "place_back";

/** Whether nothing can be posted in the session's channel, as far as was heard: we are out of it, or it is archived. */
export function isPlaceGone({ said }: SessionState): boolean {
  return said.findLast((key) => key.startsWith(GONE) || key.startsWith(BACK))?.startsWith(GONE) === true;
}

/** We heard so, or something of ours has just landed there. */
export function placeIsBack(turn: Turn): void {
  if (!isPlaceGone(turn.state)) return;
  turn.emit({ kind: "sentence_said", key: `${BACK}:${turn.ctx.now.toISOString()}` });
}

/** Something happened to the channel of an open session. Returns why nothing was decided, for the log. */
export function placeChanged(turn: Turn, { change, name, address }: Extract<Inbound, { kind: "place" }>): string {
  const { session } = turn;
  if (session.status !== "open" || conversationKey(channelOf(session.home)) !== conversationKey(channelOf(address))) {
    return "Nothing depends on that";
  }
  switch (change) {
    case "added":
    case "unarchived":
      placeIsBack(turn);
      return postAgain(turn);
    case "removed":
    case "archived":
    case "shared":
      return tellOnce(turn, change, name);
    case "renamed":
      return "Nothing depends on that";
  }
}

/** Its facilitator hears of it now, not with the first post that fails. */
function tellOnce(turn: Turn, change: Extract<PlaceChange, "removed" | "archived" | "shared">, name?: string): string {
  // A platform may say it in several ways at once, and take it back.
  if (change !== "shared" && !isPlaceGone(turn.state)) {
    turn.emit({ kind: "sentence_said", key: `${GONE}:${turn.ctx.now.toISOString()}` });
  }
  const what = change === "shared" ? "place_shared" : "place_gone";
  const key = `${what}:${turn.ctx.now.toISOString().slice(0, 10)}`;
  if (turn.state.said.includes(key)) return "That was told already";
  turn.emit({ kind: "sentence_said", key });
  const text =
    change === "shared" ? wording.placeShared(turn.state.name, name) : wording.placeGone(turn.state.name, change, name);
  turn.want({ do: "tell", person: turn.state.facilitator, text });
  return "";
}

/** We are (back) in the channel, it seems: what couldn't be posted there goes up now. Returns why there was nothing. */
export function postAgain(turn: Turn): string {
  const missing = Object.values(turn.state.posts).filter(
    (post) => post.state === "failed" && post.at === undefined && isStillMeant(turn.state, post),
  );
  for (const post of missing) wantAgain(turn, post);
  return missing.length === 0 ? "Nothing is missing there" : "";
}
