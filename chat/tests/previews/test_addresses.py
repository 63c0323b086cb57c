"""Which addresses a preview may be fetched from."""

import pytest

from chat.previews.addresses import is_public

PUBLIC = [
    "1.1.1.1",
    "93.184.215.14",
    "172.15.255.255",
    "172.32.0.1",
    "2606:4700:4700::1111",
    "2a00:1450:4001:81b::200e",
]
NOT_PUBLIC = {
    "this network": ["0.0.0.0", "0.1.2.3"],
    "loopback": ["127.0.0.1", "127.255.255.254", "::1"],
    "private": ["10.0.0.1", "172.16.0.1", "172.31.255.255", "192.168.1.1", "fc00::1", "fd00:ec2::254"],
    "shared": ["100.64.0.1", "100.100.100.200", "100.127.255.255"],
    "link-local": ["169.254.169.254", "fe80::1", "fe80::1%eth0", "febf::1"],
    "site-local": ["fec0::1"],
    "multicast": ["224.0.0.1", "239.255.255.250", "ff02::1", "ff0e::1"],
    "reserved and broadcast": ["240.0.0.1", "255.255.255.255"],
    "documentation and benchmarks": [
        "192.0.2.1",
        "198.51.100.7",
        "203.0.113.9",
        "198.18.0.1",
        "2001:db8::1",
        "3fff::1",
    ],
    "protocol assignments": ["192.0.0.1", "192.88.99.1", "2001::1", "2001:0:53aa:64c::1"],
    "a cloud's own service": ["168.63.129.16"],
    "IPv4 in IPv6, mapped": ["::ffff:127.0.0.1", "::ffff:10.0.0.1", "::ffff:93.184.215.14", "::ffff:7f00:1"],
    "IPv4 in IPv6, compatible": ["::127.0.0.1", "::10.0.0.1"],
    "IPv4 in IPv6, NAT64": ["64:ff9b::7f00:1", "64:ff9b::a9fe:a9fe", "64:ff9b:1::a00:1", "64:ff9b::5db8:d70e"],
    "IPv4 in IPv6, 6to4": ["2002:7f00:1::", "2002:a00:1::1", "2002:c0a8:101::1"],
    "unspecified and outside of the allocated space": ["::", "4000::1", "100::1"],
    "no addresses": ["", "localhost", "2130706433", "0x7f000001", "127.1", "0177.0.0.1", "1.1.1.1/32", "1.1.1.1 "],
}


@pytest.mark.parametrize("address", PUBLIC)
def test_addresses_of_the_internet_are_public(address):
    assert is_public(address)


@pytest.mark.parametrize("address", [each for addresses in NOT_PUBLIC.values() for each in addresses])
def test_all_other_addresses_are_not(address):
    assert not is_public(address)
