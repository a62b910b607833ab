import Screen
import Testing

@Suite struct KeyTests {
    @Test(
        "A key has the name that a table of keys prints",
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
    }
}
