import Gateway
import Timeline

/// A request as the tests of this folder need it.
func request(
    _ method: Method = .get, _ target: String = "/a", _ headers: KeyValuePairs<String, String> = [:],
    peer: String = "198.51.100.7", scheme: Scheme = .https, host: String = "shop.example"
) throws -> Request {
    try Request(
        method, try Target(target), headers: try Headers(headers), peer: IPAddress(peer) ?? IPAddress(v4: 0),
        scheme: scheme, host: host, receivedAt: .zero)
}

func response(
    _ status: Int = 200, _ headers: KeyValuePairs<String, String> = [:], bytes: Int = 10_000, age: Duration = .zero
) throws -> Response {
    Response(Status(status), headers: try Headers(headers), bodySize: bytes, age: age)
}
