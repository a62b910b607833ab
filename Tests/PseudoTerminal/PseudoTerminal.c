#define _GNU_SOURCE
#include "PseudoTerminal.h"

#include <fcntl.h>
#include <pty.h>
#include <signal.h>
#include <sys/ioctl.h>
#include <unistd.h>

// In the child, between fork and exec: nothing but system calls.
static void become(const char *program, char *const environment[], int secondary, int reports) {
    char *const arguments[] = {(char *)program, NULL};
    setsid();
    ioctl(secondary, TIOCSCTTY, 0);
    for (int descriptor = 0; descriptor <= 2; descriptor++) dup2(secondary, descriptor);
    dup2(reports, 3);
    // Threads that run tests may have signals blocked, and that is inherited.
    sigset_t none;
    sigemptyset(&none);
    sigprocmask(SIG_SETMASK, &none, NULL);
    execve(program, arguments, environment);
    _exit(127);
}

_Bool pseudo_terminal_start(
    const char *program, char *const environment[], int width, int height, pseudo_terminal *started) {
    struct winsize size = {.ws_row = (unsigned short)height, .ws_col = (unsigned short)width};
    int ends[2];
    if (pipe2(ends, O_CLOEXEC) != 0) return 0;
    if (openpty(&started->primary, &started->secondary, NULL, NULL, &size) != 0) return 0;
    tcgetattr(started->secondary, &started->modes_before);
    // Programs of other tests must not keep this terminal open.
    fcntl(started->primary, F_SETFD, FD_CLOEXEC);
    fcntl(started->secondary, F_SETFD, FD_CLOEXEC);
    started->reports = ends[0];
    started->process = fork();
    if (started->process == 0) become(program, environment, started->secondary, ends[1]);
    close(ends[1]);
    return started->process > 0;
}

void pseudo_terminal_resize(int primary, int width, int height) {
    struct winsize size = {.ws_row = (unsigned short)height, .ws_col = (unsigned short)width};
    ioctl(primary, TIOCSWINSZ, &size);
}
