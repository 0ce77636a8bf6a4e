import { openStore } from "../../../src/store/open.ts";
import { tinyModel, wish } from "./tiny-model.ts";

/** A process of its own that opens a store, claims an item, says so, and then just stays (or dies). */
const [url = ""] = process.argv.slice(2);
const machine = { now: () => Date.now() };
const store = await openStore({ url, model: tinyModel, machine });
await store.enqueue([wish("o1")]);
await store.claim({ calendar: 0, machine: machine.now(), lease: 3_600_000, limit: 1 });
process.stdout.write("holding\n");
setInterval(() => {}, 60_000);
