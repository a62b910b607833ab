#pragma once

#include <cstdint>
#include <limits>

/// A token bucket that keeps when it will be full, in whole numbers.
class TokenBucket {
  public:
    struct Decision {
        bool isGranted;
        // How long to wait before the permits are used, or before asking again.
        int64_t wait;
    };

    TokenBucket(int64_t limit, int64_t per, int64_t burst) : limit(limit), per(per), burst(burst) {}

    Decision acquire(int64_t permits, int64_t now, int64_t maxWait = 0);

  private:
    // Of moments in parts of a nanosecond: as many parts as the limit has permits.
    using Parts = __int128;

    int64_t limit, per, burst;
    Parts fullAt = -(Parts(1) << 100);
    int64_t latest = std::numeric_limits<int64_t>::min();

    struct {
        int64_t granted = 0, delayed = 0, rejected = 0, permits = 0, givenBack = 0;
    } totals;

    Decision decide(int64_t permits, int64_t now, int64_t maxWait);
    Parts roundedUp(Parts parts) const;
};
