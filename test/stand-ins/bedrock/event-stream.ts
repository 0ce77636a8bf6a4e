import { crc32 } from "node:zlib";

/** One message of AWS's binary event stream (application/vnd.amazon.eventstream): lengths, headers, payload, two CRCs. */
export function frame(type: "event" | "exception", name: string, payload: unknown): Buffer {
  const body = Buffer.from(JSON.stringify(payload));
  const headers = Buffer.concat([
    header(":message-type", type),
    header(type === "event" ? ":event-type" : ":exception-type", name),
    header(":content-type", "application/json"),
  ]);
  const prelude = Buffer.alloc(8);
  prelude.writeUInt32BE(12 + headers.length + body.length + 4, 0);
  prelude.writeUInt32BE(headers.length, 4);
  const head = Buffer.concat([prelude, checksum(prelude), headers, body]);
  return Buffer.concat([head, checksum(head)]);
}

function header(name: string, value: string): Buffer {
  const key = Buffer.from(name);
  const text = Buffer.from(value);
  const length = Buffer.alloc(2);
  length.writeUInt16BE(text.length);
  // 7: a string
  return Buffer.concat([Buffer.from([key.length]), key, Buffer.from([7]), length, text]);
}

function checksum(data: Buffer): Buffer {
  const sum = Buffer.alloc(4);
  sum.writeUInt32BE(crc32(data));
  return sum;
}
