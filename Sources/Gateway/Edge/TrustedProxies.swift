/// The proxies whose word about the client is taken.
public struct TrustedProxies: Hashable, Sendable {
    /// Their addresses.
    public let ranges: [AddressRange]

    /// Proxies with these addresses; nobody's word is taken by default.
    public init(_ ranges: [AddressRange] = []) {
        self.ranges = ranges
    }

    /// Whether it is one of them.
    public func contains(_ address: IPAddress) -> Bool {
        for range in ranges where range.contains(address) { return true }
        return false
    }

    /// Whom a request comes from: the first address that is no trusted proxy's, going back from the connection's other end
    /// over `X-Forwarded-For` from right to left, as nginx does with `real_ip_recursive`.
    ///
    /// What stands to the left of that address anybody may have written. Where something stands that is no address, the
    /// proxy that wrote it is the last that is known; if all are trusted, it is the leftmost.
    public func client(of request: Request) -> IPAddress {
        guard contains(request.peer), request.headers.contains(.xForwardedFor) else { return request.peer }
        return client(behind: request.peer, request.headers)
    }

    private func client(behind peer: IPAddress, _ headers: Headers) -> IPAddress {
        var client = peer
        let bytes = headers.storage.span
        for slot in headers.slots.reversed() where slot.code == HeaderName.xForwardedFor.code {
            var end = slot.value.upperBound
            while end > slot.value.lowerBound {
                var start = end
                while start > slot.value.lowerBound, bytes[start - 1] != 0x2c { start -= 1 }
                let hop = bytes.trimmed(start..<end)
                end = start - 1
                // Empty elements are none (RFC 9110, section 5.6.1).
                guard !hop.isEmpty else { continue }
                guard let address = IPAddress(hop: bytes.extracting(hop)) else { return client }
                client = address
                guard contains(address) else { return client }
            }
        }
        return client
    }
}
