import { identityOf } from "../../src/domain/ids.ts";
import type { Inline, Rich } from "../../src/domain/message.ts";
import { escapeText, linkTo } from "./escape.ts";
import { clip, SLACK_LIMITS } from "./limits.ts";

/** Escaping makes a character up to five long; pieces of this size stay under a field's limit whatever they hold. */
const PIECE = 350;

/** A line as pieces of mrkdwn, none of which may be cut in two. */
function piecesOf(inline: Inline, workspace: string): string[] {
  if (typeof inline === "string") return words(inline).map(escapeText);
  if ("strong" in inline) return marked(inline.strong, "*");
  if ("soft" in inline) return marked(inline.soft, "_");
  if ("code" in inline) return marked(inline.code.replaceAll("`", "'"), "`");
  if ("quote" in inline) return words(inline.quote).map(escapeText);
  if ("link" in inline) return [linkPiece(inline.link, inline.url)];
  if ("person" in inline) return [personPiece(inline, workspace)];
  return [timePiece(inline)];
}

function linkPiece(label: string, url: string): string {
  const short = clip(label, PIECE);
  return url.length > 1_500 ? escapeText(short) : linkTo(short, url);
}

/** A live mention only for the one who must act, and only where that id means somebody here. */
function personPiece({ person, name, ping }: { person: string; name: string; ping?: boolean }, workspace: string) {
  const identity = identityOf(person);
  const here =
    identity.platform === "slack" && identity.workspace === workspace && /^[UW][A-Z0-9]+$/.test(identity.user);
  if (ping === true && here) return `<@${identity.user}>`;
  return escapeText(clip(name || identity.user, PIECE));
}

/** Slack fills these in the reader's own zone: "today", "Friday, October 30th"; "09:02" or "9:02 AM" as they like it. */
const TOKENS = { day: "{date_long_pretty}", time: "{time}", both: "{date_short_pretty}, {time}" } as const;

function timePiece({ time, show, fallback }: Extract<Inline, { time: string }>): string {
  const ms = Date.parse(time);
  const words = escapeText(clip(fallback.replaceAll("|", "/"), PIECE)) || escapeText(clip(time, PIECE));
  if (Number.isNaN(ms)) return words;
  return `<!date^${Math.floor(ms / 1000)}^${TOKENS[show ?? "both"]}|${words}>`;
}

/** `*bold*` holds only on one line and with no blank at its edges. */
function marked(text: string, mark: string): string[] {
  return words(text)
    .flatMap((piece) => piece.split(/(\n)/))
    .map((line) => {
      const inner = line.trim();
      if (inner === "") return line;
      const at = line.indexOf(inner);
      return `${line.slice(0, at)}${mark}${escapeText(inner)}${mark}${line.slice(at + inner.length)}`;
    });
}

/** Cuts a long text into pieces, at a blank where there is one. */
function words(text: string): string[] {
  const pieces: string[] = [];
  let rest = text;
  while (rest.length > PIECE) {
    const blank = Math.max(rest.lastIndexOf(" ", PIECE - 1), rest.lastIndexOf("\n", PIECE - 1));
    const at = blank > 0 ? blank + 1 : wholeCharacters(rest, PIECE);
    pieces.push(rest.slice(0, at));
    rest = rest.slice(at);
  }
  return rest === "" ? pieces : [...pieces, rest];
}

function wholeCharacters(text: string, at: number): number {
  const unit = text.charCodeAt(at - 1);
  return unit >= 0xd800 && unit <= 0xdbff ? at - 1 : at;
}

/** A line as mrkdwn, in as many texts of at most `max` characters as it needs: nothing is lost. */
export function mrkdwnOf(rich: Rich, workspace: string, max: number = SLACK_LIMITS.sectionText): string[] {
  const texts: string[] = [];
  let current = "";
  for (const piece of rich.flatMap((inline) => piecesOf(inline, workspace))) {
    if (current.length + piece.length > max && current.trim() !== "") {
      texts.push(current);
      current = "";
    }
    current += piece;
  }
  if (current.trim() !== "") texts.push(current);
  return texts;
}
