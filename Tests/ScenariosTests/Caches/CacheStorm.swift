import Caching
import Timeline

/// A cache behind which and in which everything breaks, as a scenario file: another one for each seed.
///
/// Replicas crash, the origin fails, hangs and is slow, levels fail, are slow and are emptied, messages get lost; there are
/// reads and writes all the while. Then nothing breaks any more, and nobody writes; a little later nobody reads either.
struct CacheStorm {
    /// Its text.
    let text: String
    /// How old a value may be when it is hit; nil where nothing bounds it.
    let oldest: Duration?
    /// For how long a write may be known that an answer misses; nil where nothing bounds it.
    let behind: Duration?
    /// Whether every answer is right some time after the last write.
    let heals: Bool
    /// Whether no replica goes down, so that what its queue of writes has counted is all there is.
    let keepsQueues: Bool

    /// When nothing breaks and nobody writes any more, in seconds.
    static let calm: Int64 = 5
    /// When every answer has to be right, in a storm that heals.
    static let healed = Instant.after(.seconds(calm + 2))

    init(seed: UInt64) {
        var random = RandomStream(seed: seed, name: "cache storm", purpose: "test")
        let replicas = Int(1 + random.below(3))
        let levels = Levels(using: &random)
        let reading = Reading(using: &random)
        let writing = Writing(using: &random)
        let faults = (0..<6).map { _ in Self.fault(levels.names, replicas: replicas, using: &random) }
        let settings = [levels.text, reading.text, writing.text].joined(separator: ", ")
        oldest = reading.isLifeRenewed ? nil : reading.life
        let isTold = writing.isTold && !reading.isStaleServed
        behind = isTold && !writing.isLossy ? reading.longestWait.map { writing.delay + $0 } : nil
        let isBounded = isTold && (!writing.isLossy || writing.isRecovered)
        heals = !reading.isStaleServed && !writing.isBehind && (isBounded || oldest != nil)
        keepsQueues = !faults.contains { $0.contains("crash on web") }
        text = """
            # A storm: everything breaks, and everybody gets an answer that is as old as it may be.
            sagascope: 1
            name: cache-storm-\(seed)
            about: Random faults in a cache, in front of it and behind it.
            seed: \(seed)
            duration: 9s
            services:
              web:
                replicas: \(replicas)
                workers: 40
                queue: 60
                latency: constant 1ms
                operations: {read: [call db.query], write: {writes: yes}}
                cache: {\(settings)}
              db: {workers: 8, queue: 60, latency: exponential mean \(random.pick(["5ms", "20ms"])), errors: \(random.pick(["0%", "5%"]))}
            edges:
              readers -> web: {guards: [balancer], balancer: {by: \(random.pick(["round-robin", "random"]))}}
              writers -> web: {guards: [balancer], balancer: {by: round-robin}}
              web -> db: {guards: [timeout], timeout: 300ms}
            load:
              readers:
                call: web.read
                keys: \(random.pick(["zipf 1.0 over 60", "uniform over 30", "loop over 25"]))
                stages: [{rate: \(random.pick(["60/s", "120/s"])), for: \(Self.calm)s}, {rate: 60/s, for: 4s}]
              writers:
                call: web.write
                keys: uniform over 30
                stages: [{rate: \(random.pick(["4/s", "25/s"])), for: \(Self.calm)s}, {rate: 0/s, for: 4s}]
            timeline: |
            \(faults.map { "  \($0)" }.joined(separator: "\n"))
              at \(Self.calm)s set services.db.errors 0%
            \(writing.calm)
            expect: |
              at end in flight == 0
              at end unwritten(web) == 0

            """
    }

    /// A fault somewhere, at some time, over before the writes stop.
    private static func fault(_ levels: [String], replicas: Int, using random: inout RandomStream) -> String {
        let replica = replicas == 1 ? "web" : "web#\(1 + random.below(UInt64(replicas)))"
        let level = "web.\(random.pick(levels))"
        let what = random.pick([
            "crash on \(replica)", "hang on \(replica)", "stuck on \(replica) workers 5", "crash on db",
            "error on db with probability 60%", "error on db", "hang on db", "hang on web -> db with probability 50%",
            "error on web -> db with probability 50%", "latency on db add 150ms jitter 90%", "capacity on db lose 75%",
            "error on \(level)", "error on \(level) with probability 50%", "latency on \(level) add 30ms jitter 50%",
            "flush on \(level)", "flush on web",
        ])
        let start = 300 + random.below(3_000)
        let length = what.hasPrefix("flush") ? "" : " for \(200 + random.below(1_300))ms"
        return "at \(start)ms inject \(what)\(length)"
    }
}

