import { createServer, type Http2Server, type ServerHttp2Session, type ServerHttp2Stream } from "node:http2";
import type { AddressInfo } from "node:net";
import { z } from "zod";
import { frame } from "./event-stream.ts";

/**
 * Bedrock's runtime as the SDK speaks to it: HTTP/2 in clear text, ConverseStream's binary event stream, ApplyGuardrail.
 * It refuses what Bedrock refuses (no signature, unknown fields, a forced tool that isn't there) and answers with
 * whatever a test's model says: the truth, or a lie by name.
 */
const Text = z.strictObject({ text: z.string().min(1) });
const Guard = z.strictObject({
  guardContent: z.strictObject({
    text: z.strictObject({
      text: z.string().min(1),
      qualifiers: z.array(z.enum(["grounding_source", "query", "guard_content"])).optional(),
    }),
  }),
});
const Picture = z.strictObject({
  image: z.strictObject({ format: z.enum(["png", "jpeg"]), source: z.strictObject({ bytes: z.base64().min(1) }) }),
});
const Converse = z
  .strictObject({
    system: z.array(Text).min(1),
    messages: z
      .array(
        z.strictObject({
          role: z.enum(["user", "assistant"]),
          content: z.array(z.union([Text, Guard, Picture])).min(1),
        }),
      )
      .min(1),
    inferenceConfig: z.strictObject({ maxTokens: z.number().int().min(1), temperature: z.number().min(0).max(1) }),
    toolConfig: z.strictObject({
      tools: z
        .array(
          z.strictObject({
            toolSpec: z.strictObject({
              name: z.string().regex(/^[a-zA-Z0-9_-]{1,64}$/),
              description: z.string().min(1),
              inputSchema: z.strictObject({ json: z.looseObject({ type: z.literal("object") }) }),
            }),
          }),
        )
        .min(1),
      toolChoice: z.strictObject({ tool: z.strictObject({ name: z.string() }) }),
    }),
    guardrailConfig: z
      .strictObject({
        guardrailIdentifier: z.string(),
        guardrailVersion: z.string(),
        streamProcessingMode: z.enum(["sync", "async"]).optional(),
      })
      .optional(),
  })
  .refine((body) => body.toolConfig.tools.some((tool) => tool.toolSpec.name === body.toolConfig.toolChoice.tool.name), {
    message: "toolChoice names a tool that isn't given",
  })
  .refine((body) => body.messages[0]?.role === "user", { message: "A conversation must start with a user message" })
  .refine((body) => body.guardrailConfig !== undefined || !JSON.stringify(body.messages).includes('"guardContent"'), {
    message: "guardContent needs guardrailConfig",
  });
export type ConverseBody = z.infer<typeof Converse>;

const Apply = z.strictObject({
  source: z.enum(["INPUT", "OUTPUT"]),
  content: z.array(z.strictObject({ text: z.strictObject({ text: z.string().min(1) }) })).min(1),
});

export type Asked = {
  tool: string;
  instruction: string;
  /** The untrusted block's text. */
  data: string;
  guarded: boolean;
  /** Bytes of the picture that came with it. */
  picture?: number;
  maxTokens: number;
};

export type Answer =
  /** A tool use, streamed in pieces; `pauseMs`: between two of them. */
  | { input: unknown; stop?: string; tool?: string; pauseMs?: number }
  /** Raw text of the tool's input, for JSON that isn't. */
  | { raw: string; stop?: string }
  | { prose: string; stop?: string }
  | { status: number; error: string }
  /** An exception inside the stream. */
  | { midStream: string }
  /** The connection breaks in the middle of the answer. */
  | { breaks: true }
  /** Nothing comes. */
  | { hangs: true };

export type BedrockStandIn = {
  endpoint: string;
  asked: Asked[];
  guardrailCalls: string[][];
  close(): Promise<void>;
};

