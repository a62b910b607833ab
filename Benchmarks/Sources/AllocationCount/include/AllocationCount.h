#ifndef ALLOCATION_COUNT_H
#define ALLOCATION_COUNT_H

#include <stdint.h>

/// How often this thread has asked for memory; a program that has this module counts it.
uint64_t allocation_count(void);

/// How many bytes of memory all threads have been given and have not given back.
uint64_t allocated_bytes(void);

#endif
