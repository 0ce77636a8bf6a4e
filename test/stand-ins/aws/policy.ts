import type { Permissions } from "./account.ts";

/** Does a policy allow an action? Only what our policies use: Allow statements, actions with `*`. */
export function allows(permissions: Permissions, action: string): boolean {
  if (permissions === "*") return true;
  const actions = Array.isArray(permissions) ? permissions : actionsOf(permissions);
  return actions.some((each) => new RegExp(`^${each.replaceAll("*", ".*")}$`, "i").test(action));
}

/** Every action that a policy document allows. */
export function actionsOf(policy: { Statement: unknown }): string[] {
  const statements: unknown[] = Array.isArray(policy.Statement) ? policy.Statement : [policy.Statement];
  return statements.flatMap((statement) => {
    if (typeof statement !== "object" || statement === null || !("Action" in statement)) return [];
    if (!("Effect" in statement) || statement.Effect !== "Allow") return [];
    const actions: unknown[] = Array.isArray(statement.Action) ? statement.Action : [statement.Action];
    return actions.map(String);
  });
}
