import { describe, expect, it } from "vitest";
import { said, startedRoom } from "./room.ts";

describe("the form of hours, zone and absence", () => {
  it("says in its errors how to write it there", () => {
    const room = startedRoom();
    const wrong = room.form("oli", "me", undefined, {
      hours: "whenever",
      away_from: "2026-12-05",
      away_until: "2026-12-01",
    });
    expect(said(wrong)).toContain("Write it like 9-17 Mon-Fri.");
    expect(said(wrong)).not.toContain("Example");
    expect(said(room.command("oli", "me hours whenever"))).toContain("Example: me hours 9-17 mon-fri");
  });
});
