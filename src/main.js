/**
 * The entrance. Checks the Node that runs it before anything native is loaded (better-sqlite3 13 crashes under an old
 * one), then hands over to the composition root.
 *
 * `main.ts` is a link to this file, and this file is plain JavaScript: Node follows the link before it looks at the
 * name, so that an old Node, which reads no TypeScript, can still say what it needs.
 */

const OLDEST_MAJOR = 22;
const OLDEST_MINOR = 18;

const [major = 0, minor = 0] = process.versions.node.split(".").map(Number);
if (major < OLDEST_MAJOR || (major === OLDEST_MAJOR && minor < OLDEST_MINOR)) {
  process.stderr.write(
    `T-Minus needs Node ${OLDEST_MAJOR}.${OLDEST_MINOR} or newer; this is ${process.versions.node}. ` +
      "Run `npm ci` and then `npm start`: that brings its own Node 24 and uses it.\n",
  );
  process.exitCode = 78;
} else {
  const { boot } = await import("./boot.ts");
  await boot();
}
