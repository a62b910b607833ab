#pragma once

#include <cstdint>
#include <optional>
#include <vector>

/// A circuit breaker over the last calls, with permits that have a generation.
class Breaker {
  public:
    /// The callee has not asked to be left alone.
    static constexpr int64_t none = -1;

    enum class State : uint8_t { closed, open, halfOpen, forcedOpen, disabled, metricsOnly };
    enum class Outcome : uint8_t { success, failure, ignored };
    enum class TripRule : uint8_t { rate, failures, consecutive, callers };
    enum class Judging : uint8_t { everyResult, failures };

    struct Settings {
        int64_t window, minimumCalls, probes;
        TripRule tripRule;
        // Of the rules that count failures.
        int64_t failures;
        double failureRate, slowRate;
        // Longer calls are slow.
        std::optional<int64_t> slowLimit;
        Judging judging;
        int64_t openTime, halfOpenLimit;
    };

    enum class Cause : uint8_t {
        failureRate, failures, consecutiveFailures, slowRate, retryAfter, openTimeOver, probesSucceeded, probesFailed,
        probesSlow, halfOpenLimit,
    };

    struct Reason {
        Cause cause;
        int64_t count, of;
        double threshold;
    };

    struct Transition {
        State from, to;
        Reason reason;
        int64_t at;
    };

    struct Admission {
        bool isPermitted;
        uint32_t generation;
        int64_t retryAfter;
        std::optional<Transition> transition;
    };

    explicit Breaker(const Settings &settings) : settings(settings), ring(settings.window) {}

    Admission admit(int64_t now);
    std::optional<Transition> record(
        Outcome outcome, int64_t took, uint32_t generation, int64_t now, int64_t retryAfter = none);

  private:
    struct Call {
        uint64_t failed : 1;
        uint64_t slow : 1;
        uint64_t nanoseconds : 62;
    };

    struct Tally {
        int64_t calls = 0, failed = 0, slow = 0, slowFailed = 0, nanoseconds = 0;

        void add(Call call) {
            calls += 1;
            failed += call.failed;
            slow += call.slow;
            slowFailed += call.slow & call.failed;
            nanoseconds += call.nanoseconds;
        }

        void remove(Call call) {
            calls -= 1;
            failed -= call.failed;
            slow -= call.slow;
            slowFailed -= call.slow & call.failed;
            nanoseconds -= call.nanoseconds;
        }

        double failureRate() const { return double(failed) / double(calls); }
        double slowRate() const { return double(slow) / double(calls); }
    };

    Settings settings;
    State state = State::closed;
    uint32_t generation = 0;
    int64_t since = 0, until = 0;

    // The last calls.
    std::vector<Call> ring;
    size_t next = 0;
    Tally window;

    int64_t probesInFlight = 0;
    Tally probes, atOpening;
    int64_t trips = 0;
    std::optional<Transition> lastTransition, lastTrip;

    // Since the start.
    struct {
        int64_t permitted = 0, rejected = 0, succeeded = 0, failed = 0, slow = 0, ignored = 0, stale = 0;
        int64_t transitions[6] = {0, 0, 0, 0, 0, 0};
    } totals;

    // Since the phase began.
    struct Counts {
        int64_t admitted = 0, rejected = 0, ignored = 0, inRowSucceeded = 0, inRowFailed = 0;
        Tally tally;
    } counts;

    uint32_t permit();
    Admission reject(int64_t retryAfter, std::optional<Transition> transition);
    Admission admitProbe(std::optional<Transition> transition, int64_t now);
    Admission admitAfterLimit(int64_t now);
    bool end(Outcome outcome, Call call, bool belongs);
    void recordInWindow(Call call);
    std::optional<Reason> tooManyFailures() const;
    std::optional<Reason> tooManySlowCalls() const;
    std::optional<Transition> recordProbe(
        Outcome outcome, Call call, uint32_t permitted, int64_t now, int64_t retryAfter);
    Transition open(Reason reason, int64_t openTime, int64_t at);
    Transition enter(State next, Reason reason, int64_t at);
};
