// Who may call from a page of another origin, and what its browser is told.
import { Refusal } from "./refusal.js";

/** What pages may read of the answers, beside the body. */
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
  // Behind a proxy that ends TLS, the URL has another scheme than the page, and Next.js gives it another host; the browser
  // knows better. Browsers do not say it to servers without TLS in a network, but always name the host.
  const isSame =
    site === "same-origin" ||
    (site === null && origin === new URL(request.url).origin) ||
    (site === null && origin !== null && hostOf(origin) === request.headers.get("host"));
  if (origin !== null ? isSame || origins.includes(origin) : site === null || isSame || site === "none")
    return;
  throw new Refusal(
    403,
    "origin_not_allowed",
    "This server does not answer pages of this origin. See the option `origins`.",
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
