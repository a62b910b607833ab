import Bulkheads
import Timeline

/// The part of an answer that a test is about, in one call that `#expect` can hold.
extension MemoryPool {
    /// The refusal of a request; nil if it was granted.
    mutating func refusal(
        _ bytes: Int, from level: Level, owner: UInt64 = 0, hold: Hold = .pinned, at now: Instant = .zero
    ) -> Refusal? {
        reserve(bytes, from: level, owner: owner, hold: hold, at: now).refusal
    }

    /// Whose limit refused a request; nil if it was granted.
    mutating func refuser(_ bytes: Int, from level: Level) -> Refusal.Source? {
        refusal(bytes, from: level)?.by
    }

    /// The reservation of a request; nil if it was refused.
    mutating func granted(_ bytes: Int, from level: Level, owner: UInt64 = 0) -> Reservation? {
        reserve(bytes, from: level, owner: owner, at: .zero).reservation
    }

    /// The bytes that a release freed; nil if it freed nothing.
    mutating func freed(by reservation: Reservation) -> Int? { release(reservation, at: .zero)?.bytes }

    /// Whose reservations an operator's request evicted; nil if it was refused.
    mutating func ownersEvicted(_ bytes: Int, from level: Level) -> [UInt64]? {
        evict(bytes, from: level, at: .zero)?.evicted.map(\.owner)
    }

    /// Whose reservations were evicted for a request of a pinned reservation; nil if it was refused.
    mutating func ownersEvicted(by bytes: Int, from level: Level) -> [UInt64]? {
        guard case .reserved(_, let change) = reserve(bytes, from: level, owner: 9, at: .zero) else { return nil }
        return change.evicted.map(\.owner)
    }
}
