/// A request on its way through a gateway, and what is known of it.
public struct Exchange: Sendable {
    /// The request, as the stages that it has passed have left it.
    public internal(set) var request: Request
    /// The request as it came, by which its answer goes.
    public let received: Request
    /// The index of its route.
    public internal(set) var route: Int
    /// The parameters of its route, in its path as it came.
    public internal(set) var parameters: PathParameters
    /// Who makes it; ``Identity/anonymous`` until that is known.
    public internal(set) var identity: Identity
    /// Under what its response is stored; nil if it is not.
    var key: ResponseKey?
    /// Whether what becomes of it is logged.
    var isLogged = false
    /// The first stage that it has not passed, by its place in the order.
    var stage = 0
    /// What it presents to say who it is from.
    var credentials: Credentials

    init(_ request: Request, _ credentials: Credentials, route: Int, parameters: PathParameters) {
        self.request = request
        received = request
        self.route = route
        self.parameters = parameters
        self.credentials = credentials
        identity = .anonymous
    }
}
