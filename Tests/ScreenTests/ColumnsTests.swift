import Screen
import Testing

@Suite struct ColumnsTests {
    @Test(
        "A scalar takes as many columns as a terminal gives it",
        arguments: [
            ("a", 1), ("~", 1), ("é", 1), ("·", 1), ("─", 1), ("█", 1), ("▶", 1), ("⣿", 1), ("✓", 1), ("…", 1),
            ("ж", 1),
            ("世", 2), ("ｱ", 1), ("ア", 2), ("한", 2), ("Ａ", 2), ("🔒", 2), ("⚡", 2), ("✅", 2), ("🚀", 2), ("\u{3000}", 2),
            ("\u{301}", 0), ("\u{200B}", 0), ("\u{200D}", 0), ("\u{FE0F}", 0), ("\u{202E}", 0), ("\u{1F3FB}", 0),
            ("\u{1F1E9}", 1), ("⚠", 1), ("\u{AD}", 0), ("\u{20000}", 2), ("\u{E000}", 1),
        ] as [(Unicode.Scalar, Int)])
    func columns(scalar: Unicode.Scalar, columns: Int) {
        #expect(scalar.columns == columns)
    }

    @Test(
        "A text is cut so that it and the ellipsis fit",
        arguments: [
            ("hello", 5, "hello"), ("hello", 4, "hel…"), ("hello", 1, "…"), ("hello", 0, ""), ("hello", -3, ""),
            ("", 0, ""),
            ("世界世", 6, "世界世"), ("世界世", 5, "世界…"), ("世界世", 4, "世…"), ("世界世", 2, "…"),
            ("cafe\u{301}s", 5, "cafe\u{301}s"),
        ])
    func truncation(text: String, limit: Int, expected: String) {
        let cut = text.truncated(to: limit, ellipsis: "…")
        #expect(cut == expected)
        #expect(cut.columns <= max(0, limit))
    }
}
