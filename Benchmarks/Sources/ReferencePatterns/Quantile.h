#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

/// The exact quantiles of the last samples, which stand in the order of their arrival and of their length.
class WindowedQuantile {
  public:
    explicit WindowedQuantile(size_t samples) : arrived(samples), ascending(samples) {}

    void record(int64_t length);
    // By nearest rank; there must be a sample.
    int64_t quantile(double p) const;

  private:
    std::vector<int64_t> arrived, ascending;
    size_t count = 0, next = 0;

    size_t rank(int64_t sample) const;
    void insert(int64_t sample);
    void replace(int64_t old, int64_t sample);
    void move(size_t source, size_t target, size_t length);
};
