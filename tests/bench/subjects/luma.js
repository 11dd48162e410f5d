import LumaAI from "lumaai";

export const first = () => typeof new LumaAI({ authToken: "key" }).generations.create === "function";
