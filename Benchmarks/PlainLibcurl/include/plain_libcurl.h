// Requests by libcurl's multi interface in plain C: what libcurl itself costs, to compare a transport with.
//
// One thread, one multi handle, easy handles that are used again, with all constant options set once. For each request
// it sets the URL, the header list with an id of its own and the body, and it keeps status, header lines and body of
// the response: what any program has to do. Requests beyond what the connections take wait in a queue in front of libcurl,
// which is faster than leaving that to libcurl.

#ifndef PLAIN_LIBCURL_H
#define PLAIN_LIBCURL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

// The result of a run.
typedef struct {
  // Requests that were answered with status 200 and a body, and all others.
  uint64_t answered;
  uint64_t failed;
  // Nanoseconds that each took from the wish for it to its whole answer; valid until the next run.
  const uint32_t *latencies;
  size_t latency_count;
} plain_result;

typedef struct plain_client plain_client;

// A client that sends one request again and again: POST to this URL with this body. Everything is copied.
// `authority` is the path of a PEM file with the certificate authority to trust, or NULL for the system's. With `http2`,
// servers are offered HTTP/2 over TLS, and requests share connections. NULL if libcurl has no memory.
plain_client *plain_client_make(
    int connections, const char *url, const char *authority, bool http2, const void *body, size_t body_size);
void plain_client_free(plain_client *client);

// Adds a header line such as "Accept: application/json", eight at most.
void plain_client_add_header(plain_client *client, const char *line);

// Keeps `in_flight` requests on their way until `nanoseconds` have passed and `minimum` requests have been begun;
// 0 nanoseconds makes exactly `minimum`.
plain_result plain_client_run(plain_client *client, int in_flight, uint64_t nanoseconds, uint64_t minimum);

// Nanoseconds of the system's monotonic clock.
uint64_t plain_now(void);

// Nanoseconds of processor time that this process has used, and the most bytes of memory that it ever had.
uint64_t plain_processor_time(void);
uint64_t plain_peak_memory(void);

// The version of the libcurl that runs.
const char *plain_libcurl_version(void);

// Binds this process, its threads to come and its children to one core; false if the system cannot.
bool plain_pin_to_core(int core);

#endif
