/// How a body can be made shorter (RFC 9110, section 8.4.1; RFC 7932; RFC 8878).
public enum ContentCoding: String, CaseIterable, Hashable, Sendable {
    /// By DEFLATE.
    case gzip
    /// By Brotli.
    case br
    /// By Zstandard.
    case zstd
}

/// Which codings a client takes, and which it likes best: what `Accept-Encoding` says (RFC 9110, section 12.5.3).
///
/// Weights are in thousandths. The first that is said of a coding counts; a weight that is malformed is zero. Without the
/// field a client takes anything, but those that do not say so mostly cannot read it: then it is none but `identity`.
public struct AcceptedCodings: Hashable, Sendable {
    // Less than zero for what is not said.
    private var gzip: Int16 = -1
    private var br: Int16 = -1
    private var zstd: Int16 = -1
    private var identity: Int16 = -1
    private var others: Int16 = -1

    /// What the fields of a request say.
    public init(_ headers: borrowing Headers) {
        headers.forEachElement(of: .acceptEncoding) { note(headers.storage.span.extracting($0)) }
    }

    /// The weight of a coding, 0 to 1 000; zero for one that is not accepted.
    public func weight(of coding: ContentCoding) -> Int {
        let said =
            switch coding {
            case .gzip: gzip
            case .br: br
            case .zstd: zstd
            }
        return Int(max(0, said >= 0 ? said : others))
    }

    /// The weight of the body as it is; nil if nothing is said of it, which makes it acceptable, but less than any other.
    public var weightOfIdentity: Int? { identity >= 0 ? Int(identity) : others == 0 ? 0 : nil }

    /// The coding that the client likes best, the first of those that it likes alike; nil if it accepts none, or likes
    /// the body as it is better.
    public func best(of codings: [ContentCoding]) -> ContentCoding? {
        var best: (coding: ContentCoding, weight: Int)?
        for coding in codings {
            let weight = weight(of: coding)
            if weight > best?.weight ?? 0 { best = (coding, weight) }
        }
        guard let best, best.weight >= weightOfIdentity ?? 0 else { return nil }
        return best.coding
    }

    private mutating func note(_ element: borrowing Span<UInt8>) {
        var end = 0
        while end < element.count, element[end] != 0x3b { end += 1 }
        let weight = Self.weight(element, from: end)
        let name = element.extracting(element.trimmed(0..<end))
        if name.equals(lowercase: "gzip") || name.equals(lowercase: "x-gzip") {
            Self.note(weight, in: &gzip)
        } else if name.equals(lowercase: "br") {
            Self.note(weight, in: &br)
        } else if name.equals(lowercase: "zstd") {
            Self.note(weight, in: &zstd)
        } else if name.equals(lowercase: "identity") {
            Self.note(weight, in: &identity)
        } else if name.equals(lowercase: "*") {
            Self.note(weight, in: &others)
        }
    }

    private static func note(_ weight: Int16, in said: inout Int16) {
        if said < 0 { said = weight }
    }

    /// `;q=0.5` with at most three decimals, in thousandths (section 12.4.2); 1 000 if nothing is there.
    private static func weight(_ element: borrowing Span<UInt8>, from start: Int) -> Int16 {
        guard start < element.count else { return 1_000 }
        let range = element.trimmed(start + 1..<element.count)
        guard range.count >= 3, range.count <= 7, element[range.lowerBound].lowercased == 0x71,
            element[range.lowerBound + 1] == 0x3d
        else { return 0 }
        let digit = element[range.lowerBound + 2]
        guard digit == 0x30 || digit == 0x31 else { return 0 }
        var (weight, unit): (Int16, Int16) = (digit == 0x31 ? 1_000 : 0, 100)
        for index in range.lowerBound + 3..<range.upperBound {
            let byte = element[index]
            if index == range.lowerBound + 3 {
                guard byte == 0x2e else { return 0 }
            } else {
                guard byte.isDigit else { return 0 }
                weight += Int16(byte - 0x30) * unit
                unit /= 10
            }
        }
        return weight <= 1_000 ? weight : 0
    }
}
