import { spawnSync } from "node:child_process";
import { tmpdir } from "node:os";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import { slackManifest } from "../../../adapters/slack/manifest.ts";
import { EVENTS, SCOPES } from "../../../adapters/slack/scopes.ts";

describe("the Slack manifest", () => {
  const http = slackManifest({ command: "/readiness", publicUrl: "https://t-minus.example" });

  it("sends everything to the one address", () => {
    expect(http.settings.event_subscriptions.request_url).toBe("https://t-minus.example/slack/events");
    expect(http.settings.interactivity.request_url).toBe("https://t-minus.example/slack/events");
    expect(http.features.slash_commands[0]?.url).toBe("https://t-minus.example/slack/events");
  });

  it("needs no address over sockets", () => {
    const sockets = slackManifest({ command: "/ready" });
    expect(sockets.settings.socket_mode_enabled).toBe(true);
    expect(JSON.stringify(sockets)).not.toContain("request_url");
    expect(sockets.features.slash_commands[0]?.command).toBe("/ready");
  });

  it.each<[string, string[], Record<string, string>, boolean]>([
    ["without an address", [], {}, true],
    ["with one", [], { PUBLIC_URL: "https://t-minus.example" }, false],
    ["with one and an app token", [], { PUBLIC_URL: "https://t-minus.example", SLACK_APP_TOKEN: "xapp-1" }, true],
    ["with one, asked for sockets", ["socket"], { PUBLIC_URL: "https://t-minus.example" }, true],
  ])("is made for the way the program itself goes: %s", (_name, words, env, overSockets) => {
    const program = fileURLToPath(new URL("../../../src/manifest.ts", import.meta.url));
    const written = spawnSync(process.execPath, [program, "slack", ...words], { cwd: tmpdir(), env, encoding: "utf8" });
    expect(written.stderr).toBe("");
    const { settings } = JSON.parse(written.stdout);
    expect(settings.socket_mode_enabled).toBe(overSockets);
    expect("request_url" in settings.event_subscriptions).toBe(!overSockets);
  });

  it("every permission and every event has its reason", () => {
    for (const { why } of [...SCOPES, ...EVENTS]) expect(why.length).toBeGreaterThan(10);
    expect(new Set(http.oauth_config.scopes.bot).size).toBe(SCOPES.length);
  });

  it("an organisation may install it where several workspaces may, and says when one is taken out", () => {
    const several = slackManifest({ command: "/readiness", publicUrl: "https://t-minus.example", oauth: true });
    expect(several.settings.org_deploy_enabled).toBe(true);
    expect(several.settings.event_subscriptions.bot_events).toContain("team_access_revoked");
    expect(http.settings.org_deploy_enabled).toBe(false);
    expect(http.settings.event_subscriptions.bot_events).not.toContain("team_access_revoked");
  });

  it("people in commands come as mentions, and texts are within Slack's limits", () => {
    const [command] = http.features.slash_commands;
    expect(command?.should_escape).toBe(true);
    expect(command?.command.length).toBeLessThanOrEqual(32);
    expect(http.display_information.name.length).toBeLessThanOrEqual(35);
    expect(http.display_information.description.length).toBeLessThanOrEqual(140);
    for (const { name, description } of http.features.shortcuts) {
      expect(name.length).toBeLessThanOrEqual(24);
      expect(description.length).toBeLessThanOrEqual(150);
    }
  });
});
