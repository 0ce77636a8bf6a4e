import type { Question, RiskRule } from "../src/domain/catalogue.ts";
import { CatalogueError } from "../src/domain/errors.ts";
import type { ChoiceId } from "../src/domain/ids.ts";

/**
 * Risk comes from choices alone, by ordered rules: the first that holds wins. The grammar is that of Well-Architected
 * custom lenses (`default`, or choice ids with `&&`, `||`, `!` and parentheses), so that our rules export as they are.
 */
export type Condition = {
  /** The choice ids that it speaks of; empty for `default`. */
  names: ReadonlySet<ChoiceId>;
  isDefault: boolean;
  holds(choices: ReadonlySet<ChoiceId>): boolean;
};

export type RuledRisk = RiskRule["risk"];

/** Deeper nesting is a mistake, and would exhaust the stack of a parser that calls itself. */
const DEEPEST = 20;

/**
 * Reads a rule's condition. `!` binds closest, then `&&`, then `||`.
 * @throws {CatalogueError} with the place and what was expected there.
 */
export function parseCondition(text: string): Condition {
  if (text.trim() === "default") return { names: new Set(), isDefault: true, holds: () => true };
  const names = new Set<ChoiceId>();
  const tokens = tokensOf(text);
  let at = 0;

  const expected = (what: string): CatalogueError => {
    const found = tokens[at];
    const place = found ? `"${found.text}" at character ${found.at + 1}` : "the end";
    return new CatalogueError(
      `Condition "${text}": ${what} expected, found ${place}. Write choice ids with &&, ||, ! and parentheses, or only "default".`,
    );
  };
  const take = (sign: string): boolean => {
    if (tokens[at]?.text !== sign) return false;
    at++;
    return true;
  };
  type Test = Condition["holds"];
  const either = (depth: number): Test => {
    const tests = [both(depth)];
    while (take("||")) tests.push(both(depth));
    return tests.length === 1 && tests[0] ? tests[0] : (choices) => tests.some((test) => test(choices));
  };
  const both = (depth: number): Test => {
    const tests = [one(depth)];
    while (take("&&")) tests.push(one(depth));
    return tests.length === 1 && tests[0] ? tests[0] : (choices) => tests.every((test) => test(choices));
  };
  const one = (depth: number): Test => {
    if (depth > DEEPEST) throw new CatalogueError(`Condition "${text}" is nested too deep. Write it flatter.`);
    if (take("!")) {
      const test = one(depth + 1);
      return (choices) => !test(choices);
    }
    if (take("(")) {
      const test = either(depth + 1);
      if (!take(")")) throw expected('")"');
      return test;
    }
    const name = tokens[at]?.text;
    if (name === undefined || !/^\w+$/.test(name) || name === "default") throw expected("a choice id");
    at++;
    names.add(name);
    return (choices) => choices.has(name);
  };

  const holds = either(0);
  if (at < tokens.length) throw expected("&& or ||");
  return { names, isDefault: false, holds };
}

/**
 * The risk of a question for a set of choices, and the sentence that says why. Pure. Callers decide which choices
 * count (confirmed by an owner or proved by evidence) and that none at all is UNANSWERED.
 */
export function riskOf(
  question: Pick<Question, "id" | "rules">,
  choices: ReadonlySet<ChoiceId>,
): { risk: RuledRisk; because: string } {
  for (const rule of question.rules) {
    if (conditionOf(rule).holds(choices)) return { risk: rule.risk, because: rule.because };
  }
  // Catalogue checks demand a `default`; should one be missing, what no rule clears isn't clear.
  return { risk: "HIGH_RISK", because: `No risk rule of ${question.id} covers these choices.` };
}

const conditions = new WeakMap<RiskRule, Condition>();

function conditionOf(rule: RiskRule): Condition {
  const known = conditions.get(rule);
  if (known) return known;
  const condition = parseCondition(rule.when);
  conditions.set(rule, condition);
  return condition;
}

type Token = { text: string; at: number };

function tokensOf(text: string): Token[] {
  const tokens: Token[] = [];
  for (const found of text.matchAll(/&&|\|\||[!()]|\w+|\S/g)) tokens.push({ text: found[0], at: found.index });
  return tokens;
}
