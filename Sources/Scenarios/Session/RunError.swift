import Timeline

/// Something that went wrong in a run, so that it cannot be judged from then on.
struct RunError: Hashable, Sendable {
    var time: Instant
    var message: String
}