export async function startBedrock({
  model,
  guardrail = () => undefined,
}: {
  model: (asked: Asked, call: number) => Answer;
  /** Says why a text is stopped. */
  guardrail?: (text: string) => string | undefined;
}): Promise<BedrockStandIn> {
  const asked: Asked[] = [];
  const guardrailCalls: string[][] = [];
  const sessions = new Set<ServerHttp2Session>();
  const server: Http2Server = createServer();
  server.on("session", (session) => {
    sessions.add(session);
    session.on("close", () => sessions.delete(session));
  });
  server.on("stream", (stream, headers) => {
    stream.on("error", () => {});
    const chunks: Buffer[] = [];
    stream.on("data", (chunk: Buffer) => chunks.push(chunk));
    stream.on("end", () => {
      const path = String(headers[":path"]);
      const authorization = String(headers.authorization ?? "");
      if (!/^AWS4-HMAC-SHA256 Credential=[^/]+\/\d{8}\/[a-z0-9-]+\/bedrock\/aws4_request/.test(authorization)) {
        return refuse(stream, 403, "UnrecognizedClientException", "The request isn't signed for bedrock");
      }
      let body: unknown;
      try {
        body = JSON.parse(Buffer.concat(chunks).toString());
      } catch {
        return refuse(stream, 400, "SerializationException", "no JSON");
      }
      if (/^\/model\/[^/]+\/converse-stream$/.test(path)) return converse(stream, body);
      if (/^\/guardrail\/[^/]+\/version\/[^/]+\/apply$/.test(path)) return apply(stream, body);
      return refuse(stream, 404, "UnknownOperationException", path);
    });
  });

  function converse(stream: ServerHttp2Stream, raw: unknown): void {
    const body = Converse.safeParse(raw);
    if (!body.success) return refuse(stream, 400, "ValidationException", body.error.message);
    const request = readAsked(body.data);
    asked.push(request);
    void answer(stream, model(request, asked.length), request);
  }

  function apply(stream: ServerHttp2Stream, raw: unknown): void {
    const body = Apply.safeParse(raw);
    if (!body.success) return refuse(stream, 400, "ValidationException", body.error.message);
    const texts = body.data.content.map((item) => item.text.text);
    guardrailCalls.push(texts);
    const why = texts.map(guardrail).find((reason) => reason !== undefined);
    json(stream, 200, {
      action: why === undefined ? "NONE" : "GUARDRAIL_INTERVENED",
      outputs: why === undefined ? [] : [{ text: why }],
      assessments: [],
      usage: {},
    });
  }

  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  return {
    endpoint: `http://127.0.0.1:${port}`,
    asked,
    guardrailCalls,
    close: () =>
      new Promise((resolve) => {
        for (const session of sessions) session.destroy();
        server.close(() => resolve());
      }),
  };
}

function readAsked(body: ConverseBody): Asked {
  const [first, second, third] = body.messages[0]?.content ?? [];
  const guarded = second !== undefined && "guardContent" in second;
  return {
    tool: body.toolConfig.toolChoice.tool.name,
    instruction: first && "text" in first ? first.text : "",
    data:
      second === undefined || "image" in second
        ? ""
        : "guardContent" in second
          ? second.guardContent.text.text
          : second.text,
    guarded,
    ...(third !== undefined && "image" in third
      ? { picture: Buffer.from(third.image.source.bytes, "base64").length }
      : {}),
    maxTokens: body.inferenceConfig.maxTokens,
  };
}

async function answer(stream: ServerHttp2Stream, said: Answer, { tool }: Asked): Promise<void> {
  if ("hangs" in said) return;
  if ("status" in said) return refuse(stream, said.status, said.error, "said so");
  stream.respond({ ":status": 200, "content-type": "application/vnd.amazon.eventstream" });
  const send = (name: string, payload: unknown): void => void stream.write(frame("event", name, payload));
  send("messageStart", { role: "assistant" });
  if ("midStream" in said) {
    stream.write(frame("exception", said.midStream, { message: "said so" }));
    stream.end();
    return;
  }
  if ("prose" in said) {
    send("contentBlockDelta", { contentBlockIndex: 0, delta: { text: said.prose } });
    send("contentBlockStop", { contentBlockIndex: 0 });
    send("messageStop", { stopReason: said.stop ?? "end_turn" });
  } else {
    const text = "raw" in said ? said.raw : "input" in said ? JSON.stringify(said.input) : '{"sections":[{"title":"Ver';
    const name = "tool" in said && said.tool !== undefined ? said.tool : tool;
    send("contentBlockStart", { contentBlockIndex: 0, start: { toolUse: { toolUseId: "tooluse_1", name } } });
    const pauseMs = "input" in said ? (said.pauseMs ?? 0) : 0;
    for (let at = 0; at < text.length; at += 200) {
      if (pauseMs > 0) await new Promise((resolve) => setTimeout(resolve, pauseMs));
      if (stream.destroyed) return;
      send("contentBlockDelta", { contentBlockIndex: 0, delta: { toolUse: { input: text.slice(at, at + 200) } } });
    }
    if ("breaks" in said) {
      stream.close(2);
      return;
    }
    send("contentBlockStop", { contentBlockIndex: 0 });
    send("messageStop", { stopReason: ("stop" in said ? said.stop : undefined) ?? "tool_use" });
  }
  send("metadata", {
    usage: { inputTokens: 1_200, outputTokens: 300, totalTokens: 1_500 },
    metrics: { latencyMs: 10 },
  });
  stream.end();
}

function refuse(stream: ServerHttp2Stream, status: number, error: string, message: string): void {
  json(stream, status, { message }, { "x-amzn-errortype": error });
}

function json(stream: ServerHttp2Stream, status: number, body: unknown, headers: Record<string, string> = {}): void {
  stream.respond({ ":status": status, "content-type": "application/json", ...headers });
  stream.end(JSON.stringify(body));
}
