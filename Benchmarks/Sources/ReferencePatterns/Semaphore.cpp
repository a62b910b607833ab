#include "Semaphore.h"

#include <algorithm>

Semaphore::Admission Semaphore::acquire(uint64_t caller, int64_t now) {
    totals.asked += 1;
    if (inUse < permits) {
        take(0);
        return {Admission::permitted, 0, 0, 0, 0, 0};
    }
    if (maximumWait <= 0) {
        totals.rejected += 1;
        return {Admission::rejected, 0, 0, inUse, permits, line.count};
    }
    const int64_t deadline = maximumWait == never ? never : now + maximumWait;
    const uint32_t ticket = line.append(caller, now, deadline);
    if (deadline != never) deadlines.insert({deadline, uint64_t(totals.asked), ticket});
    return {Admission::waiting, line.count, ticket, 0, 0, 0};
}

std::optional<Semaphore::Waiter> Semaphore::release(int64_t now) {
    if (inUse <= 0) return std::nullopt;
    inUse -= 1;
    totals.finished += 1;
    return handOver(now);
}

std::optional<Semaphore::Waiter> Semaphore::popExpired(int64_t now) {
    const uint32_t late = refused.first();
    if (late != 0) {
        const auto caller = refused.remove(late);
        return Waiter{caller.caller, std::max<int64_t>(0, now - caller.since)};
    }
    const DeadlineHeap::Entry *first = deadlines.first();
    if (first == nullptr || first->deadline > now) return std::nullopt;
    const uint32_t slot = first->slot;
    countTimeOut();
    return leave(slot, now);
}

std::optional<Semaphore::Waiter> Semaphore::handOver(int64_t now) {
    if (inUse >= permits) return std::nullopt;
    while (line.count > 0) {
        const uint32_t slot = line.first();
        if (line[slot].deadline <= now && line[slot].deadline != never) {
            refuse(slot);
            continue;
        }
        const Waiter next = leave(slot, now);
        take(next.waited);
        return next;
    }
    return std::nullopt;
}

void Semaphore::refuse(uint32_t slot) {
    deadlines.remove(slot);
    const auto caller = line.remove(slot);
    refused.append(caller.caller, caller.since, caller.deadline);
    countTimeOut();
}

Semaphore::Waiter Semaphore::leave(uint32_t slot, int64_t now) {
    deadlines.remove(slot);
    const auto caller = line.remove(slot);
    return {caller.caller, std::max<int64_t>(0, now - caller.since)};
}

void Semaphore::take(int64_t waited) {
    inUse += 1;
    totals.permitted += 1;
    totals.mostInUse = std::max(totals.mostInUse, inUse);
    totals.waited += waited;
    totals.longestWait = std::max(totals.longestWait, waited);
}

void Semaphore::countTimeOut() {
    totals.rejected += 1;
    totals.timedOut += 1;
}
