public import Caching
internal import Timeline

/// Under what a cache finds the responses to a request: its route, scheme, host, path and query, and on wish who asks (RFC
/// 9111, section 2).
///
/// The key holds all of that, so that no two requests share one by accident or by design. What a response varies by is
/// known only once there is one; so a cache keeps its ``Vary`` under this key, and the response under ``varied(by:_:)``.
public struct ResponseKey: CacheKey {
    private let bytes: [UInt8]
    /// A digest of all that.
    public let fingerprint: UInt64

    /// The key of a request.
    /// - Parameters:
    ///   - route: a number of the route, so that routes share nothing.
    ///   - identity: who asks, where each has a cache of its own; nil for a shared one.
    ///   - secret: mixed into the fingerprint, so that nobody can pick targets that slow the cache down.
    public init(_ request: borrowing Request, route: Int, identity: String? = nil, secret: UInt64 = 0) {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(
            request.host.utf8.count + request.target.path.text.utf8.count + (request.target.query?.utf8.count ?? 0)
                + (identity?.utf8.count ?? 0) + 32)
        Self.append(UInt64(bitPattern: Int64(route)), to: &bytes)
        // Each part ends with a byte that it cannot hold; the identity, which may hold any, is last.
        bytes.append(request.scheme == .https ? 1 : 0)
        let host = request.host.utf8.span
        for index in 0..<host.count { bytes.append(host[index].lowercased) }
        bytes.append(0)
        bytes.append(request.target.path.text)
        bytes.append(0)
        if let query = request.target.query {
            bytes.append(0x3f)
            bytes.append(query)
        }
        bytes.append(0)
        if let identity {
            bytes.append(1)
            Self.append(UInt64(identity.utf8.count), to: &bytes)
            bytes.append(identity)
        }
        self.init(bytes: bytes, seed: secret)
    }

    /// The key of the response to a request with these fields, among those that vary by these names (section 4.1).
    ///
    /// Fields are alike if their lists have the same elements in the same order; for `Accept` and its kin in any case of
    /// letters. A field that is not there is like none that is.
    public func varied(by vary: Vary, _ headers: Headers) -> ResponseKey {
        guard !vary.names.isEmpty else { return self }
        var bytes = bytes
        bytes.reserveCapacity(bytes.count + 32 * vary.names.count)
        for name in vary.names {
            bytes.append(0)
            bytes.append(name.text)
            guard headers.contains(name) else { continue }
            bytes.append(0x3a)
            let ignoresCase = Self.ignoresCase(name)
            headers.forEachElement(of: name) { range in
                let element = headers.storage.span.extracting(range)
                if ignoresCase {
                    for index in 0..<element.count { bytes.append(element[index].lowercased) }
                } else {
                    bytes.append(element)
                }
                bytes.append(0x2c)
            }
        }
        return ResponseKey(bytes: bytes, seed: fingerprint)
    }

    private static func ignoresCase(_ name: HeaderName) -> Bool {
        name == .acceptEncoding || name == .accept || name == .acceptLanguage || name == .origin
    }

    private init(bytes: [UInt8], seed: UInt64) {
        self.bytes = bytes
        var digest = Digest()
        digest.mix(seed, UInt64(bytes.count))
        bytes.withUnsafeBytes { buffer in
            var offset = 0
            while offset + 16 <= buffer.count {
                digest.mix(Self.word(buffer, offset), Self.word(buffer, offset + 8))
                offset += 16
            }
            var rest: (UInt64, UInt64) = (0, 0)
            while offset < buffer.count {
                rest = (rest.0 << 8 | rest.1 >> 56, rest.1 << 8 | UInt64(buffer[offset]))
                offset += 1
            }
            digest.mix(rest.0, rest.1)
        }
        fingerprint = digest.value
    }

    private static func word(_ buffer: UnsafeRawBufferPointer, _ offset: Int) -> UInt64 {
        UInt64(littleEndian: buffer.loadUnaligned(fromByteOffset: offset, as: UInt64.self))
    }

    private static func append(_ number: UInt64, to bytes: inout [UInt8]) {
        withUnsafeBytes(of: number.littleEndian) { bytes.append(contentsOf: $0) }
    }
}

extension ResponseKey {
    /// Whether both are keys of the same requests.
    public static func == (left: ResponseKey, right: ResponseKey) -> Bool {
        left.fingerprint == right.fingerprint && left.bytes == right.bytes
    }

    /// Adds the fingerprint to a hash.
    public func hash(into hasher: inout Hasher) { hasher.combine(fingerprint) }
}

/// By which fields of requests a response varies (RFC 9110, section 12.5.5).
public struct Vary: Hashable, Sendable {
    /// The names, each once, in the order of their bytes; empty for a response that varies by nothing that is known.
    public let names: [HeaderName]
    /// Whether it varies by something else too: `*`.
    public let isAny: Bool

    /// What a response says; one that names more than 64 is taken to vary by anything.
    public init(_ headers: borrowing Headers) {
        var names: [HeaderName] = []
        var isAny = false
        headers.forEachElement(of: .vary) { range in
            let element = headers.storage.span.extracting(range)
            if names.count > 64 || (element.count == 1 && element[0] == 0x2a) {
                isAny = true
            } else if let name = try? HeaderName(bytes: element), !names.contains(name) {
                names.append(name)
            }
        }
        names.sort()
        self.names = names
        self.isAny = isAny
    }
}
