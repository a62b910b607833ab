#include "Breaker.h"

#include <algorithm>

Breaker::Admission Breaker::admit(int64_t now) {
    switch (state) {
    case State::closed:
    case State::metricsOnly:
    case State::disabled: return {true, permit(), 0, std::nullopt};
    case State::open:
        if (now < until) return reject(until - now, std::nullopt);
        return admitProbe(enter(State::halfOpen, {Cause::openTimeOver, 0, 0, 0}, now), now);
    case State::halfOpen:
        if (now >= until) return admitAfterLimit(now);
        return admitProbe(std::nullopt, now);
    case State::forcedOpen: return reject(0, std::nullopt);
    }
    __builtin_unreachable();
}

std::optional<Breaker::Transition> Breaker::record(
    Outcome outcome, int64_t took, uint32_t permitted, int64_t now, int64_t retryAfter) {
    const Call call{
        outcome == Outcome::failure, settings.slowLimit && took > *settings.slowLimit,
        uint64_t(std::max<int64_t>(0, took))};
    switch (state) {
    case State::closed:
    case State::metricsOnly: {
        if (!end(outcome, call, permitted == generation)) return std::nullopt;
        if (outcome != Outcome::ignored) recordInWindow(call);
        if (state == State::metricsOnly) return std::nullopt;
        if (retryAfter != none) return open({Cause::retryAfter, retryAfter, 0, 0}, retryAfter, now);
        if (outcome == Outcome::ignored) return std::nullopt;
        if (settings.judging == Judging::failures && outcome != Outcome::failure) return std::nullopt;
        if (const auto reason = tooManyFailures()) return open(*reason, settings.openTime, now);
        if (const auto reason = tooManySlowCalls()) return open(*reason, settings.openTime, now);
        return std::nullopt;
    }
    case State::halfOpen: return recordProbe(outcome, call, permitted, now, retryAfter);
    case State::disabled: end(outcome, call, permitted == generation); return std::nullopt;
    case State::open:
    case State::forcedOpen: totals.stale += 1; return std::nullopt;
    }
    __builtin_unreachable();
}

uint32_t Breaker::permit() {
    totals.permitted += 1;
    counts.admitted += 1;
    return generation;
}

Breaker::Admission Breaker::reject(int64_t retryAfter, std::optional<Transition> transition) {
    totals.rejected += 1;
    counts.rejected += 1;
    return {false, 0, retryAfter, transition};
}

Breaker::Admission Breaker::admitProbe(std::optional<Transition> transition, int64_t now) {
    if (probesInFlight + probes.calls >= settings.probes) return reject(until - now, transition);
    probesInFlight += 1;
    return {true, permit(), 0, transition};
}

Breaker::Admission Breaker::admitAfterLimit(int64_t now) {
    const Transition ended = open({Cause::halfOpenLimit, probes.calls, settings.probes, 0}, settings.openTime, until);
    if (now < until) return reject(until - now, ended);
    return admitProbe(enter(State::halfOpen, {Cause::openTimeOver, 0, 0, 0}, now), now);
}

bool Breaker::end(Outcome outcome, Call call, bool belongs) {
    if (!belongs || counts.admitted - counts.tally.calls - counts.ignored <= 0) {
        totals.stale += 1;
        return false;
    }
    switch (outcome) {
    case Outcome::success:
        counts.inRowSucceeded += 1;
        counts.inRowFailed = 0;
        counts.tally.add(call);
        totals.succeeded += 1;
        totals.slow += call.slow;
        break;
    case Outcome::failure:
        counts.inRowFailed += 1;
        counts.inRowSucceeded = 0;
        counts.tally.add(call);
        totals.failed += 1;
        totals.slow += call.slow;
        break;
    case Outcome::ignored:
        counts.ignored += 1;
        totals.ignored += 1;
        break;
    }
    return true;
}

void Breaker::recordInWindow(Call call) {
    if (window.calls == int64_t(ring.size())) window.remove(ring[next]);
    window.add(call);
    ring[next] = call;
    next = next + 1 == ring.size() ? 0 : next + 1;
}

std::optional<Breaker::Reason> Breaker::tooManyFailures() const {
    switch (settings.tripRule) {
    case TripRule::rate:
        if (window.calls < settings.minimumCalls || window.failureRate() < settings.failureRate) return std::nullopt;
        return Reason{Cause::failureRate, window.failed, window.calls, settings.failureRate};
    case TripRule::failures:
        if (window.failed < settings.failures) return std::nullopt;
        return Reason{Cause::failures, window.failed, window.calls, double(settings.failures)};
    case TripRule::consecutive:
        if (counts.inRowFailed < settings.failures) return std::nullopt;
        return Reason{Cause::consecutiveFailures, counts.inRowFailed, window.calls, double(settings.failures)};
    case TripRule::callers: return std::nullopt;
    }
    __builtin_unreachable();
}

std::optional<Breaker::Reason> Breaker::tooManySlowCalls() const {
    if (!settings.slowLimit || window.calls < settings.minimumCalls || window.slowRate() < settings.slowRate) {
        return std::nullopt;
    }
    return Reason{Cause::slowRate, window.slow, window.calls, settings.slowRate};
}

std::optional<Breaker::Transition> Breaker::recordProbe(
    Outcome outcome, Call call, uint32_t permitted, int64_t now, int64_t retryAfter) {
    if (permitted != generation) {
        totals.stale += 1;
        return std::nullopt;
    }
    if (!end(outcome, call, now < until && probesInFlight > 0)) {
        if (now < until) return std::nullopt;
        return open({Cause::halfOpenLimit, probes.calls, settings.probes, 0}, settings.openTime, until);
    }
    probesInFlight -= 1;
    if (outcome != Outcome::ignored) probes.add(call);
    if (retryAfter != none) return open({Cause::retryAfter, retryAfter, 0, 0}, retryAfter, now);
    if (outcome == Outcome::ignored || probes.calls < settings.probes) return std::nullopt;
    if (probes.failureRate() >= settings.failureRate) {
        return open({Cause::probesFailed, probes.failed, probes.calls, settings.failureRate}, settings.openTime, now);
    }
    if (settings.slowLimit && probes.slowRate() >= settings.slowRate) {
        return open({Cause::probesSlow, probes.slow, probes.calls, settings.slowRate}, settings.openTime, now);
    }
    return enter(State::closed, {Cause::probesSucceeded, probes.calls - probes.failed, probes.calls, 0}, now);
}

Breaker::Transition Breaker::open(Reason reason, int64_t openTime, int64_t at) {
    const Transition transition = enter(State::open, reason, at);
    until = at + openTime;
    trips += 1;
    lastTrip = transition;
    return transition;
}

Breaker::Transition Breaker::enter(State next, Reason reason, int64_t at) {
    const Transition transition{state, next, reason, at};
    if (next == State::open) {
        atOpening = state == State::halfOpen ? probes : window;
    } else {
        window = Tally();
        this->next = 0;
        until = at + settings.halfOpenLimit;
    }
    state = next;
    since = at;
    probes = Tally();
    probesInFlight = 0;
    counts = Counts();
    generation += 1;
    totals.transitions[int(next)] += 1;
    lastTransition = transition;
    return transition;
}
