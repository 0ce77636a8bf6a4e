import { eventually } from "./program.ts";

/** The web channel's API as the page uses it, for journeys that need no browser. */

export type Shown = {
  id: string;
  channel: string;
  thread: string | null;
  author: string;
  text: string;
  card: unknown;
  deleted?: boolean;
};

export type Answered = {
  status: number;
  body: { error?: string; whisper?: unknown; form?: unknown; errors?: Record<string, string>; id?: string };
};

export class WebClient {
  #base: string;
  #keys = 0;
  readonly #name: string;

  constructor(base: string, name = "client") {
    this.#base = base;
    this.#name = name;
  }

  /** The program came back elsewhere. */
  moved(base: string): void {
    this.#base = base;
  }

  /** A page's own name for one act: a repeat with the same key changes nothing. */
  key(): string {
    return `${this.#name}-key-${++this.#keys}`;
  }

  async send(method: string, path: string, body: unknown): Promise<Answered> {
    const response = await fetch(`${this.#base}${path}`, {
      method,
      headers: { "content-type": "application/json" },
      body: JSON.stringify(body),
    });
    const text = await response.text();
    return { status: response.status, body: text === "" ? {} : JSON.parse(text) };
  }

  say(as: string, text: string, thread?: string, key = this.key()): Promise<Answered> {
    return this.send("POST", "/web/messages", {
      as,
      channel: "general",
      key,
      text,
      ...(thread === undefined ? {} : { thread }),
    });
  }

  act(
    as: string,
    action: string,
    value: Record<string, unknown>,
    inputs: Record<string, unknown> = {},
    key = this.key(),
  ): Promise<Answered> {
    return this.send("POST", "/web/actions", {
      as,
      channel: "general",
      key,
      verb: action,
      data: { ...value, ...inputs },
    });
  }

  async messages(as = "fay", channel = "general"): Promise<Shown[]> {
    const response = await fetch(`${this.#base}/web/messages?as=${as}&channel=${encodeURIComponent(channel)}`);
    const { messages } = (await response.json()) as { messages: Shown[] };
    return messages.filter((message) => message.deleted !== true);
  }

  async ready(): Promise<{ now: string; due: number; running: number }> {
    const response = await fetch(`${this.#base}/readyz`);
    return (await response.json()) as { now: string; due: number; running: number };
  }

  /** Every effect of everything acknowledged has been tried and settled. */
  quiet(withinMs = 30_000): Promise<true> {
    return eventually(
      "the program is quiet",
      async () => {
        const { due, running } = await this.ready();
        return due + running === 0 ? true : undefined;
      },
      withinMs,
    );
  }

  /** With a simulated calendar: settling and coalesced redraws happen now instead of after their silence. */
  async flush(): Promise<void> {
    const { now } = await this.ready();
    const { status, body } = await this.send("POST", "/clock", {
      to: new Date(Date.parse(now) + 60_000).toISOString(),
    });
    if (status !== 200) throw new Error(`The calendar didn't move: ${status} ${body.error ?? ""}`);
  }

  async json<T>(path: string): Promise<T> {
    const response = await fetch(`${this.#base}${path}`);
    return (await response.json()) as T;
  }
}
