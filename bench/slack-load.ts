import { createHmac } from "node:crypto";
import { connect, type Socket } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";

/** Signed requests over bare sockets, one at a time on each: see `load.ts`, whose requests carry no signature. */

export type Request = { type: string; body: string };
export type Next = () => Request;

const PATH = "/slack/events";

class Line {
  readonly #socket: Socket;
  readonly #secret: string;
  #buffer = "";
  #answered: ((status: number) => void) | undefined;
  #failed: ((error: Error) => void) | undefined;

  constructor(port: number, secret: string) {
    this.#secret = secret;
    this.#socket = connect(port, "127.0.0.1");
    this.#socket.setNoDelay(true);
    this.#socket.setEncoding("latin1");
    this.#socket.on("data", (data: string) => this.#read(data));
    this.#socket.on("error", (error) => this.#failed?.(error));
    this.#socket.on("close", () => this.#failed?.(new Error("The server closed the connection")));
  }

  post({ type, body }: Request): Promise<number> {
    const at = Math.floor(Date.now() / 1_000);
    const signature = createHmac("sha256", this.#secret).update(`v0:${at}:${body}`).digest("hex");
    return new Promise((answered, failed) => {
      this.#answered = answered;
      this.#failed = failed;
      this.#socket.write(
        `POST ${PATH} HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: ${type}\r\nX-Slack-Request-Timestamp: ${at}\r\n` +
          `X-Slack-Signature: v0=${signature}\r\nContent-Length: ${Buffer.byteLength(body)}\r\n\r\n${body}`,
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
    const headers = this.#buffer.slice(0, head);
    const body = this.#buffer.slice(head + 4);
    const length = /content-length: (\d+)/i.exec(headers)?.[1];
    if (length === undefined ? !/^0\r\n/m.test(body) : body.length < Number(length)) return;
    const status = Number(this.#buffer.slice(9, 12));
    this.#buffer = "";
    this.#answered?.(status);
  }
}

/** Answers a second, and the milliseconds of each, with `connections` always waiting for one. */
export async function saturate(
  port: number,
  secret: string,
  next: Next,
  { connections, ms }: { connections: number; ms: number },
): Promise<{ rate: number; times: number[] }> {
  const lines = Array.from({ length: connections }, () => new Line(port, secret));
  const times: number[] = [];
  const began = performance.now();
  await Promise.all(
    lines.map(async (line) => {
      for (let at = performance.now(); at - began < ms; at = performance.now()) {
        demandOk(await line.post(next()));
        times.push(performance.now() - at);
      }
    }),
  );
  const seconds = (performance.now() - began) / 1_000;
  for (const line of lines) line.close();
  return { rate: times.length / seconds, times };
}

/** Milliseconds of each request when `rate` a second are offered, from the moment it was due. */
export async function offer(
  port: number,
  secret: string,
  next: Next,
  { rate, ms, connections }: { rate: number; ms: number; connections: number },
): Promise<number[]> {
  const free = Array.from({ length: connections }, () => new Line(port, secret));
  const times: number[] = [];
  const inHand: Promise<void>[] = [];
  const waiting: (() => void)[] = [];
  const began = performance.now();
  const send = async (due: number) => {
    while (free.length === 0) await new Promise<void>((wake) => waiting.push(wake));
    const line = free.pop();
    if (line === undefined) throw new Error("No connection is free");
    demandOk(await line.post(next()));
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

/** One request, as Slack would send it. */
export async function once(port: number, secret: string, request: Request): Promise<void> {
  const line = new Line(port, secret);
  demandOk(await line.post(request));
  line.close();
}

function demandOk(status: number): void {
  if (status !== 200) throw new Error(`Answered with ${status} instead of 200`);
}
