// The screen and the keyboard, by way of ncurses.

#define _XOPEN_SOURCE 700
#define _DEFAULT_SOURCE
#define NCURSES_WIDECHAR 1

#include "CTerminal.h"
#include "signals.h"

#include <curses.h>
#include <langinfo.h>
#include <locale.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <term.h>
#include <unistd.h>
#include <wchar.h>

// How long to wait after Esc for the rest of a key's sequence, and after the first byte of a character for the others.
enum { SEQUENCE_MILLISECONDS = 25 };

enum { PASTE_BEGINS = KEY_MAX + 1, PASTE_ENDS };

static SCREEN *screen;
// Whether the terminal is of the xterm family, which ignores the private modes that it does not know.
static bool knows_private_modes;
static int color_count;
static int default_foreground, default_background;
// Whether ncurses may hold input that it has read already, so that polling would not tell.
static bool may_hold_input;

// MARK: - Opening and closing

// Past stdio, in step with ncurses, which does the same.
static void send(const char *sequence) {
    if (!knows_private_modes) return;
    ssize_t ignored = write(STDOUT_FILENO, sequence, strlen(sequence));
    (void)ignored;
}

static void prepare_colors(void) {
    const char *no_color = getenv("NO_COLOR");
    color_count = 0;
    if ((no_color && *no_color) || !has_colors() || start_color() == ERR) return;
    color_count = COLORS;
    bool has_defaults = use_default_colors() == OK;
    default_foreground = has_defaults ? -1 : COLOR_WHITE;
    default_background = has_defaults ? -1 : COLOR_BLACK;
}

static void prepare_keyboard(void) {
    raw();
    noecho();
    nonl();
    intrflush(stdscr, FALSE);
    keypad(stdscr, TRUE);
    typeahead(-1);
    if (!getenv("ESCDELAY")) set_escdelay(SEQUENCE_MILLISECONDS);
    // A mouse report, which nobody asked for, is left to those who swallow unknown sequences.
    keyok(KEY_MOUSE, FALSE);
    define_key("\033[200~", PASTE_BEGINS);
    define_key("\033[201~", PASTE_ENDS);
}

static ct_opening check_terminal(void) {
    if (!isatty(STDIN_FILENO) || !isatty(STDOUT_FILENO)) return CT_NOT_A_TERMINAL;
    int found;
    if (setupterm(NULL, STDOUT_FILENO, &found) == ERR) return CT_UNKNOWN_TERMINAL;
    if (!cursor_address || !clear_screen) return CT_TOO_DUMB;
    return CT_OPENED;
}

ct_opening ct_open(void) {
    static bool closes_at_exit;
    if (screen) return CT_ALREADY_OPEN;
    // Over ssh the environment may name a locale that this machine lacks.
    if (!setlocale(LC_CTYPE, "")) setlocale(LC_CTYPE, "C.UTF-8");
    // They would freeze the size.
    unsetenv("LINES");
    unsetenv("COLUMNS");
    ct_opening opening = check_terminal();
    if (opening != CT_OPENED) return opening;
    if (!signals_save_modes() || !signals_take_over()) return CT_NOT_A_TERMINAL;
    knows_private_modes = enter_ca_mode != NULL;
    signals_screen_is_ours(true);
    screen = newterm(NULL, stdout, stdin);
    if (!screen) {
        signals_screen_is_ours(false);
        signals_give_back();
        return CT_UNKNOWN_TERMINAL;
    }
    // Until its first resumption this ncurses (6.4) sends a frame in as many writes as it has cursor moves; from then
    // on, in one. It resumes with the refresh below.
    endwin();
    signals_watch_size();
    if (!closes_at_exit) closes_at_exit = atexit(ct_close) == 0;
    may_hold_input = false;
    prepare_colors();
    prepare_keyboard();
    // A cursor that cannot be hidden is at least kept still.
    leaveok(stdscr, curs_set(0) != ERR);
    refresh();
    send("\033[?2004h");
    return CT_OPENED;
}

