import { connect, type Socket } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";

/**
 * A load generator that costs little next to what it measures: bare sockets, one request at a time on each. Node's own
 * HTTP client takes as much of the machine as the server does.
 */

export type Body = () => string;

class Connection {
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

  post(path: string, body: string): Promise<number> {
    return new Promise((answered, failed) => {
      this.#answered = answered;
      this.#failed = failed;
      this.#socket.write(
        `POST ${path} HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/json\r\nContent-Length: ${Buffer.byteLength(body)}\r\n\r\n${body}`,
      );
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
    const length = Number(/content-length: (\d+)/i.exec(this.#buffer.slice(0, head))?.[1] ?? 0);
    if (this.#buffer.length < head + 4 + length) return;
    const status = Number(this.#buffer.slice(9, 12));
    this.#buffer = this.#buffer.slice(head + 4 + length);
    this.#answered?.(status);
  }
}

/** Requests answered with 201 in a second, with `connections` always waiting for one answer each. */
export async function saturate(
  port: number,
  body: Body,
  { connections, ms }: { connections: number; ms: number },
): Promise<number> {
  const lines = Array.from({ length: connections }, () => new Connection(port));
  const began = performance.now();
  let count = 0;
  await Promise.all(
    lines.map(async (line) => {
      while (performance.now() - began < ms) {
        demandCreated(await line.post("/web/messages", body()));
        count++;
      }
    }),
  );
  const seconds = (performance.now() - began) / 1_000;
  for (const line of lines) line.close();
  return count / seconds;
}

/**
 * Milliseconds of each request when `rate` a second are offered, from the moment it was due: one that had to wait for a
 * connection waited for the server.
 */
export async function offer(port: number, body: Body, { rate, ms }: { rate: number; ms: number }): Promise<number[]> {
  const free = Array.from({ length: 32 }, () => new Connection(port));
  const times: number[] = [];
  const inHand: Promise<void>[] = [];
  const waiting: (() => void)[] = [];
  const began = performance.now();
  const send = async (due: number) => {
    while (free.length === 0) await new Promise<void>((wake) => waiting.push(wake));
    const line = free.pop();
    if (line === undefined) throw new Error("No connection is free");
    demandCreated(await line.post("/web/messages", body()));
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

export function percentile(times: number[], share: number): number {
  return times.toSorted((a, b) => a - b)[Math.min(times.length - 1, Math.floor(times.length * share))] ?? 0;
}

function demandCreated(status: number): void {
  if (status !== 201) throw new Error(`Answered with ${status} instead of 201`);
}
