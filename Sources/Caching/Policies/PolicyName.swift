/// The policies by their names, as scenarios and the command line use them.
public enum PolicyName: String, CaseIterable, Hashable, Sendable {
    /// ``LRU``
    case lru
    /// ``FIFO``
    case fifo
    /// ``LFU``
    case lfu
    /// ``Clock``
    case clock
    /// ``SIEVE``
    case sieve
    /// ``S3FIFO`` as libCacheSim has it since December 2024.
    case s3fifo
    /// ``S3FIFO`` as released with the paper.
    case s3fifoV0 = "s3fifo-v0"
    /// ``TwoQ``
    case twoQ = "2q"
    /// ``SLRU``
    case slru
    /// ``ARC``
    case arc
    /// ``LIRS``
    case lirs
    /// ``WTinyLFU`` with exact counts.
    case wtinylfuExact = "wtinylfu-exact"
    /// ``WTinyLFU`` with Caffeine's sketch of 4-bit counters.
    case wtinylfuSketch = "wtinylfu-cm4"
    /// ``AdaptiveWTinyLFU``
    case wtinylfuAdaptive = "wtinylfu-adaptive"
    /// ``GDSF``
    case gdsf
    /// ``SizeOrder``
    case size
    /// ``TTLOrder``
    case ttl
    /// ``RandomReplacement``
    case random
    /// ``OptimalReplacement``, every missed key taken in.
    case opt
    /// ``OptimalReplacement``, a missed key taken in only if that pays.
    case optBypass = "opt-bypass"

    /// Whether it has to know the whole trace before it can decide.
    public var isOffline: Bool { self == .opt || self == .optBypass }

    /// The policy itself; nil if it is offline.
    public func policy(capacity: Int) -> (any EvictionPolicy)? {
        switch self {
        case .lru: LRU(capacity: capacity)
        case .fifo: FIFO(capacity: capacity)
        case .lfu: LFU(capacity: capacity)
        case .clock: Clock(capacity: capacity)
        case .sieve: SIEVE(capacity: capacity)
        case .s3fifo: S3FIFO(capacity: capacity)
        case .s3fifoV0: S3FIFO(capacity: capacity, behavior: .sosp23)
        case .twoQ: TwoQ(capacity: capacity)
        case .slru: SLRU(capacity: capacity)
        case .arc: ARC(capacity: capacity)
        case .lirs: LIRS(capacity: capacity)
        case .wtinylfuExact: WTinyLFU<ExactFrequency>(capacity: capacity)
        case .wtinylfuSketch: WTinyLFU<CountMinSketch>(capacity: capacity)
        case .wtinylfuAdaptive: AdaptiveWTinyLFU(capacity: capacity)
        case .gdsf: GDSF(capacity: capacity)
        case .size: SizeOrder(capacity: capacity)
        case .ttl: TTLOrder(capacity: capacity)
        case .random: RandomReplacement(capacity: capacity)
        case .opt, .optBypass: nil
        }
    }

    /// A replay with it, compiled for that policy; nil for a policy that is offline.
    public func replay(capacity: Int) -> TraceReplay? {
        switch self {
        case .lru: TraceReplay(LRU(capacity: capacity))
        case .fifo: TraceReplay(FIFO(capacity: capacity))
        case .lfu: TraceReplay(LFU(capacity: capacity))
        case .clock: TraceReplay(Clock(capacity: capacity))
        case .sieve: TraceReplay(SIEVE(capacity: capacity))
        case .s3fifo: TraceReplay(S3FIFO(capacity: capacity))
        case .s3fifoV0: TraceReplay(S3FIFO(capacity: capacity, behavior: .sosp23))
        case .twoQ: TraceReplay(TwoQ(capacity: capacity))
        case .slru: TraceReplay(SLRU(capacity: capacity))
        case .arc: TraceReplay(ARC(capacity: capacity))
        case .lirs: TraceReplay(LIRS(capacity: capacity))
        case .wtinylfuExact: TraceReplay(WTinyLFU<ExactFrequency>(capacity: capacity))
        case .wtinylfuSketch: TraceReplay(WTinyLFU<CountMinSketch>(capacity: capacity))
        case .wtinylfuAdaptive: TraceReplay(AdaptiveWTinyLFU(capacity: capacity))
        case .gdsf: TraceReplay(GDSF(capacity: capacity))
        case .size: TraceReplay(SizeOrder(capacity: capacity))
        case .ttl: TraceReplay(TTLOrder(capacity: capacity))
        case .random: TraceReplay(RandomReplacement(capacity: capacity))
        case .opt, .optBypass: nil
        }
    }
}
