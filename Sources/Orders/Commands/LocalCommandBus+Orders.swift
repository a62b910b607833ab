public import CQRS
public import EventSourcing
public import Resilience
public import Timeline

extension OrderHandler {
    /// How commands about orders are handled, one type each.
    /// - Parameters:
    ///   - delivery: how they come to the handler.
    ///   - retry: what follows a failure.
    ///   - conflictRetries: how often one is tried again at once if somebody else was faster; 0 or more.
    /// - Throws: a ``SettingError`` that names the first setting out of its range.
    public static func types(
        delivery: CommandType.Delivery = .local, retry: RetryPolicy? = nil, conflictRetries: Int = 3
    ) throws(SettingError) -> [CommandType] {
        var types: [CommandType] = []
        for name in OrderCommand.types {
            types.append(
                try CommandType(
                    name, handledBy: "orders", delivery: delivery, retry: retry, conflictRetries: conflictRetries))
        }
        return types
    }
}

extension LocalCommandBus {
    /// Registers the commands about orders.
    ///
    /// ```
    /// var store = MemoryEventStore()
    /// try bus.register(try OrderHandler(), of: try OrderHandler.types(), clock: { now }) { handle in handle(&store) }
    /// ```
    /// - Parameters:
    ///   - handler: what carries them out.
    ///   - types: see ``OrderHandler/types(delivery:retry:conflictRetries:)``.
    ///   - clock: tells the time.
    ///   - lend: lends the store for as long as a command is handled, in whatever way it is kept.
    /// - Throws: if one of the types is registered already, or its queue is unknown.
    public mutating func register<Store: EventStore>(
        _ handler: OrderHandler, of types: [CommandType], clock: @escaping () -> Instant,
        lending lend: @escaping ((inout Store) -> CommandBus.Reply) -> CommandBus.Reply
    ) throws(CommandRegistrationError) {
        for type in types {
            try register(type, validate: { handler.problem(with: $0) }) { command, _ in
                lend { store in handler.handle(command, in: &store, at: clock()) }
            }
        }
    }
}
