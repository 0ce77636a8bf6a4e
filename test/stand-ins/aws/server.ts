import { randomUUID } from "node:crypto";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import { setTimeout as pause } from "node:timers/promises";
import type { Permissions, RegionData, StandInAccount } from "./account.ts";
import { type Fault, type Handler, ServiceError } from "./handler.ts";
import { handlers } from "./handlers.ts";
import { allows } from "./policy.ts";
import { documentedRate, SERVICES, type ServiceModel } from "./services.ts";
import {
  escapeXml,
  InvalidRequest,
  operationModel,
  readForm,
  readJson,
  readQuery,
  writeJson,
  writeXml,
} from "./wire.ts";

export type Call = {
  action: string;
  account: string;
  role: string | null;
  region: string;
  input: Record<string, unknown>;
  startedAt: number;
  endedAt: number;
  /** `ok`, or the error's code. */
  outcome: string;
};

export type StandInOptions = {
  accounts: StandInAccount[];
  latencyMs?: number;
  /** `documented`: the rates that AWS publishes; off by default. */
  throttling?: "documented" | "off";
  /** Nothing gets longer pages than this, whatever it asks for. */
  pageLimit?: number;
};

export type AwsStandIn = {
  url: string;
  calls: Call[];
  /** Actions that were called and answered, once each. */
  actions(): string[];
  fault(fault: Fault): void;
  clearFaults(): void;
  options: StandInOptions;
  close(): Promise<void>;
};

type Principal = { account: StandInAccount; role: string | null; permissions: Permissions };

/**
 * AWS over HTTP: signatures' scope, permissions, required members, pages, throttling and faults as the services have
 * them. One server for every service, as `AWS_ENDPOINT_URL` wants it.
 */
