#pragma once

#include <cstdint>
#include <optional>

class SplitMix {
  public:
    SplitMix(uint64_t state, uint64_t increment) : state(state), increment(increment) {}

    // In [0, 1).
    double uniform() {
        state += increment;
        uint64_t z = state;
        z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9;
        z = (z ^ (z >> 27)) * 0x94d049bb133111eb;
        return double((z ^ (z >> 31)) >> 11) * 0x1p-53;
    }

  private:
    uint64_t state, increment;
};

/// Whether and when to try again.
struct RetryPolicy {
    enum class Backoff : uint8_t { constant, linear, exponential };
    enum class Jitter : uint8_t { none, full, equal, decorrelated, proportional };

    int64_t attempts;
    Backoff backoff;
    int64_t initial, cap;
    double factor;
    Jitter jitter;
    // Of proportional jitter.
    double part;

    // The wait after an attempt, from 1; nothing after the last. The wait before it is what decorrelated jitter needs.
    std::optional<int64_t> next(int64_t attempt, int64_t previous, SplitMix &random) const;

  private:
    int64_t longest(int64_t attempt) const;
};
