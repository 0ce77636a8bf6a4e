import { execFileSync } from "node:child_process";
import { lstatSync, realpathSync } from "node:fs";
import { basename } from "node:path";
import { expect, it } from "vitest";

const main = new URL("../../src/main.ts", import.meta.url).pathname;

it("main.ts can be read by a Node that knows no TypeScript: it is a link to plain JavaScript", () => {
  expect(lstatSync(main).isSymbolicLink()).toBe(true);
  expect(basename(realpathSync(main))).toBe("main.js");
  execFileSync(process.execPath, ["--no-strip-types", "--check", main]);
});
