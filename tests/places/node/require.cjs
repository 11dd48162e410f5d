const library = require("evolink-video");

import("./journey.mjs")
  .then(({ journey }) => journey(library, process.env.BASE_URL))
  .then((facts) => console.log(JSON.stringify(facts)));
