extension Headers {
    /// Drops what concerns one connection alone (RFC 9110, section 7.6.1): `Connection` and the fields that it names,
    /// `Keep-Alive`, `Proxy-Connection`, `TE` but for `trailers`, `Transfer-Encoding`, `Upgrade`; and the credentials for
    /// and the challenges of a proxy, which are the gateway's own (sections 11.7.1 and 11.7.2).
    ///
    /// Fields that the gateway vouches for, and those without which no request is understood, are not dropped even if
    /// `Connection` names them: else a client could strip its request of its identity. Of what `Connection` names, the
    /// first hundred are heard.
    public mutating func removeHopByHop() {
        guard present & HeaderName.hopByHopBits != 0 else { return }
        let keepsTrailers = contains(.te) && hasElement("trailers", in: .te)
        let (named, others) = connectionOptions()
        let leaving = named | HeaderName.hopByHopBits
        if others.isEmpty {
            removeSlots(from: 0) { leaving & (1 << UInt64($1.code)) != 0 }
        } else {
            removeSlots(from: 0) { headers, slot in
                guard slot.code == 0 else { return leaving & (1 << UInt64(slot.code)) != 0 }
                return others.contains { headers.isSpelled(slot, others: $0) }
            }
        }
        if keepsTrailers { add(.te, checked: "trailers") }
    }

    /// What `Connection` names: the bits of those with a code, and where the others are spelled.
    private func connectionOptions() -> (bits: UInt64, others: [Range<Int>]) {
        var bits: UInt64 = 0
        var others: [Range<Int>] = []
        var heard = 0
        forEachElement(of: .connection) { range in
            heard += 1
            guard heard <= 100, let code = HeaderName.code(of: storage.span.extracting(range)) else { return }
            if code == 0 { others.append(range) } else { bits |= 1 << UInt64(code) }
        }
        // Bit 0 stands for names without a code, which are told apart by their spelling.
        return (bits & ~HeaderName.endToEndBits & ~1, others)
    }

    private func isSpelled(_ slot: Slot, others range: Range<Int>) -> Bool {
        guard range.count == slot.name.count else { return false }
        for offset in 0..<range.count
        where storage[range.lowerBound + offset].lowercased != storage[slot.name.lowerBound + offset] { return false }
        return true
    }
}

extension HeaderName {
    fileprivate static let hopByHopBits = bits(of: ofConnection + [.proxyAuthenticate, .proxyAuthorization])

    fileprivate static let endToEndBits = bits(of: [
        .host, .contentLength, .contentType, .authorization, .cookie, .cacheControl, .forwarded, .xForwardedFor,
        .xForwardedHost, .xForwardedProto, .via, .xRequestID, .traceparent, .tracestate, .xAPIKey, .xTenantID,
    ])
}
