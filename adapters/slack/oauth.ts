import type { RequestListener } from "node:http";
import { HTTPReceiver } from "@slack/bolt";
import { clientOptions } from "./api.ts";
import { apiBase, type Log, type SlackConfig } from "./config.ts";
import type { Installations } from "./installations.ts";
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
  const redirectUri = config.publicUrl === undefined ? undefined : new URL(REDIRECT_PATH, config.publicUrl).href;
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
    },
  });
  return receiver.requestListener;
}
