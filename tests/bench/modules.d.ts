// What may not be installed yet: the peers. Declared here they are the same to the type check before and after.

declare module "@fal-ai/client";
declare module "@runwayml/sdk";
declare module "lumaai";
declare module "openai";
declare module "replicate";
declare module "valibot";
