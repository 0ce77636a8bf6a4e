import type { Module, Question } from "../../src/domain/catalogue.ts";
import { CatalogueError } from "../../src/domain/errors.ts";
import { patternProblem } from "../patterns.ts";
import { isNoneOfThese } from "../reading.ts";
import { parseCondition } from "../risk.ts";
import { EVIDENCE_SOURCES, isEvidenceSource } from "./sources.ts";

/** Where in a module, as keys and indexes, and what is wrong there, with the way out. */
export type CatalogueProblem = { path: (string | number)[]; message: string };

/**
 * What a schema can't say about a module: ids that must differ, "none of these", rules that parse and speak of choices
 * that exist, patterns that compile and can't run away. All problems at once; none is an empty list.
 */
export function moduleProblems(module: Pick<Module, "questions">): CatalogueProblem[] {
  return [
    ...repeated(module.questions, (question) => question.id).map(([index, id]) => ({
      path: ["questions", index, "id"],
      message: `question "${id}" is in this module twice. Ids are stored with answers: give the newer question a new id.`,
    })),
    ...module.questions.flatMap((question, index) => under(["questions", index], questionProblems(question))),
  ];
}

/** As {@link moduleProblems}, for one question; paths start at the question. */
export function questionProblems(question: Question): CatalogueProblem[] {
  return [
    ...choiceProblems(question),
    ...ruleProblems(question),
    ...phraseProblems(question),
    ...pointProblems(question),
    ...referenceProblems(question),
  ];
}

function choiceProblems({ choices }: Question): CatalogueProblem[] {
  const problems: CatalogueProblem[] = repeated(choices, (choice) => choice.id).map(([index, id]) => ({
    path: ["choices", index, "id"],
    message: `choice "${id}" is there twice. Give one another id.`,
  }));
  choices.forEach((choice, index) => {
    const isLast = index === choices.length - 1;
    if (isNoneOfThese(choice.id) && !isLast) {
      problems.push({
        path: ["choices", index, "id"],
        message: `"${choice.id}" ends in _no, which only "none of these" may, as the last choice. Rename it or move it to the end.`,
      });
    }
    if (isLast && !isNoneOfThese(choice.id)) {
      problems.push({
        path: ["choices", index, "id"],
        message: `the last choice must be "none of these", with an id that ends in _no. Add one such as { id: ${stem(choice.id)}_no, text: None of these / not checked yet }.`,
      });
    }
  });
  return problems;
}

function ruleProblems({ choices, rules }: Question): CatalogueProblem[] {
  const known = new Set(choices.map((choice) => choice.id));
  const problems: CatalogueProblem[] = repeated(rules, (rule) => rule.risk).map(([index, risk]) => ({
    path: ["rules", index, "risk"],
    message: `${risk} has two rules; a level has one at most. Join them with ||.`,
  }));
  rules.forEach((rule, index) => {
    const path = ["rules", index, "when"];
    const isLast = index === rules.length - 1;
    try {
      const condition = parseCondition(rule.when);
      for (const name of condition.names) {
        if (!known.has(name)) {
          problems.push({ path, message: `"${name}" is no choice of this question. It has ${list([...known])}.` });
        }
      }
      if (condition.isDefault && !isLast) {
        problems.push({ path, message: '"default" always holds, so the rules after it never do. Move it to the end.' });
      }
      if (!condition.isDefault && isLast) {
        problems.push({ path, message: 'the last rule must be "default". Add one; HIGH_RISK is the usual one.' });
      }
    } catch (error) {
      if (!(error instanceof CatalogueError)) throw error;
      problems.push({ path, message: error.message });
    }
  });
  if (problems.length === 0) problems.push(...outcomeProblems(choices, rules));
  return problems;
}