void ct_close(void) {
    if (!screen) return;
    if (!enter_ca_mode) {
        // No other screen to go back to: the shell gets an empty one.
        werase(stdscr);
        ct_flush();
    }
    send("\033[?2004l");
    endwin();
    signals_screen_is_ours(false);
    signals_give_back();
    delscreen(screen);
    screen = NULL;
}

int ct_width(void) {
    return screen ? getmaxx(stdscr) : 0;
}

int ct_height(void) {
    return screen ? getmaxy(stdscr) : 0;
}

int ct_color_count(void) {
    return color_count;
}

bool ct_is_utf8(void) {
    return strcmp(nl_langinfo(CODESET), "UTF-8") == 0;
}

// MARK: - Painting

// Pairs are ours to number. There are 63 on a terminal of eight colours; who comes too late gets the plain one.
static int pair_of(int foreground, int background) {
    enum { MOST = 255 };
    static struct { int foreground, background; } pairs[MOST];
    static int count;
    static SCREEN *owner;
    if (owner != screen) {
        owner = screen;
        count = 0;
    }
    if (color_count == 0 || (foreground == CT_DEFAULT_COLOR && background == CT_DEFAULT_COLOR)) return 0;
    for (int i = 0; i < count; i++) {
        if (pairs[i].foreground == foreground && pairs[i].background == background) return i + 1;
    }
    if (count == MOST || count + 1 >= COLOR_PAIRS) return 0;
    int first = foreground == CT_DEFAULT_COLOR ? default_foreground : foreground;
    int second = background == CT_DEFAULT_COLOR ? default_background : background;
    if (init_extended_pair(count + 1, first, second) == ERR) return 0;
    pairs[count].foreground = foreground;
    pairs[count].background = background;
    return ++count;
}

static attr_t curses_attributes(unsigned attributes) {
    return (attributes & CT_BOLD ? WA_BOLD : 0) | (attributes & CT_DIM ? WA_DIM : 0)
        | (attributes & CT_REVERSE ? WA_REVERSE : 0) | (attributes & CT_UNDERLINE ? WA_UNDERLINE : 0);
}

void ct_put(int y, int x, const uint32_t *scalars, int count, int foreground, int background, unsigned attributes) {
    enum { MOST = 256 };
    static cchar_t cells[MOST];
    int pair = pair_of(foreground, background);
    attr_t attrs = curses_attributes(attributes);
    int filled = 0, start = x;
    for (int i = 0; i < count; i++) {
        bool is_wide = i + 1 < count && scalars[i + 1] == 0;
        // What the C library gives another width would shift the rest of the line, wherever the terminal stands.
        bool is_known = wcwidth((wchar_t)scalars[i]) == (is_wide ? 2 : 1);
        wchar_t text[2] = {is_known ? (wchar_t)scalars[i] : scalars[i] == 0 ? L' ' : L'?', L'\0'};
        setcchar(&cells[filled++], text, attrs, 0, &pair);
        if (is_known && is_wide) i++;
        if (filled == MOST || i + 1 == count) {
            mvwadd_wchnstr(stdscr, y, start, cells, filled);
            start = x + i + 1;
            filled = 0;
        }
    }
}

// The terminal shows what stands between the brackets at one go.
static void update(void) {
    send("\033[?2026h");
    doupdate();
    send("\033[?2026l");
}

void ct_flush(void) {
    if (!is_leaveok(stdscr)) wmove(stdscr, 0, 0);
    wnoutrefresh(stdscr);
    update();
}

void ct_erase(void) {
    werase(stdscr);
    clearok(curscr, TRUE);
}

void ct_redraw(void) {
    clearok(curscr, TRUE);
    update();
}

// MARK: - Stopping and going on

// While we were stopped the window may have changed, and only the job in front is told.
static void adopt_size(void) {
    struct winsize size;
    if (ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) != 0 || size.ws_row == 0 || size.ws_col == 0) return;
    if (is_term_resized(size.ws_row, size.ws_col)) {
        resizeterm(size.ws_row, size.ws_col);
        may_hold_input = true;
    }
}

