// Which other origins may call, and the CORS headers for their browsers.
import { Refusal } from "./refusal.js";

/** The headers that pages may read. */
const exposed = "retry-after, x-request-id, idempotency-replayed";
const token = /^[\w!#$%&'*+.^`|~, -]{0,1000}$/;

/**
 * Refuses what a page of a foreign origin sends. Servers and tools send no `Origin`; `authorize` decides about them.
 * @param {Request} request
 * @param {readonly string[]} origins
 */
export function checkOrigin(request, origins) {
  const origin = request.headers.get("origin");
  const site = request.headers.get("sec-fetch-site");
  // Behind a proxy that ends TLS, the URL has a different scheme than the page, and Next.js changes its host, so trust
  // the browser. In a network without TLS, browsers do not send `Sec-Fetch-Site`, but they always send the host.
  const isSame =
    site === "same-origin" ||
    (site === null && origin === new URL(request.url).origin) ||
    (site === null && origin !== null && hostOf(origin) === request.headers.get("host"));
  if (origin !== null ? isSame || origins.includes(origin) : site === null || isSame || site === "none")
    return;
  throw new Refusal(
    403,
    "origin_not_allowed",
    "This server does not accept requests from this origin. See the option `origins`.",
  );
}

/** @param {string} origin */
const hostOf = (origin) => (URL.canParse(origin) ? new URL(origin).host : undefined);

/**
 * @param {Request} request
 * @param {readonly string[]} origins
 * @returns {Record<string, string>}
 */
export function corsHeaders(request, origins) {
  const origin = request.headers.get("origin");
  if (origin === null || !origins.includes(origin)) return { vary: "origin" };
  return {
    "access-control-allow-origin": origin,
    "access-control-allow-credentials": "true",
    "access-control-expose-headers": exposed,
    vary: "origin",
  };
}

/**
 * The answer to a preflight.
 * @param {Request} request
 * @param {readonly string[]} origins
 */
export function preflight(request, origins) {
  const headers = corsHeaders(request, origins);
  const wanted = request.headers.get("access-control-request-headers") ?? "";
  if (headers["access-control-allow-origin"] && token.test(wanted)) {
    headers["access-control-allow-methods"] = "GET, POST";
    headers["access-control-allow-headers"] = wanted;
    headers["access-control-max-age"] = "7200";
  }
  return new Response(null, { status: 204, headers });
}
