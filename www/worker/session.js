// Visitors without an account: a name in a cookie that only this Worker can have signed. Who deletes the cookie is another
// visitor, so the budget of all is what limits the spending. With accounts, `sessionUser` is what to replace.
import { parseSigned, serializeSigned } from "hono/utils/cookie";

const name = "session";
const yearSeconds = 365 * 86_400;

/** @param {Request} request @param {string} secret */
export async function sessionUser(request, secret) {
  const cookies = await parseSigned(request.headers.get("cookie") ?? "", secret, name);
  return cookies[name] || null;
}

/**
 * Gives a visitor who has no session one with the page, and tells the page that this server has the handler.
 * @param {Request} request
 * @param {Response} page
 * @param {string} secret
 */
export async function startSession(request, page, secret) {
  if (!page.headers.get("content-type")?.startsWith("text/html")) return page;
  const response = new Response(page.body, page);
  response.headers.append("server-timing", "evolink");
  if (await sessionUser(request, secret)) return response;
  const cookie = await serializeSigned(name, crypto.randomUUID(), secret, {
    path: "/",
    httpOnly: true,
    sameSite: "Lax",
    secure: new URL(request.url).protocol === "https:",
    maxAge: yearSeconds,
  });
  response.headers.append("set-cookie", cookie);
  return response;
}
