//! The host of a URL, and whether the API's server could reach it.
//!
//! Parsed as in the WHATWG URL standard, so that every spelling of an address is recognized:
//! `127.1`, `0x7f.1`, `2130706433`, `[::ffff:7f00:1]`, `１２７。0。0。1`, `%6cocalhost` are all this machine.

use crate::text::{find, parse_digits, rsplit_once, slice, split, split_once};

/// The network from which a host can be reached.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum HostScope {
    /// The internet, judged by the name alone.
    Public,
    /// This machine.
    Loopback,
    /// A private network.
    Private,
    /// The local link; routers do not forward such addresses.
    LinkLocal,
    /// A name that only a local network resolves: `.local`, `.internal`, a single label.
    LocalName,
    /// A name that is reserved for examples and tests. No server has it.
    Example,
    /// No host has such an address: unspecified, multicast, documentation, reserved.
    Reserved,
}

/// Classifies the host of a URL; `None` if it is invalid. IPv6 addresses are in brackets, as in URLs.
pub fn classify(host: &str) -> Option<HostScope> {
    if let Some(inner) = host.strip_prefix("[") {
        return Some(classify_v6(parse_v6(inner.strip_suffix("]")?)?));
    }
    let name = normalize(host)?;
    let name = name.strip_suffix(".").unwrap_or(&name);
    if split(name, b'.').any(str::is_empty) {
        return None;
    }
    let (before, last) = match rsplit_once(name, b'.') {
        Some((before, last)) => (Some(before), last),
        None => (None, name),
    };
    if !is_top_level(last) {
        return None;
    }
    if is_number(last) {
        return parse_v4(name).map(classify_v4);
    }
    let second_level = before.map(|before| rsplit_once(before, b'.').map_or(before, |(_, label)| label));
    Some(match last {
        "localhost" => HostScope::Loopback,
        "local" | "internal" | "localdomain" | "lan" | "intranet" | "home" | "corp" => HostScope::LocalName,
        "arpa" if second_level == Some("home") => HostScope::LocalName,
        _ if second_level.is_none() => HostScope::LocalName,
        // RFC 2606, section 2.
        "test" | "example" | "invalid" => HostScope::Example,
        _ => HostScope::Public,
    })
}

/// Ranges of characters that IDNA maps to ASCII: first, last, and the mapping of the first.
const IDNA_MAPPINGS: [(u32, u32, u32); 18] = [
    (0xff01, 0xff5e, 0x21),
    (0x3002, 0x3002, '.' as u32),
    (0xff61, 0xff61, '.' as u32),
    (0xb9, 0xb9, '1' as u32),
    (0xb2, 0xb3, '2' as u32),
    (0x2070, 0x2070, '0' as u32),
    (0x2074, 0x2079, '4' as u32),
    (0x2080, 0x2089, '0' as u32),
    (0x2460, 0x2468, '1' as u32),
    (0x1fbf0, 0x1fbf9, '0' as u32),
    (0x24b6, 0x24cf, 'a' as u32),
    (0x24d0, 0x24e9, 'a' as u32),
    (0x24ea, 0x24ea, '0' as u32),
    (0x1d7ce, 0x1d7d7, '0' as u32),
    (0x1d7d8, 0x1d7e1, '0' as u32),
    (0x1d7e2, 0x1d7eb, '0' as u32),
    (0x1d7ec, 0x1d7f5, '0' as u32),
    (0x1d7f6, 0x1d7ff, '0' as u32),
];

/// Decodes percent-encoding, maps full-width and similar forms of digits, letters and dots to ASCII as IDNA does,
/// and lowercases. Other characters of international names are kept.
fn normalize(host: &str) -> Option<String> {
    let mut bytes = Vec::with_capacity(host.len());
    let mut rest = host.bytes();
    while let Some(byte) = rest.next() {
        bytes.push(match byte {
            b'%' => (hex(rest.next()?)? << 4 | hex(rest.next()?)?) as u8,
            other => other,
        });
    }
    let mut name = String::new();
    for character in std::str::from_utf8(&bytes).ok()?.chars() {
        // IDNA drops the soft hyphen and zero-width characters.
        if matches!(character, '\u{ad}' | '\u{200b}' | '\u{2060}' | '\u{feff}') {
            continue;
        }
        let code = character as u32;
        let mapping = IDNA_MAPPINGS
            .iter()
            .find(|(first, last, _)| (*first..=*last).contains(&code));
        let mapped = mapping.map_or(code, |(first, _, target)| code - first + target);
        let mapped = char::from_u32(mapped)?.to_ascii_lowercase();
        if mapped <= ' '
            || mapped == '\u{7f}'
            || matches!(
                mapped,
                '#' | '/' | ':' | '<' | '>' | '?' | '@' | '[' | '\\' | ']' | '^' | '|' | '%'
            )
        {
            return None;
        }
        name.push(mapped);
    }
    (!name.is_empty()).then_some(name)
}

