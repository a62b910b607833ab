import CQRS
import EventSourcing
import Foundation
import Orders
import Storage
import Timeline

/// Customers and rivals who order, a store and a read model that fail and lose answers, and crashes of both sides.
struct ReadModelChaos {
    let shop: Shop
    var side: ReadSide
    var random: RandomStream
    /// The commands that were sent, to be sent again.
    private var sent: [(EventID, OrderCommand)] = []
    /// Orders that were asked for; most commands are about these.
    private var asked: Set<String> = []
    private(set) var crashes = 0
    /// Opens the read model again as a new process would; nil for one that a process cannot lose.
    private let reopen: (() throws -> any OrderReadModel)?

    static let orders = (1...24).map { "o\($0)" }
    static let customers = (1...3).map { "c\($0)" }

    init(seed: UInt64, _ backend: ReadModelBackend, file: String? = nil) throws {
        random = RandomStream(seed: seed, name: "orders", purpose: "chaos")
        shop = try Shop(pricing: Pricing(discountFrom: 5_000, discount: 700), attempts: 2)
        side = try ReadSide(backend, batchSize: 1 + Int(random.below(9)))
        reopen = file.map { path in { try SQLiteOrderReadModel(path: path) } }
        if let reopen { side.model.base = try reopen() }
    }

    mutating func run(steps: Int) throws {
        for _ in 0..<steps {
            switch random.below(20) {
            case 0..<11: try send()
            case 11..<16: side.work(shop, for: .milliseconds(Int64(random.below(60))))
            case 16: side.model.lostAnswers += Int(random.below(2))
            case 17:
                side.model.outages += Int(random.below(2))
                shop.store.readOutages += Int(random.below(2))
            case 18: try shop.restart(pricing: Pricing(discountFrom: 1, discount: Int64(random.below(2_000))))
            default: try crash()
            }
        }
        (side.model.lostAnswers, side.model.outages) = (0, 0)
        side.work(shop)
    }

    /// A process is killed, perhaps just after a commit of which it never heard.
    private mutating func crash() throws {
        crashes += 1
        if let reopen { side.model.base = try reopen() }
        try side.crash()
    }

    private mutating func send() throws {
        if random.chance(0.3) { shop.store.rivals = [rival()] }
        shop.store.lostAnswers = random.chance(0.15) ? 1 : 0
        shop.store.outages = random.chance(0.1) ? Int(random.below(4)) : 0
        let order = pick(Self.orders)
        let isNew = asked.insert(order).inserted
        var (id, command) = (EventID(using: &random), OrderCommand(isNew ? creation() : request(), of: order))
        if random.chance(0.2), !sent.isEmpty { (id, command) = pick(sent) } else { sent.append((id, command)) }
        try shop.send(command.request, of: command.order, id: id)
        shop.store.rivals = []
        if random.chance(0.1) {
            let event = EventData(id: EventID(using: &random), type: "Moved")
            try shop.store.base.append([event], to: try StreamName("stock-1"), expecting: .any, at: shop.now)
        }
    }

    private mutating func creation() -> OrderCommand.Request {
        .create(customer: pick(Self.customers), lines: [.cups(1 + Int(random.below(9)))])
    }

    private mutating func request() -> OrderCommand.Request {
        switch random.below(9) {
        case 0: creation()
        case 1..<5: .confirm
        case 5: .ship(tracking: "T1")
        case 6: .deliver
        case 7: .cancel(reason: "r")
        default: .refund
        }
    }

    private mutating func rival() -> Order.Command {
        switch random.below(4) {
        case 0: .confirm
        case 1: .ship(tracking: "T1")
        case 2: .cancel(reason: "r")
        default: .refund
        }
    }

    private mutating func pick<Item>(_ items: [Item]) -> Item { items[Int(random.below(UInt64(items.count)))] }
}
