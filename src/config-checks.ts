import { isLoopbackHost, isLoopbackUrl, problemWith, type Values, type VariableName } from "./config-variables.ts";

/** What variables mean together. Pushes sentences; stops nothing by itself. */
type Facts = {
  values: Values;
  /** Set, be it right or wrong: a wrong one is named already, and is not also missing. */
  isSet(name: VariableName): boolean;
  used: { slack: boolean; teams: boolean; aws: boolean };
  host: string;
  web: boolean;
  awsEndpoints: { name: string; value: string }[];
  problems: string[];
  warnings: string[];
};

export function crossChecks(facts: Facts): void {
  if (facts.used.slack) checkSlack(facts);
  if (facts.used.teams) checkTeams(facts);
  checkWeb(facts);
  checkSecretKey(facts);
  checkAws(facts);
  if (facts.isSet("CLOCK_START") || facts.isSet("CLOCK_SPEED")) checkClock(facts);
  checkVersion(facts);
}

function checkSlack({ isSet, problems }: Facts): void {
  const oauth = (["SLACK_CLIENT_ID", "SLACK_CLIENT_SECRET", "SLACK_STATE_SECRET"] as const).filter(isSet);
  if (oauth.length > 0) {
    for (const name of ["SLACK_CLIENT_ID", "SLACK_CLIENT_SECRET", "SLACK_STATE_SECRET"] as const) {
      if (!isSet(name))
        problems.push(problemWith(name, "is missing; OAuth needs id, secret and state secret together"));
    }
  } else if (!isSet("SLACK_BOT_TOKEN")) {
    problems.push(problemWith("SLACK_BOT_TOKEN", "is missing; Slack needs it (or the three OAuth variables)"));
  }
  if (!isSet("SLACK_SIGNING_SECRET") && !isSet("SLACK_APP_TOKEN")) {
    problems.push(
      problemWith(
        "SLACK_SIGNING_SECRET",
        "is missing; over HTTP every request of Slack is checked with it (Socket Mode wants SLACK_APP_TOKEN instead)",
      ),
    );
  }
}

function checkTeams({ values, isSet, host, problems }: Facts): void {
  if (isSet("TEAMS")) {
    if (isSet("MicrosoftAppId")) {
      problems.push(
        problemWith(
          "TEAMS",
          "local means no authentication, so it can't stand beside MicrosoftAppId; unset one of them",
        ),
      );
    }
    if (!isLoopbackHost(host)) {
      problems.push(
        problemWith("HOST", `TEAMS=local takes messages from anyone who reaches it, so it can't listen on "${host}"`),
      );
    }
    return;
  }
  if (!isSet("MicrosoftAppId")) {
    problems.push(problemWith("MicrosoftAppId", "is missing; Teams needs it"));
    return;
  }
  const type = (values.MicrosoftAppType ?? "SingleTenant").toLowerCase();
  if (type !== "userassignedmsi" && !isSet("MicrosoftAppPassword")) {
    problems.push(
      problemWith(
        "MicrosoftAppPassword",
        "is missing; only a managed identity (MicrosoftAppType=UserAssignedMSI) goes without",
      ),
    );
  }
  if (type === "userassignedmsi" && isSet("MicrosoftAppPassword")) {
    problems.push("MicrosoftAppPassword: a managed identity has none. Unset it, or set MicrosoftAppType=SingleTenant");
  }
  if (type !== "multitenant" && !isSet("MicrosoftAppTenantId")) {
    problems.push(problemWith("MicrosoftAppTenantId", "is missing; a single-tenant bot belongs to one tenant"));
  }
}

function checkWeb({ values, isSet, used, host, web, problems, warnings }: Facts): void {
  if (web && !isLoopbackHost(host) && !isSet("WEB_CHANNEL_TOKEN")) {
    problems.push(
      problemWith(
        "WEB_CHANNEL_TOKEN",
        `is missing; with HOST=${host} others can reach the web channel, so it asks for a token (or set WEB_CHANNEL=off)`,
      ),
    );
  }
  if (!web && !used.slack && !used.teams) {
    warnings.push(
      "No platform is set and WEB_CHANNEL is off, so there is nowhere to talk. Set WEB_CHANNEL=on, or Slack or Teams.",
    );
  }
  if (values.WEB_CHANNEL_TOKEN !== undefined && values.WEB_CHANNEL_TOKEN.length < 16 && !isLoopbackHost(host)) {
    warnings.push("WEB_CHANNEL_TOKEN is short. Take a long random one: openssl rand -hex 16");
  }
}