export async function startAws(options: StandInOptions): Promise<AwsStandIn> {
  const calls: Call[] = [];
  const faults: (Fault & { left: number })[] = [];
  const sessions = new Map<string, Principal & { token: string }>();
  const buckets = new Map<string, { tokens: number; at: number }>();

  const principalOf = (accessKey: string, token: string | undefined): Principal | null => {
    const session = sessions.get(accessKey);
    if (session !== undefined) return session.token === token ? session : null;
    for (const account of options.accounts) {
      const permissions = account.keys?.[accessKey];
      if (permissions !== undefined) return { account, role: null, permissions };
    }
    return null;
  };

  const throttled = (account: string, region: string, action: string): boolean => {
    if (options.throttling !== "documented") return false;
    const rate = documentedRate(action);
    if (rate === null) return false;
    const key = `${account}/${region}/${action}`;
    const now = Date.now();
    const bucket = buckets.get(key) ?? { tokens: rate.burst, at: now };
    bucket.tokens = Math.min(rate.burst, bucket.tokens + ((now - bucket.at) / 1000) * rate.perSecond);
    bucket.at = now;
    buckets.set(key, bucket);
    if (bucket.tokens < 1) return true;
    bucket.tokens -= 1;
    return false;
  };

  const answer = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const startedAt = Date.now();
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(Buffer.isBuffer(chunk) ? chunk : Buffer.from(String(chunk)));
    const body = Buffer.concat(chunks).toString("utf8");
    const url = new URL(request.url ?? "/", "http://stand-in");
    const target = route(request, url, body);
    if (target === null) {
      response.writeHead(404, { "content-type": "text/plain" }).end("No such service or operation");
      return;
    }
    const { service, operation } = target;
    const action = `${service.iam}:${operation}`;
    const call: Call = { action, account: "", role: null, region: "", input: {}, startedAt, endedAt: 0, outcome: "ok" };
    calls.push(call);
    try {
      const scope = scopeOf(request);
      call.region = scope.region;
      if (scope.service !== service.signing) {
        throw new ServiceError(
          "SignatureDoesNotMatch",
          `Credential should be scoped to service ${service.signing}, not ${scope.service}`,
          403,
        );
      }
      const token = header(request, "x-amz-security-token");
      const principal = principalOf(scope.accessKey, token);
      if (principal === null)
        throw new ServiceError(
          service.protocol === "ec2" ? "AuthFailure" : "UnrecognizedClientException",
          "The security token is invalid",
          403,
        );
      call.account = principal.account.id;
      call.role = principal.role;
      await applyFault(call, service, response);
      if (throttled(principal.account.id, scope.region, action)) throw service.throttle();
      if (!allows(principal.permissions, action)) throw service.denied(action);
      const model = operationModel(service.sdk, operation);
      call.input =
        service.protocol === "ec2" || service.protocol === "query"
          ? readForm(model, body, service.protocol)
          : service.protocol === "rest-json" || service.protocol === "rest-xml"
            ? readQuery(model, url.searchParams)
            : readJson(model, body);
      const region: RegionData | undefined = principal.account.regions[scope.region];
      if (region === undefined && service.iam !== "sts") {
        throw new ServiceError("OptInRequired", `The account isn't enabled for ${scope.region}`, 403);
      }
      const handler: Handler | undefined = handlers[action];
      if (handler === undefined) throw service.unknownOperation(operation);
      const output = handler({
        account: principal.account,
        accounts: options.accounts,
        region: region ?? {},
        regionName: scope.region,
        input: call.input,
        page: (rows, most, asked) =>
          pageOf(action, rows, Math.min(most, asked ?? most, options.pageLimit ?? most), call.input),
        assume: (account, role, permissions) => {
          const accessKey = `ASIA${randomUUID().replaceAll("-", "").slice(0, 16).toUpperCase()}`;
          const sessionToken = randomUUID();
          sessions.set(accessKey, { account, role, permissions, token: sessionToken });
          return { accessKey, sessionToken };
        },
      });
      const written = write(service, operation, output);
      // The answer is ready first and then waits, so that making it isn't part of what a call takes.
      if (options.latencyMs !== undefined) await pause(Math.max(0, options.latencyMs - (Date.now() - startedAt)));
      response.writeHead(200, { "content-type": written.type, "x-amzn-requestid": randomUUID() }).end(written.body);
    } catch (error) {
      if (error === DROPPED) {
        call.outcome = "dropped";
        return;
      }
      const refusal =
        error instanceof ServiceError
          ? error
          : error instanceof InvalidRequest
            ? new ServiceError(service.invalidCode, error.message, 400)
            : new ServiceError("InternalFailure", String(error), 500);
      call.outcome = refusal.code;
      sendError(response, service, refusal);
    } finally {
      call.endedAt = Date.now();
    }
  };

  const applyFault = async (call: Call, service: ServiceModel, response: ServerResponse): Promise<void> => {
    const fault = faults.find(
      (each) =>
        each.left > 0 &&
        (each.action === "*" || each.action === call.action) &&
        (each.region === undefined || each.region === call.region) &&
        (each.account === undefined || each.account === call.account),
    );
    if (fault === undefined) return;
    fault.left -= 1;
    switch (fault.kind) {
      case "deny":
        throw service.denied(call.action);
      case "throttle":
        throw service.throttle();
      case "broken":
        throw new ServiceError("InternalFailure", "We encountered an internal error", 500);
      case "slow":
        await pause(fault.ms ?? 1_000);
        return;
      case "drop":
        response.destroy();
        throw DROPPED;
    }
  };

  const server = createServer((request, response) => {
    answer(request, response).catch((error: unknown) => {
      response.destroy(error instanceof Error ? error : new Error(String(error)));
    });
  });
  server.keepAliveTimeout = 60_000;
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  const port = typeof address === "object" && address !== null ? address.port : 0;
  return {
    url: `http://127.0.0.1:${port}`,
    calls,
    actions: () => [...new Set(calls.filter((call) => call.outcome === "ok").map((call) => call.action))].sort(),
    fault: (fault) => void faults.push({ ...fault, left: fault.times ?? Number.POSITIVE_INFINITY }),
    clearFaults: () => void faults.splice(0),
    options,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

const DROPPED = new Error("connection dropped on purpose");

/** Which service and operation: by target header, by form, or by path. */
function route(request: IncomingMessage, url: URL, body: string): { service: ServiceModel; operation: string } | null {
  const target = header(request, "x-amz-target");
  if (target !== undefined) {
    const [prefix, operation] = target.split(".");
    const service = SERVICES.find((each) => each.target === prefix);
    const wanted = service?.protocol === "json1.1" ? "application/x-amz-json-1.1" : "application/x-amz-json-1.0";
    if (service === undefined || operation === undefined || header(request, "content-type") !== wanted) return null;
    return { service, operation };
  }
  if (
    request.method === "POST" &&
    (header(request, "content-type") ?? "").startsWith("application/x-www-form-urlencoded")
  ) {
    const form = new URLSearchParams(body);
    const service = SERVICES.find((each) => each.version === form.get("Version"));
    const operation = form.get("Action");
    return service === undefined || operation === null ? null : { service, operation };
  }
  for (const service of SERVICES) {
    for (const [operation, path] of Object.entries(service.paths ?? {})) {
      if (request.method === "GET" && url.pathname.replace(/\/$/, "") === path) return { service, operation };
    }
  }
  return null;
}

/** `AWS4-HMAC-SHA256 Credential=AKIA…/20261123/eu-west-1/ec2/aws4_request, SignedHeaders=host;…, Signature=…`. */
function scopeOf(request: IncomingMessage): { accessKey: string; region: string; service: string } {
  const given = header(request, "authorization") ?? "";
  const match =
    /^AWS4-HMAC-SHA256 Credential=([A-Z0-9]+)\/(\d{8})\/([a-z0-9-]+)\/([a-z0-9-]+)\/aws4_request, SignedHeaders=([a-z0-9;-]+), Signature=[0-9a-f]{64}$/.exec(
      given,
    );
  const [, accessKey, date, region, service, signed] = match ?? [];
  if (
    accessKey === undefined ||
    date === undefined ||
    region === undefined ||
    service === undefined ||
    signed === undefined
  ) {
    throw new ServiceError("IncompleteSignature", "The Authorization header isn't a SigV4 one", 403);
  }
  const stamp = header(request, "x-amz-date") ?? "";
  if (!stamp.startsWith(date)) throw new ServiceError("SignatureDoesNotMatch", "x-amz-date and the scope differ", 403);
  const headers = signed.split(";");
  if (!headers.includes("host") || !headers.includes("x-amz-date")) {
    throw new ServiceError("SignatureDoesNotMatch", "host and x-amz-date must be signed", 403);
  }
  return { accessKey, region, service };
}

/** Every listing has pages; a token is good for its own operation only. */
function pageOf<T>(
  action: string,
  rows: readonly T[],
  size: number,
  input: Record<string, unknown>,
): { rows: T[]; next?: string } {
  const given = input.NextToken ?? input.Marker ?? input.ExclusiveStartTableName;
  let from = 0;
  if (typeof given === "string" && given !== "") {
    const [owner, offset] = Buffer.from(given, "base64url").toString("utf8").split(" ");
    if (owner !== action || offset === undefined)
      throw new ServiceError("InvalidPaginationTokenException", "That token isn't ours", 400);
    from = Number(offset);
  }
  const slice = rows.slice(from, from + size);
  const to = from + slice.length;
  return to < rows.length
    ? { rows: slice, next: Buffer.from(`${action} ${to}`).toString("base64url") }
    : { rows: slice };
}

function write(
  service: ServiceModel,
  operation: string,
  output: Record<string, unknown>,
): { type: string; body: string } {
  const model = operationModel(service.sdk, operation);
  const id = randomUUID();
  switch (service.protocol) {
    case "json1.0":
    case "json1.1":
      return { type: `application/x-amz-${service.protocol.replace("json", "json-")}`, body: writeJson(model, output) };
    case "rest-json":
      return { type: "application/json", body: writeJson(model, output) };
    case "rest-xml":
      return { type: "text/xml", body: `<?xml version="1.0"?>\n${writeXml(model, output, service.namespace ?? "")}` };
    case "ec2":
      return {
        type: "text/xml;charset=UTF-8",
        body: `<${operation}Response xmlns="${service.namespace}"><requestId>${id}</requestId>${writeXml(model, output, "")}</${operation}Response>`,
      };
    case "query":
      return {
        type: "text/xml",
        body: `<${operation}Response xmlns="${service.namespace}"><${operation}Result>${writeXml(model, output, "")}</${operation}Result><ResponseMetadata><RequestId>${id}</RequestId></ResponseMetadata></${operation}Response>`,
      };
  }
}

function sendError(response: ServerResponse, service: ServiceModel, error: ServiceError): void {
  const message = escapeXml(error.message);
  const kind = error.status >= 500 ? "Receiver" : "Sender";
  switch (service.protocol) {
    case "json1.0":
    case "json1.1":
    case "rest-json":
      response.writeHead(error.status, { "content-type": "application/json", "x-amzn-errortype": error.code });
      response.end(JSON.stringify({ __type: error.code, message: error.message }));
      return;
    case "ec2":
      response.writeHead(error.status, { "content-type": "text/xml;charset=UTF-8" });
      response.end(
        `<Response><Errors><Error><Code>${error.code}</Code><Message>${message}</Message></Error></Errors><RequestID>${randomUUID()}</RequestID></Response>`,
      );
      return;
    case "query":
    case "rest-xml":
      response.writeHead(error.status, { "content-type": "text/xml" });
      response.end(
        `<ErrorResponse xmlns="${service.namespace}"><Error><Type>${kind}</Type><Code>${error.code}</Code><Message>${message}</Message></Error><RequestId>${randomUUID()}</RequestId></ErrorResponse>`,
      );
  }
}

function header(request: IncomingMessage, name: string): string | undefined {
  const value = request.headers[name];
  return typeof value === "string" ? value : undefined;
}
