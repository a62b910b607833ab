#pragma once

#include <stdint.h>

/// Makes a file with the tables that `schema` says, and appends events to it through the plain C API: so many batches of
/// so many events, each batch in a transaction of its own, with the same work of SQLite's as the store does.
/// Returns 0, or SQLite's error code.
int reference_store_append(const char *path, const char *schema, int batches, int batch, int streams, int data_size);

/// Reads all events in order of their positions, each into a structure of its own with a copy of its data.
/// Returns how many there were, or minus SQLite's error code.
int64_t reference_store_replay(const char *path);
