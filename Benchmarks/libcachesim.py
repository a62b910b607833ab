"""Times libCacheSim's own loop over a trace, as the reference of the benchmark `caching`.

    python -I libcachesim.py TRACE SIZE

TRACE is in libCacheSim's binary format oracleGeneral, SIZE in entries. Policies come on standard input, by the names
of libcachesim's classes, one a line; for each the trace is replayed once, and the answer is a line with the processor
time in seconds and the share of requests that were missed. (-I since the package has the same name as this file.)
"""

import sys
import time

import libcachesim

# The tables of libCacheSim do not fit the cache by themselves: the default, 2 to the power of 24, is far too large for
# speed. So the first time the fastest is looked for.
POWERS = range(13, 19)
TRIALS = 3


def main(trace, size):
    parameters = libcachesim.ReaderInitParam(ignore_obj_size=True)
    reader = libcachesim.TraceReader(trace, libcachesim.TraceType.ORACLE_GENERAL_TRACE, parameters)

    def replay(policy, power):
        cache = getattr(libcachesim, policy)(size, hashpower=power)
        start = time.process_time()
        missed, _ = cache.process_trace(reader)
        return time.process_time() - start, missed

    fastest = {}
    for line in sys.stdin:
        policy = line.strip()
        if policy not in fastest:
            fastest[policy] = min(POWERS, key=lambda power: min(replay(policy, power)[0] for _ in range(TRIALS)))
        print(*replay(policy, fastest[policy]), flush=True)


main(sys.argv[1], int(sys.argv[2]))
