import type { Response } from "express";

/** Something that open pages want to know. `only`: a user; without it everybody. */
export type WebEvent = { type: string; data: unknown; only?: string };

type Reader = { user: string; response: Response };

/**
 * Server-Sent Events to open pages. Event ids are `<start>-<number>`: a page that was away for a moment gets what it
 * missed, one that was away too long (or before this process) is told to load anew.
 */
export class EventStream {
  readonly #start: string;
  readonly #kept: { id: number; event: WebEvent }[] = [];
  readonly #readers = new Set<Reader>();
  readonly #heartbeat: NodeJS.Timeout;
  #last = 0;

  constructor(options: { start: string; heartbeat: number }) {
    this.#start = options.start;
    this.#heartbeat = setInterval(() => this.#beat(), options.heartbeat);
    this.#heartbeat.unref();
  }

  get lastId(): string {
    return `${this.#start}-${this.#last}`;
  }

  /** Whether anybody listens; if not, {@link skip} is cheaper than making an event. */
  get isHeard(): boolean {
    return this.#readers.size > 0;
  }

  /** Something happened that nobody hears: whoever comes back from before it loads anew. */
  skip(): void {
    this.#last += 1;
    this.#kept.length = 0;
  }

  publish(event: WebEvent): void {
    this.#last += 1;
    this.#kept.push({ id: this.#last, event });
    if (this.#kept.length > KEPT) this.#kept.splice(0, this.#kept.length - KEPT);
    for (const reader of this.#readers) this.#send(reader, this.#last, event);
  }

  /** Keeps `response` open for `user`, from after the event `after` on. */
  open(user: string, response: Response, after: string | undefined): void {
    response.status(200).set({
      "Content-Type": "text/event-stream; charset=utf-8",
      "Cache-Control": "no-store",
      "X-Accel-Buffering": "no",
    });
    response.flushHeaders();
    const reader: Reader = { user, response };
    const missed = this.#since(after);
    if (missed === undefined) response.write(`id: ${this.lastId}\nevent: reload\ndata: {}\n\n`);
    else for (const { id, event } of missed) this.#send(reader, id, event);
    response.write("retry: 1000\n: here\n\n");
    this.#readers.add(reader);
    response.on("close", () => this.#readers.delete(reader));
  }

  close(): void {
    clearInterval(this.#heartbeat);
    for (const { response } of this.#readers) response.end();
    this.#readers.clear();
  }

  #since(after: string | undefined): { id: number; event: WebEvent }[] | undefined {
    if (after === undefined) return [];
    const [start, number] = [after.slice(0, after.lastIndexOf("-")), Number(after.slice(after.lastIndexOf("-") + 1))];
    if (start !== this.#start || !Number.isInteger(number) || number > this.#last) return undefined;
    if (number < this.#last - this.#kept.length) return undefined;
    return this.#kept.filter(({ id }) => id > number);
  }

  #send(reader: Reader, id: number, event: WebEvent): void {
    if (event.only !== undefined && event.only !== reader.user) return;
    reader.response.write(`id: ${this.#start}-${id}\nevent: ${event.type}\ndata: ${JSON.stringify(event.data)}\n\n`);
  }

  #beat(): void {
    for (const { response } of this.#readers) response.write(": still here\n\n");
  }
}

const KEPT = 2_000;
