import { INSTALL_PATH, REDIRECT_PATH } from "./oauth.ts";
import { EVENTS, SCOPES, SHORTCUTS } from "./scopes.ts";

export type ManifestOptions = {
  /** `/readiness` */
  command: string;
  /** The program's public address; without one the app uses Socket Mode. */
  publicUrl?: string;
  /** Socket Mode, also with a public address. */
  socketMode?: boolean;
  /** Several workspaces: adds the OAuth redirect and allows organisation-wide installation. */
  oauth?: boolean;
};

/** The app's manifest, to be pasted at api.slack.com/apps → Create New App → From a manifest. */
export function slackManifest({ command, publicUrl, socketMode, oauth }: ManifestOptions) {
  const overSocket = socketMode === true || publicUrl === undefined;
  const url = publicUrl === undefined ? undefined : new URL("/slack/events", publicUrl).href;
  const requests = overSocket || url === undefined ? {} : { request_url: url };
  const events = EVENTS.filter(({ organisations }) => organisations !== true || oauth === true);
  const redirect = oauth === true && publicUrl !== undefined ? [new URL(REDIRECT_PATH, publicUrl).href] : undefined;
  return {
    display_information: {
      name: "T-Minus",
      description: "Takes a team from a big day in the calendar to a signed go / no-go.",
      background_color: "#1f2a44",
    },
    features: {
      app_home: { home_tab_enabled: true, messages_tab_enabled: true, messages_tab_read_only_enabled: false },
      bot_user: { display_name: "T-Minus", always_online: true },
      shortcuts: [
        {
          name: "Record as answer",
          type: "message",
          callback_id: SHORTCUTS.record,
          description: "Use this message as the answer to an open question",
        },
        {
          name: "What waits for me",
          type: "global",
          callback_id: SHORTCUTS.next,
          description: "Your most urgent open question",
        },
      ],
      slash_commands: [
        {
          command,
          description: "Event readiness: start, status, my questions, go / no-go",
          usage_hint: 'start "Black Friday" 2027-11-26 · status · next · help',
          should_escape: true,
          ...(overSocket || url === undefined ? {} : { url }),
        },
      ],
    },
    oauth_config: {
      ...(redirect === undefined ? {} : { redirect_urls: redirect }),
      scopes: { bot: SCOPES.map(({ scope }) => scope) },
    },
    settings: {
      event_subscriptions: { ...requests, bot_events: events.map(({ event }) => event) },
      interactivity: { is_enabled: true, ...requests },
      org_deploy_enabled: oauth === true,
      socket_mode_enabled: overSocket,
      token_rotation_enabled: false,
    },
  };
}

/** Where somebody starts an installation, for the set-up's last line. */
export function installAddress(publicUrl: string): string {
  return new URL(INSTALL_PATH, publicUrl).href;
}
