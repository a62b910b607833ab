public import Timeline

/// Makes the bodies of responses shorter for clients that can read them so. No byte is computed: bodies have sizes only,
/// and a ratio for each coding says how much is left.
///
/// Left as they are: bodies that are coded already, parts of bodies, types and sizes that are not worth it, answers to
/// HEAD, answers without a body, and what says `no-transform` (RFC 9111, section 5.2.2.6).
public struct Compression: Hashable, Sendable {
    /// A coding, and what is left of a body, as a share of it.
    public struct Ratio: Hashable, Sendable {
        /// The coding.
        public let coding: ContentCoding
        /// What is left.
        public let left: Double

        /// A coding, and what is left of a body with it: more than 0, up to 1.
        public init(_ coding: ContentCoding, left: Double) {
            self.coding = coding
            self.left = left
        }
    }

    /// The codings, the ones that the server likes better first.
    public let codings: [Ratio]
    /// The shortest body that is worth it, in bytes.
    public let leastBytes: Int
    /// The types that are worth it, such as `text/html`, or `text/*` for all below.
    public let types: [String]

    private let preference: [ContentCoding]

    /// What compresses well: texts, and formats that are texts.
    public static let standardTypes: [String] = [
        "text/*", "application/json", "application/javascript", "application/xml", "application/problem+json",
        "image/svg+xml",
    ]

    /// Checks the settings.
    /// - Parameters:
    ///   - codings: each once, with more than 0 and up to 1 left; by default Brotli (0.20), Zstandard (0.22), gzip (0.25),
    ///     about what they leave of JSON at the levels that servers use.
    ///   - leastBytes: 0 or more; 1 024 by default, below which a body fits in one packet either way.
    ///   - types: in lower case.
    /// - Throws: a ``SettingError`` that names the first setting out of its range.
    public init(
        codings: [Ratio] = [Ratio(.br, left: 0.2), Ratio(.zstd, left: 0.22), Ratio(.gzip, left: 0.25)],
        leastBytes: Int = 1_024, types: [String] = Compression.standardTypes
    ) throws(SettingError) {
        for (index, ratio) in codings.enumerated() {
            guard ratio.left > 0, ratio.left <= 1 else {
                throw SettingError("codings.left", given: ratio.left, allowed: "more than 0, up to 1")
            }
            guard !codings[..<index].contains(where: { $0.coding == ratio.coding }) else {
                throw SettingError("codings", given: ratio.coding.rawValue, allowed: "each once")
            }
        }
        guard leastBytes >= 0 else { throw SettingError("leastBytes", given: leastBytes, allowed: "0 or more") }
        for type in types where type.utf8.contains(where: { $0 != $0.lowercased }) || !type.utf8.contains(0x2f) {
            throw SettingError("types", given: type, allowed: "such as text/html, in lower case")
        }
        self.codings = codings
        self.leastBytes = leastBytes
        self.types = types
        preference = codings.map(\.coding)
    }

    /// Makes a response shorter if the client can read it so.
    ///
    /// What depends on `Accept-Encoding` says so in `Vary`, coded or not (RFC 9110, section 12.5.5). In what is coded
    /// `Content-Length` is corrected, a strong `ETag` weakened (section 8.8.3.3: the bytes are others), and
    /// `Accept-Ranges` dropped.
    /// - Returns: the coding; nil for a response that stays as it is.
    @discardableResult
    public func compress(_ response: inout Response, for request: Request) -> ContentCoding? {
        guard isWorthIt(response) else { return nil }
        response.headers.addElement("Accept-Encoding", to: .vary, unlessWildcard: true)
        guard request.method != .head, request.headers.contains(.acceptEncoding),
            let coding = AcceptedCodings(request.headers).best(of: preference)
        else { return nil }
        let ratio = codings.first { $0.coding == coding }?.left ?? 1
        let left = Double(response.bodySize) * ratio + 0.5
        // A body that is there stays there, and grows by no rounding.
        if left < Double(response.bodySize) { response.bodySize = max(1, Int(left)) }
        response.headers.add(.contentEncoding, checked: coding.rawValue)
        correct(&response)
        return coding
    }

    private func isWorthIt(_ response: Response) -> Bool {
        guard response.bodySize >= max(1, leastBytes), !response.status.hasNoBody,
            response.status != .partialContent, !response.headers.contains(.contentEncoding),
            !response.headers.contains(.contentRange),
            let type = response.headers.onlyValue(of: .contentType),
            isWorthIt(response.headers.storage.span.extracting(type))
        else { return false }
        return !response.headers.contains(.cacheControl)
            || !response.headers.hasElement("no-transform", in: .cacheControl)
    }

    private func isWorthIt(_ type: borrowing Span<UInt8>) -> Bool {
        var end = 0
        while end < type.count, type[end] != 0x3b { end += 1 }
        let given = type.extracting(type.trimmed(0..<end))
        for known in types where Self.matches(given, known.utf8.span) { return true }
        return false
    }

    private static func matches(_ type: borrowing Span<UInt8>, _ known: borrowing Span<UInt8>) -> Bool {
        let isFamily = known[known.count - 1] == 0x2a
        let count = isFamily ? known.count - 1 : known.count
        guard isFamily ? type.count > count : type.count == count else { return false }
        for index in 0..<count where type[index].lowercased != known[index] { return false }
        return true
    }

    private func correct(_ response: inout Response) {
        response.headers.remove(.acceptRanges)
        let size = Int64(response.bodySize)
        if response.headers.contains(.contentLength) {
            response.headers.replace(.contentLength) { $0.append(decimal: size) }
        }
        guard let tag = response.headers.slot(of: .eTag) else { return }
        let value = response.headers.slots[tag].value
        guard !value.isEmpty, response.headers.storage[value.lowerBound] == 0x22 else { return }
        let strong = response.headers.beginReplacement(of: tag)
        response.headers.storage.append("W/")
        response.headers.storage.appendCopy(of: strong)
        response.headers.endReplacement(of: tag)
    }
}
