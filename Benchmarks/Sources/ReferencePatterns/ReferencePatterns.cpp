#include "ReferencePatterns.h"

#include "Breaker.h"
#include "Quantile.h"
#include "Retry.h"
#include "Semaphore.h"
#include "TokenBucket.h"

namespace {

// A digest of decisions, as cheap as one can be: the measured loops pay for it.
struct Digest {
    uint64_t value = 0;

    void mix(uint64_t word) { value = (value ^ word) * 0x9e3779b97f4a7c15; }

    void mix(const std::optional<Semaphore::Waiter> &waiter) {
        if (waiter) mix(waiter->caller << 20 | uint64_t(waiter->waited));
    }
};

}  // namespace

struct ReferenceBreaker {
    Breaker breaker;
    int64_t now = 0;
};

ReferenceBreaker *reference_breaker_create(
    int64_t window, double failure_rate, int64_t slow_limit, double slow_rate, int64_t open_time, int64_t probes) {
    Breaker::Settings settings;
    settings.window = window;
    settings.minimumCalls = window;
    settings.probes = probes;
    settings.tripRule = Breaker::TripRule::rate;
    settings.failures = 0;
    settings.failureRate = failure_rate;
    settings.slowRate = slow_rate;
    settings.slowLimit = slow_limit;
    settings.judging = Breaker::Judging::everyResult;
    settings.openTime = open_time;
    settings.halfOpenLimit = open_time;
    return new ReferenceBreaker{Breaker(settings)};
}

void reference_breaker_destroy(ReferenceBreaker *breaker) { delete breaker; }

uint64_t reference_breaker_run(
    ReferenceBreaker *reference, const int64_t *took, const uint8_t *outcomes, uint64_t count, uint64_t uses) {
    Digest digest;
    for (uint64_t use = 0; use < uses; use += 1) {
        const uint64_t entry = use & (count - 1);
        const auto admission = reference->breaker.admit(reference->now);
        reference->now += took[entry];
        if (!admission.isPermitted) {
            digest.mix(uint64_t(admission.retryAfter));
            continue;
        }
        digest.mix(admission.generation);
        const auto transition = reference->breaker.record(
            Breaker::Outcome(outcomes[entry]), took[entry], admission.generation, reference->now);
        if (transition) digest.mix(uint64_t(transition->at) << 2 | uint64_t(transition->to));
    }
    return digest.value;
}

struct ReferenceTokenBucket {
    TokenBucket bucket;
    int64_t now = 0;
};

ReferenceTokenBucket *reference_token_bucket_create(int64_t limit, int64_t per, int64_t burst) {
    return new ReferenceTokenBucket{TokenBucket(limit, per, burst)};
}

void reference_token_bucket_destroy(ReferenceTokenBucket *bucket) { delete bucket; }

uint64_t reference_token_bucket_run(
    ReferenceTokenBucket *reference, const int64_t *gaps, uint64_t count, uint64_t uses) {
    Digest digest;
    for (uint64_t use = 0; use < uses; use += 1) {
        reference->now += gaps[use & (count - 1)];
        const auto decision = reference->bucket.acquire(1, reference->now);
        digest.mix(uint64_t(decision.wait) << 1 | decision.isGranted);
    }
    return digest.value;
}

struct ReferenceSemaphore {
    Semaphore semaphore;
    int64_t now = 0;
    uint64_t caller = 0;
};

ReferenceSemaphore *reference_semaphore_create(int64_t permits, int64_t maximum_wait) {
    return new ReferenceSemaphore{Semaphore(permits, maximum_wait)};
}

void reference_semaphore_destroy(ReferenceSemaphore *semaphore) { delete semaphore; }

uint64_t reference_semaphore_run(ReferenceSemaphore *reference, uint64_t uses) {
    Digest digest;
    for (uint64_t use = 0; use < uses; use += 1) {
        reference->now += 1000;
        digest.mix(reference->semaphore.acquire(use, reference->now).kind);
        digest.mix(reference->semaphore.release(reference->now));
    }
    return digest.value;
}

uint64_t reference_semaphore_wait(
    ReferenceSemaphore *reference, const int64_t *gaps, const uint8_t *asks, uint64_t count, uint64_t uses) {
    Digest digest;
    Semaphore &semaphore = reference->semaphore;
    for (uint64_t use = 0; use < uses; use += 1) {
        const uint64_t entry = use & (count - 1);
        reference->now += gaps[entry];
        while (const auto expired = semaphore.popExpired(reference->now)) digest.mix(expired);
        if (asks[entry]) {
            reference->caller += 1;
            const auto admission = semaphore.acquire(reference->caller, reference->now);
            digest.mix(uint64_t(admission.kind) << 32 | admission.position);
        } else {
            digest.mix(semaphore.release(reference->now));
        }
    }
    return digest.value;
}

struct ReferenceRetry {
    RetryPolicy policy;
    SplitMix random;
};

ReferenceRetry *reference_retry_create(
    int64_t attempts, int64_t initial, double factor, int64_t cap, uint64_t state, uint64_t increment) {
    RetryPolicy policy;
    policy.attempts = attempts;
    policy.backoff = RetryPolicy::Backoff::exponential;
    policy.initial = initial;
    policy.cap = cap;
    policy.factor = factor;
    policy.jitter = RetryPolicy::Jitter::full;
    policy.part = 0;
    return new ReferenceRetry{policy, SplitMix(state, increment)};
}

void reference_retry_destroy(ReferenceRetry *retry) { delete retry; }

uint64_t reference_retry_run(ReferenceRetry *retry, const uint8_t *attempts, uint64_t count, uint64_t uses) {
    Digest digest;
    for (uint64_t use = 0; use < uses; use += 1) {
        const auto wait = retry->policy.next(attempts[use & (count - 1)], 0, retry->random);
        digest.mix(wait ? uint64_t(*wait) : 1);
    }
    return digest.value;
}

struct ReferenceQuantile {
    WindowedQuantile window;
};

ReferenceQuantile *reference_quantile_create(int64_t samples) {
    return new ReferenceQuantile{WindowedQuantile(size_t(samples))};
}

void reference_quantile_destroy(ReferenceQuantile *window) { delete window; }

uint64_t reference_quantile_run(
    ReferenceQuantile *reference, const int64_t *samples, uint64_t count, uint64_t uses) {
    Digest digest;
    for (uint64_t use = 0; use < uses; use += 1) {
        reference->window.record(samples[use & (count - 1)]);
        digest.mix(uint64_t(reference->window.quantile(0.99)));
    }
    return digest.value;
}
