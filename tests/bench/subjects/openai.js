import OpenAI from "openai";

export const first = () =>
  typeof new OpenAI({ apiKey: "key", dangerouslyAllowBrowser: true }).videos.create === "function";
