import { runJourney } from "../../app.mjs";

export const runtime = "edge";

export async function GET(request) {
  return Response.json(await runJourney(new URL(request.url).searchParams.get("api")));
}
