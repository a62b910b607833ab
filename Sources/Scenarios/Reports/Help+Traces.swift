import Caching

extension Help {
    /// Cache traces, and the policies that they can be replayed with.
    public static var traces: String {
        let formats = traceFormats.map { "  \(padded($0.word, 22))\($0.meaning)" }
        let policies = PolicyName.allCases.map { "  \(padded($0.rawValue, 19))\($0.meaning)" }
        let keys = traceKeys.map { "  \(padded($0.key, 17))\($0.meaning)" }
        return text(
            [
                "Traces", "",
                "  sagascope trace FILE --size 1000,5k,1m [--policy lru,arc] [--format F] [--unit bytes] [--chart]", "",
                "replays the requests that FILE (- for standard input) says were made of a cache, through an empty cache of",
                "each size and policy, which takes in every key that it misses. What is compressed comes by a pipe:",
                "zstd -dc FILE | sagascope trace - ...", "",
                "Formats", "",
            ] + formats + [
                "", "COLUMN is the place of a column, from 1, or its name in the first line.", "",
                "Sizes are in entries, whatever an entry's size; or with --unit bytes, where each entry weighs its size when",
                "it comes in, in bytes. Only csv:COLUMN,SIZECOLUMN and oracleGeneral have sizes; then the byte hit ratio is",
                "told as well: the share of the requested bytes that was hit.", "",
                "Policies: who leaves", "",
            ] + policies + [
                "",
                "opt and opt-bypass know the future, so that requests are kept for them, 100,000,000 at most. opt takes in",
                "every missed key, and no policy that does so can have more hits; opt-bypass may leave a key out that is",
                "wanted later than all that is held, and can have a few hits more. In bytes neither can be computed.",
                "s3fifo and s3fifo-v0 differ until the first eviction: while the cache fills, s3fifo puts new keys into the",
                "main queue once the small one is full, s3fifo-v0 puts all into the small one.", "",
                "The JSON report (--report json), with a row for each size and policy:", "",
            ] + keys)
    }

    private static let traceFormats: [(word: String, meaning: String)] = [
        ("text", "a key a line, of any bytes; empty lines and * are skipped (LIRS)"),
        ("csv:COLUMN", "columns with commas between them (RFC 4180)"),
        ("csv:COLUMN,SIZECOLUMN", "the same, with sizes in bytes; requests of size 0 are skipped"),
        ("arc", "lines of START COUNT IGNORED NUMBER, for the keys START to START + COUNT - 1 (ARC)"),
        ("int32be", "keys of 4 bytes, the most significant byte first (cache2k)"),
        ("int64be", "keys of 8 bytes, the most significant byte first (Corda)"),
        ("oracleGeneral", "records of 24 bytes: time, key, size, next request (libCacheSim)"),
    ]

    private static let traceKeys: [(key: String, meaning: String)] = [
        ("schemaVersion", "1; grows only if a key changes its meaning"),
        ("trace", "the file as it was named; - for standard input"),
        ("format, unit", "as they were asked for"),
        ("requests", "those replayed; skippedRequests: those left out as their size is 0"),
        ("distinctKeys", "how many different keys were requested"),
        ("rows", "policy, size, requests, hits, hitRatio (0 to 1), seconds (processor time of this replay);"),
        ("", "bytesHit and byteHitRatio; where the format has no sizes, each request is one byte"),
    ]
}

extension PolicyName {
    /// Who leaves, in a line with its source.
    fileprivate var meaning: String {
        switch self {
        case .lru: "whose last use is longest ago"
        case .fifo: "who came first"
        case .lfu: "who was used least often since it came, of several such whose last use is longest ago"
        case .clock: "who came first and was not used since it was last looked at (Corbató, 1968)"
        case .sieve: "whom a hand from old to new finds not used since it last passed (Zhang and others, NSDI 2024)"
        case .s3fifo: "three FIFO queues (Yang and others, SOSP 2023), as in libCacheSim since December 2024"
        case .s3fifoV0: "the same, as released with the paper"
        case .twoQ: "2Q, the full version: FIFO first, LRU for who is wanted again (Johnson and Shasha, VLDB 1994)"
        case .slru: "LRU in four segments; each use moves up by one (Karedla and others, 1994)"
        case .arc: "between recency and frequency as remembered keys tell (Megiddo and Modha, FAST 2003)"
        case .lirs: "whose last two uses are furthest apart (Jiang and Zhang, SIGMETRICS 2002)"
        case .wtinylfuExact:
            "the less popular of window and main part (Einziger and others, 2017), uses counted exactly"
        case .wtinylfuSketch: "the same, uses counted by Caffeine's sketch of 4-bit counters"
        case .wtinylfuAdaptive: "the same, with a window that grows and shrinks as hits tell (Caffeine)"
        case .gdsf: "who is worth least: uses by size, and age (Cherkasova, 1998)"
        case .size: "the largest"
        case .ttl: "whose life ends first; in a trace, where nothing ends, who came first"
        case .random: "anyone"
        case .opt: "who is wanted again last (Belady, 1966)"
        case .optBypass: "the same, or a missed key does not come in"
        }
    }
}
