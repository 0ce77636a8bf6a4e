/** botbuilder's own names, as they stand in the environment. Unset ones take botbuilder's defaults. */
export type BotSettings = {
  MicrosoftAppId?: string | undefined;
  MicrosoftAppPassword?: string | undefined;
  MicrosoftAppType?: string | undefined;
  MicrosoftAppTenantId?: string | undefined;
  ChannelService?: string | undefined;
  OAuthUrl?: string | undefined;
  ToChannelFromBotLoginUrl?: string | undefined;
  ToChannelFromBotOAuthScope?: string | undefined;
  ToBotFromChannelTokenIssuer?: string | undefined;
  ToBotFromChannelOpenIdMetadataUrl?: string | undefined;
  ToBotFromEmulatorOpenIdMetadataUrl?: string | undefined;
  ValidateAuthority?: string | undefined;
};

export type TeamsConfig = {
  settings: BotSettings;
  /** `TEAMS=local`: a local client without tokens; service URLs are taken on loopback only. */
  local: boolean;
  /** Tenants that may use the bot. Empty: the bot's own tenant (with `local`: any). */
  tenantsAllowed: readonly string[];
  /** Base of the links to exports in channels. Unset: people are told to ask in the personal chat. */
  publicUrl?: string | undefined;
};

/** What the adapter says to the operator: a constant message with ids beside it, never words of people. */
export type Log = {
  debug(data: object, message: string): void;
  info(data: object, message: string): void;
  warn(data: object, message: string): void;
  error(data: object, message: string): void;
};

/** True for `127.0.0.1`, `[::1]` and `localhost`: what a local client or a stand-in may use without TLS and tokens. */
export function isLoopback(url: string): boolean {
  if (!URL.canParse(url)) return false;
  const { hostname, protocol } = new URL(url);
  if (protocol !== "http:" && protocol !== "https:") return false;
  return hostname === "localhost" || hostname === "[::1]" || /^127\.\d{1,3}\.\d{1,3}\.\d{1,3}$/.test(hostname);
}
