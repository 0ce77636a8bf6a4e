import { type Address, channelOf } from "../src/domain/address.ts";
import type { Effect } from "../src/domain/effect.ts";
import { identityOf, type PersonId, type Platform } from "../src/domain/ids.ts";
import type { Inbound } from "../src/domain/inbound.ts";
import type { FieldValues } from "../src/domain/message.ts";
import { placeAt } from "../src/domain/place.ts";
import type { EventTime, Scope } from "../src/domain/session.ts";
import { askNext, redrawOpen, wantPost, watch } from "./asking.ts";
import { accountsAt } from "./aws-scope.ts";
import { beginCalendar, nameAll, nameIn, replan } from "./calendar.ts";
import { carryOver, scopeFrom } from "./carry-over.ts";
import type { Command } from "./command.ts";
import { type DateContext, eventInstant, parseDay, parseEventDate } from "./dates.ts";
import { postAgain } from "./place.ts";
import { canBeAddressed, modulesInOrder, nameOf, openQuestionOf, postKeys, questionPosts } from "./session-queries.ts";
import { settleFirst } from "./settling.ts";
import { startFormOf, startWords, typedStart } from "./start-again.ts";
import { readList, readLoadTarget, readPeak, type StartOptions } from "./start-options.ts";
import { STEP_IDS } from "./steps.ts";
import type { Turn } from "./turn.ts";
import { NAME_MAX } from "./views/forms.ts";
import { button } from "./views/parts.ts";
import { moduleTitle, wording } from "./wording.ts";
import { safeZone } from "./zones.ts";

/** Starting a session, and what is known about its event: name, date, Scope, owners. */

type StartCommand = Extract<Command, { name: "start" }>;

const EMPTY_SCOPE: Scope = { accounts: [], regions: [], services: [], hosts: [], managers: [] };

/** `start …`: with name and an exact date it starts; otherwise it asks, in the form or for a yes. */
export function startByCommand(turn: Turn, command: StartCommand, inbound: Inbound, person: PersonId): void {
  if (inbound.direct) return turn.tell(wording.startInChannel(turn.ctx.settings.command));
  if (turn.session.status === "open") return alreadyOpen(turn, turn.session.id, turn.session.name);
  const { event: name, when, options } = command;
  if (name !== undefined && name.length > NAME_MAX) return turn.tell(wording.nameTooLong(name.length, NAME_MAX));
  if (options.from !== undefined && turn.ctx.previous === undefined) {
    return turn.tell(
      `I don't find a session "${options.from.slice(0, 60)}" that you took part in. Name it as it was called, or leave --from out.`,
    );
  }
  const unlisted = unlistedAccount(turn, options.accounts ?? [], inbound.address, "; nothing was started");
  if (unlisted !== undefined && turn.ctx.settings.aws.on) return turn.tell(unlisted);
  if (name === undefined || when === undefined) return askForStart(turn, command, inbound);
  const zone = options.tz ?? zoneHere(turn, inbound);
  const date = parseEventDate(when, { now: turn.ctx.now, zone });
  if ("problem" in date) return turn.tell(date.problem);
  const event: EventTime = {
    date: date.date,
    zone: date.zone,
    ...(date.time === undefined ? {} : { time: date.time }),
  };
  if (!date.exact || options.tzIsGuess === true) {
    const again = startWords(name, date, options);
    return turn.say({
      summary: `I read that as ${date.said}. Is that right?`,
      blocks: [
        { kind: "text", text: ["I read that as ", { strong: date.said }, ". Is that right?"] },
        {
          kind: "buttons",
          buttons: [
            button("run", "Yes, start", { arg: again }, { style: "primary" }),
            button("start", "Change it", { arg: again }, { opens: true }),
          ],
        },
      ],
    });
  }
  start(turn, inbound, person, { name, event, scope: scopeOf(turn, options) });
  sayUnlooked(turn, options);
}

