public import Timeline

/// Says and reads when to ask again, in the field `Retry-After` (RFC 9110, section 10.2.3).
public enum RetryAfter {
    /// The whole seconds to wait: rounded up, since who comes before the time is refused again, and 1 at least; nil for a
    /// wait that never ends.
    public static func seconds(_ wait: Duration) -> Int64? {
        guard wait < .maximum else { return nil }
        let whole = wait.nanoseconds / 1_000_000_000
        return max(1, wait.nanoseconds % 1_000_000_000 > 0 ? whole + 1 : whole)
    }

    /// Says so in a response; in place of what it said, and nothing for a wait that never ends.
    public static func set(_ wait: Duration, in response: inout Response) {
        guard let seconds = seconds(wait) else {
            response.headers.remove(.retryAfter)
            return
        }
        response.headers.replace(.retryAfter) { $0.append(decimal: seconds) }
    }
    /// How long a response asks to wait; nil if it does not say, or in no form that counts.
    ///
    /// A date is taken from the response's own `Date` on, since the gateway's clock has no calendar; without one it says
    /// nothing.
    public static func wait(in headers: Headers) -> Duration? {
        guard let range = headers.onlyValue(of: .retryAfter) else { return nil }
        let bytes = headers.storage.span
        if let seconds = Headers.deltaSeconds(bytes, range) { return .seconds(seconds) }
        guard let then = HTTPDate.seconds(bytes.extracting(range)), let dated = headers.onlyValue(of: .date),
            let date = HTTPDate.seconds(bytes.extracting(dated))
        else { return nil }
        return .seconds(max(0, then - date))
    }
}
