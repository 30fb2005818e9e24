/// How many blocks this program has allocated so far, or -1 where they are not counted.
///
/// Exact while a single thread works: threads that collide lose a count.
long allocation_count(void);
