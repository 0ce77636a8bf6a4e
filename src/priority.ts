import { readdirSync, readFileSync } from "node:fs";
import { constants, setPriority } from "node:os";

/**
 * V8 compiles hot functions and collects garbage on threads of its own, up to 5 ms at a time. On few cores one that
 * wakes pushes aside the thread that answers people; with a lower priority it waits. Linux gives every thread a priority
 * of its own (https://man7.org/linux/man-pages/man2/setpriority.2.html, "C library/kernel differences"), and to lower it
 * needs no privilege. Elsewhere, and where it isn't allowed, nothing changes.
 */
export function lowerV8Threads(): void {
  if (process.platform !== "linux") return;
  try {
    for (const thread of readdirSync("/proc/self/task")) {
      if (!readFileSync(`/proc/self/task/${thread}/comm`, "utf8").startsWith("V8Worker")) continue;
      setPriority(Number(thread), constants.priority.PRIORITY_BELOW_NORMAL);
    }
  } catch {
    // A thread may have gone meanwhile, or /proc isn't there.
  }
}
