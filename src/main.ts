/**
 * The entrance. Checks the Node that runs it before anything native is loaded (better-sqlite3 13 crashes under an old
 * one), then hands over to the composition root.
 */

const OLDEST = [22, 18] as const;

const [major = 0, minor = 0] = process.versions.node.split(".").map(Number);
if (major < OLDEST[0] || (major === OLDEST[0] && minor < OLDEST[1])) {
  process.stderr.write(
    `T-Minus needs Node ${OLDEST.join(".")} or newer; this is ${process.versions.node}. ` +
      "Run `npm ci` and then `npm start`: that brings its own Node 24 and uses it.\n",
  );
  process.exitCode = 78;
} else {
  const { boot } = await import("./boot.ts");
  await boot();
}
