import type { Settings } from "../conversations/context.ts";
import { reportOf, writePlain } from "../conversations/summary.ts";
import type { ExportedFile, Writer } from "./app/parts.ts";
import type { Config } from "./config.ts";
import type { Catalogue } from "./domain/catalogue.ts";
import type { Calendar, EvidenceCollector, Machine, Store } from "./domain/ports.ts";
import type { SessionState } from "./domain/session.ts";
import type { Log } from "./log.ts";

/** What the engine has beside the platforms: AWS to look at, a writer, exports. Loaded when they are first needed. */

type Aws = { settings: Settings["aws"]; collector?: EvidenceCollector };

/** Without a sign in the environment that AWS is wanted, nothing of it is loaded, and that is said in words. */
export async function connectAws(
  config: Config,
  _parts: { calendar: Calendar; machine: Machine; log: Log },
): Promise<Aws> {
  if (config.aws === undefined) {
    return { settings: { on: false, why: "no AWS_REGION, AWS_PROFILE or AWS_ACCOUNTS is set" } };
  }
  return { settings: { on: false, why: "reading AWS is not in this version yet" } };
}

/** The writer of summaries. */
export function createWriter(parts: { config: Config; catalogue: Catalogue; calendar: Calendar; log: Log }): Writer {
  return async (session) => ({ writer: "plain", ...writePlain(session, parts.catalogue, parts.calendar.now()) });
}

/** Exports, made from the state and the whole history. */
export function exporter(parts: { store: Store; catalogue: Catalogue; calendar: Calendar }) {
  return async (state: SessionState, format: string): Promise<ExportedFile | { problem: string }> => {
    const { EXPORT_FORMATS, exportSession, isExportFormat } = await import("./report/export.ts");
    if (!isExportFormat(format)) {
      return { problem: `There is no format "${format.slice(0, 40)}". There are ${EXPORT_FORMATS.join(", ")}.` };
    }
    const events = await parts.store.sessionEvents(state.id);
    const { catalogue } = parts;
    const now = parts.calendar.now();
    return exportSession({ state, events, catalogue, now, report: reportOf(state, catalogue, now) }, format);
  };
}
