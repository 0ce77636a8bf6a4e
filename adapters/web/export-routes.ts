import express, { type Router } from "express";
import type { SessionRow } from "../../src/domain/session.ts";
import { demandAccess, demandBearer, demandJson, demandSameSite, problemHandler, securityHeaders } from "./access.ts";
import type { WebLog } from "./options.ts";
import { WebProblem } from "./problem.ts";

export type ExportResult = { name: string; mediaType: string; content: string } | { problem: string };

export type ImportResult =
  | { ok: true; id: string; name: string }
  | { ok: false; why: "there" | "refused"; problem: string };

/** What the server takes at all; whether that can be an export of one session, the reader says. */
const LARGEST_IMPORT = "6mb";

export type ExportRoutesOptions = {
  sessions: () => Promise<Pick<SessionRow, "id" | "name" | "date" | "status">[]>;
  /** A file, or a sentence why there is none (an unknown format, a format of a later version). undefined: no such session. */
  exportSession: (id: string, format: string) => Promise<ExportResult | undefined>;
  /** Brings an exported session back. */
  importSession: (text: string) => Promise<ImportResult>;
  /** Demanded if set, as Bearer or by the page's cookie; without it only this machine may ask. */
  token?: string;
  log: WebLog;
};

/** `GET /sessions`, `GET /sessions/:id/export?format=json` and `POST /sessions/import`. Mount it at the server's root, also with the web channel off. */
export function createExportRoutes({
  sessions,
  exportSession,
  importSession,
  token,
  log,
}: ExportRoutesOptions): Router {
  const router = express.Router();
  const guard = [securityHeaders, token === undefined ? demandAccess(undefined) : demandBearer(token)];

  router.get("/sessions", ...guard, async (_request, response) => {
    const rows = await sessions();
    response
      .set("Cache-Control", "no-store")
      .json({ sessions: rows.map(({ id, name, date, status }) => ({ id, name, date, status })) });
  });

  router.get("/sessions/:id/export", ...guard, async (request, response) => {
    const format = typeof request.query.format === "string" ? request.query.format : "json";
    const id = String(request.params.id);
    const file = await exportSession(id, format);
    if (file === undefined)
      throw new WebProblem(404, `There is no session "${id.slice(0, 80)}". GET /sessions lists them.`);
    if ("problem" in file) throw new WebProblem(400, file.problem);
    response
      .set({ "Content-Type": file.mediaType, "Cache-Control": "no-store" })
      .attachment(file.name)
      .send(file.content);
  });

  router.post(
    "/sessions/import",
    ...guard,
    demandSameSite,
    demandJson,
    express.text({ type: "application/json", limit: LARGEST_IMPORT }),
    async (request, response) => {
      const text: unknown = request.body;
      if (typeof text !== "string" || text.trim() === "") {
        throw new WebProblem(
          400,
          'Send the file itself: curl --data-binary @session.json -H "Content-Type: application/json".',
        );
      }
      const imported = await importSession(text);
      if (!imported.ok) throw new WebProblem(imported.why === "there" ? 409 : 400, imported.problem);
      response
        .status(201)
        .set("Cache-Control", "no-store")
        .json({ id: imported.id, name: imported.name, board: `/sessions/${encodeURIComponent(imported.id)}` });
    },
  );

  router.use(problemHandler((error) => log.error({ err: error }, "An export failed")));
  return router;
}
