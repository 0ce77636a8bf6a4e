import type { Router } from "express";
import express from "express";
import type { z } from "zod";
import type { Inbound } from "../../src/domain/inbound.ts";
import type { Machine, Outcome, WebMessage } from "../../src/domain/ports.ts";
import { readAction } from "../cards/read.ts";
import { onlyFor } from "./chat.ts";
import type { CardDrawer } from "./draw.ts";
import {
  ActionBody,
  actorOf,
  ChannelBody,
  DeleteBody,
  EditBody,
  FormBody,
  fieldValues,
  messageInbound,
  namesIn,
  PersonBody,
  PostBody,
  Query,
} from "./inbound.ts";
import { type Accept, BOT, WEB_LIMITS, WEB_WORKSPACE } from "./options.ts";
import type { Directory, WebPerson } from "./people.ts";
import { WebProblem } from "./problem.ts";
import { Repeats } from "./repeats.ts";
import { addressOf, idAt, type Rows } from "./rows.ts";
import type { EventStream } from "./stream.ts";
import { viewOf } from "./view.ts";
import type { Whispers } from "./whispers.ts";
import { mentionsIn, typed } from "./words.ts";

type Parts = {
  rows: Rows;
  stream: EventStream;
  whispers: Whispers;
  directory: Directory;
  draw: CardDrawer;
  accept: Accept;
  machine: Machine;
};

type Place = { channel: string; thread: string | null };

/**
 * The page's API. Whatever a person does is answered only when it is stored: 201 or 200 with what came of it,
 * 4xx or 503 with `{ error }`, a sentence for the person.
 */
