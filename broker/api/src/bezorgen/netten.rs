//! Which networks the hub may call: the public ones, and what its operator lists. A callback must not be a way to speak to
//! the hub's own network, its loopback or a cloud's metadata (server-side request forgery).

use std::{
    net::{IpAddr, Ipv4Addr, Ipv6Addr},
    str::FromStr,
};

/// A network: an address and how many of its bits count (`10.0.0.0/8`).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Net {
    adres: IpAddr,
    bits: u8,
}

/// A text that is no network.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("een net als 10.0.0.0/8 of fd00::/8")]
pub struct NetOngeldig;

impl FromStr for Net {
    type Err = NetOngeldig;

    fn from_str(s: &str) -> Result<Self, NetOngeldig> {
        let (adres, bits) = s.split_once('/').ok_or(NetOngeldig)?;
        let (adres, bits): (IpAddr, u8) = (adres.parse().map_err(|_| NetOngeldig)?, bits.parse().map_err(|_| NetOngeldig)?);
        let meeste = if adres.is_ipv4() { 32 } else { 128 };
        if bits <= meeste { Ok(Self { adres, bits }) } else { Err(NetOngeldig) }
    }
}

impl Net {
    fn bevat(&self, adres: IpAddr) -> bool {
        fn hoog(waarde: u128, breedte: u32, bits: u8) -> u128 {
            let weg = breedte.saturating_sub(bits.into());
            waarde.checked_shr(weg).unwrap_or(0)
        }
        match (self.adres, adres) {
            (IpAddr::V4(net), IpAddr::V4(adres)) => {
                hoog(net.to_bits().into(), 32, self.bits) == hoog(adres.to_bits().into(), 32, self.bits)
            }
            (IpAddr::V6(net), IpAddr::V6(adres)) => hoog(net.to_bits(), 128, self.bits) == hoog(adres.to_bits(), 128, self.bits),
            _ => false,
        }
    }
}

/// What may be called.
#[derive(Debug, Clone, Default)]
pub struct Netten(Vec<Net>);

impl Netten {
    /// The public networks, and these.
    #[must_use]
    pub const fn openbaar_en(erbij: Vec<Net>) -> Self {
        Self(erbij)
    }

    /// Whether this address may be called.
    #[must_use]
    pub fn mag(&self, adres: IpAddr) -> bool {
        // ::ffff:10.0.0.1 is 10.0.0.1.
        let adres = adres.to_canonical();
        self.0.iter().any(|net| net.bevat(adres)) || openbaar(adres)
    }
}

fn openbaar(adres: IpAddr) -> bool {
    match adres {
        IpAddr::V4(vier) => openbaar_vier(vier),
        IpAddr::V6(zes) => openbaar_zes(zes),
    }
}

/// None of the special blocks (RFC 6890 and its successors).
fn openbaar_vier(adres: Ipv4Addr) -> bool {
    let [a, b, c, _] = adres.octets();
    let gedeeld = a == 100 && (64..128).contains(&b);
    let meten = a == 198 && (b == 18 || b == 19);
    let ietf = a == 192 && b == 0 && c == 0;
    !(a == 0
        || a >= 224
        || adres.is_private()
        || adres.is_loopback()
        || adres.is_link_local()
        || adres.is_documentation()
        || gedeeld
        || meten
        || ietf)
}

/// Global unicast (2000::/3), without what embeds or tunnels other addresses, and without documentation.
const fn openbaar_zes(adres: Ipv6Addr) -> bool {
    let [a, b, ..] = adres.segments();
    let unicast = a & 0xe000 == 0x2000;
    let teredo_en_meer = a == 0x2001 && b < 0x0200;
    let documentatie = a == 0x2001 && b == 0x0db8;
    let zes_naar_vier = a == 0x2002;
    unicast && !teredo_en_meer && !documentatie && !zes_naar_vier
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_public_addresses_unless_a_network_is_listed() {
        let netten = Netten::default();
        for goed in ["145.1.2.3", "8.8.8.8", "2a02:1234::1"] {
            assert!(netten.mag(goed.parse().unwrap()), "{goed}");
        }
        for fout in [
            "127.0.0.1",
            "127.9.9.9",
            "10.1.2.3",
            "172.16.0.1",
            "192.168.1.1",
            "169.254.169.254",
            "100.64.0.1",
            "198.18.0.1",
            "192.0.0.8",
            "192.0.2.1",
            "0.0.0.0",
            "224.0.0.1",
            "255.255.255.255",
            "::",
            "::1",
            "::ffff:127.0.0.1",
            "::ffff:10.0.0.1",
            "fe80::1",
            "fd00::1",
            "ff02::1",
            "64:ff9b::a00:1",
            "2002:7f00:1::",
            "2001:db8::1",
            "2001:0:1::1",
        ] {
            assert!(!netten.mag(fout.parse().unwrap()), "{fout}");
        }
        let netten = Netten::openbaar_en(vec!["10.20.0.0/16".parse().unwrap(), "fd00:1::/32".parse().unwrap()]);
        for (adres, mag) in
            [("10.20.255.1", true), ("10.21.0.1", false), ("fd00:1::9", true), ("fd00:2::9", false), ("::1", false)]
        {
            assert_eq!(netten.mag(adres.parse().unwrap()), mag, "{adres}");
        }
        assert!("0.0.0.0/0".parse::<Net>().unwrap().bevat("9.9.9.9".parse().unwrap()));
        for fout in ["10.0.0.0", "10.0.0.0/33", "::/129", "x/8", "10.0.0.0/-1"] {
            assert!(fout.parse::<Net>().is_err(), "{fout}");
        }
    }
}