/// Whether the last label uses only scripts of existing top-level domains. Further characters that resemble ASCII,
/// which `normalize` does not map, could hide a number or a local name.
fn is_top_level(label: &str) -> bool {
    const LATIN: &[(u32, u32)] = &[(0, 0x7f), (0xc0, 0xff)];
    const OTHER_SCRIPTS: &[(u32, u32)] = &[
        (0x370, 0x10ff),
        (0x1200, 0x17b3),
        (0x17b6, 0x180a),
        (0x1810, 0x1cff),
        (0x3041, 0x30ff),
        (0x3400, 0x9fff),
        (0xac00, 0xd7a3),
    ];
    [LATIN, OTHER_SCRIPTS].iter().any(|script| {
        let contains = |c: char| {
            script
                .iter()
                .any(|(first, last)| (*first..=*last).contains(&(c as u32)))
        };
        label.chars().all(contains)
    })
}

fn hex(byte: u8) -> Option<u32> {
    char::from(byte).to_digit(16)
}

/// Whether the last label makes the host an IPv4 address, which may then be invalid ("ends in a number").
fn is_number(label: &str) -> bool {
    parse_digits(label).is_some() || parse_v4_part(label).is_some()
}

/// One to four parts, each decimal, octal (`0…`) or hexadecimal (`0x…`); the last one fills the remaining bytes.
fn parse_v4(name: &str) -> Option<u32> {
    let mut address: u64 = 0;
    let mut count = 0;
    let mut last = 0;
    for label in split(name, b'.') {
        if count > 0 {
            if last > 255 {
                return None;
            }
            address |= last << (32 - 8 * count);
        }
        count += 1;
        if count > 4 {
            return None;
        }
        last = parse_v4_part(label)?;
    }
    let bits = 8 * (5 - count);
    (last < 1 << bits).then_some((address | last) as u32)
}

/// Eight groups of hexadecimal digits; `::` stands for zeros, once; the last two may be written as an IPv4 address.
fn parse_v6(text: &str) -> Option<[u16; 8]> {
    let groups = match find(text, "::") {
        None => read_groups(text)?,
        Some(gap) => {
            let mut groups = read_groups(slice(text, 0..gap))?;
            let after = read_groups(slice(text, gap + 2..text.len()))?;
            if groups.len() + after.len() > 7 || split_once(slice(text, 0..gap), b'.').is_some() {
                return None;
            }
            while groups.len() + after.len() < 8 {
                groups.push(0);
            }
            for group in after {
                groups.push(group);
            }
            groups
        }
    };
    groups.try_into().ok()
}

/// Groups of up to four hexadecimal digits, optionally an IPv4 address at the end; an empty string has no groups.
fn read_groups(text: &str) -> Option<Vec<u16>> {
    let mut groups = Vec::new();
    let mut rest = Some(text).filter(|text| !text.is_empty());
    while let Some(text) = rest {
        let (group, after) =
            split_once(text, b':').map_or((text, None), |(group, after)| (group, Some(after)));
        if after.is_none() && split_once(group, b'.').is_some() {
            let bits = parse_dotted_decimal(group)?;
            groups.push((bits >> 16) as u16);
            groups.push(bits as u16);
        } else if (1..=4).contains(&group.len()) {
            let mut value = 0;
            for digit in group.bytes() {
                value = value << 4 | hex(digit)? as u16;
            }
            groups.push(value);
        } else {
            return None;
        }
        rest = after;
    }
    Some(groups)
}

/// Four decimal parts without leading zeros.
fn parse_dotted_decimal(text: &str) -> Option<u32> {
    let plain =
        |part: &str| part == "0" || part.bytes().all(|byte| byte.is_ascii_digit()) && !part.starts_with("0");
    if split(text, b'.').count() != 4 || !split(text, b'.').all(plain) {
        return None;
    }
    parse_v4(text)
}

fn parse_v4_part(label: &str) -> Option<u64> {
    let (digits, radix) = match label.strip_prefix("0x") {
        Some(digits) => (digits, 16),
        None if label.len() > 1 && label.starts_with("0") => (label, 8),
        None => (label, 10),
    };
    let mut value: u64 = 0;
    for digit in digits.chars() {
        value = (value * u64::from(radix) + u64::from(digit.to_digit(radix)?)).min(u64::from(u32::MAX) + 1);
    }
    // "0x" alone is 0, as in the standard.
    (!label.is_empty()).then_some(value)
}

