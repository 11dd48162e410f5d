import { travel } from "./app.mjs";

console.log(JSON.stringify(await travel(Deno.env.get("BASE_URL"))));
