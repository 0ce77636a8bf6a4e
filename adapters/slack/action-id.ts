import { createHash } from "node:crypto";
import type { ActionValue, Tick } from "../../src/domain/message.ts";
import { clip, SLACK_LIMITS } from "./limits.ts";

/**
 * Slack wants every action_id of a message to be unique; ours are the contract's names. The first `answer` of a
 * message is `answer`, the second `answer:2`, and so on.
 */
export function actionIds(): (action: string) => string {
  const seen = new Map<string, number>();
  return (action) => {
    const count = (seen.get(action) ?? 0) + 1;
    seen.set(action, count);
    return clip(count === 1 ? action : `${action}:${count}`, SLACK_LIMITS.id);
  };
}

/** `answer:2` → `answer`. */
export function actionOf(actionId: string): string {
  return actionId.replace(/:\d+$/, "");
}

/** Digits of a hash that tell one reading's ticks from another's. */
const HASH = 6;

/**
 * The block_id of ticks: their field's name and what is ticked in it. Slack keeps what was ticked in a block for as
 * long as the block keeps its id, whatever an update says: with another reading it must be another block, or the old
 * ticks would be confirmed; with the same reading the same, or somebody who is ticking would lose it.
 */
export function ticksId(name: string, ticks: readonly Tick[]): string {
  const ticked = JSON.stringify(ticks.filter((tick) => tick.ticked).map((tick) => tick.id));
  const hash = createHash("sha256").update(ticked).digest("hex").slice(0, HASH);
  return `${clip(name, SLACK_LIMITS.id - HASH - 1)}~${hash}`;
}

/** The field's name of a block: `R2~a1b2c3` and, where a message has two of them, `R2~a1b2c3~2` are `R2`. */
export function fieldOf(blockId: string): string {
  return blockId.replace(/(?:~[0-9a-f]+)+$/, "");
}

/** What a button carries, as Slack gives it back with the tap. A value that would not fit loses its `arg`. */
export function encodeValue(value: ActionValue): string {
  const text = JSON.stringify(value);
  if (text.length <= SLACK_LIMITS.buttonValue) return text;
  const { arg: _arg, ...rest } = value;
  return JSON.stringify(rest);
}
