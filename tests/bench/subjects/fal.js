import { createFalClient } from "@fal-ai/client";

export const first = () => typeof createFalClient({ credentials: "key" }).queue.submit === "function";
