import { appIcons } from "./icons.ts";
import { PERMISSIONS } from "./permissions.ts";
import { zip } from "./zip.ts";

export type TeamsManifestOptions = {
  /** `MicrosoftAppId`: the bot's registration. */
  appId: string;
  /** Base of the links the bot posts; also the app's web page. */
  publicUrl?: string;
  /** Semantic version; Teams takes an update only with a new one. */
  version?: string;
  developer?: { name: string; websiteUrl: string; privacyUrl: string; termsOfUseUrl: string };
};

/** The first generally available schema with targeted messages and slash commands; older ones refuse both. */
const SCHEMA = "1.29";

const COMMANDS = [
  { title: "start", description: "Start a readiness session for an event" },
  { title: "status", description: "Where the session stands" },
  { title: "next", description: "The question that waits for you" },
  { title: "scope", description: "Accounts, Regions, services, peak: fill in what you know" },
  { title: "quotas", description: "Ask in plain words whether AWS lets you grow: can we run 300 m7g.2xlarge?" },
  { title: "summary", description: "What is ready, what is at risk, who is late" },
  { title: "decide", description: "Open the go / no-go" },
  { title: "me", description: "Your working hours, time zone and absence" },
  { title: "help", description: "All commands" },
];

/** The app's manifest for Teams, for one bot registration. */
export function teamsManifest(options: TeamsManifestOptions) {
  const { appId, publicUrl, version = "1.0.0" } = options;
  const page = publicUrl ?? "https://www.apache.org/licenses/LICENSE-2.0";
  const developer = options.developer ?? { name: "T-Minus", websiteUrl: page, privacyUrl: page, termsOfUseUrl: page };
  return {
    $schema: `https://developer.microsoft.com/json-schemas/teams/v${SCHEMA}/MicrosoftTeams.schema.json`,
    manifestVersion: SCHEMA,
    version,
    id: appId,
    developer,
    name: { short: "T-Minus", full: "T-Minus: from a big day in the calendar to a signed go / no-go" },
    description: {
      short: "Guided readiness sessions for big events on AWS, in the channel you work in.",
      full:
        'T-Minus takes a team from "we have a big day in six weeks" to a signed go / no-go. It asks the 23 questions of an ' +
        "AWS Countdown review, one at a time, of the people who know; it looks at AWS first, so that nobody answers what can " +
        "be read; it nudges once a day, writes the summary, and keeps who decided what. Add it to the team's channel, then " +
        "mention it: @T-Minus start. People who sign or get digests add it to their own apps, so that it can write to them.",
    },
    icons: { color: "color.png", outline: "outline.png" },
    accentColor: "#1F2A44",
    defaultInstallScope: "team",
    defaultGroupCapability: { team: "bot", groupchat: "bot" },
    bots: [
      {
        botId: appId,
        scopes: ["personal", "team", "groupChat"],
        supportsFiles: true,
        isNotificationOnly: false,
        supportsTargetedMessages: true,
        commandLists: [
          { scopes: ["team", "groupChat"], triggers: ["mention", "slash"], commands: COMMANDS },
          { scopes: ["personal"], triggers: ["mention"], commands: COMMANDS },
        ],
      },
    ],
    ...(publicUrl === undefined ? {} : { validDomains: [new URL(publicUrl).hostname] }),
    webApplicationInfo: { id: appId, resource: `api://botid-${appId}` },
    authorization: {
      permissions: { resourceSpecific: PERMISSIONS.map(({ name, type }) => ({ name, type })) },
    },
  };
}

/** The app package: a zip to be uploaded in Teams (Apps → Manage your apps → Upload) or its admin centre. */
export async function teamsPackage(options: TeamsManifestOptions): Promise<Uint8Array> {
  const { color, outline } = await appIcons();
  return zip([
    {
      name: "manifest.json",
      content: new TextEncoder().encode(`${JSON.stringify(teamsManifest(options), null, 2)}\n`),
    },
    { name: "color.png", content: color },
    { name: "outline.png", content: outline },
  ]);
}
