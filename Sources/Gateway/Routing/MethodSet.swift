/// A set of methods, one byte; in order they go by name.
public struct MethodSet: OptionSet, Hashable, Sendable {
    /// One bit a method, by its place among ``Method``'s cases.
    public let rawValue: UInt8

    /// The set of these bits.
    public init(rawValue: UInt8) {
        self.rawValue = rawValue
    }

    /// The set of one method.
    public init(_ method: Method) {
        self.init(rawValue: 1 << UInt8(method.place))
    }

    /// ``Method/get``.
    public static let get = Self(.get)
    /// ``Method/head``.
    public static let head = Self(.head)
    /// ``Method/post``.
    public static let post = Self(.post)
    /// ``Method/put``.
    public static let put = Self(.put)
    /// ``Method/delete``.
    public static let delete = Self(.delete)
    /// ``Method/patch``.
    public static let patch = Self(.patch)
    /// ``Method/options``.
    public static let options = Self(.options)

    /// Every method.
    public static let all: Self = [.get, .head, .post, .put, .delete, .patch, .options]

    /// The methods in it, by name.
    public var sorted: [Method] {
        let byName: [Method] = [.delete, .get, .head, .options, .patch, .post, .put]
        return byName.filter { contains(Self($0)) }
    }
}

extension MethodSet: CustomStringConvertible {
    /// The value of the field `Allow` (RFC 9110, section 10.2.1), such as `GET, HEAD`.
    public var description: String {
        sorted.map(\.rawValue).joined(separator: ", ")
    }
}

extension Method {
    /// Its place among the cases.
    var place: Int {
        switch self {
        case .get: 0
        case .head: 1
        case .post: 2
        case .put: 3
        case .delete: 4
        case .patch: 5
        case .options: 6
        }
    }

    static let count = 7
}
