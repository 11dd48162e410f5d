import { travel } from "./app.mjs";

travel(location.origin).then((facts) => console.log(JSON.stringify(facts)));
