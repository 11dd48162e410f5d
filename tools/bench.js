// Every benchmark, as a table: ours beside its peers in one run. Needs a built package.
import { main, run, setup } from "./setup.js";
import { build } from "./build.js";

await main(async () => {
  setup();
  await build();
  // Only now, since it was only built now.
  const { benchValidation } = await import("../tests/bench/validation.js");
  await benchValidation();
  console.log("\nWaiting for a task, in virtual time:\n");
  run("cargo", ["run", "--quiet", "--release", "--example", "polls"]);
});
