import Glibc

/// The processor time that this process has used, in seconds: what others do on the machine does not count.
func processorSeconds() -> Double {
    var time = timespec()
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time)
    return Double(time.tv_sec) + Double(time.tv_nsec) / 1e9
}

/// The time by the clock that some work takes, in seconds: for work that also waits for a disk.
func clockSeconds(by work: () throws -> Void) rethrows -> Double {
    let clock = ContinuousClock()
    let start = clock.now
    try work()
    let taken = (clock.now - start).components
    return Double(taken.seconds) + Double(taken.attoseconds) / 1e18
}

/// The processor time that some work takes, in seconds.
func secondsTaken(by work: () throws -> Void) rethrows -> Double {
    let start = processorSeconds()
    try work()
    return processorSeconds() - start
}
