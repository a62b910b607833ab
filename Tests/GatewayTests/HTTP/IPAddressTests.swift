import Gateway
import Testing
import Timeline

@Suite("Addresses")
struct IPAddressTests {
    @Test(
        "all forms are read, one is written (RFC 4291, section 2.2; RFC 5952, section 4)",
        arguments: [
            ("192.0.2.1", "192.0.2.1"), ("0.0.0.0", "0.0.0.0"), ("255.255.255.255", "255.255.255.255"),
            ("2001:DB8:0:0:8:800:200C:417A", "2001:db8::8:800:200c:417a"), ("FF01:0:0:0:0:0:0:101", "ff01::101"),
            ("0:0:0:0:0:0:0:1", "::1"), ("0:0:0:0:0:0:0:0", "::"), ("::", "::"), ("::1", "::1"), ("1::", "1::"),
            ("2001:0db8::0001", "2001:db8::1"), ("2001:db8:0:1:1:1:1:1", "2001:db8:0:1:1:1:1:1"),
            ("2001:0:0:1:0:0:0:1", "2001:0:0:1::1"), ("2001:db8:0:0:1:0:0:1", "2001:db8::1:0:0:1"),
            ("::13.1.68.3", "::d01:4403"), ("::ffff:192.0.2.1", "192.0.2.1"), ("::FFFF:c000:201", "192.0.2.1"),
            ("64:ff9b::192.0.2.33", "64:ff9b::c000:221"), ("1:2:3:4:5:6:7::", "1:2:3:4:5:6:7:0"),
        ])
    func forms(given: String, written: String) throws {
        let address = try #require(IPAddress(given))
        #expect(address.description == written)
        #expect(IPAddress(written) == address)
    }

    @Test(
        "anything else is no address",
        arguments: [
            "", ".", "1", "1.2.3", "1.2.3.4.5", "256.1.1.1", "01.2.3.4", "1.2.3.1000", "1.2.3.", "1..2.3", " 1.2.3.4",
            ":", ":1", "1:", "1:2:3:4:5:6:7", "1:2:3:4:5:6:7:8:9", "1::2::3", "12345::", "g::", ":::", "::1%eth0",
            "1:2:3:4:5:6:7:8::", "::1.2.3", "1:2:3:4:5:6:7:1.2.3.4", "1:2", "fe80:", "localhost",
        ])
    func refused(text: String) {
        #expect(IPAddress(text) == nil)
    }

    @Test("a range holds what shares its first bits (RFC 4632, section 3.1)")
    func ranges() throws {
        let cases: [(String, String, Bool)] = [
            ("10.0.0.0/8", "10.255.0.1", true), ("10.0.0.0/8", "11.0.0.0", false), ("10.1.2.3/8", "10.9.9.9", true),
            ("192.0.2.1", "192.0.2.1", true), ("192.0.2.1", "192.0.2.2", false), ("0.0.0.0/0", "8.8.8.8", true),
            ("0.0.0.0/0", "2001:db8::1", false), ("::/0", "2001:db8::1", true), ("2001:db8::/32", "2001:db8:f::", true),
            ("2001:db8::/32", "2001:db9::", false), ("10.0.0.0/8", "::ffff:10.1.1.1", true),
            ("2001:db8::/65", "2001:db8::8000:0:0:0", false), ("2001:db8::/65", "2001:db8::7fff:0:0:0", true),
            ("192.0.2.1/31", "192.0.2.0", true),
        ]
        for (range, address, holds) in cases {
            let address = try #require(IPAddress(address))
            #expect(try AddressRange(range).contains(address) == holds, "\(range)")
        }
        for bad in ["", "/8", "10.0.0.0/33", "10.0.0.0/-1", "10.0.0.0/", "10.0.0.0/8/8", "10.0.0.0/+8", "::/129"] {
            #expect(throws: SettingError.self) { try AddressRange(bad) }
        }
    }
}
