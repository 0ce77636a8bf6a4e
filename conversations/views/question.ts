import type { Evidence } from "../../src/domain/evidence.ts";
import type { PersonId } from "../../src/domain/ids.ts";
import type { Block, Button, Inline, Message, Rich } from "../../src/domain/message.ts";
import { plainWords } from "../../src/domain/rich.ts";
import type { PostState, QuestionState, SessionState } from "../../src/domain/session.ts";
import { textOf } from "../../src/domain/words.ts";
import { coded } from "../coded.ts";
import { dueOf } from "../due.ts";
import { nextElsewhere } from "../pointers.ts";
import { answerLine, assignee, isSettled, lastSettledBy, liveParts, waitsElsewhere } from "../session-queries.ts";
import { evidenceOf } from "../verdict.ts";
import { moduleTitle } from "../wording.ts";
import { ownGaps } from "./gaps.ts";
import { suggestionBlocks } from "./intake.ts";
import { atTime, onDay } from "./moments.ts";
import { button, excerpt, person, pinged, placeOf, questionValue, type ViewContext } from "./parts.ts";

const QUOTE = 140;

/** A question's card: the question itself while it is open, one line once it is settled or set aside. */
export function questionCard(state: SessionState, post: PostState, view: ViewContext, ping: boolean): Message {
  const question = post.question === undefined ? undefined : state.questions[post.question];
  if (question === undefined)
    return { summary: "This question is gone.", blocks: [{ kind: "text", text: ["This question is gone."] }] };
  const current = question.version === post.version;
  if (!current || isSettled(question)) {
    return post.kind === "follow_up" ? askedMore(question) : collapsed(state, question, view, current);
  }
  if (state.status !== "open") return post.kind === "follow_up" ? askedMore(question) : leftOpen(question, view);
  if (question.status === "later" || question.status === "waiting") return later(question, view);
  if (post.kind === "follow_up") {
    return question.followUp?.dropped === true ? askedMore(question) : followUpCard(state, question, view);
  }
  const waitsForMore = question.followUp !== undefined && !question.followUp.answered;
  return waitsForMore ? awaiting(state, question, view) : openCard(state, question, view, ping);
}

function openCard(state: SessionState, question: QuestionState, view: ViewContext, ping: boolean): Message {
  const asked = view.catalogue.question(question.id);
  const text = asked?.text ?? question.id;
  const to = question.askedOf;
  const whom: Rich =
    to === null ? addressedToNobody(state, question) : [ping ? pinged(state, to) : person(state, to), " · "];
  const previous = to === null ? undefined : lastSettledBy(state, to);
  const blocks: Block[] = [
    { kind: "context", text: [...whom, `${placeOf(state, question)} · due `, dueDay(state, question, view)] },
    { kind: "text", text: [{ strong: text }] },
    ...evidenceBlocks(state, question, view),
    ...seedBlocks(state, question),
    ...suggestionBlocks(state, question, view.model === true),
  ];
  const heard = liveParts(question);
  if (heard.length > 0) {
    // Somebody else's words come with their name.
    const own = heard.every((part) => part.by === (to ?? heard[0]?.by));
    const words: Rich = own ? [{ quote: excerpt(answerLine(question), QUOTE) }] : wordsOf(state, question);
    blocks.push({ kind: "context", text: ["Heard: ", ...words] });
  }
  const undoable = previous !== undefined && previous.id !== question.id ? previous : undefined;
  if (undoable !== undefined) {
    blocks.push({
      kind: "context",
      text: [`Recorded for ${undoable.id}: `, { quote: excerpt(recordedText(undoable), 80) }],
    });
  }
  blocks.push({ kind: "buttons", buttons: openButtons(state, question, undoable) });
  return { summary: `${question.id}: ${text}`, blocks };
}

/**
 * One row: what can be done about this question by those it is put to, and the way back. A question that nobody has is
 * there to be taken or answered; what else can be done about it is its owner's to say.
 */
function openButtons(state: SessionState, question: QuestionState, undoable: QuestionState | undefined): Button[] {
  const value = questionValue(state, question);
  const answer = button("answer", "Answer", value, { opens: true });
  const why = button("why", "Why?", value, { describes: `Why ${question.id} matters` });
  if (assignee(state, question) === null) {
    const module = { session: state.id, module: question.module };
    return [button("claim", "I'll take this", module, { style: "primary" }), answer, why];
  }
  const to = question.askedOf;
  return [
    answer,
    why,
    button("not_applicable", "Not applicable", value, { opens: true }),
    button("delegate", "Delegate", value, { opens: true }),
    ...(to !== null && waitsElsewhere(state, question, to) ? [button("later", "Another module first", value)] : []),
    ...(undoable === undefined
      ? []
      : [
          button(
            "undo",
            "Undo",
            { session: state.id, question: undoable.id, version: undoable.version },
            { describes: `Undo the answer to ${undoable.id}` },
          ),
        ]),
  ];
}

