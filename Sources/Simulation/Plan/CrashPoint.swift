/// Where the orchestrator of a saga crashes: each a moment at which something could be lost.
///
/// Source: Conductor's matrix of failures; the debug triggers of DBOS.
public enum CrashPoint: String, CaseIterable, Hashable, Sendable {
    /// A step is to be called, which is not stored yet.
    case beforeIntent = "before-intent"
    /// That a step is to be called is stored, and it has not been called.
    case afterIntent = "after-intent"
    /// A step has been called.
    case afterSend = "after-send"
    /// The reply has come, and is not stored yet.
    case beforeReply = "before-reply"
    /// An undo is to be called, which is not stored yet.
    case beforeUndoIntent = "before-undo-intent"
    /// That an undo is to be called is stored, and it has not been called.
    case afterUndoIntent = "after-undo-intent"
    /// An undo has been called.
    case afterUndoSend = "after-undo-send"
    /// An undo's reply has come, and is not stored yet.
    case beforeUndoReply = "before-undo-reply"
}
