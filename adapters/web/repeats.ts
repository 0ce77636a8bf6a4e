const KEPT = 500;

/**
 * A page that lost an answer sends again with the same key. While both are of this process the second gets the first
 * one's answer; the receipts in the store catch the rest.
 */
export class Repeats {
  readonly #answers = new Map<string, Promise<unknown>>();

  async once<T>(key: string | undefined, work: () => Promise<T>): Promise<T> {
    if (key === undefined) return work();
    const known = this.#answers.get(key);
    // Only `once` fills the map, always with this key's own kind of answer.
    if (known !== undefined) return known as Promise<T>;
    const answer = work();
    this.#answers.set(key, answer);
    if (this.#answers.size > KEPT) this.#forgetOldest();
    try {
      return await answer;
    } catch (error) {
      this.#answers.delete(key);
      throw error;
    }
  }

  #forgetOldest(): void {
    for (const oldest of this.#answers.keys()) {
      this.#answers.delete(oldest);
      return;
    }
  }
}
