#include "Quantile.h"

#include <algorithm>
#include <cmath>
#include <cstring>

void WindowedQuantile::record(int64_t length) {
    const int64_t sample = std::max<int64_t>(0, length);
    if (count == arrived.size()) {
        replace(arrived[next], sample);
    } else {
        insert(sample);
    }
    arrived[next] = sample;
    next = next + 1 == arrived.size() ? 0 : next + 1;
}

int64_t WindowedQuantile::quantile(double p) const {
    const auto rank = size_t(std::ceil(double(count) * p - 1e-9));
    return ascending[std::max<size_t>(1, std::min(rank, count)) - 1];
}

size_t WindowedQuantile::rank(int64_t sample) const {
    return std::lower_bound(ascending.begin(), ascending.begin() + count, sample) - ascending.begin();
}

void WindowedQuantile::insert(int64_t sample) {
    const size_t place = rank(sample);
    move(place, place + 1, count - place);
    ascending[place] = sample;
    count += 1;
}

// Moves only what lies between the two.
void WindowedQuantile::replace(int64_t old, int64_t sample) {
    const size_t from = rank(old), to = rank(sample);
    if (to > from) {
        move(from + 1, from, to - from - 1);
        ascending[to - 1] = sample;
    } else {
        move(to, to + 1, from - to);
        ascending[to] = sample;
    }
}

void WindowedQuantile::move(size_t source, size_t target, size_t length) {
    std::memmove(ascending.data() + target, ascending.data() + source, length * sizeof(int64_t));
}
