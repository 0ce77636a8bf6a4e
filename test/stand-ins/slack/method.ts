import type { Json } from "./check-blocks.ts";
import type { Team, World } from "./world.ts";

/** Slack's `{ ok: false, error }`. */
export class Refused extends Error {
  readonly error: string;
  readonly detail: string | undefined;
  constructor(error: string, detail?: string) {
    super(detail ?? error);
    this.error = error;
    this.detail = detail;
  }
}

export type Context = { world: World; team: Team; base: string; socketUrl(): string };
export type Method = (args: Json, context: Context) => Json;

export function required(args: Json, name: string): string {
  const value = args[name];
  if (typeof value !== "string" || value === "") throw new Refused("invalid_arguments", `missing ${name}`);
  return value;
}