/** The form, with what was typed (or stands in a button of ours) filled in. */
export function askForStart(turn: Turn, typed: StartCommand | undefined, inbound: Inbound): void {
  const command: StartCommand = typed ?? { name: "start", options: {} };
  turn.reply({ kind: "form", form: startFormOf(command, turn.ctx.now, safeZone(zoneHere(turn, inbound))) });
}

function zoneHere(turn: Turn, inbound: Inbound): string {
  return turn.person.zone ?? inbound.actor.zone ?? turn.ctx.settings.zone;
}

/** Accounts were named where nothing of AWS can be looked at: it started, and they aren't kept half-set. */
function sayUnlooked(turn: Turn, { accounts = [] }: StartOptions): void {
  const { aws } = turn.ctx.settings;
  if (!aws.on && accounts.length > 0) turn.tell(wording.startedWithoutAccounts(accounts.join(", "), aws.why));
}

export function alreadyOpen(turn: Turn, session: string, name: string): void {
  // Whoever asks for it again may not see it: what couldn't be posted is tried once more.
  postAgain(turn);
  turn.say({
    summary: wording.alreadyOpen(name),
    blocks: [
      { kind: "text", text: [wording.alreadyOpen(name)] },
      {
        kind: "buttons",
        buttons: [
          button("next", "My questions", { session }, { style: "primary" }),
          button("status", "Where it stands", { session }),
        ],
      },
    ],
  });
}

function scopeOf(turn: Turn, options: StartOptions): Scope {
  return {
    ...EMPTY_SCOPE,
    ...(options.workload === undefined ? {} : { workload: options.workload }),
    accounts: turn.ctx.settings.aws.on ? (options.accounts ?? []) : [],
    regions: options.regions ?? [],
    services: options.services ?? [],
    hosts: options.hosts ?? [],
    ...(options.peak === undefined ? {} : { peak: options.peak }),
    ...(options.loadTarget === undefined ? {} : { loadTarget: options.loadTarget }),
  };
}

/** The short form came back. Field errors appear at the field. `arg`: what was typed before and has no field. */
export function startByForm(
  turn: Turn,
  inbound: Inbound,
  person: PersonId,
  values: FieldValues,
  arg: string | undefined,
): void {
  if (inbound.direct) return turn.tell(wording.startInChannel(turn.ctx.settings.command));
  if (turn.session.status === "open") return alreadyOpen(turn, turn.session.id, turn.session.name);
  const { workload: _, ...options } = typedStart(arg)?.options ?? {};
  const read = readNameAndDate(turn, values, safeZone(options.tz ?? zoneHere(turn, inbound)));
  if ("errors" in read) return turn.reply({ kind: "errors", errors: read.errors });
  const workload = text(values.workload);
  const scope = scopeOf(turn, { ...options, ...(workload === "" ? {} : { workload }) });
  start(turn, inbound, person, { name: read.name, event: read.event, scope });
  if (read.twice !== undefined) turn.tell(read.twice);
  else sayUnlooked(turn, options);
}

function readNameAndDate(
  turn: Turn,
  values: FieldValues,
  zone: string,
): { name: string; event: EventTime; twice?: string } | { errors: Record<string, string> } {
  const name = text(values.name);
  const date = text(values.date);
  const time = text(values.time);
  const errors: Record<string, string> = {};
  if (!/[\p{L}\p{N}]/u.test(name)) errors.name = "Give the event a name, like Black Friday.";
  if (name.length > NAME_MAX) errors.name = wording.nameTooLong(name.length, NAME_MAX);
  if (date === "") errors.date = "Pick the day, like 2026-11-27.";
  const context = { now: turn.ctx.now, zone };
  const parsed = date === "" ? undefined : parseEventDate(`${date} ${time}`.trim(), context);
  if (parsed !== undefined && "problem" in parsed) errors[fieldOfProblem(date, time, context)] = parsed.problem;
  if (Object.keys(errors).length > 0 || parsed === undefined || "problem" in parsed) return { errors };
  return {
    ...(parsed.twice === undefined ? {} : { twice: parsed.twice }),
    name,
    event: { date: parsed.date, zone: parsed.zone, ...(parsed.time === undefined ? {} : { time: parsed.time }) },
  };
}

