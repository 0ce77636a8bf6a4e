import { describe, expect, it } from "vitest";
import { type Room, startedRoom } from "./room.ts";

/** Oli's answer to S1 was asked more about. Returns the room and his message. */
function followedUp(): { room: Room; answer: string } {
  const room = startedRoom();
  room.press("oli", "claim", { module: "security" });
  room.run();
  const answer = room.say("oli", "security", "we rotated something");
  room.run();
  expect(room.drawn.get("question:S1:1")).toContain("Recorded: we rotated something · one thing more, below.");
  return { room, answer };
}

describe("an answer that changes while more is asked about it", () => {
  it("stands on the card in its new words", () => {
    const { room, answer } = followedUp();
    room.edit("oli", "security", answer, "we rotated the root key in June");
    room.run();
    expect(room.drawn.get("question:S1:1")).toContain("Recorded: we rotated the root key in June");
    expect(room.drawn.get("follow_up:S1:1")).toContain("[That's all I know]");
  });

  it("loses what was deleted of it", () => {
    const { room, answer } = followedUp();
    const more = room.say("oli", "security", "by the pipeline");
    room.run({ settle: false });
    room.remove("oli", "security", answer);
    room.run({ settle: false });
    expect(room.drawn.get("question:S1:1")).toContain("Recorded: by the pipeline");
    room.remove("oli", "security", more);
    room.run({ settle: false });
    expect(room.drawn.get("question:S1:1")).not.toContain("by the pipeline");
  });

  it("is asked for again once nothing is left of it, and its follow-up is no longer asked", () => {
    const { room, answer } = followedUp();
    const posts = room.posts.length;
    room.remove("oli", "security", answer);
    room.run();
    expect(room.drawn.get("question:S1:1")).toContain("[Answer]");
    expect(room.drawn.get("question:S1:1")).not.toContain("Recorded:");
    expect(room.drawn.get("follow_up:S1:1")).not.toContain("[");
    expect(room.posts).toHaveLength(posts);
    expect(room.open("oli")).toBe("S1");
    room.say("oli", "security", "n/a because another team holds the keys");
    room.run();
    expect(room.status("S1")).toBe("not_applicable");
    expect(room.refold()).toEqual(room.state);
  });

  it("is not asked more about when it was deleted before the follow-up was posted", () => {
    const room = startedRoom();
    room.press("oli", "claim", { module: "security" });
    room.run();
    room.holdPosts = true;
    const answer = room.say("oli", "security", "we rotated something");
    room.run();
    expect(room.state.posts["follow_up:S1:1"]?.state).toBe("wanted");
    room.remove("oli", "security", answer);
    room.holdPosts = false;
    room.run();
    expect(room.state.posts["follow_up:S1:1"]?.state).toBe("failed");
  });
});

describe("an answer that changes while it settles", () => {
  it("stands on the card as it is heard now", () => {
    const room = startedRoom();
    room.press("oli", "claim", { module: "security" });
    room.run();
    const answer = room.say("oli", "security", "we rotated something");
    room.edit("oli", "security", answer, "we rotated the root key");
    room.run({ settle: false });
    expect(room.drawn.get("question:S1:1")).toContain("Heard: we rotated the root key");
    room.remove("oli", "security", answer);
    room.run({ settle: false });
    expect(room.drawn.get("question:S1:1")).not.toContain("Heard:");
  });
});
