#include "ReferenceStore.h"

#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const char *settings =
    "PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL; PRAGMA cache_size = -16384;"
    "PRAGMA wal_autocheckpoint = 4000;";

typedef struct {
    int64_t position, stream, version, type, schema, recorded_at;
    uint64_t id[2], correlation[2], causation[2];
    uint8_t *data, *metadata;
    int data_size, metadata_size;
} event;

static sqlite3_stmt *prepare(sqlite3 *database, const char *sql) {
    sqlite3_stmt *statement = NULL;
    if (sqlite3_prepare_v3(database, sql, -1, SQLITE_PREPARE_PERSISTENT, &statement, NULL) != SQLITE_OK) {
        fprintf(stderr, "reference store: %s\n", sqlite3_errmsg(database));
        exit(1);
    }
    return statement;
}

static int run(sqlite3_stmt *statement) {
    int code = sqlite3_step(statement);
    sqlite3_reset(statement);
    return code;
}

static sqlite3 *open_file(const char *path) {
    sqlite3 *database = NULL;
    if (sqlite3_open(path, &database) != SQLITE_OK || sqlite3_exec(database, settings, NULL, NULL, NULL) != SQLITE_OK) {
        fprintf(stderr, "reference store: %s\n", sqlite3_errmsg(database));
        exit(1);
    }
    return database;
}

static uint64_t mix(uint64_t value) {
    value = (value ^ (value >> 30)) * 0xbf58476d1ce4e5b9;
    value = (value ^ (value >> 27)) * 0x94d049bb133111eb;
    return value ^ (value >> 31);
}

int reference_store_append(const char *path, const char *schema, int batches, int batch, int streams, int data_size) {
    sqlite3 *database = open_file(path);
    if (sqlite3_exec(database, schema, NULL, NULL, NULL) != SQLITE_OK) return sqlite3_errcode(database);
    sqlite3_exec(database, "INSERT INTO category VALUES (1, 'order'); INSERT INTO type VALUES (1, 'OrderCreated')",
                 NULL, NULL, NULL);
    sqlite3_stmt *stream = prepare(database, "INSERT INTO stream (number, name, category) VALUES (?1, ?2, 1)");
    sqlite3_exec(database, "BEGIN", NULL, NULL, NULL);
    for (int number = 1; number <= streams; number++) {
        char name[32];
        int length = snprintf(name, sizeof name, "order-%d", number);
        sqlite3_bind_int64(stream, 1, number);
        sqlite3_bind_text(stream, 2, name, length, SQLITE_STATIC);
        run(stream);
    }
    sqlite3_exec(database, "COMMIT", NULL, NULL, NULL);
    sqlite3_finalize(stream);

    sqlite3_stmt *begin = prepare(database, "BEGIN IMMEDIATE"), *commit = prepare(database, "COMMIT");
    sqlite3_stmt *head = prepare(database, "SELECT max(version) FROM event WHERE stream = ?1");
    sqlite3_stmt *insert =
        prepare(database, "INSERT INTO event VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13)");
    sqlite3_stmt *block = prepare(database, "INSERT OR IGNORE INTO category_block VALUES (1, ?1)");
    uint8_t *data = malloc((size_t)data_size);
    memset(data, 'a', (size_t)data_size);
    int64_t position = 0, noted = -1;
    int code = SQLITE_DONE;
    for (int each = 0; each < batches && code == SQLITE_DONE; each++) {
        int64_t number = 1 + each % streams;
        run(begin);
        sqlite3_bind_int64(head, 1, number);
        int64_t version = -1;
        if (sqlite3_step(head) == SQLITE_ROW && sqlite3_column_type(head, 0) != SQLITE_NULL)
            version = sqlite3_column_int64(head, 0);
        sqlite3_reset(head);
        for (int place = 0; place < batch && code == SQLITE_DONE; place++) {
            position++;
            uint64_t ids[4] = {mix((uint64_t)position), mix((uint64_t)position + 1), (uint64_t)each, (uint64_t)each};
            sqlite3_bind_int64(insert, 1, position);
            sqlite3_bind_int64(insert, 2, 1);
            sqlite3_bind_int64(insert, 3, number);
            sqlite3_bind_int64(insert, 4, ++version);
            sqlite3_bind_blob(insert, 5, ids, 16, SQLITE_STATIC);
            sqlite3_bind_int64(insert, 6, 1);
            sqlite3_bind_int64(insert, 7, 1);
            sqlite3_bind_int64(insert, 8, place == 0);
            sqlite3_bind_blob(insert, 9, ids + 2, 16, SQLITE_STATIC);
            sqlite3_bind_blob(insert, 10, ids + 2, 16, SQLITE_STATIC);
            sqlite3_bind_int64(insert, 11, position * 1000);
            sqlite3_bind_blob(insert, 12, data, data_size, SQLITE_STATIC);
            sqlite3_bind_zeroblob(insert, 13, 0);
            code = run(insert);
            if (noted != position / 256) {
                noted = position / 256;
                sqlite3_bind_int64(block, 1, noted);
                run(block);
            }
        }
        run(commit);
    }
    free(data);
    sqlite3_stmt *all[] = {begin, commit, head, insert, block};
    for (int each = 0; each < 5; each++) sqlite3_finalize(all[each]);
    sqlite3_close(database);
    return code == SQLITE_DONE ? 0 : code;
}

static void copy_id(sqlite3_stmt *row, int column, uint64_t *id) {
    const void *bytes = sqlite3_column_blob(row, column);
    if (bytes && sqlite3_column_bytes(row, column) == 16) memcpy(id, bytes, 16);
}

static uint8_t *copy_bytes(sqlite3_stmt *row, int column, int *size) {
    *size = sqlite3_column_bytes(row, column);
    if (*size == 0) return NULL;
    uint8_t *copy = malloc((size_t)*size);
    memcpy(copy, sqlite3_column_blob(row, column), (size_t)*size);
    return copy;
}

int64_t reference_store_replay(const char *path) {
    sqlite3 *database = open_file(path);
    sqlite3_stmt *read = prepare(
        database, "SELECT position, stream, version, id, type, schema, correlation, causation, recorded_at, data, "
                  "metadata FROM event WHERE position > ?1 ORDER BY position LIMIT 4096");
    event *page = calloc(4096, sizeof(event));
    int64_t total = 0, last = 0;
    int code = SQLITE_DONE, count = 0;
    do {
        count = 0;
        sqlite3_bind_int64(read, 1, last);
        while ((code = sqlite3_step(read)) == SQLITE_ROW) {
            event *each = &page[count++];
            each->position = sqlite3_column_int64(read, 0);
            each->stream = sqlite3_column_int64(read, 1);
            each->version = sqlite3_column_int64(read, 2);
            copy_id(read, 3, each->id);
            each->type = sqlite3_column_int64(read, 4);
            each->schema = sqlite3_column_int64(read, 5);
            copy_id(read, 6, each->correlation);
            copy_id(read, 7, each->causation);
            each->recorded_at = sqlite3_column_int64(read, 8);
            each->data = copy_bytes(read, 9, &each->data_size);
            each->metadata = copy_bytes(read, 10, &each->metadata_size);
            last = each->position;
        }
        sqlite3_reset(read);
        for (int each = 0; each < count; each++) {
            free(page[each].data);
            free(page[each].metadata);
        }
        total += count;
    } while (count > 0 && code == SQLITE_DONE);
    free(page);
    sqlite3_finalize(read);
    sqlite3_close(database);
    return code == SQLITE_DONE ? total : -code;
}
