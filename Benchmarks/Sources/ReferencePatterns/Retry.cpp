#include "Retry.h"

#include <algorithm>

static int64_t rounded(double length) { return int64_t(length + 0.5); }

std::optional<int64_t> RetryPolicy::next(int64_t attempt, int64_t previous, SplitMix &random) const {
    if (attempt >= attempts) return std::nullopt;
    const int64_t length = longest(attempt);
    if (jitter == Jitter::none) return length;
    const double share = random.uniform();
    switch (jitter) {
    case Jitter::none: return length;
    case Jitter::full: return std::min(length, rounded(double(length) * share));
    case Jitter::equal: return std::min(length, length / 2 + rounded(double(length - length / 2) * share));
    case Jitter::decorrelated:
        return std::min(cap, initial + rounded(double(std::max(previous, initial) * 3 - initial) * share));
    case Jitter::proportional: return std::min(cap, rounded(double(length) * (1 - part + 2 * part * share)));
    }
    __builtin_unreachable();
}

// Without chance.
int64_t RetryPolicy::longest(int64_t attempt) const {
    switch (backoff) {
    case Backoff::constant: return initial;
    case Backoff::linear: {
        int64_t length;
        return __builtin_mul_overflow(initial, attempt, &length) ? cap : std::min(length, cap);
    }
    case Backoff::exponential: {
        double length = double(initial), square = factor;
        for (int64_t rest = attempt - 1; rest > 0; rest >>= 1) {
            if (rest & 1) length *= square;
            square *= square;
        }
        return length < double(cap) ? rounded(length) : cap;
    }
    }
    __builtin_unreachable();
}
