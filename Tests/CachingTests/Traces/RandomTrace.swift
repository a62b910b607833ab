import Caching
import Timeline

/// Bytes that are a trace in some format, damaged a little, or nothing at all.
struct RandomTrace {
    private var random: RandomStream
    private let format: TraceFormat

    init(seed: UInt64, format: TraceFormat) {
        random = RandomStream(seed: seed, name: "traces", purpose: "bytes")
        self.format = format
    }

    mutating func below(_ bound: Int) -> Int {
        Int(random.below(UInt64(bound)))
    }

    mutating func oneIn(_ count: Int) -> Bool {
        below(count) == 0
    }

    mutating func bytes() -> [UInt8] {
        let count = below(60)
        guard !oneIn(8) else { return (0..<count * 4).map { _ in anyByte() } }
        var bytes: [UInt8] = []
        if case .csv(let key, let size) = format, case .name(let name) = key { bytes = header(name, size) }
        for _ in 0..<count { bytes += record() }
        if !oneIn(3) { damage(&bytes) }
        return bytes
    }

    private mutating func anyByte() -> UInt8 {
        UInt8(truncatingIfNeeded: random.next())
    }

    /// The bytes that mean something in one format or another.
    private mutating func telling() -> UInt8 {
        let bytes: [UInt8] = Array("\n\n\r\t ,,\"\"*-+019x\u{0}".utf8)
        return bytes[below(bytes.count)]
    }

    private func header(_ name: String, _ size: TraceFormat.Column?) -> [UInt8] {
        var names: [String] = ["time", name, "note"]
        if case .name(let size) = size { names.append(size) }
        return Array((names.joined(separator: ",") + "\n").utf8)
    }

    private mutating func record() -> [UInt8] {
        let key = random.below(30)
        let size = random.below(5)
        switch format {
        case .text:
            let texts: [String] = ["\(key)", "0\(key)", "k\(key)", " \(key)\r", "*", "", "9999999999999999999\(key)"]
            return Array((texts[below(texts.count)] + "\n").utf8)
        case .csv:
            let keys: [String] = ["\(key)", "k\(key)", "\"k,\(key)\"", "\"k\"\"\(key)\"", ""]
            let ends: [String] = ["\n", "\r\n", ",\"x\"\n"]
            return Array(("\(key),\(keys[below(keys.count)]),\(size),\(size)" + ends[below(ends.count)]).utf8)
        case .arc: return Array("\(key) \(size) 0 0\n".utf8)
        case .int32be: return [UInt8](bigEndian: UInt32(key))
        case .int64be: return [UInt8](bigEndian: key << (key % 60))
        case .oracleGeneral: return [UInt8](oracleTime: 1, key: key, size: UInt32(size), next: -1)
        }
    }

    private mutating func damage(_ bytes: inout [UInt8]) {
        for _ in 0...below(4) where !bytes.isEmpty {
            let place = below(bytes.count)
            switch below(5) {
            case 0: bytes[place] = anyByte()
            case 1: bytes[place] = telling()
            case 2: bytes.insert(telling(), at: place)
            case 3: bytes.remove(at: place)
            default: bytes.removeSubrange(place..<min(bytes.count, place + 1 + below(9)))
            }
        }
    }
}
