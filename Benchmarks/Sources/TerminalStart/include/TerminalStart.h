#ifndef TERMINAL_START_H
#define TERMINAL_START_H

/// Starts a program in a terminal of its own, of xterm's kind; returns its process, or -1. Swift may not fork.
int terminal_start(const char *program, int width, int height, int *terminal);

#endif
