import Caching
import Foundation
import Testing

@testable import sagascope

@Suite("Trace: command")
struct TraceCommandTests {
    /// The string of the textbooks.
    private static let keys = [7, 0, 1, 2, 0, 3, 0, 4, 2, 3, 0, 3, 2, 1, 2, 0, 1, 7, 0, 1]
    private static let text = keys.map { "\($0)\n" }.joined()

    /// Runs the command on a file of this text.
    private func run(_ arguments: String, on text: String = Self.text) throws -> Program {
        try inScratchFolder { folder in
            try Data(text.utf8).write(to: folder.appendingPathComponent("t"))
            return try Program(["trace", "t"] + arguments.split(separator: " ").map(String.init), in: folder)
        }
    }

    /// A report of requests that the command itself has not read from a file.
    private func report(_ plan: TracePlan, mostKept: Int) throws -> TraceReport {
        var comparison = TraceComparison(plan, mostKept: mostKept)
        var (parser, batch) = (TraceParser(plan.format), TraceBatch(capacity: 7))
        parser.feed(Array(Self.text.utf8))
        parser.finish()
        while try parser.fill(&batch) { comparison.replay(batch) }
        return TraceReport(trace: "t", name: "t", comparison: comparison, parser: parser)
    }

    @Test("a table for each size has the known hits, and what they lack to the optimum")
    func table() throws {
        let program = try run("--policy fifo,lru,sieve,lfu,arc --size 4,3")
        #expect(program.status == 0 && program.errors.isEmpty, "\(program.errors)")
        let speed = /(\ +)([0-9.]+[kM]?|-|req\/s)(?=\ +([0-9.]+|to opt)$)/.anchorsMatchLineEndings()
        let lines = program.output.replacing(speed, with: "").split(separator: "\n", omittingEmptySubsequences: false)
        #expect(
            lines.prefix(11).joined(separator: "\n") == """
                t: 20 requests, 6 distinct keys

                3 entries
                policy  requests  hits  hit %  to opt
                fifo          20     5  25.00   30.00
                lru           20     8  40.00   15.00
                sieve         20     9  45.00   10.00
                lfu           20     9  45.00   10.00
                arc           20     7  35.00   20.00
                opt           20    11  55.00    0.00

                """)
        #expect(lines.contains { $0.hasPrefix("sieve         20    12  60.00") }, "\(program.output)")
        #expect(lines.allSatisfy { $0.count <= 80 })
    }

    @Test("the JSON alone is on standard output, with every key")
    func json() throws {
        let program = try run("--policy lru --size 3 --report json")
        let object = try JSONSerialization.jsonObject(with: Data(program.output.utf8)) as? [String: Any]
        let report = try #require(object)
        #expect(report["trace"] as? String == "t" && report["format"] as? String == "text")
        #expect(report["unit"] as? String == "entries" && report["schemaVersion"] as? Int == 1)
        #expect(report["requests"] as? Int == 20 && report["distinctKeys"] as? Int == 6)
        let rows = try #require(report["rows"] as? [[String: Any]])
        #expect(rows.map { $0["policy"] as? String } == ["lru", "opt"])
        #expect(rows.map { $0["hits"] as? Int } == [8, 11] && rows.map { $0["size"] as? Int } == [3, 3])
        let keys: Set = ["policy", "size", "requests", "hits", "bytesHit", "seconds", "hitRatio", "byteHitRatio"]
        for row in rows {
            #expect(Set(row.keys) == keys && row["bytesHit"] as? Int == row["hits"] as? Int)
            #expect(row["seconds"] as? Double ?? -1 >= 0)
        }
    }

    @Test("sizes of entries count in the byte hit ratio, and as weights with --unit bytes")
    func bytes() throws {
        let text = "key,size\na,10\nb,90\na,10\nc,0\na,10\n"
        let entries = try run("--policy lru --size 5 --format csv:key,size", on: text)
        #expect(entries.output.contains("t: 4 requests, 2 distinct keys, 1 of size 0 skipped"), "\(entries.errors)")
        #expect(entries.output.contains("byte %") && entries.output.contains("4     2  50.00   16.67"))
        // b is heavier than the whole cache.
        let bytes = try run("--policy lru --size 50 --format csv:key,size --unit bytes --report json", on: text)
        #expect(bytes.output.contains("\"hits\": 2") && bytes.output.contains("\"bytesHit\": 20"))
        #expect(!bytes.output.contains("opt"))
        #expect(bytes.errors == "t: opt is left out: with --unit bytes the optimum cannot be computed\n")
    }

    @Test("a trace that is too long to be kept has no optimum, and says so; the rest is there")
    func tooLong() throws {
        let plan = try TracePlan(policies: "lru", sizes: "3", format: "text", unit: .entries)
        let (long, short) = (try report(plan, mostKept: 19), try report(plan, mostKept: 20))
        #expect(long.rows.map(\.policy) == [.lru] && long.rows[0].tally.hits == 8)
        #expect(long.note?.hasPrefix("opt left out") == true && !long.lacksWhatWasAsked)
        #expect(!long.text.contains("to opt"))
        #expect(short.rows.map(\.tally.hits) == [8, 11] && short.note == nil)
        let asked = try TracePlan(policies: "opt-bypass", sizes: "3", format: "text", unit: .entries)
        #expect(try report(asked, mostKept: 19).lacksWhatWasAsked)
    }

    @Test("a trace comes by a pipe as well, however it is cut")
    func pipe() throws {
        let pipe = Pipe()
        let writer = pipe.fileHandleForWriting
        // A thread of its own: the test waits for it, and would keep a task from ever running.
        Thread.detachNewThread {
            for byte in Self.text.utf8 { try? writer.write(contentsOf: [byte]) }
            try? writer.close()
        }
        let program = try Program(["trace", "-", "--size", "3"], input: pipe.fileHandleForReading)
        #expect(program.status == 0 && program.output.hasPrefix("standard input: 20 requests, 6 distinct keys\n"))
    }

    @Test("the chart comes below the tables, the report goes into a file")
    func chart() throws {
        let program = try run("--policy lru --size 2,4 --chart")
        #expect(program.status == 0 && program.output.hasSuffix("\na = lru   b = opt   * = several\n"))
        try inScratchFolder { folder in
            try Data(Self.text.utf8).write(to: folder.appendingPathComponent("t"))
            let written = try Program(["trace", "t", "--size", "3", "--out", "report"], in: folder)
            #expect(written.status == 0 && written.output.isEmpty)
            let report = try String(contentsOf: folder.appendingPathComponent("report"), encoding: .utf8)
            #expect(report.hasPrefix("t: 20 requests") && report.hasSuffix("points\n"))
        }
    }

    @Test(
        "what is wrong with a trace is told in one line, with its place",
        arguments: [
            ("1 1 0 0\n5 x 0 0\n", "--size 3 --format arc", "t: line 2: column 2 holds \"x\" where a number should be"),
            ("", "--size 3", "t: the trace holds no requests"), ("*\n\n", "--size 3", "t: the trace holds no requests"),
            ("a,0\n", "--size 3 --format csv:1,2", "t: the trace holds no requests but 1 of size 0"),
            ("12345", "--size 3 --format int32be", "t: byte offset 4: the input ends after 1 of the 4 bytes"),
            ("ab", "--size 3 --format int64be", "t: byte offset 0: the input ends after 2 of the 8"),
        ])
    func badTraces(text: String, arguments: String, message: String) throws {
        let program = try run(arguments, on: text)
        #expect(program.status == 65 && program.output.isEmpty)
        #expect(program.errors.hasPrefix(message), "\(program.errors)")
        #expect(program.errors.split(separator: "\n").count == 1)
    }

    @Test("what cannot be opened, read, drawn or written is told in one line")
    func refusals() throws {
        let rows: [(arguments: String, status: Int32, message: String)] = [
            ("none --size 3", 65, "none: there is no such file"), (". --size 3", 65, ".: this is a folder"),
            ("t", 64, "--size is missing"), ("t --size -5", 64, "--size -5: write whole numbers"),
            ("t --size 3 --policy rlu", 64, "did you mean \"lru\"?"),
            ("t --size 3 --chart", 64, "name two or more"),
            ("t --size 3,4 --chart --report json", 64, "--chart cannot go with --report json"),
            ("t --size 3 --out none/x", 74, "none/x"), ("packed --size 3", 65, "gzip -dc FILE | sagascope trace -"),
        ]
        try inScratchFolder { folder in
            try Data(Self.text.utf8).write(to: folder.appendingPathComponent("t"))
            try Data([0x1f, 0x8b, 0x08, 0, 0, 0, 0, 0]).write(to: folder.appendingPathComponent("packed"))
            for row in rows {
                let arguments = row.arguments.split(separator: " ").map(String.init)
                let program = try Program(["trace"] + arguments, in: folder)
                #expect(program.status == row.status && program.output.isEmpty, "\(row.arguments)")
                #expect(program.errors.contains(row.message), "\(row.arguments): \(program.errors)")
                #expect(program.errors.split(separator: "\n").count == 1)
            }
        }
    }

    @Test("the help names every format and policy")
    func help() throws {
        let program = try Program(["help", "traces"])
        let lines = program.output.split(separator: "\n").map { $0.drop { $0 == " " } }
        let policies = PolicyName.allCases.map(\.rawValue)
        for word in TraceFormat.words.split(separator: ", ").map(String.init) + policies {
            #expect(lines.contains { $0.hasPrefix(word + " ") }, "\(word)")
        }
        #expect(try Program(["help", "trace"]).output.contains("--policy"))
    }
}
