import { standardCatalogue } from "../../conversations/catalogue/index.ts";
import { channelDigestBegins, channelDigestMessage } from "../../conversations/channel-digest.ts";
import type { Context } from "../../conversations/context.ts";
import { decide, targetOf } from "../../conversations/engine.ts";
import { evolve, fold } from "../../conversations/evolve.ts";
import { digestLetter, nudgeLetter } from "../../conversations/letters.ts";
import { type ReadingJob, readingJob } from "../../conversations/model-reading.ts";
import { openItemsOf } from "../../conversations/open-items.ts";
import { evolvePerson, newPerson } from "../../conversations/person.ts";
import { isOverdue, postKeys, threadOf } from "../../conversations/session-queries.ts";
import { risksOf } from "../../conversations/verdict.ts";
import { renderPost } from "../../conversations/views/render-post.ts";
import { type Address, conversationKey } from "../../src/domain/address.ts";
import type { Effect, NewOutboxItem } from "../../src/domain/effect.ts";
import type { EvidenceReport } from "../../src/domain/evidence.ts";
import { personId } from "../../src/domain/ids.ts";
import type { Inbound, Mention } from "../../src/domain/inbound.ts";
import type { FieldValues, Message } from "../../src/domain/message.ts";
import type { Person } from "../../src/domain/person.ts";
import type { Decision, Fact, Input, Reply } from "../../src/domain/ports.ts";
import { plainWords } from "../../src/domain/rich.ts";
import type { OpenItem, Session, SessionRow, SessionState } from "../../src/domain/session.ts";
import type { SessionEvent } from "../../src/domain/session-event.ts";

/**
 * A channel in memory: the real engine, with a platform that posts at once and clocks that move by hand. For tests of
 * what is said and when; the store, the outbox and the adapters have tests of their own.
 */
export class Room {
  session: Session = { status: "none" };
  readonly events: SessionEvent[] = [];
  readonly people = new Map<string, Person>();
  readonly whispers: { to: string; message: Message }[] = [];
  /** Posts that landed, in order. */
  readonly posts: { key: string; messageId: string; message: Message; ping: boolean }[] = [];
  /** Posts that were drawn again in place, with the calendar's time. */
  readonly redrawn: { post: string; at: string }[] = [];
  /** What stands in each post, as it was posted or redrawn last: what a card would say now may not have been shown. */
  readonly drawn = new Map<string, string>();
  readonly reactions = new Set<string>();
  readonly handled = new Set<string>();
  /** Direct messages that went out: nudges and digests, with the calendar's time. */
  readonly directs: {
    person: string;
    kind: string;
    at: string;
    message: Message;
    items: OpenItem[];
    thread?: Address;
  }[] = [];
  /** Sentences to one person that couldn't wait for a nudge. */
  readonly tells: { person: string; at: string; text: string }[] = [];
  /** What a nudge holds while AWS is on: the reading that the next `collect` brings. */
  reading: () => EvidenceReport = () => ({ items: [], gaps: [], complete: true });
  /** How AWS was asked for, each time. */
  readonly collected: Extract<Effect, { do: "collect" }>[] = [];
  aws: Context["settings"]["aws"] = { on: false, why: "not set up" };
  /** What `start --from` finds. */
  previous: SessionState | undefined;
  /** Other people's zones, as their platform tells it. */
  readonly zones = new Map<string, string>();
  /** What went to other channels. */
  readonly elsewhere: { channel: string; at: string; message: Message }[] = [];
  outbox: NewOutboxItem[] = [];
  /** Posts aren't done while true: replies that cross a post in flight can be tried. */
  holdPosts = false;
  /** A model that reads answers; absent: none is set up. */
  reader: ((job: ReadingJob) => { choices: string[]; followUp?: string }) | undefined;
  /** It doesn't answer while true. */
  holdReader = false;
  now: number;
  machine = 1_000_000;
  #ids = 0;
  #sent = 1_000;

