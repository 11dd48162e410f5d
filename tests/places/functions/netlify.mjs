// Bundles the function and runs it as Netlify's development server does.
import { mkdtemp } from "node:fs/promises";
import { join } from "node:path";
import { FunctionsHandler } from "@netlify/functions-dev";

const projectRoot = import.meta.dirname;
const handler = new FunctionsHandler({
  config: { get: () => ({ functions: {} }) },
  destPath: await mkdtemp(join(projectRoot, "built-")),
  geolocation: {},
  projectRoot,
  settings: { port: 80 },
  userFunctionsPath: join(projectRoot, "netlify/functions"),
});
const request = new Request("https://app.example/.netlify/functions/journey");
const match = await handler.match(request);
const response = await match.handle(request);
console.log(await response.text());
// The worker of the function would keep the process alive.
process.exit();
