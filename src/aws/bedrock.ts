import type {
  BedrockRuntimeClient,
  BedrockRuntimeClientConfig,
  ContentBlock,
  ConverseStreamCommandInput,
  ConverseStreamOutput,
} from "@aws-sdk/client-bedrock-runtime";
import { z } from "zod";

/**
 * A model behind Amazon Bedrock's Converse, asked for data and never for prose: one forced tool whose input is checked
 * by a schema. What people wrote goes in a guarded block; nothing the model returns is believed by this file's callers
 * without a check of their own. An expected failure (throttled, not allowed, cut off, filtered) is a value with a
 * sentence, not an exception.
 */
export interface Bedrock {
  readonly model: string;
  ask<T>(request: Ask<T>): Promise<Asked<T>>;
  /** Whether the guardrail lets a text pass. Without a guardrail everything passes. */
  passes(texts: string[]): Promise<{ passes: boolean; why?: string }>;
  close(): void;
}

export type Ask<T> = {
  /** What it is for, in the log. */
  purpose: string;
  system: string;
  /** Ours: instructions. */
  instruction: string;
  /** Words of people, names of AWS resources: data. */
  untrusted: string;
  /** Beside the words; a guardrail set up for text doesn't look at it. */
  picture?: { format: "png" | "jpeg"; bytes: Uint8Array };
  tool: { name: string; description: string; schema: z.ZodType<T> };
  maxTokens: number;
  /** Called while the answer streams in, with how much of it is there. */
  onProgress?: (characters: number) => void;
};

export type Usage = { inputTokens: number; outputTokens: number; attempts: number; usd?: number };
export type Asked<T> = { ok: true; value: T; usage: Usage } | { ok: false; kind: Failure; why: string; usage: Usage };
export type Failure =
  | "throttled"
  | "unavailable"
  | "not_allowed"
  | "invalid"
  | "cut_off"
  | "filtered"
  | "malformed"
  | "out_of_time";

export type BedrockOptions = {
  modelId: string;
  region?: string;
  guardrail?: { id: string; version: string };
  /** Absent: the SDK's own rules (`AWS_ENDPOINT_URL_BEDROCK_RUNTIME` …). */
  endpoint?: string;
  credentials?: { accessKeyId: string; secretAccessKey: string; sessionToken?: string };
  /** Real time: back-off and the budget. */
  timer: { now(): number; sleep(ms: number): Promise<void> };
  log: { info(data: object, message: string): void; warn(data: object, message: string): void };
  /** All attempts of one question together. */
  budgetMs?: number;
  random?: () => number;
};

const MOST_ATTEMPTS = 4;
const BUDGET_MS = 60_000;
const FIRST_WAIT_MS = 500;
/** An answer longer than this is no answer of ours. */
const LONGEST_ANSWER = 400_000;

/** AWS's list prices in USD per million tokens, for the log's estimate only; other models have none. */
const PRICES: [RegExp, { input: number; output: number }][] = [
  [/claude-haiku-4-5/, { input: 1, output: 5 }],
  [/claude-sonnet-4/, { input: 3, output: 15 }],
];

