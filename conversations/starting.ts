import { channelOf } from "../src/domain/address.ts";
import type { PersonId } from "../src/domain/ids.ts";
import type { Inbound } from "../src/domain/inbound.ts";
import type { FieldValues } from "../src/domain/message.ts";
import { placeAt } from "../src/domain/place.ts";
import type { EventTime, Scope } from "../src/domain/session.ts";
import { wantPost } from "./asking.ts";
import { accountsAt, unlistedAccount } from "./aws-scope.ts";
import { beginCalendar } from "./calendar.ts";
import { carryOver, scopeFrom } from "./carry-over.ts";
import { collect } from "./collecting.ts";
import type { Command } from "./command.ts";
import { eventInstant, parseEventDate } from "./dates.ts";
import { text } from "./field-values.ts";
import { readNameAndDate } from "./name-and-date.ts";
import { postAgain } from "./place.ts";
import { modulesInOrder, postKeys } from "./session-queries.ts";
import { startFormOf, startWords, typedStart } from "./start-again.ts";
import type { StartOptions } from "./start-options.ts";
import type { Turn } from "./turn.ts";
import { NAME_MAX } from "./views/forms.ts";
import { button } from "./views/parts.ts";
import { wording } from "./wording.ts";
import { safeZone } from "./zones.ts";

/** Starting a session: by command, by form, and when one is open already. */

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
