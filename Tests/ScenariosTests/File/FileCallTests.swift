import Scenarios
import Testing

@Suite("Calls of a scenario")
struct FileCallTests {
    @Test("A circle of calls is shown")
    func circle() {
        let services = """
            a: {operations: {x: [call b.y]}}
            b: {operations: {y: {calls: [call c.z]}}}
            c: {operations: {z: [a.x]}}
            """
        let problems = Slip.problems(in: small(services: services))
        #expect(problems == ["f:7:24: calls go round in a circle: a.x -> b.y -> c.z -> a.x"])
    }

    @Test("Calls may nest 64 deep, in whatever order they are declared", arguments: [true, false])
    func depth(isDeclaredFromTheTop: Bool) {
        func services(_ count: Int) -> String {
            let all = (0..<count).map { "s\($0): {operations: {x: [\($0 + 1 < count ? "call s\($0 + 1).x" : "")]}}" }
            return (isDeclaredFromTheTop ? all : all.reversed()).joined(separator: "\n")
        }
        #expect(Slip.problems(in: small(services: services(64))).isEmpty)
        #expect(!Slip.problems(in: small(services: services(65))).isEmpty)
        #expect(!Slip.problems(in: small(services: services(900))).isEmpty)
    }

    @Test("One request may come to 10000 calls")
    func breadth() {
        func services(_ calls: Int) -> String {
            let list = Array(repeating: "call b.y", count: calls).joined(separator: ", ")
            let inner = Array(repeating: "call c.z", count: 99).joined(separator: ", ")
            return "a: {operations: {x: [\(list)]}}\nb: {operations: {y: [\(inner)]}}\nc: {}"
        }
        #expect(Slip.problems(in: small(services: services(99))).isEmpty)
        #expect(Slip.problems(in: small(services: services(100))).count == 1)
        #expect(Slip.problems(in: small(services: services(300))).count == 2)
    }

    @Test("There is an end to services, and to users")
    func sizes() {
        let many = (0..<1_100).map { "s\($0): {}" }.joined(separator: "\n")
        #expect(Slip.problems(in: small(services: many)) == ["f:1:1: 1102 services are too many; allowed: 1000"])
        let crowd = "c: {call: back.x, users: 600000}\nd: {call: back.x, users: 600000}"
        #expect(Slip.problems(in: small(load: crowd)).count == 1)
    }

    @Test("There is an end to breakers, limiters and compartments, and to connections")
    func guardSizes() {
        let operations = (0..<1_300).map { "    o\($0): {}" }.joined(separator: "\n")
        let labels = ["breaker"] + (2...8).map { "breaker \($0)" }
        func edges(_ count: Int) -> String {
            (0..<count).map { number in
                "a\(number) -> t:\n  guards: [\(labels.joined(separator: ", "))]\n"
                    + labels.map { "  \($0): {each: operation}\n" }.joined()
            }.joined()
        }
        let services =
            (0..<10).map { "a\($0): {}\n" }.joined() + "t:\n  operations:\n\(operations)"
        #expect(Slip.problems(in: small(services: services, edges: edges(9))).isEmpty)
        #expect(
            Slip.problems(in: small(services: services, edges: edges(10))) == [
                "f:1:1: 104000 breakers, limiters and compartments are too many; allowed: 100000"
            ])
        let pools = "guards: [connections], connections: {max: 65536, pools: 16}"
        #expect(Slip.problems(in: small(edges: "people -> front: {\(pools)}")).isEmpty)
        #expect(
            Slip.problems(in: small(edges: "people -> front: {\(pools)}\nfront -> back: {\(pools)}")) == [
                "f:1:1: 2097152 connections are too many; allowed: 1048576"
            ])
    }
}
