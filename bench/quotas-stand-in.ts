import { parentPort, workerData } from "node:worker_threads";
import { startAws } from "../test/stand-ins/aws/server.ts";
import { benchAccount } from "./quotas-account.ts";

/** The stand-in in a thread of its own, so that its work isn't measured as ours. */
const aws = await startAws({
  accounts: [benchAccount()],
  latencyMs: 100,
  throttling: workerData === "documented" ? "documented" : "off",
});
parentPort?.postMessage({ url: aws.url });
parentPort?.on("message", (message: unknown) => {
  if (message === "calls") {
    parentPort?.postMessage({
      calls: aws.calls.map((each) => ({
        action: each.action,
        region: each.region,
        input: JSON.stringify(each.input),
        outcome: each.outcome,
        startedAt: each.startedAt,
        endedAt: each.endedAt,
      })),
    });
  } else void aws.close().then(() => process.exit(0));
});
