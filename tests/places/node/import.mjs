import { travel } from "./app.mjs";

console.log(JSON.stringify(await travel(process.env.BASE_URL)));
