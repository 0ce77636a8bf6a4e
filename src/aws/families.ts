/** The family id that quota subjects use: `ec2-<family>`, `spot-<family>`. */
export type Family = "standard" | "dl" | "f" | "g" | "hpc" | "u" | "inf" | "p" | "trn" | "x";

/**
 * By the whole run of letters at the start of the type's name: `dl1` isn't D, `inf2` isn't I, `hpc7a` isn't H.
 * The quota names list the single letters; `hs`, `im`, `is` and `gr` follow their series' pages.
 */
const FAMILY_OF_PREFIX: Record<string, Family> = {
  a: "standard",
  c: "standard",
  d: "standard",
  h: "standard",
  hs: "standard",
  i: "standard",
  im: "standard",
  is: "standard",
  m: "standard",
  r: "standard",
  t: "standard",
  z: "standard",
  dl: "dl",
  f: "f",
  g: "g",
  gr: "g",
  vt: "g",
  hpc: "hpc",
  inf: "inf",
  p: "p",
  trn: "trn",
  u: "u",
  x: "x",
};

/** null: a family we don't know (or `mac`, whose Dedicated Hosts have their own quotas). Never guessed. */
export function familyOf(instanceType: string): Family | null {
  const prefix = /^[a-z]+/.exec(instanceType)?.[0] ?? "";
  return FAMILY_OF_PREFIX[prefix] ?? null;
}

export type Purchase = "on-demand" | "spot";

/** Spot has no quota for HPC and High Memory: null there when nothing of the kind can be asked. */
export function subjectIdOf(family: Family, purchase: Purchase): string {
  return purchase === "spot" ? `spot-${family}` : `ec2-${family}`;
}
