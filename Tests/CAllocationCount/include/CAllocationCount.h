#ifndef CORDSCOPE_ALLOCATION_COUNT_H
#define CORDSCOPE_ALLOCATION_COUNT_H

/// Heap blocks taken by this thread so far, and their bytes; -1 where they are not counted.
long cordscope_allocation_count(void);
long cordscope_allocation_bytes(void);

#endif
