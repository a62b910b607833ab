import Screen
import Testing

@Suite struct KeyTests {
    @Test(
        "A key's name leads back to the key",
        arguments: [
            (.character("x"), "x"), (.character("X"), "X"), (.character("é"), "é"), (.character("世"), "世"),
            (.character(" "), "Space"), (.character("-"), "-"), (.control("C"), "Ctrl-C"), (.control("\\"), "Ctrl-\\"),
            (.control("@"), "Ctrl-@"), (.function(1), "F1"), (.function(12), "F12"), (.up, "Up"), (.down, "Down"),
            (.left, "Left"), (.right, "Right"), (.home, "Home"), (.end, "End"), (.pageUp, "PgUp"), (.pageDown, "PgDn"),
            (.tab, "Tab"), (.backTab, "Shift-Tab"), (.enter, "Enter"), (.escape, "Esc"), (.backspace, "Backspace"),
            (.delete, "Delete"), (.insert, "Insert"), (.character("f"), "f"), (.character("F"), "F"),
        ] as [(Key, String)])
    func names(key: Key, name: String) {
        #expect(key.description == name)
        #expect(Key(name: name) == key)
    }

    @Test(
        "Long names may be written in any case",
        arguments: [("SPACE", .character(" ")), ("ctrl-c", .control("C")), ("esc", .escape), ("f5", .function(5))]
            as [(String, Key)])
    func anyCase(name: String, key: Key) {
        #expect(Key(name: name) == key)
    }

    @Test(
        "What is no key has no name",
        arguments: ["", " ", "xy", "Ctrl-", "Ctrl-1", "Ctrl-CC", "F0", "F99", "Fx", "\n", "\u{301}"])
    func noSuchKey(name: String) {
        #expect(Key(name: name) == nil)
    }
}
