import type { Address } from "../src/domain/address.ts";
import type { Catalogue } from "../src/domain/catalogue.ts";
import type { ModuleId } from "../src/domain/ids.ts";
import { isOpenTo, type Place, placeAt } from "../src/domain/place.ts";
import type { Settings } from "./context.ts";
import type { Turn } from "./turn.ts";

/** What of AWS a place may see, and which sources speak to a module. */

type GrantedAccount = Extract<Settings["aws"], { on: true }>["accounts"][number];

/** The operator's accounts that are open to a place. */
export function accountsAt(settings: Settings, place: Place): GrantedAccount[] {
  if (!settings.aws.on) return [];
  return settings.aws.accounts.filter(({ allow }) => allow === undefined || isOpenTo(allow, place));
}

/** `so`: what that means, such as "; nothing was started". */
export function unlistedAccount(turn: Turn, accounts: string[], where: Address, so = ""): string | undefined {
  const { aws } = turn.ctx.settings;
  const known = accountsAt(turn.ctx.settings, placeAt(where)).map(({ alias }) => alias);
  const unknown = accounts.find((account) => !known.includes(account));
  if (unknown === undefined) return undefined;
  if (!aws.on)
    return `AWS isn't connected (${aws.why}), so there is no account to read${so}. Leave it out, and I ask instead.`;
  if (aws.accounts.some(({ alias }) => alias === unknown)) {
    return `I may not read the account "${unknown}" from this channel${so}. Whoever runs me can add allow: { channels: ["${where.channel}"] } to its entry in the AWS_ACCOUNTS file.`;
  }
  const usable = known.length === 0 ? "No account is open to this channel." : `You can use: ${known.join(", ")}.`;
  return `I may not read the account "${unknown}"${so}. ${usable} Whoever runs me can add an entry with alias: ${unknown} to the AWS_ACCOUNTS file and restart me.`;
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