export function createBedrock(options: BedrockOptions): Bedrock {
  const { modelId, guardrail, timer, log, budgetMs = BUDGET_MS, random = Math.random } = options;
  let connected:
    | Promise<{ sdk: typeof import("@aws-sdk/client-bedrock-runtime"); client: BedrockRuntimeClient }>
    | undefined;
  // The SDK costs tens of megabytes: it is loaded at the first question.
  const connect = () => {
    connected ??= import("@aws-sdk/client-bedrock-runtime").then((sdk) => ({
      sdk,
      client: new sdk.BedrockRuntimeClient(clientConfig(options)),
    }));
    return connected;
  };

  async function attempt<T>(request: Ask<T>, signal: AbortSignal): Promise<{ read: Read; usage: Usage }> {
    const { sdk, client } = await connect();
    const output = await client.send(new sdk.ConverseStreamCommand(inputOf(request, modelId, guardrail)), {
      abortSignal: signal,
    });
    return readStream(output.stream ?? [], request, signal);
  }

  return {
    model: modelId,
    async ask(request) {
      const started = timer.now();
      const usage: Usage = { inputTokens: 0, outputTokens: 0, attempts: 0 };
      const fail = (kind: Failure, why: string): { ok: false; kind: Failure; why: string; usage: Usage } => {
        log.warn({ purpose: request.purpose, model: modelId, kind, ...usage }, "Bedrock gave no answer");
        return { ok: false, kind, why, usage };
      };
      let last: { kind: Failure; why: string } = { kind: "out_of_time", why: "Bedrock took too long." };
      while (usage.attempts < MOST_ATTEMPTS) {
        const left = budgetMs - (timer.now() - started);
        if (left <= 0)
          return fail(
            "out_of_time",
            last.kind === "out_of_time" ? last.why : `${last.why} There was no time to try again.`,
          );
        usage.attempts += 1;
        const abort = new AbortController();
        const deadline = setTimeout(() => abort.abort(), left);
        let found: { read: Read; usage: Usage } | { error: unknown };
        try {
          found = await attempt(request, abort.signal);
        } catch (error) {
          found = { error };
        } finally {
          clearTimeout(deadline);
        }
        if ("error" in found) {
          last = abort.signal.aborted
            ? { kind: "out_of_time", why: "Bedrock took too long." }
            : failureOf(found.error, modelId);
          if (abort.signal.aborted || !isPassing(last.kind)) return fail(last.kind, last.why);
        } else {
          usage.inputTokens += found.usage.inputTokens;
          usage.outputTokens += found.usage.outputTokens;
          const answer = answerOf(found.read, request);
          if (answer.ok) {
            const usd = costOf(modelId, usage);
            if (usd !== undefined) usage.usd = usd;
            log.info(
              { purpose: request.purpose, model: modelId, ms: timer.now() - started, ...usage },
              "Bedrock answered",
            );
            return { ok: true, value: answer.value, usage };
          }
          last = answer;
          // A form that wasn't kept may be kept the next time; a filter or a limit stays what it is.
          if (answer.kind !== "malformed" || usage.attempts >= 2) return fail(answer.kind, answer.why);
          continue;
        }
        const wait = FIRST_WAIT_MS * 2 ** (usage.attempts - 1) * (0.5 + random() / 2);
        if (usage.attempts < MOST_ATTEMPTS && timer.now() - started + wait < budgetMs) await timer.sleep(wait);
        else break;
      }
      return fail(last.kind, last.why);
    },

    async passes(texts) {
      if (!guardrail || texts.length === 0) return { passes: true };
      try {
        const { sdk, client } = await connect();
        const { action, outputs } = await client.send(
          new sdk.ApplyGuardrailCommand({
            guardrailIdentifier: guardrail.id,
            guardrailVersion: guardrail.version,
            source: "OUTPUT",
            content: texts.map((text) => ({ text: { text } })),
          }),
          { abortSignal: AbortSignal.timeout(Math.min(budgetMs, 15_000)) },
        );
        if (action === "NONE") return { passes: true };
        return { passes: false, why: outputs?.[0]?.text ?? "The guardrail stopped it." };
      } catch (error) {
        // What couldn't be looked at isn't published.
        const { why } = failureOf(error, modelId);
        log.warn({ model: modelId, err: error }, "The guardrail couldn't be asked");
        return { passes: false, why };
      }
    },

    close() {
      void connected?.then(({ client }) => client.destroy());
    },
  };
}

function clientConfig({ region, endpoint, credentials }: BedrockOptions): BedrockRuntimeClientConfig {
  return {
    // Ours are the retries: within a budget, and counted.
    maxAttempts: 1,
    ...(region !== undefined && { region }),
    ...(endpoint !== undefined && { endpoint }),
    ...(credentials && { credentials }),
  };
}

function inputOf<T>(
  request: Ask<T>,
  modelId: string,
  guardrail: BedrockOptions["guardrail"],
): ConverseStreamCommandInput {
  const { $schema: _, ...schema } = z.toJSONSchema(request.tool.schema, { target: "draft-2020-12", io: "input" });
  const data: ContentBlock = guardrail
    ? { guardContent: { text: { text: request.untrusted, qualifiers: ["guard_content"] } } }
    : { text: request.untrusted };
  return {
    modelId,
    system: [{ text: request.system }],
    messages: [{ role: "user", content: [{ text: request.instruction }, data, ...pictureOf(request)] }],
    inferenceConfig: { maxTokens: request.maxTokens, temperature: 0 },
    toolConfig: {
      tools: [
        {
          toolSpec: {
            name: request.tool.name,
            description: request.tool.description,
            inputSchema: { json: JSON.parse(JSON.stringify(schema)) },
          },
        },
      ],
      toolChoice: { tool: { name: request.tool.name } },
    },
    ...(guardrail && {
      guardrailConfig: {
        guardrailIdentifier: guardrail.id,
        guardrailVersion: guardrail.version,
        streamProcessingMode: "sync",
      },
    }),
  };
}

function pictureOf<T>({ picture }: Ask<T>): ContentBlock[] {
  return picture === undefined ? [] : [{ image: { format: picture.format, source: { bytes: picture.bytes } } }];
}

