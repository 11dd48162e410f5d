import { writeFileSync } from "node:fs";
import { expect, test } from "vitest";
import { runJourney } from "./app.mjs";

test("the journey", { timeout: 30_000 }, async () => {
  const facts = await runJourney(process.env.API_URL);
  expect(facts.task.status).toBe("completed");
  writeFileSync("facts.json", JSON.stringify(facts));
});
