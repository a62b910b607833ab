// Whatever ends the process, the terminal is restored first.
//
// A fault (a Swift trap, a bad address) restores the screen, puts the handler back that was there before, and returns:
// the instruction faults again, and Swift's backtrace prints on a sane screen.
// A request to end is noted and wakes ct_next, so that the program can save what matters; if it does not listen, or
// somebody asks again, the process restores the screen and dies of the signal.

#include "signals.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stddef.h>
#include <termios.h>
#include <time.h>
#include <unistd.h>

// Mouse, focus, paste and synchronised output off; cursor keys and keypad normal; cursor shown; no attributes; main
// screen.
static const char restoring[] =
    "\033[?1000l\033[?1002l\033[?1006l\033[?1004l\033[?2004l\033[?2026l\033[?1l\033>\033[?25h\033[0m\033[?1049l";

// A program that has not even noticed a request after this long never will.
enum { PATIENCE_SECONDS = 3 };

// A terminal that closes has kernel and shell both send SIGHUP; a request so soon after another is the same one.
enum { SAME_REQUEST_MILLISECONDS = 200 };

static const int deadly[] = {
    SIGILL, SIGTRAP, SIGSEGV, SIGBUS, SIGFPE, SIGABRT, SIGSYS, SIGQUIT, SIGPIPE, SIGUSR1, SIGUSR2, SIGXCPU, SIGXFSZ,
};
static const int requests[] = {SIGTERM, SIGINT, SIGHUP};

enum { SIGNALS = 65 };
static struct sigaction before[SIGNALS];
static bool is_caught[SIGNALS];

static struct termios modes;
static volatile sig_atomic_t screen_is_ours;

static int wake_pipe[2] = {-1, -1};
static volatile sig_atomic_t ending_signal; // the first request to end, 0 for none
static volatile sig_atomic_t end_is_told;
static volatile sig_atomic_t stop_is_asked;
static volatile sig_atomic_t has_continued;
static struct timespec ending_since;

static char alternate_stack[65536];

// MARK: - Safe inside a handler

static void restore_screen(void) {
    if (!screen_is_ours) return;
    screen_is_ours = 0;
    ssize_t ignored = write(STDOUT_FILENO, restoring, sizeof restoring - 1);
    (void)ignored;
    tcsetattr(STDIN_FILENO, TCSANOW, &modes);
}

static void die_of(int number) {
    struct sigaction standard = {.sa_handler = SIG_DFL};
    sigaction(number, &standard, NULL);
    sigset_t only;
    sigemptyset(&only);
    sigaddset(&only, number);
    raise(number);
    pthread_sigmask(SIG_UNBLOCK, &only, NULL);
}

static void wake(void) {
    ssize_t ignored = write(wake_pipe[1], "", 1);
    (void)ignored;
}

static long milliseconds_since(const struct timespec *then) {
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (now.tv_sec - then->tv_sec) * 1000 + (now.tv_nsec - then->tv_nsec) / 1000000;
}

// MARK: - Handlers

static void on_deadly(int number, siginfo_t *info, void *context) {
    (void)context;
    int error = errno;
    restore_screen();
    sigaction(number, &before[number], NULL);
    bool is_own_fault = info->si_code > 0 && number != SIGQUIT;
    if (!is_own_fault) die_of(number);
    errno = error;
}

static void on_request(int number) {
    int error = errno;
    if (ending_signal == 0) {
        ending_signal = number;
        clock_gettime(CLOCK_MONOTONIC, &ending_since);
        alarm(PATIENCE_SECONDS);
        wake();
    } else if (milliseconds_since(&ending_since) > SAME_REQUEST_MILLISECONDS) {
        restore_screen();
        die_of(number);
    }
    errno = error;
}

static void on_patience_ended(int number) {
    (void)number;
    if (ending_signal == 0 || end_is_told) return;
    restore_screen();
    die_of(ending_signal);
}

static void on_stop(int number) {
    (void)number;
    int error = errno;
    stop_is_asked = 1;
    wake();
    errno = error;
}

static void on_continue(int number) {
    (void)number;
    int error = errno;
    has_continued = 1;
    wake();
    errno = error;
}

static void on_size(int number) {
    int error = errno;
    before[SIGWINCH].sa_handler(number);
    wake();
    errno = error;
}