  constructor(now = "2026-10-16T09:00:00Z") {
    this.now = Date.parse(now);
  }

  readonly home: Address = { platform: "web", workspace: "local", channel: "general" };

  context(): Context {
    return {
      now: new Date(this.now),
      machineNow: this.machine,
      catalogue: standardCatalogue,
      ...(this.previous === undefined ? {} : { previous: this.previous }),
      newId: (prefix) => `${prefix}-${++this.#ids}`,
      settings: {
        settleMs: 6_000,
        command: "/readiness",
        aws: this.aws,
        zone: "Europe/London",
        ...(this.reader === undefined ? {} : { model: true }),
      },
    };
  }

  get state(): SessionState {
    if (this.session.status === "none") throw new Error("No session yet");
    return this.session;
  }

  person(id: string): Person {
    return this.people.get(id) ?? newPerson(id);
  }

  /** One delivery, as the store would take it. Returns the private reply. */
  deliver(input: Input): Reply | undefined {
    if (input.receipts.some((receipt) => this.handled.has(receipt))) return undefined;
    for (const receipt of input.receipts) this.handled.add(receipt);
    const target = targetOf(input);
    const id = target.person ?? "";
    const person = this.person(id);
    const here = this.session.status !== "none" && this.#isHere(target);
    const decision: Decision = decide(
      {
        session: here ? this.session : { status: "none" },
        candidates: here ? [] : this.#heldHere(target),
        person,
        openItems: this.openItems(id),
        ...(target.sessions === true ? { sessions: this.#sessions() } : {}),
      },
      input,
      this.context(),
    );
    for (const event of decision.sessionEvents) {
      this.session = evolve(this.session, event);
      this.events.push(event);
    }
    if (decision.personEvents.length > 0) this.people.set(id, decision.personEvents.reduce(evolvePerson, person));
    for (const key of decision.cancel) this.outbox = this.outbox.filter((item) => item.key !== key);
    for (const item of decision.outbox) {
      if (item.key !== undefined) this.outbox = this.outbox.filter((other) => other.key !== item.key);
      this.outbox.push(item);
    }
    for (const effect of decision.fleeting) {
      if (effect.do === "whisper") this.whispers.push({ to: effect.person, message: effect.message });
    }
    return decision.outcome.kind === "committed" || decision.outcome.kind === "ignored"
      ? decision.outcome.reply
      : undefined;
  }

  /** As the store has it: sessions that were held in a channel are offered there, also when they are over. */
  #heldHere(target: ReturnType<typeof targetOf>): SessionRow[] {
    const home = conversationKey(this.home);
    if (this.session.status === "none" || target.channel !== home) return [];
    const { id, name, event, status, eventAt } = this.session;
    return [{ id, name, date: event.date, status, home, eventAt }];
  }

  #isHere(target: ReturnType<typeof targetOf>): boolean {
    if (target.session !== undefined) return target.session === this.state.id;
    if (target.direct === true) return this.state.status === "open";
    if (target.channel === conversationKey(this.home))
      return target.ended === true || this.state.status === "open" || target.conversation !== target.channel;
    return false;
  }

  /** Does what is due now; with `settle`, silence passes until nothing is on its way. */
  run({ settle = true } = {}): void {
    for (let round = 0; round < 10_000; round++) {
      const next = this.outbox.find(
        (item) => item.notBefore <= this.machine && item.due <= this.now && !this.#isHeld(item),
      );
      if (next === undefined) {
        const waits = this.outbox
          .filter((item) => item.notBefore > this.machine && !this.#isHeld(item))
          .map((item) => item.notBefore);
        if (!settle || waits.length === 0) return;
        this.machine = Math.min(...waits);
        continue;
      }
      this.outbox = this.outbox.filter((item) => item !== next);
      this.#perform(next);
    }
    throw new Error("The outbox never came to rest");
  }

  #isHeld({ effect }: NewOutboxItem): boolean {
    return (this.holdPosts && effect.do === "post") || (this.holdReader && effect.do === "read_answer");
  }

