import { expect, it } from "vitest";
import { retentionTimer } from "../../conversations/retention.ts";
import { startedRoom } from "./room.ts";

it("erases the words of an ended session when they have been kept long enough, and nothing before", () => {
  const room = startedRoom();
  room.command("oli", "answer R1 the payment provider is single, fallback page by 1 November, Oli");
  room.command("fay", "close");
  const closed = Date.parse(room.state.closedAt ?? "");
  expect(retentionTimer(room.state, undefined)).toBeUndefined();
  const timer = retentionTimer(room.state, 30);
  expect(timer?.at).toBe(closed + 30 * 86_400_000);
});
