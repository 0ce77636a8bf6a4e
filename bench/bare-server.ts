import express from "express";

/** The same HTTP server, answering at once: what the web channel's POST is measured against. */
const app = express();
app.disable("x-powered-by");
app.post("/web/messages", express.json(), (request, response) => {
  response.status(201).json({ id: typeof request.body === "object" ? "w1795418064261" : null });
});
const server = app.listen(0, "127.0.0.1", () => {
  const address = server.address();
  if (typeof address === "object" && address !== null) process.stdout.write(`http://127.0.0.1:${address.port}\n`);
});
process.on("SIGTERM", () => process.exit(0));
