// Runs the handler with the variables, the event and the context of AWS Lambda.
import { join } from "node:path";
import lambda from "lambda-local";

const { body } = await lambda.execute({
  event: { api: process.env.BASE_URL },
  lambdaPath: join(import.meta.dirname, "lambda/handler.mjs"),
  timeoutMs: 30_000,
  verboseLevel: 0,
});
console.log(body);
