import RunwayML from "@runwayml/sdk";

export const first = () => typeof new RunwayML({ apiKey: "key" }).textToVideo.create === "function";
