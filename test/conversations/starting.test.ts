import { describe, expect, it } from "vitest";
import type { Button, Form } from "../../src/domain/message.ts";
import type { Reply } from "../../src/domain/ports.ts";
import { Room, said, startedRoom, wordsOf } from "./room.ts";

const DATED = { date: "2026-11-27", time: "09:00" };

function formOf(reply: Reply | undefined): Form {
  if (reply?.kind !== "form") throw new Error(`No form: ${said(reply)}`);
  return reply.form;
}

function filled(form: Form): Record<string, unknown> {
  return Object.fromEntries(
    form.fields.flatMap((field) => ("value" in field && field.value !== undefined ? [[field.name, field.value]] : [])),
  );
}

function submit(room: Room, user: string, form: Form, values: Record<string, string>): Reply | undefined {
  const { id, context } = form;
  const about = { actor: room.actor(user), address: room.home, form: id, context, values };
  return room.deliver({ kind: "form", receipts: [`form:${JSON.stringify(values)}`], ...about });
}

function buttonsOf(reply: Reply | undefined): Button[] {
  if (reply?.kind !== "message") throw new Error(`No message: ${said(reply)}`);
  return reply.message.blocks.flatMap((block) => (block.kind === "buttons" ? block.buttons : []));
}

describe("accounts where AWS isn't connected", () => {
  it("block nothing: the session starts without them, and that is said", () => {
    const room = new Room();
    const reply = room.command("fay", 'start "Black Friday" 2026-11-27 --accounts prod --regions eu-west-1');
    expect(said(reply)).toMatch(/^It has started, without prod in its Scope: AWS isn't connected/);
    expect(room.state.scope).toMatchObject({ accounts: [], regions: ["eu-west-1"] });
  });

  it("an unlisted one where it is connected is refused, and nothing is started", () => {
    const room = new Room();
    room.aws = { on: true, accounts: [{ alias: "prod", regions: ["eu-west-1"] }] };
    const reply = room.command("fay", 'start "Black Friday" 2026-11-27 --accounts payments');
    expect(said(reply)).toMatch(/may not read the account "payments"; nothing was started.*AWS_ACCOUNTS/);
    expect(room.session.status).toBe("none");
  });
});

describe("a start with something missing", () => {
  it("opens the form with all that could be read, and keeps what it has no field for", () => {
    const room = new Room();
    const form = formOf(
      room.command(
        "fay",
        'start 2026-11-27 18:30 Asia/Kathmandu --peak 3x --hosts shop.example.com --workload "the shop"',
      ),
    );
    expect(filled(form)).toEqual({ date: "2026-11-27", time: "18:30", workload: "the shop" });
    expect(form.fields.find(({ name }) => name === "time")?.hint).toContain("In Kathmandu");
    submit(room, "fay", form, { name: "Black Friday", date: "2026-11-27", time: "18:30", workload: "the shop" });
    expect(room.state.event).toEqual({ date: "2026-11-27", time: "18:30", zone: "Asia/Kathmandu" });
    expect(room.state.scope).toMatchObject({ peak: 3, hosts: ["shop.example.com"], workload: "the shop" });
  });

  it("a date that can't be read is asked for", () => {
    const room = new Room();
    expect(filled(formOf(room.command("fay", "start 2026-13-45")))).toEqual({});
    expect(filled(formOf(room.command("fay", 'start "Black Friday"')))).toEqual({ name: "Black Friday" });
  });
});

describe("what isn't beyond doubt", () => {
  it("an abbreviation of a zone is said back", () => {
    const room = new Room();
    const reply = room.command("fay", 'start "Launch" 2026-11-27 09:00 --tz IST');
    expect(said(reply)).toBe("I read that as Fri 27 Nov, 09:00 Kolkata. Is that right?");
    const [yes, change] = buttonsOf(reply);
    const form = formOf(room.deliver(pressedBefore(room, change)));
    expect(filled(form)).toEqual({ name: "Launch", ...DATED });
    room.deliver(pressedBefore(room, yes));
    expect(room.state.event).toEqual({ ...DATED, zone: "Asia/Kolkata" });
  });

  it("also where somebody sets their own zone by it", () => {
    const room = startedRoom();
    expect(said(room.command("oli", "me zone IST"))).toContain('I read "IST" as Asia/Kolkata; if you mean another');
    expect(said(room.command("oli", "me zone Asia/Kolkata"))).not.toContain("I read");
  });

  it("an hour that happens twice is said back once, and a yes starts", () => {
    const room = new Room();
    const reply = room.command("fay", 'start "Night" 2026-10-25 01:30 --tz Europe/London --peak 2x');
    expect(said(reply)).toBe("I read that as Sun 25 Oct, 01:30 London, the first of the two. Is that right?");
    room.deliver(pressedBefore(room, buttonsOf(reply)[0]));
    expect(room.state).toMatchObject({ eventAt: "2026-10-25T00:30:00.000Z", scope: { peak: 2 } });
  });

  it("from a form it starts, and which one was taken is told", () => {
    const room = new Room();
    const form = formOf(room.command("fay", "start --tz Europe/London"));
    const reply = submit(room, "fay", form, { name: "Night", date: "2026-10-25", time: "01:30" });
    expect(said(reply)).toContain("happens twice");
    expect(room.state.eventAt).toBe("2026-10-25T00:30:00.000Z");
  });
});

describe("a name", () => {
  const long = "x".repeat(81);
  it("has one limit in command and form", () => {
    const room = new Room();
    expect(said(room.command("fay", `start "${long}" 2026-11-27`))).toContain(
      "81 characters, and it can have at most 80",
    );
    expect(room.session.status).toBe("none");
    const form = formOf(room.command("fay", "start"));
    expect(said(submit(room, "fay", form, { name: long, date: "2026-11-27" }))).toContain("at most 80");
    room.command("fay", `start "${"x".repeat(80)}" 2026-11-27`);
    room.run();
    expect(room.state.name).toHaveLength(80);
  });
});

describe("the form's problems", () => {
  it("stand at the field that is wrong", () => {
    const room = startedRoom();
    const edit = (date: string, time: string) => {
      const reply = room.form("fay", "start", "edit", { name: "Black Friday", date, time });
      return reply?.kind === "errors" ? Object.keys(reply.errors) : [];
    };
    expect(edit("2026-11-27", "25:00")).toEqual(["time"]);
    expect(edit("2026-10-16", "08:00")).toEqual(["time"]);
    expect(edit("2026-02-30", "09:00")).toEqual(["date"]);
    expect(edit("2026-10-01", "09:00")).toEqual(["date"]);
    expect(edit("2026-11-28", "10:00")).toEqual([]);
    expect(wordsOf(room.card("header"))).toContain("Sat 28 Nov");
  });
});

/** A tap before there is a session. */
function pressedBefore(room: Room, button: Button | undefined) {
  if (button === undefined) throw new Error("No such button");
  const { action, value } = button;
  const receipts = [`action:${action}:${value.arg ?? ""}`];
  return { kind: "action", receipts, actor: room.actor("fay"), address: room.home, action, value, inputs: {} } as const;
}
