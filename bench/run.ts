/**
 * `npm run bench [name]`: runs one measurement or all, and prints `name value unit`, a line each, last. What happens
 * meanwhile goes to standard error.
 */

import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";

type Measure = { name: string; value: number; unit: string };
type Bench = { run(): Promise<Measure[]> };

/** Every file beside this one that exports `run` is a bench of its own name, imported when it is its turn. */
const NAMES = readdirSync(import.meta.dirname)
  .filter((file) => file.endsWith(".ts") && file !== "run.ts")
  .filter((file) => readFileSync(join(import.meta.dirname, file), "utf8").includes("export async function run("))
  .map((file) => file.replace(/\.ts$/, ""))
  .sort();

const asked = process.argv.slice(2);
const unknown = asked.filter((name) => !NAMES.includes(name));
if (unknown.length > 0) {
  process.stderr.write(`There is no bench called ${unknown.join(", ")}. There are: ${NAMES.join(", ")}.\n`);
  process.exit(64);
}

const lines: string[] = [];
for (const name of asked.length > 0 ? asked : NAMES) {
  process.stderr.write(`${name} …\n`);
  const bench: Bench = await import(`./${name}.ts`);
  for (const measure of await bench.run()) lines.push(`${measure.name} ${rounded(measure.value)} ${measure.unit}`);
}
process.stdout.write(`${lines.join("\n")}\n`);

function rounded(value: number): string {
  return Math.abs(value) >= 100 ? String(Math.round(value)) : String(Number(value.toPrecision(3)));
}
