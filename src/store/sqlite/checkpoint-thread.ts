import { constants, setPriority } from "node:os";
import { parentPort, workerData } from "node:worker_threads";
import Database from "better-sqlite3";

/** Copies the log into the database whenever it is told to; see `checkpoints.ts`. */

const { path }: { path: string } = workerData;
const db = new Database(path, { timeout: 0 });

try {
  // Nobody waits for it. On Linux 0 is the calling thread alone, elsewhere it is the process; see `priority.ts`.
  if (process.platform === "linux") setPriority(0, constants.priority.PRIORITY_BELOW_NORMAL);
} catch {
  // Not allowed in this container: then it has the same priority as all.
}

parentPort?.on("message", (wish: "copy" | "close") => {
  if (wish === "close") {
    db.close();
    parentPort?.close();
    return;
  }
  // What was committed meanwhile is copied by the second pass, so that little is left to the main thread.
  for (let pass = 0; pass < 2; pass++) db.pragma("wal_checkpoint(PASSIVE)");
  parentPort?.postMessage("copied");
});
