import Caching
import Scenarios

/// What a trace is to be replayed with, checked.
struct TracePlan {
    /// How the trace is written.
    let format: TraceFormat
    /// The same as it was asked for.
    let formatWord: String
    let unit: Trace.Unit
    /// In the order in which they are told; opt is among them unless sizes are in bytes.
    let policies: [PolicyName]
    /// The policies that were asked for by name.
    let asked: [PolicyName]
    /// In ascending order.
    let sizes: [Int]

    init(policies: String?, sizes: String?, format: String, unit: Trace.Unit) throws(Complaint) {
        self.format = try Self.format(format)
        (formatWord, self.unit) = (format, unit)
        if unit == .bytes, !self.format.hasSizes {
            throw .badUsage(
                "--unit bytes: the format \(format) has no sizes; csv:COLUMN,SIZECOLUMN and oracleGeneral have them")
        }
        self.sizes = try Self.sizes(sizes, unit)
        asked = try Self.policies(policies ?? Self.policyText(unit))
        if unit == .bytes, let offline = asked.first(where: \.isOffline) {
            throw .badUsage("--policy \(offline.rawValue): with --unit bytes the optimum cannot be computed")
        }
        self.policies = unit == .bytes || asked.contains(.opt) ? asked : asked + [.opt]
        try checkSketches()
    }

    /// The policies that are compared unless others are asked for, as they are asked for.
    static func policyText(_ unit: Trace.Unit) -> String {
        switch unit {
        case .entries: "lru,sieve,s3fifo,arc,wtinylfu-adaptive"
        case .bytes: "lru,sieve,s3fifo,arc,gdsf"
        }
    }

    private static func format(_ word: String) throws(Complaint) -> TraceFormat {
        do throws(TraceFormat.UnknownWord) {
            return try TraceFormat(word)
        } catch {
            throw .badUsage("--format \(error)")
        }
    }

    private static func policies(_ text: String) throws(Complaint) -> [PolicyName] {
        let names = PolicyName.allCases.map(\.rawValue)
        var policies: [PolicyName] = []
        for name in items(of: text) {
            guard let policy = PolicyName(rawValue: name) else {
                let near = Spelling.nearest(to: name, among: names).map { "; did you mean \"\($0)\"?" } ?? ";"
                throw .badUsage(
                    "--policy \(name.isEmpty ? text : name): there is no such policy\(near) "
                        + "allowed: \(names.joined(separator: ", "))")
            }
            guard !policies.contains(policy) else { throw .badUsage("--policy \(text): \(name) is there twice") }
            policies.append(policy)
        }
        return policies
    }

    private static func sizes(_ text: String?, _ unit: Trace.Unit) throws(Complaint) -> [Int] {
        guard let text, !text.isEmpty else {
            throw .badUsage("--size is missing: write how large the caches are, such as --size 1000 or --size 100,1k")
        }
        let range = 1...(unit == .bytes ? 1_000_000_000_000_000 : 1_000_000_000)
        var sizes: [Int] = []
        for item in items(of: text) {
            guard let size = number(item), range.contains(size) else {
                throw .badUsage(
                    "--size \(item.isEmpty ? text : item): write whole numbers from \(range.lowerBound) to \(range.upperBound) with commas "
                        + "between them, 10k for 10000 and 1m for 1000000")
            }
            guard !sizes.contains(size) else { throw .badUsage("--size \(text): \(item) is there twice") }
            sizes.append(size)
        }
        return sizes.sorted()
    }

    private static func items(of text: String) -> [String] {
        text.split(separator: ",", omittingEmptySubsequences: false).map { item in
            String(item.drop { $0 == " " }.reversed().drop { $0 == " " }.reversed())
        }
    }

    /// `1000`, `10k`, `2m`, `1g`; nil for anything else and for what is too large.
    private static func number(_ text: String) -> Int? {
        let scales: [Character: Int] = ["k": 1_000, "m": 1_000_000, "g": 1_000_000_000]
        let scale = text.last.flatMap { scales[$0] }
        let digits = scale == nil ? Substring(text) : text.dropLast()
        guard digits.utf8.allSatisfy({ UInt8(ascii: "0")...UInt8(ascii: "9") ~= $0 }), let number = Int(digits) else {
            return nil
        }
        let (product, overflows) = number.multipliedReportingOverflow(by: scale ?? 1)
        return overflows ? nil : product
    }

    /// The counters of W-TinyLFU take up 8 bytes for each entry that the size says, rounded up to a power of two; where
    /// sizes are in bytes, for each entry that there is.
    private func checkSketches() throws(Complaint) {
        guard unit == .entries else { return }
        let most = 1 << 30
        let sketched = policies.filter { $0 == .wtinylfuSketch || $0 == .wtinylfuAdaptive }
        let words = sizes.reduce(0) { $0 + 1 << (Int.bitWidth - ($1 - 1).leadingZeroBitCount) }
        guard 8 * words * sketched.count > most else { return }
        let names = sketched.map(\.rawValue).joined(separator: ",")
        throw .badUsage(
            "--policy \(names): its counters would take \(8 * words * sketched.count / 1_000_000) MB at these sizes, and at "
                + "most \(most / 1_000_000) MB are allowed; choose smaller sizes or other policies")
    }
}
