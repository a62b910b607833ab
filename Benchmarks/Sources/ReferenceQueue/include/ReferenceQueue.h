#ifndef REFERENCE_QUEUE_H
#define REFERENCE_QUEUE_H

#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/// An event queue as C++ programmers write it: `std::priority_queue` over a struct with the agenda's order.
/// It cannot take an event out again, which the agenda can.
typedef struct ReferenceQueue ReferenceQueue;

ReferenceQueue *reference_queue_create(void);
void reference_queue_destroy(ReferenceQueue *queue);

/// Schedules an event with this subject.
void reference_queue_push(ReferenceQueue *queue, int64_t time, uint32_t subject);

/// The hold model: takes the next event out and schedules it anew, `rounds` times. Round n is put off by
/// increment n modulo `count`, a power of two. Returns a digest of the times and subjects in their order.
uint64_t reference_queue_hold(
    ReferenceQueue *queue, const int64_t *increments, uint64_t count, uint64_t rounds, uint64_t digest);

#ifdef __cplusplus
}
#endif

#endif
