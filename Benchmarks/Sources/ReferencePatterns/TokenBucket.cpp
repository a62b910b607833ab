#include "TokenBucket.h"

#include <algorithm>

static const int64_t never = std::numeric_limits<int64_t>::max();

TokenBucket::Decision TokenBucket::acquire(int64_t permits, int64_t now, int64_t maxWait) {
    latest = std::max(latest, now);
    const Decision decision = decide(permits, now, maxWait);
    if (!decision.isGranted) {
        totals.rejected += 1;
    } else {
        (decision.wait == 0 ? totals.granted : totals.delayed) += 1;
        totals.permits += std::max<int64_t>(0, permits);
    }
    return decision;
}

TokenBucket::Decision TokenBucket::decide(int64_t permits, int64_t now, int64_t maxWait) {
    if (permits > burst) return {false, never};
    const Parts cost = Parts(std::max<int64_t>(0, permits)) * per;
    const Parts present = Parts(latest) * limit;
    const Parts before = std::max(fullAt, present);
    const Parts earned = before + cost - Parts(burst) * per;
    if (earned <= present) {
        fullAt = before + cost;
        return {true, 0};
    }
    const Parts due = roundedUp(earned);
    if (due >= never) return {false, never};
    const int64_t wait = int64_t(due) - now;
    if (wait > maxWait) return {false, wait - std::max<int64_t>(0, maxWait)};
    fullAt = std::max(before, due * limit) + cost;
    return {true, wait};
}

TokenBucket::Parts TokenBucket::roundedUp(Parts parts) const {
    // A division of 128 bits takes several times as long, and is seldom needed.
    const int64_t narrow = int64_t(parts);
    if (narrow == parts) return narrow / limit + (narrow % limit > 0 ? 1 : 0);
    return parts / limit + (parts % limit > 0 ? 1 : 0);
}
