import { App, HTTPReceiver, LogLevel } from "@slack/bolt";

/** A Bolt app that only verifies and acknowledges: what an owner's answer is measured against. */
const receiver = new HTTPReceiver({
  signingSecret: process.argv[2] ?? "",
  endpoints: ["/slack/events"],
  logLevel: LogLevel.ERROR,
});
const app = new App({
  receiver,
  logLevel: LogLevel.ERROR,
  authorize: async () => ({ botToken: "xoxb-bench", botId: "B1", botUserId: "UBOT" }),
});
app.message(async () => {});
const server = await app.start({ port: 0, host: "127.0.0.1" });
const address = server.address();
if (typeof address === "object" && address !== null) process.stdout.write(`http://127.0.0.1:${address.port}\n`);
process.on("SIGTERM", () => process.exit(0));
