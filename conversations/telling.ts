import type { ModuleId } from "../src/domain/ids.ts";
import type { Telling } from "../src/domain/session.ts";
import { wantPost } from "./asking.ts";
import { postKeys } from "./session-queries.ts";
import type { Turn } from "./turn.ts";

/**
 * Says something once: in the header's thread, or in a module's. Beside the cards nothing else is posted unprompted.
 * What is kept is what it is about; its words are made when it is sent.
 */
export function announce(turn: Turn, telling: Telling, module?: ModuleId): string | undefined {
  const root = module === undefined ? postKeys.header : postKeys.module(module);
  if (turn.state.posts[root]?.state !== "posted") return undefined;
  const version = 1 + Object.keys(turn.state.told ?? {}).length;
  const kind = module === undefined ? "note" : "evidence";
  const key = `${kind}:${version}`;
  turn.emit({ kind: "telling_wanted", post: key, telling });
  wantPost(turn, { key, kind, version, ...(module === undefined ? {} : { module }) }, root);
  return key;
}

/** The post of something told before, to redraw it. */
export function postOfTelling(turn: Turn, what: Telling["what"]): string | undefined {
  return Object.entries(turn.state.told ?? {}).find(([, telling]) => telling.what === what)?.[0];
}
