// Where a host is, told from the registries alone and with Node's own reading of addresses.
import { BlockList, isIP } from "node:net";

/** @typedef {"public" | "elsewhere" | "either"} Whereabouts */

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

// https://www.iana.org/assignments/iana-ipv4-special-registry, what is not globally reachable in it;
// multicast and the rest of https://www.iana.org/assignments/ipv4-address-space.
const special4 = within(
  "ipv4",
  "0.0.0.0/8", // this network
  "10.0.0.0/8", // private use
  "100.64.0.0/10", // shared by the customers of a carrier
  "127.0.0.0/8", // loopback
  "169.254.0.0/16", // link-local
  "172.16.0.0/12", // private use
  "192.0.0.0/24", // protocol assignments
  "192.0.2.0/24", // documentation
  "192.88.99.0/24", // relays of 6to4, withdrawn
  "192.168.0.0/16", // private use
  "198.18.0.0/15", // benchmarks
  "198.51.100.0/24", // documentation
  "203.0.113.0/24", // documentation
  "224.0.0.0/4", // multicast
  "240.0.0.0/4", // reserved, and broadcast
);

// https://www.iana.org/assignments/iana-ipv6-special-registry, the same.
const special6 = within(
  "ipv6",
  "2001::/23", // protocol assignments: Teredo, benchmarks, overlays
  "2001:db8::/32", // documentation
  "3fff::/20", // documentation
);

// https://www.iana.org/assignments/ipv6-address-space: everything else is reserved, local or multicast.
const unicast6 = within("ipv6", "2000::/3");

// Globally reachable says the registry, but they are services of the network itself and hold no files.
const services = {
  4: within("ipv4", "192.0.0.9/32", "192.0.0.10/32", "192.31.196.0/24", "192.52.193.0/24", "192.175.48.0/24"),
  6: within("ipv6", "2001:1::/32", "2001:3::/32", "2001:4:112::/48", "2001:20::/27", "2620:4f:8000::/48"),
};

/** Forms of IPv6 that carry an IPv4 address, and the bytes before it. */
const carriers = [
  { holds: within("ipv6", "::ffff:0:0/96"), before: 12 }, // mapped
  { holds: within("ipv6", "::/96"), before: 12 }, // compatible, withdrawn
  { holds: within("ipv6", "::ffff:0:0:0/96"), before: 12 }, // translated
  { holds: within("ipv6", "64:ff9b::/96"), before: 12 }, // NAT64
  { holds: within("ipv6", "2002::/16"), before: 2 }, // 6to4
];

/**
 * The bytes of an IPv6 address as `URL` writes it, always in hexadecimal.
 * @param {string} address
 */
function bytesOf(address) {
  const [head, tail] = address.split("::").map((half) => (half ? half.split(":") : []));
  const middle = tail ? new Array(8 - head.length - tail.length).fill("0") : [];
  const groups = [...head, ...middle, ...(tail ?? [])].map((group) => Number.parseInt(group, 16));
  return groups.flatMap((group) => [group >> 8, group & 255]);
}

// RFC 6761 and 6762, RFC 8375, ICANN's resolution on `.internal`; the others are what routers and offices use.
const localName = /(^|\.)(localhost|local|internal|home\.arpa|localdomain|lan|intranet|home|corp)$/;
// Names that are for examples and tests, or live outside the DNS (RFC 2606, 6761, 7686, 9476), and the DNS's own.
const noMatter = /\.(example|test|invalid|onion|alt|private|arpa)$/;

/**
 * Whether the API's server could reach a host.
 * @param {string} hostname as `URL` has it
 * @returns {Whereabouts}
 */
export function whereabouts(hostname) {
  const address = hostname.replace(/^\[(.*)\]$/, "$1");
  switch (isIP(address)) {
    case 4:
      return services[4](address) ? "either" : special4(address) ? "elsewhere" : "public";
    case 6: {
      const carrier = carriers.find(({ holds }) => holds(address));
      if (carrier)
        return whereabouts(
          bytesOf(address)
            .slice(carrier.before, carrier.before + 4)
            .join("."),
        );
      if (services[6](address)) return "either";
      return unicast6(address) && !special6(address) ? "public" : "elsewhere";
    }
    default: {
      const name = hostname.replace(/\.$/, "");
      // A single word and a name with an empty label are not in the public DNS.
      if (!name.includes(".") || name.split(".").includes("") || localName.test(name)) return "elsewhere";
      return noMatter.test(name) ? "either" : "public";
    }
  }
}
