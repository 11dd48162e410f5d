// Visitors without an account: a name in a cookie that only this Worker can sign. Someone who deletes the cookie is a
// new visitor, so the total budget limits the spending. If you have accounts, replace `sessionUser`.
import { parseSigned, serializeSigned } from "hono/utils/cookie";

const name = "session";
const yearSeconds = 365 * 86_400;

/** @param {Request} request @param {string} secret */
export async function sessionUser(request, secret) {
  const cookies = await parseSigned(request.headers.get("cookie") ?? "", secret, name);
  return cookies[name] || null;
}

/**
 * Gives visitors without a session a new one, and tells the page that this server has the handler.
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
