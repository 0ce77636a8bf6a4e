import type { Question } from "../src/domain/catalogue.ts";
import type { ChoiceId } from "../src/domain/ids.ts";
import { occurs, readable } from "./patterns.ts";

/**
 * From an owner's words to choices, by the question's phrase list. It is a reading, shown as such and confirmed by the
 * owner: it lowers no risk by itself. So where words are in doubt it rather reads nothing than something reassuring.
 */

export type BareAnswer = "yes" | "no" | "none" | "right";

const BARE: readonly [BareAnswer, RegExp][] = [
  [
    "right",
    /^(?:(?:yes )?(?:that'?s|that is|this is|it'?s|all|looks|sounds|seems)? ?(?:right|correct|true|accurate)|(?:i )?(?:agree|agreed|confirm|confirmed)|exactly|as (?:above|shown|aws says)|aws is right|what aws says|\+1|thumbsup|👍)$/u,
  ],
  [
    "yes",
    /^(?:y|yes|yep|yeah|yup|yea|aye|ja|si|oui|sure|of course|affirmative|absolutely|definitely|(?:yes )?(?:it is|it does|it has|it will|we do|we are|we have|we will|they are|they do|they will|there (?:is|are)))$/,
  ],
  [
    "no",
    /^(?:n|no|nope|nah|nay|nein|non|negative|not at all|never|(?:no )?(?:it (?:isn'?t|is not|doesn'?t|won'?t|will not)|we (?:don'?t|do not|aren'?t|are not|haven'?t|have not|won'?t|will not)|they (?:aren'?t|don'?t|won'?t)|there (?:isn'?t|aren'?t|is not|are not)))$/,
  ],
  [
    "none",
    /^(?:none|nothing|nil|zero|none (?:of (?:them|these|those)|at all|planned|expected|needed|yet|that (?:we|i) know of)|nothing (?:at all|planned|special|yet|needed)|not any|no one|nobody)$/,
  ],
];

/**
 * The answer when it is nothing but a yes, a no, a none or an agreement with what is shown ("Yes.", "nope",
 * "that's right"); undefined when it says more.
 */
export function bareAnswer(text: string): BareAnswer | undefined {
  if (text.length > 200) return undefined;
  const bare = readable(text)
    .toLowerCase()
    .replace(/[.,!;:…"()*_~]+/g, " ")
    .replace(/\s+/g, " ")
    .replace(/^(?:well|oh|ok|okay|hm+|er+m?) (?=.)/, "")
    .replace(/ (?:thanks|thank you|thx|please)$/, "")
    .trim();
  // "yes yes", "no no no"
  const once = bare.replace(/^(\w+)(?: \1)+$/, "$1");
  return BARE.find(([, pattern]) => pattern.test(once))?.[0];
}

/**
 * Which choices an answer means, in the question's order. "None of these" falls away beside any other choice. A bare
 * yes, no or none means what the question's `plain` says; a bare "right" agrees with evidence and means nothing here.
 */
export function readChoices(question: Question, text: string): ChoiceId[] {
  const bare = bareAnswer(text);
  const read = new Set<ChoiceId>(bare ? plainChoices(question, bare) : phraseChoices(question, readable(text)));
  const found = question.choices.map((choice) => choice.id).filter((id) => read.has(id));
  const something = found.filter((id) => !isNoneOfThese(id));
  return something.length > 0 ? something : found;
}

/** Only "none of these" ends in `_no`: the custom lens's own mark. */
export function isNoneOfThese(choice: ChoiceId): boolean {
  return choice.endsWith("_no");
}

function plainChoices(question: Question, bare: BareAnswer): ChoiceId[] {
  switch (bare) {
    case "yes":
      return question.plain.yes;
    case "no":
    case "none":
      return question.plain.no;
    case "right":
      return [];
  }
}

function phraseChoices(question: Question, text: string): ChoiceId[] {
  return question.phrases
    .filter(({ pattern, unless }) => occurs(pattern, text) && !(unless !== undefined && occurs(unless, text)))
    .map(({ choice }) => choice);
}