export function createWebRoutes({ rows, stream, whispers, directory, draw, accept, machine }: Parts): Router {
  const router = express.Router();
  const repeats = new Repeats();
  router.use(express.json({ limit: WEB_LIMITS.body, strict: true }));

  router.get("/state", (request, response) => {
    const you = directory.person(parse(Query, request.query).as);
    response.json({ you, people: directory.people, channels: directory.channels, bot: BOT, last: stream.lastId });
  });

  router.get("/messages", async (request, response) => {
    const { as, channel = "general" } = parse(Query, request.query);
    directory.person(as);
    directory.demandChannel(channel, as);
    const last = stream.lastId;
    const messages = (await rows.in(channel)).map(viewOf);
    response.json({ messages, whispers: whispers.of(as).filter((whisper) => whisper.channel === channel), last });
  });

  router.get("/stream", (request, response) => {
    const { as, after } = parse(Query, request.query);
    directory.person(as);
    stream.open(as, response, request.get("last-event-id") ?? after);
  });

  router.post("/messages", async (request, response) => {
    const body = parse(PostBody, request.body);
    const person = directory.person(body.as);
    const place = placeOf(body, person);
    demandWords(body.text);
    const line = typed(body.text);
    if (line.kind === "unknown-command" && place.thread === null) {
      throw new WebProblem(
        400,
        `/${line.name} is no command here. Commands begin with /readiness, such as /readiness status.`,
      );
    }
    const result = await repeats.once(body.key, () =>
      line.kind === "command" ? command(line.text, body, person, place) : say(body, person, place),
    );
    response.status(201).json(result);
  });

  router.patch("/messages/:id", async (request, response) => {
    const body = parse(EditBody, request.body);
    const person = directory.person(body.as);
    demandWords(body.text);
    const id = request.params.id;
    const row = await rows.inTurn(id, async () => {
      const old = await ownRow(id, person);
      if (old.text === body.text) return old;
      const editedAt = rows.tick();
      const outcome = await accept(
        {
          kind: "edit",
          receipts: [`web:edit:${id}:${editedAt}`],
          actor: actorOf(person, body.zone),
          address: addressOf(old, WEB_WORKSPACE),
          ...direct(old),
          messageId: id,
          editedAt,
          text: withoutBotName(body.text),
          mentions: mentionsIn(body.text, directory.people),
        },
        { edit: { id, text: body.text, editedAt } },
      );
      await show(outcome, person, old, null);
      return old;
    });
    await announce(row);
    response.json({ id });
  });

  router.delete("/messages/:id", async (request, response) => {
    const body = parse(DeleteBody, request.body);
    const person = directory.person(body.as);
    const id = request.params.id;
    const row = await rows.inTurn(id, async () => {
      const old = await ownRow(id, person);
      const outcome = await accept(
        {
          kind: "delete",
          receipts: [`web:delete:${id}`],
          actor: actorOf(person, body.zone),
          address: addressOf(old, WEB_WORKSPACE),
          ...direct(old),
          messageId: id,
        },
        { remove: { id } },
      );
      await show(outcome, person, old, null);
      return old;
    });
    await announce(row);
    response.json({ id });
  });

  router.post("/messages/:id/record", async (request, response) => {
    const body = parse(DeleteBody, request.body);
    const person = directory.person(body.as);
    const row = await rows.find(request.params.id);
    if (row === undefined || row.deleted) throw new WebProblem(404, "That message is gone.");
    directory.demandChannel(row.channel, person.user);
    const authorName = directory.people.find(({ user }) => user === row.author)?.name;
    const outcome = await accept({
      kind: "record",
      receipts: [`web:key:${body.key ?? idAt(rows.tick())}`],
      actor: actorOf(person, body.zone),
      address: addressOf(row, WEB_WORKSPACE),
      ...direct(row),
      messageId: row.id,
      sentAt: row.sentAt,
      author: row.author,
      ...(authorName === undefined ? {} : { authorName }),
      text: row.text,
      mentions: mentionsIn(row.text, directory.people),
    });
    response.json(await show(outcome, person, row, null));
  });

  router.post("/actions", async (request, response) => {
    const body = parse(ActionBody, request.body);
    const person = directory.person(body.as);
    const place = placeOf(body, person);
    const tapped = readAction(body.data, body.verb);
    if (tapped === undefined)
      throw new WebProblem(400, "That button can't be read. Reload the page and press it again.");
    const result = await repeats.once(body.key, async () => {
      const outcome = await accept({
        kind: "action",
        receipts: [`web:key:${body.key ?? idAt(rows.tick())}`],
        actor: actorOf(person, body.zone),
        address: addressOf(place, WEB_WORKSPACE),
        ...direct(place),
        ...tapped,
        ...(body.messageId === undefined ? {} : { messageId: body.messageId }),
        form: "possible",
      });
      const shown = await show(outcome, person, place, null);
      // A private question that was answered has done its work; one that opened a form stays until that is sent.
      if (shown.form === undefined && body.messageId !== undefined) dismiss(person.user, body.messageId);
      return shown;
    });
    response.json(result);
  });

  router.post("/forms", async (request, response) => {
    const body = parse(FormBody, request.body);
    const person = directory.person(body.as);
    const place = placeOf(body, person);
    const result = await repeats.once(body.key, async () => {
      const outcome = await accept({
        kind: "form",
        receipts: [`web:key:${body.key ?? idAt(rows.tick())}`],
        actor: actorOf(person, body.zone),
        address: addressOf(place, WEB_WORKSPACE),
        ...direct(place),
        form: body.form,
        context: contextOf(body.context),
        values: fieldValues(body.values),
        names: namesIn(body.values, directory.people),
      });
      return show(outcome, person, place, null);
    });
    response.status(result.errors === undefined ? 200 : 422).json(result);
  });

  router.delete("/whispers/:id", (request, response) => {
    const { as } = parse(DeleteBody, request.body);
    dismiss(directory.person(as).user, request.params.id);
    response.json({});
  });

  router.post("/people", async (request, response) => {
    const person = await directory.addPerson(parse(PersonBody, request.body).name);
    stream.publish({ type: "people", data: directory.people });
    response.status(201).json(person);
  });

  router.post("/channels", async (request, response) => {
    const body = parse(ChannelBody, request.body);
    directory.person(body.as);
    const name = await directory.openChannel(body.name, machine.now());
    stream.publish({ type: "channels", data: directory.channels });
    response.status(201).json({ name });
  });

  router.get("/files/:id", (request, response) => {
    const file = whispers.file(request.params.id);
    if (file === undefined) {
      throw new WebProblem(404, "This file is no longer kept here. Ask for the export again: /readiness export json.");
    }
    response
      .set({ "Content-Type": file.mediaType, "Cache-Control": "no-store" })
      .attachment(file.name)
      .send(typeof file.content === "string" ? file.content : Buffer.from(file.content));
  });

  return router;

  async function say(body: z.infer<typeof PostBody>, person: WebPerson, place: Place) {
    const sentAt = rows.tick();
    const row: WebMessage = {
      id: idAt(sentAt),
      ...place,
      author: person.user,
      authorName: person.name,
      text: body.text,
      card: null,
      mark: null,
      reactions: [],
      onlyFor: null,
      sentAt,
      editedAt: null,
      deleted: false,
    };
    const inbound: Inbound = messageInbound(row, { people: directory.people, zone: body.zone, key: body.key });
    const outcome = await accept(inbound, { put: row });
    if (outcome.kind === "duplicate") return { id: null };
    await announce(row);
    return { id: row.id, ...(await show(outcome, person, place, inbound.kind === "command" ? body.text : null)) };
  }

  async function command(text: string, body: z.infer<typeof PostBody>, person: WebPerson, place: Place) {
    const outcome = await accept({
      kind: "command",
      receipts: [`web:key:${body.key ?? idAt(rows.tick())}`],
      actor: actorOf(person, body.zone),
      address: addressOf(place, WEB_WORKSPACE),
      ...direct(place),
      text,
      mentions: mentionsIn(text, directory.people),
      form: "possible",
    });
    return { id: null, ...(await show(outcome, person, place, body.text.trim())) };
  }

  /** The private answer: a form goes back with the request, everything else appears where the person is. */
  async function show(outcome: Outcome, person: WebPerson, place: Place, about: string | null) {
    const reply = outcome.kind === "committed" || outcome.kind === "ignored" ? outcome.reply : undefined;
    if (reply === undefined) return {};
    if (reply.kind === "form") return { form: reply.form, place };
    if (reply.kind === "errors") return { errors: reply.errors };
    const file =
      reply.kind === "file"
        ? {
            name: reply.name,
            url: whispers.offer({ name: reply.name, mediaType: reply.mediaType, content: reply.content }),
          }
        : null;
    const sentAt = rows.tick();
    const whisper = {
      id: idAt(sentAt),
      ...place,
      about: about === null ? null : about.slice(0, 200),
      text: reply.message.summary,
      card: JSON.parse(await draw(reply.message)),
      file,
      sentAt,
    };
    whispers.add(person.user, whisper);
    stream.publish({ type: "whisper", data: whisper, only: person.user });
    return {};
  }

  function dismiss(user: string, id: string): void {
    if (whispers.remove(user, id)) stream.publish({ type: "whisper-gone", data: { id }, only: user });
  }

  /** Tells open pages, in the words that were stored: recognised secrets were masked on the way. */
  async function announce({ id, channel }: WebMessage): Promise<void> {
    const row = stream.isHeard ? await rows.find(id) : undefined;
    if (row === undefined) stream.skip();
    else stream.publish({ type: "message", data: viewOf(row), ...onlyFor(channel) });
  }

  function placeOf(body: { channel: string; thread?: string | null | undefined }, person: WebPerson): Place {
    directory.demandChannel(body.channel, person.user);
    const thread = body.thread ?? null;
    if (thread !== null && !/^w\d{1,16}$/.test(thread))
      throw new WebProblem(400, "There is no such thread. Reload the page.");
    return { channel: body.channel, thread: body.channel.startsWith("@") ? null : thread };
  }

  async function ownRow(id: string, person: WebPerson): Promise<WebMessage> {
    const row = await rows.find(id);
    if (row === undefined || row.deleted) throw new WebProblem(404, "That message is gone.");
    if (row.author !== person.user) throw new WebProblem(403, `Only ${row.authorName} can change this message.`);
    return row;
  }
}

