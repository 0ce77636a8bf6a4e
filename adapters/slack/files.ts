import { RetryLaterError, TerminalError } from "../../src/domain/errors.ts";
import type { FileRef, Ignored, Inbound } from "../../src/domain/inbound.ts";
import type { TokenOf } from "./api.ts";
import { apiBase, type SlackConfig } from "./config.ts";
import type { Texts } from "./delivery.ts";
import type { SlackFile } from "./schema.ts";
import { wording } from "./wording.ts";

const TIMEOUT = 10_000;
const MOST = 1_000_000;
const TRIES = 3;

/** The whole text of a file, with `files:read`. The token goes to Slack's own hosts only. */
async function download(config: SlackConfig, token: string, file: SlackFile): Promise<string> {
  const url = file.url_private_download ?? file.url_private;
  if (url == null || !isSlacks(config, url)) throw new Error("the file's address is not Slack's");
  const response = await fetch(url, {
    headers: { authorization: `Bearer ${token}` },
    signal: AbortSignal.timeout(TIMEOUT),
  });
  // Without the scope Slack answers 200 with its sign-in page.
  const isPage =
    response.headers.get("content-type")?.startsWith("text/html") === true && file.mimetype !== "text/html";
  if (!response.ok || isPage) throw new Error(`Slack answered the file with ${response.status}`);
  return (await response.text()).slice(0, MOST);
}

/** What somebody attached, at most `most` bytes. @throws {TerminalError} with why, and what to do */
export async function readAttached(
  config: SlackConfig,
  tokenOf: TokenOf,
  workspace: string,
  file: FileRef,
  most: number,
): Promise<Uint8Array> {
  if (file.url === "" || !isSlacks(config, file.url)) throw new TerminalError(wording.fileElsewhere);
  const token = await tokenOf(workspace);
  if (token === undefined) throw new TerminalError(wording.fileElsewhere);
  const response = await fetch(file.url, {
    headers: { authorization: `Bearer ${token}` },
    signal: AbortSignal.timeout(TIMEOUT),
  }).catch((cause: unknown) => {
    throw new RetryLaterError("Slack's files couldn't be reached", { retryAfter: 5_000, cause });
  });
  if (response.status >= 500 || response.status === 429) {
    throw new RetryLaterError(`Slack answered the file with ${response.status}`, { retryAfter: 5_000 });
  }
  const isPage = response.headers.get("content-type")?.startsWith("text/html") === true;
  if (!response.ok || (isPage && !/html/.test(file.mediaType))) throw new TerminalError(wording.fileRefused);
  return atMost(response, most);
}

async function atMost(response: Response, most: number): Promise<Uint8Array> {
  const parts: Uint8Array[] = [];
  let size = 0;
  for await (const part of response.body ?? []) {
    size += part.length;
    if (size > most) throw new TerminalError(wording.fileTooLarge);
    parts.push(part);
  }
  return new Uint8Array(Buffer.concat(parts));
}

function isSlacks(config: SlackConfig, address: string): boolean {
  if (!URL.canParse(address)) return false;
  const url = new URL(address);
  if (url.host === new URL(apiBase(config)).host) return true;
  return url.protocol === "https:" && /(^|\.)(slack\.com|slack-gov\.com|slack-files\.com)$/.test(url.hostname);
}

/**
 * The edit that puts the fetched texts in the place of their previews: the same message, a millisecond later, so that
 * whatever the person changes afterwards wins. Rejects when a text can't be had.
 */
export async function textsAsEdit(
  config: SlackConfig,
  tokenOf: TokenOf,
  inbound: Inbound | Ignored,
  { files, words }: Texts,
): Promise<Inbound | undefined> {
  if (inbound.kind !== "message" && inbound.kind !== "edit") return undefined;
  const token = await tokenOf(inbound.address.workspace);
  if (token === undefined) return undefined;
  const texts = await Promise.all(files.map((file) => patiently(() => download(config, token, file))));
  const { actor, address, direct, messageId, mentions } = inbound;
  return {
    kind: "edit",
    receipts: inbound.receipts.map((receipt) => `${receipt}:texts`),
    actor,
    address,
    ...(direct === true ? { direct } : {}),
    messageId,
    editedAt: (inbound.kind === "edit" ? inbound.editedAt : inbound.sentAt) + 1,
    text: [words, ...texts].filter((part) => part.trim() !== "").join("\n"),
    mentions,
  };
}

async function patiently<T>(run: () => Promise<T>): Promise<T> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await run();
    } catch (error) {
      if (attempt >= TRIES) throw error;
      await new Promise((resolve) => setTimeout(resolve, 500 * attempt));
    }
  }
}