function checkSecretKey({ values, isSet, problems, warnings }: Facts): void {
  const why = isSet("SLACK_CLIENT_ID")
    ? "Slack's OAuth keeps tokens, which it encrypts"
    : isSet("MicrosoftAppId")
      ? "Teams' links and codes are signed with it"
      : isSet("PUBLIC_URL")
        ? "links under PUBLIC_URL are signed with it"
        : undefined;
  if (why !== undefined && !isSet("SECRET_KEY")) problems.push(problemWith("SECRET_KEY", `is missing; ${why}`));
  if (values.SECRET_KEY !== undefined && values.SECRET_KEY.length < 32) {
    warnings.push("SECRET_KEY is short. Take a long random one: openssl rand -base64 32");
  }
}

function checkAws({ isSet, used, awsEndpoints, problems }: Facts): void {
  for (const { name, value } of awsEndpoints) {
    if (name !== "AWS_ENDPOINT_URL" && !/^https?:/.test(URL.canParse(value) ? new URL(value).protocol : "")) {
      problems.push(
        `${name}: "${value.slice(0, 60)}" is not an http(s) address. Example: ${name}=http://127.0.0.1:4566`,
      );
    }
  }
  if (isSet("BEDROCK_MODEL_ID") && !used.aws) {
    problems.push(problemWith("AWS_REGION", "is missing; BEDROCK_MODEL_ID names a model in a Region"));
  }
  if (isSet("BEDROCK_GUARDRAIL_ID") && !isSet("BEDROCK_GUARDRAIL_VERSION")) {
    problems.push(problemWith("BEDROCK_GUARDRAIL_VERSION", "is missing beside BEDROCK_GUARDRAIL_ID"));
  }
  if (isSet("BEDROCK_GUARDRAIL_VERSION") && !isSet("BEDROCK_GUARDRAIL_ID")) {
    problems.push(problemWith("BEDROCK_GUARDRAIL_ID", "is missing beside BEDROCK_GUARDRAIL_VERSION"));
  }
  if (isSet("BEDROCK_GUARDRAIL_ID") && !isSet("BEDROCK_MODEL_ID")) {
    problems.push(problemWith("BEDROCK_MODEL_ID", "is missing; a guardrail alone guards nothing"));
  }
}

/** A simulated calendar would tell real people wrong dates and read real accounts at the wrong time. */
function checkClock({ values, isSet, used, awsEndpoints, problems }: Facts): void {
  const outside: string[] = [];
  if (used.slack && !isLoopbackUrl(values.SLACK_API_URL ?? "")) outside.push("Slack (SLACK_API_URL)");
  if (used.teams && !isSet("TEAMS")) {
    const urls = [values.ToChannelFromBotLoginUrl, values.ToBotFromChannelOpenIdMetadataUrl];
    if (!urls.every((one) => isLoopbackUrl(one ?? ""))) {
      outside.push("Teams (ToChannelFromBotLoginUrl, ToBotFromChannelOpenIdMetadataUrl)");
    }
  }
  if (used.aws) {
    const general = awsEndpoints.some(({ name }) => name === "AWS_ENDPOINT_URL");
    const away = awsEndpoints.filter(({ value }) => !isLoopbackUrl(value)).map(({ name }) => name);
    if (!general) outside.push("AWS (AWS_ENDPOINT_URL)");
    else if (away.length > 0) outside.push(`AWS (${away.join(", ")})`);
  }
  if (outside.length > 0) {
    const name = isSet("CLOCK_START") ? "CLOCK_START" : "CLOCK_SPEED";
    problems.push(
      `${name}: a simulated calendar is only for practice, with every platform and AWS endpoint on this machine; not so: ${outside.join(", ")}. Unset ${name}, or point them at 127.0.0.1`,
    );
  }
}

/** What a later version brings is said, not silently left out. */
function checkVersion({ isSet, problems }: Facts): void {
  if (isSet("DLT_API_URL")) {
    problems.push(
      "DLT_API_URL: Distributed Load Testing is not in this version. Unset DLT_API_URL and describe the load test in your answer to P3",
    );
  }
}
