/// The replicas that the attempts of a call have gone to, the latest four.
///
/// It is what a frame keeps for the balancer of its edge in place of a token, so that frames do not grow by it.
struct TriedReplicas: Sendable {
    /// A byte for each, the latest lowest: its number from 1; 0 for none.
    private var packed: UInt32

    init(token: UInt32 = 0) { packed = token }

    var token: UInt32 { packed }

    var isEmpty: Bool { packed == 0 }

    /// Where the latest attempt went.
    var latest: Int? { isEmpty ? nil : Int(packed & 0xff) - 1 }

    /// All of them, the latest first.
    var all: [Int] {
        isEmpty ? [] : (0..<4).map { Int(packed >> (8 * $0) & 0xff) - 1 }.filter { $0 >= 0 }
    }

    func contains(_ replica: Int) -> Bool {
        (0..<4 as Range<UInt32>).contains { packed >> (8 * $0) & 0xff == UInt32(replica) + 1 }
    }

    /// An attempt goes to a replica.
    mutating func add(_ replica: Int) {
        if latest != replica { packed = packed << 8 | UInt32(UInt8(truncatingIfNeeded: replica + 1)) }
    }
}