extension CacheStorm {
    /// The levels of a cache.
    private struct Levels {
        let names: [String]
        let text: String

        init(using random: inout RandomStream) {
            let policies = PolicyName.allCases.filter { !$0.isOffline }.map(\.rawValue)
            let inclusion = random.pick(["inclusive", "exclusive"])
            let more = "levels are: \(inclusion), promotion: \(random.pick(["always", "always", "guide"]))"
            if random.chance(0.5) {
                names = Array(["l1", "l2", "l3", "l4"].prefix(Int(1 + random.below(4))))
                let levels = names.map { name in
                    "\(name): \(random.pick([3, 12, 40])) entries, \(name) policy: \(random.pick(policies))"
                }
                text = (levels + [more]).joined(separator: ", ")
            } else {
                names = ["near", "far"]
                let levels = names.map { name in
                    "\(name): {entries: \(random.pick(["4", "10", "30"])) entries, policy: \(random.pick(policies)), "
                        + "shared: \(random.pick(["no", "yes"])), latency: constant \(random.pick(["0s", "2ms"]))}"
                }
                text = "levels: {\(levels.joined(separator: ", "))}, \(more)"
            }
        }
    }

    /// How a cache reads what it does not have.
    private struct Reading {
        let life: Duration?
        let isLifeRenewed: Bool
        /// Whether an answer may be one whose life is over.
        let isStaleServed: Bool
        /// For how long a call waits for somebody else's load at most; nil for as long as it takes.
        let longestWait: Duration?
        let text: String

        init(using random: inout RandomStream) {
            let flight = random.pick(["no", "no", "yes", "shared"])
            var settings = ["single flight: \(flight)", "after failure: \(random.pick(["keep", "keep", "delete"]))"]
            life = random.pick([nil, .milliseconds(300), .seconds(1)])
            isLifeRenewed = random.chance(0.2)
            isStaleServed = random.chance(0.3)
            if let life {
                settings.append("ttl: \(life), promoted life: \(isLifeRenewed ? "renewed" : "carried")")
                settings.append("refresh: \(random.pick(["none", "eager 50%", "early 1"]))")
            }
            if isStaleServed {
                settings.append("fail safe: 2s, fail safe pause: \(random.pick(["0s", "100ms"]))")
                settings.append("soft timeout: \(random.pick(["none", "10ms"]))")
            }
            let wait: Duration? = random.pick([nil, .milliseconds(50), .milliseconds(500)])
            longestWait = flight == "no" ? .zero : wait
            settings.append("hard timeout: \(wait.map { "\($0)" } ?? "none")")
            text = settings.joined(separator: ", ")
        }
    }

    /// What becomes of writes, and who hears of them.
    private struct Writing {
        /// Whether the replicas hear of writes, and drop what they have.
        let isTold: Bool
        let isLossy: Bool
        let isRecovered: Bool
        let isBehind: Bool
        /// For how long an answer may be wrong after a write that all are told of.
        let delay: Duration
        let text: String
        /// What stops to go wrong when all is calm, as a line of a timeline.
        let calm: String

        init(using random: inout RandomStream) {
            let onWrite = random.pick(["invalidate", "invalidate", "update", "update", "ignore"])
            let latency: Duration = random.pick([.zero, .milliseconds(5), .milliseconds(60)])
            let life: Duration? = random.pick([nil, nil, nil, .milliseconds(100)])
            let isCoherent = random.chance(0.8)
            isLossy = random.chance(0.3)
            isRecovered = random.chance(0.7)
            isBehind = random.chance(0.3)
            isTold = isCoherent && onWrite != "ignore" && !isBehind
            delay = latency + (life ?? .zero)
            var settings = ["on write: \(onWrite)"]
            if isCoherent {
                let strategy = life.map { "ttl \($0)" } ?? random.pick(["immediate", "lazy"])
                settings.append(
                    "coherence: {latency: constant \(latency), strategy: \(strategy), loss: \(isLossy ? "30%" : "0%"), "
                        + "recovery: \(isRecovered ? "300ms" : "none")}")
            }
            if isBehind {
                settings.append(
                    "write behind: {call: db.write, queue: \(random.pick(["20", "500"])) writes, "
                        + "batch: \(random.pick(["1 write", "7 writes"])), delay: \(random.pick(["0s", "50ms", "1s"])), "
                        + "batches: \(random.pick(["1", "3"])), attempts: \(random.pick(["1", "3", "1000"])), "
                        + "coalesce: \(random.pick(["yes", "no"]))}")
            }
            text = settings.joined(separator: ", ")
            calm = isCoherent ? "  at \(CacheStorm.calm)s set services.web.cache.coherence.loss 0%" : ""
        }
    }
}
