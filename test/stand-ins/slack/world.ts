import type { Json } from "./check-blocks.ts";

/** What exists in the stand-in's Slack. Plain data: tests read it. */

export type Team = {
  id: string;
  name: string;
  enterprise?: string;
  /** The app is there by its organisation's installation: one bot and token for all workspaces that have this. */
  orgWide?: boolean;
  /** The organisation took it out of its installation. */
  withdrawn?: boolean;
  bot: { user: string; id: string; token: string };
};

export type User = {
  id: string;
  /** In an organisation the one that Slack names in everything they tap, wherever that is. */
  team: string;
  /** In an organisation: all workspaces they are in. */
  teams?: string[];
  name: string;
  tz?: string;
  is_restricted?: boolean;
  is_stranger?: boolean;
  is_bot?: boolean;
  deleted?: boolean;
  email?: string;
  is_email_confirmed?: boolean;
};

export type Channel = {
  id: string;
  team: string;
  name: string;
  members: Set<string>;
  archived?: boolean;
  shared?: boolean;
  /** Slack doesn't show it to whoever isn't a member. */
  private?: boolean;
  /** The other side of a direct message. */
  im?: string;
};

export type File = { id: string; name: string; mimetype: string; mode: string; content: string };

export type Message = {
  channel: string;
  ts: string;
  user: string;
  /** The author's workspace. */
  team?: string;
  bot_id?: string;
  text: string;
  blocks?: Json[];
  thread_ts?: string;
  metadata?: Json;
  edited?: { user: string; ts: string };
  files?: File[];
  reactions: { name: string; users: string[] }[];
  /** How often it was updated. */
  updates: number;
  deleted?: boolean;
};

export type Ephemeral = {
  channel: string;
  user: string;
  text: string;
  blocks: Json[];
  thread_ts?: string;
  ts: string;
  via: "api" | "response_url" | "command";
};

export type View = { id: string; hash: string; user: string; view: Json; open: boolean; shownBy?: string };

export type Call = { method: string; args: Json; at: number; ok: boolean; error?: string; status: number };

export type World = {
  teams: Map<string, Team>;
  users: Map<string, User>;
  channels: Map<string, Channel>;
  messages: Message[];
  ephemerals: Ephemeral[];
  views: View[];
  homes: Map<string, Json>;
  uploads: { file: File; channel?: string; thread_ts?: string; comment?: string; done: boolean }[];
  files: Map<string, File>;
  calls: Call[];
  /** How many calls of each method have come in, answered or not. */
  arrived: Record<string, number>;
  /** Trigger id → until when (ms) and for whom; used once. */
  triggers: Map<string, { until: number; user: string; used: boolean }>;
  /** `of`: the message whose button was tapped. */
  responses: Map<string, { channel: string; user: string; left: number; until: number; of?: Message | Ephemeral }>;
  /** What was ticked in checkboxes when they first appeared, by message, block and action; see {@link remembered}. */
  firstTicked: Map<string, string[]>;
  /** OAuth codes → what they grant. */
  grants: Map<string, Json>;
  /** How far Slack's clock is ahead of ours: time that a test lets pass. Milliseconds. */
  ahead: number;
};

export function emptyWorld(): World {
  return {
    teams: new Map(),
    users: new Map(),
    channels: new Map(),
    messages: [],
    ephemerals: [],
    views: [],
    homes: new Map(),
    uploads: [],
    files: new Map(),
    calls: [],
    arrived: {},
    triggers: new Map(),
    responses: new Map(),
    firstTicked: new Map(),
    grants: new Map(),
    ahead: 0,
  };
}

let lastMicros = 0;

/** Slack's message ids: the time in microseconds, never twice. */
export function nextTs({ ahead }: Pick<World, "ahead">): string {
  lastMicros = Math.max(lastMicros + 1, Date.now() * 1000);
  const micros = lastMicros + ahead * 1000;
  return `${Math.floor(micros / 1_000_000)}.${String(micros % 1_000_000).padStart(6, "0")}`;
}

let counter = 0;
export function nextId(prefix: string): string {
  counter += 1;
  return `${prefix}${counter.toString(36).toUpperCase().padStart(9, "0")}`;
}

export function findMessage(world: World, channel: string, ts: string): Message | undefined {
  return world.messages.find((message) => message.channel === channel && message.ts === ts && message.deleted !== true);
}

export function elements(block: Json): Json[] {
  return Array.isArray(block.elements) ? block.elements : [];
}

export function optionsOf(value: unknown): { value: string }[] {
  return Array.isArray(value) ? value : [];
}

export function tickedKey(ts: string, block: Json, element: Json): string {
  return `${ts} ${String(block.block_id)} ${String(element.action_id)}`;
}

/**
 * Slack's clients take `initial_options` when a block's element first appears in a message. From then on its state is
 * theirs: an update with other initial options changes nothing, unless the block has another id.
 */
export function remembered({ firstTicked }: World, { ts, blocks = [] }: { ts: string; blocks?: Json[] }): void {
  for (const block of blocks) {
    for (const element of elements(block).filter(({ type }) => type === "checkboxes")) {
      const key = tickedKey(ts, block, element);
      const initial = optionsOf(element.initial_options).map(({ value }) => value);
      if (!firstTicked.has(key)) firstTicked.set(key, initial);
    }
  }
}
