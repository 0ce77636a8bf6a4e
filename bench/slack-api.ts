import { createServer, type IncomingMessage } from "node:http";

/**
 * Slack's Web API as far as the measurement needs it, in a process of its own: takes every call, and lists the posts at
 * `/posts`. `POST /delay?ms=2000` makes every call take so long.
 */
type Post = { channel: string; ts: string; thread: string | null; metadata: string };

const posts: Post[] = [];
let delay = 0;
let micros = Date.now() * 1_000;

async function bodyOf(request: IncomingMessage): Promise<string> {
  let body = "";
  for await (const part of request) body += String(part);
  return body;
}

function answer(method: string, body: string): object {
  const args = new URLSearchParams(body);
  const channel = args.get("channel") ?? "";
  switch (method) {
    case "auth.test":
      return { team_id: "T1", user_id: "UBOT", bot_id: "B1", url: "http://127.0.0.1/" };
    case "chat.postMessage": {
      micros += 1;
      const ts = `${Math.floor(micros / 1_000_000)}.${String(micros % 1_000_000).padStart(6, "0")}`;
      posts.push({ channel, ts, thread: args.get("thread_ts"), metadata: args.get("metadata") ?? "{}" });
      return { channel, ts };
    }
    case "users.list":
      return {
        members: ["U1", "U2", "U3", "U4", "U5"].map((id) => ({ id, team_id: "T1", name: id, tz: "Europe/London" })),
      };
    case "conversations.info":
      return { channel: { id: channel, is_member: true } };
    default:
      return { channel, ts: args.get("ts") ?? "" };
  }
}

const server = createServer(async (request, response) => {
  const url = new URL(request.url ?? "/", "http://127.0.0.1");
  const body = await bodyOf(request);
  const [, top, method = ""] = url.pathname.split("/");
  if (top === "delay") delay = Number(url.searchParams.get("ms"));
  else if (top === "api" && delay > 0) await new Promise((resolve) => setTimeout(resolve, delay));
  response.writeHead(200, { "content-type": "application/json" });
  response.end(JSON.stringify(top === "posts" ? posts : { ok: true, ...answer(method, body) }));
});
server.listen(0, "127.0.0.1", () => {
  const address = server.address();
  if (typeof address === "object" && address !== null) process.stdout.write(`http://127.0.0.1:${address.port}\n`);
});
process.on("SIGTERM", () => process.exit(0));
