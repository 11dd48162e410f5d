// The package in test runners. Jest has a module system of its own, which cannot load ES modules.
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, test } from "node:test";
import { appWithTools } from "../support/apps.js";
import { journeyTests } from "../support/journeys.js";
import { runProgram } from "../support/program.js";

// The suffixes are those of the app's manifest.
for (const [version, suffix] of [
  ["28", "-28"],
  ["newest", ""],
])
  test(`the package in Jest, ${version}, with node and with jsdom`, async () => {
    const folder = await appWithTools("jest");
    const jest = join(folder, `node_modules/jest${suffix}/bin/jest.js`);
    for (const environment of ["node", "jsdom"]) {
      const env = `jest-environment-${environment}${suffix}`;
      const args = [jest, "--ci", `--env=${env}`, `${environment}.test.js`];
      await runProgram(process.execPath, args, { cwd: folder });
    }
  });

test("the package in Jest, with jest-fixed-jsdom", async () => {
  const folder = await appWithTools("jest");
  const args = ["node_modules/jest/bin/jest.js", "--ci", "--env=jest-fixed-jsdom", "page.test.js"];
  await runProgram(process.execPath, args, { cwd: folder });
});

describe("the package in Vitest with", () => {
  for (const environment of ["node", "jsdom", "happy-dom"])
    describe(environment, () =>
      journeyTests({ name: environment, page: environment !== "node", run: inVitest(environment) }, () =>
        appWithTools("vitest"),
      ),
    );
});

/** @param {string} environment of the tests @returns {import("../support/journeys.js").Place["run"]} */
function inVitest(environment) {
  return async (folder, baseUrl) => {
    // Vite has its own `BASE_URL`.
    const env = { ...process.env, API_URL: baseUrl };
    await runProgram("node_modules/.bin/vitest", ["run", "--environment", environment], { cwd: folder, env });
    return JSON.parse(await readFile(join(folder, "facts.json"), "utf8"));
  };
}