/** Tries every set of choices: at most 2⁵. */
function outcomeProblems(choices: Question["choices"], rules: Question["rules"]): CatalogueProblem[] {
  const conditions = rules.map((rule) => parseCondition(rule.when));
  const winner = (chosen: ReadonlySet<string>) => conditions.findIndex((condition) => condition.holds(chosen));
  const wins = new Set<number>();
  for (let bits = 0; bits < 2 ** choices.length; bits++) {
    wins.add(winner(new Set(choices.filter((_, index) => bits & (1 << index)).map((choice) => choice.id))));
  }
  const problems: CatalogueProblem[] = rules.flatMap((rule, index) =>
    wins.has(index)
      ? []
      : [
          {
            path: ["rules", index, "when"],
            message: `"${rule.when}" never comes to bear: no set of choices leads there.`,
          },
        ],
  );
  const none = choices.at(-1);
  if (none && isNoneOfThese(none.id) && rules[winner(new Set([none.id]))]?.risk === "NO_RISK") {
    problems.push({
      path: ["rules", winner(new Set([none.id])), "when"],
      message: `"${none.id}" alone gives NO_RISK. What was not checked is a risk: name the choices that clear it.`,
    });
  }
  return problems;
}

function phraseProblems({ choices, phrases }: Question): CatalogueProblem[] {
  return phrases.flatMap((phrase, index) => [
    ...unknownChoices(choices, [phrase.choice], ["phrases", index, "choice"]),
    ...patternProblems(phrase.pattern, ["phrases", index, "pattern"]),
    ...(phrase.unless === undefined ? [] : patternProblems(phrase.unless, ["phrases", index, "unless"])),
  ]);
}

function pointProblems({ good }: Question): CatalogueProblem[] {
  return [
    ...repeated(good, (point) => point.id).map(([index, id]) => ({
      path: ["good", index, "id"],
      message: `point "${id}" is there twice. Give one another id.`,
    })),
    ...good.flatMap((point, index) => [
      ...point.covered.flatMap((pattern, at) => patternProblems(pattern, ["good", index, "covered", at])),
      ...point.evidence.flatMap((source, at) => sourceProblems(source, ["good", index, "evidence", at])),
    ]),
  ];
}

function referenceProblems({ choices, evidence, plain }: Question): CatalogueProblem[] {
  return [
    ...evidence.flatMap((use, index) => [
      ...sourceProblems(use.source, ["evidence", index, "source"]),
      ...unknownChoices(choices, use.proves, ["evidence", index, "proves"]),
      ...unknownChoices(choices, use.refutes, ["evidence", index, "refutes"]),
    ]),
    ...unknownChoices(choices, plain.yes, ["plain", "yes"]),
    ...unknownChoices(choices, plain.no, ["plain", "no"]),
  ];
}

function unknownChoices(choices: Question["choices"], named: string[], path: (string | number)[]): CatalogueProblem[] {
  const known = choices.map((choice) => choice.id);
  return named
    .filter((id) => !known.includes(id))
    .map((id) => ({ path, message: `"${id}" is no choice of this question. It has ${list(known)}.` }));
}

function sourceProblems(source: string, path: (string | number)[]): CatalogueProblem[] {
  if (isEvidenceSource(source)) return [];
  const known = EVIDENCE_SOURCES.map((each) => each.id);
  return [{ path, message: `"${source}" is no evidence source. There are ${list(known)}.` }];
}

function patternProblems(pattern: string, path: (string | number)[]): CatalogueProblem[] {
  const message = patternProblem(pattern);
  return message === undefined ? [] : [{ path, message }];
}

/** The second and later of those with the same key, with their indexes. */
function repeated<T>(items: readonly T[], key: (item: T) => string): [index: number, key: string][] {
  const seen = new Set<string>();
  return items.flatMap((item, index): [number, string][] => {
    const name = key(item);
    if (seen.has(name)) return [[index, name]];
    seen.add(name);
    return [];
  });
}

function under(path: (string | number)[], problems: CatalogueProblem[]): CatalogueProblem[] {
  return problems.map((problem) => ({ ...problem, path: [...path, ...problem.path] }));
}

function stem(choice: string): string {
  return choice.split("_")[0] ?? choice;
}

function list(names: readonly string[]): string {
  return names.join(", ");
}