  #readAnswer(id: string): void {
    const job = readingJob(this.state, id, standardCatalogue);
    if (job === undefined || this.reader === undefined) return;
    const { choices, followUp: text } = this.reader(job);
    const points = job.missing.map((point) => point.id);
    const followUp = text === undefined ? {} : { followUp: { points, text } };
    const about = { session: this.state.id, question: id, of: job.of };
    this.deliver({ kind: "answer_read", ...about, choices, ...followUp, receipts: [] });
  }

  #perform(item: NewOutboxItem): void {
    const { effect } = item;
    if (effect.do === "post") {
      const post = this.state.posts[effect.post];
      if (post === undefined || post.state !== "wanted") return;
      if (isOverdue(this.state, post)) {
        this.deliver({
          kind: "post_failed",
          session: this.state.id,
          post: effect.post,
          reason: "superseded",
          receipts: [],
        });
        return;
      }
      const root = post.conversation.split("#")[1];
      const address = root === undefined ? this.home : { ...this.home, thread: root };
      const sentAt = this.#tick();
      const ref = { address, messageId: `m${sentAt}`, sentAt };
      this.posts.push({
        key: effect.post,
        messageId: ref.messageId,
        message: this.card(effect.post),
        ping: post.ping === true,
      });
      this.drawn.set(effect.post, wordsOf(this.card(effect.post)));
      this.deliver({ kind: "posted", session: this.state.id, post: effect.post, ref, receipts: [] });
    } else if (effect.do === "timer") {
      this.deliver({ kind: "timer", ...effect.input, receipts: [] } as Fact);
    } else if (effect.do === "react") this.reactions.add(effect.message.messageId);
    else if (effect.do === "unreact") this.reactions.delete(effect.message.messageId);
    else if (effect.do === "direct") this.#direct(effect.person, effect.kind, effect.asked === true);
    else if (effect.do === "channel_digest") this.#channelDigest(effect.channel, effect.what);
    else if (effect.do === "read_answer") this.#readAnswer(effect.question);
    else if (effect.do === "collect") {
      this.collected.push(effect);
      const asked = effect.asked === undefined ? {} : { asked: effect.asked };
      this.deliver({ kind: "evidence", session: this.state.id, report: this.reading(), ...asked, receipts: [] });
    } else if (effect.do === "draft") {
      this.deliver({
        kind: "draft",
        session: this.state.id,
        version: effect.version,
        writer: "plain",
        markdown: "# Summary",
        sections: [],
        receipts: [],
      });
    } else if (effect.do === "tell") {
      this.tells.push({ person: effect.person, at: new Date(this.now).toISOString(), text: effect.text });
    } else if (effect.do === "update") {
      this.redrawn.push({ post: effect.post, at: new Date(this.now).toISOString() });
      this.drawn.set(effect.post, wordsOf(this.card(effect.post)));
    }
  }

  /** A nudge or a digest: its words are made now, from what is open now. */
  #direct(id: string, kind: "nudge" | "digest", asked: boolean): void {
    const { catalogue, now, settings } = this.context();
    const items = this.openItems(id);
    const sessions = this.#sessions();
    const view = { catalogue, now, command: settings.command };
    const to = { person: this.person(id), items, sessions, fallbackZone: settings.zone, view };
    const followed = Object.keys(to.person.follows ?? {}).map(() => ({ session: this.state, events: this.events }));
    const letter = kind === "nudge" ? nudgeLetter(to, asked) : digestLetter(to, followed, [id]);
    if (letter === undefined) {
      this.deliver({ kind: "timer", timer: "nudge", person: id, receipts: [] });
      return;
    }
    const { message, ledger } = letter;
    const { thread } = letter;
    const where = thread === undefined ? {} : { thread };
    this.directs.push({ person: id, kind, at: now.toISOString(), message, items: ledger.items ?? [], ...where });
    this.deliver({ kind: "direct_sent", person: id, what: kind, ...ledger, receipts: [] });
  }

  #channelDigest(channel: string, what: "begin" | "digest"): void {
    const digest = this.state.channelDigests?.[channel];
    if (digest === undefined) return;
    const { catalogue, now, settings } = this.context();
    const view = { catalogue, now, command: settings.command };
    const message =
      what === "begin"
        ? channelDigestBegins(this.state, digest, view)
        : channelDigestMessage(this.state, this.events, digest, view);
    if (message === undefined) return;
    this.elsewhere.push({ channel: digest.address.channel, at: now.toISOString(), message });
    const told = what === "begin" ? digest.told : this.state.revision;
    this.deliver({ kind: "channel_digest_sent", session: this.state.id, channel, told, receipts: [] });
  }

  #sessions(): Map<string, SessionState> {
    return new Map(this.session.status === "none" ? [] : [[this.session.id, this.session]]);
  }

  /** Their own page on the platform. */
  homeOf(user: string): Message {
    const reply = this.deliver({ kind: "home_due", person: this.id(user), receipts: [] });
    if (reply?.kind !== "message") throw new Error("No home");
    return reply.message;
  }

  openItems(id: string): OpenItem[] {
    if (this.session.status !== "open") return [];
    return openItemsOf(this.session, standardCatalogue).filter((item) => item.person === id);
  }

  /** The calendar moves to `to`; every due time on the way is visited in order. */
  advance(to: string | number): void {
    const end = typeof to === "number" ? to : Date.parse(to);
    this.run();
    for (let visits = 0; visits < 100_000; visits++) {
      const due = this.outbox.filter((item) => item.due > this.now).map((item) => item.due);
      const next = Math.min(...due);
      if (next > end) break;
      this.now = next;
      this.run();
    }
    this.now = end;
    this.run();
  }

  /** Nobody runs until then: what became due meanwhile is all due at once. */
  sleepUntil(to: string): void {
    this.now = Date.parse(to);
    this.run();
  }

  form(
    user: string,
    form: Extract<Inbound, { kind: "form" }>["form"],
    arg: string | undefined,
    values: FieldValues,
    names = {},
  ) {
    return this.deliver({
      kind: "form",
      receipts: [`form:${++this.#ids}`],
      actor: this.actor(user),
      address: this.home,
      form,
      context: { session: this.state.id, ...(arg === undefined ? {} : { arg }) },
      values,
      names,
    });
  }

  /** Ids of high risks that nobody accepted. */
  openRisks(): string[] {
    return risksOf(this.state, standardCatalogue)
      .filter((risk) => risk.level === "HIGH" && risk.accepted === undefined)
      .map(({ id }) => id);
  }

  /** The words that stand in a thread beside the cards. */
  told(): string[] {
    return this.posts.filter(({ key }) => /^(note|evidence):/.test(key)).map(({ message }) => wordsOf(message));
  }

  card(key: string): Message {
    const post = this.state.posts[key];
    if (post === undefined) throw new Error(`No post ${key}`);
    const { catalogue, now, settings } = this.context();
    const model = this.reader !== undefined;
    return renderPost(this.state, post, { catalogue, now, command: settings.command, model }, true);
  }

  #tick(): number {
    this.#sent += 10;
    return this.#sent;
  }

  actor(user: string) {
    const zone = this.zones.get(user);
    return {
      platform: "web" as const,
      workspace: "local",
      user,
      name: user[0]!.toUpperCase() + user.slice(1),
      ...(zone === undefined ? {} : { zone }),
    };
  }

  id(user: string): string {
    return personId(this.actor(user));
  }

  thread(module: string): Address {
    const address = threadOf(this.state, postKeys.module(module));
    if (address === undefined) throw new Error(`No thread for ${module}`);
    return address;
  }

  /** A message in a module's thread; made now, delivered now or (with `later`) by hand. */
  message(user: string, module: string, text: string, mentions: Mention[] = []): Extract<Inbound, { kind: "message" }> {
    const sentAt = this.#tick();
    return {
      kind: "message",
      receipts: [`message:${sentAt}`],
      actor: this.actor(user),
      address: this.thread(module),
      messageId: `m${sentAt}`,
      sentAt,
      text,
      mentions,
    };
  }

  say(user: string, module: string, text: string, mentions: Mention[] = []): string {
    const message = this.message(user, module, text, mentions);
    this.deliver(message);
    return message.messageId;
  }

  /** What somebody writes to the bot alone. */
  direct(user: string, text: string): Reply | undefined {
    const message = { ...this.message(user, "performance", text), address: { ...this.home, channel: `@${user}` } };
    return this.deliver({ ...message, direct: true });
  }

  command(user: string, text: string, mentions: Mention[] = []): Reply | undefined {
    return this.deliver({
      kind: "command",
      receipts: [`command:${++this.#ids}`],
      actor: this.actor(user),
      address: this.home,
      text,
      mentions,
    });
  }

  press(user: string, action: string, value: Extract<Inbound, { kind: "action" }>["value"], inputs: FieldValues = {}) {
    return this.deliver({
      kind: "action",
      receipts: [`action:${++this.#ids}`],
      actor: this.actor(user),
      address: this.home,
      action,
      value: { session: this.state.id, ...value },
      inputs,
    });
  }

  edit(user: string, module: string, messageId: string, text: string, editedAt = this.#tick()): void {
    this.deliver({
      kind: "edit",
      receipts: [`edit:${messageId}:${editedAt}`],
      actor: this.actor(user),
      address: this.thread(module),
      messageId,
      editedAt,
      text,
      mentions: [],
    });
  }

  remove(user: string, module: string, messageId: string): void {
    this.deliver({
      kind: "delete",
      receipts: [`delete:${messageId}`],
      actor: this.actor(user),
      address: this.thread(module),
      messageId,
    });
  }

  open(user: string): string | undefined {
    const id = this.id(user);
    return Object.values(this.state.questions).find(
      (question) => question.askedOf === id && (question.status === "open" || question.status === "settling"),
    )?.id;
  }

  /** What an answer says now: its live parts, joined. */
  answer(question: string): string {
    return this.state.questions[question]!.parts.filter((part) => !part.withdrawn)
      .map((part) => part.words.text)
      .join("\n");
  }

  status(question: string): string {
    return this.state.questions[question]!.status;
  }

  refold(): Session {
    return fold(this.events);
  }
}

