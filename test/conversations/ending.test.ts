import { describe, expect, it } from "vitest";
import { type Room, startedRoom } from "./room.ts";

const notes = (room: Room) =>
  Object.values(room.state.posts)
    .filter(({ kind }) => kind === "note")
    .map(({ key, state, conversation }) => ({ words: room.drawn.get(key), state, conversation }));

describe("the end of a session", () => {
  it("is said in the header's thread, by the name of whoever closed it", () => {
    const room = startedRoom();
    room.command("fay", "close");
    room.run();
    expect(notes(room)).toEqual([
      {
        words: "Fay closed this session. Everything stays readable.",
        state: "posted",
        conversation: `web:local:general#${room.state.posts.header?.ref?.messageId}`,
      },
    ]);
    expect(room.refold()).toEqual(room.state);
  });

  it("is said with the reason when it is cancelled; the reason can be forgotten", () => {
    const room = startedRoom();
    room.command("fay", "cancel the launch moved to spring");
    room.run();
    expect(notes(room)[0]?.words).toBe(
      "Fay cancelled this session: the launch moved to spring. Nobody will be asked or reminded any more.",
    );
    room.press("fay", "forget", {});
    expect(JSON.stringify(room.state)).not.toContain("moved to spring");
  });

  it("is said without a reason where none was given", () => {
    const room = startedRoom();
    room.command("fay", "cancel");
    room.run();
    expect(notes(room)[0]?.words).toBe("Fay cancelled this session. Nobody will be asked or reminded any more.");
  });

  it("lets nothing else be posted any more", () => {
    const room = startedRoom();
    room.press("oli", "claim", { module: "security" });
    room.run();
    room.holdPosts = true;
    room.say("oli", "security", "skip");
    room.run();
    room.command("fay", "close");
    room.holdPosts = false;
    room.run();
    expect(room.state.posts["question:S2:1"]?.state).toBe("failed");
    expect(notes(room).map(({ state }) => state)).toEqual(["posted"]);
  });
});
