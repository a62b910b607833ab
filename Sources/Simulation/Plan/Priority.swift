/// How urgent a request is, the most urgent first.
public enum Priority: UInt8, CaseIterable, Hashable, Sendable {
    /// Before everything else.
    case critical
    /// Before what is ordinary.
    case high
    /// As most requests are.
    case normal
    /// When there is nothing else to do.
    case low
}
