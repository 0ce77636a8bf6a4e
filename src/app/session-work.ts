import { postKeys } from "../../conversations/session-queries.ts";
import { wording } from "../../conversations/wording.ts";
import { type Address, directTo } from "../domain/address.ts";
import type { Effect, OutboxItem } from "../domain/effect.ts";
import { TerminalError } from "../domain/errors.ts";
import { identityOf, type PersonId, type SessionId } from "../domain/ids.ts";
import { placeAt } from "../domain/place.ts";
import { readArchitecture } from "./intake.ts";
import type { Parts } from "./parts.ts";
import { progressTo } from "./progress.ts";
import type { Receiver } from "./receive.ts";
import type { Sending } from "./sending.ts";

/** A card that shows how far something is says so this often. */
const PROGRESS_EVERY_MS = 2_000;

/** The long work of a session: reading AWS and architectures, writing the summary, exports. */
export function createSessionWork(
  parts: Parts,
  receiver: Receiver,
  { chatOf, drafted, redrawPost }: Sending & { redrawPost(session: SessionId, key: string): Promise<void> },
) {
  const { store, log, machine } = parts;

  async function collect(
    item: OutboxItem,
    { sources, fresh, asked }: Extract<Effect, { do: "collect" }>,
  ): Promise<void> {
    const settles = { id: item.id, token: item.token };
    const session = await store.session(item.session ?? "");
    if (session === undefined || session.status !== "open" || parts.collector === undefined) {
      await store.settle(item.id, item.token);
      return;
    }
    const { scope, home } = session;
    const told = progressTo((report) => receiver.fact({ kind: "evidence", session: session.id, report, receipts: [] }));
    const report = await parts.collector.collect(
      {
        accounts: scope.accounts,
        regions: scope.regions,
        services: scope.services,
        hosts: scope.hosts,
        peak: scope.peak ?? 1,
        eventAt: session.eventAt,
        ...(scope.loadTarget === undefined ? {} : { loadTarget: scope.loadTarget }),
      },
      {
        place: placeAt(home),
        onProgress: told.show,
        ...(sources === undefined ? {} : { sources }),
        ...(fresh === true ? { fresh } : {}),
      },
    );
    await told.end();
    const by = asked === undefined ? {} : { asked };
    await receiver.fact({ kind: "evidence", session: session.id, report, ...by, receipts: [] }, settles);
  }

  async function architecture(item: OutboxItem, intake: string): Promise<void> {
    const settles = { id: item.id, token: item.token };
    const session = await store.session(item.session ?? "");
    const given = session?.architectures?.find((one) => one.id === intake);
    if (session === undefined || given?.reading !== "under_way") {
      await store.settle(item.id, item.token);
      return;
    }
    const reading = await readArchitecture(parts, given);
    await receiver.fact({ kind: "architecture", session: session.id, intake, reading, receipts: [] }, settles);
  }

  async function draft(item: OutboxItem, version: number): Promise<void> {
    const settles = { id: item.id, token: item.token };
    const session = await store.session(item.session ?? "");
    if (session === undefined) {
      await store.settle(item.id, item.token);
      return;
    }
    let shownAt = machine.now();
    const written = await parts.writer(session, (share) => {
      drafted.set(session.id, share);
      if (machine.now() - shownAt < PROGRESS_EVERY_MS) return;
      shownAt = machine.now();
      redrawPost(session.id, postKeys.summary(version)).catch((err: unknown) => {
        log.warn({ err, session: session.id }, "How far a summary is couldn't be shown");
      });
    });
    await receiver.fact({ kind: "draft", session: session.id, version, ...written, receipts: [] }, settles);
    drafted.delete(session.id);
  }

  /** No platform can look a file up: one that may have arrived isn't sent again, and whoever asked is told so, once. */
  async function sendExport(item: OutboxItem, to: PersonId, format: string, asked: Address): Promise<void> {
    const session = await store.session(item.session ?? "");
    if (session === undefined) return;
    if (item.uncertain) {
      const lane = `tell:${to}`;
      const text = wording.exportUnsure(session.name, format, parts.commands[asked.platform]);
      const effect = { do: "tell", person: to, text } as const;
      // The key: claimed again before this item was settled, the same sentence takes its own place.
      const row = { id: parts.newId("o"), session: session.id, lane, key: `unsure:${item.id}`, effect };
      await store.enqueue([{ ...row, class: "marked", kind: "note", due: 0, notBefore: 0 }]);
      return;
    }
    const address = asked.platform === "teams" ? asked : directTo(identityOf(to));
    const file = await parts.exportSession(session, format);
    if ("problem" in file) throw new TerminalError(file.problem);
    await chatOf(address).sendFile(address, {
      name: file.name,
      mediaType: file.mediaType,
      content: new TextEncoder().encode(file.content),
      comment: `${session.name}: ${format} export.`,
    });
  }

  /** Every link given out so far ends; the cards that stand carry new ones. */
  async function revokeLinks(id: SessionId): Promise<void> {
    await parts.boards?.revoke(id);
    const posts = Object.values((await store.session(id))?.posts ?? {});
    const linked = posts.filter(({ kind, state }) => state === "posted" && (kind === "summary" || kind === "decision"));
    for (const post of linked) await redrawPost(id, post.key);
  }

  return { collect, architecture, draft, sendExport, revokeLinks };
}
