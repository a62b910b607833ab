import Sagas
import Timeline

// The locks that keep sagas from seeing what others have only half done.

extension World {
    /// A saga asks for its lock, or having been read back, once more; it waits, or knows at once.
    mutating func askForLock(_ slot: UInt32) {
        switch sagas.acquireLock(slot, at: port.now) {
        case .granted, .alreadyHeld: tell(slot, .lockGranted)
        case .waits(_, let place): note(saga: slot, .lockAwaited, .count(UInt32(clamping: place)))
        case .refused, nil: tell(slot, .lockRefused)
        }
    }

    /// A saga is over: those go on that have waited for what it had locked.
    mutating func passLocksOn(_ slot: UInt32) {
        let cause = sagas[slot].cause
        for next in sagas.releaseLocks(slot, at: port.now) {
            // One whose orchestrator has crashed finds that it holds the lock when it is taken over.
            if !sagas[next].isDown { tell(next, .lockGranted, cause: cause) }
        }
    }
}
