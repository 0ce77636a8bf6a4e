import { randomBytes } from "node:crypto";
import { RetryLaterError, TerminalError } from "../../src/domain/errors.ts";
import type { FileRef } from "../../src/domain/inbound.ts";
import type { Machine } from "../../src/domain/ports.ts";
import type { FileConsentValue } from "./schema.ts";

export type OutgoingFile = { name: string; mediaType: string; content: Uint8Array; comment: string };

/**
 * Exports on their way to somebody: in the personal chat Teams asks first whether to store the file; in channels it is
 * a link. What people wrote is in these files, so they stay in memory only, for an hour, and a restart forgets them:
 * the export is made again on request, and `forget` leaves no copy behind.
 */
export type Files = {
  /** Holds a file; the id is 256 random bits, so that knowing the link is being allowed to open it. */
  hold(file: OutgoingFile): string;
  find(id: string): OutgoingFile | undefined;
  release(id: string): void;
};

/** Milliseconds. */
export const FILE_LIFE = 3_600_000;
const MOST = 100;

export function createFiles(machine: Machine): Files {
  const held = new Map<string, { file: OutgoingFile; until: number }>();
  return {
    hold(file) {
      for (const [id, { until }] of held) if (until < machine.now()) held.delete(id);
      const oldest = held.keys().next();
      if (held.size >= MOST && !oldest.done) held.delete(oldest.value);
      const id = randomBytes(32).toString("base64url");
      held.set(id, { file, until: machine.now() + FILE_LIFE });
      return id;
    },
    find(id) {
      const entry = held.get(id);
      return entry === undefined || entry.until < machine.now() ? undefined : entry.file;
    },
    release(id) {
      held.delete(id);
    },
  };
}

/** Where Microsoft keeps what people attach. Links come with their own, short-lived permission. */
const MICROSOFTS = /(?:^|\.)(?:sharepoint\.com|sharepoint\.us|sharepoint-mil\.us|svc\.ms|1drv\.com|onedrive\.com)$/;

/**
 * What somebody attached, at most `most` bytes; `service` is the conversation's own service URL.
 * @throws {TerminalError} with why, and what to do
 */
export async function readAttached(file: FileRef, most: number, service: string): Promise<Uint8Array> {
  if (!isMicrosofts(file.url, service))
    throw new TerminalError("it isn't kept by Microsoft 365. Paste its text instead.");
  const response = await fetch(file.url, { signal: AbortSignal.timeout(30_000) }).catch((cause: unknown) => {
    throw new RetryLaterError("An attached file couldn't be reached", { retryAfter: 5_000, cause });
  });
  if (response.status >= 500 || response.status === 429) {
    throw new RetryLaterError(`An attached file was answered with ${response.status}`, { retryAfter: 5_000 });
  }
  if (!response.ok) throw new TerminalError("its link has run out. Attach it again.");
  const parts: Uint8Array[] = [];
  let size = 0;
  for await (const part of response.body ?? []) {
    size += part.length;
    if (size > most) throw new TerminalError("it is larger than 5 MB. Send the part that matters.");
    parts.push(part);
  }
  return new Uint8Array(Buffer.concat(parts));
}

/** A stand-in on this machine is its own Microsoft, for conversations that it serves itself. */
function isMicrosofts(address: string, service: string): boolean {
  if (!URL.canParse(address)) return false;
  const url = new URL(address);
  if (url.protocol === "https:" && MICROSOFTS.test(url.hostname)) return true;
  const host = URL.canParse(service) ? new URL(service) : undefined;
  return host !== undefined && /^(?:127\.0\.0\.1|localhost|\[::1\])$/.test(host.hostname) && url.host === host.host;
}

/** Asks in the personal chat whether the file may be stored in the person's OneDrive. */
export function consentCard(file: OutgoingFile, id: string): object {
  return {
    contentType: "application/vnd.microsoft.teams.card.file.consent",
    name: file.name,
    content: {
      description: file.comment,
      sizeInBytes: file.content.byteLength,
      acceptContext: { file: id },
      declineContext: { file: id },
    },
  };
}

/** Shown once the file is stored. */
export function fileInfoCard(info: NonNullable<FileConsentValue["uploadInfo"]>): object {
  return {
    contentType: "application/vnd.microsoft.teams.card.file.info",
    name: info.name,
    contentUrl: info.contentUrl,
    content: { uniqueId: info.uniqueId, fileType: info.fileType ?? info.name.split(".").at(-1) ?? "txt" },
  };
}

/** Puts the file where Teams said: one PUT with the whole range. */
export async function upload(file: OutgoingFile, uploadUrl: string): Promise<void> {
  const size = file.content.byteLength;
  const response = await fetch(uploadUrl, {
    method: "PUT",
    headers: { "content-type": file.mediaType, "content-range": `bytes 0-${size - 1}/${size}` },
    body: new Uint8Array(file.content),
    signal: AbortSignal.timeout(30_000),
  });
  if (!response.ok) throw new Error(`The upload of an export was answered with ${response.status}.`);
}
