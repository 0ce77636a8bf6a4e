/** What the Slack adapter is told by `src/config.ts`. Either `botToken`, or the three OAuth values, are set. */
export type SlackConfig = {
  /** `xoxb-…`: one workspace. */
  botToken?: string;
  /** Needed over HTTP; Slack signs every request with it. */
  signingSecret?: string;
  /** `xapp-…`: Socket Mode. */
  appToken?: string;
  /** OAuth for several workspaces. */
  clientId?: string;
  clientSecret?: string;
  stateSecret?: string;
  /** Another Web API base (GovSlack, a stand-in); Slack's own when unset. */
  apiUrl?: string;
  /** `/readiness` */
  command: string;
  /** Workspaces (`T…`) and organisations (`E…`) whose people may take part beside the own one. */
  teamsAllowed: string[];
  /** Base for the OAuth redirect. */
  publicUrl?: string;
  /** Key for tokens at rest; required with OAuth. */
  secretKey?: string;
};

/** A log line: constant message, data beside it. pino fits. */
type Line = (data: object, message: string) => void;
export type Log = { debug: Line; info: Line; warn: Line; error: Line };

export const SLACK_API = "https://slack.com/api/";

/** The Web API's base, always with a slash at its end. */
export function apiBase(config: SlackConfig): string {
  const base = config.apiUrl ?? SLACK_API;
  return base.endsWith("/") ? base : `${base}/`;
}
