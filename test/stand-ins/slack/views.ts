import { checkView, InvalidBlocks, type Json } from "./check-blocks.ts";
import { type Context, type Method, Refused, required } from "./method.ts";
import { nextId, type View, type World } from "./world.ts";

/** Modals and App Home: one modal at a time, with at most two more on it. */

const MOST_VIEWS = 3;

function trigger(args: Json, world: World): string {
  const known = world.triggers.get(required(args, "trigger_id"));
  if (known === undefined) throw new Refused("invalid_trigger_id");
  if (known.used) throw new Refused("exchanged_trigger_id");
  if (Date.now() > known.until) throw new Refused("expired_trigger_id");
  known.used = true;
  return known.user;
}

function view(args: Json): Json {
  try {
    return checkView(args.view);
  } catch (error) {
    if (error instanceof InvalidBlocks) throw new Refused("invalid_arguments", error.message);
    throw error;
  }
}

function modal(args: Json, method: string): Json {
  const shown = view(args);
  if (shown.type !== "modal") throw new Refused("invalid_arguments", `${method} shows modals`);
  return shown;
}

/** The modals that somebody has before them, the uppermost last. */
export function openViews(world: World, user: string): View[] {
  return world.views.filter((one) => one.user === user && one.open);
}

/** `shownBy`: the workspace, or the organisation, whose token it was. */
function put({ world, team }: Context, user: string, shown: Json): Json {
  const shownBy = team.orgWide === true ? (team.enterprise ?? team.id) : team.id;
  const opened = { id: nextId("V"), hash: newHash(), user, view: shown, open: true, shownBy };
  world.views.push(opened);
  return wireView(opened);
}

export function newHash(): string {
  return `${Date.now()}.${nextId("h")}`;
}

function wireView({ id, hash, view: shown }: View): Json {
  return { view: { ...shown, id, hash } };
}

export const VIEW_METHODS: Record<string, Method> = {
  "views.open": (args, context) => {
    const { world } = context;
    const shown = modal(args, "views.open");
    const user = trigger(args, world);
    // From inside a modal Slack takes only what goes onto it or in its place.
    if (openViews(world, user).length > 0) throw new Refused("invalid_arguments", "a modal is open: push or update");
    return put(context, user, shown);
  },
  "views.push": (args, context) => {
    const { world } = context;
    const shown = modal(args, "views.push");
    const user = trigger(args, world);
    const below = openViews(world, user).length;
    if (below === 0) throw new Refused("not_found", "no modal to push onto");
    if (below >= MOST_VIEWS) throw new Refused("push_limit_reached");
    return put(context, user, shown);
  },
  "views.update": (args, { world }) => {
    const shown = modal(args, "views.update");
    const known = world.views.find((one) => one.id === required(args, "view_id") && one.open);
    if (known === undefined) throw new Refused("not_found");
    if (args.hash !== undefined && args.hash !== known.hash) throw new Refused("hash_conflict");
    known.view = shown;
    known.hash = newHash();
    return wireView(known);
  },
  "views.publish": (args, { world }) => {
    const shown = view(args);
    if (shown.type !== "home") throw new Refused("invalid_arguments", "views.publish shows home views");
    world.homes.set(required(args, "user_id"), shown);
    return { view: shown };
  },
};
