import { pastedName } from "../../conversations/intake.ts";
import { readProse } from "../../conversations/intake-prose.ts";
import { wording } from "../../conversations/wording.ts";
import { type Address, directTo } from "../domain/address.ts";
import { TerminalError } from "../domain/errors.ts";
import { identityOf, type PersonId } from "../domain/ids.ts";
import type { Architecture, ArchitectureReading, Found } from "../domain/intake.ts";
import type { SessionState } from "../domain/session.ts";
import { fileBytes } from "./import.ts";
import type { Parts } from "./parts.ts";
import { whisper } from "./receive.ts";

/** What is behind the engine's wish to read an architecture: a parser, and a model where one is set up. */
export type ArchitectureReader = {
  /** Terraform or CloudFormation, by a parser. */
  code(file: {
    name: string;
    text: string;
  }): Promise<{ ok: true; resources: number; found: Found[] } | { ok: false; why: string }>;
  model?: {
    /** Prose or a picture. What it finds in prose stands there word for word. */
    read(
      file: { name: string; text: string } | { name: string; picture: Uint8Array; format: "png" | "jpeg" },
    ): Promise<{ ok: true; found: Found[] } | { ok: false; why: string }>;
    /** A change that takes a finding away, as a unified diff that fits the file and still parses. */
    fix(
      file: { name: string; text: string },
      found: Found,
    ): Promise<{ ok: true; diff: string } | { ok: false; why: string }>;
  };
};

const LARGEST = 5 * 1024 * 1024;
/** Kept beside the reading only so that a change can be drafted. */
const LARGEST_KEPT = 400_000;
const MOST_FOUND = 300;
const CODE = /\.(?:tf|tf\.json|ya?ml|json|template)$/i;
const PICTURE = /\.(png|jpe?g)$/i;

type IntakeParts = Pick<Parts, "chats" | "mask" | "catalogue" | "log" | "architecture">;

/** Fetches what was given, masks secrets in it, and reads it. What is wrong with it is a sentence, not an exception. */
export async function readArchitecture(parts: IntakeParts, given: Architecture): Promise<ArchitectureReading> {
  const { source, address } = given;
  try {
    if ("words" in source) {
      const text = source.words.text;
      return text === null ? gone() : await readText(parts, pastedName(text), text, []);
    }
    const { file } = source;
    const bytes = await fileBytes(parts, address, file, LARGEST);
    const picture = PICTURE.exec(file.name);
    if (picture !== null) return await readPicture(parts, file.name, bytes, picture[1]);
    const { text, found } = await parts.mask(new TextDecoder("utf-8").decode(bytes));
    return await readText(parts, file.name, text, found);
  } catch (error) {
    if (!(error instanceof TerminalError)) throw error;
    const name = "file" in source ? source.file.name : "that";
    return { ok: false, why: `I couldn't read ${name}: ${error.message}` };
  }
}

function gone(): ArchitectureReading {
  return { ok: false, why: "The text was erased before it could be read." };
}

async function readText(
  parts: IntakeParts,
  name: string,
  text: string,
  secrets: string[],
): Promise<ArchitectureReading> {
  const code = CODE.test(name) ? await parts.architecture.code({ name, text }) : undefined;
  if (code !== undefined && !code.ok) return code;
  if (secrets.length > 0) parts.log.warn({ kinds: secrets }, "An architecture held secrets; they were masked");
  if (code !== undefined) {
    const keep = parts.architecture.model !== undefined && text.length <= LARGEST_KEPT;
    return {
      ok: true,
      document: {
        name,
        resources: code.resources,
        found: code.found.slice(0, MOST_FOUND),
        by: "parser",
        ...(keep ? { text } : {}),
      },
    };
  }
  const read = await parts.architecture.model?.read({ name, text });
  if (read?.ok)
    return { ok: true, document: { name, resources: 0, found: read.found.slice(0, MOST_FOUND), by: "model" } };
  const found = readProse(name, text, parts.catalogue);
  return { ok: true, document: { name, resources: 0, found: found.slice(0, MOST_FOUND), by: "phrases" } };
}

async function readPicture(
  parts: IntakeParts,
  name: string,
  picture: Uint8Array,
  ending: string | undefined,
): Promise<ArchitectureReading> {
  const format = ending?.toLowerCase() === "png" ? ("png" as const) : ("jpeg" as const);
  if (!isPicture(picture, format))
    return { ok: false, why: `${name} isn't the picture its name says. Save it again as PNG or JPEG.` };
  const { model } = parts.architecture;
  if (model === undefined)
    return { ok: false, why: `I can't read ${name}: pictures need a model, and none is set up.` };
  const read = await model.read({ name, picture, format });
  if (!read.ok) return { ok: false, why: `I couldn't read ${name}: ${read.why}` };
  return { ok: true, document: { name, resources: 0, found: read.found.slice(0, MOST_FOUND), by: "model" } };
}

function isPicture(bytes: Uint8Array, format: "png" | "jpeg"): boolean {
  const starts = format === "png" ? [0x89, 0x50, 0x4e, 0x47] : [0xff, 0xd8, 0xff];
  return starts.every((byte, index) => bytes[index] === byte);
}

/**
 * Drafts a change for one finding and gives it to whoever asked, as a file that says it is a draft.
 * @param uncertain one may have been sent: no other is, since a file can't be looked up
 */
export async function draftFix(
  parts: IntakeParts,
  session: SessionState | undefined,
  asked: { intake: string; finding: string; person: PersonId; address: Address },
  uncertain: boolean,
): Promise<void> {
  const { person, address } = asked;
  const say = (sentence: string) =>
    whisper(parts, { do: "whisper", address, person, message: wording.sentence(sentence) });
  if (uncertain) return say(wording.draftUnsure());
  const document = session?.architectures?.find((one) => one.id === asked.intake)?.document;
  const found = document?.found.find((one) => one.id === asked.finding);
  const { model } = parts.architecture;
  if (model === undefined) return say(wording.noFixWithoutModel());
  if (document?.text === undefined || found === undefined)
    return say("The file isn't kept any more. Send it again, then ask for the change.");
  const fix = await model.fix({ name: document.name, text: document.text }, found);
  if (!fix.ok) return say(`No draft for ${found.place.resource}: ${fix.why}`);
  const chat = parts.chats[address.platform];
  const place = address.platform === "teams" ? address : directTo(identityOf(person));
  const label = `# A draft by a model for: ${found.statement}\n# Read it, test it, and apply it yourself. T-Minus changes nothing.\n`;
  await chat?.sendFile(place, {
    name: `${document.name.replace(/[^\w.-]+/g, "-")}.draft.diff`,
    mediaType: "text/x-diff",
    content: new TextEncoder().encode(label + fix.diff),
    comment: `A draft for ${found.place.resource}. Nothing was applied.`,
  });
}
