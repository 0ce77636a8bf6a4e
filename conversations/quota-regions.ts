/** Names that people use for Regions; the place's name in AWS's console first, then what is said in chat. */
const REGION_NAMES: Record<string, string> = {
  "n. virginia": "us-east-1",
  "north virginia": "us-east-1",
  "northern virginia": "us-east-1",
  virginia: "us-east-1",
  ohio: "us-east-2",
  columbus: "us-east-2",
  "n. california": "us-west-1",
  "northern california": "us-west-1",
  california: "us-west-1",
  oregon: "us-west-2",
  montreal: "ca-central-1",
  calgary: "ca-west-1",
  mexico: "mx-central-1",
  queretaro: "mx-central-1",
  "sao paulo": "sa-east-1",
  "são paulo": "sa-east-1",
  brazil: "sa-east-1",
  ireland: "eu-west-1",
  dublin: "eu-west-1",
  london: "eu-west-2",
  paris: "eu-west-3",
  france: "eu-west-3",
  frankfurt: "eu-central-1",
  germany: "eu-central-1",
  zurich: "eu-central-2",
  zürich: "eu-central-2",
  switzerland: "eu-central-2",
  stockholm: "eu-north-1",
  sweden: "eu-north-1",
  milan: "eu-south-1",
  italy: "eu-south-1",
  spain: "eu-south-2",
  aragon: "eu-south-2",
  "cape town": "af-south-1",
  "south africa": "af-south-1",
  bahrain: "me-south-1",
  uae: "me-central-1",
  dubai: "me-central-1",
  "tel aviv": "il-central-1",
  israel: "il-central-1",
  mumbai: "ap-south-1",
  hyderabad: "ap-south-2",
  singapore: "ap-southeast-1",
  sydney: "ap-southeast-2",
  jakarta: "ap-southeast-3",
  indonesia: "ap-southeast-3",
  melbourne: "ap-southeast-4",
  malaysia: "ap-southeast-5",
  "new zealand": "ap-southeast-6",
  auckland: "ap-southeast-6",
  thailand: "ap-southeast-7",
  bangkok: "ap-southeast-7",
  tokyo: "ap-northeast-1",
  seoul: "ap-northeast-2",
  korea: "ap-northeast-2",
  osaka: "ap-northeast-3",
  "hong kong": "ap-east-1",
  taipei: "ap-east-2",
  taiwan: "ap-east-2",
  "govcloud west": "us-gov-west-1",
  "govcloud east": "us-gov-east-1",
};

/** Names that fit several Regions: asked back, never guessed. */
const SEVERAL: Record<string, string[]> = {
  canada: ["Montreal (ca-central-1)", "Calgary (ca-west-1)"],
  india: ["Mumbai (ap-south-1)", "Hyderabad (ap-south-2)"],
  japan: ["Tokyo (ap-northeast-1)", "Osaka (ap-northeast-3)"],
  australia: ["Sydney (ap-southeast-2)", "Melbourne (ap-southeast-4)"],
  "us-east": ["N. Virginia (us-east-1)", "Ohio (us-east-2)"],
  "us east": ["N. Virginia (us-east-1)", "Ohio (us-east-2)"],
  "us-west": ["N. California (us-west-1)", "Oregon (us-west-2)"],
  "us west": ["N. California (us-west-1)", "Oregon (us-west-2)"],
  "eu-central": ["Frankfurt (eu-central-1)", "Zurich (eu-central-2)"],
  "eu-west": ["Ireland (eu-west-1)", "London (eu-west-2)", "Paris (eu-west-3)"],
  europe: ["Ireland (eu-west-1)", "Frankfurt (eu-central-1)"],
};

const CODE = /\b(?:us-gov|[a-z]{2})-(?:north|south|east|west|central|northeast|southeast|northwest|southwest)-\d\b/g;
const SPACED_CODE =
  /\b(us|eu|ap|sa|ca|me|af|il|mx) (north|south|east|west|central|northeast|southeast|northwest|southwest)[ -](\d)\b/g;

export type RegionsFound = { regions: string[]; ambiguous: { name: string; choices: string[] } | null; rest: string };

/** Takes Regions out of a lower-case question; `rest` is what else it says. */
export function findRegions(text: string): RegionsFound {
  const found: { code: string; at: number }[] = [];
  // What is found leaves blanks of its own length, so that positions stay and Regions keep the order they were said in.
  const take = (code: string, name: string, at: number) => {
    found.push({ code, at });
    return " ".repeat(name.length);
  };
  let rest = text.replace(SPACED_CODE, "$1-$2-$3").replace(CODE, (code: string, at: number) => take(code, code, at));
  for (const [name, code] of byLength(REGION_NAMES)) {
    rest = rest.replace(wordsOf(name), (said: string, at: number) => take(code, said, at));
  }
  const regions = found.sort((a, b) => a.at - b.at).map((each) => each.code);
  let ambiguous: RegionsFound["ambiguous"] = null;
  for (const [name, choices] of byLength(SEVERAL)) {
    if (ambiguous === null && wordsOf(name).test(rest)) ambiguous = { name, choices };
  }
  return { regions: [...new Set(regions)], ambiguous, rest: rest.replace(/\s+/g, " ").trim() };
}

function byLength<T>(names: Record<string, T>): [string, T][] {
  return Object.entries(names).sort((a, b) => b[0].length - a[0].length);
}

/** The name as whole words, "N Virginia" as well as "N. Virginia". */
function wordsOf(name: string): RegExp {
  const pattern = name.replaceAll(".", "\\.?").replaceAll(" ", "\\s+");
  return new RegExp(`(?<![\\p{L}\\p{N}-])${pattern}(?![\\p{L}\\p{N}-])`, "gu");
}
