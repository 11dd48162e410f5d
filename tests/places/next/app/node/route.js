import { runJourney } from "../../app.mjs";

export const dynamic = "force-dynamic";

export async function GET() {
  return Response.json(await runJourney(process.env.BASE_URL));
}
