/**
 * `npm run bench [name]`: runs one measurement or all, and prints `name value unit`, a line each, last. What happens
 * meanwhile goes to standard error.
 */

type Measure = { name: string; value: number; unit: string };
type Bench = () => Promise<Measure[]>;

/** Imported when it is their turn, so that none pays for the others. */
const BENCHES: Record<string, () => Promise<Bench>> = {
  ack: async () => (await import("./ack.ts")).run,
  commit: async () => (await import("./commit.ts")).run,
  store: async () => (await import("./store.ts")).run,
  outbox: async () => (await import("./outbox.ts")).run,
  start: async () => (await import("./start.ts")).run,
};

const asked = process.argv.slice(2);
const unknown = asked.filter((name) => !Object.hasOwn(BENCHES, name));
if (unknown.length > 0) {
  process.stderr.write(
    `There is no bench called ${unknown.join(", ")}. There are: ${Object.keys(BENCHES).join(", ")}.\n`,
  );
  process.exit(64);
}

const lines: string[] = [];
for (const name of asked.length > 0 ? asked : Object.keys(BENCHES)) {
  process.stderr.write(`${name} …\n`);
  const run = await BENCHES[name]?.();
  for (const measure of (await run?.()) ?? []) lines.push(`${measure.name} ${rounded(measure.value)} ${measure.unit}`);
}
process.stdout.write(`${lines.join("\n")}\n`);

function rounded(value: number): string {
  return Math.abs(value) >= 100 ? String(Math.round(value)) : String(Number(value.toPrecision(3)));
}
