module.exports = [
  {
    mode: "production",
    target: "web",
    entry: { main: "./src/main.js", spawn: "./src/spawn.js" },
    output: { publicPath: "/dist/" },
  },
  { mode: "production", target: "webworker", entry: { worker: "./src/worker.js" } },
];
