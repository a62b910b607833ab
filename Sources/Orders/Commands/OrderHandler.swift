public import CQRS
public import EventSourcing
import Resilience
public import Timeline

/// Handles commands about orders: reads them, prices what is to be priced, and lets the order decide.
///
/// It holds no state; the store is handed to it. What it asks of the store it asks once: if somebody else was faster, it
/// says so, and the bus tries again as often as the command's type allows. The ids of events follow from the command's
/// id, so a command that comes twice is carried out once, and each event says by which command it came about and what
/// that belonged to.
public struct OrderHandler: Sendable {
    /// The category of the orders' streams.
    public static let category = "order"

    /// What orders cost.
    public let pricing: Pricing
    /// Where orders are brought back from.
    public let repository: Repository<Order>

    /// A handler.
    /// - Parameters:
    ///   - pricing: what orders cost; without discounts by default.
    ///   - snapshots: when snapshots of orders are taken; never by default, since an order has few events.
    ///   - upcasting: how events in old forms are read.
    /// - Throws: what ``EventSourcing/Repository`` throws for its settings, of which none here is out of its range.
    public init(
        pricing: Pricing = .plain, snapshots: SnapshotPolicy = .never, upcasting: Upcasting = Upcasting()
    ) throws(SettingError) {
        self.pricing = pricing
        // The bus tries again, so that conflicts are counted, and stay within a deadline.
        repository = try Repository(
            category: Self.category, snapshots: snapshots, upcasting: upcasting, conflictRetries: 0)
    }

    /// What is wrong with a command, as far as can be known without looking anything up; nil if nothing is.
    public func problem(with command: CommandEnvelope) -> String? {
        do throws(InvalidOrderCommand) {
            try OrderCommand(command).check()
            return nil
        } catch {
            return "\(error)"
        }
    }

    /// Carries out a command. The result of one that was done is an ``OrderReceipt``.
    public func handle<Store: EventStore>(
        _ envelope: CommandEnvelope, in store: inout Store, at now: Instant
    ) -> CommandBus.Reply {
        do throws(InvalidOrderCommand) {
            let command = try OrderCommand(envelope)
            try command.check()
            return decide(try priced(command.request), on: command.order, for: envelope, in: &store, at: now)
        } catch {
            return .reject("\(error)")
        }
    }

    /// What the order is asked: with the price that holds now, which its event will say and no later rule will change.
    private func priced(_ request: OrderCommand.Request) throws(InvalidOrderCommand) -> Order.Command {
        switch request {
        case .create(let customer, let lines):
            do throws(Pricing.Refusal) {
                return .create(customer: customer, try pricing.quote(lines))
            } catch {
                throw .lines(error)
            }
        case .confirm: return .confirm
        case .ship(let tracking): return .ship(tracking: tracking)
        case .deliver: return .deliver
        case .cancel(let reason): return .cancel(reason: reason)
        case .refund: return .refund
        }
    }

    private func decide<Store: EventStore>(
        _ command: Order.Command, on order: String, for envelope: CommandEnvelope, in store: inout Store,
        at now: Instant
    ) -> CommandBus.Reply {
        do throws(Repository<Order>.Failure) {
            let decided = try repository.decide(
                command, on: order, commandID: envelope.id, correlation: envelope.correlation ?? envelope.id,
                in: &store, at: now)
            return .done(OrderReceipt(decided, of: order).bytes)
        } catch {
            return error.reply(about: order)
        }
    }
}

extension Repository<Order>.Failure {
    /// What the bus is told.
    fileprivate func reply(about order: String) -> CommandBus.Reply {
        switch self {
        case .refused(let refusal): .reject("order \(order): \(refusal)")
        case .badName(let error): .reject("\(error)")
        case .store(let error): error.reply
        // No other attempt helps before somebody mends the history or the reader.
        case .unreadable(let stream, let version, let why):
            .fail(.fault(.client, detail: "\(stream) version \(version) cannot be read: \(EventProblem(why))"))
        case .gap(let stream, let expected, let found):
            .fail(.fault(.client, detail: "\(stream): version \(expected) is missing before \(found)"))
        case .truncated(let stream, let first):
            .fail(.fault(.client, detail: "\(stream): what came before version \(first) is gone"))
        }
    }
}

extension EventStoreError {
    /// What the bus is told.
    fileprivate var reply: CommandBus.Reply {
        switch self {
        case .wrongVersion: .fail(.versionConflict(detail: "\(self)"))
        case .streamDeleted, .tooLarge: .reject("\(self)")
        case .partlyThere, .streamTwice, .notTogether, .corrupt: .fail(.fault(.client, detail: "\(self)"))
        case .notYetReplicated, .unavailable, .storage: .fail(.fault(.server, detail: "\(self)"))
        }
    }
}
