import { inflateRawSync } from "node:zlib";
import { Ajv } from "ajv";
import { describe, expect, it } from "vitest";
import { teamsManifest, teamsPackage } from "../../../adapters/teams/manifest.ts";
import { PERMISSIONS } from "../../../adapters/teams/permissions.ts";
import { COMMAND_NAMES } from "../../../conversations/command.ts";

/** The rules of Microsoft's published manifest schema 1.29 for the parts we use; nothing else may appear. */
const guid = { type: "string", pattern: "^[0-9a-fA-F]{8}-([0-9a-fA-F]{4}-){3}[0-9a-fA-F]{12}$" };
const url = { type: "string", maxLength: 2048, pattern: "^[Hh][Tt][Tt][Pp][Ss]?://" };
const file = { type: "string", maxLength: 2048 };
const scopes = { type: "array", maxItems: 3, items: { enum: ["team", "personal", "groupChat"] } };
const closed = (required: string[], properties: object) => ({
  type: "object",
  additionalProperties: false,
  required,
  properties,
});
const text = (maxLength: number) => ({ type: "string", minLength: 1, maxLength });
const SCHEMA_1_29 = closed(
  ["manifestVersion", "version", "id", "developer", "name", "description", "icons", "accentColor"],
  {
    $schema: { const: "https://developer.microsoft.com/json-schemas/teams/v1.29/MicrosoftTeams.schema.json" },
    manifestVersion: { const: "1.29" },
    version: { type: "string", maxLength: 256, pattern: "^\\d+\\.\\d+\\.\\d+$" },
    id: guid,
    developer: closed(["name", "websiteUrl", "privacyUrl", "termsOfUseUrl"], {
      name: text(32),
      websiteUrl: url,
      privacyUrl: url,
      termsOfUseUrl: url,
    }),
    name: closed(["short"], { short: text(30), full: text(100) }),
    description: closed(["short", "full"], { short: text(80), full: text(4000) }),
    icons: closed(["outline", "color"], { outline: file, color: file }),
    accentColor: { type: "string", pattern: "^#[0-9a-fA-F]{6}$" },
    defaultInstallScope: { enum: ["personal", "team", "groupChat", "meetings"] },
    defaultGroupCapability: closed([], {
      team: { enum: ["bot"] },
      groupchat: { enum: ["bot"] },
      meetings: { enum: ["bot"] },
    }),
    bots: {
      type: "array",
      maxItems: 1,
      items: closed(["botId", "scopes"], {
        botId: guid,
        scopes: { ...scopes, maxItems: 4 },
        supportsFiles: { type: "boolean" },
        isNotificationOnly: { type: "boolean" },
        supportsTargetedMessages: { type: "boolean" },
        commandLists: {
          type: "array",
          maxItems: 3,
          items: closed(["scopes", "commands"], {
            scopes,
            triggers: {
              type: "array",
              minItems: 1,
              maxItems: 2,
              uniqueItems: true,
              items: { enum: ["mention", "slash"] },
            },
            commands: {
              type: "array",
              maxItems: 12,
              items: closed(["title", "description"], { title: text(32), description: text(128) }),
            },
          }),
        },
      }),
    },
    validDomains: { type: "array", maxItems: 100, items: text(2048) },
    webApplicationInfo: closed(["id"], { id: guid, resource: text(2048) }),
    authorization: closed([], {
      permissions: closed([], {
        resourceSpecific: {
          type: "array",
          maxItems: 16,
          uniqueItems: true,
          items: closed(["name", "type"], { name: text(128), type: { enum: ["Application", "Delegated"] } }),
        },
      }),
    }),
  },
);

const appId = "11111111-2222-3333-4444-555555555555";
const publicUrl = "https://t-minus.example.com";

describe("The Teams app package", () => {
  const validate = new Ajv({ allErrors: true }).compile(SCHEMA_1_29);

  it.each([{ appId }, { appId, publicUrl, version: "1.2.3" }])(
    "its manifest keeps the published schema's rules (%j)",
    (options) => {
      expect(validate(teamsManifest(options)) ? [] : validate.errors).toEqual([]);
    },
  );

  it("offers only commands that the conversation knows", () => {
    for (const { commands } of teamsManifest({ appId }).bots[0]?.commandLists ?? []) {
      for (const { title } of commands) expect(COMMAND_NAMES).toContain(title);
    }
  });

  it("asks for nothing without a reason", () => {
    const asked = teamsManifest({ appId }).authorization.permissions.resourceSpecific.map(({ name }) => name);
    expect(asked).toEqual(PERMISSIONS.map(({ name }) => name));
    for (const { why, without } of PERMISSIONS) expect(why.length * without.length).toBeGreaterThan(400);
  });

  it("is a zip with the manifest and both icons in their sizes, the same bytes every time", async () => {
    const bytes = Buffer.from(await teamsPackage({ appId, publicUrl }));
    const entries = unzip(bytes);
    expect([...entries.keys()]).toEqual(["manifest.json", "color.png", "outline.png"]);
    expect(JSON.parse(entries.get("manifest.json")?.toString() ?? "")).toEqual(teamsManifest({ appId, publicUrl }));
    expect(pngSize(entries.get("color.png"))).toEqual([192, 192]);
    expect(pngSize(entries.get("outline.png"))).toEqual([32, 32]);
    expect(Buffer.from(await teamsPackage({ appId, publicUrl })).equals(bytes)).toBe(true);
  });
});

/** Reads the central directory, as unpackers do. */
function unzip(bytes: Buffer): Map<string, Buffer> {
  const end = bytes.lastIndexOf("PK\u0005\u0006");
  const files = new Map<string, Buffer>();
  let at = bytes.readUInt32LE(end + 16);
  for (let index = 0; index < bytes.readUInt16LE(end + 10); index += 1) {
    const [packed, size, nameLength, extra, comment, start] = [
      bytes.readUInt32LE(at + 20),
      bytes.readUInt32LE(at + 24),
      bytes.readUInt16LE(at + 28),
      bytes.readUInt16LE(at + 30),
      bytes.readUInt16LE(at + 32),
      bytes.readUInt32LE(at + 42),
    ];
    const name = bytes.toString("utf8", at + 46, at + 46 + nameLength);
    const data = start + 30 + bytes.readUInt16LE(start + 26) + bytes.readUInt16LE(start + 28);
    const content = inflateRawSync(bytes.subarray(data, data + packed));
    if (content.length !== size) throw new Error(`${name} is ${content.length} bytes, the directory says ${size}.`);
    files.set(name, content);
    at += 46 + nameLength + extra + comment;
  }
  return files;
}

function pngSize(png: Buffer | undefined): [number, number] {
  if (png?.toString("latin1", 1, 4) !== "PNG") throw new Error("Not a PNG.");
  return [png.readUInt32BE(16), png.readUInt32BE(20)];
}
