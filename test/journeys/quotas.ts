import { writeFileSync } from "node:fs";
import { join } from "node:path";
import type { RegionData } from "../stand-ins/aws/account.ts";
import { type AwsStandIn, startAws } from "../stand-ins/aws/server.ts";
import { type Program, startProgram, temporaryFolder } from "./program.ts";
import { WebClient } from "./web-client.ts";

/** The real program with AWS beside it: an account "prod", read and raised through its own roles. */

export const PROD: RegionData = {
  quotas: {
    ec2: [
      { code: "L-1216C47A", value: 1_152 },
      { code: "L-34B43A08", value: 640 },
    ],
    ebs: [{ code: "L-7A658B76", value: 50 }],
    lambda: [{ code: "L-B99A9384", value: 1_000 }],
    ses: [],
  },
  templates: [{ id: "lt-1", name: "web", versions: [{ type: "m7g.2xlarge", volumes: [{ type: "gp3", gib: 100 }] }] }],
  groups: [
    {
      name: "web",
      max: 300,
      desired: 12,
      template: { id: "lt-1", version: "$Latest" },
      members: [{ type: "m7g.2xlarge", count: 12 }],
    },
  ],
  volumes: [{ type: "gp3", gib: 1_024, count: 10 }],
  lambda: { concurrency: 1_000, used: 200 },
  ses: { perDay: 50_000, perSecond: 14, sent: 30_000, production: true },
};

const ROLE = "arn:aws:iam::111122223333:role";

export type Launch = {
  aws: AwsStandIn;
  /** The account's data, to be changed while the program runs. */
  region: RegionData;
  program: Program;
  client: WebClient;
  /** What only this person sees, newest last, as one text each. */
  whispers(as: string): Promise<string[]>;
  /** The newest private card's buttons. */
  buttons(as: string): Promise<ReturnType<typeof buttonsOf>>;
  end(): Promise<void>;
};

/** Starts both. `environment`: over the web channel's, for other platforms. */
export async function launch(
  options: {
    region?: RegionData;
    environment?: Record<string, string>;
    allow?: Record<string, string[]>;
    gone?: boolean;
    /** Faults from the first call on. */
    faults?: Parameters<AwsStandIn["fault"]>[0][];
  } = {},
): Promise<Launch> {
  const region = structuredClone(options.region ?? PROD);
  const aws = await startAws({
    accounts: [
      { id: "999900001111", keys: { AKIAOWN: "*" }, regions: {} },
      {
        id: "111122223333",
        roles: {
          "t-minus-read": { permissions: "*" },
          "t-minus-raise": { permissions: ["servicequotas:*"] },
        },
        regions: { "eu-west-1": region, "us-east-1": { quotas: { cloudfront: [] } } },
      },
    ],
  });
  for (const fault of options.faults ?? []) aws.fault(fault);
  if (options.gone === true) await aws.close();
  const folder = temporaryFolder();
  const file = join(folder.path, "accounts.json");
  const entry = {
    id: "111122223333",
    alias: "prod",
    regions: ["eu-west-1"],
    readRole: `${ROLE}/t-minus-read`,
    writeRoles: { quotas: `${ROLE}/t-minus-raise` },
    allow: { workspaces: [], tenants: [], channels: [], ...options.allow },
  };
  writeFileSync(file, JSON.stringify([entry]));
  const program = await startProgram(
    {
      CLOCK_START: "2026-10-28T09:00:00Z",
      CLOCK_SPEED: "0",
      ANSWER_SETTLE: "PT0.05S",
      AWS_ENDPOINT_URL: aws.url,
      AWS_REGION: "eu-west-1",
      AWS_ACCESS_KEY_ID: "AKIAOWN",
      AWS_SECRET_ACCESS_KEY: "secret",
      AWS_ACCOUNTS: file,
      ...options.environment,
    },
    folder.path,
  );
  const client = new WebClient(program.url);
  return {
    aws,
    region,
    program,
    client,
    async whispers(as) {
      const { whispers } = await client.json<{ whispers: { card: unknown }[] }>(
        `/web/messages?as=${as}&channel=general`,
      );
      return whispers.map(({ card }) => wordsOf(card));
    },
    async buttons(as) {
      const { whispers } = await client.json<{ whispers: { card: unknown }[] }>(
        `/web/messages?as=${as}&channel=general`,
      );
      return buttonsOf(whispers.at(-1)?.card);
    },
    async end() {
      await program.stop();
      if (options.gone !== true) await aws.close();
      folder.remove();
    },
  };
}

