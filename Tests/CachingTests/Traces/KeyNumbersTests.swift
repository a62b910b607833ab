import Caching
import Testing
import Timeline

@Suite("Numbers of keys")
struct KeyNumbersTests {
    @Test("numbers are those that a dictionary gives, through every growth of the table")
    func agrees() throws {
        for spread: UInt64 in [1, 4_096, 832_040, 1 << 44, 0x9e37_79b9_7f4a_7c15] {
            var random = RandomStream(seed: spread, name: "keys", purpose: "lookups")
            var numbers = KeyNumbers()
            var model: [UInt64: UInt32] = [:]
            for _ in 0..<6_000 {
                let key = random.below(2_000) &* spread
                let expected = model[key] ?? UInt32(model.count)
                model[key] = expected
                guard try numbers.number(of: key) == expected else {
                    Issue.record("\(key), of the multiples of \(spread)")
                    break
                }
            }
            #expect(numbers.count == UInt32(model.count))
        }
    }

    @Test("texts of all lengths are told apart by a single byte")
    func texts() throws {
        var numbers = KeyNumbers()
        var texts: [[UInt8]] = [[]]
        for count in 1...20 {
            let text = [UInt8](repeating: UInt8(ascii: "a"), count: count)
            texts.append(text)
            for place in 0..<count {
                var other = text
                other[place] = UInt8(ascii: "b")
                texts.append(other)
            }
        }
        for _ in 0..<2 {
            for (index, text) in texts.enumerated() {
                let number = try numbers.number(ofText: text.span)
                #expect(number == UInt32(index))
            }
        }
    }

    @Test("texts of the same hash are different keys")
    func collisions() throws {
        // A NUL is nothing in a number, and the lengths make up for the last letters.
        let texts: [[UInt8]] = [[0x61], [0, 0x62], [0, 0, 0x63], [0, 0, 0, 0x64]]
        var numbers = KeyNumbers()
        for _ in 0..<2 {
            for (index, text) in texts.enumerated() {
                let number = try numbers.number(ofText: text.span)
                #expect(number == UInt32(index))
            }
        }
    }

    @Test("integers and texts share the numbers, and an integer's digits are the integer")
    func shared() throws {
        var numbers = KeyNumbers()
        let text: [UInt8] = Array("x".utf8)
        let digits: [UInt8] = Array("12".utf8)
        #expect(try numbers.number(of: 7) == 0)
        #expect(try numbers.number(ofText: text.span) == 1)
        #expect(try numbers.number(ofText: digits.span) == 2)
        #expect(try numbers.number(of: 12) == 2)
        #expect(numbers.count == 3)
    }

    @Test("one key more than the limit is an error, and those before are known for ever")
    func limit() throws {
        var numbers = KeyNumbers(limit: 2)
        let text: [UInt8] = Array("x".utf8)
        let other: [UInt8] = Array("y".utf8)
        #expect(try numbers.number(of: 7) == 0)
        #expect(try numbers.number(ofText: text.span) == 1)
        let expected = TraceError.Problem.tooManyKeys(limit: 2)
        #expect(throws: expected) { try numbers.number(of: 8) }
        #expect(throws: expected) { try numbers.number(ofText: other.span) }
        #expect(try numbers.number(of: 7) == 0)
        #expect(try numbers.number(ofText: text.span) == 1)
    }
}
