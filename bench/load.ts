import { connect, type Socket } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";

/**
 * A load generator that costs little next to what it measures: bare sockets, one request at a time on each. Node's own
 * HTTP client takes as much of the machine as the server does.
 */

/** The next request, whole: see {@link postOf}. */
export type Next = () => string;
export type Target = { port: number; next: Next /** What a good answer's status is. */; status: number };

/** A POST as it goes over the wire. */
export function postOf(path: string, headers: Record<string, string>, body: string): string {
  const all = { Host: "127.0.0.1", ...headers, "Content-Length": String(Buffer.byteLength(body)) };
  const lines = Object.entries(all).map(([name, value]) => `${name}: ${value}\r\n`);
  return `POST ${path} HTTP/1.1\r\n${lines.join("")}\r\n${body}`;
}

class Line {
  readonly #socket: Socket;
  #buffer = "";
  #answered: ((status: number) => void) | undefined;
  #failed: ((error: Error) => void) | undefined;

  constructor(port: number) {
    this.#socket = connect(port, "127.0.0.1");
    this.#socket.setNoDelay(true);
    this.#socket.setEncoding("latin1");
    this.#socket.on("data", (data: string) => this.#read(data));
    this.#socket.on("error", (error) => this.#failed?.(error));
    this.#socket.on("close", () => this.#failed?.(new Error("The server closed the connection")));
  }

  send(request: string): Promise<number> {
    return new Promise((answered, failed) => {
      this.#answered = answered;
      this.#failed = failed;
      this.#socket.write(request);
    });
  }

  close(): void {
    this.#failed = undefined;
    this.#socket.destroy();
  }

  #read(data: string): void {
    this.#buffer += data;
    const head = this.#buffer.indexOf("\r\n\r\n");
    if (head < 0) return;
    const length = /content-length: (\d+)/i.exec(this.#buffer.slice(0, head))?.[1];
    const body = this.#buffer.slice(head + 4);
    if (length === undefined ? !/(^|\n)0\r\n/.test(body) : body.length < Number(length)) return;
    const status = Number(this.#buffer.slice(9, 12));
    this.#buffer = "";
    this.#answered?.(status);
  }
}

/** One request on a connection of its own. */
export async function once({ port, next, status }: Target): Promise<void> {
  const line = new Line(port);
  demand(status, await line.send(next()));
  line.close();
}

/** Good answers a second, and the milliseconds of each, with `connections` always waiting for one. */
export async function saturate(
  { port, next, status }: Target,
  { connections, ms }: { connections: number; ms: number },
): Promise<{ rate: number; times: number[] }> {
  const lines = Array.from({ length: connections }, () => new Line(port));
  const times: number[] = [];
  const began = performance.now();
  await Promise.all(
    lines.map(async (line) => {
      for (let at = performance.now(); at - began < ms; at = performance.now()) {
        demand(status, await line.send(next()));
        times.push(performance.now() - at);
      }
    }),
  );
  const seconds = (performance.now() - began) / 1_000;
  for (const line of lines) line.close();
  return { rate: times.length / seconds, times };
}

/**
 * Milliseconds of each request when `rate` a second are offered, from the moment it was due: one that had to wait for a
 * connection waited for the server.
 */
export async function offer(
  { port, next, status }: Target,
  { rate, ms, connections }: { rate: number; ms: number; connections: number },
): Promise<number[]> {
  const free = Array.from({ length: connections }, () => new Line(port));
  const times: number[] = [];
  const inHand: Promise<void>[] = [];
  const waiting: (() => void)[] = [];
  const began = performance.now();
  const send = async (due: number) => {
    while (free.length === 0) await new Promise<void>((wake) => waiting.push(wake));
    const line = free.pop();
    if (line === undefined) throw new Error("No connection is free");
    demand(status, await line.send(next()));
    times.push(performance.now() - due);
    free.push(line);
    waiting.shift()?.();
  };
  const total = Math.floor((rate * ms) / 1_000);
  for (let sent = 0; sent < total; ) {
    const now = performance.now();
    while (sent < total && began + (sent * 1_000) / rate <= now) {
      inHand.push(send(began + (sent * 1_000) / rate));
      sent++;
    }
    await sleep(1);
  }
  await Promise.all(inHand);
  for (const line of free) line.close();
  return times;
}

/** Resolves when the program has nothing left to do. */
export async function quiet(url: string): Promise<void> {
  for (let tries = 0; tries < 900; tries++) {
    const state: unknown = await (await fetch(`${url}/readyz`)).json();
    if (typeof state === "object" && state !== null && "due" in state && "running" in state) {
      if (state.due === 0 && state.running === 0) return;
    }
    await sleep(100);
  }
  throw new Error("The outbox didn't come to rest");
}

export function percentile(times: number[], share: number): number {
  return times.toSorted((a, b) => a - b)[Math.min(times.length - 1, Math.floor(times.length * share))] ?? 0;
}

export function mean(values: number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

function demand(wanted: number, status: number): void {
  if (status !== wanted) throw new Error(`Answered with ${status} instead of ${wanted}`);
}
