import { createHmac, timingSafeEqual } from "node:crypto";
import { z } from "zod";
import type { SessionId } from "../../src/domain/ids.ts";
import type { Machine, Store } from "../../src/domain/ports.ts";

/**
 * Links to one session's board for people without the token: signed, expiring, and revocable all at once. The link
 * carries when it ends and the session's revocation count; revoking raises the count, and every older link is dead.
 */
export interface BoardLinks {
  /** A link that works for `days` (default 30), to the end of that day: a card drawn anew carries the same one. */
  link(session: SessionId, days?: number): Promise<string>;
  /** Whether a key (the link's last part) opens this session's board now. */
  opens(session: SessionId, key: string): Promise<boolean>;
  /** No link that was given out so far works any more. */
  revoke(session: SessionId): Promise<void>;
}

const DAY_MS = 24 * 3_600_000;
const Count = z.number().int().min(0);
const KEY = /^([0-9a-z]{1,12})\.([0-9a-z]{1,6})\.([A-Za-z0-9_-]{43})$/;

export function createBoardLinks({
  secretKey,
  publicUrl,
  store,
  machine,
}: {
  secretKey: string;
  publicUrl: string;
  store: Pick<Store, "keep" | "kept">;
  machine: Machine;
}): BoardLinks {
  const count = async (session: SessionId): Promise<number> =>
    (await store.kept("board-links", session, (value) => Count.parse(value))) ?? 0;
  const sign = (session: SessionId, ends: string, revision: string): string =>
    createHmac("sha256", secretKey).update(`t-minus board\n${session}\n${ends}\n${revision}`).digest("base64url");
  return {
    async link(session, days = 30) {
      const ends = (Math.ceil((machine.now() + days * DAY_MS) / DAY_MS) * DAY_MS).toString(36);
      const revision = (await count(session)).toString(36);
      const key = `${ends}.${revision}.${sign(session, ends, revision)}`;
      return `${publicUrl.replace(/\/$/, "")}/sessions/${encodeURIComponent(session)}?key=${key}`;
    },
    async opens(session, key) {
      const [, ends = "", revision = "", signature = ""] = KEY.exec(key) ?? [];
      if (signature === "") return false;
      const wanted = Buffer.from(sign(session, ends, revision));
      if (!timingSafeEqual(wanted, Buffer.from(signature))) return false;
      return Number.parseInt(ends, 36) > machine.now() && Number.parseInt(revision, 36) === (await count(session));
    },
    async revoke(session) {
      await store.keep("board-links", session, (await count(session)) + 1);
    },
  };
}
