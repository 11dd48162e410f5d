import { travel } from "./app.mjs";

console.log(JSON.stringify(await travel(Bun.env.BASE_URL)));
