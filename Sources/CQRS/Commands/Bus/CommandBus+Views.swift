import Timeline

extension CommandBus {
    /// The registered types, in the order of their registration.
    public var registeredTypes: [CommandType] { types.map(\.type) }

    /// What became of the commands of a type; nil if it is not registered. The cost grows with the commands that are
    /// not over.
    public func metrics(of type: String) -> CommandMetrics? {
        guard let index = typeOf[type] else { return nil }
        var metrics = types[index].metrics
        for case let execution? in executions where execution.type == index {
            switch execution.status {
            case .validating, .backingOff, .attempting: metrics.running += 1
            case .parked: metrics.parked += 1
            case .queued:
                metrics.queued += 1
                metrics.oldestQueuedSince = min(metrics.oldestQueuedSince ?? .distantFuture, execution.sentAt)
            }
        }
        return metrics
    }

    /// A queue, to look at; nil if there is none of that name.
    public func commands(in queue: String) -> SequencedQueue? {
        self.queue(named: queue).map { queues[$0].commands }
    }
}
