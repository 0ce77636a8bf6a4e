import { writeFileSync } from "node:fs";
import { explainConfig, readEnvironment } from "./config.ts";
import { ConfigError } from "./domain/errors.ts";

/** `npm run manifest slack|teams`: what the platform's admin page wants, made from the same settings as the program. */

const [platform, mode] = process.argv.slice(2);
try {
  await write(platform);
} catch (error) {
  if (!(error instanceof ConfigError)) throw error;
  process.stderr.write(`${explainConfig(error)}\n`);
  process.exitCode = 78;
}

async function write(asked: string | undefined): Promise<void> {
  switch (asked) {
    case "slack":
      return slack(mode);
    case "teams":
      return teams();
    default:
      process.stderr.write(
        "Which one? Run `npm run manifest slack` (`… slack socket` for Socket Mode) or `npm run manifest teams`.\n",
      );
      process.exitCode = 64;
  }
}

/**
 * JSON to paste into "Create New App → From a manifest". Socket Mode without PUBLIC_URL, with an app token, as the program
 * itself decides it, or with `npm run manifest slack socket` before there is a token.
 */
async function slack(mode: string | undefined): Promise<void> {
  const { slackManifest } = await import("../adapters/slack/manifest.ts");
  const environment = readEnvironment();
  const { PUBLIC_URL: publicUrl, SLACK_COMMAND: command = "/readiness", SLACK_CLIENT_ID: clientId } = environment;
  const manifest = slackManifest({
    command,
    ...(publicUrl === undefined ? {} : { publicUrl }),
    ...(clientId === undefined ? {} : { oauth: true }),
    ...(mode === "socket" || environment.SLACK_APP_TOKEN !== undefined ? { socketMode: true } : {}),
  });
  process.stdout.write(`${JSON.stringify(manifest, null, 2)}\n`);
}

/** The app package as a zip, for "Upload an app" in Teams. */
async function teams(): Promise<void> {
  const { MicrosoftAppId: appId, PUBLIC_URL: publicUrl } = readEnvironment();
  if (appId === undefined) {
    throw new ConfigError([
      "MicrosoftAppId: the package names the bot's registration. Example: MicrosoftAppId=00000000-0000-0000-0000-000000000000",
    ]);
  }
  const { teamsPackage } = await import("../adapters/teams/manifest.ts");
  const file = "t-minus-teams.zip";
  writeFileSync(file, await teamsPackage({ appId, ...(publicUrl === undefined ? {} : { publicUrl }) }));
  process.stdout.write(`Wrote ${file}. Upload it in Teams: Apps → Manage your apps → Upload an app.\n`);
}