/** What is wrong is the time where the day alone would do. */
function fieldOfProblem(date: string, time: string, context: DateContext): "date" | "time" {
  if (time === "") return "date";
  const day = parseEventDate(`${date} 23:59`, context);
  return "problem" in day ? "date" : "time";
}

function start(
  turn: Turn,
  inbound: Inbound,
  person: PersonId,
  what: { name: string; event: EventTime; scope: Scope },
): void {
  const { catalogue, settings } = turn.ctx;
  const granted = accountsAt(settings, placeAt(inbound.address));
  const only = granted.length === 1 ? granted[0] : undefined;
  const { previous } = turn.ctx;
  const carried = previous === undefined ? what.scope : scopeFrom(previous, what.scope);
  // An account that was open where the event before was held needn't be here.
  const open = (alias: string) => !settings.aws.on || granted.some((account) => account.alias === alias);
  const wished = { ...carried, accounts: carried.accounts.filter(open) };
  const scope: Scope = {
    ...wished,
    accounts: wished.accounts.length === 0 && only !== undefined ? [only.alias] : wished.accounts,
    regions: wished.regions.length === 0 && only !== undefined ? only.regions : wished.regions,
  };
  turn.emit({
    kind: "session_started",
    id: turn.ctx.newId("s"),
    name: what.name,
    event: what.event,
    eventAt: eventInstant(what.event),
    home: channelOf(inbound.address),
    ...(inbound.flat ? { flat: true } : {}),
    facilitator: person,
    modules: catalogue.modules.map((module) => ({ id: module.id, questions: module.questions.map(({ id }) => id) })),
    scope,
  });
  const name = turn.person.name ?? inbound.actor.name;
  if (name !== undefined) turn.emit({ kind: "person_named", person, name });
  if (previous !== undefined) carryOver(turn, previous);
  wantPost(turn, { key: postKeys.header, kind: "header", version: 1 });
  for (const module of modulesInOrder(turn.state)) {
    wantPost(turn, { key: postKeys.module(module.id), kind: "module", module: module.id, version: 1 });
  }
  collect(turn);
  beginCalendar(turn);
}

type Look = Pick<Extract<Effect, { do: "collect" }>, "sources" | "fresh" | "asked">;

/** Looks at AWS for the scope as it is now; where there is no AWS, says so once. */
export function collect(turn: Turn, { sources, fresh, asked }: Look = {}): void {
  const { aws } = turn.ctx.settings;
  if (!aws.on) {
    if (!turn.state.said.includes("aws_off")) {
      turn.emit({ kind: "sentence_said", key: "aws_off" });
      turn.emit({ kind: "sentence_said", key: `aws_off_because:${aws.why}` });
    }
    return;
  }
  if (turn.state.scope.accounts.length === 0 || turn.state.scope.regions.length === 0) return;
  turn.emit({ kind: "evidence_requested", ...(sources === undefined ? {} : { sources }) });
  const some = sources === undefined ? "" : `:${sources.join(",")}`;
  turn.want({
    do: "collect",
    key: `collect:${turn.state.id}${some}`,
    ...(sources === undefined ? {} : { sources }),
    ...(fresh === undefined ? {} : { fresh }),
    ...(asked === undefined ? {} : { asked }),
  });
}

/** `so`: what that means, such as "; nothing was started". */
function unlistedAccount(turn: Turn, accounts: string[], where: Address, so = ""): string | undefined {
  const { aws } = turn.ctx.settings;
  const known = accountsAt(turn.ctx.settings, placeAt(where)).map(({ alias }) => alias);
  const unknown = accounts.find((account) => !known.includes(account));
  if (unknown === undefined) return undefined;
  if (!aws.on)
    return `AWS isn't connected (${aws.why}), so there is no account to read${so}. Leave it out, and I ask instead.`;
  if (aws.accounts.some(({ alias }) => alias === unknown)) {
    return `I may not read the account "${unknown}" from this channel${so}. Whoever runs me can add allow: { channels: ["${where.channel}"] } to its entry in the AWS_ACCOUNTS file.`;
  }
  const usable = known.length === 0 ? "No account is open to this channel." : `You can use: ${known.join(", ")}.`;
  return `I may not read the account "${unknown}"${so}. ${usable} Whoever runs me can add an entry with alias: ${unknown} to the AWS_ACCOUNTS file and restart me.`;
}

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

