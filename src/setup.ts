import { readFile } from "node:fs/promises";
import { createCatalogue, standardModules } from "../conversations/catalogue/index.ts";
import type { Accounts } from "./aws/accounts.ts";
import { loadCatalogueFiles } from "./catalogue-files.ts";
import { type Config, type Environment, loadConfig, namedFiles } from "./config.ts";
import { problemWith } from "./config-variables.ts";
import type { Catalogue } from "./domain/catalogue.ts";
import { CatalogueError, ConfigError } from "./domain/errors.ts";

/** All that the operator wrote: the environment, and the files that it names. `accounts`: absent without AWS_ACCOUNTS. */
export type Setup = { config: Config; catalogue: Catalogue; accounts?: Accounts };

/**
 * Reads everything before anything is opened, so that every problem is named at once.
 *
 * @throws {ConfigError} with every problem of the environment and of each file that it names
 */
export async function loadSetup(environment: Environment): Promise<Setup> {
  const problems: string[] = [];
  const { catalogueFiles, accountsFile } = namedFiles(environment);
  const config = await tried(problems, () => loadConfig(environment));
  const catalogue = await tried(problems, async () =>
    createCatalogue([...standardModules, ...(await loadCatalogueFiles(catalogueFiles))]),
  );
  const accounts = accountsFile === undefined ? undefined : await tried(problems, () => readAccounts(accountsFile));
  if (problems.length > 0 || config === undefined || catalogue === undefined) throw new ConfigError(problems);
  return { config, catalogue, ...(accounts === undefined ? {} : { accounts }) };
}

/** Undefined: it is wrong, and why stands among the problems. */
async function tried<T>(problems: string[], read: () => T | Promise<T>): Promise<T | undefined> {
  try {
    return await read();
  } catch (error) {
    if (error instanceof ConfigError) problems.push(...error.problems);
    else if (error instanceof CatalogueError) {
      problems.push(...error.message.split("\n").map((line) => `CATALOGUE_FILES: ${line}`));
    } else throw error;
    return undefined;
  }
}

async function readAccounts(file: string): Promise<Accounts> {
  let text: string;
  try {
    text = await readFile(file, "utf8");
  } catch (cause) {
    const code = cause instanceof Error && "code" in cause ? String(cause.code) : "unknown error";
    throw new ConfigError([problemWith("AWS_ACCOUNTS", `"${file}" can't be read (${code})`)]);
  }
  const { parseAccounts } = await import("./aws/accounts.ts");
  try {
    return parseAccounts(text, file);
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    throw new ConfigError(error.problems.map((problem) => `AWS_ACCOUNTS: ${problem}`));
  }
}
