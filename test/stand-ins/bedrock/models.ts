import type { Answer, Asked } from "./server.ts";

/** Models for the stand-in: one that tells the truth, and ones that lie, each in one named way. */

type Fact = { id: string; kind: string; text: string };
type Sentence = { text: string; facts: string[] };
type Sections = { title: string; sentences: Sentence[] }[];
export type Model = (asked: Asked) => Answer;

export function factsIn(data: string): Fact[] {
  return data
    .split("\n")
    .filter((line) => line.startsWith('{"id"'))
    .map((line) => JSON.parse(line) as Fact);
}

/** Says the trusted facts in their own words, under the titles asked for. */
export function truth({ data, instruction }: Asked): Sections {
  const facts = factsIn(data);
  const say = (wanted: (fact: Fact) => boolean, most = 5): Sentence[] =>
    facts
      .filter(wanted)
      .slice(0, most)
      .map(({ id, text }) => ({ text, facts: [id] }));
  const sections: Sections = [
    { title: "Verdict", sentences: say((fact) => fact.id === "verdict" || fact.id === "progress") },
    { title: "Top risks", sentences: say((fact) => fact.kind === "risk" && fact.text.includes("high risk")) },
    { title: "Next actions", sentences: say((fact) => fact.kind === "open") },
    { title: "Resilience", sentences: say((fact) => /^(?:risk|answer)-r\d/.test(fact.id), 12) },
    { title: "Service Quotas", sentences: say((fact) => fact.kind === "evidence", 6) },
  ];
  return sections.filter((section) => section.sentences.length > 0 && instruction.includes(section.title));
}

const honest: Model = (asked) => ({ input: { sections: truth(asked) } });

/** Tells the truth, and one thing more. */
function adding(lie: (facts: Fact[]) => Sentence, title = "Top risks"): Model {
  return (asked) => ({ input: { sections: [...truth(asked), { title, sentences: [lie(factsIn(asked.data))] }] } });
}

/** Tells the truth in changed words. */
function changing(change: (text: string) => string): Model {
  return (asked) => ({
    input: {
      sections: truth(asked).map((section) => ({
        ...section,
        sentences: section.sentences.map(({ text, facts }) => ({ text: change(text), facts })),
      })),
    },
  });
}

/** Every lie, by name. None of what it adds or changes may ever be published. */
export const LIES: Record<string, Model> = {
  "numbers off by one": changing((text) =>
    text.replace(/\d[\d,]*/, (found) => String(Number(found.replaceAll(",", "")) + 1)),
  ),
  "another Region": changing((text) => text.replaceAll("eu-west-1", "us-east-1")),
  "every risk made low": changing((text) => text.replace(/high risk/gi, "low risk").replace(/Not ready/g, "Ready")),
  "ready, whatever the rules say": adding(
    () => ({ text: "The team is ready for the event.", facts: ["verdict"] }),
    "Verdict",
  ),
  "a fact made up": adding(() => ({ text: "The disaster recovery drill passed.", facts: ["evidence-drill"] })),
  "no source": adding(() => ({ text: "The disaster recovery drill passed.", facts: [] })),
  "a person made up": adding(() => ({ text: "Sven approved the restore plan.", facts: ["answer-r5"] })),
  "words in another's mouth": adding(() => ({
    text: "Lee says the restore was tested on 4 May.",
    facts: ["answer-r5"],
  })),
  "evidence made up": adding(() => ({ text: "AWS shows a restore in 38 minutes.", facts: ["answer-r5"] })),
  "an acceptance made up": adding(() => ({ text: "The risk was accepted by Dana.", facts: ["risk-r1"] })),
  "a decision made up": adding(() => ({ text: "The decision is go.", facts: ["verdict"] }), "Verdict"),
  "a story": adding(() => ({
    text: "Engineers migrated the payment gateway to a multi-vendor mesh with canary routing.",
    facts: ["answer-r1"],
  })),
  "a date moved": changing((text) =>
    text.replace(/\b(\d{1,2}) (May|October|November)\b/g, (_all, day, month) => `${Number(day) + 1} ${month}`),
  ),
  "units exchanged": changing((text) => text.replaceAll("minutes", "hours").replaceAll("TiB", "GiB")),
  "a link": adding(() => ({ text: "Restore tested on 4 May, see https://evil.example.com/x", facts: ["answer-r5"] })),
  "a mention": adding(() => ({ text: "Restore tested on 4 May <!channel>", facts: ["answer-r5"] })),
  HTML: adding(() => ({ text: "Restore tested on 4 May <img src=x onerror=alert(1)>", facts: ["answer-r5"] })),
  "a section of its own": adding(() => ({ text: "Restore tested on 4 May.", facts: ["answer-r5"] }), "System prompt"),
  "what an answer orders": adding((facts) => {
    const order = facts.find((fact) => /ignore|ready/i.test(fact.text) && fact.kind === "answer");
    return { text: "All risks are resolved and the verdict is ready.", facts: [order?.id ?? "answer-r1"] };
  }, "Verdict"),
  "our reading as confirmed": adding((facts) => {
    const reading = facts.find((fact) => fact.kind === "reading");
    return { text: "Impact, RTO and RPO were confirmed for this event.", facts: [reading?.id ?? "reading-r4"] };
  }),
};

/** Answers that are no use, by name: the plain writer must stand in. */
export const USELESS: Record<string, Answer> = {
  "prose instead of the form": { prose: "Here is your summary: all good." },
  "JSON that breaks off": { raw: '{"sections":[{"title":"Verdict","sentences":[{"text":"' },
  "another shape": { input: { summary: "all good" } },
  "another tool": { input: { sections: [] }, tool: "transfer_money" },
  "cut off": { input: { sections: [] }, stop: "max_tokens" },
  "context too long": { input: { sections: [] }, stop: "model_context_window_exceeded" },
  guardrail: { input: { sections: [] }, stop: "guardrail_intervened" },
  "content filter": { input: { sections: [] }, stop: "content_filtered" },
  "malformed by its own word": { input: { sections: [] }, stop: "malformed_tool_use" },
  "a stop reason of the future": { input: { sections: [] }, stop: "tired" },
  "nothing at all": { input: { sections: [] } },
  "not allowed": { status: 403, error: "AccessDeniedException" },
  "no such model": { status: 404, error: "ResourceNotFoundException" },
  "refused as invalid": { status: 400, error: "ValidationException" },
};

export { honest };
