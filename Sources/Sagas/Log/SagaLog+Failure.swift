public import EventSourcing
public import Timeline

extension SagaLog {
    /// Why a saga could not be read, or what it has decided not be stored; the description is one line.
    public enum Failure: Error, Hashable, Sendable {
        /// The store refuses. Only after `unavailable` it is not known whether an append took place.
        case store(EventStoreError)
        /// The saga's name makes no stream's name.
        case badName(SettingError)
        /// There is no such saga.
        case unknownSaga(StreamName)
        /// There is no definition of this name and version; these versions are there.
        case unknownDefinition(String, version: Int?, known: [Int])
        /// The definition has other fields than those that were stored.
        case unexpectedData(StreamName)
        /// The stream says that it is another saga's.
        case misplaced(StreamName, id: UInt64, name: String)
        /// An event cannot be read.
        case unreadable(StreamName, StreamVersion, UnreadableEvent)
        /// The definition has another step at the place of one that was stored.
        case unexpectedStep(StreamName, StreamVersion, StoredSagaEvent.UnexpectedStep)
        /// An event cannot have happened, or one is missing at the end. Without a version nothing was stored: the saga
        /// that has decided it was not the one that was read.
        case impossible(StreamName, StreamVersion?, SagaHistoryError)
        /// An event is missing: this is the version that was expected next, and the one that came.
        case gap(StreamName, expected: StreamVersion, found: StreamVersion)
        /// The first events are hidden.
        case truncated(StreamName, from: StreamVersion)
    }
}

extension SagaLog.Failure: CustomStringConvertible {
    /// One line.
    public var description: String {
        switch self {
        case .store(let error): "\(error)"
        case .badName(let error): "\(error)"
        case .unknownSaga(let stream): "there is no saga in stream \(stream)"
        case .unknownDefinition(let name, let version, let known):
            "there is no definition of \(name)\(version.map { ", version \($0)" } ?? ""); "
                + (known.isEmpty ? "none of that name is there" : "there is version \(Self.list(known))")
                + (version == nil ? "" : "; keep each for as long as a saga runs under it")
        case .unexpectedData(let stream):
            "stream \(stream): its data are not those of the definition; give the changed one a new version"
        case .misplaced(let stream, let id, let name): "stream \(stream) holds saga \(id) of \(name)"
        case .unreadable(let stream, let version, let why): "stream \(stream), version \(version): \(why)"
        case .unexpectedStep(let stream, let version, let why): "stream \(stream), version \(version): \(why)"
        case .impossible(let stream, let version?, let why): "stream \(stream), version \(version): \(why)"
        case .impossible(let stream, nil, let why): "stream \(stream): nothing was stored: \(why)"
        case .gap(let stream, let expected, let found):
            "stream \(stream): version \(expected) is missing; \(found) follows"
        case .truncated(let stream, let first): "stream \(stream): the events before version \(first) are hidden"
        }
    }

    private static func list(_ versions: [Int]) -> String { versions.map(String.init).joined(separator: ", ") }
}
