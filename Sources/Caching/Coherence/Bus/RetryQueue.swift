import Timeline

/// Messages that a node has missed and that are to be sent to it again: the last of each sender about each subject, and
/// no more than there is room for; beyond that, one with which the node drops everything by itself.
struct RetryQueue<Key: CacheKey>: Sendable {
    enum Addition {
        case added, merged, overflowed
    }

    /// When they are sent; nil if there are none.
    private(set) var dueAt: Instant?
    private var messages: [InvalidationMessage<Key>] = []
    private var places: [Topic: Int] = [:]
    private let node: Int

    // Apart by sender: one that is cut off must not keep back what another has said of the same subject.
    private struct Topic: Hashable {
        let subject: InvalidationSubject<Key>
        let sender: Int
    }

    init(for node: Int) { self.node = node }

    var count: Int { messages.count }

    mutating func add(_ message: InvalidationMessage<Key>, capacity: Int, dueAt due: Instant) -> Addition {
        dueAt = dueAt ?? due
        if Self.dropsAll(message) || messages.first.map(Self.dropsAll) ?? false {
            collapse(with: message)
            return .merged
        }
        let topic = Topic(subject: message.subject, sender: message.sender)
        if let place = places[topic] {
            messages[place] = messages[place].merged(with: message)
            return .merged
        }
        guard messages.count < capacity else {
            collapse(with: message)
            return .overflowed
        }
        places[topic] = messages.count
        messages.append(message)
        return .added
    }

    mutating func postpone(to due: Instant) { dueAt = due }

    /// Takes all out, in the order in which their subjects were missed first.
    mutating func take() -> [InvalidationMessage<Key>] {
        defer { self = Self(for: node) }
        return messages
    }

    private static func dropsAll(_ message: InvalidationMessage<Key>) -> Bool {
        message.subject == .all && message.strategy == .immediate
    }

    private mutating func collapse(with message: InvalidationMessage<Key>) {
        let newest = messages.reduce(message.version) { max($0, $1.version) }
        messages = [.toDropAll(node, version: newest)]
        places = [:]
    }
}