// MARK: - Taking over and giving back

// A signal that is ignored (by nohup, or in a shell without job control) stays ignored.
static void catch(int number, struct sigaction action) {
    sigfillset(&action.sa_mask);
    sigaction(number, NULL, &before[number]);
    if (before[number].sa_handler == SIG_IGN) return;
    is_caught[number] = sigaction(number, &action, NULL) == 0;
}

static void give_back(int number) {
    if (is_caught[number]) sigaction(number, &before[number], NULL);
    is_caught[number] = false;
}

// A stack that overflows cannot run its own handler.
static void provide_alternate_stack(void) {
    stack_t present;
    if (sigaltstack(NULL, &present) != 0 || !(present.ss_flags & SS_DISABLE)) return;
    stack_t own = {.ss_sp = alternate_stack, .ss_size = sizeof alternate_stack};
    sigaltstack(&own, NULL);
}

static bool open_pipe(void) {
    if (pipe(wake_pipe) != 0) return false;
    for (int end = 0; end < 2; end++) {
        fcntl(wake_pipe[end], F_SETFL, O_NONBLOCK);
        fcntl(wake_pipe[end], F_SETFD, FD_CLOEXEC);
    }
    return true;
}

bool signals_save_modes(void) {
    return tcgetattr(STDIN_FILENO, &modes) == 0;
}

bool signals_take_over(void) {
    if (!open_pipe()) return false;
    ending_signal = end_is_told = stop_is_asked = has_continued = 0;
    provide_alternate_stack();
    for (size_t i = 0; i < sizeof deadly / sizeof *deadly; i++) {
        catch(deadly[i], (struct sigaction){.sa_sigaction = on_deadly, .sa_flags = SA_SIGINFO | SA_ONSTACK});
    }
    for (size_t i = 0; i < sizeof requests / sizeof *requests; i++) {
        catch(requests[i], (struct sigaction){.sa_handler = on_request, .sa_flags = SA_RESTART});
    }
    catch(SIGALRM, (struct sigaction){.sa_handler = on_patience_ended, .sa_flags = SA_RESTART});
    catch(SIGTSTP, (struct sigaction){.sa_handler = on_stop, .sa_flags = SA_RESTART});
    catch(SIGCONT, (struct sigaction){.sa_handler = on_continue, .sa_flags = SA_RESTART});
    return true;
}

void signals_watch_size(void) {
    struct sigaction ncurses;
    sigaction(SIGWINCH, NULL, &ncurses);
    if (ncurses.sa_handler == SIG_DFL) return;
    catch(SIGWINCH, (struct sigaction){.sa_handler = on_size, .sa_flags = SA_RESTART});
}

void signals_give_back(void) {
    for (int number = 1; number < SIGNALS; number++) give_back(number);
    alarm(0);
    for (int end = 0; end < 2; end++) {
        close(wake_pipe[end]);
        wake_pipe[end] = -1;
    }
}

void signals_screen_is_ours(bool ours) {
    screen_is_ours = ours;
}

// MARK: - What the rest of the program sees

int signals_wake_descriptor(void) {
    return wake_pipe[0];
}

void signals_drain(void) {
    char bytes[64];
    while (read(wake_pipe[0], bytes, sizeof bytes) > 0) {}
}

ct_event_kind signals_take_request(void) {
    if (ending_signal != 0 && !end_is_told) {
        end_is_told = 1;
        alarm(0);
        return ending_signal == SIGHUP ? CT_HUNG_UP : CT_END_ASKED;
    }
    if (stop_is_asked) {
        stop_is_asked = 0;
        return CT_STOP_ASKED;
    }
    if (has_continued) {
        has_continued = 0;
        return CT_CONTINUED;
    }
    return CT_NOTHING;
}

void signals_stop(bool whole_job) {
    struct sigaction own;
    struct sigaction standard = {.sa_handler = SIG_DFL};
    sigaction(SIGTSTP, NULL, &own);
    if (own.sa_handler == SIG_IGN) return;
    sigaction(SIGTSTP, &standard, NULL);
    kill(whole_job ? 0 : getpid(), SIGTSTP);
    sigaction(SIGTSTP, &own, NULL);
    has_continued = 0;
}
