import type { Form } from "../src/domain/message.ts";
import { type Command, parseCommand } from "./command.ts";
import { type EventDate, parseEventDate, typedMoment } from "./dates.ts";
import type { StartOptions } from "./start-options.ts";
import { NAME_MAX, startForm } from "./views/forms.ts";
import { cityOf } from "./zones.ts";

/**
 * What somebody typed after `start`, once more: in the button that confirms it, and in the form that asks for what was
 * missing. Nothing that was typed is asked for again or lost.
 */

type StartCommand = Extract<Command, { name: "start" }>;

/** The options as they would be typed. */
export function optionWords(options: StartOptions): string {
  const quoted = (text: string) => `"${text.replaceAll('"', "'")}"`;
  const target = [
    ...(options.loadTarget?.rps === undefined ? [] : [`${options.loadTarget.rps} rps`]),
    ...(options.loadTarget?.p99ms === undefined ? [] : [`p99 ${options.loadTarget.p99ms}ms`]),
  ].join(" ");
  const words: [string, string | undefined][] = [
    ["tz", options.tz],
    ["workload", options.workload === undefined ? undefined : quoted(options.workload)],
    ["accounts", options.accounts?.join(",")],
    ["regions", options.regions?.join(",")],
    ["services", options.services?.join(",")],
    ["hosts", options.hosts?.join(",")],
    ["peak", options.peak === undefined ? undefined : `${options.peak}x`],
    ["load-target", target === "" ? undefined : quoted(target)],
    ["from", options.from === undefined ? undefined : quoted(options.from)],
  ];
  return words.map(([option, value]) => (value === undefined || value === "" ? "" : ` --${option} ${value}`)).join("");
}

/** The whole command, with its date and zone beyond doubt. */
export function startWords(name: string, event: EventDate, options: StartOptions): string {
  return `start "${name.replaceAll('"', "'")}" ${typedMoment(event)}${optionWords({ ...options, tz: event.zone })}`;
}

/** The form, filled with what could be read. Its context carries the rest: zone, accounts, Regions … */
export function startFormOf({ event, when, options }: StartCommand, now: Date, zone: string): Form {
  const date = when === undefined ? undefined : parseEventDate(when, { now, zone: options.tz ?? zone });
  const read = date === undefined || "problem" in date ? undefined : date;
  // What the form has no field for; the workload has one.
  const { workload, ...others } = options;
  const tz = options.tz ?? (read === undefined || read.zone === zone ? undefined : read.zone);
  const carried = optionWords({ ...others, ...(tz === undefined ? {} : { tz }) }).trim();
  return startForm(
    {
      ...(event === undefined ? {} : { name: event.slice(0, NAME_MAX) }),
      ...(read === undefined ? {} : { date: read.date }),
      ...(read?.time === undefined ? {} : { time: read.time }),
      ...(workload === undefined ? {} : { workload }),
      ...(tz === undefined ? {} : { zone: cityOf(tz) }),
    },
    carried === "" ? {} : { arg: `start ${carried}` },
  );
}

/** What a button or a form carries of a command that was typed before. */
export function typedStart(arg: string | undefined): StartCommand | undefined {
  const command = arg === undefined ? undefined : parseCommand(arg, []);
  return command !== undefined && "name" in command && command.name === "start" ? command : undefined;
}