static void leave(void) {
    send("\033[?2004l");
    endwin();
    signals_screen_is_ours(false);
}

static void enter_again(void) {
    signals_screen_is_ours(true);
    reset_prog_mode();
    adopt_size();
    ct_redraw();
    // ncurses itself would wait with this until it reads.
    keypad(stdscr, TRUE);
    send("\033[?2004h");
}

void ct_suspend(bool whole_job) {
    leave();
    signals_stop(whole_job);
    enter_again();
}

void ct_resume(void) {
    leave();
    enter_again();
}

// MARK: - Input

static ct_event key_event(wint_t code) {
    if (code > KEY_F0 && code <= KEY_F0 + 63) return (ct_event){CT_FUNCTION_KEY, code - KEY_F0};
    switch (code) {
    case PASTE_BEGINS: return (ct_event){CT_PASTE_BEGINS, 0};
    case PASTE_ENDS: return (ct_event){CT_PASTE_ENDS, 0};
    case KEY_RESIZE: return (ct_event){CT_RESIZED, 0};
    case KEY_UP: return (ct_event){CT_KEY, CT_KEY_UP};
    case KEY_DOWN: return (ct_event){CT_KEY, CT_KEY_DOWN};
    case KEY_LEFT: return (ct_event){CT_KEY, CT_KEY_LEFT};
    case KEY_RIGHT: return (ct_event){CT_KEY, CT_KEY_RIGHT};
    case KEY_HOME: return (ct_event){CT_KEY, CT_KEY_HOME};
    case KEY_END: return (ct_event){CT_KEY, CT_KEY_END};
    case KEY_PPAGE: return (ct_event){CT_KEY, CT_KEY_PAGE_UP};
    case KEY_NPAGE: return (ct_event){CT_KEY, CT_KEY_PAGE_DOWN};
    case KEY_BTAB: return (ct_event){CT_KEY, CT_KEY_BACK_TAB};
    case KEY_ENTER: return (ct_event){CT_KEY, CT_KEY_ENTER};
    case KEY_BACKSPACE: return (ct_event){CT_KEY, CT_KEY_BACKSPACE};
    case KEY_DC: return (ct_event){CT_KEY, CT_KEY_DELETE};
    case KEY_IC: return (ct_event){CT_KEY, CT_KEY_INSERT};
    default: return (ct_event){CT_KEY, CT_KEY_OTHER};
    }
}

// Readable with nothing to read is the end of a terminal.
static bool is_gone(short reported) {
    if (reported & (POLLERR | POLLHUP | POLLNVAL)) return true;
    int waiting = 0;
    return (reported & POLLIN) && (ioctl(STDIN_FILENO, FIONREAD, &waiting) != 0 || waiting == 0);
}

static ct_event read_key(bool is_readable) {
    wint_t code = 0;
    wtimeout(stdscr, is_readable ? SEQUENCE_MILLISECONDS : 0);
    int kind = wget_wch(stdscr, &code);
    may_hold_input = kind != ERR;
    if (kind == ERR) return (ct_event){CT_NOTHING, 0};
    return kind == KEY_CODE_YES ? key_event(code) : (ct_event){CT_SCALAR, code};
}

ct_event ct_next(int timeout_milliseconds) {
    for (;;) {
        ct_event_kind request = signals_take_request();
        if (request != CT_NOTHING) return (ct_event){request, 0};

        bool is_last_look = !may_hold_input;
        struct pollfd watched[2] = {
            {.fd = STDIN_FILENO, .events = POLLIN}, {.fd = signals_wake_descriptor(), .events = POLLIN},
        };
        bool is_any_ready = poll(watched, 2, may_hold_input ? 0 : timeout_milliseconds) > 0;
        short reported = is_any_ready ? watched[0].revents : 0;
        signals_drain();
        request = signals_take_request();
        if (request != CT_NOTHING) return (ct_event){request, 0};
        if (is_gone(reported)) return (ct_event){CT_HUNG_UP, 0};

        ct_event event = read_key(reported & POLLIN);
        if (event.kind != CT_NOTHING || is_last_look) return event;
    }
}
