import Caching
import Testing

@testable import sagascope

@Suite("Trace: what is asked for")
struct TracePlanTests {
    private func plan(
        _ policies: String? = nil, _ sizes: String? = "10", format: String = "text", unit: Trace.Unit = .entries
    ) throws(Complaint) -> TracePlan {
        try TracePlan(policies: policies, sizes: sizes, format: format, unit: unit)
    }

    /// The complaint's line; nil if there is none.
    private func complaint(
        _ policies: String?, _ sizes: String?, format: String = "text", unit: Trace.Unit = .entries
    ) -> String? {
        do throws(Complaint) {
            _ = try plan(policies, sizes, format: format, unit: unit)
            return nil
        } catch {
            guard case .badUsage = error else { return "of another kind: \(error)" }
            return error.lines.joined()
        }
    }

    @Test("opt comes last, unless it is asked for elsewhere, or sizes are in bytes")
    func optimum() throws {
        let standard: [PolicyName] = [.lru, .sieve, .s3fifo, .arc, .wtinylfuAdaptive, .opt]
        #expect(try plan().policies == standard)
        #expect(try plan("arc, lru").policies == [.arc, .lru, .opt])
        #expect(try plan("opt,lru,opt-bypass").policies == [.opt, .lru, .optBypass])
        #expect(try plan("opt-bypass").policies == [.optBypass, .opt])
        #expect(try plan(nil, format: "csv:1,2", unit: .bytes).policies == [.lru, .sieve, .s3fifo, .arc, .gdsf])
    }

    @Test("every policy can be asked for by its name", arguments: PolicyName.allCases)
    func names(policy: PolicyName) throws {
        #expect(try plan(policy.rawValue).policies.first == policy)
    }

    @Test("sizes come in order, with k, m and g for thousands")
    func sizes() throws {
        #expect(try plan("lru", "5k,20, 1,1g,3m").sizes == [1, 20, 5_000, 3_000_000, 1_000_000_000])
        #expect(try plan("lru", "1000g", format: "csv:a,b", unit: .bytes).sizes == [1_000_000_000_000])
    }

    @Test(
        "a size that is none is named, with what is allowed",
        arguments: [
            ("0", "0"), ("-5", "-5"), ("1,x", "x"), ("2.5", "2.5"), ("1,,2", "1,,2"), ("1e3", "1e3"), ("+1", "+1"),
            ("k", "k"), ("1000000001", "1000000001"), ("99999999999999999999", "99999999999999999999"),
            ("9223372036854775807g", "9223372036854775807g"),
        ])
    func badSizes(text: String, named: String) throws {
        let line = try #require(complaint("lru", text))
        #expect(line.hasPrefix("sagascope: --size \(named): write whole numbers from 1 to 1000000000 "))
    }

    @Test("a name that stands for nothing is told with those that do, and with the nearest")
    func badNames() throws {
        let near = try #require(complaint("lru,seive", "1"))
        #expect(near.hasPrefix("sagascope: --policy seive: there is no such policy; did you mean \"sieve\"? allowed: "))
        let far = try #require(complaint("belady-anomaly", "1"))
        for policy in PolicyName.allCases { #expect(far.contains(policy.rawValue)) }
        #expect(complaint("", "1")?.contains("no such policy; allowed: lru") == true)
        #expect(complaint(nil, "1", format: "lirs")?.contains(TraceFormat.words) == true)
    }

    @Test("what makes no sense together or twice is refused")
    func contradictions() {
        #expect(complaint("lru,arc,lru", "1") == "sagascope: --policy lru,arc,lru: lru is there twice")
        #expect(complaint("lru", "1k,1000") == "sagascope: --size 1k,1000: 1000 is there twice")
        for missing in [nil, ""] {
            #expect(complaint("lru", missing)?.contains("such as --size 1000") == true)
        }
        #expect(complaint("lru", "1", unit: .bytes)?.contains("the format text has no sizes") == true)
        #expect(complaint("lru", "1", format: "csv:1", unit: .bytes)?.contains("has no sizes") == true)
        for offline in ["opt", "opt-bypass"] {
            let line = complaint(offline, "1", format: "oracleGeneral", unit: .bytes)
            #expect(line?.contains("cannot be computed") == true)
        }
    }

    @Test("counters of W-TinyLFU take at most a gibibyte in all")
    func sketches() throws {
        #expect(complaint("wtinylfu-cm4", "128m") == nil)
        #expect(complaint("wtinylfu-cm4", "128m,1")?.contains("1073 MB are allowed") == true)
        #expect(complaint("wtinylfu-cm4,wtinylfu-adaptive", "128m") != nil)
        #expect(complaint("wtinylfu-exact,lru", "1g") == nil)
        #expect(complaint("wtinylfu-adaptive", "100g", format: "oracleGeneral", unit: .bytes) == nil)
    }
}
