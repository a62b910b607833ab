// Starts a program in a terminal that the caller plays: what Swift cannot do itself, as it may not fork.
#pragma once

#include <termios.h>

typedef struct {
    int process;
    int primary;   // the caller's end: what the program writes, and where to type
    int secondary; // the program's end
    int reports;   // what the program writes to its file descriptor 3
    struct termios modes_before; // how the terminal was before the program could change it
} pseudo_terminal;

// Starts the program as the leader of a session that has a new terminal; false if the system refuses.
_Bool pseudo_terminal_start(
    const char *program, char *const environment[], int width, int height, pseudo_terminal *started);

// Gives the terminal another size, of which the program is told.
void pseudo_terminal_resize(int primary, int width, int height);