/** A started session: Fay facilitates. */
export function startedRoom(): Room {
  const room = new Room();
  room.command("fay", 'start "Black Friday" 2026-11-27 09:00 --tz Europe/London');
  room.run();
  return room;
}

export function said(reply: Reply | undefined): string {
  if (reply === undefined) return "";
  if (reply.kind === "form") return `form:${reply.form.id}`;
  if (reply.kind === "errors") return Object.values(reply.errors).join(" ");
  return reply.message.summary;
}

/** All words of a card. */
export function wordsOf(message: Message): string {
  return message.blocks
    .map((block) => {
      switch (block.kind) {
        case "heading":
          return block.text;
        case "text":
        case "context":
          return plainWords(block.text);
        case "list":
          return block.items.map(plainWords).join("\n");
        case "facts":
          return block.facts.map((fact) => `${fact.label}: ${plainWords(fact.value)}`).join("\n");
        case "ticks":
          return `${block.label} ${block.ticks.map((tick) => `${tick.ticked ? "☑" : "☐"} ${tick.text}`).join(" ")}`;
        case "buttons":
          return block.buttons.map((button) => `[${button.label}]`).join(" ");
        case "progress":
          return block.rows.map((row) => `${row.label} ${row.done}/${row.total}`).join("\n");
        default:
          return "";
      }
    })
    .join("\n");
}
