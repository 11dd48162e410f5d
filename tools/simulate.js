// Runs the simulation: `npm run simulate -- --seeds 100000`.
// `npm run simulate -- --seed 4711` replays one seed and prints its trace.
import { parseArgs } from "node:util";
import { isMain, main, run } from "./setup.js";

function simulate() {
  const { values } = parseArgs({ options: { seeds: { type: "string" }, seed: { type: "string" } } });
  run(
    "cargo",
    [
      ...["test", "--quiet", "--features=marks", "--test", "simulation"],
      ...["--", "invariants_hold", "processes_over", "--nocapture"],
    ],
    {
      env: {
        ...process.env,
        CARGO_PROFILE_TEST_OPT_LEVEL: "2",
        ...(values.seed === undefined ? { SEEDS: values.seeds ?? "100000" } : { SEED: values.seed }),
      },
    },
  );
}

if (isMain(import.meta.url)) await main(simulate);
