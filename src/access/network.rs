//! Whom an address stands for, where something is counted by address. It looks nothing up.

use std::net::IpAddr;

/// Networks of this length belong to one subscriber.
const IPV6_NETWORK_BITS: u32 = 64;

/// The address itself; of an IPv6 address its /64 network, which one subscriber has to himself.
#[must_use]
pub fn network_of(address: IpAddr) -> IpAddr {
    match address.to_canonical() {
        IpAddr::V4(address) => IpAddr::V4(address),
        IpAddr::V6(address) => {
            let network = address.to_bits() & (u128::MAX << (u128::BITS - IPV6_NETWORK_BITS));
            IpAddr::V6(network.into())
        }
    }
}
