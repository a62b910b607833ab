// What this target's own files share: the signals that concern a terminal.
#pragma once

#include "CTerminal.h"

// Notes the terminal's modes, which are the ones to restore. Before anything changes them.
bool signals_save_modes(void);

// Catches the signals: from now on, whatever ends the process restores the terminal first. False if there is no pipe
// to be had.
bool signals_take_over(void);

// Lets a change of size wake signals_wake_descriptor's readers too. After ncurses has installed its own handler.
void signals_watch_size(void);

// Puts all handlers back as they were.
void signals_give_back(void);

// Whether the terminal is in our hands, so that dying means restoring it.
void signals_screen_is_ours(bool ours);

// Becomes readable when a signal has arrived.
int signals_wake_descriptor(void);

// Empties what made the descriptor readable.
void signals_drain(void);

// What the signals since the last call ask for, the most urgent first; CT_NOTHING if they ask for nothing.
ct_event_kind signals_take_request(void);

// Stops the process, or its whole job, as Ctrl-Z does; returns when it goes on.
void signals_stop(bool whole_job);