type Read = { stopReason: string | undefined; toolName: string | undefined; input: string };

async function readStream<T>(
  stream: AsyncIterable<ConverseStreamOutput> | Iterable<ConverseStreamOutput>,
  { onProgress }: Ask<T>,
  signal: AbortSignal,
): Promise<{ read: Read; usage: Usage }> {
  const read: Read = { stopReason: undefined, toolName: undefined, input: "" };
  const usage: Usage = { inputTokens: 0, outputTokens: 0, attempts: 1 };
  for await (const event of stream) {
    signal.throwIfAborted();
    const trouble =
      event.internalServerException ??
      event.modelStreamErrorException ??
      event.serviceUnavailableException ??
      event.throttlingException ??
      event.validationException;
    if (trouble) throw trouble;
    if (event.contentBlockStart?.start?.toolUse) read.toolName ??= event.contentBlockStart.start.toolUse.name;
    const piece = event.contentBlockDelta?.delta?.toolUse?.input;
    if (piece !== undefined) {
      read.input += piece;
      if (read.input.length > LONGEST_ANSWER) throw new Error("The model's answer is far too long");
      onProgress?.(read.input.length);
    }
    if (event.messageStop) read.stopReason = event.messageStop.stopReason;
    if (event.metadata?.usage) {
      usage.inputTokens = event.metadata.usage.inputTokens ?? 0;
      usage.outputTokens = event.metadata.usage.outputTokens ?? 0;
    }
  }
  return { read, usage };
}

function answerOf<T>(read: Read, { tool }: Ask<T>): { ok: true; value: T } | { ok: false; kind: Failure; why: string } {
  switch (read.stopReason) {
    case "tool_use":
    // Some models end a forced tool's turn plainly: the tool's input is what counts.
    case "end_turn":
      break;
    case "max_tokens":
    case "model_context_window_exceeded":
      return { ok: false, kind: "cut_off", why: "The model's answer was cut off; half an answer isn't used." };
    case "guardrail_intervened":
      return { ok: false, kind: "filtered", why: "The guardrail stopped the model." };
    case "content_filtered":
      return { ok: false, kind: "filtered", why: "The model's own filter stopped it." };
    case "malformed_model_output":
    case "malformed_tool_use":
    case "stop_sequence":
      return { ok: false, kind: "malformed", why: "The model's answer had no usable form." };
    case undefined:
      return { ok: false, kind: "malformed", why: "The model's answer broke off." };
    default:
      return {
        ok: false,
        kind: "malformed",
        why: `The model stopped for a reason unknown to us (${read.stopReason}).`,
      };
  }
  if (read.toolName !== tool.name)
    return { ok: false, kind: "malformed", why: "The model answered in prose, not in the form asked for." };
  let input: unknown;
  try {
    input = JSON.parse(read.input);
  } catch {
    return { ok: false, kind: "malformed", why: "The model's answer is no JSON." };
  }
  const parsed = tool.schema.safeParse(input);
  return parsed.success
    ? { ok: true, value: parsed.data }
    : { ok: false, kind: "malformed", why: "The model's answer doesn't fit the form asked for." };
}

function failureOf(error: unknown, model: string): { kind: Failure; why: string } {
  const name = error instanceof Error ? error.name : "";
  switch (name) {
    case "ThrottlingException":
    case "ModelNotReadyException":
    case "ServiceQuotaExceededException":
      return { kind: "throttled", why: "Bedrock is asked too much at the moment." };
    case "AccessDeniedException":
    case "UnrecognizedClientException":
    case "ExpiredTokenException":
      return {
        kind: "not_allowed",
        why: `Bedrock refuses: bedrock:InvokeModelWithResponseStream on ${model} is not allowed for our role.`,
      };
    case "ResourceNotFoundException":
      return { kind: "invalid", why: `Bedrock doesn't know ${model} in this Region. Check BEDROCK_MODEL_ID.` };
    case "ValidationException":
      return { kind: "invalid", why: `Bedrock doesn't accept the question for ${model}.` };
    case "CredentialsProviderError":
      return { kind: "not_allowed", why: "There are no AWS credentials for Bedrock." };
    default:
      return { kind: "unavailable", why: "Bedrock couldn't be reached or failed." };
  }
}

function isPassing(kind: Failure): boolean {
  return kind === "throttled" || kind === "unavailable";
}

function costOf(model: string, { inputTokens, outputTokens }: Usage): number | undefined {
  const price = PRICES.find(([name]) => name.test(model))?.[1];
  return price && Number(((inputTokens * price.input + outputTokens * price.output) / 1e6).toFixed(6));
}
