import EventSourcing

/// What a command is about: all that it takes to carry it out, whoever does.
struct CommandMatter: Sendable {
    let plan: CommandPlan
    let stream: UInt32
    let fact: Fact
    /// Whether the aggregate's undo is asked for: it is written down even if there is nothing to undo.
    let isUndo: Bool
}

/// Who waits for a store to carry a command out.
enum CommandOwner: Sendable {
    /// A call.
    case frame(FrameID)
    /// A handler of a bus, by its slot.
    case handler(UInt32)
}