/// IANA's registry of special-purpose addresses.
fn classify_v4(address: u32) -> HostScope {
    use HostScope::{LinkLocal, Loopback, Private, Reserved};
    /// Network, prefix length, scope.
    const SPECIAL: [([u8; 4], u32, HostScope); 15] = [
        ([127, 0, 0, 0], 8, Loopback),
        ([10, 0, 0, 0], 8, Private),
        ([172, 16, 0, 0], 12, Private),
        ([192, 168, 0, 0], 16, Private),
        // Carrier-grade NAT.
        ([100, 64, 0, 0], 10, Private),
        ([169, 254, 0, 0], 16, LinkLocal),
        ([0, 0, 0, 0], 8, Reserved),
        ([192, 0, 0, 0], 24, Reserved),
        ([192, 0, 2, 0], 24, Reserved),
        ([192, 88, 99, 0], 24, Reserved),
        ([198, 18, 0, 0], 15, Reserved),
        ([198, 51, 100, 0], 24, Reserved),
        ([203, 0, 113, 0], 24, Reserved),
        ([224, 0, 0, 0], 4, Reserved),
        ([240, 0, 0, 0], 4, Reserved),
    ];
    let within =
        |network: &[u8; 4], prefix: &u32| (address ^ u32::from_be_bytes(*network)) >> (32 - prefix) == 0;
    let special = SPECIAL
        .iter()
        .find(|(network, prefix, _)| within(network, prefix));
    special.map_or(HostScope::Public, |(.., scope)| *scope)
}

fn classify_v6(groups: [u16; 8]) -> HostScope {
    let v4 = |at: usize| classify_v4(u32::from(groups[at]) << 16 | u32::from(groups[at + 1]));
    match groups {
        [0, 0, 0, 0, 0, 0, 0, 1] => HostScope::Loopback,
        [0, 0, 0, 0, 0, 0, 0, 0] => HostScope::Reserved,
        // IPv4 embedded in IPv6: mapped, compatible, translated (NAT64), 6to4.
        [0, 0, 0, 0, 0, 0xffff | 0, ..] | [0, 0, 0, 0, 0xffff, 0, ..] | [0x64, 0xff9b, 0, 0, 0, 0, ..] => {
            v4(6)
        }
        [0x2002, ..] => v4(1),
        [first, ..] if first & 0xfe00 == 0xfc00 => HostScope::Private,
        [first, ..] if first & 0xffc0 == 0xfe80 => HostScope::LinkLocal,
        // Only 2000::/3 is allocated; within it, protocol assignments and documentation have no hosts.
        [first, ..] if first & 0xe000 != 0x2000 => HostScope::Reserved,
        [0x2001, 0..=0x1ff | 0xdb8, ..] | [0x3fff, 0..=0xfff, ..] => HostScope::Reserved,
        _ => HostScope::Public,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn classifies_every_spelling_of_loopback() {
        for host in [
            "localhost",
            "LOCALHOST.",
            "a.localhost",
            "127.0.0.1",
            "127.1",
            "127.0.1",
            "0x7f.1",
            "0177.0.0.1",
            "2130706433",
            "0x7f000001",
            "017700000001",
            "[::1]",
            "[::ffff:127.0.0.1]",
            "[::ffff:7f00:1]",
            "[64:ff9b::7f00:1]",
            "[2002:7f00:1::]",
            "１２７.0.0.1",
            "127。0。0。1",
            "①27.0.0.1",
            "%6cocalhost",
            "127.0.0.%31",
            "ⓛocalhost",
            "𝟏27.1",
        ] {
            assert_eq!(classify(host), Some(HostScope::Loopback), "{host}");
        }
    }

    #[test]
    fn classifies_special_addresses_and_names() {
        for (host, scope) in [
            ("10.0.0.1", HostScope::Private),
            ("172.15.255.255", HostScope::Public),
            ("172.16.0.0", HostScope::Private),
            ("172.31.255.255", HostScope::Private),
            ("172.32.0.0", HostScope::Public),
            ("192.168.1.1", HostScope::Private),
            ("100.64.0.1", HostScope::Private),
            ("100.128.0.1", HostScope::Public),
            ("169.254.169.254", HostScope::LinkLocal),
            ("0.0.0.0", HostScope::Reserved),
            ("255.255.255.255", HostScope::Reserved),
            ("[fe80::1]", HostScope::LinkLocal),
            ("[fd00::1]", HostScope::Private),
            ("[ff02::1]", HostScope::Reserved),
            ("[::]", HostScope::Reserved),
            ("[2606:4700::1111]", HostScope::Public),
            ("printer.local", HostScope::LocalName),
            ("db.internal", HostScope::LocalName),
            ("router.home.arpa", HostScope::LocalName),
            ("intranet", HostScope::LocalName),
            ("example.com", HostScope::Public),
            ("cdn.example", HostScope::Example),
            ("a.b.test.", HostScope::Example),
            ("x.INVALID", HostScope::Example),
            ("example", HostScope::LocalName),
            ("cdn.test.com", HostScope::Public),
            ("例え.jp", HostScope::Public),
            ("localhost.example.com", HostScope::Public),
            ("127.0.0.1.example.com", HostScope::Public),
        ] {
            assert_eq!(classify(host), Some(scope), "{host}");
        }
    }

    #[test]
    fn rejects_invalid_hosts() {
        for host in [
            "",
            "256.0.0.1",
            "1.2.3.4.5",
            "1.2.3.256",
            "a.0x100000000",
            "[::1",
            "[::g]",
            "a b.com",
            "a%zz.com",
            "a%2fb.com",
            "a<b.com",
            "4294967296",
            "1..2",
        ] {
            assert_eq!(classify(host), None, "{host}");
        }
    }
}
