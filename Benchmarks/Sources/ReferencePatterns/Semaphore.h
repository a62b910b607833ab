#pragma once

#include <cstdint>
#include <limits>
#include <optional>
#include <vector>

// Those who wait, in a list whose links lie in memory that is used again. Slot 0 is that of nobody, where the circle
// of the others begins and ends.
class Line {
  public:
    struct Waiter {
        uint64_t caller;
        int64_t since, deadline;
        uint32_t ahead, behind;
    };

    size_t count = 0;

    Line() : slots(1) {}

    uint32_t first() const { return slots[0].behind; }
    const Waiter &operator[](uint32_t slot) const { return slots[slot]; }

    uint32_t append(uint64_t caller, int64_t since, int64_t deadline) {
        const uint32_t last = slots[0].ahead;
        const Waiter waiter{caller, since, deadline, last, 0};
        uint32_t slot = firstFree;
        if (slot == 0) {
            slot = uint32_t(slots.size());
            slots.push_back(waiter);
        } else {
            firstFree = slots[slot].behind;
            slots[slot] = waiter;
        }
        slots[last].behind = slot;
        slots[0].ahead = slot;
        count += 1;
        return slot;
    }

    Waiter remove(uint32_t slot) {
        const Waiter waiter = slots[slot];
        slots[waiter.ahead].behind = waiter.behind;
        slots[waiter.behind].ahead = waiter.ahead;
        slots[slot].behind = firstFree;
        firstFree = slot;
        count -= 1;
        return waiter;
    }

  private:
    std::vector<Waiter> slots;
    uint32_t firstFree = 0;
};

// A binary heap that knows where each slot is.
class DeadlineHeap {
  public:
    struct Entry {
        int64_t deadline;
        uint64_t arrival;
        uint32_t slot;

        bool isBefore(const Entry &other) const {
            return deadline != other.deadline ? deadline < other.deadline : arrival < other.arrival;
        }
    };

    const Entry *first() const { return entries.empty() ? nullptr : &entries.front(); }

    void insert(Entry entry) {
        if (positions.size() <= entry.slot) positions.resize(entry.slot + 1, -1);
        entries.push_back(entry);
        rise(entries.size() - 1, entry);
    }

    void remove(uint32_t slot) {
        if (slot >= positions.size() || positions[slot] < 0) return;
        const size_t position = size_t(positions[slot]);
        positions[slot] = -1;
        const Entry last = entries.back();
        entries.pop_back();
        if (position < entries.size()) rise(sink(position, last), last);
    }

  private:
    std::vector<Entry> entries;
    std::vector<int32_t> positions;

    void rise(size_t position, Entry entry) {
        while (position > 0 && entry.isBefore(entries[(position - 1) / 2])) {
            put(entries[(position - 1) / 2], position);
            position = (position - 1) / 2;
        }
        put(entry, position);
    }

    // Returns the place that is free for the entry.
    size_t sink(size_t position, const Entry &entry) {
        while (2 * position + 1 < entries.size()) {
            size_t child = 2 * position + 1;
            if (child + 1 < entries.size() && entries[child + 1].isBefore(entries[child])) child += 1;
            if (!entries[child].isBefore(entry)) break;
            put(entries[child], position);
            position = child;
        }
        return position;
    }

    void put(const Entry &entry, size_t position) {
        entries[position] = entry;
        positions[entry.slot] = int32_t(position);
    }
};

/// A number of permits; callers wait for one in line, each until its deadline.
class Semaphore {
  public:
    static constexpr int64_t never = std::numeric_limits<int64_t>::max();

    struct Waiter {
        uint64_t caller;
        int64_t waited;
    };

    struct Admission {
        enum Kind : uint8_t { permitted, waiting, rejected } kind;
        // Of one that waits.
        size_t position;
        uint32_t ticket;
        // Of one that was refused.
        int64_t inUse, permits;
        size_t queued;
    };

    Semaphore(int64_t permits, int64_t maximumWait) : permits(permits), maximumWait(maximumWait) {}

    Admission acquire(uint64_t caller, int64_t now);
    std::optional<Waiter> release(int64_t now);
    std::optional<Waiter> popExpired(int64_t now);

  private:
    int64_t permits, maximumWait, inUse = 0;
    // Those who wait, and those who were refused and have not been told.
    Line line, refused;
    DeadlineHeap deadlines;

    struct {
        int64_t asked = 0, permitted = 0, finished = 0, rejected = 0, timedOut = 0, mostInUse = 0;
        int64_t waited = 0, longestWait = 0;
    } totals;

    std::optional<Waiter> handOver(int64_t now);
    void refuse(uint32_t slot);
    Waiter leave(uint32_t slot, int64_t now);
    void take(int64_t waited);
    void countTimeOut();
};
