import type { Effect } from "../src/domain/effect.ts";
import type { PersonId } from "../src/domain/ids.ts";
import type { Message } from "../src/domain/message.ts";
import type { Person, PersonEvent } from "../src/domain/person.ts";
import type { Decision, Loaded, Outcome, Reply } from "../src/domain/ports.ts";
import type { Session, SessionState } from "../src/domain/session.ts";
import type { SessionEvent } from "../src/domain/session-event.ts";
import type { Words } from "../src/domain/words.ts";
import type { Context } from "./context.ts";
import { evolve } from "./evolve.ts";
import { toOutbox } from "./lanes.ts";
import { evolvePerson } from "./person.ts";
import { wording } from "./wording.ts";

type Bare<E> = E extends SessionEvent ? Omit<E, "at" | "by"> : never;
/** An event without its time and author: the turn adds both. */
export type BareEvent = Bare<SessionEvent>;

/**
 * One decision in the making. Every event is folded at once, so that what follows sees what has just happened; seen
 * from outside it is still a pure function from (state, input, context) to (events, effects).
 */
export class Turn {
  readonly ctx: Context;
  readonly loaded: Loaded;
  readonly actor: PersonId | undefined;
  #session: Session;
  #person: Person;
  readonly #sessionEvents: SessionEvent[] = [];
  readonly #personEvents: PersonEvent[] = [];
  readonly #effects: Effect[] = [];
  readonly #redrawn = new Set<string>();
  #reply: Reply | undefined;
  #forget = false;

  constructor(loaded: Loaded, ctx: Context, actor: PersonId | undefined) {
    this.loaded = loaded;
    this.ctx = ctx;
    this.actor = actor;
    this.#session = loaded.session;
    this.#person = loaded.person;
  }

  get session(): Session {
    return this.#session;
  }

  /** The session, where there must be one. */
  get state(): SessionState {
    if (this.#session.status === "none") throw new Error("This decision needs a session");
    return this.#session;
  }

  get person(): Person {
    return this.#person;
  }

  emit(event: BareEvent): void {
    const full = {
      ...event,
      at: this.ctx.now.toISOString(),
      ...(this.actor === undefined ? {} : { by: this.actor }),
    } as SessionEvent;
    this.#session = evolve(this.#session, full);
    this.#sessionEvents.push(full);
  }

  emitPerson(event: PersonEvent): void {
    this.#person = evolvePerson(this.#person, event);
    this.#personEvents.push(event);
  }

  want(effect: Effect): void {
    this.#effects.push(effect);
  }

  /** Redraws a post at the end of this turn, once. */
  redraw(post: string): void {
    this.#redrawn.add(post);
  }

  words(text: string): Words {
    return { words: this.ctx.newId("t"), text };
  }

  /** Whether anything came of this turn so far. */
  get decided(): boolean {
    const made = this.#sessionEvents.length + this.#personEvents.length + this.#effects.length;
    return made > 0 || this.#reply !== undefined;
  }

  /** The private answer to whoever did it. The last one counts. */
  reply(reply: Reply): void {
    this.#reply = reply;
  }

  say(message: Message): void {
    this.reply({ kind: "message", message });
  }

  /** A private sentence. */
  tell(sentence: string): void {
    this.say(wording.sentence(sentence));
  }

  /** What is said ends the offer whose button was tapped. */
  endOffer(): void {
    if (this.#reply?.kind === "message") this.#reply = { ...this.#reply, ends: true };
  }

  forgetWords(): void {
    this.#forget = true;
  }

  /** What was decided. Nothing decided and nothing to say: ignored, with the reason. */
  done(ignoredBecause: string): Decision {
    const session = this.#session;
    if (session.status !== "none" && session.followers !== undefined) {
      for (const { key, copyOf } of Object.values(session.posts)) {
        if (copyOf !== undefined && this.#redrawn.has(copyOf)) this.#redrawn.add(key);
      }
    }
    for (const post of this.#redrawn) {
      if (session.status !== "none" && session.posts[post]?.state === "posted") {
        this.#effects.push({ do: "update", post });
      }
    }
    const fleeting = this.#effects.filter((effect) => effect.do === "whisper");
    const cancel = this.#effects.flatMap((effect) => (effect.do === "cancel" ? [effect.key] : []));
    const outbox = this.#effects
      .filter((effect) => effect.do !== "whisper" && effect.do !== "cancel")
      .map((effect) => toOutbox(effect, session, this.ctx));
    const reply = this.#reply === undefined ? {} : { reply: this.#reply };
    const outcome: Outcome = !this.decided
      ? { kind: "ignored", reason: ignoredBecause }
      : { kind: "committed", ...(session.status === "none" ? {} : { session: session.id }), ...reply };
    return {
      ...(session.status === "none" ? {} : { sessionId: session.id }),
      sessionEvents: this.#sessionEvents,
      ...(session.status === "none" ? {} : { folded: session }),
      personEvents: this.#personEvents,
      outbox,
      cancel,
      outcome,
      fleeting,
      ...(this.#forget && session.status !== "none" ? { forget: session.id } : {}),
    };
  }
}
