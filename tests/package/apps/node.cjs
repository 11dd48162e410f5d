const library = require("evolink-video");

import("./journey.mjs")
  .then(({ journey }) => journey(library, String(process.env.BASE_URL)))
  .then((facts) => console.log(JSON.stringify(facts)));
