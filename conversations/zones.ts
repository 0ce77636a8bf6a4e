import { DateTime, IANAZone, type Zone } from "luxon";
import { nearest } from "./nearest.ts";

/** A zone that people meant, and whether they said it beyond doubt ("EST" is a guess, "Europe/London" is not). */
export type ZoneReading = { zone: string; exact: boolean };

/**
 * Abbreviations as people use them: the zone, not the offset ("EST" in July means New York's time). Several are used
 * for more than one zone, so that all but UTC are said back before they are trusted.
 */
const ABBREVIATIONS: Record<string, string> = {
  utc: "UTC",
  gmt: "UTC",
  z: "UTC",
  bst: "Europe/London",
  wet: "Europe/Lisbon",
  west: "Europe/Lisbon",
  cet: "Europe/Paris",
  cest: "Europe/Paris",
  eet: "Europe/Helsinki",
  eest: "Europe/Helsinki",
  msk: "Europe/Moscow",
  ist: "Asia/Kolkata",
  npt: "Asia/Kathmandu",
  sgt: "Asia/Singapore",
  hkt: "Asia/Hong_Kong",
  jst: "Asia/Tokyo",
  kst: "Asia/Seoul",
  awst: "Australia/Perth",
  acst: "Australia/Adelaide",
  aest: "Australia/Sydney",
  aedt: "Australia/Sydney",
  nzst: "Pacific/Auckland",
  nzdt: "Pacific/Auckland",
  sast: "Africa/Johannesburg",
  eat: "Africa/Nairobi",
  brt: "America/Sao_Paulo",
  art: "America/Argentina/Buenos_Aires",
  et: "America/New_York",
  est: "America/New_York",
  edt: "America/New_York",
  ct: "America/Chicago",
  cst: "America/Chicago",
  cdt: "America/Chicago",
  mt: "America/Denver",
  mst: "America/Denver",
  mdt: "America/Denver",
  pt: "America/Los_Angeles",
  pst: "America/Los_Angeles",
  pdt: "America/Los_Angeles",
};

/** Countries that people name where all of them keep one time; said back, too. */
const COUNTRIES: Record<string, string> = {
  uk: "Europe/London",
  england: "Europe/London",
  britain: "Europe/London",
  "great britain": "Europe/London",
  "united kingdom": "Europe/London",
  ireland: "Europe/Dublin",
  germany: "Europe/Berlin",
  france: "Europe/Paris",
  italy: "Europe/Rome",
  spain: "Europe/Madrid",
  poland: "Europe/Warsaw",
  netherlands: "Europe/Amsterdam",
  sweden: "Europe/Stockholm",
  switzerland: "Europe/Zurich",
  india: "Asia/Kolkata",
  nepal: "Asia/Kathmandu",
  japan: "Asia/Tokyo",
  "south africa": "Africa/Johannesburg",
};

/** Names that the runtime's list writes in an older way, or leaves out. */
const ALSO = [
  "UTC",
  "Asia/Kathmandu",
  "Asia/Kolkata",
  "Asia/Ho_Chi_Minh",
  "Asia/Yangon",
  "Europe/Kyiv",
  "Africa/Asmara",
  "America/Argentina/Buenos_Aires",
  "Atlantic/Faroe",
];

const ZONES = [...new Set([...Intl.supportedValuesOf("timeZone"), ...ALSO])].filter((zone) =>
  IANAZone.isValidZone(zone),
);
const BY_NAME = new Map(ZONES.map((zone) => [zone.toLowerCase(), zone]));
const BY_CITY = new Map<string, string>();
for (const zone of ZONES) {
  if (!zone.startsWith("Etc/") && zone.includes("/")) BY_CITY.set(cityOf(zone).toLowerCase(), zone);
}

/** `America/New_York` → `New York`; `UTC` stays. How a zone is said to people. */
export function cityOf(zone: string): string {
  return (zone.split("/").at(-1) ?? zone).replaceAll("_", " ");
}

