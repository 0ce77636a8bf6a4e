import type { RequestListener } from "node:http";
import { HTTPReceiver } from "@slack/bolt";
import { clientOptions } from "./api.ts";
import { apiBase, type Log, type SlackConfig } from "./config.ts";
import { type Installations, refusalOf } from "./installations.ts";
import { boltLogger } from "./logger.ts";
import { SCOPES } from "./scopes.ts";

export const INSTALL_PATH = "/slack/install";
export const REDIRECT_PATH = "/slack/oauth_redirect";

/**
 * Bolt's install pages: state in a signed cookie, the code exchanged for a token, the installation stored. Mounted in
 * our own server also in Socket Mode, where Bolt would open a second one.
 */
export function createOAuth(
  config: SlackConfig & { clientId: string; clientSecret: string; stateSecret: string },
  installations: Installations,
  log: Log,
): RequestListener {
  const addressOf = (path: string) =>
    config.publicUrl === undefined ? undefined : new URL(path, config.publicUrl).href;
  const redirectUri = addressOf(REDIRECT_PATH);
  const receiver = new HTTPReceiver({
    signingSecret: "",
    signatureVerification: false,
    endpoints: [],
    logger: boltLogger(log),
    clientId: config.clientId,
    clientSecret: config.clientSecret,
    stateSecret: config.stateSecret,
    installationStore: installations,
    scopes: SCOPES.map(({ scope }) => scope),
    ...(redirectUri === undefined ? {} : { redirectUri }),
    installerOptions: {
      directInstall: true,
      installPath: INSTALL_PATH,
      redirectUriPath: REDIRECT_PATH,
      authorizationUrl: new URL("/oauth/v2/authorize", apiBase(config)).href,
      clientOptions: clientOptions(config, log),
      callbackOptions: {
        async afterInstallation(installation, _options, _request, response) {
          const why = refusalOf(installation);
          if (why === undefined) return true;
          log.warn({ why }, "An installation in Slack was refused");
          response.writeHead(400, { "content-type": "text/plain; charset=utf-8" });
          response.end(why);
          return false;
        },
      },
    },
  });
  return (request, response) => {
    if (!isFromElsewhere(request.url ?? "")) return receiver.requestListener(request, response);
    response.writeHead(302, { location: addressOf(INSTALL_PATH) ?? INSTALL_PATH });
    response.end();
  };
}

/**
 * Who installs from the organisation's own pages comes with a code and without our state. That code is not taken, since
 * anybody could have sent them here with one of theirs; the way from our own link is two taps.
 */
function isFromElsewhere(address: string): boolean {
  const { pathname, searchParams } = new URL(address, "http://localhost");
  return (
    pathname === REDIRECT_PATH && searchParams.has("code") && !searchParams.has("state") && !searchParams.has("error")
  );
}
