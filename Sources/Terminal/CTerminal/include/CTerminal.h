// ncurses and signals behind plain C types. One terminal, one thread.
#pragma once

#include <stdbool.h>
#include <stdint.h>

typedef enum {
    CT_OPENED,
    CT_ALREADY_OPEN,
    CT_NOT_A_TERMINAL,
    CT_UNKNOWN_TERMINAL,
    CT_TOO_DUMB,
} ct_opening;

// Takes over the terminal of standard input and output, and the signals that could leave it in disorder.
ct_opening ct_open(void);

// Gives everything back; does nothing when nothing is open. Also runs by itself when the program exits.
void ct_close(void);

int ct_width(void);
int ct_height(void);

// How many colours may be used: 0 without colours or when NO_COLOR is set.
int ct_color_count(void);

// Whether the locale's encoding is UTF-8. Needs an open terminal.
bool ct_is_utf8(void);

enum {
    CT_BOLD = 1,
    CT_DIM = 2,
    CT_REVERSE = 4,
    CT_UNDERLINE = 8,
};

// The terminal's own foreground or background.
#define CT_DEFAULT_COLOR (-1)

// Puts cells of one style in place, one scalar each; a wide scalar is followed by 0 for its right half.
// Nothing shows before ct_flush.
void ct_put(int y, int x, const uint32_t *scalars, int count, int foreground, int background, unsigned attributes);

// Sends what has changed.
void ct_flush(void);

// Forgets what has been put, as after a change of size: every cell is blank, and the next flush repaints all.
void ct_erase(void);

// Sends everything again, should something else have written to the terminal.
void ct_redraw(void);

// Leaves the terminal to the shell and stops the process, or its whole job; returns when it goes on.
void ct_suspend(bool whole_job);

// After the process was stopped behind our back: takes the terminal over again.
void ct_resume(void);

typedef enum {
    CT_NOTHING,
    CT_SCALAR,       // code: what was typed
    CT_KEY,          // code: a ct_key
    CT_FUNCTION_KEY, // code: its number
    CT_PASTE_BEGINS,
    CT_PASTE_ENDS,
    CT_RESIZED,
    CT_STOP_ASKED,   // SIGTSTP: call ct_suspend
    CT_CONTINUED,    // SIGCONT: call ct_resume
    CT_END_ASKED,    // SIGTERM or SIGINT
    CT_HUNG_UP,      // SIGHUP, or the terminal is gone
} ct_event_kind;

typedef enum {
    CT_KEY_UP,
    CT_KEY_DOWN,
    CT_KEY_LEFT,
    CT_KEY_RIGHT,
    CT_KEY_HOME,
    CT_KEY_END,
    CT_KEY_PAGE_UP,
    CT_KEY_PAGE_DOWN,
    CT_KEY_BACK_TAB,
    CT_KEY_ENTER,
    CT_KEY_BACKSPACE,
    CT_KEY_DELETE,
    CT_KEY_INSERT,
    CT_KEY_OTHER,
} ct_key;

typedef struct {
    ct_event_kind kind;
    uint32_t code;
} ct_event;

// Waits for something to happen, at most so long (negative: for ever).
ct_event ct_next(int timeout_milliseconds);