function direct(place: { channel: string }): { direct?: true } {
  return place.channel.startsWith("@") ? { direct: true } : {};
}

function withoutBotName(text: string): string {
  const line = typed(text);
  return line.kind === "addressed" ? line.text : text;
}

function demandWords(text: string): void {
  if (text.trim() === "") throw new WebProblem(400, "There is nothing in it yet. Type your words, then send.");
  if (text.length > WEB_LIMITS.text) {
    throw new WebProblem(
      413,
      `A message can be 40,000 characters long; this has ${text.length.toLocaleString("en")}. Send it in parts.`,
    );
  }
}

function contextOf(context: z.infer<typeof FormBody>["context"]) {
  const { session, question, module, version, arg } = context;
  return {
    ...(session === undefined ? {} : { session }),
    ...(question === undefined ? {} : { question }),
    ...(module === undefined ? {} : { module }),
    ...(version === undefined ? {} : { version }),
    ...(arg === undefined ? {} : { arg }),
  };
}

function parse<T extends z.ZodType>(schema: T, given: unknown): z.infer<T> {
  const parsed = schema.safeParse(given ?? {});
  if (parsed.success) return parsed.data;
  const issue = parsed.error.issues[0];
  const field = issue?.path.join(".") ?? "";
  throw new WebProblem(
    400,
    `This can't be read${field === "" ? "" : ` at "${field}"`}: ${issue?.message ?? "unknown shape"}.`,
  );
}
