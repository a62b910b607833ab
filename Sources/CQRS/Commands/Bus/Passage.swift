/// One attempt's way through the middleware to the handler and back.
struct Passage: Hashable, Sendable {
    /// Where it is.
    private(set) var stage: CommandBus.Stage
    /// Whether the handler has been run, so that something may have happened.
    private(set) var hasRunHandler = false
    private let middleware: [String]

    /// What follows a reply.
    enum Next {
        case run(CommandBus.Stage)
        case ended(CommandOutcome)
    }

    /// The start of the way through middleware of these names.
    init(through middleware: [String]) {
        self.middleware = middleware
        stage = middleware.isEmpty ? .handler : .middleware(0)
    }

    mutating func next(after reply: CommandBus.Reply) -> Next {
        switch stage {
        case .middleware(let index):
            if reply == .pass { return run(index + 1 < middleware.count ? .middleware(index + 1) : .handler) }
            // The one that turned back sees nothing more of it; those before it do.
            return goBack(from: index, with: outcome(of: reply, by: middleware[index]))
        case .handler:
            hasRunHandler = true
            return goBack(from: middleware.count, with: outcome(of: reply, by: nil))
        case .wayBack(let index, let outcome):
            return goBack(from: index, with: reply == .pass ? outcome : self.outcome(of: reply, by: middleware[index]))
        }
    }

    /// Goes back before the handler, after all middleware has let the command pass.
    mutating func turnBack(with outcome: CommandOutcome) -> Next {
        goBack(from: middleware.count, with: outcome)
    }

    private mutating func goBack(from index: Int, with outcome: CommandOutcome) -> Next {
        index > 0 ? run(.wayBack(index - 1, outcome)) : .ended(outcome)
    }

    private mutating func run(_ next: CommandBus.Stage) -> Next {
        stage = next
        return .run(next)
    }

    private func outcome(of reply: CommandBus.Reply, by name: String?) -> CommandOutcome {
        switch reply {
        case .pass: .done([])
        case .done(let result): .done(result)
        case .reject(let reason): .rejected(name.map { .refused(by: $0, reason) } ?? .business(reason))
        case .fail(let failure): .failed(failure)
        }
    }
}
