import { identityOf, type PersonId, type Platform } from "../src/domain/ids.ts";
import type { FieldValues } from "../src/domain/message.ts";
import type { Scope } from "../src/domain/session.ts";
import { unlistedAccount } from "./aws-scope.ts";
import { nameAll } from "./calendar.ts";
import { collect } from "./collecting.ts";
import { parseDay } from "./dates.ts";
import { list, text } from "./field-values.ts";
import { nameThem } from "./names.ts";
import { changeOwners } from "./owners.ts";
import { modulesInOrder, nameOf, postKeys } from "./session-queries.ts";
import { readList, readLoadTarget, readPeak } from "./start-options.ts";
import { STEP_IDS } from "./steps.ts";
import type { Turn } from "./turn.ts";
import { wording } from "./wording.ts";

/** The Scope: what is looked at for the event, who manages it, its days off and its plan. */

/** The Scope form came back: what changed is stored, and AWS is read again for it. */
export function changeScope(
  turn: Turn,
  values: FieldValues,
  names: Record<PersonId, string>,
  { person, platform }: { person: PersonId; platform: Platform },
): void {
  const errors: Record<string, string> = {};
  const change: Partial<Scope> = {};
  const peak = text(values.peak);
  if (values.peak !== undefined && peak !== "") {
    const read = readPeak(peak);
    if (read === undefined) errors.peak = "Write it like 3x: three times the normal load.";
    else change.peak = read;
  }
  const target = text(values.load_target);
  if (values.load_target !== undefined && target !== "") {
    const read = readLoadTarget(target);
    if (read === undefined) errors.load_target = "Write it like 900 rps p99 800ms.";
    else change.loadTarget = read;
  }
  if (values.regions !== undefined) {
    const regions = readList(text(values.regions));
    const odd = regions.find((region) => !/^[a-z]{2}(-[a-z]+)+-\d$/.test(region));
    if (odd !== undefined) errors.regions = `"${odd.slice(0, 40)}" is no Region. Write them like eu-west-1, us-east-1.`;
    else change.regions = regions;
  }
  if (values.accounts !== undefined) {
    const accounts = list(values.accounts);
    const unlisted = unlistedAccount(turn, accounts, turn.state.home);
    if (unlisted !== undefined) errors.accounts = unlisted;
    else change.accounts = accounts;
  }
  if (values.services !== undefined) change.services = readList(text(values.services)).map((one) => one.toLowerCase());
  if (values.hosts !== undefined) change.hosts = readList(text(values.hosts));
  if (values.workload !== undefined) change.workload = text(values.workload);
  if (values.contacts !== undefined) change.contacts = text(values.contacts);
  if (values.bridge !== undefined) change.bridge = text(values.bridge);
  if (values.scenarios !== undefined) change.scenarios = text(values.scenarios);
  const { scope, facilitator } = turn.state;
  // A form can only show people of its own platform: whoever manages from another one stays.
  const elsewhere = scope.managers.filter((manager) => identityOf(manager).platform !== platform);
  const managers =
    values.managers === undefined ? scope.managers : [...new Set([...list(values.managers), ...elsewhere])];
  if (managers.toSorted().join() !== scope.managers.toSorted().join()) {
    if (person === facilitator) change.managers = managers;
    else errors.managers = wording.notFacilitator("name managers", nameOf(turn.state, facilitator));
  }
  const digest = text(values.digest);
  if (person === facilitator && (digest === "weekly" || digest === "daily") && digest !== (scope.digest ?? "weekly")) {
    change.digest = digest;
  }
  const days = readDaysOff(turn, values.holidays);
  if (days !== undefined) {
    if ("problem" in days) errors.holidays = days.problem;
    else if (days.dates.join() !== (turn.state.scope.holidays ?? []).join()) change.holidays = days.dates;
  }
  const plan = readPlan(values.plan);
  if (plan !== undefined) {
    if ("problem" in plan) errors.plan = plan.problem;
    else if (JSON.stringify(plan.days) !== JSON.stringify(turn.state.scope.plan ?? {})) change.plan = plan.days;
  }
  if (Object.keys(errors).length > 0) return turn.reply({ kind: "errors", errors });
  for (const [id, name] of Object.entries(names)) nameThem(turn, id, name);
  const before = turn.state.scope;
  turn.emit({ kind: "scope_changed", scope: change });
  const looksElsewhere = (["accounts", "regions", "services", "hosts"] as const).some(
    (field) => before[field].join() !== turn.state.scope[field].join(),
  );
  if (looksElsewhere || before.peak !== turn.state.scope.peak) collect(turn);
  redrawScope(turn);
  if (change.managers !== undefined || change.holidays !== undefined || change.digest !== undefined) nameAll(turn);
  if (person === facilitator) changeOwners(turn, values, names, person);
}

/** "25 Dec, 2026-12-26": days on which nobody is reminded and nothing is due. */
function readDaysOff(
  turn: Turn,
  value: FieldValues[string] | undefined,
): { dates: string[] } | { problem: string } | undefined {
  if (value === undefined) return undefined;
  const dates = new Set<string>();
  for (const word of text(value).split(/[,;\n]+/)) {
    if (word.trim() === "") continue;
    const day = parseDay(word, { now: turn.ctx.now, zone: turn.state.event.zone });
    if ("problem" in day) return day;
    dates.add(day.date);
  }
  return { dates: [...dates].sort() };
}

/** "load-test 10, game-day 7": steps of the plan at other distances from the event. */
function readPlan(
  value: FieldValues[string] | undefined,
): { days: Record<string, number> } | { problem: string } | undefined {
  if (value === undefined) return undefined;
  const days: Record<string, number> = {};
  for (const word of text(value).split(/[,;\n]+/)) {
    if (word.trim() === "") continue;
    const [, step = "", number = ""] = /^\s*([a-z-]+)\s+(-?\d{1,3})(?:\s*days?)?\s*$/i.exec(word) ?? [];
    const known = STEP_IDS.find((id) => id === step.toLowerCase() && id !== "event");
    if (known === undefined) {
      return {
        problem: `Write a step and its days before the event, like "load-test 10". Steps: ${STEP_IDS.join(", ")}.`,
      };
    }
    days[known] = Number(number);
  }
  return { days };
}

export function redrawScope(turn: Turn): void {
  turn.redraw(postKeys.header);
  turn.redraw(postKeys.scope);
  for (const module of modulesInOrder(turn.state)) turn.redraw(postKeys.module(module.id));
}
