import type { Catalogue, Module, Question } from "../../src/domain/catalogue.ts";
import { CatalogueError } from "../../src/domain/errors.ts";
import { monitoring } from "./monitoring.ts";
import { performance } from "./performance.ts";
import { resilience } from "./resilience.ts";
import { security } from "./security.ts";
import { serviceQuotas } from "./service-quotas.ts";

/** The 23 questions, in the order in which they are asked. Data as written: tests parse it, starting up needn't. */
export const standardModules: Module[] = [performance, resilience, security, serviceQuotas, monitoring];

/**
 * A catalogue of these modules, looked up by id.
 * @throws {CatalogueError} if a module, question or choice id is there twice; names both places and the way out.
 */
export function createCatalogue(modules: Module[]): Catalogue {
  const byModule = new Map<string, Module>();
  const byQuestion = new Map<string, { question: Question; module: Module }>();
  const byChoice = new Map<string, string>();
  for (const module of modules) {
    if (byModule.has(module.id)) {
      throw new CatalogueError(`Module "${module.id}" is there twice. Give the newer module a new id.`);
    }
    byModule.set(module.id, module);
    for (const question of module.questions) {
      const first = byQuestion.get(question.id);
      if (first) throw new CatalogueError(twice(`Question "${question.id}"`, "question", first.module.id, module.id));
      byQuestion.set(question.id, { question, module });
      for (const { id } of question.choices) {
        const known = byChoice.get(id);
        if (known !== undefined) throw new CatalogueError(twice(`Choice "${id}"`, "choice", known, question.id));
        byChoice.set(id, question.id);
      }
    }
  }
  return {
    modules: [...modules],
    question: (id) => byQuestion.get(id)?.question,
    module: (id) => byModule.get(id),
    moduleOf: (question) => byQuestion.get(question)?.module,
  };
}

function twice(what: string, kind: string, first: string, second: string): string {
  const places = first === second ? `twice in ${first}` : `in both ${first} and ${second}`;
  return `${what} is ${places}. Ids are stored with answers: give the newer ${kind} a new id.`;
}

export const standardCatalogue: Catalogue = createCatalogue(standardModules);