/** One person a module, from the Owners form or the Scope's. */
export function changeOwners(turn: Turn, values: FieldValues, names: Record<PersonId, string>, person: PersonId): void {
  const { facilitator } = turn.state;
  if (person !== facilitator)
    return turn.tell(wording.notFacilitator("name the owners", nameOf(turn.state, facilitator)));
  for (const module of modulesInOrder(turn.state)) {
    const owner = text(values[`owner_${module.id}`]);
    if (owner !== "" && owner !== module.owner) assignModule(turn, module.id, owner, names[owner]);
  }
}

export function nameThem(turn: Turn, person: PersonId, name: string | undefined): void {
  if (name !== undefined && name !== "" && turn.state.people[person]?.name !== name) {
    turn.emit({ kind: "person_named", person, name });
  }
}

/** A module gets an owner: by claim, by assignment, or handed over. Its shown question is edited, never reposted. */
export function assignModule(turn: Turn, module: string, person: PersonId, name: string | undefined): void {
  nameThem(turn, person, name);
  const before = turn.state.modules[module]?.owner;
  turn.emit({ kind: "owner_assigned", module, person });
  if (before !== undefined && before !== person) handOver(turn, module, before, person);
  turn.redraw(postKeys.header);
  turn.redraw(postKeys.module(module));
  for (const post of Object.values(turn.state.posts)) {
    const names = post.kind === "question" || post.kind === "follow_up" || post.kind === "confirm";
    if (post.module === module && names) turn.redraw(post.key);
  }
  askNext(turn);
  for (const one of [before, person]) if (one !== undefined) redrawOpen(turn, one);
  // Also behind a question that they leave open, for which no reminder is due any more.
  if (person === turn.actor) watch(turn, person);
  else watch(turn, person, 0);
  if (person !== turn.actor || turn.state.scope.holidays !== undefined) nameIn(turn, person);
}

/** The open question of a handed-over module goes with it, if the new owner is free; otherwise it waits for them. */
function handOver(turn: Turn, module: string, from: PersonId, to: PersonId): void {
  const open = openQuestionOf(turn.state, from);
  if (open === undefined || open.module !== module || open.delegate !== undefined) return;
  // What its owner has just said is the answer: nobody would be left to wait for the rest of it.
  if (open.status === "settling") return settleFirst(turn, open, from);
  const busy = openQuestionOf(turn.state, to) !== undefined || !canBeAddressed(turn.state, open, to);
  for (const post of questionPosts(open)) {
    if (turn.state.posts[post] !== undefined) turn.emit({ kind: "post_addressed", post, to: busy ? null : to });
  }
}

/** `edit`: name and date. Due dates move with it. */
export function editSession(turn: Turn, values: FieldValues): void {
  const read = readNameAndDate(turn, values, turn.state.event.zone);
  if ("errors" in read) return turn.reply({ kind: "errors", errors: read.errors });
  const before = turn.state;
  turn.emit({ kind: "session_edited", name: read.name, event: read.event, eventAt: eventInstant(read.event) });
  const workload = text(values.workload);
  if (workload !== "" && workload !== turn.state.scope.workload)
    turn.emit({ kind: "scope_changed", scope: { workload } });
  redrawScope(turn);
  for (const post of Object.values(turn.state.posts)) if (post.kind === "question") turn.redraw(post.key);
  replan(turn, before);
}

export function text(value: string | string[] | null | undefined): string {
  return typeof value === "string" ? value.trim() : "";
}

function list(value: string | string[] | null): string[] {
  if (Array.isArray(value)) return value;
  return value === null || value === "" ? [] : readList(value);
}

export function titleOf(turn: Turn, module: string): string {
  return moduleTitle(turn.ctx.catalogue, module);
}
