import EventSourcing
import Simulation
import Timeline

extension Compiler {
    /// Reads the event stores.
    mutating func readStores(_ pairs: [Tree.Pair]) {
        declare(pairs, as: { .store($0) })
        for pair in pairs {
            let reader = SectionReader(pair.value, StoreKeys.section, &findings)
            let prefersAvailability = reader.value(StoreKeys.prefers, &findings) ?? false
            checkPreference(of: pair.key, prefersAvailability, reader)
            var store = StorePlan(name: pair.key, cluster: cluster(reader))
            store.availability = prefersAvailability ? availability(reader) : nil
            reader.read(StoreKeys.network, into: &store.network, &findings)
            reader.read(StoreKeys.disk, into: &store.disk, &findings)
            reader.read(StoreKeys.reading, into: &store.reading, &findings)
            store.snapshots = snapshots(of: pair.key, prefersAvailability, reader)
            reader.read(StoreKeys.timeout, into: &store.answerTime, &findings)
            reader.read(StoreKeys.conflictRetries, into: &store.conflictRetries, &findings)
            reader.read(StoreKeys.schema, into: &store.schema, &findings)
            plan.stores.append(store)
        }
    }

    /// Finds settings that are of no use to a store, given what it prefers.
    private mutating func checkPreference(of name: String, _ prefersAvailability: Bool, _ reader: SectionReader) {
        guard prefersAvailability else {
            for key in StoreKeys.ofAvailability where reader.tree[key] != nil {
                findings.add(
                    "\(name) prefers consistency: \(key) is of no use there; for that it needs prefers: availability",
                    at: reader.place(of: key))
            }
            return
        }
        for (key, reason) in StoreKeys.ofConsistency where reader.tree[key] != nil {
            findings.add(
                "\(name) prefers availability: \(key) is of no use there, since \(reason)", at: reader.place(of: key))
        }
    }

    /// After how many events a store keeps a stream's state; nil for never.
    private mutating func snapshots(of name: String, _ prefersAvailability: Bool, _ reader: SectionReader) -> Int? {
        guard let interval = reader.value(StoreKeys.snapshots, &findings) ?? nil else { return nil }
        guard prefersAvailability else { return interval }
        findings.add(
            "\(name) prefers availability: snapshots is of no use there, since a state from before a conflict would be "
                + "wrong after it",
            at: reader.place(of: StoreKeys.snapshots.name))
        return nil
    }

    /// How a store stays available; its keys know the ranges.
    private mutating func availability(_ reader: SectionReader) -> AvailabilityPlan? {
        let interval = reader.value(StoreKeys.antiEntropy, &findings) ?? .seconds(1)
        let resolution = reader.value(StoreKeys.conflicts, &findings) ?? .keepBoth
        do throws(SettingError) {
            return AvailabilityPlan(rounds: try AntiEntropyTimer.Settings(interval: interval), resolution: resolution)
        } catch {
            findings.add(error, in: reader.tree)
            return nil
        }
    }

    /// The nodes of a store; the standard ones, with a finding, if their settings do not go together.
    private mutating func cluster(_ reader: SectionReader) -> ClusterSettings {
        do throws(SettingError) {
            return try ClusterSettings(
                nodes: reader.value(StoreKeys.nodes, &findings) ?? 3,
                partitions: reader.value(StoreKeys.partitions, &findings) ?? 8,
                copies: reader.value(StoreKeys.copies, &findings),
                acknowledgements: reader.value(StoreKeys.acknowledgements, &findings),
                votes: reader.value(StoreKeys.votes, &findings),
                isFenced: reader.value(StoreKeys.fencing, &findings) ?? true,
                heartbeat: reader.value(StoreKeys.heartbeat, &findings) ?? .milliseconds(100),
                electionTime: reader.value(StoreKeys.election, &findings) ?? .seconds(1))
        } catch {
            let key = error.setting == "electionTime" ? StoreKeys.election.name : error.setting
            findings.add("\(key): \(error.given) is out of range; allowed: \(error.allowed)", at: reader.place(of: key))
            return .standard
        }
    }

    /// What an operation asks of an aggregate; nil if it asks nothing, or its store is not known.
    mutating func command(_ reader: SectionReader) -> CommandPlan? {
        guard let request = reader.given(OperationKeys.command, &findings) else { return nil }
        guard let store = plan.stores.firstIndex(where: { $0.name == request.store }) else {
            let hint = findings.hint(for: request.store, among: plan.stores.map(\.name))
            let place = reader.place(of: OperationKeys.command.name).moved(by: request.offset)
            findings.add("no event store is named \"\(request.store)\"\(hint)", at: place)
            return nil
        }
        return CommandPlan(store: store, request.kind)
    }
}
