#ifndef REFERENCE_PATTERNS_H
#define REFERENCE_PATTERNS_H

#include <stdbool.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

// The patterns as C++ programmers write them: the same decisions and the same counts from the same data structures. As
// ours are, they are libraries of their own, with their common options, compiled apart from the loops that use them.
//
// Each `run` makes `uses` uses. Use n takes entry n modulo `count`, a power of two, of its tables, in nanoseconds
// where they are times. The clock goes on from run to run. The result is a digest of the decisions in their order.

/// A circuit breaker over the last calls that opens at a rate of failures or slow calls.
typedef struct ReferenceBreaker ReferenceBreaker;

/// Judged by rates once the window is full; a half-open phase is limited by the open time too.
ReferenceBreaker *reference_breaker_create(
    int64_t window, double failure_rate, int64_t slow_limit, double slow_rate, int64_t open_time, int64_t probes);
void reference_breaker_destroy(ReferenceBreaker *breaker);

/// Calls one after the other: asks for a permit, and after what the call took records its outcome, 0 for success and
/// 1 for failure.
uint64_t reference_breaker_run(
    ReferenceBreaker *breaker, const int64_t *took, const uint8_t *outcomes, uint64_t count, uint64_t uses);

/// A token bucket in whole numbers: so many permits per length of time and a burst.
typedef struct ReferenceTokenBucket ReferenceTokenBucket;

ReferenceTokenBucket *reference_token_bucket_create(int64_t limit, int64_t per, int64_t burst);
void reference_token_bucket_destroy(ReferenceTokenBucket *bucket);

/// Asks for a permit after each of the gaps, and waits for none.
uint64_t reference_token_bucket_run(
    ReferenceTokenBucket *bucket, const int64_t *gaps, uint64_t count, uint64_t uses);

/// A semaphore whose callers wait in line, each until its deadline.
typedef struct ReferenceSemaphore ReferenceSemaphore;

ReferenceSemaphore *reference_semaphore_create(int64_t permits, int64_t maximum_wait);
void reference_semaphore_destroy(ReferenceSemaphore *semaphore);

/// Asks for a permit and hands it back.
uint64_t reference_semaphore_run(ReferenceSemaphore *semaphore, uint64_t uses);

/// After each of the gaps a caller asks for a permit where the table says 1, and another hands one back where it says
/// 0. Those whose wait is over are refused before that.
uint64_t reference_semaphore_wait(
    ReferenceSemaphore *semaphore, const int64_t *gaps, const uint8_t *asks, uint64_t count, uint64_t uses);

/// A wait before the next attempt: exponential back-off with full jitter.
typedef struct ReferenceRetry ReferenceRetry;

/// The random numbers are those of a SplitMix generator with this state and increment.
ReferenceRetry *reference_retry_create(
    int64_t attempts, int64_t initial, double factor, int64_t cap, uint64_t state, uint64_t increment);
void reference_retry_destroy(ReferenceRetry *retry);

/// Asks for the wait after each of these attempts.
uint64_t reference_retry_run(ReferenceRetry *retry, const uint8_t *attempts, uint64_t count, uint64_t uses);

/// The exact quantiles of the last samples, which stand in a ring and in order.
typedef struct ReferenceQuantile ReferenceQuantile;

ReferenceQuantile *reference_quantile_create(int64_t samples);
void reference_quantile_destroy(ReferenceQuantile *window);

/// Adds a sample and asks for the 99th percentile.
uint64_t reference_quantile_run(ReferenceQuantile *window, const int64_t *samples, uint64_t count, uint64_t uses);

#ifdef __cplusplus
}
#endif

#endif
