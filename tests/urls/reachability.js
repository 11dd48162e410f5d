// Classifies hosts from the registries, with Node's parser of addresses.
import { BlockList, isIP } from "node:net";

/** @typedef {"public" | "unreachable" | "either"} Reachability */

/**
 * @param {"ipv4" | "ipv6"} family
 * @param {string[]} ranges
 */
function within(family, ...ranges) {
  const list = new BlockList();
  for (const range of ranges) {
    const [address, bits] = range.split("/");
    list.addSubnet(address, Number(bits), family);
  }
  return (/** @type {string} */ address) => list.check(address, family);
}

// https://www.iana.org/assignments/iana-ipv4-special-registry: ranges that are not globally reachable;
// https://www.iana.org/assignments/ipv4-address-space: multicast and reserved ranges.
const special4 = within(
  "ipv4",
  "0.0.0.0/8", // this network
  "10.0.0.0/8", // private use
  "100.64.0.0/10", // carrier-grade NAT
  "127.0.0.0/8", // loopback
  "169.254.0.0/16", // link-local
  "172.16.0.0/12", // private use
  "192.0.0.0/24", // protocol assignments
  "192.0.2.0/24", // documentation
  "192.88.99.0/24", // 6to4 relays, deprecated
  "192.168.0.0/16", // private use
  "198.18.0.0/15", // benchmarking
  "198.51.100.0/24", // documentation
  "203.0.113.0/24", // documentation
  "224.0.0.0/4", // multicast
  "240.0.0.0/4", // reserved, broadcast
);

// https://www.iana.org/assignments/iana-ipv6-special-registry: ranges that are not globally reachable.
const special6 = within(
  "ipv6",
  "2001::/23", // protocol assignments: Teredo, benchmarking, overlays
  "2001:db8::/32", // documentation
  "3fff::/20", // documentation
);

// https://www.iana.org/assignments/ipv6-address-space: all other ranges are reserved, local or multicast.
const unicast6 = within("ipv6", "2000::/3");

// Globally reachable according to the registry, but these are network services without files.
const services = {
  4: within("ipv4", "192.0.0.9/32", "192.0.0.10/32", "192.31.196.0/24", "192.52.193.0/24", "192.175.48.0/24"),
  6: within("ipv6", "2001:1::/32", "2001:3::/32", "2001:4:112::/48", "2001:20::/27", "2620:4f:8000::/48"),
};

/** IPv6 ranges that embed an IPv4 address, and the number of bytes before it. */
const embeddings = [
  { holds: within("ipv6", "::ffff:0:0/96"), before: 12 }, // mapped
  { holds: within("ipv6", "::/96"), before: 12 }, // compatible, deprecated
  { holds: within("ipv6", "::ffff:0:0:0/96"), before: 12 }, // translated
  { holds: within("ipv6", "64:ff9b::/96"), before: 12 }, // NAT64
  { holds: within("ipv6", "2002::/16"), before: 2 }, // 6to4
];

/**
 * The bytes of an IPv6 address as serialized by `URL`, always in hexadecimal.
 * @param {string} address
 */
function bytesOf(address) {
  const [head, tail] = address.split("::").map((half) => (half ? half.split(":") : []));
  const middle = tail ? new Array(8 - head.length - tail.length).fill("0") : [];
  const groups = [...head, ...middle, ...(tail ?? [])].map((group) => Number.parseInt(group, 16));
  return groups.flatMap((group) => [group >> 8, group & 255]);
}

// RFC 6761, 6762 and 8375, ICANN's resolution on `.internal`, and names that routers and offices use.
const localName = /(^|\.)(localhost|local|internal|home\.arpa|localdomain|lan|intranet|home|corp)$/;
// Names for examples and tests, outside of the DNS (RFC 2606, 6761, 7686, 9476), and of the DNS itself.
const eitherName = /\.(example|test|invalid|onion|alt|private|arpa)$/;

/**
 * Whether the API's server could reach a host.
 * @param {string} hostname as serialized by `URL`
 * @returns {Reachability}
 */
export function reachability(hostname) {
  const address = hostname.replace(/^\[(.*)\]$/, "$1");
  switch (isIP(address)) {
    case 4:
      return services[4](address) ? "either" : special4(address) ? "unreachable" : "public";
    case 6: {
      const embedding = embeddings.find(({ holds }) => holds(address));
      if (embedding)
        return reachability(
          bytesOf(address)
            .slice(embedding.before, embedding.before + 4)
            .join("."),
        );
      if (services[6](address)) return "either";
      return unicast6(address) && !special6(address) ? "public" : "unreachable";
    }
    default: {
      const name = hostname.replace(/\.$/, "");
      // Single labels and names with an empty label are not in the public DNS.
      if (!name.includes(".") || name.split(".").includes("") || localName.test(name)) return "unreachable";
      return eitherName.test(name) ? "either" : "public";
    }
  }
}