/** What was said for the event before; one tap says that it still holds. */
function seedBlocks(state: SessionState, question: QuestionState): Block[] {
  const seed = state.seeds?.[question.id];
  if (seed === undefined || seed.words.text === null) return [];
  const said = seed.notApplicable ? " said that it doesn't apply" : " said: ";
  // Its parts are lines.
  const words = excerpt(seed.words.text.replaceAll(/\s*\n\s*/g, " · "), QUOTE);
  return [
    {
      kind: "context",
      text: [
        `For ${state.from?.name ?? "the event before"} `,
        person(state, seed.by),
        seed.notApplicable && words !== "" ? `${said}: ` : said,
        ...(words === "" ? [] : [{ quote: words }]),
      ],
    },
    {
      kind: "buttons",
      buttons: [
        button("still_so", "Still so", questionValue(state, question), {
          style: "primary",
          describes: `${question.id}: the answer of the event before still holds`,
        }),
      ],
    },
  ];
}

function addressedToNobody(state: SessionState, question: QuestionState): Rich {
  const waitsFor = assignee(state, question);
  return waitsFor === null ? [] : ["for ", person(state, waitsFor), ", after their open question · "];
}

function recordedText(question: QuestionState): string {
  if (question.status === "not_applicable")
    return question.reason ? `not applicable: ${textOf(question.reason)}` : "not applicable";
  if (question.status === "skipped") return "skipped";
  return answerLine(question);
}

function dueDay(state: SessionState, question: QuestionState, view: ViewContext): Inline {
  return onDay(dueOf(state, question.id, view.catalogue), state, view);
}

/** What takes comfort away is read first. */
function worstFirst(items: readonly Evidence[]): Evidence[] {
  return items.toSorted(
    (a, b) => Number(b.refutes.length > 0) - Number(a.refutes.length > 0) || shareOf(b) - shareOf(a),
  );
}

/** How much of its quota the tightest figure takes at peak. */
function shareOf({ figures = [] }: Evidence): number {
  const shares = figures.map(({ projected, atMax, used, quota }) => (projected ?? atMax ?? used ?? 0) / (quota || 1));
  return Math.max(0, ...shares);
}

/** What AWS says so far, or that it is still being read. */
function evidenceBlocks(state: SessionState, question: QuestionState, view: ViewContext): Block[] {
  const items = evidenceOf(state, question.id);
  const gaps = ownGaps(state, question.id);
  const blocks: Block[] = [];
  if (items.length > 0) {
    blocks.push({ kind: "text", text: [{ strong: "AWS says" }] });
    const shown = worstFirst(items).slice(0, 6);
    blocks.push({ kind: "list", items: shown.map((item) => [item.statement]) });
    const sources = [...new Set(shown.map((item) => `${item.account} · ${item.region}`))].slice(0, 3).join(", ");
    // Never claimed fresher than it is: one that couldn't be read again is as old as it was.
    const oldest = shown.map(({ readAt }) => readAt).sort()[0] ?? "";
    blocks.push({ kind: "context", text: [`${sources} · read `, atTime(oldest, state, view)] });
  }
  for (const gap of gaps.slice(0, 2)) {
    blocks.push({
      kind: "context",
      text: coded(
        `AWS couldn't tell (${gap.account}, ${gap.region}): ${gap.reason}. Your answer counts just the same.${
          gap.missingAction === undefined || gap.missingAction === "sts:AssumeRole"
            ? ""
            : " To let me look, add that to the read role."
        }`,
      ),
    });
  }
  if (items.length === 0 && gaps.length === 0 && state.evidenceRunning) {
    blocks.push({ kind: "context", text: ["Reading AWS; what it says appears here."] });
  }
  return blocks;
}

/** The question above its follow-up: short, since the follow-up is what is asked now. */
function awaiting(state: SessionState, question: QuestionState, view: ViewContext): Message {
  const asked = view.catalogue.question(question.id);
  return {
    summary: `${question.id}: ${asked?.text ?? ""}`,
    blocks: [
      { kind: "context", text: [placeOf(state, question)] },
      { kind: "text", text: [{ strong: asked?.text ?? question.id }] },
      {
        kind: "context",
        text: [
          "Recorded: ",
          { quote: excerpt(answerLine(question), QUOTE) },
          " · one thing more, below",
          ...handedTo(state, question),
          ".",
        ],
      },
    ],
  };
}

