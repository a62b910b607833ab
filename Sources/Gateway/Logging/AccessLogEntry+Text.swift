import Timeline

extension AccessLogEntry: CustomStringConvertible {
    /// The entry as ``text``.
    public var description: String { text }

    /// The entry in one line, without its end: `key=value` with a blank between, always the same keys in the same order.
    ///
    /// What is not there is `-`. A value that holds anything but visible ASCII, or a blank, a quote, an equals sign or a
    /// backslash, stands in double quotes, and whatever could end the line or steer a terminal is escaped in it. So nobody can
    /// forge a line, or a value of another key, by what they ask for.
    public var text: String {
        var line = ""
        line.reserveCapacity(320)
        for (key, value) in fields {
            if !line.isEmpty { line += " " }
            line += key
            line += "="
            Self.append(value, to: &line)
        }
        return line
    }

    private var fields: [(key: String, value: String?)] {
        [
            ("time", time.description), ("id", requestID), ("trace", traceID), ("method", method.rawValue),
            ("path", path), ("route", route), ("identity", identity), ("tenant", tenant),
            ("status", "\(status.code)"), ("bytes", "\(bytes)"), ("took", took.description),
            ("attempts", "\(attempts)"), ("backend", backend), ("why", cause?.description), ("nearest", nearest),
        ]
    }

    private static func append(_ value: String?, to line: inout String) {
        guard let value else {
            line += "-"
            return
        }
        guard value.isEmpty || value == "-" || !value.utf8.allSatisfy(isPlain) else {
            line += value
            return
        }
        line += "\""
        for scalar in value.unicodeScalars { append(scalar, to: &line) }
        line += "\""
    }

    private static func isPlain(_ byte: UInt8) -> Bool {
        // Visible ASCII but " = and the backslash.
        byte &- 0x21 < 0x5e && byte != 0x22 && byte != 0x3d && byte != 0x5c
    }

    private static func append(_ scalar: Unicode.Scalar, to line: inout String) {
        switch scalar {
        case "\"", "\\":
            line += "\\"
            line.unicodeScalars.append(scalar)
        case "\n": line += "\\n"
        case "\r": line += "\\r"
        case "\t": line += "\\t"
        default:
            if isHarmless(scalar) {
                line.unicodeScalars.append(scalar)
            } else {
                line += "\\u{\(String(scalar.value, radix: 16))}"
            }
        }
    }

    /// Whether it neither ends a line nor changes how what comes after it is shown: no control character, no separator of
    /// lines, nothing that turns the direction of writing or is not seen.
    private static func isHarmless(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.properties.generalCategory {
        case .control, .format, .lineSeparator, .paragraphSeparator, .surrogate, .privateUse, .unassigned: false
        default: true
        }
    }
}
