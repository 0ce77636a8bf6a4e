/**
 * A change of a file as a unified diff. The change is given as the lines as they are and as they should be; the diff is
 * written here, so that it always parses, and is applied once for proof before anybody sees it.
 */
export type Draft = { ok: true; diff: string; changed: string } | { ok: false; why: string };

const CONTEXT = 3;

/** @param before must stand in the text exactly once. */
export function draftDiff(file: string, text: string, before: string, after: string): Draft {
  const whole = text.replace(/\r\n/g, "\n");
  const was = trimmed(before);
  const becomes = trimmed(after);
  if (was === "" || was === becomes) return { ok: false, why: "The draft changes nothing." };
  const at = whole.indexOf(was);
  if (at < 0) return { ok: false, why: "The draft changes lines that aren't in the file." };
  if (whole.indexOf(was, at + 1) >= 0)
    return { ok: false, why: "The draft doesn't say which of several places it means." };
  // Whole lines: the change may begin or end within one.
  const start = whole.lastIndexOf("\n", at - 1) + 1;
  const ends = whole.indexOf("\n", at + was.length);
  const end = ends < 0 ? whole.length : ends;
  const changed = whole.slice(0, at) + becomes + whole.slice(at + was.length);
  const oldLines = whole.slice(start, end).split("\n");
  const newLines = changed.slice(start, changed.length - (whole.length - end)).split("\n");
  const diff = unified(file, whole.split("\n"), lineNumber(whole, start), oldLines, newLines);
  const applied = applyDiff(whole, diff);
  if (applied !== changed) return { ok: false, why: "The draft can't be written as a diff." };
  return { ok: true, diff, changed };
}

function trimmed(lines: string): string {
  return lines.replace(/\r\n/g, "\n").replace(/^\n+|\s+$/g, "");
}

function lineNumber(text: string, at: number): number {
  return text.slice(0, at).split("\n").length;
}

function unified(file: string, all: string[], first: number, oldLines: string[], newLines: string[]): string {
  // Lines that stay the same at both ends are context.
  let head = 0;
  while (head < Math.min(oldLines.length, newLines.length) && oldLines[head] === newLines[head]) head += 1;
  let tail = 0;
  const most = Math.min(oldLines.length, newLines.length) - head;
  while (tail < most && oldLines.at(-1 - tail) === newLines.at(-1 - tail)) tail += 1;
  const removed = oldLines.slice(head, oldLines.length - tail);
  const added = newLines.slice(head, newLines.length - tail);
  const start = first - 1 + head;
  const before = all.slice(Math.max(0, start - CONTEXT), start);
  const rest = start + removed.length;
  const behind = all.slice(rest, rest + CONTEXT);
  const from = start - before.length + 1;
  const size = before.length + behind.length;
  return [
    `--- a/${file}`,
    `+++ b/${file}`,
    `@@ -${from},${size + removed.length} +${from},${size + added.length} @@`,
    ...before.map((line) => ` ${line}`),
    ...removed.map((line) => `-${line}`),
    ...added.map((line) => `+${line}`),
    ...behind.map((line) => ` ${line}`),
    "",
  ].join("\n");
}

/** Applies a unified diff, strictly: every line of context must stand where the hunk says. undefined: it doesn't fit. */
export function applyDiff(text: string, diff: string): string | undefined {
  const lines = text.split("\n");
  const result: string[] = [];
  let at = 0;
  const body = diff.split("\n");
  if (!body[0]?.startsWith("--- ") || !body[1]?.startsWith("+++ ")) return undefined;
  for (let i = 2; i < body.length; i += 1) {
    const line = body[i] ?? "";
    if (line === "" && i === body.length - 1) break;
    const hunk = /^@@ -(\d+)(?:,\d+)? \+\d+(?:,\d+)? @@/.exec(line);
    if (hunk !== null) {
      const start = Number(hunk[1]) - 1;
      if (start < at || start > lines.length) return undefined;
      result.push(...lines.slice(at, start));
      at = start;
      continue;
    }
    const rest = line.slice(1);
    if (line.startsWith("+")) result.push(rest);
    else if (line.startsWith("-") || line.startsWith(" ")) {
      if (lines[at] !== rest) return undefined;
      if (line.startsWith(" ")) result.push(rest);
      at += 1;
    } else return undefined;
  }
  return [...result, ...lines.slice(at)].join("\n");
}
