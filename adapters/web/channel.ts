import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import express, { type Router } from "express";
import type { ChatAdapter } from "../../src/domain/ports.ts";
import {
  demandAccess,
  demandJson,
  demandSameSite,
  isSignedIn,
  problemHandler,
  securityHeaders,
  signIn,
} from "./access.ts";
import { createWebChat } from "./chat.ts";
import { createCardDrawer } from "./draw.ts";
import type { WebChannelOptions } from "./options.ts";
import { Directory } from "./people.ts";
import { WebProblem } from "./problem.ts";
import { createWebRoutes } from "./routes.ts";
import { Rows } from "./rows.ts";
import { signedInPage, signInPage } from "./sign-in.ts";
import { EventStream } from "./stream.ts";
import { Whispers } from "./whispers.ts";

const PAGE = join(dirname(fileURLToPath(import.meta.url)), "page");
const RENDERER = createRequire(import.meta.url).resolve("adaptivecards/dist/adaptivecards.min.js");

export type WebChannel = {
  /** `GET /` and everything under `/web`. Mount it at the root of the server, without a body parser before it. */
  router: Router;
  adapter: ChatAdapter;
  /** Ends the open event streams, so that the server can close. */
  close(): void;
};

/** A small chat platform in our own process: a page, its API and event stream, and the adapter that posts to it. */
export async function createWebChannel(options: WebChannelOptions): Promise<WebChannel> {
  const { store, accept, machine, log, token } = options;
  const rows = await Rows.open(store, machine);
  const directory = await Directory.open(store);
  const stream = new EventStream({ start: rows.tick().toString(36), heartbeat: options.heartbeat ?? 15_000 });
  const whispers = new Whispers();
  const draw = createCardDrawer(options.chartImage, log);
  const parts = { rows, directory, stream, whispers, draw };
  const onProblem = problemHandler((error) => log.error({ err: error }, "A web request failed"));

  const page = express.Router();
  page.use(securityHeaders);
  page.get("/", (request, response) => {
    if (token === undefined) {
      demandAccess(token)(request, response, () => response.sendFile(join(PAGE, "index.html")));
      return;
    }
    const given = request.query.token;
    if (typeof given === "string" && signIn(request, response, token, given)) response.send(signedInPage());
    else if (isSignedIn(request, token)) response.sendFile(join(PAGE, "index.html"));
    else response.status(401).send(signInPage({ wrong: given !== undefined }));
  });
  page.use(onProblem);

  const web = express.Router();
  web.use(securityHeaders, demandSameSite);
  // The sign-in page needs its looks before anybody is signed in; these files hold nothing of anybody.
  web.use("/page", express.static(PAGE, { index: false, redirect: false, cacheControl: false }));
  web.post("/sign-in", express.urlencoded({ extended: false, limit: "8kb" }), (request, response) => {
    const body: unknown = request.body;
    const given = typeof body === "object" && body !== null && "token" in body ? body.token : undefined;
    if (token !== undefined && typeof given === "string" && signIn(request, response, token, given))
      response.redirect(303, "/");
    else response.status(401).send(signInPage({ wrong: true }));
  });
  web.use(demandAccess(token), demandJson);
  web.get("/vendor/adaptivecards.js", (_request, response) => response.sendFile(RENDERER));
  web.use(createWebRoutes({ ...parts, accept, machine }));
  web.use((request) => {
    throw new WebProblem(404, `There is nothing at ${request.method} ${request.originalUrl.slice(0, 200)}.`);
  });
  web.use(onProblem);

  const router = express.Router();
  router.use("/web", web);
  router.use((request, response, next) =>
    request.path === "/" && request.method === "GET" ? page(request, response, next) : next(),
  );
  return { router, adapter: createWebChat(parts), close: () => stream.close() };
}
