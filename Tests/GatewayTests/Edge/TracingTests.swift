import Gateway
import Testing
import Timeline

/// Vectors: the test suite of W3C Trace Context (w3c/trace-context, test/test.py), by the names of its tests.
@Suite("Traces")
struct TracingTests {
    private static let id = "12345678901234567890123456789012"
    private static let parent = "1234567890123456"

    @Test(
        "what is malformed begins a trace (W3C Trace Context, sections 3.2.2 and 4.3)",
        arguments: [
            ("test_traceparent_version_0xff", "ff-\(id)-\(parent)-01"),
            ("test_traceparent_version_0x00", "00-\(id)-\(parent)-01."),
            ("test_traceparent_version_0x00", "00-\(id)-\(parent)-01-what-the-future-will-be-like"),
            ("test_traceparent_version_0xcc", "cc-\(id)-\(parent)-01.what-the-future-will-be-like"),
            ("test_traceparent_version_illegal_characters", ".0-\(id)-\(parent)-01"),
            ("test_traceparent_version_illegal_characters", "0.-\(id)-\(parent)-01"),
            ("test_traceparent_version_too_long", "000-\(id)-\(parent)-01"),
            ("test_traceparent_version_too_short", "0-\(id)-\(parent)-01"),
            ("test_traceparent_trace_id_all_zero", "00-00000000000000000000000000000000-\(parent)-01"),
            ("test_traceparent_trace_id_illegal_characters", "00-.2345678901234567890123456789012-\(parent)-01"),
            ("test_traceparent_trace_id_too_long", "00-\(id)3-\(parent)-01"),
            ("test_traceparent_trace_id_too_short", "00-1234567890123456789012345678901-\(parent)-01"),
            ("test_traceparent_parent_id_all_zero", "00-\(id)-0000000000000000-01"),
            ("test_traceparent_parent_id_illegal_characters", "00-\(id)-.234567890123456-01"),
            ("test_traceparent_parent_id_too_long", "00-\(id)-12345678901234567-01"),
            ("test_traceparent_trace_flags_illegal_characters", "00-\(id)-\(parent)-.0"),
            ("test_traceparent_trace_flags_too_long", "00-\(id)-\(parent)-001"),
            ("test_traceparent_trace_flags_too_short", "00-\(id)-\(parent)-1"),
            ("upper case", "00-4BF92F3577B34DA6A3CE929D0E0E4736-\(parent)-01"), ("nothing", ""),
        ])
    func malformed(name: String, value: String) throws {
        #expect(TraceContext(value) == nil, "\(name)")
        var random = RandomStream(seed: 1, name: "gateway", purpose: "traces")
        var headers = try Headers(["traceparent": value, "tracestate": "vendor=1"])
        let context = try Tracing().trace(&headers, using: &random)
        #expect(!context.description.contains(Self.id))
        #expect(headers[.traceparent] == context.description)
        #expect(!headers.contains(.tracestate), "\(name)")
    }

    @Test(
        "a trace is continued with a new parent, its flag kept (section 3.4)",
        arguments: [
            ("00-\(id)-\(parent)-01", true), ("00-\(id)-\(parent)-00", false), ("00-\(id)-\(parent)-02", false),
            ("00-\(id)-\(parent)-ff", true), ("cc-\(id)-\(parent)-01", true),
            ("cc-\(id)-\(parent)-01-what-the-future-will-be-like", true),
        ])
    func continued(value: String, isSampled: Bool) throws {
        var random = RandomStream(seed: 1, name: "gateway", purpose: "traces")
        var headers = try Headers(["traceparent": value, "tracestate": "vendor=1"])
        let context = try Tracing(sampledShare: 0).trace(&headers, using: &random)
        let written = try #require(headers[.traceparent])
        #expect(written.hasPrefix("00-\(Self.id)-"))
        #expect(!written.contains("-\(Self.parent)-"))
        #expect(written.hasSuffix(isSampled ? "-01" : "-00"))
        #expect(TraceContext(written) == context)
        #expect(headers[.tracestate] == "vendor=1")
        var answer = Headers()
        try Tracing().echo(of: headers, to: &answer)
        #expect(answer[.traceparent] == written)
    }

    @Test("test_traceparent_duplicated: two parents are none")
    func duplicated() throws {
        var random = RandomStream(seed: 1, name: "gateway", purpose: "traces")
        let value = "00-\(Self.id)-\(Self.parent)-01"
        var headers = try Headers(["traceparent": value, "Traceparent": value])
        try Tracing().trace(&headers, using: &random)
        #expect(headers.values(of: .traceparent).count == 1)
        #expect(headers[.traceparent]?.contains(Self.id) == false)
    }

    @Test("of new traces so many are recorded as is set")
    func sampling() throws {
        var random = RandomStream(seed: 1, name: "gateway", purpose: "traces")
        let tracing = try Tracing(sampledShare: 0.25)
        var sampled = 0
        for _ in 0..<2_000 {
            var headers = Headers()
            sampled += tracing.trace(&headers, using: &random).isSampled ? 1 : 0
        }
        #expect((400...600).contains(sampled))
        #expect(throws: SettingError.self) { try Tracing(sampledShare: .nan) }
    }
}
