import { z } from "zod";
import type { Store } from "../../src/domain/ports.ts";
import { BOT, WEB_LIMITS } from "./options.ts";
import { WebProblem } from "./problem.ts";

/** Somebody whom the page can speak as. `part` says what they usually do; it grants nothing. */
const WebPerson = z.object({ user: z.string(), name: z.string(), part: z.string() });
export type WebPerson = z.infer<typeof WebPerson>;

/** Enough people for a first session; more are added by name. */
const FIRST_PEOPLE: WebPerson[] = [
  { user: "fay", name: "Fay", part: "facilitator" },
  { user: "priya", name: "Priya", part: "owner" },
  { user: "omar", name: "Omar", part: "owner" },
  { user: "sven", name: "Sven", part: "owner" },
  { user: "lena", name: "Lena", part: "owner" },
  { user: "tom", name: "Tom", part: "owner" },
  { user: "mia", name: "Mia", part: "manager" },
  { user: "pat", name: "Pat", part: "participant" },
];

const PEOPLE = "web.people";
const CHANNELS = "web.channels";
const Channel = z.object({ name: z.string(), openedAt: z.number() });

type Keeper = Pick<Store, "keep" | "keptAll">;

/** People and channels of the web platform, read once and kept in the store as they grow. */
export class Directory {
  readonly #store: Keeper;
  readonly #people = new Map<string, WebPerson>();
  readonly #channels: string[] = ["general"];

  private constructor(store: Keeper) {
    this.#store = store;
    for (const person of FIRST_PEOPLE) this.#people.set(person.user, person);
  }

  static async open(store: Keeper): Promise<Directory> {
    const directory = new Directory(store);
    for (const { value } of await store.keptAll(PEOPLE, (value) => WebPerson.parse(value))) {
      directory.#people.set(value.user, value);
    }
    const channels = await store.keptAll(CHANNELS, (value) => Channel.parse(value));
    for (const { value } of channels.toSorted((a, b) => a.value.openedAt - b.value.openedAt)) {
      if (!directory.#channels.includes(value.name)) directory.#channels.push(value.name);
    }
    return directory;
  }

  get people(): WebPerson[] {
    return [...this.#people.values()];
  }

  get channels(): string[] {
    return [...this.#channels];
  }

  person(user: string): WebPerson {
    const found = this.#people.get(user);
    if (found === undefined)
      throw new WebProblem(400, `Nobody here is called "${user}". Add the name first, then speak as them.`);
    return found;
  }

  /** The person of this name; added if there is none. */
  async addPerson(wish: string): Promise<WebPerson> {
    const name = wish.trim().replace(/\s+/g, " ");
    if (name === "") throw new WebProblem(400, "Type a name to add.");
    if (name.length > WEB_LIMITS.name) throw new WebProblem(400, `A name can have ${WEB_LIMITS.name} characters.`);
    if (/[@<>\p{Cc}]/u.test(name)) throw new WebProblem(400, "A name can't hold @, <, > or control characters.");
    const same = this.people.find((person) => person.name.toLowerCase() === name.toLowerCase());
    if (same !== undefined) return same;
    const user = this.#freeUser(name);
    if (name.toLowerCase() === BOT.name.toLowerCase())
      throw new WebProblem(400, "T-Minus is the bot's name. Take another.");
    if (this.#people.size >= WEB_LIMITS.people)
      throw new WebProblem(400, `There are ${WEB_LIMITS.people} people here already.`);
    const person: WebPerson = { user, name, part: "participant" };
    await this.#store.keep(PEOPLE, user, person);
    this.#people.set(user, person);
    return person;
  }

  async openChannel(wish: string, openedAt: number): Promise<string> {
    const name = wish.trim().replace(/^#/, "").toLowerCase().replace(/\s+/g, "-");
    if (!/^[\p{L}\p{N}](?:[\p{L}\p{N}_-]*[\p{L}\p{N}])?$/u.test(name)) {
      throw new WebProblem(400, "A channel's name is letters, digits and hyphens, such as spring-launch.");
    }
    if (name.length > WEB_LIMITS.channel)
      throw new WebProblem(400, `A channel's name can have ${WEB_LIMITS.channel} characters.`);
    if (this.#channels.includes(name)) return name;
    if (this.#channels.length >= WEB_LIMITS.channels)
      throw new WebProblem(400, `There are ${WEB_LIMITS.channels} channels already.`);
    await this.#store.keep(CHANNELS, name, { name, openedAt });
    this.#channels.push(name);
    return name;
  }

  /** A channel, or the direct messages of somebody known here. */
  has(channel: string): boolean {
    return channel.startsWith("@") ? this.#people.has(channel.slice(1)) : this.#channels.includes(channel);
  }

  /** Public channels, and a person's direct messages (`@user`), which only they can open. */
  demandChannel(channel: string, user: string): void {
    if (channel === `@${user}` || this.#channels.includes(channel)) return;
    if (channel.startsWith("@"))
      throw new WebProblem(403, "Direct messages can only be read by the person they are for.");
    throw new WebProblem(404, `There is no channel #${channel}. Open it first.`);
  }

  #freeUser(name: string): string {
    const plain = name
      .normalize("NFKD")
      .replace(/\p{M}/gu, "")
      .toLowerCase()
      .replace(/[^a-z0-9]+/g, "-")
      .replace(/^-|-$/g, "");
    const base = plain === "" || plain === BOT.user ? `person-${this.#people.size + 1}` : plain;
    let user = base;
    for (let number = 2; this.#people.has(user); number += 1) user = `${base}-${number}`;
    return user;
  }
}
