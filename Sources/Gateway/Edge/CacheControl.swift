/// What `Cache-Control` says (RFC 9111, section 5.2, and RFC 5861), in a request or in a response.
///
/// Names are the same in any case; numbers may be quoted. A number that is malformed counts as zero, as section 4.2.1
/// advises, one over 2³¹ as 2³¹ (section 1.2.2), and of two of a name the smaller counts. `no-cache` and `private` with a
/// list of fields count as if they had none, as sections 5.2.2.4 and 5.2.2.7 allow.
public struct CacheControl: Hashable, Sendable {
    /// The directives without a number.
    public struct Directives: OptionSet, Hashable, Sendable {
        /// A bit for each.
        public let rawValue: UInt16

        /// Those with these bits.
        public init(rawValue: UInt16) {
            self.rawValue = rawValue
        }

        /// Sections 5.2.1.5 and 5.2.2.5.
        public static let noStore = Directives(rawValue: 1)
        /// Sections 5.2.1.4 and 5.2.2.4.
        public static let noCache = Directives(rawValue: 2)
        /// `private`, section 5.2.2.7.
        public static let isPrivate = Directives(rawValue: 4)
        /// `public`, section 5.2.2.9.
        public static let isPublic = Directives(rawValue: 8)
        /// Section 5.2.2.2.
        public static let mustRevalidate = Directives(rawValue: 16)
        /// Section 5.2.2.8.
        public static let proxyRevalidate = Directives(rawValue: 32)
        /// Section 5.2.2.3.
        public static let mustUnderstand = Directives(rawValue: 64)
        /// Sections 5.2.1.6 and 5.2.2.6.
        public static let noTransform = Directives(rawValue: 128)
        /// Section 5.2.1.7.
        public static let onlyIfCached = Directives(rawValue: 256)
    }

    /// The directives without a number.
    public private(set) var directives: Directives = []
    /// `max-age` in seconds.
    public private(set) var maxAge: Int64?
    /// `s-maxage` in seconds.
    public private(set) var sharedMaxAge: Int64?
    /// `min-fresh` in seconds.
    public private(set) var minFresh: Int64?
    /// `max-stale` in seconds; 2³¹ without a number.
    public private(set) var maxStale: Int64?
    /// `stale-if-error` in seconds (RFC 5861, section 4).
    public private(set) var staleIfError: Int64?

    /// What the fields of a message say.
    public init(_ headers: borrowing Headers) {
        headers.forEachElement(of: .cacheControl) { note(headers.storage.span.extracting($0)) }
    }

    private mutating func note(_ element: borrowing Span<UInt8>) {
        var end = 0
        while end < element.count, element[end] != 0x3d { end += 1 }
        // No blanks stand around the equals sign (section 5.2): what has them is another directive, or a malformed number.
        let name = element.extracting(0..<end)
        if noteFlag(name) { return }
        if name.equals(lowercase: "max-age") {
            Self.note(Self.seconds(element, from: end), in: &maxAge)
        } else if name.equals(lowercase: "s-maxage") {
            Self.note(Self.seconds(element, from: end), in: &sharedMaxAge)
        } else if name.equals(lowercase: "min-fresh") {
            Self.note(Self.seconds(element, from: end), in: &minFresh)
        } else if name.equals(lowercase: "max-stale") {
            Self.note(end == element.count ? 1 << 31 : Self.seconds(element, from: end), in: &maxStale)
        } else if name.equals(lowercase: "stale-if-error") {
            Self.note(Self.seconds(element, from: end), in: &staleIfError)
        }
    }

    private mutating func noteFlag(_ name: borrowing Span<UInt8>) -> Bool {
        let count = directives.rawValue
        if name.equals(lowercase: "no-store") { directives.insert(.noStore) }
        if name.equals(lowercase: "no-cache") { directives.insert(.noCache) }
        if name.equals(lowercase: "private") { directives.insert(.isPrivate) }
        if name.equals(lowercase: "public") { directives.insert(.isPublic) }
        if name.equals(lowercase: "must-revalidate") { directives.insert(.mustRevalidate) }
        if name.equals(lowercase: "proxy-revalidate") { directives.insert(.proxyRevalidate) }
        if name.equals(lowercase: "must-understand") { directives.insert(.mustUnderstand) }
        if name.equals(lowercase: "no-transform") { directives.insert(.noTransform) }
        if name.equals(lowercase: "only-if-cached") { directives.insert(.onlyIfCached) }
        return directives.rawValue != count
    }

    private static func note(_ seconds: Int64, in said: inout Int64?) {
        said = min(said ?? .max, seconds)
    }

    /// The number behind the equals sign; zero if there is none.
    private static func seconds(_ element: borrowing Span<UInt8>, from start: Int) -> Int64 {
        guard start < element.count else { return 0 }
        var range = start + 1..<element.count
        if range.count >= 2, element[range.lowerBound] == 0x22, element[range.upperBound - 1] == 0x22 {
            range = range.lowerBound + 1..<range.upperBound - 1
        }
        return Headers.deltaSeconds(element, range) ?? 0
    }
}

extension Headers {
    /// A number of seconds, 2³¹ at most (RFC 9111, section 1.2.2); nil for anything else.
    static func deltaSeconds(_ bytes: borrowing Span<UInt8>, _ range: Range<Int>) -> Int64? {
        guard !range.isEmpty else { return nil }
        var seconds: Int64 = 0
        for index in range {
            guard bytes[index].isDigit else { return nil }
            seconds = min(1 << 31, seconds * 10 + Int64(bytes[index] - 0x30))
        }
        return seconds
    }
}
