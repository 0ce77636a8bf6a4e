import { createHmac, timingSafeEqual } from "node:crypto";
import { deflateRawSync, inflateRawSync } from "node:zlib";
import express, { type Router } from "express";
import { z } from "zod";
import type { Block } from "../../src/domain/message.ts";
import { securityHeaders } from "./access.ts";
import type { WebLog } from "./options.ts";

type ChartBlock = Extract<Block, { kind: "chart" }>;

/**
 * Charts as pictures for platforms that fetch them from an address (Slack). The address holds what is drawn, signed:
 * nothing is kept, nothing of a session is looked up, and nobody can have anything else drawn.
 */
export interface ChartPictures {
  /** Where this chart is drawn; undefined: it is too large for an address. */
  urlOf(chart: ChartBlock): string | undefined;
  /** `GET /charts/<what>.<signature>.png`. Mount it at the server's root. */
  router: Router;
}

const Bar = z.tuple([
  z.string().max(200),
  z.number(),
  z.number(),
  z.enum(["ready", "at_risk", "high_risk", "not_answered"]),
]);
const Drawn = z.tuple([z.string().max(40), z.array(Bar).max(20)]);
/** Slack takes 3,000 characters. */
const LONGEST_URL = 2_400;
const MOST_BYTES = 20_000;
/** Drawing costs tens of milliseconds of one core: the last pictures are kept, and few are drawn at once. */
const MOST_KEPT = 40;
const MOST_AT_ONCE = 2;
const MOST_WAITING = 50;

export function createChartPictures({
  secretKey,
  publicUrl,
  draw,
  log,
}: {
  secretKey: string;
  publicUrl: string;
  draw: (chart: ChartBlock) => Promise<Uint8Array>;
  log: WebLog;
}): ChartPictures {
  const base = publicUrl.replace(/\/$/, "");
  const sign = (what: string): string =>
    createHmac("sha256", secretKey).update(`t-minus chart\n${what}`).digest("base64url");
  const kept = new Map<string, Promise<Uint8Array>>();
  const waiting: (() => void)[] = [];
  let underWay = 0;

  async function inTurn(chart: ChartBlock): Promise<Uint8Array> {
    if (underWay >= MOST_AT_ONCE) await new Promise<void>((resolve) => waiting.push(resolve));
    underWay += 1;
    try {
      return await draw(chart);
    } finally {
      underWay -= 1;
      waiting.shift()?.();
    }
  }

  function picture(what: string, chart: ChartBlock): Promise<Uint8Array> {
    const known = kept.get(what);
    if (known !== undefined) return known;
    const drawn = inTurn(chart);
    kept.set(what, drawn);
    drawn.catch(() => kept.delete(what));
    const [oldest] = kept.keys();
    if (kept.size > MOST_KEPT && oldest !== undefined) kept.delete(oldest);
    return drawn;
  }

  const router = express.Router();
  router.get("/charts/:name", securityHeaders, async (request, response) => {
    const [, what = "", signature = ""] =
      /^([A-Za-z0-9_-]{1,2400})\.([A-Za-z0-9_-]{43})\.png$/.exec(String(request.params.name)) ?? [];
    const chart = signature !== "" && same(signature, sign(what)) ? read(what) : undefined;
    if (chart === undefined) return void response.status(404).type("text").send("There is no such picture.");
    if (waiting.length >= MOST_WAITING)
      return void response.status(503).set("Retry-After", "5").type("text").send("Too many pictures at once.");
    try {
      const png = await picture(what, chart);
      response.set("Cache-Control", "public, max-age=31536000, immutable").type("png").send(Buffer.from(png));
    } catch (err) {
      log.error({ err }, "A chart could not be drawn");
      response.status(500).type("text").send("The picture could not be drawn.");
    }
  });

  return {
    router,
    urlOf({ unit, bars }) {
      const drawn = [unit, bars.slice(0, 20).map(({ label, value, of, state }) => [label, value, of, state])];
      const what = deflateRawSync(JSON.stringify(drawn)).toString("base64url");
      const url = `${base}/charts/${what}.${sign(what)}.png`;
      return url.length > LONGEST_URL ? undefined : url;
    },
  };
}

function same(a: string, b: string): boolean {
  return a.length === b.length && timingSafeEqual(Buffer.from(a), Buffer.from(b));
}

function read(what: string): ChartBlock | undefined {
  try {
    const text = inflateRawSync(Buffer.from(what, "base64url"), { maxOutputLength: MOST_BYTES }).toString();
    const [unit, bars] = Drawn.parse(JSON.parse(text));
    return {
      kind: "chart",
      title: "",
      alt: "",
      unit,
      bars: bars.map(([label, value, of, state]) => ({ label, value, of, state })),
    };
  } catch {
    return undefined;
  }
}
