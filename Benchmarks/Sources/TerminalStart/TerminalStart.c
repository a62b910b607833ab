#include "TerminalStart.h"

#include <pty.h>
#include <stdlib.h>
#include <unistd.h>

int terminal_start(const char *program, int width, int height, int *terminal) {
    struct winsize size = {.ws_col = (unsigned short)width, .ws_row = (unsigned short)height};
    int process = forkpty(terminal, NULL, NULL, &size);
    if (process != 0) return process;
    setenv("TERM", "xterm-256color", 1);
    setenv("LC_ALL", "C.UTF-8", 1);
    unsetenv("NO_COLOR");
    execl(program, program, (char *)NULL);
    _exit(127);
}
