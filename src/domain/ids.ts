/**
 * Names of things. All are plain strings in storage; these aliases say which one is meant.
 */

/** One readiness review of one event, e.g. `s-7k2m9q4x`. */
export type SessionId = string;
/** Catalogue id, e.g. `R2`; a team's own questions carry a prefix (`AE1`). */
export type QuestionId = string;
/** Lower case with hyphens, e.g. `service-quotas`. */
export type ModuleId = string;
/** 3–64 of `[A-Za-z0-9_]`; only "none of these" ends in `_no`. */
export type ChoiceId = string;
/** A stored wish of the engine. Every post carries it in its mark. */
export type OutboxId = string;
/** A row of `texts`: words that a person wrote. */
export type TextId = string;
/** `risk-<question id in lower case>`, e.g. `risk-r2`. */
export type RiskId = string;

export const PLATFORMS = ["slack", "teams", "web"] as const;
export type Platform = (typeof PLATFORMS)[number];

/**
 * A person as one platform knows them: `<platform>:<workspace>:<user>`, e.g. `slack:T024:U1`, `teams:<tenant>:<aad id>`,
 * `web:local:priya`. People linked across platforms keep the id under which they were met first (see `identities`).
 */
export type PersonId = string;

export type Identity = { platform: Platform; workspace: string; user: string };

export function personId(identity: Identity): PersonId {
  return `${identity.platform}:${identity.workspace}:${identity.user}`;
}

/** The inverse of {@link personId}. User ids may contain colons (Teams' `29:…`), platforms and workspaces may not. */
export function identityOf(person: PersonId): Identity {
  const [platform, workspace, ...user] = person.split(":");
  return { platform: platform as Platform, workspace: workspace ?? "", user: user.join(":") };
}

export function riskId(question: QuestionId): RiskId {
  return `risk-${question.toLowerCase()}`;
}
