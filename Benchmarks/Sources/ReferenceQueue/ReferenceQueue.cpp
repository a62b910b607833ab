#include "ReferenceQueue.h"

#include <queue>
#include <vector>

namespace {

// What a scheduled event holds in the agenda: time, class and sequence, kind and subject.
struct Event {
    int64_t time;
    uint64_t order;
    uint32_t subject;
    uint32_t kind;
};

static_assert(sizeof(Event) == 24, "an event is as large as the agenda's key and event together");

struct IsLater {
    bool operator()(const Event &left, const Event &right) const {
        return left.time != right.time ? left.time > right.time : left.order > right.order;
    }
};

const uint64_t workClass = uint64_t(2) << 61;

}  // namespace

struct ReferenceQueue {
    std::priority_queue<Event, std::vector<Event>, IsLater> events;
    uint64_t sequence = 0;

    void push(int64_t time, uint32_t subject) {
        events.push(Event{time, workClass | sequence, subject, 1});
        sequence += 1;
    }
};

ReferenceQueue *reference_queue_create(void) { return new ReferenceQueue; }

void reference_queue_destroy(ReferenceQueue *queue) { delete queue; }

void reference_queue_push(ReferenceQueue *queue, int64_t time, uint32_t subject) { queue->push(time, subject); }

uint64_t reference_queue_hold(
    ReferenceQueue *queue, const int64_t *increments, uint64_t count, uint64_t rounds, uint64_t digest) {
    for (uint64_t round = 0; round < rounds; round += 1) {
        const Event next = queue->events.top();
        queue->events.pop();
        digest = (digest ^ uint64_t(next.time) ^ next.subject) * 0x9e3779b97f4a7c15;
        queue->push(next.time + increments[round & (count - 1)], next.subject);
    }
    return digest;
}
