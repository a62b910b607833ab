import Caching
import Timeline

/// What one policy did with a sequence of keys, each looked up and taken in where it was missed.
struct Walk {
    var hitMap = ""
    /// At which step which key left.
    var evictions: [[Int]] = []
    var queues: [String: [Int]] = [:]
    var marks: [String: [Int]] = [:]

    var hits: Int { hitMap.count { $0 == "H" } }

    private init<Policy: EvictionPolicy>(_ policy: Policy, _ keys: [UInt32]) {
        var cache = Cache<UInt32, UInt32, Policy>(policy)
        for (step, key) in keys.enumerated() {
            if cache.get(key, at: .zero).isHit {
                hitMap += "H"
                continue
            }
            hitMap += "."
            for gone in cache.insert(key, key, at: .zero) { evictions.append([step, Int(gone.key)]) }
        }
        for queue in cache.queues {
            queues[queue.name] = queue.keys.map(Int.init)
            marks[queue.name] = queue.marks
        }
    }

    /// By the policies' names in the research; nil for a policy that is not walked step by step.
    init?(_ name: String, capacity: Int, keys: [UInt32]) {
        switch name {
        case "LRU": self.init(LRU(capacity: capacity), keys)
        case "FIFO": self.init(FIFO(capacity: capacity), keys)
        case "LFU": self.init(LFU(capacity: capacity), keys)
        case "CLOCK": self.init(Clock(capacity: capacity), keys)
        case "SIEVE": self.init(SIEVE(capacity: capacity), keys)
        case "S3-FIFO": self.init(S3FIFO(capacity: capacity), keys)
        case "S3-FIFO-v0": self.init(S3FIFO(capacity: capacity, behavior: .sosp23), keys)
        case "ARC": self.init(ARC(capacity: capacity), keys)
        case "2Q": self.init(TwoQ(capacity: capacity), keys)
        case "LIRS": self.init(LIRS(capacity: capacity), keys)
        case "W-TinyLFU-exact": self.init(WTinyLFU<ExactFrequency>(capacity: capacity), keys)
        default: return nil
        }
    }
}
