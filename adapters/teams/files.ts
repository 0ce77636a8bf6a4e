import { randomBytes } from "node:crypto";
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

const LIFE = 3_600_000;
const MOST = 100;

export function createFiles(machine: Machine): Files {
  const held = new Map<string, { file: OutgoingFile; until: number }>();
  return {
    hold(file) {
      for (const [id, { until }] of held) if (until < machine.now()) held.delete(id);
      const oldest = held.keys().next();
      if (held.size >= MOST && !oldest.done) held.delete(oldest.value);
      const id = randomBytes(32).toString("base64url");
      held.set(id, { file, until: machine.now() + LIFE });
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
