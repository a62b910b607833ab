import EventSourcing
import Simulation
import Timeline

extension Compiler {
    /// Reads the event stores.
    mutating func readStores(_ pairs: [Tree.Pair]) {
        declare(pairs, as: { .store($0) })
        for pair in pairs {
            let reader = SectionReader(pair.value, StoreKeys.section, &findings)
            var store = StorePlan(name: pair.key, cluster: cluster(reader))
            reader.read(StoreKeys.network, into: &store.network, &findings)
            reader.read(StoreKeys.disk, into: &store.disk, &findings)
            reader.read(StoreKeys.reading, into: &store.reading, &findings)
            if let interval = reader.value(StoreKeys.snapshots, &findings) { store.snapshots = interval }
            reader.read(StoreKeys.timeout, into: &store.answerTime, &findings)
            reader.read(StoreKeys.conflictRetries, into: &store.conflictRetries, &findings)
            reader.read(StoreKeys.schema, into: &store.schema, &findings)
            plan.stores.append(store)
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