function followUpCard(state: SessionState, question: QuestionState, _view: ViewContext): Message {
  const text = followUpWords(question) ?? "";
  const value = questionValue(state, question);
  const to = handedTo(state, question);
  return {
    summary: `${question.id}: ${text}`,
    blocks: [
      ...(to.length === 0 ? [] : [{ kind: "context" as const, text: [question.id, ...to] }]),
      { kind: "text", text: [text] },
      {
        kind: "buttons",
        buttons: [
          button("answer", "Answer", value, { opens: true }),
          button("skip", "That's all I know", value, { describes: `Leave the answer to ${question.id} as it is` }),
        ],
      },
    ],
  };
}

/** Whoever answers the follow-up, where that is somebody else than who gave the answer it is about. */
function handedTo(state: SessionState, question: QuestionState): Rich {
  const to = question.askedOf ?? assignee(state, question);
  if (to === null || liveParts(question).at(-1)?.by === to) return [];
  return [", for ", person(state, to), ...(question.askedOf === null ? [", after their open question"] : [])];
}

function followUpWords({ followUp }: QuestionState): string | undefined {
  return followUp?.worded?.text ?? followUp?.text;
}

function later(question: QuestionState, view: ViewContext): Message {
  const asked = view.catalogue.question(question.id);
  const line = `${question.id} · later · ${asked?.short ?? ""}`;
  return { summary: line, blocks: [{ kind: "context", text: [line] }] };
}

/** The session ended before it was answered: nobody is asked any more. */
function leftOpen(question: QuestionState, view: ViewContext): Message {
  const line = `${question.id} · not answered · ${view.catalogue.question(question.id)?.short ?? ""}`;
  return { summary: line, blocks: [{ kind: "context", text: [line] }] };
}

/** A follow-up whose question is settled: what was asked, small. The answer stands in the question's own line. */
function askedMore(question: QuestionState): Message {
  const text = followUpWords(question) ?? `One thing more about ${question.id}.`;
  return { summary: text, blocks: [{ kind: "context", text: [text] }] };
}

/** "Q2 ✓ ⟨owner⟩: two AZs … · Edit" */
function collapsed(state: SessionState, question: QuestionState, view: ViewContext, current: boolean): Message {
  const asked = view.catalogue.question(question.id);
  if (!current) {
    const line = `${question.id} was asked again below.`;
    return { summary: line, blocks: [{ kind: "context", text: [line] }] };
  }
  const who = question.settledBy;
  const said = recordedText(question);
  const mark = question.status === "answered" ? "✓" : "–";
  const next = nextElsewhere(state, question.id);
  const words = question.status === "answered" ? wordsOf(state, question) : spoken(state, who, said, QUOTE);
  const line: Rich = [{ strong: `${question.id} ${mark}` }, asked === undefined ? " " : ` ${asked.short} · `, ...words];
  return {
    summary: `${question.id} ${mark} ${excerpt(plainWords(words), 100)}`,
    blocks: [
      { kind: "text", text: line },
      ...(next === undefined
        ? []
        : [{ kind: "context" as const, text: [`Next: ${next.id} in ${moduleTitle(view.catalogue, next.module)}`] }]),
      ...(state.status === "open"
        ? [
            {
              kind: "buttons" as const,
              buttons: [
                button("answer", liveParts(question).length === 0 ? "Answer" : "Edit", questionValue(state, question), {
                  opens: true,
                  describes: `Change the answer to ${question.id}`,
                }),
              ],
            },
          ]
        : []),
    ],
  };
}

/** What was said, and by whom: an answer that several people gave shows each with their own words. */
function wordsOf(state: SessionState, question: QuestionState): Rich {
  const said: { by: PersonId; words: string[] }[] = [];
  for (const part of liveParts(question)) {
    const last = said.at(-1);
    if (last?.by === part.by) last.words.push(textOf(part.words));
    else said.push({ by: part.by, words: [textOf(part.words)] });
  }
  return said.flatMap(({ by, words }, index) => [
    ...(index === 0 ? [] : [" · "]),
    ...spoken(state, by, words.map((text) => text.trim()).join(" · "), Math.max(40, Math.floor(QUOTE / said.length))),
  ]);
}

function spoken(state: SessionState, by: PersonId | undefined, words: string, most: number): Rich {
  return [...(by === undefined ? [] : [person(state, by), ": "]), { quote: excerpt(words, most) }];
}
