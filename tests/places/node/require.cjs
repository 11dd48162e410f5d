const library = require("evolink-video");
const rules = require("evolink-video/rules");

import("./journey.mjs")
  .then(({ journey }) => journey(library, rules, process.env.BASE_URL))
  .then((facts) => console.log(JSON.stringify(facts)));
