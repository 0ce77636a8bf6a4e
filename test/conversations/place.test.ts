import { describe, expect, it } from "vitest";
import { type Room, said, startedRoom } from "./room.ts";

describe("a summary asked for where nothing can be posted", () => {
  const happens = (room: Room, change: "archived" | "unarchived") =>
    room.deliver({ kind: "place", receipts: [], actor: room.actor("fay"), address: room.home, change });

  it("is refused at once, until the channel is back", () => {
    const room = startedRoom();
    happens(room, "archived");
    expect(said(room.command("fay", "summary"))).toContain("can't post in the channel");
    expect(room.state.drafting).toBeUndefined();
    happens(room, "unarchived");
    expect(said(room.command("fay", "summary"))).toContain("Writing the summary");
    // Gone again on the same day: told once, known all the same.
    happens(room, "archived");
    expect(said(room.command("fay", "summary"))).toContain("can't post in the channel");
  });

  it("also when something of ours has landed there since, whatever was heard", () => {
    const room = startedRoom();
    happens(room, "archived");
    room.command("fay", "note traffic at 2x");
    room.run();
    expect(said(room.command("fay", "summary"))).toContain("Writing the summary");
  });
});
