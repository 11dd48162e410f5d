import { travel } from "../../app.mjs";

export const dynamic = "force-dynamic";

export async function GET() {
  return Response.json(await travel(process.env.BASE_URL));
}
