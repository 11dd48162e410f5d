import Replicate from "replicate";

export const first = () => typeof new Replicate({ auth: "key" }).predictions.create === "function";
