// The peers, which may not be installed. With these declarations the type check does not depend on that.

declare module "@fal-ai/client";
declare module "@runwayml/sdk";
declare module "lumaai";
declare module "openai";
declare module "replicate";
declare module "valibot";
