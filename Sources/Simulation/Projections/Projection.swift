import CQRS
import EventSourcing
import Timeline

/// One projection: its versions with their tables, who waits for it, and the draws for what takes time.
struct Projection: Sendable {
    private(set) var plan: ProjectionPlan
    /// The versions that there are, in order.
    var versions: [Version] = []
    var serving = ServingVersion(1)
    var rebuild: Rebuild?
    /// What a rebuild waits for that has told the old version where to hand over.
    var handOver: Ticket?
    /// Calls that wait to read what they have written.
    var readers = PositionWaiters(limit: 1 << 20)
    var readersDue = Agenda.TimerID.none
    /// The events that were published to it, in the order in which they came.
    var published = SegmentedArray<UInt32>(segment: 1_024)
    /// How many are on their way.
    var publicationsUnderWay = 0
    var totals = ProjectionTotals()
    var isDown = false
    var meter: LagMeter
    private var networkDraws: RandomStream
    private var commitDraws: RandomStream
    /// Chance for the waits of its runs.
    var chance: RandomStream
    private let poison: Poison

    /// A version of its table, with the lanes that work on it.
    struct Version: Sendable {
        let number: Int
        let lanes: Range<Int>
        var table: ProjectionTable
    }

    init(_ plan: ProjectionPlan, seed: UInt64) {
        func stream(_ purpose: String) -> RandomStream { RandomStream(seed: seed, name: plan.name, purpose: purpose) }
        networkDraws = stream("network")
        commitDraws = stream("commit")
        chance = stream("waits")
        poison = Poison(seed: seed, name: plan.name)
        do throws(SettingError) {
            meter = try LagMeter()
        } catch {
            preconditionFailure("the standard window is in its range: \(error)")
        }
        self.plan = plan
    }

    /// Takes over changed times, and what it can deal with.
    mutating func change(to plan: ProjectionPlan) { self.plan = plan }

    mutating func crossing() -> Duration { plan.network.sample(using: &networkDraws) }

    mutating func committing() -> Duration { plan.commit.sample(using: &commitDraws) }

    /// The place of a version among those that there are; nil if it has been dropped.
    func index(ofVersion number: Int) -> Int? { versions.firstIndex { $0.number == number } }

    /// The version that queries are answered from.
    var servingIndex: Int { index(ofVersion: serving.version) ?? 0 }

    /// Why an event cannot be dealt with; nil if it can.
    func failure(of event: EventID, schema: UInt8) -> EventFailure? {
        if Int(schema) > plan.schema { return .undecodable }
        return poison.isIn(event, share: plan.poison) ? .apply : nil
    }

    func mix(into digest: inout Digest) {
        var (network, commit, chance) = (networkDraws, commitDraws, chance)
        digest.mix(network.next(), commit.next())
        digest.mix(chance.next(), UInt64(published.count))
        digest.mix(totals.reads, totals.staleReads)
        digest.mix(UInt64(readers.waiting), UInt64(publicationsUnderWay))
        for version in versions { version.table.mix(into: &digest) }
    }
}

/// What a projection has done so far, all its versions together.
public struct ProjectionTotals: Hashable, Sendable {
    /// Calls that have read of it.
    public var reads: UInt64 = 0
    /// Of them, those that did not see everything that counted when they read.
    public var staleReads: UInt64 = 0
    /// Of these, those that did not see what they had written themselves.
    public var ownWritesMissed: UInt64 = 0
    /// Calls that waited for it to have what they had written.
    public var waited: UInt64 = 0
    /// Events whose effects outside took place; a rebuild has none.
    public var effects: UInt64 = 0
    /// Events that were never published to it, as far as somebody noticed.
    public var notPublished: UInt64 = 0
    /// Events that it was told to deal with again, and could not.
    public var replayFailures: UInt64 = 0
}
