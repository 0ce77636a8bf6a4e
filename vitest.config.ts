import { defineConfig } from "vitest/config";

/** `npm test` runs the project "default"; `npm run test:long` runs "long" (many crashes, chaos, soak, fuzz). */
export default defineConfig({
  test: {
    // Journeys wait for real processes most of their time: more of them than there are cores run side by side.
    maxWorkers: 6,
    // Tests make what they need and share nothing but code: importing that anew for each file cost a third of the run.
    isolate: false,
    projects: [
      {
        test: {
          name: "default",
          include: ["test/**/*.test.ts"],
          exclude: ["test/**/*.long.test.ts"],
          testTimeout: 60_000,
          hookTimeout: 90_000,
          // What comes a moment later is waited for as long as a busy machine may take.
          expect: { poll: { timeout: 20_000 } },
        },
      },
      {
        test: {
          name: "long",
          include: ["test/**/*.long.test.ts"],
          testTimeout: 1_800_000,
          hookTimeout: 120_000,
        },
      },
    ],
  },
});
