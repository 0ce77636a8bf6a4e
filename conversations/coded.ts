import type { Rich } from "../src/domain/message.ts";

/** A sentence in which what stands between backticks is code: commands, IAM actions. */
export function coded(text: string): Rich {
  return text
    .split("`")
    .map((part, at) => (at % 2 === 1 ? { code: part } : part))
    .filter((part) => part !== "");
}
