import type { Server } from "node:http";
import type { AddressInfo } from "node:net";
import express from "express";
import { afterEach, describe, expect, it } from "vitest";
import { createChartPictures } from "../../../adapters/web/chart-pictures.ts";
import type { Block } from "../../../src/domain/message.ts";

type ChartBlock = Extract<Block, { kind: "chart" }>;
const servers: Server[] = [];
afterEach(() => {
  for (const server of servers.splice(0)) server.close();
});

const chart = (label = "gp3 storage <b>&</b>"): ChartBlock => ({
  kind: "chart",
  title: "Quotas",
  alt: "gp3 storage 49 of 50 TiB",
  bars: [{ label, value: 49, of: 50, state: "at_risk" }],
  unit: "TiB",
});

async function start() {
  const drawn: ChartBlock[] = [];
  const pictures = createChartPictures({
    secretKey: "a secret key of more than thirty-two characters",
    publicUrl: "https://t-minus.example.com/",
    draw: async (block) => {
      drawn.push(block);
      return new Uint8Array([1, 2, 3]);
    },
    log: { warn() {}, error() {} },
  });
  const server = express().use(pictures.router).listen(0, "127.0.0.1");
  servers.push(server);
  await new Promise((resolve) => server.once("listening", resolve));
  const { port } = server.address() as AddressInfo;
  const get = (url: string) => fetch(url.replace("https://t-minus.example.com", `http://127.0.0.1:${port}`));
  return { pictures, drawn, get };
}

describe("charts as pictures under an address", () => {
  it("are drawn from the address itself, once, and may be kept for ever", async () => {
    const { pictures, drawn, get } = await start();
    const url = pictures.urlOf(chart())!;
    expect(url).toMatch(/^https:\/\/t-minus\.example\.com\/charts\/[\w-]+\.[\w-]{43}\.png$/);
    expect(pictures.urlOf(chart())).toBe(url);
    for (let time = 0; time < 2; time++) {
      const answer = await get(url);
      expect([answer.status, answer.headers.get("content-type")]).toEqual([200, "image/png"]);
      expect(answer.headers.get("cache-control")).toContain("immutable");
    }
    expect(drawn).toEqual([{ ...chart(), title: "", alt: "" }]);
  });

  it("draw nothing that we didn't sign", async () => {
    const { pictures, drawn, get } = await start();
    const [mine, other] = [pictures.urlOf(chart())!, pictures.urlOf(chart("other"))!];
    const signature = /\.([\w-]{43})\.png$/.exec(other)![1]!;
    const stolen = mine.replace(/\.[\w-]{43}\.png$/, `.${signature}.png`);
    const bent = mine.replace("/charts/", "/charts/A");
    for (const url of [stolen, bent, "https://t-minus.example.com/charts/x.png", mine.replace(".png", "")]) {
      expect((await get(url)).status).toBe(404);
    }
    expect(drawn).toEqual([]);
  });

  it("have no address when they are too large for one", async () => {
    const { pictures } = await start();
    const bars = Array.from({ length: 20 }, (_, index) => ({
      label: Array.from({ length: 30 }, (_each, at) => ((index * 7919 + at * 104729) % 1e6).toString(36)).join(" "),
      value: index,
      of: 100,
      state: "ready" as const,
    }));
    expect(pictures.urlOf({ ...chart(), bars })).toBeUndefined();
  });
});
