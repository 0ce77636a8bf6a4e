import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { readInThread } from "../../../src/report/intake-thread.ts";

const shop = readFileSync(new URL("../../fixtures/architecture/shop.tf", import.meta.url), "utf8");

describe("reading a file in a thread of its own", { timeout: 60_000 }, () => {
  it("finds what is in it", async () => {
    const read = await readInThread({ name: "shop.tf", text: shop });
    expect(read.ok && read.resources).toBe(7);
    expect(read.ok && read.findings.some((one) => one.statement === "orders (RDS) is Single-AZ.")).toBe(true);
  });

  it.each([
    ["HCL", "deep.tf", `a = ${"[".repeat(20_000)}`],
    ["JSON", "deep.json", `{"Resources": ${"[".repeat(50_000)}`],
    ["YAML", "deep.yaml", `a: ${"[".repeat(20_000)}`],
  ])("is a sentence when a nested file takes the %s parser down, and the next file is read", async (_, name, text) => {
    const read = await readInThread({ name, text });
    expect(read.ok ? "" : read.why).toContain(`${name} can't be read`);
    expect((await readInThread({ name: "shop.tf", text: shop })).ok).toBe(true);
  });

  it("is a sentence when it takes too long", async () => {
    const read = await readInThread({ name: "shop.tf", text: shop }, 1);
    expect(read).toEqual({ ok: false, why: "shop.tf can't be read: it takes too long. Send the part that matters." });
  });

  it("lets the program go on meanwhile", async () => {
    const block = (name: number) => `resource "aws_db_instance" "db${name}" {\n  multi_az = false\n}\n`;
    const text = Array.from({ length: 5_000 }, (_, name) => block(name)).join("");
    let ticks = 0;
    const ticking = setInterval(() => {
      ticks += 1;
    }, 10);
    const read = await readInThread({ name: "large.tf", text });
    clearInterval(ticking);
    expect(read.ok && read.findings.filter((one) => one.question === "R2").at(-1)?.place.line).toBe(4_999 * 3 + 1);
    expect(ticks).toBeGreaterThan(20);
  });
});
