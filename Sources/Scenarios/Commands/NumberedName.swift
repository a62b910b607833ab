/// One run of a saga or a choreography, as a command writes it: `place-order#17`, the name of what runs and the number
/// of the request that began it.
struct NumberedName {
    let name: String
    let request: UInt64

    init(_ name: String, _ request: UInt64) {
        self.name = name
        self.request = request
    }

    /// Reads one; nil if it is none.
    init?(_ text: String) {
        let parts = text.split(separator: "#", omittingEmptySubsequences: false)
        guard parts.count == 2, let request = UInt64(parts[1]), request > 0 else { return nil }
        self.init(String(parts[0]), request)
    }

    /// As it stands in a command.
    var text: String { "\(name)#\(request)".asName }
}
