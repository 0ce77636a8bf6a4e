import type { Catalogue } from "../src/domain/catalogue.ts";
import type { ModuleId } from "../src/domain/ids.ts";
import { isOpenTo, type Place } from "../src/domain/place.ts";
import type { Settings } from "./context.ts";

/** What of AWS a place may see, and which sources speak to a module. */

type GrantedAccount = Extract<Settings["aws"], { on: true }>["accounts"][number];

/** The operator's accounts that are open to a place. */
export function accountsAt(settings: Settings, place: Place): GrantedAccount[] {
  if (!settings.aws.on) return [];
  return settings.aws.accounts.filter(({ allow }) => allow === undefined || isOpenTo(allow, place));
}

/** The sources of evidence that a module's questions use. */
export function sourcesOf(catalogue: Catalogue, module: ModuleId): string[] {
  const questions = catalogue.module(module)?.questions ?? [];
  const uses = questions.flatMap((question) => [
    ...question.evidence.map((use) => use.source),
    ...question.good.flatMap((point) => point.evidence),
  ]);
  return [...new Set(uses)].sort();
}