/** Everything that can be read on a card, line by line; buttons in brackets. */
export function wordsOf(card: unknown): string {
  if (Array.isArray(card)) return card.map(wordsOf).filter(Boolean).join("\n");
  if (typeof card !== "object" || card === null) return "";
  const node: Record<string, unknown> = { ...card };
  if (typeof node.verb === "string") return `[${String(node.title)}]`;
  if (node.type === "RichTextBlock" && Array.isArray(node.inlines)) {
    return node.inlines.map((run: unknown) => (typeof run === "string" ? run : wordsOf(run))).join("");
  }
  const own = [node.text, node.altText, node.value].filter((one) => typeof one === "string").join(" ");
  const inside = Object.entries(node)
    .filter(([key]) => key !== "data" && key !== "fallback")
    .map(([, value]) => (typeof value === "object" ? wordsOf(value) : ""));
  return [own, ...inside].filter(Boolean).join("\n");
}

/** The buttons of a card, with what they send. */
export function buttonsOf(card: unknown): { title: string; verb: string; data: Record<string, unknown> }[] {
  if (Array.isArray(card)) return card.flatMap(buttonsOf);
  if (typeof card !== "object" || card === null) return [];
  const node: Record<string, unknown> = { ...card };
  if (typeof node.verb === "string") {
    return [{ title: String(node.title), verb: node.verb, data: { ...(node.data as Record<string, unknown>) } }];
  }
  return Object.values(node).flatMap(buttonsOf);
}

/** The newest card of a question in a module's thread. */
export async function questionCard(client: WebClient, id: string): Promise<string | undefined> {
  const messages = await client.messages();
  const card = messages.findLast((message) => message.thread !== null && message.text.startsWith(`${id}:`));
  return card === undefined ? undefined : wordsOf(card.card);
}

/** A session with its Service Quotas module claimed by omar, and fay as its manager. */
export async function sessionWith(client: WebClient, flags = "--peak 3x --regions eu-west-1"): Promise<string> {
  await client.say("fay", `/readiness start "Black Friday" 2026-11-27 09:00 --tz UTC --accounts prod ${flags}`);
  const { sessions } = await client.json<{ sessions: { id: string }[] }>("/sessions");
  const id = sessions[0]?.id ?? "";
  return id;
}

/** AWS for a program on another platform: its own credentials' account, alias "default". */
export async function ownAws(
  faults: Parameters<AwsStandIn["fault"]>[0][] | "gone" = [],
): Promise<{ aws: AwsStandIn; environment: Record<string, string>; close(): Promise<void> }> {
  const regions = { "eu-west-1": structuredClone(PROD), "us-east-1": { quotas: { cloudfront: [] } } };
  const aws = await startAws({ accounts: [{ id: "111122223333", keys: { AKIAOWN: "*" }, regions }] });
  if (faults === "gone") await aws.close();
  else for (const fault of faults) aws.fault(fault);
  return {
    aws,
    environment: {
      AWS_ENDPOINT_URL: aws.url,
      AWS_REGION: "eu-west-1",
      AWS_ACCESS_KEY_ID: "AKIAOWN",
      AWS_SECRET_ACCESS_KEY: "secret",
    },
    async close() {
      if (faults !== "gone") await aws.close();
    },
  };
}
