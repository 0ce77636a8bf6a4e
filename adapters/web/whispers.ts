import { randomUUID } from "node:crypto";
import type { WhisperView } from "./view.ts";

export type OfferedFile = { name: string; mediaType: string; content: string | Uint8Array };

const WHISPERS_PER_PERSON = 50;
const FILES = 30;

/**
 * What only one person sees, and files offered for download. Both live in memory: private answers are shown once and
 * never after a restart, and an export that lay on disk would outlive `forget`.
 */
export class Whispers {
  readonly #byUser = new Map<string, WhisperView[]>();
  readonly #files = new Map<string, OfferedFile & { only?: string }>();

  add(user: string, whisper: WhisperView): void {
    const mine = this.#byUser.get(user) ?? [];
    mine.push(whisper);
    this.#byUser.set(user, mine.slice(-WHISPERS_PER_PERSON));
  }

  of(user: string): WhisperView[] {
    return this.#byUser.get(user) ?? [];
  }

  remove(user: string, id: string): boolean {
    const mine = this.of(user);
    const left = mine.filter((whisper) => whisper.id !== id);
    this.#byUser.set(user, left);
    return left.length < mine.length;
  }

  /** Keeps a file and says where it can be fetched. */
  offer(file: OfferedFile): string {
    const id = randomUUID();
    this.#files.set(id, file);
    for (const old of [...this.#files.keys()].slice(0, -FILES)) this.#files.delete(old);
    return `/web/files/${id}`;
  }

  file(id: string): OfferedFile | undefined {
    return this.#files.get(id);
  }
}