/** A zone that dates can be reckoned in: the given one, or UTC where a platform told us something unusable. */
export function safeZone(zone: string | undefined): string {
  if (zone === undefined) return "UTC";
  let usable = USABLE.get(zone);
  if (usable === undefined) {
    usable = IANAZone.isValidZone(zone);
    if (USABLE.size < MOST_REMEMBERED) USABLE.set(zone, usable);
  }
  return usable ? zone : "UTC";
}

const DAY_MS = 86_400_000;
const MOST_DAYS = 4_000;

/**
 * A zone to reckon with. The runtime's offsets cost more than a whole calculation with them, so they are asked for once
 * a day (UTC) and zone; on a day on which the clocks change every instant is asked for.
 */
class ReckoningZone extends IANAZone {
  readonly #days = new Map<number, number | "changes">();

  override offset(at: number): number {
    const day = Math.floor(at / DAY_MS);
    const known = this.#days.get(day) ?? this.#look(day);
    return known === "changes" ? super.offset(at) : known;
  }

  #look(day: number): number | "changes" {
    const first = super.offset(day * DAY_MS);
    const found = first === super.offset((day + 1) * DAY_MS - 1) ? first : "changes";
    if (this.#days.size >= MOST_DAYS) this.#days.clear();
    this.#days.set(day, found);
    return found;
  }
}

const reckoning = new Map<string, Zone>();

/** The zone of this name (UTC where nobody knows it) for luxon's calculations. */
export function zoneFor(name: string | undefined): Zone {
  const usable = safeZone(name);
  const known = reckoning.get(usable);
  if (known !== undefined) return known;
  const made = new ReckoningZone(usable);
  if (reckoning.size < MOST_REMEMBERED) reckoning.set(usable, made);
  return made;
}

/** Asking the runtime costs more than all else of a decision, and the answer never changes. */
const USABLE = new Map<string, boolean>();
const MOST_REMEMBERED = 1_000;

/** Reads `Europe/London`, `london`, `New York`, `UTC`, `EST`. Undefined: no zone is called that. */
export function findZone(text: string): ZoneReading | undefined {
  const word = text.trim().replaceAll(" ", "_").toLowerCase();
  if (word === "" || word.length > 60) return undefined;
  const named = BY_NAME.get(word);
  if (named !== undefined) return { zone: named, exact: true };
  const abbreviated = ABBREVIATIONS[word];
  if (Object.hasOwn(ABBREVIATIONS, word) && abbreviated !== undefined) {
    return { zone: abbreviated, exact: abbreviated === "UTC" };
  }
  const country = Object.hasOwn(COUNTRIES, word.replaceAll("_", " "))
    ? COUNTRIES[word.replaceAll("_", " ")]
    : undefined;
  if (country !== undefined) return { zone: country, exact: false };
  const city = BY_CITY.get(word.replaceAll("_", " "));
  if (city !== undefined) return { zone: city, exact: true };
  // Older names (Asia/Calcutta, US/Pacific) that the runtime knows and doesn't list.
  if (/^[a-z]+(\/[a-z0-9_+-]+)+$/.test(word) && IANAZone.isValidZone(word)) {
    return { zone: DateTime.fromMillis(0, { zone: word }).zoneName ?? "UTC", exact: true };
  }
  return undefined;
}

/** As {@link findZone}, with a sentence for people where there is no such zone. */
export function readZone(text: string): ZoneReading | { problem: string } {
  const found = findZone(text);
  if (found !== undefined) return found;
  const said = text.trim().slice(0, 40);
  const zone = nearZone(said.toLowerCase());
  const hint = zone === undefined ? "Write it like Europe/London." : `Did you mean ${zone}?`;
  return { problem: `I know no time zone called "${said}". ${hint}` };
}

/** A slip of the hand, not another name: at most a letter in four differs. With a slash it is a whole name, else a city. */
function nearZone(said: string): string | undefined {
  const names = said.includes("/") ? BY_NAME : BY_CITY;
  const word = said.includes("/") ? said.replaceAll(" ", "_") : said;
  const found = nearest(word, [...names.keys()]);
  if (found === undefined) return undefined;
  const begins = found.word.startsWith(word) && word.length * 2 >= found.word.length;
  const isNear = begins || (found.distance >= 1 && found.distance <= Math.max(1, Math.floor(word.length / 4)));
  return isNear ? names.get(found.word) : undefined;
}
